"""Detections check, copy and freeze their columns."""

import numpy as np
import pytest

from saferedact.detections import Detections, TextSpan
from saferedact.errors import InputError


def make(n=3, labels=("face", "plate")):
    xyxy = np.array([[i, i, i + 2, i + 3] for i in range(n)], np.float32).reshape(n, 4)
    score = np.linspace(0.25, 1, n, dtype=np.float32)
    return Detections(xyxy, score, np.arange(n, dtype=np.int16) % len(labels), labels)


def columns(detections):
    return (
        detections.xyxy.tolist(),
        detections.score.tolist(),
        [detections.labels[i] for i in detections.label_id],
    )


def test_empty_has_the_right_types_and_keeps_labels():
    empty = Detections.empty(["face"])
    assert len(empty) == 0
    assert empty.xyxy.shape == (0, 4)
    assert (empty.xyxy.dtype, empty.score.dtype, empty.label_id.dtype) == ("f4", "f4", "i2")
    assert empty.labels == ("face",)


def test_arrays_are_copied_and_only_the_copies_are_frozen():
    xyxy, score = np.zeros((1, 4), np.float32), np.zeros(1, np.float32)
    label_id = np.zeros(1, np.int16)
    detections = Detections(xyxy, score, label_id, ("face",))
    for own, theirs in (
        (detections.xyxy, xyxy),
        (detections.score, score),
        (detections.label_id, label_id),
    ):
        assert not np.shares_memory(own, theirs)
        assert not own.flags.writeable
        assert theirs.flags.writeable
    with pytest.raises(AttributeError):
        detections.score = score


def test_wider_types_are_converted():
    detections = Detections(np.zeros((2, 4)), np.ones(2), np.array([0, 1]), ["a", "b"])
    assert (detections.xyxy.dtype, detections.score.dtype) == ("f4", "f4")
    assert detections.label_id.dtype == "i2"
    assert detections.labels == ("a", "b")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"xyxy": np.zeros((3, 5))}, r"shape \(n, 4\), but got shape \(3, 5\)"),
        ({"xyxy": np.full((3, 4), np.nan)}, "finite"),
        ({"xyxy": np.array([[2, 0, 1, 1]] * 3)}, "x1 <= x2"),
        ({"score": [[0], [0, 1]]}, "score must be an array of numbers"),
        ({"score": np.zeros(2)}, r"score must have shape \(3,\) .* but got shape \(2,\)"),
        ({"score": np.zeros((3, 1))}, r"score must have shape \(3,\) .* got shape \(3, 1\)"),
        ({"score": np.zeros(3, np.int64)}, "score must hold floating-point numbers, but got int64"),
        ({"score": np.array([0, np.nan, 1])}, "score must be finite"),
        ({"score": np.array([0, 0, 1.5])}, "within 0 to 1"),
        ({"score": np.array([0, 0, -0.5])}, "within 0 to 1"),
        ({"label_id": np.zeros(4, int)}, r"label_id must have shape \(3,\)"),
        ({"label_id": np.zeros(3)}, "label_id must hold whole numbers, but got float64"),
        ({"label_id": np.array([0, 1, 2])}, "within 0 to 1, the positions in labels"),
        ({"label_id": np.array([0, 1, -1])}, "the positions in labels"),
        ({"label_id": np.array([0, 1, 65_536])}, "the positions in labels"),
        ({"labels": ("face", "face")}, "labels must be different"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    good = make()
    arguments = {
        "xyxy": good.xyxy,
        "score": good.score,
        "label_id": good.label_id,
        "labels": good.labels,
    }
    with pytest.raises(InputError, match=message):
        Detections(**{**arguments, **change})


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        (slice(1, None), [1, 2]),
        (slice(None, None, -1), [2, 1, 0]),
        (slice(0, 0), []),
        (np.array([True, False, True]), [0, 2]),
        (np.array([2, 0, 0]), [2, 0, 0]),
        (np.array([], dtype=int), []),
        (np.array([-1]), [2]),
    ],
)
def test_selection_takes_all_columns_alike(index, rows):
    whole = make()
    boxes, scores, labels = columns(whole)
    assert columns(whole[index]) == (
        [boxes[i] for i in rows],
        [scores[i] for i in rows],
        [labels[i] for i in rows],
    )
    assert whole[index].labels == whole.labels


@pytest.mark.parametrize(
    "index",
    [
        1,
        np.array([3]),
        np.array([True]),
        np.array([[0]]),
        np.array([0.5]),
        np.array(["a"]),
        [[0], [0, 1]],
    ],
)
def test_other_selections_are_refused(index):
    with pytest.raises(InputError):
        make()[index]


def test_joining_keeps_order_and_names():
    one, two = make(2, ("face", "plate")), make(3, ("code", "face"))
    joined = Detections.concatenate([one, Detections.empty(["name"]), two])
    assert joined.labels == ("face", "plate", "name", "code")
    assert columns(joined) == tuple(a + b for a, b in zip(columns(one), columns(two), strict=True))


def test_joining_nothing_gives_nothing():
    assert len(Detections.concatenate([])) == 0
    assert len(Detections.concatenate([Detections.empty(["face"])])) == 0


def test_spans_sort_by_place():
    late = TextSpan(5, 9, "name", "person", 0.9, "cues")
    early = TextSpan(0, 4, "identifier", "phone", 0.2, "phones")
    assert sorted([late, early]) == [early, late]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 4)])
def test_an_impossible_stretch_is_refused(start, end):
    with pytest.raises(InputError, match="start < end"):
        TextSpan(start, end, "name", "person", 0.5, "cues")


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_an_impossible_span_score_is_refused(score):
    with pytest.raises(InputError, match="score"):
        TextSpan(0, 1, "name", "person", score, "cues")


def named(n=3, people=("P1", None, "P2")):
    made = make(n)
    return Detections(made.xyxy, made.score, made.label_id, made.labels, people)


def test_people_are_unknown_unless_said():
    assert make().people == (None, None, None)
    assert Detections.empty(["face"]).people == ()


def test_people_go_with_their_boxes():
    assert named()[1:].people == (None, "P2")
    assert named()[np.array([2, 0])].people == ("P2", "P1")
    assert named()[np.array([False, False, True])].people == ("P2",)
    assert Detections.concatenate([make(1), named()]).people == (None, "P1", None, "P2")


def test_people_of_another_number_than_boxes_are_refused():
    with pytest.raises(InputError, match="one entry for each of 3 boxes"):
        named(people=("P1",))
