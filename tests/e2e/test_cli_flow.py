"""The commands as people use them, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import saferedact
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.plan import load_plan
from saferedact.testing.detectors import write_pictures
from saferedact.testing.images import image_with_hidden_data


def saferedact_command(*arguments, code=0, **environment):
    """Run a command in a process of its own."""
    known = {**os.environ, "PYTHONPATH": str(Path(saferedact.__file__).parents[1])}
    finished = subprocess.run(
        [sys.executable, "-m", "saferedact", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=known | environment,
    )
    assert finished.returncode == code, finished.stderr
    return finished


def files_of(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.fixture(scope="module")
def portrait():
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut()[:256, 80:336])


@pytest.mark.model
def test_detect_edit_apply_verify(tmp_path, portrait):
    source, plan, out = (tmp_path / name for name in ("a.png", "plan.json", "b.png"))
    write_pictures(source, portrait)
    before = source.read_bytes()
    saferedact_command("detect", source, "-o", plan, "--policy", "review")
    shown = json.loads(saferedact_command("plan", "show", plan, "--json").stdout)
    face = max(shown["regions"], key=lambda region: region["score"])
    x1, y1, x2, y2 = face["xyxy"]
    assert x1 < 145 < x2  # where the face of the portrait is
    assert y1 < 110 < y2
    # Nobody has decided yet.
    arguments = (source, plan, "-o", out, "--policy", "review", "--json")
    refused = json.loads(saferedact_command("apply", *arguments, code=2).stdout)
    assert refused["error"]["code"] == "input"
    assert not out.exists()
    # The face is given back, and a piece of the suit is to go.
    saferedact_command("plan", "accept", plan, "--all")
    saferedact_command("plan", "reject", plan, "--id", face["id"], "--reason", "S40.2")
    saferedact_command("plan", "add", plan, "--box", "8,200,64,250", "--label", "code")
    saferedact_command("apply", source, plan, "-o", out, "--policy", "review")
    # The face is visible, but a person said that it may be.
    saferedact_command("verify", source, out, plan, "--policy", "review")
    hidden = np.zeros(portrait.shape[:2], dtype=bool)
    for region in load_plan(plan).regions:
        if region.decision == "accepted":
            left, top, right, bottom = (round(value) for value in region.xyxy)
            hidden[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = True
    with Image.open(out) as image:
        redacted = np.asarray(image)
    assert np.array_equal(redacted[~hidden], portrait[~hidden])
    assert not redacted[200:250, 8:64].any()
    # Without that decision the same file is not fit for release.
    saferedact_command("plan", "accept", plan, "--id", face["id"])
    judged = saferedact_command("verify", source, out, plan, "--policy", "review", "--json", code=6)
    assert json.loads(judged.stdout)["verdict"] == "blocked"
    assert source.read_bytes() == before


@pytest.mark.model
def test_a_folder_with_two_workers(tmp_path, portrait):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    write_pictures(folder / "face.png", portrait)
    write_pictures(folder / "deep" / "wall.png", np.full((64, 64, 3), 90, dtype=np.uint8))
    (folder / "bad.jpg").write_bytes(b"not a picture")
    finished = saferedact_command(
        "redact", folder, "-o", tmp_path / "out", "--jobs", 2, "--json", code=2
    )
    files = {entry["name"]: entry for entry in json.loads(finished.stdout)["files"]}
    assert list(files) == ["bad.jpg", "face.png", "deep/wall.png"]
    assert files["bad.jpg"]["error"]["code"] == "unsupported-format"
    assert files["face.png"]["regions"] >= 1
    assert files["deep/wall.png"]["report"]["verdict"] == "no_finding"
    assert files_of(tmp_path / "out") == ["deep/wall.png", "face.png"]
    with Image.open(tmp_path / "out" / "face.png") as image:
        assert not np.asarray(image)[90:120, 130:160].any()  # between the eyes


def test_every_format_in_one_run(tmp_path, policy):
    folder = tmp_path / "in"
    folder.mkdir()
    suffixes = {
        "JPEG": "jpg",
        "MPO": "mpo",
        "PNG": "png",
        "GIF": "gif",
        "WEBP": "webp",
        "TIFF": "tif",
        "BMP": "bmp",
        "HEIF": "heic",
        "AVIF": "avif",
    }
    planted = {}
    for image_format, suffix in suffixes.items():
        path = folder / f"a.{suffix}"
        planted[path.name] = image_with_hidden_data(image_format, path)
    saferedact_command("redact", folder, "-o", tmp_path / "out", "--policy", policy, "--jobs", 2)
    assert files_of(tmp_path / "out") == sorted(planted)
    for name, markers in planted.items():
        written = (tmp_path / "out" / name).read_bytes()
        assert [place for place, marker in markers.items() if marker in written] == []
        assert scan_hidden_data(tmp_path / "out" / name) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="others refuse such names")
def test_names_that_are_no_text(tmp_path, policy):
    name = os.fsdecode(b"\xff\x1b[31m.png")
    write_pictures(tmp_path / name, np.zeros((8, 8, 3), dtype=np.uint8))
    arguments = ["--policy", policy]
    plan, out = tmp_path / f"{name}.json", tmp_path / f"b{name}"
    for command in (
        ["detect", tmp_path / name, "-o", plan, *arguments],
        ["apply", tmp_path / name, plan, "-o", out, *arguments],
        ["redact", tmp_path / name, "-o", f"{out}.png", *arguments],
    ):
        # Strict UTF-8, as in most locales: what is no text cannot be written as it is.
        finished = saferedact_command(*command, PYTHONUTF8="1", PYTHONIOENCODING="utf-8:strict")
        assert (finished.stdout + finished.stderr).replace("\n", "").isprintable()


@pytest.mark.skipif(sys.platform != "linux", reason="the cache is elsewhere on others")
def test_without_its_model_offline(tmp_path):
    write_pictures(tmp_path / "a.png", np.zeros((8, 8, 3), dtype=np.uint8))
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "SAFEREDACT_OFFLINE": "1"}
    environment["SAFEREDACT_MODELS"] = ""
    arguments = ["redact", tmp_path / "a.png", "-o", tmp_path / "b.png", "--json"]
    finished = saferedact_command(*arguments, code=4, **environment)
    assert json.loads(finished.stdout)["error"]["code"] == "model-missing"
    assert "saferedact models fetch centerface" in finished.stderr
    assert files_of(tmp_path) == ["a.png"]
