"""Reading video: every frame once, in order of display, with strictly increasing times.

Which container it is is told by content; only those of `DEMUXERS` are tried, and they open no other
file. What is damaged never passes silently: `VideoSource.damage` says which frames are suspect.
"""

import weakref
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from saferedact.files import sha256_file
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.background import prefetch
from saferedact.media.video_base import Damage, VideoInfo
from saferedact.media.video_damage import DamageWatch
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_length import announced_bytes
from saferedact.media.video_open import file_size, open_container
from saferedact.media.video_probe import main_stream, prepare_decoder, read_info
from saferedact.media.video_times import TimeRepair, nominal_step, set_back

__all__ = ["VideoSource", "open_video"]

_PREFETCH_BYTES = 48 * 1024**2
"""Decoded frames that may wait: 16 of 1080p, so that a slow frame stalls nobody; and two of any."""

_LEAST_PREFETCH, _MOST_PREFETCH = 2, 16

_NOT_ONE_TO_ONE = frozenset({"vp8", "vp9", "av1", "mpeg4", "msmpeg4v3", "gif", "rv40"})
"""Codings in which a packet may hold no frame that is shown, or several."""

_LATE_SIGNS = 4
"""Frames held back beyond the reordering while several threads decode.

Their marks of damage depend on which thread was first: of 150 clips with flipped bits, one or two
had the first mark a frame later than in one thread.
"""


