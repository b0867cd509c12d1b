"""``saferedact demo``: refusals and material here; the whole demo is an end-to-end test."""

import sys

import numpy as np
import pikepdf
import pytest
from PIL import Image

from saferedact.cli import demo_material
from saferedact.errors import DetectorError
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.image_read import open_image
from saferedact.media.video_read import open_video
from saferedact.pipeline import batch

ORIGINALS = {
    "crowd.png": ("PNG", 1),
    "moving.gif": ("GIF", 3),
    "pages.tiff": ("TIFF", 2),
    "phone.jpg": ("JPEG", 1),
    "portrait.heic": ("HEIF", 1),
    "portrait.jpg": ("JPEG", 1),
}


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("originals")
    demo_material.make_originals(folder)
    return folder


def test_originals_are_of_many_formats(originals):
    assert {path.name for path in originals.iterdir()} == {*ORIGINALS, "walk.mp4", "letter.pdf"}
    found = {}
    for path in map(originals.joinpath, ORIGINALS):
        with open_image(path) as image:
            found[path.name] = (image.info.format, image.info.frames)
    assert found == ORIGINALS


@pytest.mark.parametrize("name", ["crowd.png", "phone.jpg", "portrait.heic", "portrait.jpg"])
def test_originals_hide_a_place(originals, name):
    assert "gps" in {item.channel for item in scan_hidden_data(originals / name)}


def test_the_film_and_the_letter_say_too_much(originals):
    assert "text" in {item.channel for item in scan_hidden_data(originals / "walk.mp4")}
    with open_video(originals / "walk.mp4") as film:
        assert film.info.size_wh == (640, 360)
    with pikepdf.open(originals / "letter.pdf") as letter:
        assert str(letter.docinfo["/Author"]) == "Priya Nair"
        assert len(letter.pages) == 1


def test_the_phones_picture_is_stored_lying_and_read_upright(originals):
    with Image.open(originals / "phone.jpg") as stored:
        assert stored.size == demo_material._CROWD_SIZE_WH[::-1]
    pixels = []
    for name in ("phone.jpg", "crowd.png"):
        with open_image(originals / name) as image:
            pixels.append(next(image.frames()).pixels.astype(int))
    assert np.abs(pixels[0] - pixels[1]).mean() < 4  # the losses of a JPEG


def test_before_and_after_is_the_pictures_side_by_side(originals, tmp_path):
    destination = tmp_path / "both.png"
    source = originals / "crowd.png"
    demo_material.before_and_after(source, [source, source], destination)
    width, height = demo_material._CROWD_SIZE_WH
    with Image.open(destination) as image:
        pixels = np.asarray(image)
    assert pixels.shape == (height, 3 * width, 3)
    assert np.array_equal(pixels[:, :width], pixels[:, 2 * width :])


@pytest.mark.usefixtures("planted")
class TestCommand:
    def test_both_policies_are_shown(self, tmp_path, run):
        shown = run("demo", tmp_path / "demo")
        for policy, count in (("release", len(ORIGINALS) + 2), ("frost", 2)):
            made = sorted((tmp_path / "demo" / "redacted" / policy).iterdir())
            assert len(made) == count
            assert all(scan_hidden_data(path) == () for path in made if path.suffix != ".pdf")
            assert (tmp_path / "demo" / f"contact-sheet-{policy}.png").is_file()
        assert f"Look at {tmp_path / 'demo' / 'before-after.png'}" in shown.stdout
        assert "A release, checked with case.toml: blocked" in shown.stdout
        assert "redacted by saferedact release: review" in shown.stdout
        published = tmp_path / "demo" / "released" / "publish"
        words = "".join(path.read_text(encoding="utf-8") for path in published.iterdir())
        assert "Stuart Kemble" in words
        assert "Nair" not in words + shown.stdout

    def test_a_failure_ends_it_with_its_exit_code(self, tmp_path, run, monkeypatch):
        def refuse(*_, **__):
            msg = "blind"
            raise DetectorError(msg)

        monkeypatch.setattr(batch, "redact_with_plan", refuse)
        run("demo", tmp_path / "demo", code=4)
        assert not list((tmp_path / "demo").glob("redacted/*/*"))

    def test_a_folder_that_holds_something(self, tmp_path, run):
        (tmp_path / "mine").write_bytes(b"")
        shown = run("demo", tmp_path, code=2)
        assert shown.stderr == "error: the folder for the demo must be new or empty\n"
        assert [path.name for path in tmp_path.iterdir()] == ["mine"]

    def test_a_file_for_a_folder(self, tmp_path, run):
        (tmp_path / "mine").write_bytes(b"")
        assert "is a file" in run("demo", tmp_path / "mine", code=2).stderr

    def test_a_folder_that_cannot_be_made(self, tmp_path, run):
        (tmp_path / "mine").write_bytes(b"")
        shown = run("demo", tmp_path / "mine" / "demo", code=5)
        assert shown.stderr.startswith("error: the demo's files cannot be written: ")

    def test_without_its_pictures(self, tmp_path, run, monkeypatch):
        monkeypatch.setitem(sys.modules, "skimage.data", None)
        shown = run("demo", tmp_path / "demo", code=7)
        assert "pip install 'saferedact[demo]'" in shown.stderr
