"""Cuts of the scene, found on small luma planes."""

import numpy as np
import numpy.typing as npt

__all__ = ["CutFinder"]

_GRID = (16, 9)
"""Width and height, in cells, of the thumbnail that is compared. A cell is large enough that a hand
held camera moves little from one to the next, and small enough that another scene differs."""

_LEAST_CORRELATION = 0.5
_LEAST_CHANGE = 14.0
"""It is a cut if thumbnails correlate less than this and differ by this many levels of 255 on
average. Both, because a cut between dark scenes changes few levels and a flash keeps the picture's
structure. On the development clips neighbours within a shot correlate above .9 but for flashes, and
across a cut below .45. Missing one costs detections, not cover (see `Tracker.link`); a false one
ends tracks, so the bounds are strict."""


class CutFinder:
    """Tells whether a frame begins another scene than the one before."""

    def __init__(self) -> None:
        self._before: npt.NDArray[np.float32] | None = None

    def is_cut(self, luma: npt.NDArray[np.uint8]) -> bool:
        """Compare a frame with the one that was passed before.

        Parameters
        ----------
        luma : ndarray, shape (h, w), uint8
            Small luma plane of the next frame. Not modified.

        Returns
        -------
        bool
            False for the first frame.
        """
        import cv2

        small = np.asarray(cv2.resize(luma, _GRID, interpolation=cv2.INTER_AREA), np.float32)
        before, self._before = self._before, small
        if before is None or float(np.abs(small - before).mean()) < _LEAST_CHANGE:
            return False
        a, b = small - small.mean(), before - before.mean()
        power = float(np.sqrt((a * a).sum() * (b * b).sum()))
        return power == 0 or float((a * b).sum()) / power < _LEAST_CORRELATION
