"""Reading video: every frame once, in order, at its time, upright."""

import os
import threading
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest
from av.bitstream import BitStreamFilterContext
from av.stream import Disposition

from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    UnsupportedFormatError,
)
from saferedact.geometry import to_upright
from saferedact.limits import Limits
from saferedact.media.video_base import chroma_grid
from saferedact.media.video_probe import NOTE_APART
from saferedact.media.video_read import open_video
from saferedact.testing.videos import CLIPS, Clip, drawn_frame, write_clip, write_sound

_EXACT_TIMES = [
    kind
    for kind, clip in CLIPS.items()
    if kind not in ("late-start", "transport-stream", "program-stream", "wmv")
]
_LUMA = np.array([0.299, 0.587, 0.114])  # swscale's weights of untagged pictures
_TURNS = {"turned-90": 6, "turned-180": 3, "turned-270": 8, "mirrored": 2, "plain": 1}


@pytest.mark.parametrize("kind", CLIPS)
def test_every_frame_is_read_once(clips, kind):
    clip = CLIPS[kind]
    with open_video(clips(kind)) as source:
        frames = list(source.frames())
        info, damage = source.info, source.damage
    assert [frame.index for frame in frames] == list(range(len(clip.pts)))
    assert info.size_wh == clip.size_wh
    assert not damage.is_damaged
    assert damage.repaired_pts == 0
    times = [frame.pts for frame in frames]
    assert times == sorted(set(times))
    assert info.frames_declared in (None, len(clip.pts))


@pytest.mark.parametrize("kind", _EXACT_TIMES)
def test_times_are_those_of_the_clip(clips, kind):
    clip = CLIPS[kind]
    with open_video(clips(kind)) as source:
        times = [frame.pts * frame.time_base for frame in source.frames()]
    assert times == [pts * clip.time_base for pts in clip.pts]


@pytest.mark.parametrize("kind", ["transport-stream", "program-stream", "wmv"])
def test_clocks_that_run_before_a_recording_begin_at_nought(clips, kind):
    clip = CLIPS[kind]
    with open_video(clips(kind)) as source:
        times = [float(frame.pts * frame.time_base) for frame in source.frames()]
    assert times[0] < 0.1
    steps = np.diff([float(pts * clip.time_base) for pts in clip.pts])
    assert np.allclose(np.diff(times), steps, atol=0.0011)


@pytest.mark.parametrize(
    ("kind", "container", "codec"),
    [
        ("plain", "MP4", "h264"),
        ("mov", "MOV", "h264"),
        ("matroska", "MATROSKA", "h264"),
        ("webm", "WEBM", "vp9"),
        ("avi", "AVI", "mpeg4"),
        ("3gp", "3GP", "h263"),
        ("wmv", "ASF", "wmv2"),
        ("flv", "FLV", "flv1"),
        ("transport-stream", "MPEGTS", "h264"),
        ("program-stream", "MPEG", "mpeg2video"),
        ("hevc", "MP4", "hevc"),
        ("av1", "MP4", "av1"),
    ],
)
def test_containers_and_codings_are_named(clips, kind, container, codec):
    with open_video(clips(kind)) as source:
        assert (source.info.container, source.info.codec) == (container, codec)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("plain", {"pix_fmt": "yuv420p", "bit_depth": 8, "subsampling": (2, 2), "hdr": None}),
        ("10-bit", {"bit_depth": 10}),
        ("4:2:2", {"subsampling": (2, 1)}),
        ("4:4:4", {"subsampling": (1, 1)}),
        ("avi-rgb", {"pix_fmt": "bgr24", "subsampling": (1, 1)}),
        (
            "full-range",
            {"color_range": 2, "color_primaries": 1, "color_transfer": 1, "color_matrix": 1},
        ),
        ("wide-pixels", {"sample_aspect_ratio": Fraction(16, 11)}),
        ("interlaced", {"interlaced": True, "field_order": 2}),
        ("b-frames", {"reorder_depth": 2}),
    ],
)
def test_pictures_are_described(clips, kind, values):
    with open_video(clips(kind)) as source:
        assert {name: getattr(source.info, name) for name in values} == values


