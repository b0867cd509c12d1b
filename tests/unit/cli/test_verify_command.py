"""``saferedact verify``."""

import json

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from saferedact.report import Report

pytestmark = pytest.mark.usefixtures("planted")


@pytest.fixture
def work(tmp_path, picture, run):
    """Make a picture, its redacted copy and its plan."""
    source, out, plan = picture(tmp_path / "a.png"), tmp_path / "b.png", tmp_path / "plan.json"
    run("detect", source, "-o", plan)
    run("apply", source, plan, "-o", out)
    return source, out, plan


def test_a_good_file(work, run):
    shown = run("verify", *work)
    assert shown.stdout == (
        "no finding from the checks that ran (regions, hidden-data, look-again-planted, "
        "look-again-text, look-again-codes); not run: none\n"
    )
    assert shown.stderr == ""


def test_json_is_the_report(work, run):
    tree = run("verify", *work, "--json").json
    assert tree.pop("verdict") == "no_finding"
    report = Report.model_validate(tree)
    assert "look-again-planted" in {check.name for check in report.checks_run}
    assert report.checks_not_run == ()


def test_an_uncovered_region_blocks(work, run):
    source, _, plan = work
    shown = run("verify", source, source, plan, code=6)
    assert shown.stdout.startswith("BLOCK VF-02: pixels are not as planned (frame 0); ")
    assert shown.stderr == "error: the file is not fit for release; see the findings\n"


def test_what_no_region_covers_blocks(work, run):
    source, out, plan = work
    tree = json.loads(plan.read_bytes())
    tree["regions"] = []
    plan.write_text(json.dumps(tree))
    run("apply", source, plan, "-o", out, "--overwrite")
    shown = run("verify", source, out, plan, code=6)
    assert "BLOCK VF-04: a face may be visible in the output (frame 0, box " in shown.stdout


def test_json_of_a_bad_file_is_one_report(work, run):
    source, _, plan = work
    tree = run("verify", source, source, plan, "--json", code=6).json
    assert tree["verdict"] == "blocked"
    assert [finding["rule_id"] for finding in tree["findings"]] == ["VF-02"]


def test_hidden_data_block(work, run):
    source, out, plan = work
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "Jane Doe")
    with Image.open(out) as image:
        image.save(out, pnginfo=text)
    shown = run("verify", source, out, plan, code=6)
    assert "BLOCK VF-03: the file holds more than pixels: a text field (text); " in shown.stdout
    assert "Jane" not in shown.stdout


def test_another_size_blocks(work, run):
    source, out, plan = work
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(out)
    assert "BLOCK VF-01" in run("verify", source, out, plan, code=6).stdout


def test_what_a_person_gave_back_is_no_finding(work, run):
    source, out, plan = work
    run("plan", "reject", plan, "--all")
    run("apply", source, plan, "-o", out, "--overwrite")
    assert run("verify", source, out, plan).stdout.startswith("no finding")


def test_a_changed_source_is_refused(work, picture, run):
    picture(work[0], (0, 0, 9, 9))
    assert "the plan was made from another file" in run("verify", *work, code=2).stderr


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_file(work, tmp_path, run, missing):
    paths = list(work)
    paths[missing] = tmp_path / "missing"
    tree = run("verify", *paths, "--json", code=2).json
    assert tree["error"]["exit_code"] == 2
