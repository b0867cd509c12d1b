"""Coverage against a loop over single pixels."""

from fractions import Fraction

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from saferedact.frames import coverage_mask
from saferedact.testing.frames import box_arrays, grids

SIZES = st.tuples(st.integers(1, 24), st.integers(1, 24))
SUBSAMPLINGS = st.sampled_from(((1, 1), (2, 1), (2, 2), (4, 4)))


def block_interval(pixel, cell, origin):
    low = (pixel - origin) // cell * cell + origin
    return low, low + cell


def touches(shape, box, columns, rows):
    """Whether a region has a point in common with the inside of a block."""
    x1, y1, x2, y2 = (Fraction(value) for value in box)
    if shape == "rectangle":
        return columns[0] < x2 and x1 < columns[1] and rows[0] < y2 and y1 < rows[1]
    parts = []
    for low, high, (start, stop) in ((x1, x2, columns), (y1, y2, rows)):
        center = (low + high) / 2
        nearest = min(max(center, start), stop)
        parts.append(((nearest - center) / ((high - low) / 2)) ** 2)
    # The sum of two roundings may fall on either side of a corner exactly on the ellipse.
    assume(0 in parts or abs(sum(parts) - 1) > 1e-12)
    return sum(parts) < 1


def visible_area(box, size_wh):
    x1, y1, x2, y2 = box
    return min(x2, size_wh[0]) > max(x1, 0) and min(y2, size_wh[1]) > max(y1, 0)


def slow_mask(size_wh, xyxy, shape, grid, subsampling):
    width, height = size_wh
    (cell_x, cell_y), (origin_x, origin_y) = grid.size_wh, grid.origin_xy
    dx, dy = subsampling
    mask = np.zeros((height, width), dtype=np.bool_)
    for box in xyxy.tolist():
        if not visible_area(box, size_wh):
            continue
        # Up to the end of the last chroma sample, which may stick out of an odd-sized frame.
        for y in range(-(-height // dy) * dy):
            for x in range(-(-width // dx) * dx):
                # A pixel of a block that the region touches, then all of its chroma sample.
                columns = block_interval(x, cell_x, origin_x)
                rows = block_interval(y, cell_y, origin_y)
                if touches(shape, box, columns, rows):
                    left, top = x // dx * dx, y // dy * dy
                    mask[top : top + dy, left : left + dx] = True
    return mask


@given(st.data(), SIZES, st.sampled_from(("rectangle", "ellipse")), grids(), SUBSAMPLINGS)
def test_coverage_is_that_of_the_loop(data, size_wh, shape, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh, max_boxes=2))
    np.testing.assert_array_equal(
        coverage_mask(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling),
        slow_mask(size_wh, xyxy, shape, grid, subsampling),
    )
