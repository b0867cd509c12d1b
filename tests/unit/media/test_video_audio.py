"""Sound: silence of the same length, none, or the source's packets bit by bit."""

import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import av
import numpy as np
import pytest

from saferedact.errors import InputError, LimitExceededError
from saferedact.media.video_base import VideoCoding
from saferedact.media.video_read import open_video
from saferedact.media.video_write import VideoWriter
from saferedact.testing.videos import CLIPS

_SOUNDING = ["long-sound", "late-start", "matroska", "webm", "transport-stream", "mov"]


def sound(path):
    """Samples of a file's first audio track, as float."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate([np.atleast_2d(frame)[0].ravel() for frame in frames]).astype(float)


def packets(path):
    """Digest and time of each packet of sound."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.audio
        return [
            (hashlib.sha256(bytes(packet)).hexdigest(), float(packet.pts * packet.time_base))
            for packet in container.demux(stream)
            if packet.size
        ]


@pytest.mark.parametrize("kind", _SOUNDING)
def test_muted_sound_is_silent_and_as_long(clips, rewritten, kind):
    assert np.abs(sound(clips(kind))).max() > 0.1
    output = rewritten(clips(kind))
    assert np.abs(sound(output)).max() == 0
    with open_video(clips(kind)) as before, open_video(output) as after:
        (old,), (new,) = before.info.audio, after.info.audio
        assert new.duration_s == pytest.approx(old.duration_s, abs=0.06)
        assert new.start_s == pytest.approx(old.start_s, abs=0.03)
        assert new.channels == 2


@pytest.mark.parametrize("kind", [kind for kind in _SOUNDING if kind != "transport-stream"])
def test_kept_sound_is_bit_exact(clips, rewritten, kind):
    before, after = packets(clips(kind)), packets(rewritten(clips(kind), audio="keep"))
    assert [digest for digest, _ in after] == [digest for digest, _ in before]
    assert np.allclose([time for _, time in after], [time for _, time in before], atol=0.002)


def test_kept_sound_of_a_transport_stream_is_the_same(clips, rewritten):
    before = sound(
        clips("transport-stream")
    )  # its packets lose the headers that MP4 has no use for
    after = sound(rewritten(clips("transport-stream"), audio="keep"))
    assert np.array_equal(after, before)


@pytest.mark.parametrize("audio", ["keep", "mute"])
def test_recordings_that_were_joined_are_shown_one_after_the_other(
    clips, rewritten, tmp_path, audio
):
    """The second one begins at the time of the first again."""
    pts = tuple(range(0, 40 * 512, 512))
    one = clips(replace(CLIPS["transport-stream"], pts=pts, sound_s=1.3)).read_bytes()
    path = tmp_path / "joined.ts"
    path.write_bytes(one + one)
    output = rewritten(path, audio=audio)
    with open_video(output) as source:
        frames = [frame.time for frame in source.frames()]
        assert len(frames) == 80
        steps = [later - sooner for sooner, later in pairwise(frames)]
        assert max(steps) < 0.04
        assert min(steps) > 0.03
    if audio == "keep":
        assert len(sound(output)) == pytest.approx(2 * 1.3 * 48000, rel=0.05)


@pytest.mark.parametrize("kind", _SOUNDING)
def test_dropped_sound_leaves_no_track(clips, rewritten, kind):
    with open_video(rewritten(clips(kind), audio="drop")) as source:
        assert source.info.audio == ()


@pytest.mark.parametrize("audio", ["mute", "keep", "drop"])
def test_no_sound_stays_none(clips, rewritten, audio):
    with open_video(rewritten(clips("plain"), audio=audio)) as source:
        assert source.info.audio == ()


def test_keeping_needs_the_source(clips, tmp_path):
    with open_video(clips("long-sound")) as source, pytest.raises(InputError):
        VideoWriter(tmp_path / "out.mp4", source.info, VideoCoding(), audio="keep")
    assert list(tmp_path.iterdir()) == []


def test_silence_of_unknown_length_lasts_as_long_as_the_frames(clips, tmp_path):
    path = tmp_path / "out.mp4"
    with open_video(clips("long-sound")) as source:
        audio = replace(source.info.audio[0], duration_s=0.0)
        with VideoWriter(path, replace(source.info, audio=(audio,))) as writer:
            for frame in source.frames():
                writer.write(frame)
    with open_video(path) as source:
        assert source.info.audio[0].duration_s == pytest.approx(0.4, abs=0.05)


def test_sound_that_says_it_lasts_a_year_is_refused(clips, tmp_path):
    """Its silence would fill the disk: the length is a text in the file, not what is in it."""
    data = clips("matroska").read_bytes()
    path = tmp_path / "long.mkv"
    path.write_bytes(re.sub(rb"\d\d:\d\d:\d\d\.\d{9}", b"8760:00:00.0000000", data))
    with pytest.raises(LimitExceededError, match="a video of"):
        open_video(path)
