"""What a check sees in pictures, on pages and in films; the reader and the detector are planted."""

from dataclasses import replace

import cv2
import numpy as np
import pymupdf
import pytest

from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.media.pdf_views import PageView
from saferedact.pipeline.pdf.pictures import parts_to_look_at
from saferedact.pipeline.seen import see
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels
from saferedact.testing.videos import Clip, write_clip

POLICY = load_policy("release")
PLANTED = (PlantedDetector(),)
MARK = (20, 16, 44, 40)


class Reader:
    """Reads one line in every picture, and counts the pictures."""

    def __init__(self, text="a line"):
        self._text = text
        self.pictures = []

    def __call__(self, pixels):
        self.pictures.append(pixels.shape)
        quad = np.array([[10, 20], [60, 20], [60, 30], [10, 30]], np.float32)
        words = np.array([0], np.int64), np.array([len(self._text)], np.int64)
        return arrange([TextLine(quad, self._text, 0.9, *words, np.array([[0, 1]], np.float32))])


def seen(path, kind, *, detectors=PLANTED, reader=None):
    return see(path, kind, policy=POLICY, detectors=detectors, image_text=reader)


def marked(path):
    pixels = sample_pixels((96, 80))
    plant(pixels, [MARK])
    write_pictures(path, pixels)
    return path


def test_a_picture(tmp_path):
    found = seen(marked(tmp_path / "a.png"), "image", reader=Reader())
    assert [(sight.label, sight.frame, sight.xyxy) for sight in found.sights] == [("face", 0, MARK)]
    assert [(text.text, text.frame, text.origin) for text in found.texts] == [("a line", 0, "ocr")]
    assert found.unread == []


def test_nobody_to_look_or_read_is_told(tmp_path):
    found = seen(marked(tmp_path / "a.png"), "image", detectors=None)
    assert len(found.unread) == 2
    assert found.sights == []


@pytest.fixture
def document(tmp_path):
    """A page of text, and one with a marked picture at 72, 100 points."""
    path = tmp_path / "a.pdf"
    pixels = sample_pixels((200, 150))
    plant(pixels, [(40, 32, 88, 80)])
    cv2.imwrite(str(tmp_path / "p.png"), pixels[..., ::-1])
    with pymupdf.open() as made:
        made.new_page().insert_text((72, 72), "Nothing but text.")
        made.new_page().insert_image((72, 100, 272, 250), filename=str(tmp_path / "p.png"))
        made.save(path)
    return path


def test_pages_with_pictures_are_looked_at_and_boxes_are_in_points(document):
    reader = Reader()
    found = seen(document, "pdf", reader=reader)
    (sight,) = found.sights
    assert sight.frame == 1
    assert np.abs(np.subtract(sight.xyxy, (112, 132, 160, 180))).max() < 2
    assert {text.frame for text in found.texts} == {1}
    # The picture and 18 points around it are looked at; 10 pixels of 150 dpi are 4.8 points.
    ((height, width, _),) = reader.pictures
    assert abs(height - (150 + 36) * 150 / 72) < 8
    assert abs(width - (200 + 36) * 150 / 72) < 8
    assert 54 < found.texts[0].xyxy[0] < 60
    assert 82 < found.texts[0].xyxy[1] < 96


def test_what_the_text_layer_tells_is_not_read_again(tmp_path):
    """Words at a picture's edge would be read in halves."""
    pixels = np.full((60, 60, 3), 90, np.uint8)
    cv2.imwrite(str(tmp_path / "p.png"), pixels)
    with pymupdf.open() as made:
        page = made.new_page()
        page.insert_image((72, 100, 132, 160), filename=str(tmp_path / "p.png"))
        page.insert_text((80, 130), "A caption on the picture")
        made.save(tmp_path / "a.pdf")
    shown = []
    seen(tmp_path / "a.pdf", "pdf", detectors=(), reader=lambda p: shown.append(p) or Reader()(p))
    (picture,) = shown
    assert np.isin(np.abs(picture[12:-12, 12:-12].astype(int) - 90).max(axis=2), (0, 165)).all()


WHOLE = (0.0, 0.0, 400.0, 600.0)


@pytest.mark.parametrize(
    ("patches", "parts"),
    [
        ([], []),
        ([(100, 100, 150, 120)], [(82, 82, 168, 138)]),
        ([(0, 590, 400, 600)], [(0, 572, 400, 600)]),
        ([(100, 100, 150, 120), (180, 100, 230, 120)], [(82, 82, 248, 138)]),
        (
            [(10, 10, 20, 20), (380, 10, 390, 20), (40, 10, 360, 20)],
            [(0, 0, 400, 38)],
        ),
        ([(10, 10, 390, 320)], [WHOLE]),
        ([(10, 100 * n, 20, 100 * n + 10) for n in range(4)], 4),
        ([(10, 100 * n, 20, 100 * n + 10) for n in range(5)], [WHOLE]),
    ],
)
def test_the_parts_of_a_page_that_its_text_layer_cannot_vouch_for(patches, parts):
    view = PageView(0, (400.0, 600.0), (), look=False, raster="", patches=patches, trusted=True)
    found = parts_to_look_at(view)
    assert found == parts or len(found) == parts
    told = any(patches)
    assert parts_to_look_at(replace(view, look=True, trusted=False)) == [WHOLE]
    assert parts_to_look_at(replace(view, raster="it would look different")) == [WHOLE] * told


def test_a_film_is_followed_and_read_now_and_then(tmp_path):
    path = tmp_path / "a.mp4"
    write_clip(path, Clip(pts=tuple(range(0, 90 * 512, 512))))
    reader = Reader()
    found = seen(path, "video", detectors=(), reader=reader)
    assert 1 <= len(reader.pictures) <= 3
    assert [text.text for text in found.texts] == ["a line"]
    assert found.texts[0].time is not None
    assert any("every 2 seconds" in reason for reason in found.unread)


def test_what_moves_in_a_film_is_a_sight(tmp_path):
    path = tmp_path / "a.mp4"
    write_clip(path)

    class Everywhere(PlantedDetector):
        def boxes_in(self, image):
            height, width = image.shape[:2]
            return np.array([[width / 4, height / 4, width / 2, height / 2]], np.float32)

    found = seen(path, "video", detectors=(Everywhere(),))
    assert {sight.label for sight in found.sights} == {"face"}
    assert found.sights[0].frame == 0
