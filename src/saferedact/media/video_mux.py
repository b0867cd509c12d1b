"""A new container: one video track, at most the sound that was decided on, and nothing else."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

from saferedact.errors import InputError, RedactionError, SaferedactError
from saferedact.media.video_aspect import reserve_aspect, write_aspect
from saferedact.media.video_audio import AudioFeed
from saferedact.media.video_base import VideoInfo

__all__ = ["NewContainer", "output_format", "output_suffix", "same_schedule", "wording"]

_FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
_SUFFIXES = {"MOV": ".mov", "MATROSKA": ".mkv", "WEBM": ".webm"}
_ASPECT_APART = frozenset({"matroska", "webm"})
_ASPECT_INSIDE = frozenset({"h264", "hevc"})
_LEAST_CLOCK, _MOST_CLOCK = 1000, 2**31 - 1


def output_suffix(info: VideoInfo) -> str:
    """Suffix of the container that a clip is written to: of the same family, else ".mp4"."""
    return _SUFFIXES.get(info.container, ".mp4")


def output_format(path: Path) -> str:
    """FFmpeg's name of the muxer for a path, by its suffix.

    Raises
    ------
    InputError
        If the suffix is of no container that is written.
    """
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        msg = f"videos are written as {', '.join(_FORMATS)}"
        raise InputError(msg) from None


class NewContainer:
    """A container that is being written.

    Parameters
    ----------
    path : Path
        The file; overwritten. Its suffix chooses the container.
    info : VideoInfo
        What the clip is.
    feed : AudioFeed or None
        Its sound; closed with the container.

    Attributes
    ----------
    native : av.container.OutputContainer
        For adding the video stream, before `start`.
    frames : int
        Packets of video written so far.
    """

    def __init__(self, path: Path, info: VideoInfo, feed: AudioFeed | None) -> None:
        import av

        self._path = path
        self._info = info
        self._feed = feed
        self._end_s = Fraction(0)
        self._needs_aspect = False
        self.frames = 0
        self.native: Any = None
        muxer = output_format(path)
        try:
            options = _muxer_options(muxer, info.time_base)
            self.native = av.open(f"file:{path}", "w", format=muxer, options=options)
        except BaseException:
            self.discard()
            raise

    def start(self) -> None:
        """Add the sound and write the header."""
        (stream,) = self.native.streams.video
        self._needs_aspect = (
            self.native.format.name in _ASPECT_APART
            and stream.codec_context.codec.canonical_name not in _ASPECT_INSIDE
            and self._info.sample_aspect_ratio != 1
        )
        if self._needs_aspect:
            reserve_aspect(stream)
        if self._feed is not None:
            self._feed.open(self.native)
        with same_schedule():
            self.native.start_encoding()

    def mux(self, packet: Any) -> None:
        """Write a packet of video, and the sound up to there."""
        self.frames += 1
        time_base = Fraction(packet.time_base.numerator, packet.time_base.denominator)
        self._end_s = max(self._end_s, (packet.pts + (packet.duration or 0)) * time_base)
        if self._feed is not None:
            for sound in self._feed.packets(packet.dts * time_base):
                self.native.mux_one(sound)
        self.native.mux_one(packet)

    def finish(self, frames: int) -> None:
        """Write the rest of the sound and the index.

        Raises
        ------
        RedactionError
            If not as many frames were written as were handed over.
        """
        if self.frames != frames or not frames:
            msg = f"{frames} frames were handed over, but {self.frames} were written"
            raise RedactionError(msg)
        if self._feed is not None:
            for sound in self._feed.rest(self._end_s):
                self.native.mux_one(sound)
            self._feed.close()
        self.native.close()
        if self._needs_aspect:
            write_aspect(self._path, self._info.size_wh, self._info.sample_aspect_ratio)

    def discard(self) -> None:
        """Close and remove the file; never raises."""
        with suppress(Exception):
            if self._feed is not None:
                self._feed.close()
        with suppress(Exception):
            if self.native is not None:
                self.native.close()
        with suppress(OSError):
            self._path.unlink()


@contextmanager
def same_schedule() -> Iterator[None]:
    """Give the thread back how it is scheduled.

    SVT-AV1 makes whoever opens it and may do so (root, as in a container) a real-time thread of the
    highest priority, and all that it starts afterwards: nobody else on the machine would get a turn.
    """
    if not hasattr(os, "sched_getscheduler"):  # Windows and macOS have none
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        if os.sched_getscheduler(0) != policy:
            os.sched_setscheduler(0, policy, parameters)


def _muxer_options(muxer: str, time_base: Fraction) -> dict[str, str]:
    """Settings of a muxer: no signature, and the index first, so that playing can begin at once.

    A film's start is told in units of its own clock, which by default (1 ms) cannot tell the times of the
    frames: at 30 of them a second they are thirds of a millisecond.
    """
    options = {"fflags": "+bitexact"}
    if muxer in ("mp4", "mov"):
        options["movflags"] = "+faststart"
        ticks = time_base.denominator
        clock = ticks * -(-_LEAST_CLOCK // ticks)  # the next multiple
        options["movie_timescale"] = str(min(clock, _MOST_CLOCK))
    return options


@contextmanager
def wording(clean_up: Callable[[], None] | None) -> Iterator[None]:
    """Clean up after any error, and word what FFmpeg or the operating system raises.

    Parameters
    ----------
    clean_up : callable or None
        Called first when the block raises.

    Raises
    ------
    RedactionError
        In place of a foreign exception.
    """
    from av.error import FFmpegError

    try:
        yield
    except (FFmpegError, OSError, ValueError) as error:
        if clean_up is not None:
            clean_up()
        if isinstance(error, SaferedactError):
            raise
        reason = getattr(error, "strerror", None) or "it was refused"
        msg = f"the video could not be encoded or written: {reason}"
        raise RedactionError(msg) from None
    except BaseException:
        if clean_up is not None:
            clean_up()
        raise
