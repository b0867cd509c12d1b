"""One decoded frame: its place in time, its planes, small copies of it, and a checksum."""

import threading
import zlib
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.frames import FramePlanes, planes_of
from saferedact.frames.formats import FORMATS
from saferedact.geometry import size_upright, to_upright

__all__ = ["VideoFrame"]

_INTRA = frozenset({0, 1})  # AV_PICTURE_TYPE_NONE, of codings without types, and _I
_local = threading.local()


class VideoFrame:
    """A frame as it was decoded, with its planes as stored (not turned upright).

    Frames belong to who receives them: no other part reads or writes them, but the decoder may
    still predict from their memory until `planes` was called.

    Parameters
    ----------
    native : av.VideoFrame
        The frame itself; writers encode it. Its pixel format is one of
        `saferedact.frames.formats.FORMATS`.
    index : int
        Ordinal in display order, from 0: the key of a frame.
    pts : int
        Time of display in units of `time_base`; greater than that of the frame before.
    time_base : Fraction
        Seconds per unit of `pts`.
    orientation : int
        EXIF orientation of the stored planes, 1 to 8.
    suspect : bool
        Whether the frame is damaged, or may be predicted from one that is.
    interlaced : bool, optional
        Whether it is two interleaved fields; as `native` says by default.
    """

    __slots__ = ("index", "interlaced", "native", "orientation", "pts", "suspect", "time_base")

    def __init__(
        self,
        native: Any,
        index: int,
        pts: int,
        time_base: Fraction,
        *,
        orientation: int = 1,
        suspect: bool = False,
        interlaced: bool | None = None,
    ) -> None:
        self.native = native
        self.index = index
        self.pts = pts
        self.time_base = time_base
        self.orientation = orientation
        self.suspect = suspect
        self.interlaced = bool(native.interlaced_frame) if interlaced is None else interlaced

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height as stored, in pixels."""
        return int(self.native.width), int(self.native.height)

    @property
    def is_corrupt(self) -> bool:
        """Whether the decoder itself says that the frame is damaged."""
        return bool(self.native.is_corrupt)

    @property
    def is_keyframe(self) -> bool:
        """Whether the source codes the frame without reference to others."""
        return bool(self.native.key_frame)

    @property
    def is_intra(self) -> bool:
        """Whether it is a keyframe all of which is coded anew (no gradual refresh)."""
        return self.is_keyframe and int(self.native.pict_type) in _INTRA

    @property
    def time(self) -> Fraction:
        """Time of display in seconds, exactly."""
        return self.pts * self.time_base

    @property
    def time_s(self) -> float:
        """Time of display in seconds, for people."""
        return float(self.pts * self.time_base)

    def planes(self) -> FramePlanes:
        """View the stored planes, writable, without a copy unless the decoder still reads them.

        Returns
        -------
        FramePlanes
            Writing to it changes what is encoded. It keeps the memory alive.
        """
        return planes_of(self.native)

    def copy(self) -> "VideoFrame":
        """Copy the frame, samples and all: writing to the one does not change the other."""
        from av import VideoFrame as Native

        old = self.native
        new = Native(old.width, old.height, old.format.name)
        for mine, theirs in zip(new.planes, old.planes, strict=True):
            rows = _rows(theirs, min(abs(mine.line_size), abs(theirs.line_size)))
            _rows(mine, rows.shape[1])[:] = rows
        for name in ("color_range", "colorspace", "color_primaries", "color_trc"):
            setattr(new, name, getattr(old, name))
        return self._with(new)

    def converted(self, pix_fmt: str) -> "VideoFrame":
        """Copy the frame into another pixel format, as encoders are handed it.

        Parameters
        ----------
        pix_fmt : str
            FFmpeg's name of one of `saferedact.frames.formats.FORMATS`.
        """
        return self._with(self.native.reformat(format=pix_fmt))

    def small(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small RGB picture, seen upright.

        Planes are scaled before colors are converted, so no full-size RGB picture is made. May be
        called from several threads on different frames.

        Parameters
        ----------
        size_wh : (int, int)
            Width and height wanted, upright, in pixels. The ratio of the sides need not be kept.

        Returns
        -------
        ndarray, shape (h, w, 3), uint8
            New array, C-contiguous.
        """
        return self._scaled(size_wh, "rgb24", 3)

    def luma(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small gray picture, seen upright.

        Parameters
        ----------
        size_wh : (int, int)
            As of `small`.

        Returns
        -------
        ndarray, shape (h, w), uint8
            New array, C-contiguous.
        """
        return self._scaled(size_wh, "gray", 1)

    def checksum(self) -> int:
        """Compute a CRC-32 of all samples: 0.8 ms at 1080p.

        It tells whether two passes decoded the same frame; it is no protection against intent.
        Call it before the planes are written to.
        """
        layout = FORMATS[self.native.format.name]
        sample_bytes = 1 if layout.bit_depth == 8 else 2
        value = 0
        for plane, letters in zip(self.native.planes, layout.channels, strict=True):
            rows = _rows(plane, plane.width * len(letters) * sample_bytes)
            value = zlib.crc32(np.ascontiguousarray(rows).data, value)
        return value

    def _with(self, native: Any) -> "VideoFrame":
        """Put another picture in the place of this one."""
        return VideoFrame(
            native,
            self.index,
            self.pts,
            self.time_base,
            orientation=self.orientation,
            suspect=self.suspect,
            interlaced=self.interlaced,
        )

    def _scaled(self, size_wh: tuple[int, int], name: str, channels: int) -> npt.NDArray[np.uint8]:
        width, height = size_upright(size_wh, self.orientation)  # its own inverse
        # Of two fields swscale scales each by itself: moving things get a comb, which detectors do not
        # know. A copy is not marked as two fields, so lines that lie together are averaged.
        native = self.copy().native if self.native.interlaced_frame else self.native
        scaled = _reformatter().reformat(
            native, width, height, name, interpolation="AREA", threads=1
        )
        rows = _rows(scaled.planes[0], width * channels)
        if channels > 1:
            rows = rows.reshape(height, width, channels)
        return to_upright(rows, self.orientation).copy(order="C")


def _reformatter() -> Any:
    """Scaler of this thread: making one anew for each frame costs more than scaling."""
    from av.video.reformatter import VideoReformatter

    if not hasattr(_local, "reformatter"):
        _local.reformatter = VideoReformatter()
    return _local.reformatter


def _rows(plane: Any, row_bytes: int) -> npt.NDArray[np.uint8]:
    """View the bytes of a plane row by row, without padding, from top to bottom."""
    memory = np.frombuffer(plane, dtype=np.uint8).reshape(plane.height, abs(plane.line_size))
    return memory[:: -1 if plane.line_size < 0 else 1, :row_bytes]