def test_hdr_metadata(clips):
    with open_video(clips("hdr")) as source:
        hdr = source.info.hdr
    assert hdr.primaries[0] == Fraction(34000, 50000)
    assert hdr.white_point == (Fraction(15635, 50000), Fraction(16450, 50000))
    assert hdr.luminance == (Fraction(50, 10000), Fraction(1000))
    assert hdr.light_level == (1000, 400)


def test_sound_is_described(clips):
    with open_video(clips("long-sound")) as source:
        (audio,) = source.info.audio
    assert (audio.codec, audio.rate, audio.channels) == ("aac", 48000, 1)
    assert audio.duration_s == pytest.approx(1.5, abs=0.05)
    with open_video(clips("matroska")) as source:
        assert source.info.audio[0].duration_s == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("kind", _TURNS)
def test_small_copies_are_upright(clips, kind):
    clip = CLIPS[kind]
    with open_video(clips(kind)) as source:
        info = source.info
        assert info.orientation == _TURNS[kind]
        upright = info.upright_size_wh
        for frame in source.frames(0, 3):
            expected = to_upright(drawn_frame(clip.size_wh, frame.index), info.orientation)
            small = frame.small(upright)
            assert small.shape == expected.shape == (upright[1], upright[0], 3)
            assert np.abs(small.astype(int) - expected).mean() < 4
            luma = frame.luma(upright).astype(float)
            assert np.corrcoef(luma.ravel(), (expected @ _LUMA).ravel())[0, 1] > 0.98


def test_small_copies_of_two_fields_have_no_comb(clips):
    """Scaled field by field they would, and a copy of a frame, which has no fields, would look different."""
    with open_video(clips("interlaced")) as source:
        for frame in source.frames():
            assert frame.interlaced
            for size_wh in ((96, 64), (48, 32), (32, 18)):
                assert (frame.luma(size_wh) == frame.copy().luma(size_wh)).all()
                assert (frame.small(size_wh) == frame.copy().small(size_wh)).all()


def test_boxes_go_to_the_stored_planes_and_back(clips):
    with open_video(clips("turned-90")) as source:
        info = source.info
        box = np.array([[3, 5, 20, 30]], np.float32)
        stored = info.to_stored(box)
        assert (info.to_upright(stored) == box).all()
        frame = next(source.frames())
        luma = frame.planes().planes[0].array
        x1, y1, x2, y2 = stored[0].astype(int)
        luma[y1:y2, x1:x2] = 235
        upright = frame.luma(info.upright_size_wh)
    assert upright[5:30, 3:20].min() > 240
    assert upright[40:, 30:].max() < 240


def test_what_the_stream_cuts_off_is_not_read(clips, tmp_path):
    """Samples left of what is shown, which decoders leave in place to keep rows aligned."""
    path = tmp_path / "cut.h264"
    whole = clips(replace(CLIPS["plain"], suffix=".h264"))
    with av.open(str(whole)) as source, path.open("wb") as output:
        (video,) = source.streams.video
        cut = BitStreamFilterContext("h264_metadata=crop_left=20:crop_top=8", video)
        for packet in source.demux(video):
            if packet.size:
                output.writelines(bytes(changed) for changed in cut.filter(packet))
    with open_video(path) as source:
        assert source.info.size_wh == (76, 56)
        for frame in source.frames():
            expected = drawn_frame((96, 64), frame.index)[8:, 20:] @ _LUMA
            found = frame.luma((76, 56)).astype(float)
            assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.98


def test_planes_are_the_frames_own_memory(clips):
    with open_video(clips("plain")) as source:
        frames = list(source.frames())
        before = [frame.checksum() for frame in frames]
        frames[3].planes().planes[0].array[:] = 16
        after = [frame.checksum() for frame in frames]
    assert [a == b for a, b in zip(before, after, strict=True)].count(False) == 1


