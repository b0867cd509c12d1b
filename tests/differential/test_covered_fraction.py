"""The exact covered share against a count of pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.geometry import covered_fraction, overlap

SIDE = 16
SPAN = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE)).map(sorted)
BOXES = st.lists(
    st.tuples(SPAN, SPAN).map(lambda spans: [spans[0][0], spans[1][0], spans[0][1], spans[1][1]]),
    max_size=6,
)


def assert_counts_pixels(judged, cover):
    raster = np.zeros((SIDE, SIDE), dtype=np.bool_)
    for x1, y1, x2, y2 in cover:
        raster[y1:y2, x1:x2] = True
    expected = [
        raster[y1:y2, x1:x2].mean() if x2 > x1 and y2 > y1 else 1.0 for x1, y1, x2, y2 in judged
    ]
    found = covered_fraction(
        np.array(judged, dtype=np.float32).reshape(-1, 4),
        np.array(cover, dtype=np.float32).reshape(-1, 4),
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@given(BOXES, BOXES)
def test_covered_share_is_the_share_of_covered_pixels(judged, cover):
    assert_counts_pixels(judged, cover)


@pytest.mark.parametrize("cells", [4, 16, 2**20])
@given(judged=BOXES, cover=BOXES)
def test_a_lattice_that_is_cut_in_parts_counts_the_same(judged, cover, cells):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlap, "_CELLS", cells)
        assert_counts_pixels(judged, cover)


def test_thousands_of_covers_in_one_box():
    """With a product of matrices this took minutes for one box, and a page can have as many."""
    at = np.arange(4_000, dtype=np.float32)
    cover = np.stack([at, at, at + 1, at + 1], axis=1)
    share = covered_fraction(np.float32([[0, 0, 4_000, 4_000]]), cover)
    np.testing.assert_allclose(share, 1 / 4_000, rtol=1e-12)
