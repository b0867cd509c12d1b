"""Coverage of single regions, by hand."""

import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.frames import coverage_mask, covered_rectangles
from saferedact.frames.masks import cover_of, scaled
from saferedact.geometry import Grid

NONE = np.empty((0, 4), dtype=np.float32)


@pytest.mark.parametrize(
    ("box", "covered"),
    [
        ([0, 0, 0, 0], 0),
        ([3, 3, 3, 9], 0),
        ([-9, -9, -1, -1], 0),
        ([50, 2, 60, 4], 0),
        ([3, 3, 4, 4], 1),
        ([3.25, 3.25, 3.5, 3.5], 1),
        ([2.875, 3, 4.125, 4], 3),
        ([-5, -5, 1, 1], 1),
        ([-5, -5, 99, 99], 13 * 7),
        ([12, 6, 13, 7], 1),
    ],
)
def test_rectangles(box, covered):
    mask = coverage_mask((13, 7), [box])
    assert mask.shape == (7, 13)
    assert mask.dtype == np.bool_
    assert int(mask.sum()) == covered


def test_no_regions():
    assert not coverage_mask((13, 7), []).any()
    assert not coverage_mask((13, 7), NONE, shape="ellipse").any()


@pytest.mark.parametrize(
    ("box", "picture"),
    [
        ([1, 1, 2, 2], ["........", ".#......", *["........"] * 6]),
        # Cells that are touched at a corner are covered; those at the corners are not touched.
        ([0, 0, 8, 8], [".######.", *["########"] * 6, ".######."]),
        ([2, 0, 10, 8], ["...#####", *["..######"] * 6, "...#####"]),
        # Only a corner of the box lies in the frame; the ellipse does not reach it.
        ([7, 7, 27, 27], ["........"] * 8),
    ],
)
def test_ellipses(box, picture):
    mask = coverage_mask((8, 8), [box], shape="ellipse")
    assert ["".join(".#"[cell] for cell in row) for row in mask.astype(int).tolist()] == picture


def test_an_ellipse_off_the_frame_counts_as_no_region():
    boxes = np.array([[0, 0, 2, 2], [5, 2, 25, 22]], dtype=np.float32)
    cover = cover_of((6, 3), boxes, shape="ellipse", grid=Grid(), subsampling=(1, 1))
    assert cover.index.tolist() == [0]
    assert len(cover.boxes) == 1


def test_grids_without_common_lines_cover_whole_chroma_samples():
    mask = coverage_mask((16, 1), [[4, 0, 5, 1]], grid=Grid((3, 1)), subsampling=(2, 1))
    assert np.flatnonzero(mask[0]).tolist() == [2, 3, 4, 5]
    mask = coverage_mask((16, 1), [[3, 0, 4, 1]], grid=Grid((8, 1), (3, 0)), subsampling=(2, 1))
    assert np.flatnonzero(mask[0]).tolist() == list(range(2, 12))


def test_the_last_chroma_sample_of_an_odd_frame_counts_whole():
    rectangles = np.array([[2, 2, 7, 5]], dtype=np.int32)
    assert scaled(rectangles, (2, 2)).tolist() == [[1, 1, 4, 3]]
    assert rectangles.tolist() == [[2, 2, 7, 5]]


def test_whole_regions():
    boxes = np.array([[0, 0, 1, 1], [0, 0, 8, 8]], dtype=np.float32)
    cover = cover_of((8, 8), boxes, shape="ellipse", grid=Grid(), subsampling=(1, 1))
    assert cover.whole().tolist() == [True, False]


@pytest.mark.parametrize("shape", ["circle", "", None, 3, []])
def test_unknown_shapes(shape):
    with pytest.raises(InputError, match="shape"):
        coverage_mask((6, 3), NONE, shape=shape)


@pytest.mark.parametrize("boxes", [[[0, 0, 1]], [[2, 0, 1, 1]], [[0, 0, np.nan, 1]], "text"])
def test_invalid_boxes(boxes):
    with pytest.raises(InputError):
        coverage_mask((6, 3), boxes)


def test_rectangles_are_the_pixels_of_the_mask():
    boxes = [[3.2, 4.9, 17.0, 12.5], [10, 2, 30, 9]]
    grid = Grid((8, 8))
    for shape in ("rectangle", "ellipse"):
        drawn = np.zeros((24, 40), dtype=bool)
        for x0, y0, x1, y1 in covered_rectangles((40, 24), boxes, shape=shape, grid=grid):
            drawn[y0:y1, x0:x1] = True
        mask = coverage_mask((40, 24), boxes, shape=shape, grid=grid)
        np.testing.assert_array_equal(drawn, mask)
