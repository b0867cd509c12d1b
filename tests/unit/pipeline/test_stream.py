"""Streams: the same frames come back, in order, redacted."""

import threading
from contextlib import suppress
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

import saferedact
from saferedact.errors import DetectorError, InputError
from saferedact.pipeline import detect
from saferedact.pipeline.video.stream import StreamRedactor
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import FixedDetector, PlantedDetector, walking_marks
from saferedact.testing.videos import Clip, flip_bits, write_clip

FACES = load_policy("faces")
SIZE = (192, 128)
WALK = walking_marks([[(10 + 2 * i, 20)] if 10 <= i < 50 else [] for i in range(60)])


def pictures(draw=WALK, count=60, order="bgr"):
    frames = [draw(SIZE, i) for i in range(count)]
    return (
        [np.ascontiguousarray(frame[:, :, ::-1]) for frame in frames] if order == "bgr" else frames
    )


def marks_in(picture, order="bgr"):
    shown = picture[:, :, ::-1] if order == "bgr" else picture
    return len(PlantedDetector().boxes_in(np.ascontiguousarray(shown)))


def stream(**options):
    return StreamRedactor(policy=FACES, detectors=[PlantedDetector()], **options)


@pytest.mark.parametrize("order", ["bgr", "rgb"])
@pytest.mark.parametrize("lookahead_s", [0.2, 1.0])
def test_frames_come_back_in_order_without_marks(order, lookahead_s):
    frames = pictures(order=order)
    with stream(order=order, lookahead_s=lookahead_s) as redactor:
        ready = []
        for number, frame in enumerate(frames):
            ready += redactor.push(frame)
            assert len(frames[: number + 1]) - len(ready) <= lookahead_s * 30 + 1
        ready += redactor.flush()
    assert all(a is b for a, b in zip(ready, frames, strict=True))
    assert [i for i, frame in enumerate(ready) if marks_in(frame, order)] == []
    assert (ready[0] > 0).any()


def test_a_stream_covers_what_a_plan_of_the_same_frames_covers(tmp_path):
    path = tmp_path / "clip.mkv"
    count = 60
    clip = Clip(".mkv", "ffv1", "yuv444p", SIZE, tuple(range(0, count * 40, 40)), Fraction(1, 1000))
    write_clip(path, Clip(**{**{n: getattr(clip, n) for n in clip.__slots__}, "draw": WALK}))
    plan = detect(path, policy=FACES, detectors=[PlantedDetector()])
    resolved = resolve_plan(plan, policy=FACES)
    frames = pictures()
    with stream() as redactor:
        ready = []
        for number, frame in enumerate(frames):
            ready += redactor.push(frame, number * 0.04)
        ready += redactor.flush()
    for number, frame in enumerate(ready):
        covered = np.argwhere((frame == 0).all(axis=2))
        groups = resolved.groups(number)
        assert bool(len(covered)) == bool(groups), number
        for group in groups:
            x1, y1, x2, y2 = group.xyxy[0]
            top, left = covered.min(axis=0)
            bottom, right = covered.max(axis=0) + 1
            assert abs(left - x1) < 4
            assert abs(top - y1) < 4
            assert abs(right - x2) < 4
            assert abs(bottom - y2) < 4


def test_pyav_frames_keep_their_times(tmp_path):
    import av

    path = tmp_path / "clip.mp4"
    write_clip(path, Clip(size_wh=SIZE, pts=tuple(range(0, 60 * 512, 512)), draw=WALK))
    with av.open(str(path)) as container, stream() as redactor:
        ready = list(redactor.redact(container.decode(video=0)))
    assert [frame.pts for frame in ready] == [i * 512 for i in range(60)]
    assert [i for i, f in enumerate(ready) if marks_in(f.to_ndarray(format="bgr24"))] == []


class SlowDetector(PlantedDetector):
    """Answers only when it may."""

    def __init__(self):
        super().__init__()
        self.may = threading.Semaphore(0)
        self.looked = threading.Semaphore(0)

    def boxes_in(self, image):
        self.may.acquire()
        found = super().boxes_in(image)
        self.looked.release()
        return found


