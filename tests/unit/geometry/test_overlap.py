import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.geometry import covered_fraction, iou_matrix, merge_overlapping, nms

NO_BOXES = np.empty((0, 4), dtype=np.float32)
NO_SCORES = np.empty(0, dtype=np.float32)


def boxes(*rows):
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def scores(*values):
    return np.array(values, dtype=np.float32)


def test_known_overlaps():
    a = boxes((0, 0, 10, 10), (5, 0, 15, 10), (3, 3, 3, 9))
    b = boxes((0, 0, 10, 10), (10, 0, 20, 10), (2, 2, 4, 4))
    np.testing.assert_allclose(
        iou_matrix(a, b), [[1, 0, 0.04], [1 / 3, 1 / 3, 0], [0, 0, 0]], rtol=1e-6
    )


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0)])
def test_overlaps_with_no_boxes(n, m):
    found = iou_matrix(np.zeros((n, 4), np.float32), np.zeros((m, 4), np.float32))
    assert found.shape == (n, m)


@pytest.mark.parametrize("function", [nms, merge_overlapping])
@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan")])
def test_a_threshold_is_a_share(function, threshold):
    with pytest.raises(InputError, match="iou_threshold"):
        function(NO_BOXES, NO_SCORES, threshold)


@pytest.mark.parametrize("function", [nms, merge_overlapping])
def test_each_box_has_a_score(function):
    with pytest.raises(InputError, match="1 boxes but 2 scores"):
        function(boxes((0, 0, 1, 1)), scores(0.1, 0.2), 0.5)


def test_nothing_to_suppress_or_merge():
    assert nms(NO_BOXES, NO_SCORES, 0.5).shape == (0,)
    merged, score = merge_overlapping(NO_BOXES, NO_SCORES, 0.5)
    assert merged.shape == (0, 4)
    assert score.shape == (0,)


def test_ties_keep_the_order_of_the_input():
    far_apart = boxes((0, 0, 1, 1), (2, 0, 3, 1), (4, 0, 5, 1))
    assert nms(far_apart, scores(0.5, 0.9, 0.5), 0.5).tolist() == [1, 0, 2]
    assert nms(boxes(*[(0, 0, 1, 1)] * 3), scores(0.5, 0.5, 0.5), 0.5).tolist() == [0]


def test_a_suppressed_box_suppresses_nothing():
    chain = boxes((0, 0, 10, 10), (4, 0, 14, 10), (8, 0, 18, 10))
    assert nms(chain, scores(0.9, 0.8, 0.7), 0.3).tolist() == [0, 2]


def test_an_overlap_equal_to_the_threshold_is_kept():
    half = boxes((0, 0, 2, 1), (0, 0, 1, 1))  # IoU 1/2
    assert nms(half, scores(0.9, 0.8), 0.5).tolist() == [0, 1]
    assert nms(half, scores(0.9, 0.8), 0.4999).tolist() == [0]


def test_at_threshold_1_even_equal_boxes_stay_and_at_0_touching_ones_do():
    same = boxes((0, 0, 2, 2), (0, 0, 2, 2))
    assert nms(same, scores(0.1, 0.2), 1.0).tolist() == [1, 0]
    touching = boxes((0, 0, 2, 2), (2, 0, 4, 2), (1.875, 0, 3, 2))
    assert nms(touching, scores(0.9, 0.8, 0.7), 0.0).tolist() == [0, 1]


def test_boxes_join_the_best_one_that_they_overlap():
    xyxy = boxes((0, 0, 10, 10), (20, 0, 30, 10), (-2, 0, 9, 11), (21, 1, 33, 10))
    merged, score = merge_overlapping(xyxy, scores(0.5, 0.9, 0.4, 0.1), 0.3)
    np.testing.assert_array_equal(merged, boxes((20, 0, 33, 10), (-2, 0, 10, 11)))
    np.testing.assert_array_equal(score, scores(0.9, 0.5))


def test_kept_boxes_do_not_join_each_other():
    # Without area nothing overlaps, not even a box with itself.
    xyxy = boxes((0, 0, 10, 10), (50, 50, 50, 60))
    merged, score = merge_overlapping(xyxy, scores(0.9, 0.8), 0.3)
    np.testing.assert_array_equal(merged, xyxy)
    np.testing.assert_array_equal(score, scores(0.9, 0.8))


def test_covered_share_of_known_boxes():
    cover = boxes((0, 0, 5, 10), (5, 0, 10, 5), (4, 0, 6, 10), (90, 90, 99, 99))
    xyxy = boxes((0, 0, 10, 10), (20, 20, 30, 30), (1, 1, 2, 2), (7, 7, 7, 9), (-10, 0, 10, 10))
    np.testing.assert_array_equal(covered_fraction(xyxy, cover), [0.8, 0, 1, 1, 0.4])


def test_nothing_covers_nothing():
    np.testing.assert_array_equal(covered_fraction(boxes((0, 0, 1, 1)), NO_BOXES), [0])
    assert covered_fraction(NO_BOXES, boxes((0, 0, 1, 1))).shape == (0,)
