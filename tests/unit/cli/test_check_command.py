"""``saferedact check`` and ``saferedact case``."""

import json

import pytest

from saferedact.casefile import load_case
from saferedact.checks.catalogue import catalogue
from saferedact.cli import check as command
from saferedact.report import load_report
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import base_case

pytestmark = [pytest.mark.usefixtures("planted"), pytest.mark.model]


@pytest.fixture(autouse=True)
def without_models(monkeypatch):
    """Let nobody look for names that the case file does not list: that needs models."""
    judge = command.run
    monkeypatch.setattr(command, "NAME_MODELS", ())
    monkeypatch.setattr(command, "run", lambda *a, **k: judge(*a, **k, finder=None))


@pytest.fixture
def case(here):
    """Write a case file beside a release of one text."""
    tree = base_case(case={"stage_confirmed_at": "date:2026-11-20T08:00:00Z", "arrested_on": None})
    path = here / "case.toml"
    path.write_bytes(case_toml(tree))
    (here / "release").mkdir()
    (here / "release" / "post.txt").write_text("Priya Nair said the thief has form.\n")
    return path


def test_a_release_that_must_not_go_out(case, run):
    shown = run("check", "release", "--case", case, code=1)
    lines = shown.stdout.splitlines()
    assert lines[0] == "DO NOT PUBLISH"
    assert any(
        line.startswith("BLOCK ID-03") and "[C1]" in line and "line 1" in line for line in lines
    )
    assert "Priya" not in shown.stdout + shown.stderr
    assert "findings forbid publication" in shown.stderr


def test_several_files_are_told_apart_by_name_unless_the_name_tells(case, run, here):
    (here / "release" / "Priya Nair.txt").write_text("Priya Nair said the thief has form.\n")
    (here / "release" / "quiet.txt").write_text("Call 101.\n")
    shown = run("check", "release", "--case", case, code=1).stdout.splitlines()
    named = [line for line in shown if line.startswith("file-") and " is " in line]
    assert any(line.endswith(" is post.txt") for line in named)
    assert len(named) == len({line.split()[0] for line in named}) >= 2
    assert not any("Priya" in line or "Nair" in line for line in shown)


def test_the_reports(case, run, here):
    shown = run(
        "check",
        "release",
        "--case",
        case,
        "--html",
        "r.html",
        "--sarif",
        "r.sarif",
        "--json",
        code=1,
    )
    report = load_report(json.dumps(shown.json).encode())
    assert report.verdict == "blocked"
    assert "Do not publish" in (here / "r.html").read_text(encoding="utf-8")
    assert json.loads((here / "r.sarif").read_text())["version"] == "2.1.0"
    again = run("check", "release", "--case", case, "--html", "r.html", code=2)
    assert "exists already" in again.stderr
    run("check", "release", "--case", case, "--html", "r.html", "--overwrite", code=1)


def test_a_report_that_cannot_be_written_stops_the_check_before_its_work(case, run, monkeypatch):
    monkeypatch.setattr(command, "run", None)  # nobody gets as far as to look
    for option in ("--html", "--sarif"):
        shown = run("check", "release", "--case", case, option, "none/r", code=2)
        assert "does not exist" in shown.stderr


def test_a_report_is_never_written_over_what_is_checked(case, run, here):
    for output in ("release/post.txt", "case.toml"):
        shown = run("check", "release", "--case", case, "--html", output, "--overwrite", code=2)
        assert "originals are never changed" in shown.stderr
    assert (here / "release" / "post.txt").read_text().startswith("Priya")


def test_one_rule(case, run):
    shown = run("check", "release", "--case", case, "--rule", "PJ-16", "--json")
    assert {c["name"] for c in shown.json["checks_run"]} == {"PJ-16"}
    assert run("check", "release", "--rule", "XX-01", code=2).stderr.startswith(
        "error: there is no"
    )


def test_without_a_case_file(here, run):
    (here / "release").mkdir()
    (here / "release" / "a.txt").write_text("A road is closed.\n")
    shown = run("check", "release")
    assert shown.stdout.startswith("NO FINDING from the checks that ran")
    assert "needs a case file" in shown.stdout


def test_nothing_named(run):
    assert "name a file or a folder" in run("check", code=2).stderr


def test_explanations_say_what_is_not_verified(run):
    listed = run("check", "--explain", "list").stdout.splitlines()
    assert len(listed) == len(catalogue().rules)
    text = run("check", "--explain", "vp-03").stdout
    assert "UNVERIFIED" in text
    assert "Next".casefold() in text.casefold()
    for rule in catalogue().rules:
        told = rule.explain()
        unverified = any(catalogue().sources[key].unverified for key in rule.sources)
        assert ("UNVERIFIED" in told) == unverified
        assert rule.title in told


def test_a_new_case_file_is_valid_and_checked(run, here):
    run("case", "new", "mine.toml")
    case = load_case(here / "mine.toml")
    assert case.people == ()
    run("case", "new", "mine.toml", code=2)
    shown = run("case", "check", "mine.toml", code=1)
    assert "BLOCK CF-01" in shown.stdout
    assert "BLOCK CF-02" in shown.stdout


def test_the_commented_lines_of_the_template_are_valid_too(run, here):
    run("case", "new", "mine.toml")
    lines = (here / "mine.toml").read_text(encoding="utf-8").splitlines()
    whole = [
        line.removeprefix("# ") if " = " in line or "[" in line[:5] else line for line in lines
    ]
    # the release lists its earlier ones in place
    case = load_case("\n".join(whole).encode())
    assert [len(part) for part in (case.people, case.restrictions, case.assets)] == [1, 1, 1]
    assert case.overrides[0].evidence_kind == "decision_log"


def test_a_case_file_with_faults(run, here):
    (here / "bad.toml").write_text('schema = "saferedact.case/1"\n[case]\nJane = 1\n')
    shown = run("case", "check", "bad.toml", "--json", code=2)
    assert shown.json["error"]["code"] == "case-invalid"
    assert "Jane" not in shown.stdout + shown.stderr


def test_a_good_case_file(run, here):
    tree = base_case(case={"stage_confirmed_at": "date:2026-11-20T08:00:00Z"})
    (here / "case.toml").write_bytes(case_toml(tree))
    shown = run("case", "check", "case.toml", "--json", code=None)
    assert {c["name"][:2] for c in shown.json["checks_run"]} == {"CF"}
