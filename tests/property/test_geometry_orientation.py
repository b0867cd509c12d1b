"""Orientation: boxes and grids go where the pixels go."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saferedact.geometry import (
    Grid,
    Orientation,
    boxes_to_stored,
    boxes_to_upright,
    clip,
    grid_to_upright,
    rotate_boxes_back,
    size_upright,
    snap_outward,
    to_upright,
)
from saferedact.testing.frames import box_arrays, grids

SIZES = st.tuples(st.integers(1, 30), st.integers(1, 30))
ORIENTATIONS = st.sampled_from(Orientation)


def paint(picture, box):
    x1, y1, x2, y2 = (int(value) for value in box)
    picture[y1:y2, x1:x2] = True


def whole_boxes(data, size_wh):
    """Boxes of whole pixels inside the frame."""
    return np.round(clip(data.draw(box_arrays(size_wh)), size_wh))


@given(st.data(), SIZES, ORIENTATIONS)
def test_a_painted_box_is_where_its_upright_box_is(data, size_wh, orientation):
    boxes = whole_boxes(data, size_wh)
    turned = boxes_to_upright(boxes, orientation, size_wh)
    assert (turned[:, :2] <= turned[:, 2:]).all()
    for stored_box, upright_box in zip(boxes, turned, strict=True):
        stored = np.zeros(size_wh[::-1], dtype=np.bool_)
        paint(stored, stored_box)
        expected = np.zeros(size_upright(size_wh, orientation)[::-1], dtype=np.bool_)
        paint(expected, upright_box)
        np.testing.assert_array_equal(to_upright(stored, orientation), expected)


@given(st.data(), SIZES, ORIENTATIONS)
def test_stored_and_upright_boxes_round_trip(data, size_wh, orientation):
    boxes = data.draw(box_arrays(size_wh))
    given_boxes = boxes.copy()
    upright = boxes_to_upright(boxes, orientation, size_wh)
    np.testing.assert_array_equal(boxes_to_stored(upright, orientation, size_wh), boxes)
    stored = boxes_to_stored(boxes, orientation, size_wh)
    np.testing.assert_array_equal(boxes_to_upright(stored, orientation, size_wh), boxes)
    np.testing.assert_array_equal(boxes, given_boxes)


@given(SIZES, grids(), ORIENTATIONS)
def test_cells_are_cut_where_the_upright_grid_says(size_wh, grid, orientation):
    y, x = np.indices(size_wh[::-1])
    cells = np.stack(
        [(x - grid.origin_xy[0]) // grid.size_wh[0], (y - grid.origin_xy[1]) // grid.size_wh[1]],
        axis=2,
    )
    upright = to_upright(cells, orientation)
    turned = grid_to_upright(grid, orientation, size_wh)
    for axis in (0, 1):
        pixels = upright.swapaxes(0, 1) if axis == 0 else upright
        changes = np.flatnonzero((np.diff(pixels, axis=0) != 0).any(axis=(1, 2))) + 1
        cell, origin = turned.size_wh[axis], turned.origin_xy[axis]
        expected = [at for at in range(1, len(pixels)) if (at - origin) % cell == 0]
        assert changes.tolist() == expected


@given(st.data(), SIZES, grids(), st.tuples(st.integers(0, 5), st.integers(0, 5)), ORIENTATIONS)
def test_snapping_before_or_after_turning_is_the_same(data, size_wh, grid, reach_wh, orientation):
    grid = Grid(grid.size_wh, grid.origin_xy, reach_wh)
    boxes = data.draw(box_arrays(size_wh))
    stored = snap_outward(boxes, grid, size_wh)
    covers = stored.any(axis=1)
    before = boxes_to_upright(stored.astype(np.float32), orientation, size_wh) * covers[:, None]
    after = snap_outward(
        boxes_to_upright(boxes, orientation, size_wh),
        grid_to_upright(grid, orientation, size_wh),
        size_upright(size_wh, orientation),
    )
    np.testing.assert_array_equal(after, before)


@given(st.data(), SIZES, st.sampled_from((0, 90, 180, 270)))
def test_a_box_of_a_turned_picture_is_found_in_the_picture(data, size_wh, degrees):
    turned_wh = size_wh[::-1] if degrees % 180 else size_wh
    boxes = whole_boxes(data, turned_wh)
    back = rotate_boxes_back(boxes, degrees, size_wh)
    for turned_box, box in zip(boxes, back, strict=True):
        picture = np.zeros(size_wh[::-1], dtype=np.bool_)
        paint(np.rot90(picture, degrees // 90), turned_box)
        expected = np.zeros_like(picture)
        paint(expected, box)
        np.testing.assert_array_equal(picture, expected)
