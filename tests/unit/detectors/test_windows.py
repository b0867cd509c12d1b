"""Windows cover a text, overlap, and break between words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.detectors.windows import windows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", [(0, 1)]),
        ("a" * 40, [(0, 40)]),
        ("a" * 41, [(0, 40), (30, 41)]),
        ("a" * 33 + "\n" + "b" * 20, [(0, 34), (24, 54)]),
        ("a" * 33 + " " + "b" * 20, [(0, 34), (24, 54)]),
    ],
)
def test_windows(text, expected):
    assert list(windows(text, size=40, overlap=10)) == expected


@given(
    text=st.text("ab \n", max_size=600),
    size=st.integers(12, 80),
    share=st.floats(0, 0.3),
)
def test_windows_cover_and_overlap(text, size, share):
    overlap = int(size * share)
    places = list(windows(text, size=size, overlap=overlap))
    assert all(0 < end - start <= size for start, end in places)
    assert (places[0][0], places[-1][1]) == (0, len(text)) if text else places == []
    for (start, end), (next_start, next_end) in pairwise(places):
        assert start < next_start <= end - overlap
        assert end < next_end
    if len(text) <= size and text:
        assert places == [(0, len(text))]
