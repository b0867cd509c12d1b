"""Streams: the same frames come back, in order, redacted."""

import threading
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

import saferedact
from saferedact.errors import DetectorError, InputError
from saferedact.media.video_read import open_video
from saferedact.pipeline import detect
from saferedact.pipeline.video.stream import StreamRedactor
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import FixedDetector, PlantedDetector, walking_marks
from saferedact.testing.videos import CLIPS, Clip, flip_bits, write_clip

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


def yuv_of(picture, order):
    """Store a picture as an array of 4:2:0."""
    import av

    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    name = {"i420": "yuv420p", "nv12": "nv12"}[order]
    return frame.reformat(format=name).to_ndarray()


@pytest.mark.parametrize(("order", "name"), [("i420", "yuv420p"), ("nv12", "nv12")])
def test_arrays_of_yuv_are_redacted_in_place(order, name):
    import av

    frames = [yuv_of(frame, order) for frame in pictures(order="rgb")]
    before = [frame.copy() for frame in frames]
    with stream(order=order) as redactor:
        ready = list(redactor.redact(frames))
    assert all(a is b for a, b in zip(ready, frames, strict=True))
    shown = [av.VideoFrame.from_ndarray(f, format=name).to_ndarray(format="rgb24") for f in ready]
    assert [i for i, picture in enumerate(shown) if marks_in(picture, "rgb")] == []
    changed = (ready[30] != before[30]).mean()
    assert 0 < changed < 0.2
    width, height = SIZE
    x, y = 10 + 2 * 30 + 8, 20 + 8
    assert ready[30][y, x] == 16  # black of limited range, in luma and in both colors
    assert {128} == set(
        ready[30]
        .reshape(-1)[width * height :]
        .reshape(2, height // 2, width // 2)[:, y // 2, x // 2]
        if order == "i420"
        else ready[30][height:].reshape(height // 2, width // 2, 2)[y // 2, x // 2]
    )


@pytest.mark.parametrize("kind", ["turned-90", "turned-180", "turned-270", "mirrored"])
def test_frames_that_are_shown_turned_are_looked_at_upright(tmp_path, kind):
    """A detector of faces sees none that lies on its side."""
    import av

    clip = Clip(size_wh=SIZE, pts=tuple(range(0, 30 * 512, 512)), matrix=CLIPS[kind].matrix)
    write_clip(tmp_path / "clip.mp4", replace(clip, draw=WALK))
    with open_video(tmp_path / "clip.mp4") as video:
        info = video.info
    detector = RememberingDetector()
    with av.open(str(tmp_path / "clip.mp4")) as container:
        redactor = StreamRedactor(policy=FACES, detectors=[detector])
        ready = list(redactor.redact(container.decode(video=0)))
    stored = np.array([[10 + 2 * i, 20, 34 + 2 * i, 44] for i in range(10, 30)], np.float32)
    upright = info.to_upright(stored) / np.tile(info.upright_size_wh, 2)
    for box in np.concatenate(detector.seen):
        assert np.abs(upright - box).max(axis=1).min() < 0.03
    assert [i for i, f in enumerate(ready) if marks_in(f.to_ndarray(format="bgr24"))] == []
    hidden = (ready[15].to_ndarray(format="rgb24") < 4).all(axis=2)
    assert 0 < hidden.mean() < 0.2


class RememberingDetector(PlantedDetector):
    """Remembers where it saw marks, as shares of the picture."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def boxes_in(self, image):
        boxes = super().boxes_in(image)
        self.seen.append(boxes / np.tile(image.shape[1::-1], 2))
        return boxes


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
    # What that look would have shown is lost: nothing comes out any more.
    with pytest.raises(DetectorError, match="begun anew"):
        redactor.push(pictures()[0])
    with pytest.raises(DetectorError, match="begun anew"):
        redactor.flush()


GOOD = np.zeros((8, 8, 3), np.uint8)
FIXED = np.zeros((8, 8, 3), np.uint8)
FIXED.flags.writeable = False


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ([GOOD[:, :, 0]], "uint8 of shape"),
        ([GOOD.astype(np.float32)], "uint8 of shape"),
        ([GOOD[:0]], "uint8 of shape"),
        ([FIXED], "read-only"),
        (["frame"], "not str"),
        ([GOOD, np.zeros((9, 8, 3), np.uint8)], "one size"),
    ],
)
def test_frames_that_do_not_fit_are_refused(frames, text):
    with stream() as redactor, pytest.raises(InputError, match=text):
        list(redactor.redact(frames))


@pytest.mark.parametrize(
    "array",
    [
        GOOD,
        np.zeros((12, 7), np.uint8),
        np.zeros((10, 8), np.uint8),
        np.zeros((12, 8), np.uint16),
        np.zeros((12, 16), np.uint8)[:, ::2],
        np.zeros((0, 8), np.uint8),
    ],
)
@pytest.mark.parametrize("order", ["i420", "nv12"])
def test_arrays_that_are_no_yuv_are_refused(array, order):
    with stream(order=order) as redactor, pytest.raises(InputError, match="contiguous uint8"):
        redactor.push(array)


def test_frames_of_a_kind_that_cannot_be_hidden_are_refused_at_once():
    import av

    frame = av.VideoFrame(16, 16, "pal8")
    frame.pts, frame.time_base = 0, Fraction(1, 30)
    with stream() as redactor, pytest.raises(InputError, match="pal8 is not supported"):
        redactor.push(frame)


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
