"""Vectorised suppression and merging against the plain loop of the textbook, in whole numbers."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.geometry import merge_overlapping, nms, overlap

TENTHS = 10  # thresholds are k / 10, so that the reference can compare whole numbers


def overlaps_more(a, b, tenths):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    inter = max(width, 0) * max(height, 0)
    union = sum((x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in (a, b)) - inter
    return inter * TENTHS > tenths * union


def plain_nms(xyxy, score, tenths):
    kept = []
    for i in sorted(range(len(xyxy)), key=lambda i: -score[i]):
        if not any(overlaps_more(xyxy[i], xyxy[j], tenths) for j in kept):
            kept.append(i)
    return kept


def boxes_and_scores(seed, count, extent):
    rng = np.random.default_rng(seed)
    corner = rng.integers(0, extent, (count, 2))
    size = rng.integers(0, 12, (count, 2))  # some boxes have no area
    # Few different scores, so that there are many ties.
    return np.concatenate([corner, corner + size], axis=1), rng.integers(0, 8, count) / 8


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 40),
    st.integers(1, 40),
    st.integers(0, TENTHS),
    st.integers(1, 9),
)
def test_blocks_of_any_size_give_what_the_loop_gives(seed, count, extent, tenths, block):
    xyxy, score = boxes_and_scores(seed, count, extent)
    with patch.object(overlap, "_BLOCK", block):
        found = nms(xyxy.astype(np.float32), score.astype(np.float32), tenths / TENTHS)
    assert found.tolist() == plain_nms(xyxy.tolist(), score.tolist(), tenths)


def plain_merge(xyxy, score, tenths):
    kept = plain_nms(xyxy, score, tenths)
    hulls = [list(xyxy[i]) for i in kept]
    for i in set(range(len(xyxy))) - set(kept):
        home = next(n for n, j in enumerate(kept) if overlaps_more(xyxy[i], xyxy[j], tenths))
        widened = zip((min, min, max, max), hulls[home], xyxy[i], strict=True)
        hulls[home] = [widen(edge, other) for widen, edge, other in widened]
    return hulls, [score[i] for i in kept]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 40),
    st.integers(1, 40),
    st.integers(0, TENTHS),
    st.integers(1, 9),
)
def test_boxes_merge_as_in_the_loop(seed, count, extent, tenths, block):
    xyxy, score = boxes_and_scores(seed, count, extent)
    with patch.object(overlap, "_BLOCK", block):
        merged, merged_score = merge_overlapping(
            xyxy.astype(np.float32), score.astype(np.float32), tenths / TENTHS
        )
    hulls, best = plain_merge(xyxy.tolist(), score.tolist(), tenths)
    assert merged.tolist() == hulls
    assert merged_score.tolist() == best


@pytest.mark.parametrize("count", [512, 513, 1100])
def test_more_candidates_than_a_block_holds(count):
    xyxy, score = boxes_and_scores(count, count, 150)
    found = nms(xyxy.astype(np.float32), score.astype(np.float32), 0.3)
    assert found.tolist() == plain_nms(xyxy.tolist(), score.tolist(), 3)
