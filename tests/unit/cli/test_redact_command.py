"""``saferedact redact`` with a detector that finds planted marks."""

import os
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from saferedact.cli import redact as module
from saferedact.detections import Detections
from saferedact.detectors import registry
from saferedact.detectors.base import DetectorInfo
from saferedact.errors import (
    EXIT_BUG,
    DestinationError,
    DetectorError,
    LimitExceededError,
    RedactionError,
    VerificationError,
)
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.pipeline import batch
from saferedact.report import Report
from saferedact.testing.detectors import MARK_RGB
from saferedact.testing.images import image_with_hidden_data

pytestmark = pytest.mark.usefixtures("planted")

SUMMARY = "no finding from the checks that ran; not run: none"


def pixels_of(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def shows_mark(path):
    return bool((pixels_of(path) == MARK_RGB).all(axis=2).any())


@pytest.fixture
def folder(tmp_path, picture):
    folder = tmp_path / "in"
    picture(folder / "one.png")
    picture(folder / "deep" / "two.png")
    return folder


def contents(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


# --- what is made -----------------------------------------------------------------------------


def test_one_file(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    before = source.read_bytes()
    shown = run("redact", source, "-o", tmp_path / "b.png")
    assert shown.stdout == f"1 file written, 0 failed; {SUMMARY}\n"
    assert shown.stderr == "a.png: 1 region\n"
    assert shows_mark(source)
    assert not shows_mark(tmp_path / "b.png")
    assert source.read_bytes() == before


def test_a_file_goes_into_a_folder_that_exists_or_is_written_like_one(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    (tmp_path / "out").mkdir()
    run("redact", source, "-o", tmp_path / "out")
    run("redact", source, "-o", f"{tmp_path / 'new'}/")
    assert contents(tmp_path / "out") == contents(tmp_path / "new") == ["a.png"]


def test_a_folder_keeps_its_structure(folder, tmp_path, run):
    run("redact", folder, "-o", tmp_path / "out")
    assert contents(tmp_path / "out") == ["deep/two.png", "one.png"]
    assert not any(shows_mark(tmp_path / "out" / name) for name in contents(tmp_path / "out"))


def test_a_pattern_is_expanded(folder, tmp_path, run):
    run("redact", folder / "**" / "*.png", "-o", tmp_path / "out")
    assert contents(tmp_path / "out") == ["one.png", "two.png"]


def test_json_says_what_was_made(folder, tmp_path, run):
    tree = run("redact", folder, "-o", tmp_path / "out", "--json").json
    assert set(tree) == {"files", "not_taken"}
    assert [entry["name"] for entry in tree["files"]] == ["one.png", "deep/two.png"]
    for entry in tree["files"]:
        assert set(entry) == {"name", "output", "regions", "repairs", "notes", "report"}
        assert (entry["regions"], entry["repairs"]) == (1, 0)
        assert Path(entry["output"]).is_file()
        report = dict(entry["report"])
        assert report.pop("verdict") == "no_finding"
        assert Report.model_validate(report).verdict == "no_finding"
    assert tree["not_taken"] == []


def test_a_policy_file_is_followed(tmp_path, picture, run):
    policy = tmp_path / "mine.toml"
    policy.write_text(
        'schema = "saferedact.policy/1"\nextends = "release"\nname = "mine"\n'
        '[labels.face]\ncolor = "#00ff00"\n'
    )
    run("redact", picture(tmp_path / "a.png"), "-o", tmp_path / "b.png", "--policy", policy)
    assert tuple(pixels_of(tmp_path / "b.png")[24, 32]) == (0, 255, 0)


def test_plans_are_kept_and_can_be_carried_out(folder, tmp_path, run):
    plans = tmp_path / "plans"
    run("redact", folder, "-o", tmp_path / "out", "--plans", plans)
    assert contents(plans) == ["deep/two.png.plan.json", "one.png.plan.json"]
    run("apply", folder / "one.png", plans / "one.png.plan.json", "-o", tmp_path / "again.png")
    assert np.array_equal(pixels_of(tmp_path / "again.png"), pixels_of(tmp_path / "out/one.png"))


def test_the_contact_sheet_is_drawn_without_the_originals(folder, tmp_path, run, monkeypatch):
    real = module.write_contact_sheets

    def without_originals(results, destination, **options):
        for path in [*folder.rglob("*.png")]:
            path.unlink()
        return real(results, destination, **options)

    monkeypatch.setattr(module, "write_contact_sheets", without_originals)
    sheet = tmp_path / "sheet.png"
    shown = run("redact", folder, "-o", tmp_path / "out", "--contact-sheet", sheet)
    assert not shows_mark(sheet)
    numbered = shown.stderr.splitlines()[-3:]
    assert numbered == ["1  one.png", "2  deep/two.png", f"contact sheet: {sheet}"]


# --- what is not taken ------------------------------------------------------------------------


def test_what_is_not_taken_is_listed(folder, run):
    (folder / "Thumbs.db").write_bytes(b"x")
    shown = run("redact", folder, "-o", folder / "out", "--json")
    assert shown.json["not_taken"] == [
        {"name": "Thumbs.db", "reason": "a file of the operating system", "is_error": False}
    ]
    assert "Thumbs.db: not taken: a file of the operating system\n" in shown.stderr
    shown = run("redact", folder, "-o", folder / "out", "--overwrite")
    assert "out: not taken: the destination itself\n" in shown.stderr
    assert "2 files written, 0 failed, 2 not taken; " in shown.stdout
    assert contents(folder / "out") == ["deep/two.png", "one.png"]


def test_a_folder_that_cannot_be_read_is_an_error(folder, tmp_path, run, monkeypatch):
    real = os.scandir

    def scandir(path="."):
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    shown = run("redact", folder, "-o", tmp_path / "out", "--json", code=2)
    assert shown.json["not_taken"] == [
        {"name": "deep", "reason": "the folder cannot be read", "is_error": True}
    ]
    assert contents(tmp_path / "out") == ["one.png"]


@pytest.mark.parametrize("stray", [[], ["Thumbs.db", "._a.png"]])
def test_nothing_to_do_is_an_error(tmp_path, run, stray):
    (tmp_path / "in").mkdir()
    for name in stray:
        (tmp_path / "in" / name).write_bytes(b"x")
    shown = run("redact", tmp_path / "in", "-o", tmp_path / "out", "--json", code=2)
    assert shown.json["error"]["message"] == "there is no file to redact in what was named"
    assert not (tmp_path / "out").exists()


# --- failures ---------------------------------------------------------------------------------


def test_one_bad_file_does_not_stop_the_others(folder, tmp_path, run):
    (folder / "bad.png").write_bytes(b"not a picture")
    shown = run("redact", folder, "-o", tmp_path / "out", "--plans", tmp_path / "plans", code=2)
    assert contents(tmp_path / "out") == ["deep/two.png", "one.png"]
    assert "bad.png: failed: the file is neither a picture, a video nor a PDF" in shown.stderr
    assert shown.stdout.startswith("2 files written, 1 failed")
    assert not (tmp_path / "plans" / "bad.png.plan.json").exists()


def test_a_failure_in_json(folder, tmp_path, run):
    (folder / "bad.png").write_bytes(b"")
    tree = run("redact", folder, "-o", tmp_path / "out", "--json", code=2).json
    failed = [entry for entry in tree["files"] if "error" in entry]
    assert failed == [
        {
            "name": "bad.png",
            "error": {"code": "damaged-input", "message": "the file is empty", "exit_code": 2},
        }
    ]


@pytest.mark.parametrize(
    "error",
    [
        LimitExceededError("too large"),
        DetectorError("blind"),
        RedactionError("no room"),
        VerificationError("something is left"),
        ZeroDivisionError("Ada Lovelace"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_exit_code_is_the_highest_of_any_file(folder, tmp_path, run, monkeypatch, error):
    code = getattr(error, "exit_code", EXIT_BUG)
    real = batch.redact_with_plan

    def fail_on_one(source, *arguments, **options):
        if source.name == "one.png":
            raise error
        return real(source, *arguments, **options)

    monkeypatch.setattr(batch, "redact_with_plan", fail_on_one)
    (folder / "bad.png").write_bytes(b"")
    shown = run("redact", folder, "-o", tmp_path / "out", "--json", code=code)
    assert sorted(e["error"]["exit_code"] for e in shown.json["files"] if "error" in e) == [2, code]
    assert contents(tmp_path / "out") == ["deep/two.png"]
    assert "Ada" not in shown.stdout + shown.stderr


def test_an_existing_destination_needs_overwrite(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    target = tmp_path / "b.png"
    target.write_bytes(b"mine")
    shown = run("redact", source, "-o", target, code=2)
    assert "the destination exists already" in shown.stderr
    assert target.read_bytes() == b"mine"
    run("redact", source, "-o", target, "--overwrite")
    assert not shows_mark(target)


def test_an_original_is_never_overwritten(tmp_path, picture, run):
    a, b = picture(tmp_path / "x" / "a.png"), picture(tmp_path / "y" / "b.png", (0, 0, 9, 9))
    before = a.read_bytes(), b.read_bytes()
    for arguments in (
        [a, "-o", a],
        [a, "-o", tmp_path / "x"],
        [tmp_path / "x", "-o", tmp_path / "x"],
        [a, "-o", tmp_path / "c.png", "--contact-sheet", a],
        [tmp_path / "x", "-o", tmp_path / "out", "--contact-sheet", a],
        [a, "-o", tmp_path / "c.png", "--contact-sheet", tmp_path / "c.png"],
    ):
        assert run("redact", *arguments, "--overwrite", "--json", code=2).json
        assert (a.read_bytes(), b.read_bytes()) == before
        assert contents(tmp_path) == ["x/a.png", "y/b.png"]


def test_no_further_contact_sheet_is_written_over_an_original(tmp_path, picture, run, monkeypatch):
    """More tiles than one sheet has go on sheet-2, which may be the name of a picture."""
    monkeypatch.setattr("saferedact.pipeline.contact_sheet.TILES_PER_SHEET", 1)
    folder = tmp_path / "in"
    before = picture(folder / "sheet-2.png").read_bytes()
    picture(folder / "a.png")
    arguments = ("redact", folder, "-o", tmp_path / "out", "--overwrite", "--contact-sheet")
    shown = run(*arguments, folder / "sheet.png", code=2)
    assert "sheet-2.png is one of the files that are worked on" in shown.stderr
    assert (folder / "sheet-2.png").read_bytes() == before
    run(*arguments, tmp_path / "sheet.png")
    assert {"sheet.png", "sheet-2.png"} <= {path.name for path in tmp_path.iterdir()}


def test_a_source_is_not_written_over_another(tmp_path, picture, run):
    mine = picture(tmp_path / "x" / "a.png")
    other = picture(tmp_path / "y" / "a.png", (0, 0, 9, 9))
    before = other.read_bytes()
    shown = run("redact", mine, other.parent, "-o", other.parent, "--overwrite", code=2)
    assert "would be written over another one (a.png)" in shown.stderr
    assert other.read_bytes() == before


def test_two_sources_for_one_place_are_refused(tmp_path, picture, run):
    sources = [picture(tmp_path / name / "a.png") for name in "xy"]
    shown = run("redact", *sources, "-o", tmp_path / "out", code=2)
    assert "two sources would be written to one place (a.png)" in shown.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("what", ["--plans", "--contact-sheet"])
def test_by_products_that_exist_are_refused_before_the_work(tmp_path, picture, run, what):
    source = picture(tmp_path / "a.png")
    existing = {"--plans": tmp_path / "a.png.plan.json", "--contact-sheet": tmp_path / "sheet.png"}
    existing[what].write_bytes(b"mine")
    argument = tmp_path if what == "--plans" else existing[what]
    arguments = ["redact", source, "-o", tmp_path / "b.png", what, argument]
    assert f"{existing[what].name} exists already" in run(*arguments, code=2).stderr
    assert existing[what].read_bytes() == b"mine"
    assert not (tmp_path / "b.png").exists()
    run(*arguments, "--overwrite")
    assert existing[what].read_bytes() != b"mine"


def test_a_contact_sheet_of_no_known_format_is_refused_before_the_work(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    sheet = tmp_path / "sheet.doc"
    shown = run(
        "redact", source, "-o", tmp_path / "b.png", "--contact-sheet", sheet, "--json", code=2
    )
    assert shown.json["error"]["code"] == "unsupported-format"
    assert not (tmp_path / "b.png").exists()


def test_a_folder_for_plans_that_cannot_be_made(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    (tmp_path / "plans").write_bytes(b"a file")
    arguments = ["redact", source, "-o", tmp_path / "b.png", "--plans", tmp_path / "plans" / "x"]
    assert "the folder for plans cannot be made" in run(*arguments, code=2).stderr
    assert (tmp_path / "plans").read_bytes() == b"a file"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.png", "-o", "b.png"], "a source does not exist"),
        (["*.tiff", "-o", "b.png"], "a pattern matches no file"),
        (["a.png", "-o", "b.doc"], "no image format has this suffix"),
        (["a.png", "-o", "b.png", "--policy", "nobody"], "there is no such policy"),
        (["a.png", "-o", "b.png", "--policy", "bad.toml"], "$.name"),
        (["a.png"], "Missing option '-o'"),
        (["-o", "b.png"], "Missing argument"),
        (["a.png", "-o", "b.png", "--jobs", "0"], "--jobs"),
    ],
)
def test_mistakes(here, run, arguments, message):
    (here / "bad.toml").write_text('schema = "saferedact.policy/1"\nundecided = "redact"\n')
    shown = run("redact", *arguments, code=2)
    assert message in shown.stderr
    assert contents(here) == ["a.png", "bad.toml"]


# --- names ------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="others refuse such names")
@pytest.mark.parametrize("name", ["\x1b[31mred.png", "new\nline.png", os.fsdecode(b"\xff.png")])
def test_a_name_cannot_steer_a_terminal_or_break_the_output(tmp_path, picture, run, name):
    picture(tmp_path / "in" / name)
    arguments = ["redact", tmp_path / "in", "-o", tmp_path / "out", "--overwrite"]
    shown = run(*arguments)
    assert shown.stderr.removesuffix("\n").isprintable()
    assert shown.stdout.removesuffix("\n").isprintable()
    (entry,) = run(*arguments, "--json").json["files"]
    assert entry["name"] == name


# --- a terminal -------------------------------------------------------------------------------


def test_the_bar_of_a_terminal_counts_the_files(monkeypatch):
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=60)
    monkeypatch.setattr(module, "stderr_console", lambda: console)
    with module._progress(3) as advance:
        advance(["one[/].png: 1 region", "  WARN"])
        advance(["\x1b[31mtwo.png: 1 region"])
    # A line of its own for each message: the bar is cleared before.
    lines = screen.getvalue().replace("\x1b[2K", "\n").splitlines()
    for line in ("one[/].png: 1 region", "  WARN", "\ufffd[31mtwo.png: 1 region"):
        assert line in lines
    assert "2/3" in screen.getvalue()


def test_an_error_after_the_work_is_reported(tmp_path, picture, run, monkeypatch):
    def refuse(*_, **__):
        msg = "the plan cannot be written"
        raise DestinationError(msg)

    monkeypatch.setattr(module, "save_plan", refuse)
    source = picture(tmp_path / "a.png")
    shown = run("redact", source, "-o", tmp_path / "b.png", "--plans", tmp_path, "--json", code=2)
    assert shown.json["error"]["code"] == "destination"


def test_limits_of_a_policy_hold(tmp_path, picture, run):
    policy = tmp_path / "small.toml"
    policy.write_text(
        'schema = "saferedact.policy/1"\nextends = "release"\nname = "small"\n'
        "[limits]\nmax_side = 80\n"
    )
    source = picture(tmp_path / "a.png")
    shown = run("redact", source, "-o", tmp_path / "b.png", "--policy", policy, code=3)
    assert "a side of 96 px is over the limit of 80 px" in shown.stderr


@pytest.mark.parametrize("marks", [1, 3, 5])
def test_warnings_are_told(tmp_path, picture, run, monkeypatch, marks):
    # Below the policy's threshold, but not far below.
    weak = SimpleNamespace(info=DetectorInfo("weak", "1", ("face",)), detect=weak_answers(marks))
    monkeypatch.setitem(registry._BUILT_IN, "faces", (frozenset({"face"}), (), lambda *_: weak))
    shown = run("redact", picture(tmp_path / "a.png"), "-o", tmp_path / "b.png")
    first, *warnings = shown.stderr.splitlines()
    assert first == f"a.png: 0 regions, {marks} warning" + "s" * (marks > 1)
    assert warnings[0] == (
        "  WARN VF-04: perhaps a face that is not covered (needs review) (frame 0, box 0,0,8,8); "
        "look at the place; if it shows something, add a box to the plan"
    )
    assert len(warnings) == min(marks, 4)
    assert ("  2 more: see --json" in warnings) == (marks == 5)
    assert "; warnings on 1 file from the checks that ran; " in shown.stdout


def weak_answers(count):
    boxes = np.array([[9 * i, 0, 9 * i + 8, 8] for i in range(count)], dtype=np.float32)
    score = np.full(count, 0.14, dtype=np.float32)

    def detect(images, *, min_score, orientation_known):  # noqa: ARG001
        kept = score >= min_score
        ids = np.zeros(int(kept.sum()), dtype=np.int16)
        return [Detections(boxes[kept], score[kept], ids, ("face",)) for _ in images]

    return detect


def test_a_policy_that_only_proposes_is_refused_before_the_work(here, run):
    shown = run("redact", "a.png", "-o", "b.png", "--policy", "review", "--json", code=2)
    assert shown.json["error"]["message"] == (
        "the policy review only proposes: use detect, plan and apply"
    )
    assert contents(here) == ["a.png"]


def test_dropped_hidden_data_are_counted(tmp_path, run):
    image_with_hidden_data("JPEG", tmp_path / "a.jpg")
    listed = len(scan_hidden_data(tmp_path / "a.jpg"))
    shown = run("redact", tmp_path / "a.jpg", "-o", tmp_path / "b.jpg")
    assert shown.stderr.startswith(f"a.jpg: 0 regions, {listed} pieces of hidden data dropped")
