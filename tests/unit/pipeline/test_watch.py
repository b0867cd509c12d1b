"""Which frames are looked at: seldom where nothing changes, wherever something is not explained."""

import numpy as np
import pytest

from saferedact.pipeline.video.passing import PassingFrame
from saferedact.pipeline.video.sizes import look_sizes
from saferedact.pipeline.video.watch import FULL_S, GLANCE_S, READ_S, STRIDE, Watcher
from saferedact.pipeline.video.watched import watched
from saferedact.testing.detectors import PlantedDetector, plant, walking_marks
from saferedact.tracking import HOLD, CutFinder, Sightings, Tracker

SIZE = (320, 240)
RATE = 30


def run(draw, count, *, score=0.9, phase=0):
    """Watch drawn frames; return frames and sizes of looks, and the tracks."""
    tracker = Tracker([("face", "faces")], SIZE, birth=[0.15], sure=0.35)
    looks = []

    def look(frame, size_wh, everybody):
        looks.append((frame.index, size_wh, everybody))
        boxes = PlantedDetector().boxes_in(frame.native)
        scores = np.full(len(boxes), score, np.float32)
        return Sightings(frame.index, boxes, scores, np.zeros(len(boxes), np.int16))

    sizes = look_sizes(SIZE)
    watcher = Watcher(tracker, look, sizes, SIZE, phase=phase)
    cuts = CutFinder()
    for index in range(count):
        frame = PassingFrame(draw(SIZE, index), index, index / RATE, "rgb")
        watcher.push(watched(frame, SIZE, cuts))
    watcher.finish()
    assert watcher.looks == len(looks)
    return looks, list(tracker.finished())


def frames_of(looks):
    return [frame for frame, _, _ in looks]


def covered(tracks, count):
    """Frames in which some track is present."""
    asked = np.arange(count)
    present = [track.boxes_at(asked)[1] for track in tracks]
    return np.flatnonzero(np.any([np.zeros(count, bool), *present], axis=0)).tolist()


def test_no_frames_need_no_look():
    looks, tracks = run(walking_marks([]), 0)
    assert looks == []
    assert tracks == []


def test_a_clip_of_one_frame_is_looked_at():
    looks, tracks = run(walking_marks([[(50, 50)]]), 1)
    assert frames_of(looks) == [0]
    assert covered(tracks, 1) == [0]


def test_what_stands_still_is_looked_at_seldom_and_never_lost():
    looks, tracks = run(walking_marks([[(100, 100)]] * 120), 120)
    assert frames_of(looks)[0] == 0
    assert len(looks) <= 5
    assert covered(tracks, 120) == list(range(120))


def test_a_thing_that_moves_steadily_is_looked_at_in_every_stretch_only():
    draw = walking_marks([[(20 + 2 * i, 60)] for i in range(80)])
    looks, tracks = run(draw, 80)
    gaps = np.diff(sorted(frames_of(looks)))
    assert max(gaps) <= STRIDE
    assert len(looks) <= 80 / STRIDE + 3
    assert covered(tracks, 80) == list(range(80))
    assert len(tracks) == 1


def test_what_appears_within_a_stretch_is_looked_for_until_its_first_frame_is_known():
    start = 29  # between the looks at 24 and 32
    draw = walking_marks([[(100, 100)] if i >= start else [] for i in range(80)])
    looks, tracks = run(draw, 80)
    assert {start - 1, start} <= set(frames_of(looks))
    assert set(range(start, 80)) <= set(covered(tracks, 80))


def test_what_jumps_is_looked_at_in_every_frame_of_the_stretch():
    places = [[(20 if i % 2 else 250, 20 + 5 * (i % 30))] for i in range(24)]
    looks, tracks = run(walking_marks(places), 24)
    assert sorted(frames_of(looks)) == list(range(24))
    assert covered(tracks, 24) == list(range(24))


def test_what_is_only_perhaps_there_causes_no_further_looks():
    places = [[(20 if i % 2 else 250, 100)] for i in range(24)]
    looks, _ = run(walking_marks(places), 24, score=0.2)
    # One in each stretch where the picture changes and changes back; none because of what was seen.
    assert len(looks) <= 2 * 24 / STRIDE + 2


