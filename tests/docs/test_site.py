"""The pages hold together: generated parts are current, links lead somewhere, Sphinx has no complaint."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tools.reference.api import GROUPS
from tools.reference.blocks import BLOCKS, fill
from tools.reference.markdown import anchor, parameters

import saferedact

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
READ_FIRST = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]

_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def page_id(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_generated_parts_are_current(path):
    text = path.read_text(encoding="utf-8")
    assert fill(text) == text, "run: python -m tools.reference"


def test_every_generated_part_is_on_a_page():
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert {name for name in BLOCKS if f"<!-- generated: {name} -->" not in text} == set()


@pytest.mark.parametrize(
    "page",
    [
        "<!-- generated: limits -->\nno end",
        "<!-- generated: nobody -->\n<!-- end of nobody -->",
        "<!-- generated: limits -->\n<!-- end of errors -->",
    ],
)
def test_a_part_without_an_end_or_a_writer_is_refused(page):
    with pytest.raises(ValueError, match="generated parts"):
        fill(page)


def test_a_stale_part_is_written_anew():
    page = "before\n<!-- generated: errors -->\nstale words\n<!-- end of errors -->\nafter\n"
    filled = fill(page)
    assert "stale words" not in filled
    assert "| 6 | `VerificationError` | `verification` |" in filled
    assert (filled.startswith("before\n"), filled.endswith("\nafter\n")) == (True, True)
    assert fill(filled) == filled


def test_the_page_on_python_has_every_public_name():
    names = [name for group in GROUPS.values() for name in group]
    assert sorted(names) == sorted(set(saferedact.__all__) - {"__version__"})


def test_parameters_of_a_docstring():
    def documented():
        """Do something.

        Parameters
        ----------
        a, b : int
            Two of
            one kind.
        c
            Another.

        Returns
        -------
        d : int
            No parameter.
        """

    assert parameters(documented) == {
        "a": "Two of one kind.",
        "b": "Two of one kind.",
        "c": "Another.",
    }
    assert parameters(anchor) == {}


@pytest.mark.parametrize("path", [*PAGES, *READ_FIRST], ids=page_id)
def test_links_lead_somewhere(path):
    broken = []
    for target, part in _LINK.findall(prose(path)):
        page = (path.parent / target).resolve() if target else path
        if not page.exists() or (part and page.suffix == ".md" and part not in anchors(page)):
            broken.append(f"{target}#{part}")
    assert broken == []


def prose(path):
    """Return the text of a page without its blocks of code."""
    return re.sub(
        r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )


def anchors(page):
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)}


def test_the_picture_of_the_layers_is_the_contract():
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = page.partition("## Layers\n\n```\n")[2].partition("```")[0]
    drawn = [set(re.split(r" {2,}", line)[0].split(" | ")) for line in picture.splitlines()]
    built = [
        {name for name in re.findall(r"saferedact\.(\w+)", layer) if exists(name)}
        for layer in layers
    ]
    assert drawn == built


def exists(name):
    """Tell whether a module that a contract names is there: some are only planned."""
    package = ROOT / "src" / "saferedact"
    return (package / name).is_dir() or (package / f"{name}.py").is_file()


@pytest.mark.slow
def test_sphinx_builds_the_pages_without_a_warning(tmp_path):
    places = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html"),
            *("-d", str(tmp_path / "doctrees"), str(ROOT / "docs"), str(tmp_path / "html")),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "html" / "reference" / "python.html").read_text(encoding="utf-8")
    missing = [name for name in saferedact.__all__ if f'id="saferedact.{name}"' not in page]
    assert missing == ["__version__"]
