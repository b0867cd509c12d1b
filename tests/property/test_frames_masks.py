"""Laws of coverage: outward growth, whole cells, monotonicity."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saferedact.frames import coverage_mask
from saferedact.frames.masks import cover_of, scaled
from saferedact.geometry import Grid
from saferedact.testing.frames import box_arrays, grids

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))
SHAPES = st.sampled_from(("rectangle", "ellipse"))
SUBSAMPLINGS = st.sampled_from(((1, 1), (2, 1), (2, 2), (1, 2), (4, 1), (4, 4)))


@given(st.data(), SIZES, SHAPES, grids(), SUBSAMPLINGS)
def test_no_chroma_sample_is_half_covered(data, size_wh, shape, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    mask = coverage_mask(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
    dx, dy = subsampling
    width, height = size_wh
    sampled = mask[::dy, ::dx].repeat(dy, axis=0).repeat(dx, axis=1)[:height, :width]
    np.testing.assert_array_equal(mask, sampled)


@given(st.data(), SIZES, SHAPES, SUBSAMPLINGS)
def test_no_block_is_half_covered(data, size_wh, shape, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    grid = Grid((8, 8))  # whose lines are lines of every subsampling
    mask = coverage_mask(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
    width, height = size_wh
    sampled = mask[::8, ::8].repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    np.testing.assert_array_equal(mask, sampled)


@given(st.data(), SIZES, SHAPES, grids(), SUBSAMPLINGS)
def test_further_regions_cover_no_less(data, size_wh, shape, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    more = data.draw(box_arrays(size_wh))
    few, all_of_them = (
        coverage_mask(size_wh, boxes, shape=shape, grid=grid, subsampling=subsampling)
        for boxes in (xyxy, np.concatenate([xyxy, more]))
    )
    assert not (few & ~all_of_them).any()


@given(st.data(), SIZES, SHAPES, grids(), SUBSAMPLINGS)
def test_a_margin_covers_no_less(data, size_wh, shape, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    eighths = data.draw(st.integers(0, 40))
    margin = np.array([-1, -1, 1, 1], dtype=np.float32) * eighths / 8
    narrow, wide = (
        coverage_mask(size_wh, boxes, shape=shape, grid=grid, subsampling=subsampling)
        for boxes in (xyxy, xyxy + margin)
    )
    assert not (narrow & ~wide).any()


@given(st.data(), SIZES, grids(), SUBSAMPLINGS)
def test_an_ellipse_stays_within_its_rectangle(data, size_wh, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    ellipse, rectangle = (
        coverage_mask(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
        for shape in ("ellipse", "rectangle")
    )
    assert not (ellipse & ~rectangle).any()


@given(st.data(), SIZES, SHAPES, grids(), SUBSAMPLINGS)
def test_rectangles_of_a_region_are_disjoint_and_within_its_box(
    data, size_wh, shape, grid, subsampling
):
    xyxy = data.draw(box_arrays(size_wh))
    cover = cover_of(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
    width, height = size_wh
    for position, (x1, y1, x2, y2) in enumerate(cover.boxes.tolist()):
        count = np.zeros((height, width), dtype=np.int64)
        for left, top, right, bottom in cover.rectangles[cover.owner == position].tolist():
            assert x1 <= left < right <= x2
            assert y1 <= top < bottom <= y2
            count[top:bottom, left:right] += 1
        assert count.max() == 1


@given(st.data(), SIZES, SHAPES, grids(), SUBSAMPLINGS)
def test_a_subset_is_the_cover_of_those_boxes(data, size_wh, shape, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    cover = cover_of(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
    chosen = np.array([data.draw(st.booleans()) for _ in cover.index], dtype=np.bool_)
    part = cover.subset(chosen)
    direct = cover_of(
        size_wh, xyxy[cover.index[chosen]], shape=shape, grid=grid, subsampling=subsampling
    )
    np.testing.assert_array_equal(part.index, cover.index[chosen])
    np.testing.assert_array_equal(part.boxes, direct.boxes)
    np.testing.assert_array_equal(part.rectangles, direct.rectangles)
    np.testing.assert_array_equal(part.owner, direct.owner)


@given(st.data(), SIZES, SHAPES, grids(), SUBSAMPLINGS)
def test_scaled_rectangles_are_the_sampled_mask(data, size_wh, shape, grid, subsampling):
    xyxy = data.draw(box_arrays(size_wh))
    cover = cover_of(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
    mask = coverage_mask(size_wh, xyxy, shape=shape, grid=grid, subsampling=subsampling)
    dx, dy = subsampling
    sampled = mask[::dy, ::dx]
    filled = np.zeros_like(sampled)
    for x1, y1, x2, y2 in scaled(cover.rectangles, subsampling).tolist():
        filled[y1:y2, x1:x2] = True
    np.testing.assert_array_equal(filled, sampled)
