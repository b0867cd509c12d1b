"""Writing video: the same frames at the same times, the same description, and nothing else."""

import gc
import os
import weakref
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from saferedact.errors import InputError, RedactionError, UnsupportedFormatError
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.video_base import VideoCoding
from saferedact.media.video_encode import (
    NOTE_ALPHA,
    NOTE_CHROMA,
    NOTE_DEPTH,
    NOTE_RGB,
    choose_encoder,
)
from saferedact.media.video_read import open_video
from saferedact.media.video_write import VideoWriter, output_suffix
from saferedact.testing.videos import CLIPS, Clip, clip_with_hidden_data, write_clip

_LOSSY = ("10-bit", "hdr", "hevc", "av1", "prores")  # of these encoders 0 is not lossless
_CONVERTED = ("odd-size-mpeg4", "avi-rgb")
_KEPT = (
    "size_wh", "orientation", "display_matrix", "sample_aspect_ratio", "interlaced", "hdr",
    "color_primaries", "color_transfer", "bit_depth",
)  # fmt: skip
_SIGNATURES = (b"Lavf6", b"Lavc", b"x264", b"x265", b"SVT", b"vpx")


@pytest.mark.parametrize("kind", CLIPS)
def test_frames_and_times_are_the_same(clips, seen, rewritten, kind):
    before, output = seen(clips(kind)), rewritten(clips(kind))
    after = seen(output)
    assert [frame[:2] for frame in after] == [frame[:2] for frame in before]
    if kind not in (*_LOSSY, *_CONVERTED):
        assert after == before
    assert not any(suspect for *_, suspect in after)


@pytest.mark.parametrize("kind", CLIPS)
def test_description_is_kept_and_nothing_else_is_there(clips, rewritten, kind):
    with open_video(clips(kind)) as source:
        before = source.info
    output = rewritten(clips(kind))
    with open_video(output) as source:
        after = source.info
    assert {name: getattr(after, name) for name in _KEPT} == {
        name: getattr(before, name) for name in _KEPT
    }
    if kind != "avi-rgb":
        assert after.color_matrix == before.color_matrix
    assert (after.color_range == 2) == (before.color_range == 2)
    assert len(after.audio) == len(before.audio)
    assert after.other_streams == ()
    assert scan_hidden_data(output) == ()
    assert [mark for mark in _SIGNATURES if mark in output.read_bytes()] == []


@pytest.mark.parametrize(("name", "order"), [("tff", 2), ("bff", 3)])
def test_the_order_of_fields_is_kept(tmp_path, name, order):
    path, output = tmp_path / "fields.mp4", tmp_path / "output.mp4"
    options = {"x264-params": f"{name}=1"}
    write_clip(path, replace(CLIPS["interlaced"], options=options))
    with open_video(path) as source:
        assert source.info.field_order == order
        with VideoWriter(output, source.info) as writer:
            for frame in source.frames():
                writer.write(frame)
    with open_video(output) as source:
        assert (source.info.interlaced, source.info.field_order) == (True, order)


@pytest.mark.parametrize(
    ("kind", "suffix", "codec"),
    [
        ("plain", ".mp4", "h264"),
        ("mov", ".mov", "h264"),
        ("matroska", ".mkv", "h264"),
        ("webm", ".webm", "vp9"),
        ("hevc", ".mp4", "hevc"),
        ("av1", ".mp4", "av1"),
        ("avi", ".mp4", "h264"),
        ("wmv", ".mp4", "h264"),
        ("transport-stream", ".mp4", "h264"),
        ("3gp", ".mp4", "h264"),
    ],
)
def test_family_and_coding(clips, rewritten, kind, suffix, codec):
    with open_video(clips(kind)) as source:
        assert output_suffix(source.info) == suffix
    with open_video(rewritten(clips(kind))) as source:
        assert source.info.codec == codec


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv", ".webm"])
def test_any_source_in_any_container(clips, seen, rewritten, suffix):
    output = rewritten(clips("webm"), suffix=suffix)
    assert [frame[:2] for frame in seen(output)] == [frame[:2] for frame in seen(clips("webm"))]
    assert scan_hidden_data(output) == ()


@pytest.mark.parametrize("kind", ["10-bit", "hevc", "prores", "odd-size-mpeg4", "avi-rgb"])
def test_lossy_outputs_look_the_same(clips, rewritten, kind):
    coding = VideoCoding(crf=8)
    with (
        open_video(clips(kind)) as before,
        open_video(rewritten(clips(kind), coding=coding)) as after,
    ):
        for one, other in zip(before.frames(), after.frames(), strict=True):
            wanted = one.small(before.info.upright_size_wh).astype(int)
            found = other.small(before.info.upright_size_wh)
            assert np.abs(wanted - found).mean() < 3


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
@pytest.mark.parametrize("audio", ["mute", "keep"])
def test_planted_data_are_gone(tmp_path, rewritten, suffix, audio):
    clip = CLIPS["webm"] if suffix == ".webm" else Clip(suffix=suffix)
    path = tmp_path / f"planted{suffix}"
    markers = clip_with_hidden_data(path, replace(clip, sound=None))
    data = path.read_bytes()
    assert [place for place, marker in markers.items() if marker not in data] == []
    output = rewritten(path, audio=audio).read_bytes()
    assert [place for place, marker in markers.items() if marker in output] == []
    with open_video(path) as source:
        assert "subtitle" in source.info.other_streams


