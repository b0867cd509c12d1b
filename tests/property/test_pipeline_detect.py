"""Whatever detectors answer becomes a valid plan that holds all of it, or an error of ours."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.errors import DetectorError
from saferedact.pipeline import detect
from saferedact.plan import dump_plan, load_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import write_pictures
from saferedact.testing.images import sample_pixels

RELEASE = load_policy("release")
SIZE_WH = (96, 64)
LABELS = ("face", "plate", "dog")
EDGES = st.floats(-50, 150, width=32)


class Answers:
    """Gives prepared answers, one for each frame."""

    info = DetectorInfo("answers", "1", LABELS)

    def __init__(self, answers):
        self._answers = iter(answers)

    def detect(self, images, *, min_score, orientation_known):
        return [next(self._answers)]


@st.composite
def answers(draw):
    count = draw(st.integers(0, 6))
    # Half of the boxes are within the picture: one outside makes a whole answer garbage.
    edges = draw(st.sampled_from([EDGES, st.floats(0, 60, width=32)]))
    pairs = [[sorted([draw(edges), draw(edges)]) for _ in range(2)] for _ in range(count)]
    boxes = np.array([[x1, y1, x2, y2] for (x1, x2), (y1, y2) in pairs], dtype=np.float32)
    scores = np.array([draw(st.floats(0, 1, width=32)) for _ in range(count)], dtype=np.float32)
    ids = np.array([draw(st.integers(0, 2)) for _ in range(count)], dtype=np.int16)
    return Detections(boxes.reshape(-1, 4), scores, ids, LABELS)


@given(frames=st.lists(answers(), min_size=2, max_size=2))
def test_a_plan_holds_every_answer_with_its_margin(frames):
    width, height = SIZE_WH
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.png"
        write_pictures(path, *[sample_pixels(SIZE_WH, seed=i) for i in range(len(frames))])
        try:
            plan = detect(path, detectors=[Answers(frames)])
        except DetectorError:
            assert any(is_outside(found.xyxy) for found in frames)
            return
    assert load_plan(dump_plan(plan)) == plan
    expected = 0
    for index, found in enumerate(frames):
        for box, score, label_id in zip(found.xyxy, found.score, found.label_id, strict=True):
            rule = RELEASE.labels.get(LABELS[label_id])
            if rule is None or score < np.float32(rule.min_score):
                continue
            expected += 1
            assert any(
                region.label == LABELS[label_id] and holds(region.xyxy, box)
                for region in plan.regions_of(index)
            )
    assert len(plan.regions) == expected
    for region in plan.regions:
        x1, y1, x2, y2 = region.xyxy
        assert 0 <= x1 < x2 <= width
        assert 0 <= y1 < y2 <= height
        rule = RELEASE.labels[region.label]
        assert region.needs_review == (region.score < rule.review_below) or (
            abs(region.score - rule.review_below) < 1e-3
        )


def is_outside(xyxy):
    width, height = SIZE_WH
    return bool(
        ((xyxy[:, :2] >= (width, height)).any(axis=1) | (xyxy[:, 2:] <= 0).any(axis=1)).any()
    )


def holds(outer, box):
    """Two pixels more on each side, but for what adding them in float32 rounds away."""
    width, height = SIZE_WH
    x1, y1, x2, y2 = (float(value) for value in box)
    margin = 2 - 1e-4
    return (
        outer[0] <= max(0, x1 - margin)
        and outer[1] <= max(0, y1 - margin)
        and outer[2] >= min(width, x2 + margin)
        and outer[3] >= min(height, y2 + margin)
    )