def open_video(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> "VideoSource":
    """Open a video file.

    Parameters
    ----------
    path : str or Path
        The file; opened read-only. Any container and coding that FFmpeg reads and `DEMUXERS` names.
    limits : Limits
        Bounds, checked on what headers announce before frames are allocated, and again while
        frames are read.

    Returns
    -------
    VideoSource
        A context manager.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    UnsupportedFormatError
        If it is no video that is read.
    DamagedInputError
        If no frame can be decoded.
    LimitExceededError
        If it is over the limits.
    """
    return VideoSource(Path(path), limits)


class VideoSource:
    """An opened video: what it holds, and its frames.

    Made by `open_video`. Each pass reads the file from its own handle.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._damage = Damage()
        self._is_damaged = False
        self._passes: weakref.WeakSet[Generator[VideoFrame]] = weakref.WeakSet()
        size = file_size(path)
        limits.check_video_bytes(size)
        with open_container(path, limits) as container:
            self._info = read_info(container, path, limits)
        self._breaks_off = announced_bytes(path, self._info.container) > size

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def info(self) -> VideoInfo:
        """What the file holds."""
        return self._info

    @property
    def damage(self) -> Damage:
        """What the last pass found wrong; complete only when it was read to its end."""
        return self._damage

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the source."""
        self.close()

    def close(self) -> None:
        """Stop all passes and their threads."""
        for frames in tuple(self._passes):
            frames.close()

    def sha256(self) -> str:
        """Compute the SHA-256 of the file, in hexadecimal.

        Raises
        ------
        InputError
            If the file cannot be read.
        """
        return sha256_file(self._path)

    def frames(self, start: int | None = None, end: int | None = None) -> Iterator[VideoFrame]:
        """Decode the frames in a background thread.

        Parameters
        ----------
        start, end : int, optional
            Ordinals of the first frame and of the one after the last, for a part of the clip.

        Yields
        ------
        VideoFrame
            In order of display, `index` counted from the beginning of the clip, `pts` strictly
            increasing. Frames that cannot be decoded are missing; suspect ones are marked.

        Raises
        ------
        InputError
            If the file cannot be read.
        LimitExceededError
            If there are more frames, or larger ones, than the limits allow.
        """
        width, height = self._info.size_wh
        frame_bytes = 3 * width * height * (2 if self._info.bit_depth > 8 else 1)
        depth = min(max(_PREFETCH_BYTES // frame_bytes, _LEAST_PREFETCH), _MOST_PREFETCH)
        frames = prefetch(self._decode(start or 0, end), depth)
        self._passes.add(frames)
        return frames

    def _decode(self, start: int, end: int | None) -> Generator[VideoFrame]:
        """Decode, and once more in one thread if there is damage.

        Several threads mend a damaged frame differently each time, which two passes may not. Up to
        the first sign of damage all passes agree, so what was handed out so far stays. Damage that
        gives no sign can make a decoder read what its memory happened to hold, also in one thread:
        then two passes differ, and whoever compares their checksums learns of it.
        """
        following = start
        for threads in (1,) if self._is_damaged else (0, 1):
            with open_container(self._path, self._limits) as container:
                decoding = _Pass(container, self._info, self._limits, threads)
                decoding.breaks_off = self._breaks_off
                try:
                    for frame in decoding.frames():
                        if end is not None and frame.index >= end:
                            return
                        if frame.index >= following:
                            following = frame.index + 1
                            yield frame
                except _NewDamageError:
                    self._is_damaged = True
                else:
                    return
                finally:
                    self._damage = decoding.damage()


class _NewDamageError(Exception):
    """Damage was noticed while several threads decode."""


@dataclass(slots=True)
class _Count:
    """Packets of a pass."""

    all: int = 0
    shown: int = 0


class _Pass:
    """One pass over the frames of an opened container; runs in one thread."""

    def __init__(self, container: Any, info: VideoInfo, limits: Limits, threads: int) -> None:
        self.breaks_off = False
        self._threads = threads
        self._container = container
        self._info = info
        self._limits = limits
        self._stream = main_stream(container)
        self._watch = DamageWatch(info.reorder_depth + (0 if threads == 1 else _LATE_SIGNS))
        step = nominal_step(info.average_rate, info.time_base)
        self._times = TimeRepair(step, set_back(info.time_base))
        self._count = _Count()
        self._start = round(info.start_s / info.time_base)
        self._frames = 0
        self._rescaled = 0
        self._late_fields = 0
        self._last_pts: int | None = None
        self._ended = False
        self._scaler: Any = None

    def frames(self) -> Iterator[VideoFrame]:
        prepare_decoder(self._stream, self._limits, threads=self._threads)
        for native in self._natives():
            for frame in self._watch.pass_on(self._wrapped(native)):
                self._check_damage()
                yield frame
            self._check_damage()
        yield from self._watch.rest()
        self._ended = True

    def _check_damage(self) -> None:
        if self._threads != 1 and self._watch.found:
            raise _NewDamageError

    def damage(self) -> Damage:
        missing = self._missing() if self._ended else 0
        return Damage(
            suspect=np.array(self._watch.suspect, dtype=np.int64),
            decode_errors=self._watch.errors,
            missing_frames=missing,
            truncated=self._ended and (self.breaks_off or self._ends_early() > 0),
            repaired_pts=self._times.repaired,
            rescaled_frames=self._rescaled,
            late_fields=self._late_fields,
        )

    def _natives(self) -> Iterator[Any]:
        from av.error import FFmpegError

        for packet in self._packets():
            try:
                yield from packet.decode()
            except FFmpegError:
                self._watch.refused()

    def _packets(self) -> Iterator[Any]:
        """Yield the packets of the stream, and the empty one that ends it.

        A demuxer that stumbles may go on behind the damage; one that stumbles twice without a
        packet in between has reached the end of what there is.
        """
        from av.error import FFmpegError

        stumbled = False
        while True:
            try:
                for packet in self._container.demux(self._stream):
                    stumbled = False
                    if packet.dts is not None or packet.size:
                        self._count.all += 1
                        self._count.shown += not packet.is_discard
                    if packet.is_corrupt:
                        self._watch.damaged_packet(packet.dts)
                    yield packet
            except IndexError:
                # PyAV meets a packet of a stream that begins here and was not known before. It is
                # none of ours, and the next call goes on behind it.
                continue
            except FFmpegError:
                self.breaks_off |= stumbled
                self._watch.refused()
                if stumbled:
                    return
                stumbled = True
            else:
                return

    def _wrapped(self, native: Any) -> VideoFrame:
        info = self._info
        interlaced = bool(native.interlaced_frame)
        self._late_fields += interlaced and not info.interlaced
        if (native.width, native.height) != info.size_wh or native.format.name != info.pix_fmt:
            native = self._converted(native)
        pts = self._times.next(None if native.pts is None else native.pts - self._start)
        frame = VideoFrame(
            native,
            self._frames,
            pts,
            info.time_base,
            orientation=info.orientation,
            interlaced=interlaced,
        )
        self._frames += 1
        self._last_pts = pts
        self._limits.check_video(self._frames, frame.time_s)
        return frame

    def _converted(self, native: Any) -> Any:
        """Scale to the size of the first frame, or change to its supported pixel format."""
        from av.video.reformatter import VideoReformatter

        if (native.width, native.height) != self._info.size_wh:
            self._limits.check_size_wh(native.width, native.height)
            self._rescaled += 1
        self._scaler = self._scaler or VideoReformatter()
        width, height = self._info.size_wh
        pts = native.pts
        converted = self._scaler.reformat(native, width, height, self._info.pix_fmt)
        converted.pts = pts
        return converted

    def _missing(self) -> int:
        lost = 0
        is_one_to_one = self._info.codec not in _NOT_ONE_TO_ONE and not self._info.interlaced
        if (
            is_one_to_one or self._watch.errors
        ):  # AV1 stays silent from an error to the next keyframe
            lost = max(0, self._count.shown - self._frames)
        return lost + self._ends_early()

    def _ends_early(self) -> int:
        """Count the frames that the container announces behind the last packet."""
        info = self._info
        if info.frames_declared is not None:
            return max(0, info.frames_declared - self._count.all)
        if not self.breaks_off or info.average_rate is None or self._last_pts is None:
            return 0
        left_s = info.duration_s - float(self._last_pts * info.time_base)
        return max(0, round(left_s * info.average_rate) - 1)