def test_crf_and_preset_are_used(clips, rewritten):
    small = rewritten(clips("open-gop"), coding=VideoCoding(crf=40)).stat().st_size
    large = rewritten(clips("open-gop"), coding=VideoCoding(crf=5)).stat().st_size
    assert small < large / 2


def test_the_same_frames_give_the_same_bytes(clips, rewritten):
    clip = Clip(sound="aac")
    first = rewritten(clips(clip)).read_bytes()
    assert rewritten(clips(clip)).read_bytes() == first


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("codec", ["h264", "hevc", "av1", "vp9"])
def test_short_clips(clips, seen, tmp_path, codec, count):
    path = tmp_path / "out.mp4"
    with open_video(clips("plain")) as source:
        for _ in range(3):
            with VideoWriter(path, replace(source.info, codec=codec)) as writer:
                for frame in source.frames(0, count):
                    writer.write(frame)
            assert [time for _, time, *_ in seen(path)] == [
                time for _, time, *_ in seen(clips("plain"), 0, count)
            ]


@pytest.mark.skipif(not hasattr(os, "sched_setscheduler"), reason="Linux alone has schedules")
def test_an_encoder_does_not_make_its_thread_a_real_time_one(clips, tmp_path):
    """SVT-AV1 does, where it may: as root."""
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    _, frames = _frames(clips)
    with open_video(clips("plain")) as source:
        info = replace(source.info, codec="av1")
    with VideoWriter(tmp_path / "out.mp4", info) as writer:
        for frame in frames:
            writer.write(frame)
        assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_index_comes_first(clips, rewritten):
    data = rewritten(clips("plain")).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    ("changes", "container", "expected"),
    [
        ({}, "mp4", ("libx264", "yuv420p", ())),
        ({"codec": "mpeg4"}, "mp4", ("libx264", "yuv420p", ())),
        ({"codec": "hevc"}, "mov", ("libx265", "yuv420p", ())),
        ({"codec": "hevc", "pix_fmt": "yuv420p12le"}, "mp4", ("libx265", "yuv420p12le", ())),
        ({"codec": "av1", "size_wh": (96, 64)}, "mp4", ("libsvtav1", "yuv420p", ())),
        ({"codec": "av1", "size_wh": (96, 64)}, "mov", ("libx264", "yuv420p", ())),
        ({"codec": "av1", "size_wh": (32, 32)}, "mp4", ("libvpx-vp9", "yuv420p", ())),
        ({"codec": "vp8"}, "webm", ("libvpx-vp9", "yuv420p", ())),
        ({"codec": "vp9"}, "matroska", ("libvpx-vp9", "yuv420p", ())),
        (
            {"pix_fmt": "yuv422p12le", "subsampling": (2, 1)},
            "mov",
            ("libx264", "yuv422p10le", (NOTE_DEPTH,)),
        ),
        ({"pix_fmt": "p010le"}, "mp4", ("libx264", "yuv420p10le", ())),
        ({"pix_fmt": "yuv411p"}, "mp4", ("libx264", "yuv422p", (NOTE_CHROMA,))),
        ({"pix_fmt": "yuv410p"}, "mp4", ("libx264", "yuv420p", (NOTE_CHROMA,))),
        ({"pix_fmt": "yuva420p"}, "webm", ("libvpx-vp9", "yuv420p", (NOTE_ALPHA,))),
        ({"pix_fmt": "rgb24"}, "mp4", ("libx264", "yuv444p", (NOTE_RGB,))),
        ({"pix_fmt": "gbrp10le"}, "mp4", ("libx264", "yuv444p10le", (NOTE_RGB,))),
        ({"pix_fmt": "gray"}, "mp4", ("libx264", "gray", ())),
        ({"pix_fmt": "gray"}, "webm", ("libvpx-vp9", "yuv420p", ())),
        ({"pix_fmt": "yuvj420p"}, "mp4", ("libx264", "yuvj420p", ())),
        ({"size_wh": (95, 64)}, "mp4", ("libx264", "yuv444p", (NOTE_CHROMA,))),
        ({"size_wh": (95, 64), "codec": "vp9"}, "webm", ("libvpx-vp9", "yuv420p", ())),
    ],
)
def test_choice_of_encoder(clips, changes, container, expected):
    with open_video(clips("plain")) as source:
        info = replace(source.info, **changes)
    encoder = choose_encoder(info, container, VideoCoding())
    assert (encoder.name, encoder.pix_fmt, encoder.notes) == expected


