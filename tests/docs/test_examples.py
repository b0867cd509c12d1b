"""Every example of the documentation runs, and shows what its page says."""

import shlex
import textwrap
from pathlib import Path

import click
import pytest
from tests.docs.examples import SYBIL

from saferedact.cli import cli

LANGUAGES = ("console", "python", "toml")
ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if any(f"```{language}\n" in path.read_text("utf-8") for language in LANGUAGES)
]


def run_page(path):
    """Run all examples of a page; return how many there were."""
    document = SYBIL.parse(path)
    count = 0
    for example in document.examples():
        example.evaluate()
        count += 1
    return count


def page_id(path):
    return path.relative_to(ROOT).as_posix()


def test_there_are_pages_with_examples():
    """Or the next test would have nothing to run, and pass."""
    assert len(PAGES) >= 12


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_examples_of_a_page(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAFEREDACT_OFFLINE", "1")
    run_page(path)


README = ROOT / "README.md"

README_CASE = """
schema = "saferedact.case/1"
[case]
jurisdiction = "england_wales"
stage = "charged"
[[people]]
ref = "C1"
role = "complainant"
name = "Priya Nair"
"""


@pytest.mark.model
@pytest.mark.slow
def test_python_of_the_readme(tmp_path, monkeypatch):
    from skimage import data, io

    monkeypatch.chdir(tmp_path)
    io.imsave("street.jpg", data.astronaut())
    Path("case.toml").write_text(README_CASE)
    document = SYBIL.parse(README)
    document.namespace["frame"] = data.astronaut().copy()
    examples = [example for example in document.examples() if "import saferedact" in example.parsed]
    assert len(examples) == 1
    examples[0].evaluate()
    assert document.namespace["text"] == "DC [NAME] rang [NAME] on [PHONE]."
    assert not document.namespace["frame"][90:180, 110:170].any()


def test_commands_of_the_readme_can_be_parsed():
    lines = []
    for line in README.read_text(encoding="utf-8").splitlines():
        if line.startswith("saferedact "):
            lines.append(line)
            words = shlex.split(line.partition("  #")[0])[1:]
            command = cli
            while isinstance(command, click.Group):
                command = command.get_command(click.Context(command), words.pop(0))
                assert command is not None, line
            command.make_parser(click.Context(command)).parse_args(words)
    assert len(lines) >= 10


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (
            """
        ```python
        >>> 1 + 1
        3
        ```
        """,
            "Expected:",
        ),
        (
            """
        ```python
        raise ValueError("no good")
        ```
        """,
            "no good",
        ),
        (
            """
        ```console
        $ saferedact policy list
        nothing
        ```
        """,
            "and not",
        ),
        (
            """
        ```console
        $ saferedact policy show nobody
        ```
        """,
            "ended with 2, not 0",
        ),
        (
            """
        <!-- exit code: 1 -->
        ```console
        $ saferedact policy list
        ```
        """,
            "ended with 0, not 1",
        ),
        (
            """
        ```console
        unknown-command
        ```
        """,
            "do not know",
        ),
        (
            """
        ```console
        python -m benchmarks_of_nobody
        ```
        """,
            "no module",
        ),
        (
            """
        ```console
        python benchmarks/nobody.py
        ```
        """,
            "ended with 2",
        ),
        (
            """
        ```toml
        key =
        ```
        """,
            "Invalid value",
        ),
    ],
)
def test_a_wrong_example_is_found(page, says, tmp_path):
    path = tmp_path / "page.md"
    path.write_text(textwrap.dedent(page))
    with pytest.raises((AssertionError, ValueError), match=says):
        run_page(path)


def test_a_right_example_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "page.md"
    path.write_text(
        textwrap.dedent(
            """
            <!-- file: a.toml -->
            ```toml
            key = 1
            ```

            ```python
            >>> from pathlib import Path
            >>> Path("a.toml").read_text()
            'key = 1...'
            ```

            <!-- not run: it takes a day -->
            ```console
            $ unknown-command
            ```

            ```console
            $ saferedact policy list
            ...release...
            ```
            """
        )
    )
    assert run_page(path) == 4
