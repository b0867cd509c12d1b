"""Marks in pictures that can be undone: where they are, how strong, and what looks like one."""

import cv2
import numpy as np
import pytest

from saferedact.checks.weak_redaction import weak_marks
from saferedact.checks.weak_redaction.find import under_alpha
from saferedact.frames import redact_regions
from saferedact.testing.leaks.scenes import face_place, photograph, portrait

X1, Y1, X2, Y2 = 240, 160, 400, 320
PLACE = (X1, Y1, X2, Y2)


def told(picture, channel):
    return [mark for mark in weak_marks(picture) if mark.channel == channel]


def inside(mark):
    return X1 - 30 <= mark.xyxy[0] < mark.xyxy[2] <= X2 + 30 and (
        Y1 - 30 <= mark.xyxy[1] < mark.xyxy[3] <= Y2 + 30
    )


def pixelated(picture, cell):
    part = picture[Y1:Y2, X1:X2].astype(np.float32)
    for y in range(0, part.shape[0], cell):
        for x in range(0, part.shape[1], cell):
            part[y : y + cell, x : x + cell] = part[y : y + cell, x : x + cell].mean((0, 1))
    picture[Y1:Y2, X1:X2] = part
    return picture


@pytest.mark.parametrize("cell", [5, 8, 10, 16, 20])
def test_the_cells_of_a_mosaic_are_measured(cell):
    marks = told(pixelated(photograph(seed=20), cell), "mosaic")
    assert len(marks) == 1
    assert inside(marks[0])
    ratio = marks[0].strength / cell
    assert min(abs(ratio - 1), abs(ratio - 0.5)) < 0.1  # half a cell fits the grid as well


@pytest.mark.parametrize("sigma", [5.0, 8.0])
def test_the_strength_of_a_blur_is_measured(sigma):
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    picture[y1:y2, x1:x2] = cv2.GaussianBlur(picture, (0, 0), sigma)[y1:y2, x1:x2]
    marks = told(picture, "blur")
    assert len(marks) == 1
    assert 0.6 * sigma < marks[0].strength < 1.5 * sigma


@pytest.mark.parametrize("opacity", [0.75, 0.9])
def test_what_a_box_lets_through_is_measured(opacity):
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    picture[y1:y2, x1:x2] = np.round(picture[y1:y2, x1:x2] * (1 - opacity))
    (mark,) = told(picture, "see-through-box")
    assert abs(mark.strength - (1 - opacity)) < 0.03
    assert np.abs(np.array(mark.xyxy) - face_place()).max() <= 16


@pytest.mark.parametrize("operator", ["solid", "frost"])
def test_safe_operators_are_no_weak_marks(operator):
    for picture in (photograph(seed=21), portrait()):
        before = weak_marks(picture)
        redact_regions(picture, [PLACE], operator=operator)
        assert weak_marks(picture) == before == ()


@pytest.mark.parametrize("seed", range(30, 38))
def test_photographs_have_no_marks(seed):
    assert weak_marks(photograph(seed=seed)) == ()


def test_gray_small_and_flat_pictures():
    assert weak_marks(np.zeros((480, 640), np.uint8)) == ()
    assert weak_marks(np.full((20, 20, 3), 200, np.uint8)) == ()
    assert weak_marks(np.zeros((65, 65, 3), np.uint8)) == ()


def test_large_pictures_are_thinned():
    picture = np.repeat(np.repeat(pixelated(photograph(seed=20), 10), 10, 0), 10, 1)
    marks = told(picture[:4000, :6400], "mosaic")
    assert all(mark.strength >= 40 for mark in marks)


def test_colors_under_clear_pixels():
    shown = np.dstack([portrait(), np.full((512, 512), 255, np.uint8)])
    assert under_alpha(shown) == ()
    shown[100:140, 50:90, 3] = 3
    (mark,) = under_alpha(shown, frame=2)
    assert (mark.xyxy, mark.page) == ((50.0, 100.0, 90.0, 140.0), 2)
    shown[100:140, 50:90, :3] = 7
    assert under_alpha(shown) == ()
