"""The look of frosted regions."""

import numpy as np
import pytest

from saferedact.frames import planes_of, redact_planes, redact_regions
from saferedact.frames.grain import AMPLITUDE, grain_view
from saferedact.geometry import Grid


def frosted(array, boxes, **options):
    result = array.copy()
    redact_regions(result, boxes, operator="frost", **options)
    return result


def test_a_flat_surround_gives_a_flat_milky_patch_with_grain():
    array = np.full((64, 64), 100, dtype=np.uint8)
    array[16:48, 16:48] = 255
    patch = frosted(array, [[16, 16, 48, 48]])[16:48, 16:48].astype(int)
    milky = 100 + (255 - 100) // 10
    assert np.abs(patch - milky).max() <= AMPLITUDE
    assert patch.std() > 0.5


def test_colors_run_inward_from_each_side():
    array = np.zeros((90, 90, 3), dtype=np.uint8)
    array[:, :45, 0] = 250
    array[:, 45:, 2] = 250
    patch = frosted(array, [[15, 15, 75, 75]])[15:75, 15:75].astype(int)
    assert patch[:, :6, 0].mean() > patch[:, :6, 2].mean() + 120
    assert patch[:, -6:, 2].mean() > patch[:, -6:, 0].mean() + 120
    red = patch[..., 0].mean(axis=0)
    assert (np.diff(red[::10]) < 0).all()


def test_sides_without_a_ring_are_ignored():
    array = np.full((40, 40), 60, dtype=np.uint8)
    array[:, 30:] = 200
    # The box leaves the frame on the left, so only 60 above and below and 200 on the right count.
    patch = frosted(array, [[-10, 10, 30, 30]])[10:30, :30].astype(int)
    assert patch[:, :4].mean() == pytest.approx(60 + 19, abs=8)
    assert patch[:, -2:].mean() > 130


def test_one_visible_sample_is_enough():
    array = np.full((9, 9), 10, dtype=np.uint8)
    array[8, 8] = 130
    patch = frosted(array, [[0, 0, 9, 8], [0, 8, 8, 9]], color=(1, 1, 1))
    assert np.abs(patch[:8].astype(int) - (130 + 125 // 10)).max() <= AMPLITUDE
    assert patch[8, 8] == 130


def test_same_seed_same_grain_and_another_seed_another():
    array = np.full((64, 64), 100, dtype=np.uint8)
    left, right = [0, 16, 24, 40], [40, 16, 64, 40]
    one = frosted(array, [[8, 16, 32, 40]], seeds=[3])[16:40, 8:32]
    moved = frosted(array, [[32, 16, 56, 40]], seeds=[3])[16:40, 32:56]
    other = frosted(array, [[8, 16, 32, 40]], seeds=[4])[16:40, 8:32]
    np.testing.assert_array_equal(one, moved)
    assert (one != other).any()
    pair = frosted(array, [left, right])
    assert (pair[16:40, :24] != pair[16:40, 40:]).any()


def test_seeds_follow_their_boxes_when_others_lie_outside():
    array = np.full((64, 64), 100, dtype=np.uint8)
    box, outside = [8, 16, 32, 40], [90, 90, 99, 99]
    np.testing.assert_array_equal(
        frosted(array, [outside, box], seeds=[9, 3]), frosted(array, [box], seeds=[3])
    )


def test_keep_out_grows_to_the_grid():
    array = np.full((32, 32), 50, dtype=np.uint8)
    array[8:16, 16:32] = 250  # all that can be read to the right of the region
    options = {"operator": "frost", "grid": Grid((8, 8)), "seeds": [0]}
    with_it, without_it = array.copy(), array.copy()
    redact_planes(planes_of(with_it), [[8, 8, 16, 16]], **options)
    redact_planes(planes_of(without_it), [[8, 8, 16, 16]], keep_out=[[17, 9, 18, 10]], **options)
    assert with_it[8:16, 8:16].max() > 150
    assert without_it[8:16, 8:16].max() <= 50 + 205 // 10 + AMPLITUDE


def test_more_regions_than_are_read_at_once():
    array = np.full((80, 80), 90, dtype=np.uint8)
    corners = np.stack(np.meshgrid(np.arange(0, 80, 2), np.arange(0, 80, 2)), axis=-1)
    boxes = np.concatenate([corners, corners + 1], axis=-1).reshape(-1, 4)
    assert len(boxes) == 1600
    patch = frosted(array, boxes)[::2, ::2].astype(int)
    assert np.abs(patch - (90 + 16)).max() <= AMPLITUDE
    assert (patch != 90).any()


@pytest.mark.parametrize("bit_depth", [8, 10, 16])
def test_grain_is_bounded_whole_and_centered(bit_depth):
    seeds = np.array([0, 1, 2**64 - 1], dtype=np.uint64)
    scale = 1 << (bit_depth - 8)
    windows = grain_view(seeds, bit_depth)
    assert len(windows) == 3
    for window in windows:
        assert window.shape == (256, 256)
        assert np.abs(window).max() <= AMPLITUDE * scale
        assert (window == np.rint(window)).all()
        assert abs(window.mean()) < 0.6 * scale
        assert 2 < window.std() / scale < 4


def test_grain_repeats_seamlessly_in_large_regions():
    array = np.full((620, 700), 100, dtype=np.uint8)
    patch = frosted(array, [[10, 10, 690, 610]])[10:610, 10:690].astype(int)
    flat = patch - patch.mean()
    np.testing.assert_array_equal(patch[:256, :256], patch[256:512, 256:512])
    seam = np.abs(np.diff(flat, axis=1))[:, 255].mean()
    assert seam == pytest.approx(np.abs(np.diff(flat, axis=1)).mean(), rel=0.15)
