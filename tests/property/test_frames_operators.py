"""What every operator promises, on every pixel format, stride and odd size."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saferedact.frames import coverage_mask, redact_planes
from saferedact.frames.color import sample_values
from saferedact.frames.formats import FORMATS
from saferedact.geometry import Grid
from saferedact.testing.frames import (
    box_arrays,
    copy_of,
    empty_frame,
    frames,
    grids,
    overwritten,
    samples_of,
)

SHAPES = st.sampled_from(("rectangle", "ellipse"))
SAFE_OPERATORS = st.sampled_from(("solid", "frost"))
OPERATORS = st.sampled_from(("solid", "frost", "mosaic", "blur"))
SEEDS = st.integers(0, 2**32 - 1)
COLORS = st.tuples(*[st.integers(0, 255)] * 3)


def mask_of(frame, xyxy, shape, grid):
    return coverage_mask(frame.size_wh, xyxy, shape=shape, grid=grid, subsampling=frame.subsampling)


@given(st.data(), frames(), SAFE_OPERATORS, SHAPES, grids())
def test_output_does_not_depend_on_hidden_samples(data, frame, operator, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh))
    keep_out = data.draw(box_arrays(frame.size_wh, max_boxes=2))
    covered = mask_of(frame, xyxy, shape, grid)
    elsewhere = mask_of(frame, keep_out, "rectangle", grid) & ~covered
    other = overwritten(copy_of(frame), covered | elsewhere, data.draw(SEEDS))
    for one in (frame, other):
        redact_planes(one, xyxy, operator=operator, shape=shape, grid=grid, keep_out=keep_out)
    for (array, hidden), (other_array, _) in zip(
        samples_of(frame, elsewhere), samples_of(other, elsewhere), strict=True
    ):
        np.testing.assert_array_equal(array[~hidden], other_array[~hidden])


@given(st.data(), frames(), OPERATORS, SHAPES, grids())
def test_samples_outside_the_mask_are_untouched(data, frame, operator, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh))
    before = copy_of(frame)
    redact_planes(frame, xyxy, operator=operator, shape=shape, grid=grid, allow_reversible=True)
    outside = ~mask_of(frame, xyxy, shape, grid)
    for (array, where), (source, _) in zip(
        samples_of(frame, outside), samples_of(before, outside), strict=True
    ):
        np.testing.assert_array_equal(array[where], source[where])


@given(st.data(), frames(), OPERATORS, SHAPES, grids())
def test_result_does_not_depend_on_strides(data, frame, operator, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh))
    packed = copy_of(frame)
    for one in (frame, packed):
        redact_planes(one, xyxy, operator=operator, shape=shape, grid=grid, allow_reversible=True)
    for plane, packed_plane in zip(frame.planes, packed.planes, strict=True):
        np.testing.assert_array_equal(plane.array, packed_plane.array)


@given(st.data(), frames(), SHAPES, grids(), COLORS)
def test_solid_writes_its_color_to_every_covered_sample(data, frame, shape, grid, color):
    xyxy = data.draw(box_arrays(frame.size_wh))
    redact_planes(frame, xyxy, operator="solid", shape=shape, grid=grid, color=color)
    values = sample_values(frame, color)
    for plane, (array, where) in zip(
        frame.planes, samples_of(frame, mask_of(frame, xyxy, shape, grid)), strict=True
    ):
        expected = [values[letter] for letter in plane.channels]
        assert (array[where].reshape(-1, len(expected)) == expected).all()


@given(st.data(), frames(), SHAPES, grids())
def test_solid_is_idempotent(data, frame, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh))
    redact_planes(frame, xyxy, operator="solid", shape=shape, grid=grid)
    once = copy_of(frame)
    redact_planes(frame, xyxy, operator="solid", shape=shape, grid=grid)
    for plane, before in zip(frame.planes, once.planes, strict=True):
        np.testing.assert_array_equal(plane.array, before.array)


@given(st.data(), frames(), OPERATORS, SHAPES, grids())
def test_samples_stay_within_the_bit_depth(data, frame, operator, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh))
    redact_planes(frame, xyxy, operator=operator, shape=shape, grid=grid, allow_reversible=True)
    assert all(int(plane.array.max()) >> frame.bit_depth == 0 for plane in frame.planes)


@given(st.data(), frames(), OPERATORS, SHAPES, grids())
def test_alpha_is_opaque_within_regions(data, frame, operator, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh))
    redact_planes(frame, xyxy, operator=operator, shape=shape, grid=grid, allow_reversible=True)
    covered = mask_of(frame, xyxy, shape, grid)
    for channel in frame.channels():
        if channel.letter == "a":
            assert (channel.array[covered] == (1 << frame.bit_depth) - 1).all()


@given(st.data(), frames(), SEEDS)
def test_frost_is_a_function_of_frame_boxes_and_seeds(data, frame, seed):
    xyxy = data.draw(box_arrays(frame.size_wh))
    seeds = [seed + number for number in range(len(xyxy))]
    again = copy_of(frame)
    for one in (frame, again):
        redact_planes(one, xyxy, operator="frost", seeds=seeds)
    for plane, other in zip(frame.planes, again.planes, strict=True):
        np.testing.assert_array_equal(plane.array, other.array)


@given(st.sampled_from(sorted(FORMATS)), st.sampled_from(("full", "limited")))
@example("rgba", "full")
def test_without_a_ring_frost_is_solid(name, color_range):
    frame = overwritten(
        empty_frame(FORMATS[name], (21, 13), color_range=color_range), np.ones((13, 21), bool), 0
    )
    solid = copy_of(frame)
    whole = [[-5, -5, 30, 30]]
    redact_planes(frame, whole, operator="frost", color=(9, 80, 200))
    redact_planes(solid, whole, operator="solid", color=(9, 80, 200))
    for plane, other in zip(frame.planes, solid.planes, strict=True):
        np.testing.assert_array_equal(plane.array, other.array)


@given(st.data(), frames())
def test_regions_that_hide_each_others_rings_become_solid(data, frame):
    width, height = frame.size_wh
    cut = data.draw(st.integers(0, width))
    xyxy = [[0, 0, cut, height], [cut, 0, width, height]]
    redact_planes(frame, xyxy, operator="frost", color=(1, 2, 3))
    values = sample_values(frame, (1, 2, 3))
    for channel in frame.channels():
        assert (channel.array == values[channel.letter]).all()


@pytest.mark.parametrize("operator", ["solid", "frost"])
@given(st.data(), frames(max_side=24), SHAPES, grids())
def test_a_further_region_reveals_nothing(operator, data, frame, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh, max_boxes=2))
    more = data.draw(box_arrays(frame.size_wh, max_boxes=2))
    both = np.concatenate([xyxy, more])
    covered = mask_of(frame, xyxy, shape, grid)
    other = overwritten(copy_of(frame), covered, 1)
    for one in (frame, other):
        redact_planes(one, both, operator=operator, shape=shape, grid=grid)
    for plane, other_plane in zip(frame.planes, other.planes, strict=True):
        np.testing.assert_array_equal(plane.array, other_plane.array)


def test_default_grid_is_single_pixels():
    frame = empty_frame(FORMATS["gray"], (9, 9))
    redact_planes(frame, [[3, 3, 4, 4]], operator="solid", color=(255, 255, 255))
    assert int((frame.planes[0].array == 255).sum()) == 1
    redact_planes(frame, [[3, 3, 4, 4]], operator="solid", color=(255, 255, 255), grid=Grid((8, 8)))
    assert int((frame.planes[0].array == 255).sum()) == 64
