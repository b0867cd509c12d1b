"""The small luma planes of the last frames, and boxes that are carried through them."""

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY
from saferedact.tracking.carry import CARRIED, carry

__all__ = ["Plane", "Planes"]

Plane = npt.NDArray[np.uint8]


class Planes:
    """Planes of consecutive frames, kept for as long as they may be needed.

    Parameters
    ----------
    size_wh : (int, int)
        Size of the frames in upright coded pixels, which boxes are in.
    """

    def __init__(self, size_wh: tuple[int, int]) -> None:
        self._size_wh = size_wh
        self._kept: deque[tuple[int, Plane]] = deque()

    def add(self, frame: int, luma: Plane) -> None:
        """Take the plane of the next frame."""
        self._kept.append((frame, luma))

    def forget(self, before: int) -> None:
        """Let go of frames before this one."""
        while self._kept and self._kept[0][0] < before:
            self._kept.popleft()

    def between(self, start: int, stop: int) -> list[Plane]:
        """Return the planes that are kept of the frames from `start` to `stop`, both included."""
        return [plane for frame, plane in self._kept if start <= frame <= stop]

    def scale(self, plane: Plane) -> npt.NDArray[np.float32]:
        """Pixels of a plane per pixel of the frame: of x1, y1, x2 and y2."""
        height, width = plane.shape
        return np.array([width / self._size_wh[0], height / self._size_wh[1]] * 2, np.float32)

    def carry(
        self,
        planes: Sequence[Plane],
        xyxy: BoxesXYXY,
        velocity: npt.NDArray[np.float32] | None = None,
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """Carry boxes through planes by what is in them.

        Parameters
        ----------
        planes : sequence of ndarray, shape (h, w), uint8
            The boxes are in the first.
        xyxy : ndarray, shape (n, 4), float32
            Boxes, in pixels of the frame.
        velocity : ndarray, shape (n, 2), float32, optional
            Their motion from plane to plane, in pixels of the frame.

        Returns
        -------
        boxes : ndarray, shape (planes, n, 4), float32
            Where they are in each plane, in pixels of the frame.
        good : ndarray, shape (planes, n), bool
            False from the first plane on in which their content was not recognised.
        """
        scale = self.scale(planes[0])
        speed = None if velocity is None else velocity * scale[:2]
        boxes, score = carry(planes, xyxy * scale, speed)
        good: npt.NDArray[np.bool_] = score >= CARRIED
        return boxes / scale, good
