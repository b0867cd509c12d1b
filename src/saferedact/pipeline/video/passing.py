"""A frame of a stream, whatever it is made of, as watchers need it."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.media.video_frame import VideoFrame

__all__ = ["PassingFrame", "is_damaged"]

_STEP_S = 1 / 30  # between arrays that come without a time


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
    order : {"bgr", "rgb"}
        Order of the colors of an array.

    Attributes
    ----------
    suspect : bool
        Its picture cannot be trusted.
    interlaced : bool
        It is two interleaved fields; arrays are not.
    """

    def __init__(
        self, native: Any, index: int, time_s: float, order: Literal["bgr", "rgb"]
    ) -> None:
        self.native = native
        self.suspect = self.interlaced = False
        self.index = index
        self.time_s = time_s
        self._order = order
        self._video: VideoFrame | None = None
        if isinstance(native, np.ndarray):
            self.size_wh: tuple[int, int] = (native.shape[1], native.shape[0])
        else:
            self._video = VideoFrame(native, index, native.pts or 0, native.time_base)
            self.size_wh = self._video.size_wh
            self.interlaced = self._video.interlaced

    @classmethod
    def of(
        cls,
        native: Any,
        index: int,
        time_s: float | None,
        last_s: float,
        order: Literal["bgr", "rgb"],
    ) -> "PassingFrame":
        """Check a frame and its time.

        Raises
        ------
        InputError
            If it is no frame of a kind that can be shown to detectors, or its time does not rise.
        """
        if isinstance(native, np.ndarray):
            if native.dtype != np.uint8 or native.ndim != 3 or native.shape[2] != 3:
                msg = f"an array must be uint8 of shape (h, w, 3), but is {native.dtype} of {native.shape}"
                raise InputError(msg)
        elif not all(hasattr(native, name) for name in ("pts", "planes", "time_base")):
            msg = f"a frame must be a numpy array or a PyAV VideoFrame, not {type(native).__name__}"
            raise InputError(msg)
        elif time_s is None and native.pts is not None and native.time_base:
            time_s = float(native.pts * native.time_base)
        if time_s is None:
            time_s = last_s + _STEP_S if last_s > -float("inf") else 0.0
        if not last_s < time_s < float("inf"):
            msg = "the times of frames must rise"
            raise InputError(msg)
        return cls(native, index, time_s, order)

    def small(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small RGB picture, shape (h, w, 3), uint8."""
        if self._video is not None:
            return self._video.small(size_wh)
        import cv2

        shrinks = size_wh[0] < self.size_wh[0]
        interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        scaled = np.asarray(cv2.resize(self.native, size_wh, interpolation=interpolation), np.uint8)
        return np.ascontiguousarray(scaled[:, :, ::-1] if self._order == "bgr" else scaled)

    def luma(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small gray picture, shape (h, w), uint8."""
        if self._video is not None:
            return self._video.luma(size_wh)
        import cv2

        scaled = cv2.resize(self.native, size_wh, interpolation=cv2.INTER_AREA)
        code = cv2.COLOR_BGR2GRAY if self._order == "bgr" else cv2.COLOR_RGB2GRAY
        return np.asarray(cv2.cvtColor(scaled, code), np.uint8)