def test_both_sides_of_a_cut_are_looked_at_and_the_second_in_full():
    calm = walking_marks([[(100 + i, 100)] for i in range(60)])

    def draw(size_wh, index):
        picture = calm(size_wh, index)
        return picture if index < 21 else np.ascontiguousarray(picture[:, ::-1])

    looks, tracks = run(draw, 60)
    sizes = look_sizes(SIZE)
    by_frame = {frame: size for frame, size, _ in looks}
    assert {20, 21} <= set(by_frame)
    assert by_frame[21] == sizes.full
    assert all(track.last <= 20 or track.first >= 21 for track in tracks)
    assert covered(tracks, 60) == list(range(60))


def test_the_second_look_sees_other_frames():
    draw = walking_marks([[(20 + 2 * i, 60)] for i in range(80)])
    first, second = run(draw, 80)[0], run(draw, 80, phase=STRIDE // 2)[0]
    both = set(frames_of(first)) & set(frames_of(second))
    assert both <= {0, 79}


@pytest.mark.parametrize(("side", "most"), [(12, 2 * STRIDE), (40, 1.6 * RATE + STRIDE)])
def test_where_small_things_are_every_other_stretch_ends_with_a_full_look(monkeypatch, side, most):
    monkeypatch.setattr("saferedact.pipeline.video.sizes._ORDINARY", 320)
    sizes = look_sizes(SIZE)
    assert sizes.ordinary < sizes.full
    draw = walking_marks([[(20 + i, 60)] for i in range(100)], side)
    looks, tracks = run(draw, 100)
    full = [frame for frame, size, _ in looks if size == sizes.full]
    assert full[0] == 0
    assert max(np.diff(full)) <= most
    assert len(full) <= 100 / most + 2
    assert most <= HOLD or side == 40  # a new small thing is followed back over it
    assert covered(tracks, 100) == list(range(100))


def test_full_looks_come_back_after_a_while_and_ask_everybody():
    draw = walking_marks([[(20 + i, 60)] for i in range(120)])
    looks, _ = run(draw, 120)
    everybody = [frame for frame, _, everybody in looks if everybody]
    assert everybody[0] == 0
    assert 2 <= len(everybody) <= 4
    assert max(np.diff(everybody)) <= 1.6 * RATE + STRIDE


def test_the_same_picture_is_not_read_again_for_a_while():
    looks, tracks = run(walking_marks([[(100, 100)]] * 480), 480)
    everybody = [frame for frame, _, everybody in looks if everybody]
    assert everybody[0] == 0
    assert 2 <= len(everybody) <= 480 / (READ_S * RATE) + 1
    assert max(np.diff(everybody)) <= READ_S * RATE + FULL_S * RATE + STRIDE
    assert covered(tracks, 480) == list(range(480))


def test_what_changes_a_little_is_read_as_soon_as_before():
    def draw(size_wh, index):
        pixels = walking_marks([[(100, 100)]] * 480)(size_wh, index).copy()
        if index >= 100:  # as large as a letter
            pixels[200:206, 250:253] ^= 40
        return pixels

    looks, _ = run(draw, 240)
    everybody = [frame for frame, _, everybody in looks if everybody]
    assert 100 <= everybody[1] <= 100 + FULL_S * RATE + STRIDE


@pytest.mark.parametrize(
    ("size_wh", "ratio", "ordinary", "full"),
    [
        ((1920, 1080), 1.0, (960, 540), (1280, 720)),
        ((1080, 1920), 1.0, (540, 960), (720, 1280)),
        ((720, 576), 16 / 11, (960, 528), (1280, 704)),
        ((3840, 2160), 1.0, (960, 540), (1920, 1080)),
        ((320, 240), 1.0, (640, 480), (640, 480)),
        ((1, 1), 1.0, (640, 640), (640, 640)),
        ((1000, 1), 1.0, (960, 1), (1280, 1)),
    ],
)
def test_sizes_of_looks(size_wh, ratio, ordinary, full):
    sizes = look_sizes(size_wh, ratio)
    assert sizes.ordinary == ordinary
    assert sizes.full == full


def message_between(start, end, *, moving):
    """Draw a ground that stands still or moves, and a message on it in some of the frames."""

    def draw(size_wh, index):
        width, height = size_wh
        step = index if moving else 0
        across = (np.arange(width) + 3 * step) % 64 + 90
        picture = np.broadcast_to(across[None, :, None], (height, width, 3)).astype(np.uint8).copy()
        if start <= index < end:
            picture[100:120, 40:200] = 250
            picture[105:115, 50:190:8] = 0
        return picture

    return draw


def read_in(looks, start, end):
    return [frame for frame, _, everybody in looks if everybody and start <= frame < end]


@pytest.mark.parametrize("start", [5, 27, 55, 90])
def test_a_message_that_comes_up_on_a_still_picture_is_read(start):
    end = start + round((FULL_S / 2 + 2 * STRIDE / RATE) * RATE)
    looks, _ = run(message_between(start, end, moving=False), 130)
    assert read_in(looks, start, end)
    assert len(read_in(looks, 0, 130)) <= 4


@pytest.mark.parametrize("start", [2, 9, 30, 50, 60])
def test_a_second_watcher_reads_between_the_times_of_the_first(start):
    end = start + round((FULL_S / 2 + 2 * STRIDE / RATE) * RATE)
    draw = message_between(start, end, moving=True)
    first, _ = run(draw, 130)
    second, _ = run(draw, 130, phase=STRIDE // 2)
    assert read_in(first, start, end) + read_in(second, start, end)
    assert abs(len(read_in(first, 0, 130)) - len(read_in(second, 0, 130))) <= 1


def flashing(start, length):
    """Draw a moving mark that stays, and another, with a dark ground of its own, in a few frames."""
    steady = walking_marks([[(20 + i, 30)] for i in range(130)])

    def draw(size_wh, index):
        picture = steady(size_wh, index)
        if start <= index < start + length:
            picture[130:190, 140:200] = 20
            plant(picture, [(150, 140, 190, 180)])
        return picture

    return draw


@pytest.mark.parametrize("start", [26, 43, 61, 98])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_what_shows_in_a_few_frames_between_two_looks_is_looked_at(start, length):
    shown = set(range(start, start + length))
    looks, tracks = run(flashing(start, length), 130)
    assert shown & set(frames_of(looks))
    lower = [track for track in tracks if track.xyxy[:, 1].min() > 100]
    assert shown <= set(covered(lower, 130))
    assert len(looks) <= 130 / STRIDE + 8


def test_what_moves_a_little_causes_no_further_looks():
    places = [[(20 + 3 * i, 60)] for i in range(90)]
    looks, _ = run(walking_marks(places, 40), 90)
    assert len(looks) <= 90 / STRIDE + 3


def glanced(draw, count, *, shows):
    """Watch with a glance that finds what is drawn in a place; return what was read, and the glances."""
    tracker = Tracker([("name", "text")], SIZE, birth=[0.2], sure=0.35, hold=[100])
    read, glances = [], []

    def look(frame, _size_wh, everybody):
        read.extend([frame.index] if everybody else [])
        return Sightings.none(frame.index, None if everybody else frozenset())

    def glance(frame):
        glances.append(frame.index)
        return np.array(shows(frame.index), np.float32).reshape(-1, 4)

    watcher = Watcher(tracker, look, look_sizes(SIZE), SIZE, glance=glance)
    cuts = CutFinder()
    for index in range(count):
        frame = PassingFrame(draw(SIZE, index), index, index / RATE, "rgb")
        watcher.push(watched(frame, SIZE, cuts))
    watcher.finish()
    return read, glances


PLACE = [[40, 100, 200, 120]]


@pytest.mark.parametrize("start", [3, 12, 30, 61, 75])
def test_a_line_that_comes_up_before_a_moving_ground_is_read_at_the_next_glance(start):
    end = start + round((GLANCE_S + STRIDE / RATE) * RATE)
    draw = message_between(start, end, moving=True)
    read, _ = glanced(draw, 130, shows=lambda i: PLACE if start <= i < end else [])
    assert [frame for frame in read if start <= frame < end]


def test_a_line_that_was_there_when_it_was_read_is_not_read_again_for_a_while():
    draw = message_between(0, 130, moving=True)
    read, glances = glanced(draw, 130, shows=lambda _: PLACE)
    assert len(read) <= 130 / (FULL_S * RATE) + 1
    assert len(glances) <= 130 / (GLANCE_S * RATE) + 1
    still, unasked = glanced(message_between(0, 130, moving=False), 130, shows=lambda _: PLACE)
    assert still == [0]
    assert unasked == []


def test_a_line_that_says_something_else_is_read_again():
    def draw(size_wh, index):
        picture = message_between(0, 130, moving=True)(size_wh, index)
        if index >= 60:
            picture[100:120, 40:200] = 250
            picture[103:117, 50:190:13] = 0
        return picture

    read, _ = glanced(draw, 130, shows=lambda _: PLACE)
    assert [frame for frame in read if 60 <= frame <= 60 + GLANCE_S * RATE + STRIDE]
