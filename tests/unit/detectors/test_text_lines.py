import numpy as np
import pytest

from saferedact.detectors import text_lines
from saferedact.detectors.text_lines import TILE, find_lines, lines_of_map
from saferedact.errors import LimitExceededError

WHOLE = (round(TILE * 0.8), TILE)  # a page of 2,000 x 1,600 px seen at once


def ink(image):
    """A finder for which everything that is not white is text."""
    return np.where((image != 255).any(axis=2), 255, 0).astype(np.uint8)


def overview(image):
    """Ink of the whole page of 2,000 x 1,600 px, or of a part that is shown smaller; nothing of tiles."""
    smaller = max(image.shape) < TILE
    return (
        ink(image) if image.shape[:2] == WHOLE or smaller else np.zeros(image.shape[:2], np.uint8)
    )


def page(size_wh, *boxes):
    picture = np.full((size_wh[1], size_wh[0], 3), 255, dtype=np.uint8)
    for x1, y1, x2, y2 in boxes:
        picture[y1:y2, x1:x2] = 0
    return picture


def hulls(quads):
    return np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1)


def contains(quads, box):
    found = hulls(quads)
    return ((found[:, :2] <= box[:2]) & (found[:, 2:] >= box[2:])).all(axis=1)


def test_an_empty_map_has_no_lines():
    assert lines_of_map(np.zeros((20, 30), np.uint8)).shape == (0, 4, 2)


def test_a_bar_becomes_a_quad_around_it_that_begins_at_the_top_left():
    text = np.zeros((100, 300), np.uint8)
    text[40:50, 60:260] = 200
    (quad,) = lines_of_map(text)
    grow = 200 * 10 * 1.6 / (2 * 210)
    expected = [[60, 40], [260, 40], [260, 50], [60, 50]] + grow * np.array(
        [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    )
    np.testing.assert_allclose(quad, expected, atol=1.5)


@pytest.mark.parametrize("degrees", [-40, -10, 10, 30, 44])
def test_a_slanted_bar_keeps_its_direction(degrees):
    import cv2

    rectangle = ((150, 150), (200, 12), degrees)
    text = np.zeros((300, 300), np.uint8)
    cv2.fillPoly(text, [np.int32(cv2.boxPoints(rectangle))], 255)
    (quad,) = lines_of_map(text)
    along = quad[1] - quad[0]
    assert np.rad2deg(np.arctan2(along[1], along[0])) == pytest.approx(degrees, abs=1)
    assert np.hypot(*along) > 200


@pytest.mark.parametrize(("side", "value"), [(1, 255), (20, 90)])
def test_what_is_thin_or_faint_is_no_line(side, value):
    text = np.zeros((100, 100), np.uint8)
    text[40 : 40 + side, 20:80] = value
    assert len(lines_of_map(text)) == 0


@pytest.mark.parametrize("size_wh", [(1, 1), (30, 5), (TILE, TILE), (TILE + 1, 50), (2000, 1500)])
def test_every_pixel_is_looked_at(size_wh):
    seen = np.zeros((size_wh[1], size_wh[0]), bool)
    picture = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    rows, columns = np.indices(seen.shape)
    picture[:, :, 0], picture[:, :, 1], picture[:, :, 2] = rows % 256, columns % 256, rows // 256 * 16 + columns // 256  # fmt: skip
    shapes = []

    def text_map(tile):
        shapes.append(tile.shape[:2])
        high, low = tile.astype(int)[:, :, 2] // 16, tile.astype(int)[:, :, 2] % 16
        y, x = tile[:, :, 0] + high * 256, tile[:, :, 1] + low * 256
        if tile.shape[:2] == (y.max() - y.min() + 1, x.max() - x.min() + 1):
            seen[y.min() : y.max() + 1, x.min() : x.max() + 1] = True
        return np.zeros(tile.shape[:2], np.uint8)

    find_lines(picture, text_map)
    assert seen.all()
    assert max(max(shape) for shape in shapes) <= TILE


def test_a_line_across_tiles_is_one_line():
    box = (100, 1000, 1900, 1030)
    quads = find_lines(page((2000, 1600), box), ink)
    assert contains(quads, np.array(box)).tolist() == [True]


def test_what_only_the_overview_sees_is_found_where_it_is():
    box = (200, 300, 1700, 700)
    quads = find_lines(page((2000, 1600), box), overview)
    assert contains(quads, np.array(box)).tolist() == [True]


def test_fragments_do_not_hide_a_large_line_of_the_overview():
    box = (200, 300, 1700, 700)

    def text_map(tile):
        if tile.shape != (TILE, TILE, 3):
            return overview(tile)
        text = np.zeros(tile.shape[:2], np.uint8)
        text[100:140, 300:400] = 255
        return text

    assert contains(find_lines(page((2000, 1600), box), text_map), np.array(box)).sum() == 1


@pytest.mark.parametrize(("height", "smaller", "found"), [(80, 0, 1), (300, 0, 0), (300, 1, 1)])
def test_what_fills_the_picture_is_text_only_if_it_is_one_when_shown_smaller(
    height, smaller, found
):
    """A face that fills a picture looks like a letter, as large as itself."""
    picture = page((640, 480), (60, 90, 560, 90 + height))

    def text_map(tile):
        if tile.shape == picture.shape or smaller:
            return ink(tile)
        return np.zeros(tile.shape[:2], np.uint8)

    assert len(find_lines(picture, text_map)) == found


def test_low_lines_within_a_large_one_do_not_make_it_text():
    picture = page((640, 480), (60, 90, 560, 390))

    def text_map(tile):
        if tile.shape == picture.shape:
            return ink(tile)
        text = np.zeros(tile.shape[:2], np.uint8)
        text[::12] = text[1::12] = text[2::12] = 255
        return text

    assert len(find_lines(picture, text_map)) == 0


def test_too_many_lines_are_an_error_not_a_selection(monkeypatch):
    monkeypatch.setattr(text_lines, "MAX_LINES", 1)
    picture = page((200, 200), (20, 20, 120, 40), (20, 80, 120, 100))
    with pytest.raises(LimitExceededError, match="more than 1 lines"):
        find_lines(picture, ink)
