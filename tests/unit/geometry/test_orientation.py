import numpy as np
import pytest

from saferedact.geometry import (
    Grid,
    Orientation,
    grid_to_upright,
    orientation_of_matrix,
    size_upright,
    to_upright,
)

# The letter F, and what each orientation tells a viewer to make of it (Exif 3.0, tag 274): rows of
# the stored picture such that the upright picture is the F.
F = np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 0]], dtype=np.uint8)
STORED = {
    1: F,
    2: F[:, ::-1],
    3: F[::-1, ::-1],
    4: F[::-1],
    5: F.T,
    6: np.rot90(F, 1),  # the viewer turns it clockwise
    7: F[::-1, ::-1].T,
    8: np.rot90(F, -1),  # the viewer turns it counter-clockwise
}


@pytest.mark.parametrize("orientation", STORED)
def test_the_letter_f_comes_out_upright(orientation):
    stored = STORED[orientation]
    np.testing.assert_array_equal(to_upright(stored, orientation), F)
    assert size_upright(stored.shape[::-1], orientation) == F.shape[::-1]


@pytest.mark.parametrize("orientation", Orientation)
def test_upright_pixels_are_a_view_with_their_channels(orientation):
    stored = np.arange(24, dtype=np.uint16).reshape(2, 4, 3)
    upright = to_upright(stored, orientation)
    assert np.shares_memory(upright, stored)
    assert upright.shape == (*size_upright((4, 2), orientation)[::-1], 3)
    assert {tuple(pixel) for row in upright.tolist() for pixel in row} == {
        tuple(pixel) for row in stored.tolist() for pixel in row
    }


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, Grid((16, 8))),
        (2, Grid((16, 8), (4, 0))),  # 20 px: the last block has 4 and comes first
        (3, Grid((16, 8), (4, 3))),
        (4, Grid((16, 8), (0, 3))),
        (5, Grid((8, 16))),
        (6, Grid((8, 16), (3, 0))),
        (7, Grid((8, 16), (3, 4))),
        (8, Grid((8, 16), (0, 4))),
    ],
)
def test_the_cut_off_block_of_a_jpeg_moves_with_a_flip(orientation, expected):
    assert grid_to_upright(Grid((16, 8)), orientation, (20, 11)) == expected


# Steps right and down in the stored picture as steps in the upright one (x by x, y by x, x by y, y by y).
MATRICES = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


@pytest.mark.parametrize("orientation", MATRICES)
def test_a_display_matrix_is_named_by_where_pixels_go(orientation):
    matrix = tuple(65536 * step for step in MATRICES[orientation])
    assert orientation_of_matrix(*matrix) == orientation
    stored = np.zeros((4, 6), np.uint8)
    stored[1, 1], stored[1, 2], stored[2, 1] = 1, 2, 3
    upright = to_upright(stored, orientation)
    (y0, x0), (y1, x1), (y2, x2) = (np.argwhere(upright == value)[0] for value in (1, 2, 3))
    assert (x1 - x0, y1 - y0, x2 - x0, y2 - y0) == MATRICES[orientation]


@pytest.mark.parametrize(
    "matrix", [(0, 0, 0, 0), (1, 1, -1, 1), (1, 0, 0, 0), (1, 0, 1, 1), (0, 1, 0, 1)]
)
def test_other_matrices_are_no_orientation(matrix):
    assert orientation_of_matrix(*matrix) is None
