"""Laws of overlap, suppression and merging."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from saferedact.geometry import (
    area,
    covered_fraction,
    iou_matrix,
    merge_overlapping,
    nms,
    round_outward,
)

THRESHOLDS = st.floats(0, 1) | st.sampled_from((0.0, 0.3, 0.5, 1.0))


def box_arrays(max_boxes=5):
    """Crowded boxes in eighths of a pixel, many of them equal, touching or without area."""
    corners = hnp.arrays(
        np.int32,
        st.tuples(st.integers(0, max_boxes), st.just(2), st.just(2)),
        elements=st.integers(-8, 60),
    )
    return corners.map(lambda ends: np.float32(np.sort(ends, axis=1).reshape(-1, 4)) / 8)


@st.composite
def scored_boxes(draw):
    """Crowded boxes, and scores with ties."""
    xyxy = draw(box_arrays(max_boxes=12))
    quarters = draw(hnp.arrays(np.int32, len(xyxy), elements=st.integers(0, 4)))
    return xyxy, np.float32(quarters) / 4


def contains(outer, inner):
    """Which boxes of `outer` contain which of `inner`, shape (n, m)."""
    low = outer[:, None, :2] <= inner[None, :, :2]
    high = outer[:, None, 2:] >= inner[None, :, 2:]
    return low.all(axis=2) & high.all(axis=2)


@given(box_arrays(), box_arrays())
def test_iou_is_symmetric_and_a_share(a, b):
    found = iou_matrix(a, b)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_array_equal(found, iou_matrix(b, a).T)


@given(box_arrays(), st.floats(-20, 20, width=32))
def test_a_box_overlaps_itself_fully(xyxy, scale):
    # Any float32 values, not only eighths.
    xyxy = np.sort((xyxy * np.float32(abs(scale))).reshape(-1, 2, 2), axis=1).reshape(-1, 4)
    own = np.diagonal(iou_matrix(xyxy, xyxy))
    np.testing.assert_array_equal(own, (area(xyxy) > 0).astype(np.float32))


@given(scored_boxes(), THRESHOLDS)
def test_suppression_keeps_a_subset_without_rivals_best_first(found, threshold):
    xyxy, score = found
    kept = nms(xyxy, score, threshold)
    assert len(set(kept.tolist())) == len(kept)
    assert set(kept.tolist()) <= set(range(len(xyxy)))
    assert (np.diff(score[kept]) <= 0).all()
    overlap = iou_matrix(xyxy[kept], xyxy[kept])
    np.fill_diagonal(overlap, 0)
    assert not (overlap > threshold).any()


@given(scored_boxes(), THRESHOLDS)
def test_whatever_is_suppressed_overlaps_something_better(found, threshold):
    xyxy, score = found
    kept = nms(xyxy, score, threshold)
    gone = np.setdiff1d(np.arange(len(xyxy)), kept)
    rivals = iou_matrix(xyxy[gone], xyxy[kept]) > threshold
    better = score[gone][:, None] <= score[kept][None, :]
    assert (rivals & better).any(axis=1).all()


@given(scored_boxes(), THRESHOLDS)
def test_every_box_lies_inside_a_merged_box(found, threshold):
    xyxy, score = found
    merged, merged_score = merge_overlapping(xyxy, score, threshold)
    inside = contains(merged, xyxy)
    assert inside.any(axis=0).all()
    # As many as suppression keeps, each as sure as the box that it kept.
    np.testing.assert_array_equal(merged_score, score[nms(xyxy, score, threshold)])
    assert len(merged) == len(merged_score)


@given(scored_boxes(), THRESHOLDS)
def test_a_merged_box_is_no_larger_than_the_boxes_in_it(found, threshold):
    xyxy, score = found
    merged, _ = merge_overlapping(xyxy, score, threshold)
    inside = contains(merged, xyxy)
    for box, members in zip(merged, inside, strict=True):
        np.testing.assert_array_equal(box[:2], xyxy[members, :2].min(axis=0))
        np.testing.assert_array_equal(box[2:], xyxy[members, 2:].max(axis=0))


@given(scored_boxes(), THRESHOLDS)
def test_merging_changes_nothing_where_nothing_overlaps(found, threshold):
    xyxy, score = found
    kept = nms(xyxy, score, threshold)
    merged, merged_score = merge_overlapping(xyxy[kept], score[kept], threshold)
    np.testing.assert_array_equal(merged, xyxy[kept])
    np.testing.assert_array_equal(merged_score, score[kept])


@given(box_arrays(), box_arrays(), box_arrays())
def test_more_cover_covers_no_less(xyxy, cover, more):
    few = covered_fraction(xyxy, cover)
    many = covered_fraction(xyxy, np.concatenate([more, cover]))
    assert ((few >= 0) & (many <= 1)).all()
    assert (few <= many + 1e-12).all()


@given(box_arrays())
def test_a_box_covers_itself_in_halves_too(xyxy):
    np.testing.assert_array_equal(covered_fraction(xyxy, xyxy), 1)
    middle = round_outward(xyxy[:, [0, 1, 0, 1]] / 2 + xyxy[:, [2, 3, 2, 3]] / 2)[:, 0]
    left, right = xyxy.copy(), xyxy.copy()
    left[:, 2] = right[:, 0] = middle
    for i in range(len(xyxy)):
        halves = np.stack([left[i], right[i]])
        np.testing.assert_array_equal(covered_fraction(xyxy[i : i + 1], halves), 1)
