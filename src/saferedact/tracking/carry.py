"""Carrying boxes from frame to frame by what is in them: template matching on small luma planes.

On a plane 480 px wide this takes about a tenth of a millisecond for a box and a frame, and follows
fast motion better than optical flow of ten times the cost.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY

__all__ = ["CARRIED", "carry", "frames_standing"]

CARRIED = 0.6
"""Least normalised correlation at which a box counts as carried. Below it the window with the best
correlation is as often beside the thing as on it."""

_LEAST_SIDE = 14
"""A template smaller than this, in pixels of the plane, is grown with what surrounds the box: six
pixels of a small face resemble many places."""

_LARGEST_SIDE = 32
"""Larger templates are reduced to this side: their position stays known to a pixel of the plane,
and the cost of a match does not grow with a close-up."""

_LEAST_VISIBLE = 6  # pixels of a template on each axis that must lie in the frame
_REACH = 0.6  # of a template's side that it is looked for around the expected place,
_LEAST_REACH = 9  # and at least so many pixels: 40 px a frame of 1,920 px are 10 of 480
_FLAT = 4.0  # standard deviation, in levels of 255, below which a template resembles everything;
_WITH_GROUND = 1.5  # it is then taken with what surrounds it, so many times as large

_STANDS = 0.5
"""Least correlation of fine detail (the Laplacian) at which words still stand where they were read. Before
a moving ground it was .89 and more in each frame that showed them and .04 at most in others."""


def carry(
    planes: Sequence[npt.NDArray[np.uint8]],
    xyxy: BoxesXYXY,
    velocity: npt.NDArray[np.float32] | None = None,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Find again, in the planes that follow, what boxes hold in the first.

    Parameters
    ----------
    planes : sequence of ndarray, shape (h, w), uint8
        Luma of neighbouring frames, all of one size, in the order to follow: forward or backward
        in time. Not modified.
    xyxy : ndarray, shape (n, 4), float32
        Boxes in pixels of the first plane.
    velocity : ndarray, shape (n, 2), float32, optional
        Expected motion, in pixels of the plane for each step.

    Returns
    -------
    xyxy : ndarray, shape (m, n, 4), float32
        Boxes in each of the m planes after the first, of the same size as the given ones.
    score : ndarray, shape (m, n), float32
        Correlation in [0, 1] with the first plane, the least so far on the way: it never rises.
    """
    steps, count = len(planes) - 1, len(xyxy)
    moved = np.repeat(xyxy[None].astype(np.float32), max(steps, 0), axis=0)
    score = np.zeros((max(steps, 0), count), dtype=np.float32)
    expected = np.zeros((count, 2), np.float32) if velocity is None else velocity
    # Boxes one by one: each has a template of its own size, and the work is in OpenCV.
    for i in range(count):
        template = _Template.cut(planes[0], xyxy[i])
        if template is None:
            continue
        shift: npt.NDArray[np.float32] = np.zeros(2, dtype=np.float32)
        speed: npt.NDArray[np.float32] = expected[i].astype(np.float32)
        least = 1.0
        for step in range(steps):
            found = template.find(planes[step + 1], shift + speed, speed)
            if found is None:
                break
            place, correlation = found
            least = min(least, correlation)
            if least < CARRIED:
                break
            speed = place - shift
            shift = place
            moved[step, i] += np.tile(shift, 2)
            score[step, i] = least
    return moved, score


def frames_standing(planes: Sequence[npt.NDArray[np.uint8]], box: npt.NDArray[np.float32]) -> int:
    """Say for how many planes after the first a box goes on to show the same strokes.

    Strokes that stand still are known whatever moves behind them, where `carry` loses them or
    follows the ground.

    Parameters
    ----------
    planes : sequence of ndarray, shape (h, w), uint8
        As for `carry`. Not modified.
    box : ndarray, shape (4,), float32
        In pixels of the planes.

    Returns
    -------
    int
        Planes until the first that shows something else there, 0 to the number after the first.
    """
    first = _strokes(planes[0], box)
    if not first.any():
        return 0
    for count, plane in enumerate(planes[1:]):
        strokes = _strokes(plane, box)
        scale = float(np.sqrt((first**2).sum() * (strokes**2).sum()))
        if float((first * strokes).sum()) < _STANDS * scale or not scale:
            return count
    return len(planes) - 1