def test_writing_to_planes_while_reading_changes_no_other_frame(clips, seen):
    expected = [checksum for _, _, checksum, _ in seen(clips("open-gop"))]
    with open_video(clips("open-gop")) as source:
        found = []
        for frame in source.frames():
            found.append(frame.checksum())
            for plane in frame.planes().planes:
                plane.array[:] = 255
    assert found == expected


@pytest.mark.parametrize("kind", ["b-frames", "odd-size-420", "10-bit", "avi-rgb", "gray"])
def test_checksums_tell_frames_apart_and_are_the_same_in_each_pass(clips, seen, kind):
    first, second = seen(clips(kind)), seen(clips(kind))
    assert first == second
    assert len({checksum for _, _, checksum, _ in first}) == len(first)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 3), (5, 8), (39, 40), (38, 99), (50, 60)])
def test_a_part_keeps_its_ordinals(clips, seen, start, end):
    path = clips("open-gop")
    assert seen(path, start, end) == seen(path)[start:end]


@pytest.mark.parametrize("kind", ["interlaced", "plain"])
def test_frames_say_whether_they_are_two_fields(clips, kind):
    with open_video(clips(kind)) as source:
        frames = list(source.frames())
        assert source.damage.late_fields == 0
    assert {frame.interlaced for frame in frames} == {kind == "interlaced"}
    assert frames[0].copy().interlaced == (kind == "interlaced")


def test_cells_of_interlaced_frames_cover_both_fields():
    assert chroma_grid((2, 2), interlaced=True).size_wh == (2, 4)
    assert chroma_grid((2, 2), interlaced=False).size_wh == (2, 2)


def test_a_clip_may_turn_interlaced(tmp_path):
    path = tmp_path / "both.ts"
    parts = []
    for interlaced in (False, True):
        part = tmp_path / "part.ts"
        write_clip(part, replace(CLIPS["transport-stream"], interlaced=interlaced, sound=None))
        parts.append(part.read_bytes())
    path.write_bytes(b"".join(parts))
    with open_video(path) as source:
        told = [frame.interlaced for frame in source.frames()]
        assert not source.info.interlaced
        assert source.damage.late_fields == len(told) // 2 > 0
    assert told == sorted(told)


def test_closing_stops_the_threads(clips):
    before = threading.active_count()
    with open_video(clips("open-gop")) as source:
        frames = source.frames()
        next(frames)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
    with pytest.raises(StopIteration):
        next(frames)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing of the kind",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
        b"ffconcat version 1.0\nfile a.mp4\n",
    ],
)
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(UnsupportedFormatError) as caught:
        open_video(path)
    assert str(tmp_path) not in str(caught.value)


def test_playlists_open_no_other_file(tmp_path, clips):
    (tmp_path / "other.ts").write_bytes(clips("transport-stream").read_bytes())
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\nother.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(UnsupportedFormatError):
        open_video(path)


@pytest.mark.parametrize("name", ["missing.mp4", "."])
def test_missing_files(tmp_path, name):
    with pytest.raises(InputError):
        open_video(tmp_path / name)


@pytest.mark.skipif(os.name == "nt", reason="colons are not allowed in names there")
def test_a_name_that_looks_like_an_address_is_a_name(tmp_path, clips, seen):
    path = tmp_path / "http:x.mp4"
    path.write_bytes(clips("plain").read_bytes())
    assert len(seen(path)) == 12


@pytest.mark.parametrize(("pix_fmt", "is_told"), [("yuva420p", True), ("yuv420p", False)])
def test_transparency_beside_the_pictures_is_told(clips, pix_fmt, is_told):
    with open_video(clips(replace(CLIPS["webm"], pix_fmt=pix_fmt))) as source:
        assert (NOTE_APART in source.info.notes) == is_told
        assert source.info.pix_fmt == "yuv420p"


