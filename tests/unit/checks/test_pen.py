"""Strokes of pens over drawn pictures: what lets something through is told, what covers is not."""

import cv2
import numpy as np
import pytest

from saferedact.checks.weak_redaction import weak_marks
from saferedact.checks.weak_redaction.pen import find_pens
from saferedact.testing.leaks.scenes import chat_screen


def scribbled(pixels, opacity, color=(0, 0, 0)):
    """Scribble up and down over the first card, from beside it, as with a marker."""
    points = [(60 + 42 * n, 90 + (n % 2) * 110 + 7 * (n % 3)) for n in range(16)]
    mask = np.zeros(pixels.shape[:2], np.uint8)
    cv2.polylines(mask, [np.array(points)], False, 255, 26, cv2.LINE_AA)
    share = (mask / 255 * opacity)[..., None]
    return (pixels * (1 - share) + np.array(color) * share).round().astype(np.uint8)


@pytest.mark.parametrize("opacity", [0.7, 0.9])
@pytest.mark.parametrize(
    ("dark", "color"),
    [(False, (0, 0, 0)), (False, (20, 60, 200)), (True, (255, 255, 255)), (True, (200, 240, 90))],
)
def test_a_marker_that_lets_words_through_is_told(dark, color, opacity):
    (stroke,) = find_pens(scribbled(chat_screen(dark=dark), opacity, color).astype(np.float32))
    x1, y1, x2, y2 = stroke.box
    assert (x1 < 130, y1 < 130, x2 > 600, y2 > 180) == (True, True, True, True)
    assert 0.02 <= stroke.share <= 0.36


def test_a_stroke_is_a_mark():
    marks = weak_marks(scribbled(chat_screen(), 0.9))
    (mark,) = [mark for mark in marks if mark.channel in ("see-through-box", "dimmed-box")]
    assert 0.02 <= mark.strength <= 0.36


def test_what_is_crossed_everywhere_is_certain():
    pixels = np.full((400, 780, 3), 250, np.uint8)
    for left in range(70, 700, 60):
        pixels[60:240, left : left + 30] = 130
    strokes = find_pens(scribbled(pixels, 0.9).astype(np.float32))
    assert [stroke.sure for stroke in strokes] == [True]
    assert 0.05 < strokes[0].share < 0.12


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_a_pen_that_covers_is_none(dark, color):
    pixels = scribbled(chat_screen(dark=dark), 1.0, color)
    assert find_pens(pixels.astype(np.float32)) == []


@pytest.mark.parametrize("quality", [70, 90])
def test_a_pen_that_covers_is_none_when_coded(quality):
    pixels = scribbled(chat_screen(), 1.0)
    _, coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert find_pens(decoded.astype(np.float32)) == []


def test_screens_and_noise_have_none():
    noise = np.random.default_rng(3).integers(0, 256, (300, 300)).astype(np.float32)
    for plane in (noise, *(chat_screen(dark=dark).astype(np.float32) for dark in (False, True))):
        assert find_pens(plane) == []
    for size in ((64, 64), (1, 1), (64, 1)):
        assert find_pens(np.zeros(size, np.float32)) == []


def test_a_highlighter_is_none():
    pixels = chat_screen()
    pixels[90:140, 130:600] = np.minimum(pixels[90:140, 130:600], (255, 255, 90))
    assert find_pens(pixels.astype(np.float32)) == []
