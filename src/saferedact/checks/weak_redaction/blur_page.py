"""Blur on pages: a compact part whose edges are all soft, among sharp ones.

Paper has no detail, blurred or not, so what can be told is told by edges: their gradient over their finest
detail.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats, touch
from saferedact.checks.weak_redaction.blur import blur_sigma

__all__ = ["find_page_blurs"]


_STEPS = (1, 2, 4)
"""How much a picture is made smaller: a strong blur has no gradient from pixel to pixel."""

_BLOCK = 8
_FINE_SIGMA = 1.2
"""Side of a block in pixels, and how fine the detail is that any blur removes."""

_KNOWN = 0.55
"""Mean gradient of a block, in levels of 255 for a pixel, from which its sharpness can be told: flat walls
and skies, coded, have less."""

_FLOOR = 0.12
"""Added to the detail: what the rounding of decoders leaves of none."""

_BLURRED = 4.5
_SHARPER = 2.0
"""Gradient over fine detail of a blurred block, and over that of the picture on the whole. The ratio is
about 2.3 times the sigma of the blur: sharp edges have 1 to 2, noise 1."""

_SHARP = 0.6
"""Share of that limit below which a block counts as sharp."""

_LEAST_BLOCKS = 10
_FILLED = 0.66
"""Blocks of a mark, and the share of their convex hull that they fill."""

_RING = 0.3
_SHARP_RING = 0.72
"""Share of the ring around a mark whose sharpness can be told, and how much of that is sharp."""

_LEAST_SIGMA = 2.0
"""Weaker blurs hide nothing."""

_MOST_SIGMA = 40.0
"""Above it a second blur changes too little to tell anything: nothing there was blurred."""


def find_page_blurs(gray: Floats) -> list[tuple[Box, float]]:
    """Find blurred parts of a page.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        Levels 0 to 255.

    Returns
    -------
    list of (box, sigma)
        Box in pixels, to a block of 8, and the standard deviation of the blur in pixels.
    """
    import cv2

    found: list[tuple[Box, float]] = []
    for step in _STEPS:
        height, width = gray.shape[0] // step, gray.shape[1] // step
        if min(height, width) < 8 * _BLOCK:
            break
        small = (
            gray if step == 1 else cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA)
        )
        for box, sigma in _find(small.astype(np.float32)):
            scaled = (box[0] * step, box[1] * step, box[2] * step, box[3] * step)
            if not any(touch(scaled, known) for known, _ in found):
                found.append((scaled, sigma * step))
    return found


def _find(gray: Floats) -> list[tuple[Box, float]]:
    import cv2

    ratio, known = _sharpness(gray)
    if not known.any():
        return []
    limit = max(_BLURRED, _SHARPER * float(np.median(ratio[known])))
    soft: npt.NDArray[Any] = (known & (ratio >= limit)).astype(np.uint8)
    sharp = known & (ratio < _SHARP * limit)
    soft = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    soft[sharp] = 0
    soft = cv2.morphologyEx(soft, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(soft, connectivity=4)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area < _LEAST_BLOCKS or min(w, h) < 3:
            continue
        # A sky, or a ground out of focus, reaches three edges of the picture.
        edges = (x == 0, y == 0, x + w == labels.shape[1], y + h == labels.shape[0])
        if sum(edges) > 2:
            continue
        part = (labels == label).astype(np.uint8)
        hull = _hull(part)
        if area < _FILLED * hull.sum() or not _ends_at_once(hull, soft > 0, sharp):
            continue
        box = (x * _BLOCK, y * _BLOCK, (x + w) * _BLOCK, (y + h) * _BLOCK)
        sigma = max(blur_sigma(gray, box), blur_sigma(gray, _within(box)))
        if _LEAST_SIGMA <= sigma <= _MOST_SIGMA:
            found.append((tuple(map(float, box)), sigma))
    return found  # type: ignore[return-value]


def _within(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Leave out the blocks at the edge of a mark, which may hold some sharp words beside it."""
    x1, y1, x2, y2 = box
    across, down = ((_BLOCK if side > 4 * _BLOCK else 0) for side in (x2 - x1, y2 - y1))
    return x1 + across, y1 + down, x2 - across, y2 - down


def _sharpness(gray: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return gradient over fine detail for each block, and where it can be told."""
    import cv2

    fine = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), _FINE_SIGMA))
    across, down = np.abs(cv2.Sobel(gray, -1, 1, 0)) / 8, np.abs(cv2.Sobel(gray, -1, 0, 1)) / 8
    gradient = _blocks((across + down).astype(np.float32))
    near = np.ones((3, 3), np.float32) / 9
    detail = cv2.filter2D(_blocks(fine.astype(np.float32)), -1, near)
    ratio: Floats = (cv2.filter2D(gradient, -1, near) / (detail + _FLOOR)).astype(np.float32)
    return ratio, gradient >= _KNOWN


def _hull(part: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    import cv2

    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros_like(part)
    cv2.fillConvexPoly(filled, cv2.convexHull(np.concatenate(outlines)), 1)
    return filled


def _ends_at_once(
    hull: npt.NDArray[np.uint8], soft: npt.NDArray[np.bool_], sharp: npt.NDArray[np.bool_]
) -> bool:
    """Tell whether what can be told of the ring around a mark is sharp."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    # The ring leaves out the blocks at the outline itself: they are half one, half the other.
    inner, outer = cv2.dilate(hull, kernel), cv2.dilate(hull, kernel, iterations=3)
    ring = (outer > 0) & (inner == 0)
    told = int((ring & (soft | sharp)).sum())
    return told >= _RING * ring.sum() and int((ring & sharp).sum()) >= _SHARP_RING * told


def _blocks(values: Floats) -> Floats:
    rows, columns = values.shape[0] // _BLOCK, values.shape[1] // _BLOCK
    cut = values[: rows * _BLOCK, : columns * _BLOCK]
    means: Floats = cut.reshape(rows, _BLOCK, columns, _BLOCK).mean((1, 3))
    return means