def _strokes(plane: npt.NDArray[np.uint8], box: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Fine detail within a box, of mean 0; empty where the box has no pixel in the plane."""
    import cv2

    height, width = plane.shape
    x1, y1 = np.maximum(np.floor(box[:2]), 0).astype(int).tolist()
    x2, y2 = np.minimum(np.ceil(box[2:]), (width, height)).astype(int).tolist()
    if x2 <= x1 or y2 <= y1:
        return np.empty((0, 0), np.float32)
    detail = cv2.Laplacian(np.ascontiguousarray(plane[y1:y2, x1:x2]), cv2.CV_32F, ksize=3)
    return np.asarray(detail - detail.mean(), np.float32)


class _Template:
    """What one box holds, ready to be looked for."""

    def __init__(
        self, patch: npt.NDArray[np.uint8], corner: tuple[int, int], size_wh: tuple[int, int]
    ) -> None:
        self.patch = patch
        self.corner = corner
        self.size_wh = size_wh

    @classmethod
    def cut(cls, plane: npt.NDArray[np.uint8], box: npt.NDArray[np.float32]) -> "_Template | None":
        """Take a box's content; None if nothing in or around it can be found again."""
        half = (np.maximum(box[2:] - box[:2], _LEAST_SIDE) / 2).astype(np.float32)
        for growth in (1.0, _WITH_GROUND):  # what is flat is known by its edge
            template = cls._around(
                (box[:2] + box[2:]) * np.float32(0.5), half * np.float32(growth), plane
            )
            if template is None or float(template.patch.std()) >= _FLAT:
                return template
        return None

    @classmethod
    def _around(
        cls,
        center: npt.NDArray[np.float32],
        half: npt.NDArray[np.float32],
        plane: npt.NDArray[np.uint8],
    ) -> "_Template | None":
        import cv2

        height, width = plane.shape
        x1, y1 = np.maximum(np.floor(center - half), 0).astype(int).tolist()
        x2, y2 = np.minimum(np.ceil(center + half), (width, height)).astype(int).tolist()
        if x2 - x1 < _LEAST_VISIBLE or y2 - y1 < _LEAST_VISIBLE:
            return None
        patch = plane[y1:y2, x1:x2]
        size_wh = (x2 - x1, y2 - y1)
        share = min(1.0, _LARGEST_SIDE / max(size_wh))
        if share < 1:
            small = (max(2, round(size_wh[0] * share)), max(2, round(size_wh[1] * share)))
            patch = np.asarray(cv2.resize(patch, small, interpolation=cv2.INTER_AREA), np.uint8)
        return cls(patch, (x1, y1), size_wh)

    def find(
        self,
        plane: npt.NDArray[np.uint8],
        expected: npt.NDArray[np.float32],
        speed: npt.NDArray[np.float32],
    ) -> tuple[npt.NDArray[np.float32], float] | None:
        """Return the shift from the first plane and the correlation there."""
        import cv2

        height, width = plane.shape
        reach = [
            max(_LEAST_REACH, _REACH * side) + abs(float(v)) / 2
            for side, v in zip(self.size_wh, speed, strict=True)
        ]
        x1 = max(0, int(self.corner[0] + expected[0] - reach[0]))
        y1 = max(0, int(self.corner[1] + expected[1] - reach[1]))
        x2 = min(width, int(self.corner[0] + self.size_wh[0] + expected[0] + reach[0]) + 1)
        y2 = min(height, int(self.corner[1] + self.size_wh[1] + expected[1] + reach[1]) + 1)
        if x2 - x1 < self.size_wh[0] or y2 - y1 < self.size_wh[1]:
            return None
        search = plane[y1:y2, x1:x2]
        rows, columns = self.patch.shape
        scale_x, scale_y = columns / self.size_wh[0], rows / self.size_wh[1]
        if scale_x < 1 or scale_y < 1:
            small = (
                max(columns, round((x2 - x1) * scale_x)),
                max(rows, round((y2 - y1) * scale_y)),
            )
            search = np.asarray(cv2.resize(search, small, interpolation=cv2.INTER_AREA), np.uint8)
        answer = np.asarray(
            cv2.matchTemplate(search, self.patch, cv2.TM_CCOEFF_NORMED), dtype=np.float32
        )
        _, best, _, (column, row) = cv2.minMaxLoc(answer)
        if not np.isfinite(best):
            return None
        place = np.array(
            [
                x1 + (column + _peak(answer[row], column)) / scale_x - self.corner[0],
                y1 + (row + _peak(answer[:, column], row)) / scale_y - self.corner[1],
            ],
            dtype=np.float32,
        )
        return place, min(max(float(best), 0.0), 1.0)


def _peak(line: npt.NDArray[np.float32], at: int) -> float:
    """Offset, within half a sample, of the top of the parabola through a maximum and its neighbours."""
    if not 0 < at < len(line) - 1:
        return 0.0
    left, middle, right = (float(value) for value in line[at - 1 : at + 2])
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, (left - right) / (2 * bend)))
