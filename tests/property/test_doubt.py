"""A track that every look left in doubt is none; one look that did not makes it what it was without doubts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.tracking import Sightings, Tracker

GROUND = np.tile(np.linspace(90, 130, 320).astype(np.uint8), (240, 1))
BOX = np.float32([[100, 80, 140, 130]])
NO_MORE = 60  # frames after which nothing joins a track any more


def followed(answers, *, gap=4, doubting=True):
    """Tracks of a thing that is seen at some looks: whether each doubts it, or None where it is not seen."""
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    asked, tracks = [], []

    def look(frame, answer):
        if answer is None:
            return Sightings.none(frame)

        def doubt(kind, box, score):
            asked.append((frame, kind, box.tolist(), score))
            return answer

        score, kind = np.full(1, 0.2, np.float32), np.zeros(1, np.int16)
        return Sightings(frame, BOX, score, kind, doubt=doubt if doubting else None)

    for number, answer in enumerate(answers):
        frame = number * gap
        for between in range(frame - gap + 1 if number else 0, frame + 1):
            tracker.add_plane(between, GROUND)
        seen = look(frame, answer)
        if number:
            tracker.commit(tracker.link(seen))
        else:
            tracker.start_shot(seen)
        tracks += tracker.finished()
    tracker.end_shot()
    tracks += tracker.finished()
    return [track for track in tracks if track.believed], asked


def places(tracks):
    return [(track.frame.tolist(), track.xyxy.tolist(), track.seen) for track in tracks]


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_thing_is_covered_if_one_look_believes_it_and_then_in_all_frames(answers):
    tracks, asked = followed(answers)
    assert bool(tracks) == (not all(answers))
    if tracks:
        assert places(tracks) == places(followed(answers, doubting=False)[0])
    # Nobody looks closer at what is believed already.
    assert len(asked) == (answers.index(False) + 1 if tracks else len(answers))


@pytest.mark.parametrize("answers", [[True, False], [False, True]])
def test_a_track_that_is_joined_to_another_is_believed_if_one_of_them_was(answers):
    """What was lost for some time and is found again is one thing."""
    gone = [None] * 6
    tracks, _ = followed([answers[0], *gone, answers[1]])
    assert places(tracks) == places(followed([False, *gone, False])[0])
    assert len(tracks) == 1


@pytest.mark.parametrize("after", [0, 3, NO_MORE])
def test_a_doubtful_track_is_dropped_in_the_middle_of_a_shot_as_at_its_end(after):
    assert followed([True, *[None] * (after // 2)], gap=2)[0] == []
    assert len(followed([False, *[None] * (after // 2)], gap=2)[0]) == 1


def test_what_is_asked_is_the_sighting_itself():
    _, asked = followed([True])
    assert asked == [(0, 0, BOX[0].tolist(), pytest.approx(0.2))]


def test_chosen_sightings_keep_their_doubts():
    both = Sightings(
        3,
        np.concatenate([BOX, BOX + 50]),
        np.full(2, 0.2, np.float32),
        np.zeros(2, np.int16),
        doubt=lambda _kind, box, _score: bool(box[0] > 120),
    )
    assert [both.believed(at) for at in (0, 1)] == [True, False]
    assert not both.only(np.array([False, True])).believed(0)
    assert not both.at(4).believed(1)
