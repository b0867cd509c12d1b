"""``saferedact demo``, the first thing that anybody runs."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

import saferedact
from saferedact.cli.demo_material import _CAMERA, _ROWS
from saferedact.cli.demo_moving import _TITLE
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.plan import ImageRegion, TrackRegion, load_plan

pytestmark = [pytest.mark.model, pytest.mark.slow]

NAMES = [
    "crowd.png",
    "letter.pdf",
    "moving.gif",
    "pages.tiff",
    "phone.jpg",
    "portrait.heic",
    "portrait.jpg",
    "walk.mp4",
]
FROSTED = ["crowd.png", "portrait.jpg"]

TEXTS = ["caption.srt", "statement.txt"]
RELEASE = [
    "case.toml",
    *(f"{folder}/{name}" for folder in ("to-check", "released/publish") for name in TEXTS),
    *(f"released/{name}" for name in ("manifest.json", "report.html", "report.json")),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    pytest.importorskip("skimage")
    folder = tmp_path_factory.mktemp("demo") / "new"
    finished = subprocess.run(
        [sys.executable, "-m", "saferedact", "demo", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(saferedact.__file__).parents[1])},
    )
    assert finished.returncode == 0, finished.stderr
    return folder, finished.stdout


def test_what_is_made(demo):
    folder, shown = demo
    made = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert made == sorted(
        ["before-after.png", "contact-sheet-frost.png", "contact-sheet-release.png"]
        + [f"originals/{name}" for name in NAMES]
        + [f"redacted/release/{name}" for name in NAMES]
        + [f"plans/release/{name}.plan.json" for name in NAMES]
        + [f"redacted/frost/{name}" for name in FROSTED]
        + [f"plans/frost/{name}.plan.json" for name in FROSTED]
        + RELEASE
    )
    assert f"Look at {folder / 'before-after.png'}" in shown
    assert f"saferedact probe {folder / 'redacted' / 'release' / 'portrait.jpg'}" in shown


def test_nothing_planted_is_left(demo):
    folder, _ = demo
    for path in (folder / "redacted").rglob("*.*"):
        data = path.read_bytes()
        assert _CAMERA.encode() not in data
        assert b"Case 00" not in data
        assert b"Exif" not in data
        assert _TITLE.encode() not in data
        assert path.suffix == ".pdf" or scan_hidden_data(path) == ()


def test_the_letter_names_nobody(demo):
    folder, _ = demo
    with pymupdf.open(folder / "redacted" / "release" / "letter.pdf") as letter:
        words = letter[0].get_text()
        assert letter.metadata["author"] == ""
    assert "statement" in words
    assert not any(secret in words for secret in ("Nair", "Kemble", "Fuller", "900345"))


def test_the_face_in_the_film_is_hidden_in_every_frame(demo):
    folder, _ = demo
    plan = load_plan(folder / "plans" / "release" / "walk.mp4.plan.json")
    shown = {
        frame
        for region in plan.regions
        if isinstance(region, TrackRegion) and region.label == "face"
        for frame in range(region.frame[0], region.frame[-1] + 1)
    }
    assert shown == set(range(plan.media.frames))


def test_faces_are_hidden_and_the_rest_is_not(demo):
    folder, _ = demo
    with Image.open(folder / "before-after.png") as image:
        original, solid, frost = np.split(np.asarray(image).astype(int), 3, axis=1)
    face = np.s_[80:150, 190:260]
    away = np.s_[300:, 100:]
    assert solid[face].max() < 10
    assert np.abs(frost[face] - original[face]).mean() > 20
    for redacted in (solid, frost):
        assert np.abs(redacted[away] - original[away]).mean() < 4  # the losses of a JPEG


def test_every_person_of_the_crowd_is_found(demo):
    folder, _ = demo
    plan = load_plan(folder / "plans" / "release" / "crowd.png.plan.json")
    sure = [r for r in plan.regions if isinstance(r, ImageRegion) and not r.needs_review]
    assert len(sure) >= sum(people for _, _, people in _ROWS)
