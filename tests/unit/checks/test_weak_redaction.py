"""Marks in pictures that can be undone: where they are, how strong, and what looks like one."""

import cv2
import numpy as np
import pytest

from saferedact.checks.weak_redaction import weak_marks
from saferedact.checks.weak_redaction.find import under_alpha
from saferedact.frames import redact_regions
from saferedact.testing.leaks.scenes import chat_screen, face_place, photograph, portrait

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


@pytest.mark.parametrize("sigma", [8.0, 10.0])
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


def faded(picture, box, *, passes, color=0):
    x1, y1, x2, y2 = box
    part = picture[y1:y2, x1:x2].astype(np.float32)
    picture[y1:y2, x1:x2] = np.round(part * passes + color * (1 - passes)).astype(np.uint8)
    return picture


def swirled(picture, box, turns):
    x1, y1, x2, y2 = box
    middle_x, middle_y, radius = (x1 + x2) / 2, (y1 + y2) / 2, (y2 - y1) * 0.55
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    far = np.hypot(columns - middle_x, rows - middle_y)
    angle = np.arctan2(rows - middle_y, columns - middle_x)
    angle += 2 * np.pi * turns * np.clip(1 - far / radius, 0, 1)
    return cv2.remap(
        picture,
        (middle_x + far * np.cos(angle)).astype(np.float32),
        (middle_y + far * np.sin(angle)).astype(np.float32),
        cv2.INTER_LINEAR,
    )


def drawn_face(picture, center, radius, *, eyes=True, color=(255, 204, 50)):
    x, y = center
    cv2.circle(picture, center, radius, color, -1, cv2.LINE_AA)
    if eyes:
        for side in (-1, 1):
            place = (x + side * radius // 3, y - radius // 4)
            cv2.circle(picture, place, max(2, radius // 8), (90, 50, 10), -1, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("sigma", [14.0, 30.0])
def test_a_blur_that_leaves_hardly_anything_is_found(sigma):
    picture = photograph(seed=20)
    picture[Y1:Y2, X1:X2] = cv2.GaussianBlur(picture, (0, 0), sigma)[Y1:Y2, X1:X2]
    (mark,) = told(picture, "blur")
    assert inside(mark)


def test_a_picture_out_of_focus_around_a_sharp_person_has_no_blur():
    picture = photograph(seed=23)
    soft = cv2.GaussianBlur(picture, (0, 0), 6)
    mask = np.zeros(picture.shape[:2], np.float32)
    cv2.ellipse(mask, (320, 260), (90, 150), 0, 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 2)[..., None]
    assert told((picture * mask + soft * (1 - mask)).astype(np.uint8), "blur") == []


@pytest.mark.parametrize(("passes", "color"), [(0.1, 0), (0.25, 0), (0.15, 255)])
def test_small_see_through_boxes_are_found(passes, color):
    box = (300, 200, 344, 250)
    marks = weak_marks(faded(photograph(seed=22), box, passes=passes, color=color))
    (mark,) = [m for m in marks if m.channel in ("see-through-box", "dimmed-box")]
    assert np.abs(np.array(mark.xyxy) - box).max() <= 16
    assert abs(mark.strength - passes) < 0.12


def test_a_see_through_box_at_the_edge_is_only_supposed():
    marks = weak_marks(faded(photograph(seed=22), (0, 200, 90, 300), passes=0.2))
    assert {mark.channel for mark in marks} == {"dimmed-box"}


def test_a_see_through_band_with_words_is_only_supposed():
    picture = faded(photograph(seed=22), (40, 380, 600, 450), passes=0.3)
    cv2.putText(picture, "Appeal", (80, 430), cv2.FONT_HERSHEY_DUPLEX, 1.4, (255,) * 3, 3)
    channels = {mark.channel for mark in weak_marks(picture)}
    assert "dimmed-box" in channels
    assert "see-through-box" not in channels


@pytest.mark.parametrize(("cell", "channel"), [(1, "see-through-box"), (8, "dimmed-box")])
def test_a_see_through_box_on_pixel_art_is_only_supposed(cell, channel):
    small = photograph(seed=22)[::cell, ::cell]
    picture = np.kron(small, np.ones((cell, cell, 1), np.uint8))
    picture = faded(picture, PLACE, passes=0.1)
    coded = cv2.imdecode(cv2.imencode(".jpg", picture)[1], cv2.IMREAD_COLOR)
    seen = {mark.channel for mark in weak_marks(coded)}
    assert seen & {"see-through-box", "dimmed-box"} == {channel}


@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (200, 20, 30)])
def test_opaque_boxes_let_nothing_through(color):
    picture = photograph(seed=22)
    picture[Y1:Y2, X1:X2] = color
    assert weak_marks(picture) == ()


@pytest.mark.parametrize("turns", [1.0, -1.0, 1.5])
def test_swirls_either_way_round_are_found(turns):
    marks = told(swirled(portrait(), face_place(), turns), "swirl")
    assert len(marks) == 1
    x1, y1, x2, y2 = marks[0].xyxy
    assert x1 < (face_place()[0] + face_place()[2]) / 2 < x2
    assert y1 < (face_place()[1] + face_place()[3]) / 2 < y2


def test_rings_and_spokes_are_no_swirls():
    rows, columns = np.mgrid[:240, :240] - 120.0
    rings = 128 + 100 * np.sin(np.hypot(rows, columns) / 3)
    spokes = 128 + 100 * np.sin(12 * np.arctan2(rows, columns))
    for pattern in (rings, spokes):
        assert told(pattern.astype(np.uint8), "swirl") == []


@pytest.mark.parametrize("radius", [14, 40])
def test_drawn_faces_are_found(radius):
    picture = drawn_face(photograph(seed=22), (320, 240), radius)
    (mark,) = told(picture, "sticker")
    assert abs(mark.xyxy[2] - mark.xyxy[0] - 2 * radius) <= 3


def test_discs_without_eyes_and_of_other_colors_are_no_faces():
    picture = drawn_face(photograph(seed=22), (200, 240), 40, eyes=False)
    picture = drawn_face(picture, (420, 240), 40, color=(40, 90, 200))
    assert told(picture, "sticker") == []
    assert told(picture[..., 0], "sticker") == []


def test_codes_on_pages_are_no_pixelated_text():
    page = np.full((400, 400), 250, np.uint8)
    modules = np.random.default_rng(3).random((21, 21)) < 0.5
    page[80:332, 80:332] = np.where(np.kron(modules, np.ones((12, 12))) > 0, 10, 250)
    assert told(page, "mosaic-text") == []


@pytest.mark.parametrize("sharp_marks", [0, 8])
def test_blurred_words_are_told_though_a_line_below_begins_within_the_last_block(sharp_marks):
    picture = chat_screen()[..., 1].copy()
    picture[70:190, 60:760] = cv2.GaussianBlur(picture, (0, 0), 4.0)[70:190, 60:760]
    for left in range(160, 160 + 40 * sharp_marks, 40):
        picture[180:185, left : left + 4] = 17
    (mark,) = told(picture, "blurred-text")
    assert (mark.xyxy[0] < 160, mark.xyxy[2] > 500) == (True, True)