@pytest.mark.parametrize(("default", "size_wh"), [(0, (96, 64)), (1, (64, 48)), (None, (96, 64))])
def test_the_track_that_players_show_is_read(tmp_path, default, size_wh):
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as container:
        streams = []
        for number, (width, height) in enumerate(((96, 64), (64, 48))):
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.disposition = Disposition.default if number == default else Disposition(0)
            streams.append(stream)
        for index in range(3):
            for stream in streams:
                picture = drawn_frame((stream.width, stream.height), index)
                frame = av.VideoFrame.from_ndarray(picture, "rgb24")
                container.mux(stream.encode(frame.reformat(format="yuv420p")))
        for stream in streams:
            container.mux(stream.encode(None))
    with open_video(path) as source:
        assert source.info.size_wh == size_wh
        assert source.info.other_streams == ("video",)
        assert "further video tracks" in source.info.notes[0]


def test_sound_alone_is_no_video(tmp_path):
    import av

    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        write_sound(container, container.add_stream("aac", rate=48000, layout="mono"), 0.2)
    with pytest.raises(UnsupportedFormatError):
        open_video(path)


def test_a_film_without_a_frame_is_damaged(tmp_path, clips):
    data = bytearray(clips("plain").read_bytes())
    at = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[at:end] = bytes(end - at)
    path = tmp_path / "empty.mp4"
    path.write_bytes(data)
    with pytest.raises((DamagedInputError, UnsupportedFormatError)):
        open_video(path)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(max_video_bytes=100),
        Limits(max_pixels=96 * 64 - 1),
        Limits(max_side=95),
        Limits(max_video_frames=11),
    ],
)
def test_limits_are_checked_before_frames(clips, limits):
    with pytest.raises((LimitExceededError, UnsupportedFormatError)):
        open_video(clips("plain"), limits)


def test_limits_hold_while_reading(clips):
    with (
        open_video(clips("webm"), Limits(max_video_frames=5)) as source,
        pytest.raises(LimitExceededError),
    ):
        list(source.frames())
    with pytest.raises(LimitExceededError):
        Limits(max_video_seconds=10).check_video(1, 10.5)


def test_frames_of_another_size_are_scaled_to_the_first(tmp_path):
    parts = []
    for size_wh in ((96, 64), (128, 96)):
        path = tmp_path / f"{size_wh[0]}.ts"
        write_clip(path, Clip(suffix=".ts", size_wh=size_wh))
        parts.append(path.read_bytes())
    both = tmp_path / "both.ts"
    both.write_bytes(b"".join(parts))
    with open_video(both) as source:
        sizes = {frame.size_wh for frame in source.frames()}
        assert sizes == {(96, 64)}
        assert source.damage.rescaled_frames >= 10
        assert source.damage.repaired_pts > 0


@pytest.mark.parametrize(
    ("pix_fmt", "expected"),
    [
        ("yuyv422", "yuv422p"),
        ("rgb555le", "rgb24"),
        ("uyvy422", "yuv422p"),
        ("gray10be", "gray16le"),
    ],
)
def test_packed_formats_become_planar_or_plain(tmp_path, pix_fmt, expected):
    path = tmp_path / "clip.nut"
    write_clip(path, Clip(codec="rawvideo", pix_fmt=pix_fmt, time_base=Fraction(1, 25), pts=(0, 1)))
    with open_video(path) as source:
        assert source.info.pix_fmt == expected
        assert len(source.info.notes) == 1
        for frame in source.frames():
            assert frame.planes().size_wh == (96, 64)
            expected = (drawn_frame((96, 64), frame.index) @ _LUMA).ravel()
            assert np.corrcoef(frame.luma((96, 64)).ravel(), expected)[0, 1] > 0.98


def test_digest_and_path(clips):
    import hashlib

    path = clips("plain")
    with open_video(path) as source:
        assert source.path == path
        assert source.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()
