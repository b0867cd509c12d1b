"""Clips of every kind, each written once."""

from dataclasses import replace
from fractions import Fraction

import pytest

from saferedact.media.video_base import VideoCoding
from saferedact.media.video_read import open_video
from saferedact.media.video_write import VideoWriter, output_suffix
from saferedact.testing.videos import CLIPS, Clip, write_clip

LOSSLESS = VideoCoding(crf=0, threads=1)

LONG = Clip(
    size_wh=(160, 96),
    pts=tuple(range(0, 90 * 512, 512)),
    options={"g": "30", "bf": "2", "x264-params": "scenecut=0"},
    muxer={"movflags": "+faststart"},
)
"""Three groups of pictures, index first: for damage."""


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Path of a clip by the name of its kind, or of any description."""
    folder = tmp_path_factory.mktemp("clips")
    made = {}

    def path_of(kind):
        clip = CLIPS[kind] if isinstance(kind, str) else kind
        if clip not in made.values():
            path = folder / f"{len(made)}{clip.suffix}"
            write_clip(path, clip)
            made[path] = clip
        return next(path for path, own in made.items() if own == clip)

    return path_of


@pytest.fixture
def seen():
    """What a pass over a file yields: (ordinal, seconds, checksum, suspect) of each frame."""

    def look(path, *span):
        with open_video(path) as source:
            return [
                (frame.index, frame.pts * frame.time_base, frame.checksum(), frame.suspect)
                for frame in source.frames(*span)
            ]

    return look


@pytest.fixture
def rewritten(tmp_path):
    """Read a clip and write it, without loss where the encoder can; path of the output."""

    def rewrite(path, *, suffix=None, info=None, **options):
        with open_video(path) as source:
            output = tmp_path / f"out{suffix or output_suffix(source.info)}"
            options.setdefault("coding", LOSSLESS)
            with VideoWriter(output, info or source.info, source=path, **options) as writer:
                for frame in source.frames():
                    writer.write(frame)
        return output

    return rewrite


@pytest.fixture(scope="session")
def long_clip(clips):
    """A clip of three groups of pictures, by suffix of the container."""

    def path_of(suffix=".mp4"):
        if suffix == ".mkv":
            pts = tuple(range(0, 90 * 40, 40))
            return clips(
                replace(LONG, suffix=suffix, pts=pts, time_base=Fraction(1, 1000), muxer={})
            )
        return clips(replace(LONG, suffix=suffix, muxer=LONG.muxer if suffix == ".mp4" else {}))

    return path_of
