"""Run what the documentation shows: Python, commands, and the files that readers are told to save.

- ``python`` blocks run as they are, or as a doctest if they begin with ``>>>``.
- ``console`` blocks: lines that begin with ``$ `` are commands, the others their output, in which
  ``...`` stands for anything. Without a ``$``, every line is a command. ``saferedact`` is the real
  command line in this process, and anything but the exit code 0 is a failure, unless
  ``<!-- exit code: N -->`` stands above.
- ``<!-- file: NAME -->`` above any block: the block is saved under that name.
- ``<!-- not run: REASON -->`` above any block: it is passed over. So is ``python -m MODULE`` and a
  script of the project: a test must not change its own environment, and benchmarks take minutes. The
  module or script must be there.
- ``toml`` blocks must be TOML.

All blocks of a page run in one folder and one namespace, from top to bottom.
"""

import doctest
import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner
from sybil import Document, Region, Sybil
from sybil.parsers.myst import PythonCodeBlockParser

from saferedact.cli import cli

ROOT = Path(__file__).parents[2]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

_BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

# Days that pages are written with, and what they mean on the day on which the examples run.
_NOW = "2026-01-31T09:00:00Z"
_REVIEW = "2026-04-30"


class ExampleError(AssertionError):
    """An example does not do what its page says."""


def parse_blocks(document):
    """Yield everything but Python, and Python that must not run."""
    for match in _BLOCK.finditer(document.text):
        note = match["note"] or ""
        kind, _, value = note.partition(": ")
        if kind in {"file", "not run"}:
            if match["language"] == "python":
                msg = f"{document.path}: a block that does not run is py, not python"
                raise ExampleError(msg)
            if kind == "file":
                yield Region(match.start(), match.end(), (value, match["body"]), save)
        elif match["language"] == "console":
            code = int(value) if kind == "exit code" else 0
            yield Region(match.start(), match.end(), (match["body"], code), run_console)
        elif match["language"] == "toml":
            yield Region(match.start(), match.end(), match["body"], read_toml)


def save(example):
    """Write a file that the page tells readers to write."""
    name, body = example.parsed
    now = datetime.now(UTC)
    body = body.replace(_NOW, now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    body = body.replace(_REVIEW, (now + timedelta(days=90)).strftime("%Y-%m-%d"))
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    if path.suffix == ".toml":
        tomllib.loads(body)


def read_toml(example):
    """See that a block is TOML."""
    tomllib.loads(example.parsed)


def commands_in(body):
    """Yield each command of a console block, and the output that it must have, or None."""
    body = body.replace("\\\n", " ")
    if "$ " not in body:
        yield from ((line.partition("  #")[0], None) for line in body.splitlines() if line.strip())
        return
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run_console(example):
    """Run the commands of a block and compare what they show."""
    body, code = example.parsed
    for command, expected in commands_in(body):
        words = shlex.split(command)
        if is_passed_over(words):
            continue
        output, got_code = run(words)
        if got_code != code:
            msg = f"`{command}` ended with {got_code}, not {code}:\n{output}"
            raise ExampleError(msg)
        if expected and not doctest.OutputChecker().check_output(expected, output, FLAGS):
            msg = f"`{command}` shows\n{output}\nand not\n{expected}"
            raise ExampleError(msg)


def is_passed_over(words):
    """Tell whether a command is one of the project's tools, which is there and is not run here."""
    if words[:2] == ["python", "-m"]:
        if importlib.util.find_spec(words[2]) is None:
            msg = f"there is no module {words[2]}"
            raise ExampleError(msg)
        return True
    return words[0] == "python" and (ROOT / words[1]).is_file()


def run(words):
    """Run one command; return what it shows, and its exit code."""
    if words[0] == "saferedact":
        result = CliRunner().invoke(cli, words[1:], prog_name="saferedact")
        return result.output, result.exit_code
    if words[0] == "mkdir":
        Path(words[1]).mkdir()
        return "", 0
    if words[0] == "python":
        done = subprocess.run(
            [sys.executable, *words[1:]], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr, done.returncode
    msg = f"the tests do not know the command {words[0]}"
    raise ExampleError(msg)


class Page(Document):
    """A page, for whose tests a failure is an error like any other."""


SYBIL = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS), parse_blocks],
    pattern="*.md",
    document_types={".md": Page},
)
