"""Laws of growing boxes to whole cells."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saferedact.geometry import Grid, clip, snap_outward
from saferedact.testing.frames import box_arrays, grids

SIZES = st.tuples(st.integers(1, 70), st.integers(1, 70))


def lines(side, cell, origin):
    """Positions at which a region may end along one axis."""
    inner = [line for line in range(side + 1) if (line - origin) % cell == 0]
    return sorted({0, side, *inner})


@given(st.data(), SIZES, grids())
def test_edges_are_the_nearest_lines_outside_the_box(data, size_wh, grid):
    xyxy = data.draw(box_arrays(size_wh))
    found = snap_outward(xyxy, grid, size_wh).tolist()
    for box, snapped in zip(clip(xyxy, size_wh).tolist(), found, strict=True):
        x1, y1, x2, y2 = box
        if x1 == x2 or y1 == y2:
            assert snapped == [0, 0, 0, 0]
            continue
        xs, ys = (
            lines(side, cell, origin)
            for side, cell, origin in zip(size_wh, grid.size_wh, grid.origin_xy, strict=True)
        )
        assert snapped == [
            max(x for x in xs if x <= x1),
            max(y for y in ys if y <= y1),
            min(x for x in xs if x >= x2),
            min(y for y in ys if y >= y2),
        ]


@given(st.data(), SIZES, grids(), st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_a_reach_grows_what_is_not_empty(data, size_wh, grid, reach_wh):
    xyxy = data.draw(box_arrays(size_wh))
    cells = snap_outward(xyxy, grid, size_wh)
    covers = cells.any(axis=1)
    grown = cells + np.array([-1, -1, 1, 1]) * np.tile(reach_wh, 2)
    expected = clip(grown.astype(np.float32), size_wh) * covers[:, None]
    reaching = Grid(grid.size_wh, grid.origin_xy, reach_wh)
    np.testing.assert_array_equal(snap_outward(xyxy, reaching, size_wh), expected)


@given(st.data(), SIZES, grids())
def test_snapping_twice_changes_nothing(data, size_wh, grid):
    once = snap_outward(data.draw(box_arrays(size_wh)), grid, size_wh)
    np.testing.assert_array_equal(snap_outward(once.astype(np.float32), grid, size_wh), once)


@given(st.data(), SIZES, grids(), st.tuples(st.integers(-3, 3), st.integers(-3, 3)))
def test_an_origin_a_whole_cell_away_is_the_same_grid(data, size_wh, grid, cells):
    xyxy = data.draw(box_arrays(size_wh))
    origin = tuple(
        at + count * side
        for at, count, side in zip(grid.origin_xy, cells, grid.size_wh, strict=True)
    )
    np.testing.assert_array_equal(
        snap_outward(xyxy, Grid(grid.size_wh, origin), size_wh), snap_outward(xyxy, grid, size_wh)
    )


@given(st.data(), grids(), st.tuples(st.integers(0, 20), st.integers(0, 20)))
def test_moving_box_and_grid_moves_the_cells(data, grid, shift):
    room = (400, 400)  # no edge of the frame is near
    xyxy = data.draw(box_arrays((40, 40))) + np.float32(100)
    moved_grid = Grid(grid.size_wh, tuple(np.add(grid.origin_xy, shift).tolist()))
    moved = snap_outward(xyxy + np.tile(np.float32(shift), 2), moved_grid, room)
    still = snap_outward(xyxy, grid, room)
    covers = still.any(axis=1)
    np.testing.assert_array_equal(moved[covers], still[covers] + np.tile(shift, 2))


@given(st.data(), SIZES, grids(), grids())
def test_grids_with_a_common_corner_join_to_lines_of_both(data, size_wh, grid, other):
    other = Grid(other.size_wh, grid.origin_xy)
    xyxy = data.draw(box_arrays(size_wh))
    found = snap_outward(xyxy, grid.refined_to(other), size_wh)
    for one in (grid, other):
        np.testing.assert_array_equal(snap_outward(found.astype(np.float32), one, size_wh), found)
