"""Segments: joined they are the clip, and a job that was cut off gives the same file."""

import json
from dataclasses import replace

import pytest

from saferedact.errors import RedactionError
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.video_base import VideoCoding
from saferedact.media.video_read import open_video
from saferedact.media.video_segments import SegmentFolder, join_segments
from saferedact.media.video_write import output_suffix
from saferedact.testing.videos import Clip

_CODING = VideoCoding(crf=0, threads=1)
_EACH = 5


def make(source, folder, *, stop=None, key="k"):
    """Write the segments that are missing, at most up to `stop`; their paths."""
    segments = SegmentFolder(folder, key)
    frames = len(list(source.frames()))
    paths = []
    for number in range(-(-frames // _EACH)):
        if number == stop:
            break
        paths.append(segments.path(number))
        if segments.is_done(number):
            continue
        with segments.writing(number, source.info, _CODING) as writer:
            for frame in source.frames(number * _EACH, (number + 1) * _EACH):
                writer.write(frame)
    return paths


_KINDS = (
    "plain", "one-frame", "b-frames", "open-gop", "variable-rate", "late-start", "long-sound", "mov",
    "turned-90", "interlaced", "matroska", "webm", "transport-stream", "hdr", "av1", "10-bit",
)  # fmt: skip


@pytest.mark.parametrize("kind", _KINDS)
def test_joined_segments_are_the_clip(clips, seen, tmp_path, kind):
    with open_video(clips(kind)) as source:
        before = source.info
        paths = make(source, tmp_path / "segments")
        output = tmp_path / f"out{output_suffix(before)}"
        count = join_segments(paths, output, before, source=source.path)
    wanted, found = seen(clips(kind)), seen(output)
    assert count == len(wanted)
    assert [frame[:2] for frame in found] == [frame[:2] for frame in wanted]
    if kind not in ("hdr", "av1", "10-bit"):
        assert found == wanted
    with open_video(output) as source:
        after = source.info
    for name in ("orientation", "hdr", "interlaced", "bit_depth", "sample_aspect_ratio", "codec"):
        assert getattr(after, name) == getattr(before, name)
    assert len(after.audio) == len(before.audio)
    assert scan_hidden_data(output) == ()


def test_a_job_that_was_cut_off_gives_the_same_file(clips, tmp_path):
    clip = Clip(size_wh=(640, 360))  # x264 does not always repeat itself on tiny pictures
    with open_video(clips(clip)) as source:
        make(source, tmp_path / "cut", stop=2)
        stray = tmp_path / "cut" / ".saferedact-0123.mp4"
        stray.write_bytes(b"half a segment")
        resumed = make(source, tmp_path / "cut")
        assert not stray.exists()
        straight = make(source, tmp_path / "straight")
        outputs = []
        for name, paths in (("a", resumed), ("b", straight)):
            output = tmp_path / f"{name}.mp4"
            join_segments(paths, output, source.info)
            outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1]


def test_finished_segments_are_not_written_again(clips, tmp_path):
    with open_video(clips("open-gop")) as source:
        paths = make(source, tmp_path / "segments", stop=3)
        before = [path.stat().st_mtime_ns for path in paths]
        make(source, tmp_path / "segments")
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_changed_segments_and_those_of_another_job_do_not_count(clips, tmp_path):
    folder = tmp_path / "segments"
    with open_video(clips("plain")) as source:
        first, second, _ = make(source, folder)
    first.write_bytes(first.read_bytes()[:-1] + b"?")
    segments = SegmentFolder(folder, "k")
    assert not segments.is_done(0)
    assert segments.is_done(1)
    assert not segments.is_done(7)
    assert not SegmentFolder(folder, "another").is_done(1)
    assert not second.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"key": "k"}',
        '{"key": "k", "segments": [1]}',
        '{"key": "k", "segments": {"../x": "y"}}',
    ],
)
def test_a_list_that_is_damaged_is_no_list(tmp_path, content):
    (tmp_path / "segments.json").write_text(content)
    assert not SegmentFolder(tmp_path, "k").is_done(0)


def test_other_files_in_the_folder_stay(clips, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with open_video(clips("plain")) as source:
        make(source, tmp_path)
    SegmentFolder(tmp_path, "k").remove()
    assert list(tmp_path.iterdir()) == [other]


def test_removing_leaves_nothing(clips, tmp_path):
    folder = tmp_path / "segments"
    with open_video(clips("plain")) as source:
        make(source, folder)
    SegmentFolder(folder, "k").remove()
    assert list(tmp_path.iterdir()) == []


def test_a_segment_that_fails_does_not_count(clips, tmp_path):
    segments = SegmentFolder(tmp_path, "k")
    with (  # noqa: PT012
        open_video(clips("plain")) as source,
        pytest.raises(KeyboardInterrupt),
        segments.writing(0, source.info, _CODING) as writer,
    ):
        writer.write(next(source.frames()))
        raise KeyboardInterrupt
    assert not segments.is_done(0)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".mp4"] == []


def test_segments_that_do_not_fit_are_refused(clips, tmp_path):
    with open_video(clips("plain")) as source:
        paths = make(source, tmp_path / "one")
        output = tmp_path / "out.mp4"
        with pytest.raises(RedactionError, match="overlap"):
            join_segments([paths[0], paths[0]], output, source.info)
        segments = SegmentFolder(tmp_path / "two", "k")
        other = replace(source.info, pix_fmt="yuv444p", subsampling=(1, 1))
        with segments.writing(1, other, _CODING) as writer:
            for frame in source.frames(5, 10):
                writer.write(frame)
        with pytest.raises(RedactionError, match="differently"):
            join_segments([paths[0], segments.path(1)], output, source.info)
        with pytest.raises(RedactionError):
            join_segments([], output, source.info)
    assert not output.exists()


def test_the_list_names_nothing_but_numbers_and_digests(clips, tmp_path):
    with open_video(clips("plain")) as source:
        make(source, tmp_path / "segments")
    tree = json.loads((tmp_path / "segments" / "segments.json").read_text())
    assert set(tree) == {"key", "segments"}
    assert set(tree["segments"]) == {"0", "1", "2"}
