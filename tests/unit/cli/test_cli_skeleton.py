"""The frame around the commands: listing, exit codes, errors for people and for scripts."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import saferedact
from saferedact import cli as package
from saferedact.cli import _common, cli
from saferedact.errors import DetectorError, FindingsError, InputError, SaferedactError

HEAVY = {"numpy", "cv2", "pydantic", "PIL", "onnxruntime", "rich", "platformdirs"}


def run_python(*arguments: str, **options) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(Path(saferedact.__file__).parents[1])}
    environment.pop("SAFEREDACT_DEBUG", None)
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment | options.pop("env", {}),
        **options,
    )


@pytest.fixture
def probe(monkeypatch):
    """Put a command named ``probe`` in the table and return what runs it."""

    def run(body, *arguments, environment=None):
        @click.command()
        @_common.json_option
        def command(**_):
            body()

        monkeypatch.setitem(sys.modules, "saferedact_test_probe", sys.modules[__name__])
        monkeypatch.setattr(sys.modules[__name__], "command", command, raising=False)
        monkeypatch.setitem(package._COMMANDS, "probe", ("saferedact_test_probe:command", ""))
        return CliRunner().invoke(cli, ["probe", *arguments], env=environment)

    return run


def raising(error: BaseException):
    def body():
        raise error

    return body


# --- listing ----------------------------------------------------------------------------------


def test_help_imports_no_command_and_nothing_heavy():
    code = (
        "import sys\n"
        "from saferedact.cli import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "print('loaded', *(name for name in sys.modules))"
    )
    finished = run_python("-c", code)
    assert finished.returncode == 0, finished.stderr
    loaded = set(finished.stdout.rpartition("loaded")[2].split())
    assert not loaded & HEAVY
    commands = {name for name in loaded if name.startswith("saferedact.cli.")}
    assert commands == {"saferedact.cli._common"}


@pytest.mark.parametrize("name", list(package._COMMANDS))
def test_listed_help_is_the_commands_own(name):
    where, text = package._COMMANDS[name]
    module, _, attribute = where.partition(":")
    command = getattr(import_module(module), attribute)
    assert command.name == name
    assert command.help.strip().splitlines()[0] == text


def test_help_lists_every_command():
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.output.partition("Commands:")[2].splitlines()[1:]]
    assert listed == list(package._COMMANDS)


def test_completion_imports_only_what_fits():
    completion = BashComplete(cli, {}, "saferedact", "_SAFEREDACT_COMPLETE")
    assert [item.value for item in completion.get_completions([], "mod")] == ["models"]


def test_version():
    result = CliRunner().invoke(cli, ["--version"])
    assert result.output == f"saferedact, version {saferedact.__version__}\n"


def test_python_m():
    finished = run_python("-m", "saferedact", "--version")
    assert (finished.returncode, finished.stdout) == (
        0,
        f"saferedact, version {saferedact.__version__}\n",
    )


# --- errors -----------------------------------------------------------------------------------


def test_unknown_command_is_wrong_usage():
    result = CliRunner().invoke(cli, ["bogus"])
    assert result.exit_code == 2
    assert "No such command 'bogus'" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        (FindingsError("found"), 1, "findings"),
        (InputError("wrong"), 2, "input"),
        (DetectorError("blind"), 4, "detector"),
        (SaferedactError("other"), 70, "error"),
        (click.ClickException("no such thing"), 2, "input"),
    ],
)
def test_our_errors_become_messages_and_exit_codes(probe, error, exit_code, code):
    text = error.message
    result = probe(raising(error))
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert result.stderr == f"error: {text}\n"
    result = probe(raising(error), "--json")
    assert result.exit_code == exit_code
    assert result.stderr == f"error: {text}\n"
    assert json.loads(result.stdout) == {
        "error": {"code": code, "message": text, "exit_code": exit_code}
    }


def test_json_result_is_not_followed_by_an_error(probe):
    def body():
        _common.emit_json({"findings": 3})
        raise FindingsError("found")

    result = probe(body, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"findings": 3}
    assert result.stderr == "error: found\n"


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.Abort()])
def test_stopped(probe, stop):
    result = probe(raising(stop), "--json")
    assert (result.exit_code, result.stderr) == (130, "stopped\n")
    assert json.loads(result.stdout)["error"]["code"] == "stopped"


def test_bug_names_the_type_alone(probe):
    result = probe(raising(ZeroDivisionError("Ada Lovelace, /home/ada")))
    assert result.exit_code == 70
    assert result.stdout == ""
    assert "a bug in saferedact (ZeroDivisionError); please report it" in result.stderr
    assert "Ada" not in result.stderr
    assert "Traceback" not in result.stderr


def test_bug_with_debugging_shows_the_traceback(probe):
    result = probe(raising(ZeroDivisionError("detail")), environment={"SAFEREDACT_DEBUG": "1"})
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert "ZeroDivisionError: detail" in result.stderr


def test_usage_errors_and_exits_are_clicks_own(probe):
    result = probe(raising(click.UsageError("not like that")))
    assert result.exit_code == 2
    assert "Error: not like that" in result.stderr
    assert probe(raising(click.exceptions.Exit(3))).exit_code == 3


CLOSED_PIPE = """
import os, sys
reader, writer = os.pipe()
os.close(reader)
os.dup2(writer, 1)
sys.argv = ["saferedact", "models", "licences"]
from saferedact.cli import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no broken pipes")
def test_closed_pipe_is_quiet():
    finished = run_python("-c", CLOSED_PIPE)
    assert (finished.returncode, finished.stderr) == (141, "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no broken pipes")
def test_closed_pipe_has_an_exit_code_of_its_own(monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        with pytest.raises(SystemExit) as ended:
            cli.main(["models", "licences"])
        stdout.write("what is still to come goes nowhere")
        stdout.flush()
    assert ended.value.code == 141


# --- shared pieces ----------------------------------------------------------------------------


@given(text=st.text())
def test_message_is_one_printable_line(text):
    @click.command()
    def command():
        _common.message(text)

    result = CliRunner().invoke(command)
    assert result.exit_code == 0
    assert result.stdout == ""
    line = result.stderr_bytes.decode().removesuffix("\n")
    assert len(line) == len(text)
    assert line.isprintable()


def test_message_keeps_what_prints():
    assert (
        CliRunner().invoke(click.command()(lambda: _common.message("Zoë 字"))).stderr == "Zoë 字\n"
    )


def test_json_refuses_what_json_does_not_have():
    with pytest.raises(ValueError, match="Out of range float"):
        _common.emit_json({"score": float("nan")})


def test_json_outside_a_command(capsys):
    _common.emit_json({"name": "Zoë"})
    assert capsys.readouterr().out == '{"name": "Zo\\u00eb"}\n'


def test_console_only_on_a_terminal(monkeypatch):
    assert _common.stderr_console() is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    console = _common.stderr_console()
    assert console is not None
    assert console.stderr