def test_live_frames_come_back_at_once_and_whole_ones_are_covered_until_somebody_has_looked():
    detector = SlowDetector()
    frames = pictures(walking_marks([[(60 + i // 8, 40)] for i in range(60)]))
    redactor = StreamRedactor(policy=FACES, detectors=[detector], lookahead_s=0)
    with redactor:
        for frame in frames[:4]:
            (same,) = redactor.push(frame)
            assert same is frame
            assert (frame == 0).all()
        detector.may.release()
        detector.looked.acquire()
        shown = settle(redactor, frames[4:12])
        assert marks_in(shown) == 0
        assert (shown > 0).any()
        for frame in frames[12:36]:  # nobody answers any more
            redactor.push(frame)
        assert (frames[35] == 0).all()
        detector.may.release(1000)


def settle(redactor, frames):
    """Push frames until one is not covered whole any more."""
    for frame in frames:
        threading.Event().wait(0.05)
        redactor.push(frame)
        if (frame > 0).any():
            return frame
    msg = "every frame is covered whole"
    raise AssertionError(msg)


def test_a_live_cut_is_covered_whole_until_somebody_has_looked():
    detector = SlowDetector()
    ground = np.zeros((128, 192, 3), np.uint8)
    ground[:, 96:] = 250
    other = ground[:, ::-1].copy()
    redactor = StreamRedactor(policy=FACES, detectors=[detector], lookahead_s=0)
    with redactor:
        redactor.push(ground.copy())
        detector.may.release()
        detector.looked.acquire()
        settle(redactor, [ground.copy() for _ in range(8)])
        after = other.copy()
        redactor.push(after)
        assert (after == 0).all()
        detector.may.release(1000)


class BrokenDetector(FixedDetector):
    """Fails at every look."""

    def boxes_in(self, image):
        msg = "secret"
        raise RuntimeError(msg)


@pytest.mark.parametrize("lookahead_s", [0.0, 1.0])
def test_a_detector_that_fails_stops_the_stream(lookahead_s):
    redactor = StreamRedactor(policy=FACES, detectors=[BrokenDetector()], lookahead_s=lookahead_s)

    def push_all():
        for frame in pictures():
            threading.Event().wait(0.01)
            redactor.push(frame)

    with redactor, pytest.raises(DetectorError, match=r"fixed failed \(RuntimeError\)"):
        push_all()


GOOD = np.zeros((8, 8, 3), np.uint8)


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ([GOOD[:, :, 0]], "uint8 of shape"),
        ([GOOD.astype(np.float32)], "uint8 of shape"),
        (["frame"], "not str"),
        ([GOOD, np.zeros((9, 8, 3), np.uint8)], "one size"),
    ],
)
def test_frames_that_do_not_fit_are_refused(frames, text):
    with stream() as redactor, pytest.raises(InputError, match=text):
        list(redactor.redact(frames))


def test_times_must_rise():
    with stream() as redactor:
        redactor.push(GOOD.copy(), 1.0)
        with pytest.raises(InputError, match="must rise"):
            redactor.push(GOOD.copy(), 1.0)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"policy": "review"}, "only proposes"),
        ({"lookahead_s": -1}, "lookahead_s"),
        ({"lookahead_s": float("nan")}, "lookahead_s"),
        ({"order": "yuv"}, "order"),
    ],
)
def test_arguments_are_checked(options, text):
    with pytest.raises(InputError, match=text):
        StreamRedactor(**{"policy": FACES, "detectors": [PlantedDetector()], **options})


def test_an_empty_stream_gives_nothing():
    with stream() as redactor:
        assert redactor.flush() == []
    assert saferedact.StreamRedactor is StreamRedactor


def decoded(path):
    """Decode in one thread: several mend damage differently each time."""
    import av

    frames = []
    with av.open(str(path)) as container:
        container.streams.video[0].thread_count = 1
        for packet in container.demux(video=0):
            with suppress(av.FFmpegError):
                frames += packet.decode()
    return frames


def redacted(frames, **options):
    """Redact frames, and say which are black."""
    with stream(**options) as redactor:
        ready = list(redactor.redact(frames))
    return [int(frame.to_ndarray(format="rgb24").max()) < 8 for frame in ready]


def clip_with_keyframes(path):
    options = {"g": "20", "keyint_min": "20", "sc_threshold": "0", "bf": "0"}
    write_clip(path, Clip(size_wh=SIZE, pts=tuple(range(0, 60 * 512, 512)), options=options))


@pytest.mark.parametrize("lookahead_s", [0, 0.5])
def test_damaged_frames_are_covered_whole_up_to_the_next_keyframe(
    tmp_path, monkeypatch, lookahead_s
):
    clip_with_keyframes(tmp_path / "clip.mp4")
    frames = decoded(tmp_path / "clip.mp4")
    module = import_module("saferedact.pipeline.video.stream")
    monkeypatch.setattr(module, "is_damaged", lambda frame: frame is frames[26])
    black = redacted(frames, lookahead_s=lookahead_s)
    assert all(black[26:40])
    if lookahead_s:
        assert [number for number, dark in enumerate(black) if dark] == list(range(26, 40))


def test_what_a_decoder_calls_damaged_is_covered(tmp_path):
    path = tmp_path / "clip.mp4"
    clip_with_keyframes(path)
    data = path.read_bytes()
    start = data.index(b"mdat") + len(data) // 3
    broken = flip_bits(data[start : start + 4000], every=600)
    path.write_bytes(data[:start] + broken + data[start + 4000 :])
    frames = decoded(path)
    told = [number for number, frame in enumerate(frames) if frame.is_corrupt]
    black = redacted(frames, lookahead_s=0.5)
    assert all(black[number] for number in told)
