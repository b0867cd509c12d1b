"""The shape of pixels survives, in containers whose muxer cannot be told of it."""

from dataclasses import replace
from fractions import Fraction

import av
import pytest

from saferedact.errors import RedactionError
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.video_aspect import _NAMED, write_aspect
from saferedact.media.video_base import VideoCoding
from saferedact.media.video_read import open_video
from saferedact.media.video_segments import SegmentFolder, join_segments
from saferedact.testing.videos import CLIPS


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        *((kind, suffix) for kind in ("webm", "av1") for suffix in (".webm", ".mkv", ".mp4")),
        *((kind, suffix) for kind in ("hevc", "plain") for suffix in (".mkv", ".mp4")),
    ],
)
@pytest.mark.parametrize("aspect", [Fraction(4, 3), Fraction(16, 11)])
def test_wide_pixels_stay_wide(clips, rewritten, kind, suffix, aspect):
    path = clips(kind)
    with open_video(path) as source:
        changed = replace(source.info, sample_aspect_ratio=aspect)
        output = rewritten(path, suffix=suffix, info=changed)
    with open_video(output) as source:
        assert source.info.sample_aspect_ratio == aspect
        assert source.info.size_wh == changed.size_wh
        assert len(list(source.frames())) == len(CLIPS[kind].pts)
        assert not source.damage.is_damaged
    assert scan_hidden_data(output) == ()
    with av.open(str(output)) as container:
        assert "title" not in container.streams.video[0].metadata


def test_joined_segments_keep_the_shape_of_pixels(clips, tmp_path):
    output = tmp_path / "out.webm"
    with open_video(clips("webm")) as source:
        info = replace(source.info, sample_aspect_ratio=Fraction(4, 3))
        segments = SegmentFolder(tmp_path / "work", "key")
        with segments.writing(0, info, VideoCoding()) as writer:
            for frame in source.frames():
                writer.write(frame)
    join_segments([segments.path(0)], output, info, audio="drop")
    with open_video(output) as source:
        assert source.info.sample_aspect_ratio == Fraction(4, 3)
    assert scan_hidden_data(output) == ()


def track(video_size, content):
    """The end of a track: its name, a number, and the element Video."""
    return _NAMED + b"\x83\x81\x01\xe0" + video_size + content


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            track(b"\x88", b"\xb0\x82\x02\xd0\xba\x82\x02\x40"),
            b"\x83\x81\x01\xe0\x93\xb0\x82\x02\xd0\xba\x82\x02\x40\x54\xb0\x82\x04\x00\x54\xba\x83\x00\x02\x40",
        ),
        (  # the size needs a byte more
            track(b"\xf8", bytes(120)),
            b"\x83\x81\x01\xe0\x40\x82" + bytes(120) + b"\x54\xb0\x82\x04\x00\x54\xba\x82\x02\x40",
        ),
        (  # it is longer than it need be
            track(b"\x01\0\0\0\0\0\0\x04", b"\x54\xb2\x81\x04"),
            b"\x83\x81\x01\xe0\x01\0\0\0\0\0\0\x0f\x54\xb2\x81\x00\x54\xb0\x82\x04\x00\x54\xba\x83\x00\x02\x40",
        ),
    ],
)
def test_elements_take_the_place_of_the_name(tmp_path, before, after):
    path = tmp_path / "film"
    path.write_bytes(b"head" + before + b"tail")
    write_aspect(path, (720, 576), Fraction(64, 45))
    assert path.read_bytes() == b"head" + after + b"tail"
    assert len(after) == len(before)


@pytest.mark.parametrize("data", [b"", b"no name", _NAMED, _NAMED + b"\x83\x81\x01"])
def test_a_file_without_room_is_an_error_and_stays(tmp_path, data):
    path = tmp_path / "film"
    path.write_bytes(data)
    with pytest.raises(RedactionError, match="shape of pixels"):
        write_aspect(path, (720, 576), Fraction(64, 45))
    assert path.read_bytes() == data


def test_a_shape_that_no_number_holds_is_rounded(tmp_path):
    path = tmp_path / "film"
    path.write_bytes(track(b"\x83", b"\xb0\x81\x01"))
    write_aspect(path, (60_001, 50_021), Fraction(7919, 6007))
    end = path.read_bytes()[-11:]
    width, height = int.from_bytes(end[3:5], "big"), int.from_bytes(end[-3:], "big")
    assert width == 65_535
    assert width / height == pytest.approx(60_001 * 7919 / 6007 / 50_021, rel=1e-4)
