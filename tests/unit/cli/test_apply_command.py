"""``saferedact apply``."""

import numpy as np
import pytest
from PIL import Image

from saferedact.testing.detectors import MARK_RGB

pytestmark = pytest.mark.usefixtures("planted")


def shows_mark(path):
    with Image.open(path) as image:
        return bool((np.asarray(image.convert("RGB")) == MARK_RGB).all(axis=2).any())


@pytest.fixture
def work(tmp_path, picture, run):
    """Make a picture and its plan, and return both and a destination."""
    source = picture(tmp_path / "a.png")
    run("detect", source, "-o", tmp_path / "plan.json")
    return source, tmp_path / "plan.json", tmp_path / "b.png"


def test_a_plan_is_carried_out(work, run):
    source, plan, out = work
    shown = run("apply", source, plan, "-o", out)
    assert shown.stdout == f"{out}: written as planned; run verify to look again for what is left\n"
    assert shown.stderr == ""
    assert shows_mark(source)
    assert not shows_mark(out)


def test_json(work, run):
    source, plan, out = work
    shown = run("apply", source, plan, "-o", out, "--json")
    assert shown.json == {"output": str(out), "format": "PNG", "frames": 1}


def test_what_was_rejected_stays_visible(work, run):
    source, plan, out = work
    run("plan", "reject", plan, "--all")
    run("apply", source, plan, "-o", out)
    assert shows_mark(out)


def test_the_review_policy_needs_a_decision_on_every_region(work, run):
    source, plan, out = work
    shown = run("apply", source, plan, "-o", out, "--policy", "review", "--json", code=2)
    assert shown.json["error"]["code"] == "input"
    assert not out.exists()
    run("plan", "accept", plan, "--all")
    run("apply", source, plan, "-o", out, "--policy", "review")
    assert not shows_mark(out)


def test_a_reversible_operator_needs_the_policys_leave(work, run):
    source, plan, out = work
    run("plan", "set", plan, "--all", "--operator", "mosaic")
    run("apply", source, plan, "-o", out, code=2)
    assert not out.exists()


def test_an_existing_destination_needs_overwrite(work, run):
    source, plan, out = work
    out.write_bytes(b"mine")
    assert "exists already" in run("apply", source, plan, "-o", out, code=2).stderr
    assert out.read_bytes() == b"mine"
    run("apply", source, plan, "-o", out, "--overwrite")
    assert not shows_mark(out)


def test_neither_source_nor_plan_is_overwritten(work, run):
    source, plan, _ = work
    plan = plan.rename(plan.with_suffix(""))  # a picture may be called so, too
    for victim in (source, plan):
        before = victim.read_bytes()
        run("apply", source, plan, "-o", victim, "--overwrite", code=2)
        assert victim.read_bytes() == before


def test_a_plan_of_another_file_is_refused(work, picture, run):
    source, plan, out = work
    picture(source, (0, 0, 9, 9))
    shown = run("apply", source, plan, "-o", out, code=2)
    assert "the plan was made from another file, or the file has changed" in shown.stderr
    assert not out.exists()


def test_a_plan_that_is_none(work, run):
    source, plan, out = work
    plan.write_bytes(b'{"Jane": 1}')
    shown = run("apply", source, plan, "-o", out, "--json", code=2)
    assert shown.json["error"]["code"] == "plan-invalid"
    assert "Jane" not in shown.stdout + shown.stderr
    assert not out.exists()


def test_a_decision_and_a_box_of_a_person_are_carried_out(work, run):
    source, plan, out = work
    run("plan", "reject", plan, "--all")
    run("plan", "add", plan, "--box", "0,0,8,8")
    run("apply", source, plan, "-o", out)
    assert shows_mark(out)
    with Image.open(out) as image:
        assert image.getpixel((7, 7)) == (0, 0, 0)
        assert image.getpixel((8, 8)) == (120, 120, 120)
