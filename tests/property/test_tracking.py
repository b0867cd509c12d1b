"""Tracks cover what was seen: nothing on the way from looks to boxes of frames makes them smaller."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.testing.boxes import contains
from saferedact.tracking import (
    HOLD,
    Sightings,
    Tracker,
    frames_to_leave,
)

NOISE = np.random.default_rng(3).integers(0, 255, (300, 400)).astype(np.uint8)

STROKES = np.random.default_rng(5).random(160) < 0.3


def plane(position, size=40):
    """A patch of noise on a calm ground, with its box."""
    import cv2

    picture = np.tile(np.linspace(90, 130, 320).astype(np.uint8), (240, 1))
    x, y = (round(float(value)) for value in position)
    patch = cv2.GaussianBlur(NOISE[:size, :size], (5, 5), 0)
    picture[y : y + size, x : x + size] = patch
    return picture, np.array([[x, y, x + size, y + size]], dtype=np.float32)


def sightings(frame, box, score=0.9):
    count = len(box)
    return Sightings(frame, box, np.full(count, score, np.float32), np.zeros(count, dtype=np.int16))


def tracked(positions, looks, shots=(0,), missed=()):
    """Follow a patch that is seen at some frames, and return the tracks."""
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    tracks = []
    for frame, position in enumerate(positions):
        picture, box = plane(position)
        if frame in shots and frame:
            tracker.end_shot()
        tracker.add_plane(frame, picture)
        seen = sightings(frame, box) if frame not in missed else Sightings.none(frame)
        if frame in shots:
            tracker.start_shot(seen)
        elif frame in looks:
            tracker.commit(tracker.link(seen))
        tracks += tracker.finished()
    tracker.end_shot()
    return [*tracks, *tracker.finished()]


@given(
    st.tuples(st.integers(20, 250), st.integers(20, 150)),
    st.tuples(st.integers(-6, 6), st.integers(-6, 6)),
    st.integers(1, 8),
)
def test_between_looks_a_moving_thing_stays_covered(start, step, stride):
    count = 2 * stride + 1
    positions = np.clip(np.array(start) + np.arange(count)[:, None] * np.array(step), 0, (270, 190))
    (track,) = tracked(positions, looks=range(stride, count, stride))
    got, present = track.boxes_at(np.arange(count))
    assert present.all()
    truth = np.concatenate([plane(position)[1] for position in positions])
    assert contains(got, truth, slack=1.5)


@given(st.integers(2, 30), st.integers(0, 20))
def test_nothing_reaches_across_a_cut(cut, lost):
    positions = [(60, 60)] * cut + [(200, 100)] * 12
    looks = {cut - 1, len(positions) - 1, *range(4, cut, 4), cut + 4, cut + 8}
    tracks = tracked(positions, looks, shots=(0, cut), missed={lost})
    assert tracks
    for track in tracks:
        assert track.last < cut or track.first >= cut
    first = [track for track in tracks if track.last < cut]
    assert lost == cut - 1 or not first or max(track.last for track in first) == cut - 1


@given(st.integers(30, 60), st.data())
def test_no_cover_begins_or_ends_a_few_frames_from_a_cut(cut, data):
    """For so few frames what was hidden is still there."""
    positions = [(60, 60)] * cut + [(200, 100)] * 60
    lost = data.draw(st.integers(1, cut - 1)), data.draw(st.integers(cut, len(positions) - 2))
    missed = {*range(lost[0], cut), *range(cut, lost[1])}
    looks = {0, cut - 1, len(positions) - 1, *range(4, cut, 4), *range(cut + 4, len(positions), 4)}
    for track in tracked(positions, looks, shots=(0, cut), missed=missed):
        start, stop = (0, cut) if track.last < cut else (cut, len(positions))
        assert track.first - start == 0 or track.first - start > 6
        assert stop - 1 - track.last == 0 or stop - 1 - track.last > 6


def test_a_thing_that_is_lost_is_covered_until_it_is_forgotten_and_from_before_it_was_seen():
    positions = [(100, 100)] * 60
    missed = {*range(24), *range(36, 60)}
    (track,) = tracked(positions, looks=range(4, 60, 4), missed=missed)
    assert track.first <= 24 - 5
    assert track.last >= 32 + 5
    assert track.first >= 24 - 25
    assert track.last <= 32 + 25


@given(
    st.tuples(st.integers(90, 180), st.integers(70, 120)),
    st.tuples(st.integers(-4, 4), st.integers(-3, 3)),
    st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
)
def test_what_is_carried_away_leaves_its_last_place_covered(start, away, own):
    """Content that is recognised elsewhere may be what has come before the thing."""
    last, until = 8, 8 + HOLD
    before = np.array(start) + np.arange(last + 1)[:, None] * np.array(own)
    after = before[-1] + np.arange(1, until - last + 1)[:, None] * np.array(away)
    positions = np.clip(np.concatenate([before, after]), 0, (270, 190))
    missed = range(last + 1, until + 1)
    (track,) = tracked(positions, looks=range(4, until + 1, 4), missed=missed)
    frames = np.arange(last, track.last + 1)
    assert len(frames) > 5
    got, _ = track.boxes_at(frames)
    place = plane(positions[last])[1]
    assert contains(got, np.repeat(place, len(frames), axis=0), slack=0.01)
    # And where its own motion led, had it gone on; that is measured to a fifth of a pixel a frame.
    led = place + np.tile(np.array(own), 2) * (frames - last)[:, None]
    assert contains(got, led, slack=0.2 * len(frames))
    seen = frames[frames < until]
    truth = np.concatenate([plane(positions[frame])[1] for frame in seen])
    assert contains(got[: len(seen)], truth, slack=1.5)


@given(
    st.tuples(st.integers(90, 180), st.integers(70, 120)),
    st.tuples(st.integers(-4, 4), st.integers(-3, 3)),
    st.integers(2, 5),
)
def test_a_box_held_through_an_occlusion_keeps_its_place_until_the_thing_is_back(
    start, away, looks
):
    """What passes before a still thing looks like it, and takes the followed box along."""
    last, back = 8, 8 + 4 * looks
    place = plane(start)[1]
    positions = [
        np.clip(np.array(start) + np.array(away) * max(0, frame - last), 0, (270, 190))
        for frame in range(back)
    ]
    positions += [start] * 9
    missed = range(last + 1, back)
    tracks = tracked(positions, looks=range(4, len(positions), 4), missed=missed)
    for frame in range(len(positions)):
        boxes = [track.boxes_at([frame]) for track in tracks]
        assert any(there[0] and contains(box, place, slack=1.5) for box, there in boxes)


@given(
    st.sampled_from(["left", "top", "right", "bottom"]),
    st.integers(60, 120),
    st.integers(0, 3),
    st.booleans(),
)
def test_what_the_edge_cuts_is_covered_before_and_after_it_was_seen(edge, along, off, leaves):
    position = {
        "left": (off, along),
        "right": (280 - off, along),
        "top": (along, off),
        "bottom": (along, 200 - off),
    }[edge]
    picture, box = plane(position)
    blank = np.full_like(picture, 110)
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    seen = {28, 32}
    for frame in range(61):
        tracker.add_plane(frame, picture if frame in seen else blank)
        shown = sightings(frame, box) if frame in seen else Sightings.none(frame)
        if frame == 0:
            tracker.start_shot(shown)
        elif frame % 4 == 0:
            tracker.commit(tracker.link(shown))
    tracker.end_shot()
    (track,) = tracker.finished()
    first, last = (28 - HOLD, 32 + HOLD) if leaves or off == 0 else (28 - 5, 32 + 5)
    assert track.first <= first
    assert track.last >= last
    got, _ = track.boxes_at(np.arange(first, last + 1))
    assert contains(got, np.repeat(box, len(got), axis=0), slack=0.01)


def test_what_is_far_from_every_edge_is_not_expected_to_come_over_one():
    xyxy = np.array([[100, 80, 140, 120]] * 3, dtype=np.float32)
    assert frames_to_leave(xyxy, (320, 240), HOLD) == 0
    assert frames_to_leave(xyxy + np.float32(171), (320, 400), HOLD) == HOLD


@given(st.integers(1, 30), st.integers(5, 40))
def test_motion_over_the_edge_is_followed_until_the_thing_is_out(speed, most):
    step = np.arange(4, dtype=np.float32)[:, None] * np.array([speed, 0, speed, 0], np.float32)
    xyxy = step + np.array([200, 50, 240, 90], np.float32)
    frames = frames_to_leave(xyxy, (320, 240), most)
    gone = -(-(320 - int(xyxy[-1, 0])) // speed)
    near = 320 - int(xyxy[-1, 2]) - speed * most < 10
    assert frames == (min(gone, most) if near else 0)


def test_a_close_head_that_leaves_does_not_become_a_smaller_one_behind_it():
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    large = np.array([[200, 20, 318, 200]], np.float32)
    small = np.array([[210, 60, 262, 145]], np.float32)  # IoU with the large one .2
    picture, _ = plane((210, 60))
    for frame in range(41):
        tracker.add_plane(frame, picture)
        shown = sightings(frame, large if frame <= 16 else small)
        if frame == 0:
            tracker.start_shot(shown)
        elif frame % 8 == 0:
            tracker.commit(tracker.link(shown))
    tracker.end_shot()
    tracks = list(tracker.finished())
    assert len(tracks) == 2
    frames = np.arange(16, 16 + HOLD + 1)
    got = [track.boxes_at(frames) for track in tracks]
    assert any(
        there.all() and contains(box, np.repeat(large, len(frames), axis=0)) for box, there in got
    )


def tracks_of_text(count, draw, place_at):
    """Tracks of text that is read every 48 frames, while every eighth frame is looked at for faces."""
    tracker = Tracker(
        [("face", "faces"), ("name", "text")],
        (320, 240),
        birth=[0.15, 0.15],
        sure=0.35,
        hold=[HOLD, 100],
    )
    for frame in range(count):
        tracker.add_plane(frame, draw(frame))
        read = frame % 48 == 0
        place = place_at(frame) if read else None
        seen = sightings(frame, np.empty((0, 4), np.float32) if place is None else place)
        seen = replace(
            seen, kind=np.ones(len(seen.xyxy), np.int16), asked=None if read else frozenset({0})
        )
        if frame == 0:
            tracker.start_shot(seen)
        elif frame % 8 == 0:
            tracker.commit(tracker.link(seen))
    tracker.end_shot()
    return list(tracker.finished())


def assert_covered(tracks, frames, box):
    for frame in frames:
        boxes = [track.boxes_at([frame]) for track in tracks]
        assert any(there[0] and contains(covered, box, slack=0.01) for covered, there in boxes)


@given(
    st.tuples(st.integers(60, 100), st.integers(80, 140)),
    st.integers(-5, 5).filter(bool),
    st.integers(0, 320),
    st.integers(2, 40),
)
def test_words_that_stand_before_a_moving_ground_stay_covered(place, step, begin, appear):
    """What passes behind them is what is recognised, and leads the followed box away."""
    x, y = place
    box = np.array([[x, y, x + 160, y + 18]], dtype=np.float32)
    columns = np.arange(320)

    def draw(frame):
        picture = np.tile(np.linspace(150, 200, 320).astype(np.uint8), (240, 1))
        shadow = np.abs((columns - begin - step * frame) % 320 - 160) < 25
        picture[y - 20 : y + 40, shadow] = 80
        if appear <= frame:
            picture[y + 3 : y + 15, x : x + 160][:, STROKES] = 20
        return picture

    tracks = tracks_of_text(97, draw, lambda frame: box if appear <= frame else None)
    assert_covered(tracks, range(appear, 97), box)


@pytest.mark.parametrize("appear", [9, 20, 33, 45])
def test_other_words_where_some_were_read_are_covered_from_their_first_frame(appear):
    """They may be longer, and nobody has looked since."""
    x, y = 80, 100
    short, long = (np.array([[x, y, x + side, y + 18]], np.float32) for side in (60, 160))
    rows, columns = np.mgrid[0:240, 0:320]

    def draw(frame):
        picture = (100 + (3 * rows + 5 * columns + 9 * frame) % 50).astype(np.uint8)
        if frame < 6:
            picture[y + 3 : y + 15, x : x + 60][:, STROKES[100:]] = 20
        if frame >= appear:
            picture[y + 3 : y + 15, x : x + 160][:, STROKES] = 20
        return picture

    tracks = tracks_of_text(49, draw, lambda frame: short if frame < 6 else long)
    assert_covered(tracks, range(appear, 49), long)


def test_a_thing_that_was_followed_back_is_covered_with_a_growing_margin():
    positions = [(100, 100)] * 40
    (track,) = tracked(positions, looks=range(4, 40, 4), missed=range(20))
    place = plane((100, 100))[1]
    got, present = track.boxes_at(np.arange(10, 20))
    assert present.all()
    margin = place[0, 0] - got[:, 0]  # frame 20 is the first that shows it
    assert (margin[:5] >= 0.9 * 0.03 * 5 * 40).all()
    assert (np.diff(margin) <= 0.01).all()


@pytest.mark.parametrize(
    ("people", "refs"),
    [
        (["W1", "W1", "W1"], ["W1"]),
        ([None, None, None], [None]),
        (["W1", None, "W1"], [None]),
        ([None, "W1", "W1"], [None]),
        (["W1", "W1", "W2"], ["W1", "W2"]),
        (["W1", None, "W2"], [None]),
    ],
)
def test_a_track_is_of_a_person_if_every_look_said_so(people, refs):
    tracker = Tracker([("name", "text")], (320, 240), birth=[0.15], sure=0.35)
    picture, box = plane((100, 100))
    for frame in range(9):
        tracker.add_plane(frame, picture)
        if frame % 4:
            continue
        seen = replace(sightings(frame, box), people=(people[frame // 4],))
        if frame:
            tracker.commit(tracker.link(seen))
        else:
            tracker.start_shot(seen)
    tracker.end_shot()
    tracks = sorted(tracker.finished(), key=lambda track: track.last)
    assert [track.person_ref for track in tracks] == refs


@pytest.mark.parametrize(("later", "refs"), [("W1", ["W1"]), (None, [None]), ("W2", ["W1", "W2"])])
def test_a_gap_is_bridged_to_the_same_person_alone(later, refs):
    tracker = Tracker([("name", "text")], (320, 240), birth=[0.15], sure=0.35)
    picture, box = plane((100, 100))
    blank = np.full_like(picture, 110)
    for frame in range(41):
        hidden = 4 < frame < 28
        tracker.add_plane(frame, blank if hidden else picture)
        if frame % 4:
            continue
        seen = sightings(frame, box[: 0 if hidden else 1])
        seen = replace(seen, people=() if hidden else ("W1" if frame < 5 else later,))
        if frame:
            tracker.commit(tracker.link(seen))
        else:
            tracker.start_shot(seen)
    tracker.end_shot()
    tracks = sorted(tracker.finished(), key=lambda track: track.last)
    assert [track.person_ref for track in tracks] == refs


def test_the_chosen_of_some_sightings_keep_their_people():
    seen = replace(sightings(3, np.zeros((3, 4), np.float32)), people=("W1", None, "W2"))
    chosen = seen.only(np.array([True, False, True]))
    assert chosen.people == ("W1", "W2")
    assert len(chosen.xyxy) == len(chosen.score) == len(chosen.kind) == 2
    assert seen.at(5).people == seen.people
    assert sightings(3, np.zeros((1, 4), np.float32)).person(0) is None


def test_a_weak_sighting_prolongs_a_track_and_begins_none():
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.5], sure=0.6)
    picture, box = plane((100, 100))
    tracker.add_plane(0, picture)
    tracker.start_shot(sightings(0, box, 0.4))
    for frame in range(1, 9):
        tracker.add_plane(frame, picture)
    tracker.commit(tracker.link(sightings(4, box, 0.9)))
    tracker.commit(tracker.link(sightings(8, box, 0.4)))
    tracker.end_shot()
    (track,) = tracker.finished()
    assert track.seen == 2
    assert track.score == pytest.approx(0.9)


def test_what_cannot_be_carried_is_unsure_and_what_was_met_is_not():
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    picture, box = plane((100, 100))
    blank = np.full_like(picture, 110)
    for frame in range(9):
        tracker.add_plane(frame, picture if frame == 0 else blank)
    tracker.start_shot(Sightings.none(0))
    tracker.add_plane(9, picture)
    assert tracker.link(sightings(8, box)).unsure
    assert not tracker.link(Sightings.none(8)).unsure
    assert not tracker.link(sightings(8, box, 0.2)).unsure


def test_what_comes_back_leaves_its_new_place_covered_when_it_is_lost_again():
    """After a gap the place that stays covered is the one where it was seen last, not that before the gap."""
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    calm = np.full((240, 320), 120, np.uint8)
    back = 12
    places = {0: (100, 100), back: (114, 100)}
    tracker.add_plane(0, calm)
    tracker.start_shot(sightings(0, plane(places[0])[1]))
    for frame in range(1, 25):
        # What is recognised from then on may be somebody who walks past.
        shown = calm if frame < back else plane((114 - 4 * (frame - back), 100))[0]
        tracker.add_plane(frame, shown)
        if frame % 4 == 0:
            seen = plane(places[frame])[1] if frame in places else np.empty((0, 4), np.float32)
            tracker.commit(tracker.link(sightings(frame, seen)))
    tracker.end_shot()
    (track,) = tracker.finished()
    frames = np.arange(back, 25)
    got, present = track.boxes_at(frames)
    assert present.all()
    assert contains(got, np.repeat(plane(places[back])[1], len(frames), axis=0), slack=0.01)


def test_live_what_one_look_has_missed_stays_covered_until_the_next():
    """Where nothing is recognised either, and nobody waits for another look."""
    tracker = Tracker([("face", "faces")], (320, 240), birth=[0.15], sure=0.35)
    calm = np.full((240, 320), 120, np.uint8)
    place = plane((100, 100))[1]
    tracker.add_plane(0, calm)
    tracker.start_shot(sightings(0, place))
    guessed = {}
    for frame in range(1, 25):
        tracker.add_plane(frame, calm)
        if frame % 6 == 0:
            seen = place if frame == 6 else np.empty((0, 4), np.float32)
            tracker.commit(tracker.link(sightings(frame, seen)))
            guessed[frame] = [tracker.ahead([calm] * (steps + 1)) for steps in range(4)]
    assert [len(found) for found in guessed[6]] == [1, 1, 1, 1]
    for steps, ((track, recognised),) in enumerate(guessed[12]):
        assert not recognised
        assert track.frame.tolist() == sorted({12, 12 + steps})
        assert contains(track.xyxy, np.repeat(place, len(track.xyxy), axis=0))
    assert guessed[18] == guessed[24] == [[], [], [], []]