def test_light_levels_of_h264_and_av1_are_kept(clips, tmp_path):
    with open_video(clips("hdr")) as source:
        for codec in ("h264", "av1"):
            path = tmp_path / f"{codec}.mp4"
            with VideoWriter(path, replace(source.info, codec=codec)) as writer:
                for frame in source.frames():
                    writer.write(frame)
            with open_video(path) as written:
                assert written.info.codec == codec
                assert written.info.bit_depth == 10
                assert written.info.hdr.light_level == source.info.hdr.light_level
                assert written.info.hdr.primaries is not None
            assert scan_hidden_data(path) == ()


def _frames(clips, kind="plain"):
    with open_video(clips(kind)) as source:
        return source.info, list(source.frames())


def test_order_size_and_time_base_are_insisted_on(clips, tmp_path):
    info, frames = _frames(clips)
    _, others = _frames(clips, "odd-size")
    path = tmp_path / "out.mp4"
    for second in (frames[0], others[3]):
        with pytest.raises(InputError), VideoWriter(path, info) as writer:  # noqa: PT012
            writer.write(frames[0])
            writer.write(second)
        assert not path.exists()
    frames[1].time_base = Fraction(1, 7)
    with pytest.raises(InputError), VideoWriter(path, info) as writer:
        writer.write(frames[1])
    assert list(tmp_path.iterdir()) == []


def test_no_frame_is_no_video(clips, tmp_path):
    info, _ = _frames(clips)
    with pytest.raises(RedactionError), VideoWriter(tmp_path / "out.mp4", info):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_block_leaves_nothing(clips, tmp_path):
    info, frames = _frames(clips)
    with pytest.raises(KeyboardInterrupt), VideoWriter(tmp_path / "out.mp4", info) as writer:  # noqa: PT012
        writer.write(frames[0])
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_frames_that_get_lost_are_an_error(clips, tmp_path, monkeypatch):
    info, frames = _frames(clips)
    path = tmp_path / "out.mp4"
    encode = VideoWriter._encode
    monkeypatch.setattr(
        VideoWriter, "_encode", lambda self, frame: frame.index == 5 or encode(self, frame)
    )
    writer = VideoWriter(path, info)
    for frame in frames:
        writer.write(frame)
    with pytest.raises(RedactionError, match="12 frames were handed over, but 11"):
        writer.finish()
    assert not path.exists()


def test_encoder_errors_reach_the_caller_as_ours(clips, tmp_path, monkeypatch):
    info, frames = _frames(clips)
    path = tmp_path / "out.mp4"

    def fail(*_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(VideoWriter, "_encode", fail)
    with pytest.raises(RedactionError) as caught, VideoWriter(path, info) as writer:  # noqa: PT012
        for frame in frames:
            writer.write(frame)
    assert str(tmp_path) not in str(caught.value)
    assert not path.exists()


@pytest.mark.parametrize("name", ["out.avi", "out", "out.ts"])
def test_other_containers_are_not_written(clips, tmp_path, name):
    info, _ = _frames(clips)
    with pytest.raises(InputError):
        VideoWriter(tmp_path / name, info)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(clips, tmp_path):
    info, _ = _frames(clips)
    with pytest.raises(RedactionError):
        VideoWriter(tmp_path / "missing" / "out.mp4", info)


def test_sound_that_does_not_fit_is_refused(clips, tmp_path):
    with open_video(clips("long-sound")) as source, pytest.raises(UnsupportedFormatError):
        VideoWriter(tmp_path / "out.webm", source.info, audio="keep", source=source.path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ends_well", [True, False])
def test_a_writer_is_given_back_without_a_collection(clips, tmp_path, ends_well):
    """An encoder holds 200 MB, which Python counts as a few small objects and would not look for."""
    with open_video(clips("plain")) as source:
        writer = VideoWriter(tmp_path / "out.mp4", source.info)
        for frame in source.frames():
            writer.write(frame)
        gone = weakref.ref(writer)
        gc.disable()
        try:
            if ends_well:
                writer.finish()
            else:
                writer.abort()
            del writer
            assert gone() is None
        finally:
            gc.enable()


@pytest.mark.parametrize("rate", [24, 25, 30, Fraction(30000, 1001), 60])
def test_a_start_between_two_milliseconds_is_kept(tmp_path, rate):
    """AVI counts frames; what begins with the second one begins at 33.3 ms."""
    clip = Clip(time_base=1 / Fraction(rate), pts=tuple(range(6)))
    write_clip(tmp_path / "source.avi", clip)
    with open_video(tmp_path / "source.avi") as video:
        times = [frame.time for frame in video.frames()]
        with VideoWriter(tmp_path / "out.mp4", video.info, VideoCoding(), audio="drop") as writer:
            for frame in video.frames():
                writer.write(frame)
    with open_video(tmp_path / "out.mp4") as written:
        assert [frame.time for frame in written.frames()] == times
