import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.geometry import Grid, snap_outward


def snapped(box, grid, size_wh=(40, 30)):
    out = snap_outward(np.array([box], dtype=np.float32), grid, size_wh)
    assert out.dtype == np.int32
    return tuple(out[0].tolist())


@pytest.mark.parametrize("size_wh", [(0, 8), (8, 0), (-1, 1)])
def test_a_cell_has_at_least_one_pixel(size_wh):
    with pytest.raises(InputError, match="at least 1 x 1"):
        Grid(size_wh)


@pytest.mark.parametrize("reach_wh", [(-1, 0), (0, -1)])
def test_a_reach_is_not_negative(reach_wh):
    with pytest.raises(InputError, match="reach"):
        Grid((8, 8), reach_wh=reach_wh)


def test_only_the_remainder_of_the_origin_matters():
    assert Grid((8, 16), (-3, 21)) == Grid((8, 16), (5, 5))


@pytest.mark.parametrize(
    ("box", "grid", "expected"),
    [
        ((9, 9, 15, 15), Grid((8, 8)), (8, 8, 16, 16)),
        ((8, 8, 16, 16), Grid((8, 8)), (8, 8, 16, 16)),
        ((7.875, 8, 16, 16.125), Grid((8, 8)), (0, 8, 16, 24)),
        ((9, 9, 15, 15), Grid((8, 4), (1, 2)), (9, 6, 17, 18)),
        ((0, 0, 1, 1), Grid((8, 8), (3, 5)), (0, 0, 3, 5)),
        ((38, 28, 39, 29), Grid((16, 16)), (32, 16, 40, 30)),
        ((-100, -100, 100, 100), Grid((16, 16)), (0, 0, 40, 30)),
        ((0.5, 0.5, 0.75, 0.75), Grid(), (0, 0, 1, 1)),
        ((9, 9, 15, 15), Grid((8, 8), reach_wh=(2, 1)), (6, 7, 18, 17)),
        ((1, 25, 39, 29), Grid((8, 8), reach_wh=(2, 1)), (0, 23, 40, 30)),
        # Nothing of the frame is in these:
        ((40, 0, 50, 10), Grid((16, 16), reach_wh=(2, 2)), (0, 0, 0, 0)),
        ((8, 8, 8, 16), Grid((8, 8)), (0, 0, 0, 0)),
        ((3, 3, 3, 3), Grid((8, 8)), (0, 0, 0, 0)),
        ((40, 0, 50, 10), Grid((16, 16)), (0, 0, 0, 0)),
        ((-9, 3, 0, 5), Grid((16, 16)), (0, 0, 0, 0)),
        ((3, 30, 5, 31), Grid((16, 16)), (0, 0, 0, 0)),
        ((3, -7, 5, 0), Grid((16, 16)), (0, 0, 0, 0)),
    ],
)
def test_known_boxes(box, grid, expected):
    assert snapped(box, grid) == expected


def test_no_boxes():
    out = snap_outward(np.empty((0, 4), dtype=np.float32), Grid((8, 8)), (40, 30))
    assert out.shape == (0, 4)
    assert out.dtype == np.int32


def test_one_empty_box_does_not_empty_its_neighbours():
    xyxy = np.array([[1, 1, 2, 2], [3, 3, 3, 9], [9, 9, 10, 10]], dtype=np.float32)
    np.testing.assert_array_equal(
        snap_outward(xyxy, Grid((8, 8)), (40, 30)),
        [[0, 0, 8, 8], [0, 0, 0, 0], [8, 8, 16, 16]],
    )


def test_joined_grids_have_the_least_common_cell():
    assert Grid((8, 8)).refined_to(Grid((2, 1))) == Grid((8, 8))
    assert Grid((6, 1), (4, 0)).refined_to(Grid((4, 2))) == Grid((12, 2), (4, 0))
