"""The exact covered share against a count of pixels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saferedact.geometry import covered_fraction

SIDE = 16
SPAN = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE)).map(sorted)
BOXES = st.lists(
    st.tuples(SPAN, SPAN).map(lambda spans: [spans[0][0], spans[1][0], spans[0][1], spans[1][1]]),
    max_size=6,
)


@given(BOXES, BOXES)
def test_covered_share_is_the_share_of_covered_pixels(judged, cover):
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
