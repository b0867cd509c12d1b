"""``saferedact release``: written whole or refused."""

import pytest

from saferedact.cli import release as command
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import OPTIONS, base_case

pytestmark = [pytest.mark.usefixtures("planted"), pytest.mark.model]


@pytest.fixture(autouse=True)
def without_models(monkeypatch):
    """Let nobody look for names that the case file does not list, at a fixed moment."""
    make = command.run
    monkeypatch.setattr(command, "models_for", lambda _: ())
    monkeypatch.setattr(
        command, "run", lambda *a, **k: make(*a, **k, text_detectors=[], options=OPTIONS)
    )


@pytest.fixture
def folder(here):
    (here / "case.toml").write_bytes(case_toml(base_case()))
    (here / "in").mkdir()
    (here / "in" / "a.txt").write_text("Priya Nair was there. Stuart Kemble is charged.\n")
    return here


def test_a_release_is_written(folder, run):
    shown = run("release", "in", "out", "--case", "case.toml")
    assert "written: out/publish" in shown.stdout
    assert "Priya" not in (folder / "out" / "publish" / "a.txt").read_text()
    assert run("release", "in", "out", "--case", "case.toml", "--json", code=2).json["error"]


def test_a_page_that_cannot_be_written_stops_the_release_before_its_work(folder, run):
    (folder / "r.html").write_text("mine")
    for page, told in (
        ("r.html", "exists already"),
        ("none/r.html", "does not exist"),
        ("out", "one of the files"),
        ("out/r.html", "does not exist"),
        ("case.toml", "originals are never changed"),
        ("in", "is a folder"),
    ):
        shown = run("release", "in", "out", "--case", "case.toml", "--html", page, code=2)
        assert told in shown.stderr, page
        assert not (folder / "out").exists()
    assert (folder / "r.html").read_text() == "mine"


def test_a_release_is_refused_and_the_page_tells_why(folder, run):
    (folder / "in" / "b.txt").write_text("Stuart Kemble stole it. He has form for this.\n")
    shown = run("release", "in", "out", "--case", "case.toml", "--html", "r.html", "--json", code=1)
    assert shown.json["verdict"] == "blocked"
    assert not (folder / "out").exists()
    assert "Do not publish" in (folder / "r.html").read_text(encoding="utf-8")
    assert "nothing was written" in shown.stderr
