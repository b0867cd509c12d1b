"""A frame of a stream, whatever it is made of, as watchers need it."""

from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.frames import FramePlanes, Plane, planes_of
from saferedact.frames.formats import FORMATS
from saferedact.geometry import BoxesXYXY, boxes_to_stored, size_upright
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_probe import orientation_of_frame

__all__ = ["ArrayOrder", "PassingFrame", "is_damaged"]

ArrayOrder: TypeAlias = Literal["bgr", "rgb", "i420", "nv12"]
"""What the samples of an array are."""

_STEP_S = 1 / 30  # between arrays that come without a time

_YUV = {"i420": "yuv420p", "nv12": "nv12"}
"""FFmpeg's names of the layouts of 4:2:0 that an array can have."""


def is_damaged(native: Any) -> bool:
    """Whether a decoder says of its frame that it is damaged; arrays say nothing."""
    return bool(getattr(native, "is_corrupt", False))


class PassingFrame:
    """A numpy array or a PyAV frame, with its place in the stream.

    Parameters
    ----------
    native : ndarray or av.VideoFrame
        The frame itself.
    index : int
        Ordinal in the stream.
    time_s : float
        Its time, in seconds.
    order : {"bgr", "rgb", "i420", "nv12"}
        What the samples of an array are.

    Attributes
    ----------
    suspect : bool
        Its picture cannot be trusted.
    interlaced : bool
        It is two interleaved fields; arrays are not.
    orientation : int
        How the stored picture is seen, as of EXIF. Arrays are upright: they do not say.
    size_wh : (int, int)
        Width and height seen upright, in pixels: the space of all boxes.
    """

    def __init__(self, native: Any, index: int, time_s: float, order: ArrayOrder) -> None:
        self.native = native
        self.index = index
        self.time_s = time_s
        self.suspect = self.interlaced = False
        self.orientation = 1
        self._order: ArrayOrder = order
        self._video: VideoFrame | None = None
        if isinstance(native, np.ndarray):
            rows, columns = native.shape[:2]
            self._stored_wh = (columns, rows * 2 // 3 if order in _YUV else rows)
        else:
            self.orientation = orientation_of_frame(native) or 1
            self._video = VideoFrame(
                native,
                index,
                native.pts or 0,
                native.time_base or Fraction(1),
                orientation=self.orientation,
            )
            self._stored_wh = self._video.size_wh
            self.interlaced = self._video.interlaced
        self.size_wh = size_upright(self._stored_wh, self.orientation)

    @classmethod
    def of(
        cls, native: Any, index: int, time_s: float | None, last_s: float, order: ArrayOrder
    ) -> "PassingFrame":
        """Check a frame and its time.

        Raises
        ------
        InputError
            If it is no frame of a kind that can be shown to detectors and written to, or its time does
            not rise.
        """
        if isinstance(native, np.ndarray):
            _check_array(native, order)
        elif not all(hasattr(native, name) for name in ("pts", "planes", "time_base", "format")):
            msg = f"a frame must be a numpy array or a PyAV VideoFrame, not {type(native).__name__}"
            raise InputError(msg)
        elif native.format.name not in FORMATS:
            # Now, and not at the first frame that shows something to hide.
            msg = f"pixel format {native.format.name} is not supported"
            raise InputError(msg)
        elif time_s is None and native.pts is not None and native.time_base:
            time_s = float(native.pts * native.time_base)
        if time_s is None:
            time_s = last_s + _STEP_S if last_s > -float("inf") else 0.0
        if not last_s < time_s < float("inf"):
            msg = "the times of frames must rise"
            raise InputError(msg)
        return cls(native, index, time_s, order)

    @property
    def swaps_colors(self) -> bool:
        """Whether blue lies where the core, which knows no such order, supposes red."""
        return self._video is None and self._order == "bgr"

    def to_stored(self, xyxy: BoxesXYXY) -> BoxesXYXY:
        """Carry boxes, shape (n, 4), float32, from upright to stored pixels; a new array."""
        return boxes_to_stored(xyxy, self.orientation, self._stored_wh)

    def planes(self) -> FramePlanes:
        """View the stored planes, writable, as `VideoFrame.planes` does."""
        if self._video is not None or self._order not in _YUV:
            return planes_of(self.native)
        width, height = self._stored_wh
        half = (height // 2, width // 2)
        # Of a contiguous array, and no other passes `of`, these are views.
        luma, chroma = np.split(self.native.reshape(-1), [width * height])
        planes = [Plane(luma.reshape(height, width), "y")]
        if self._order == "nv12":
            planes.append(Plane(chroma.reshape(*half, 2), "uv"))
        else:
            planes += [
                Plane(part.reshape(half), letter)
                for part, letter in zip(np.split(chroma, 2), "uv", strict=True)
            ]
        return FramePlanes(tuple(planes), subsampling=(2, 2), color_range="limited")

    def small(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small RGB picture, shape (h, w, 3), uint8, seen upright."""
        shown = self._as_video()
        if shown is not None:
            return shown.small(size_wh)
        scaled = self._scaled(size_wh)
        return np.ascontiguousarray(scaled[:, :, ::-1] if self._order == "bgr" else scaled)

    def luma(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small gray picture, shape (h, w), uint8, seen upright."""
        import cv2

        shown = self._as_video()
        if shown is not None:
            return shown.luma(size_wh)
        code = cv2.COLOR_BGR2GRAY if self._order == "bgr" else cv2.COLOR_RGB2GRAY
        return np.asarray(cv2.cvtColor(self._scaled(size_wh), code), np.uint8)

    def _as_video(self) -> VideoFrame | None:
        """Show the frame as files have it, an array of YUV as a copy; None for other arrays."""
        if self._video is not None or self._order not in _YUV:
            return self._video
        from av import VideoFrame as Native

        copied = Native.from_ndarray(self.native, format=_YUV[self._order])
        return VideoFrame(copied, self.index, 0, Fraction(1))

    def _scaled(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        import cv2

        shrinks = size_wh[0] < self._stored_wh[0]
        interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        pixels = np.ascontiguousarray(self.native)  # OpenCV takes no mirrored view
        return np.asarray(cv2.resize(pixels, size_wh, interpolation=interpolation), np.uint8)


def _check_array(array: npt.NDArray[Any], order: ArrayOrder) -> None:
    """Refuse what is no picture in an order, or cannot be written to, before it is held back.

    Raises
    ------
    InputError
        If it is so.
    """
    form = f"{array.dtype} of {array.shape}"
    if order not in _YUV:
        if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or not array.size:
            msg = f"an array must be uint8 of shape (h, w, 3), but is {form}"
            raise InputError(msg)
    elif (
        array.dtype != np.uint8
        or array.ndim != 2
        or not array.size
        or array.shape[0] % 3
        or array.shape[1] % 2
        or not array.flags.c_contiguous
    ):
        # Such a height is even; with an even width there is one layout, without padding.
        msg = (
            f"an array of {order} must be contiguous uint8 of shape (h + h / 2, w), "
            f"h and w even, but is {form}"
        )
        raise InputError(msg)
    if not array.flags.writeable:
        msg = "a frame is redacted in place, but this one is read-only: pass a copy"
        raise InputError(msg)
