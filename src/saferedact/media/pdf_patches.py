"""Joining patches of a page until none overlaps another."""

import math
from collections.abc import Sequence

import numpy as np

from saferedact.media.pdf_model import Patch

__all__ = ["joined"]

_MAX_CELLS = 4_000_000  # of the grid; 200 inches a side are 14,400 points


def joined(patches: Sequence[Patch], size: tuple[float, float]) -> list[Patch]:
    """Join patches that touch; each becomes the box around them.

    Parameters
    ----------
    patches : sequence of Patch
        Of one page, within it.
    size : (float, float)
        Of the page, in points.

    Returns
    -------
    list of Patch
        On whole points, none overlapping another, from the top, then from the left.
    """
    import cv2

    if not patches:
        return []
    cell = max(1.0, math.sqrt(size[0] * size[1] / _MAX_CELLS))
    shape = (math.ceil(size[1] / cell) + 1, math.ceil(size[0] / cell) + 1)
    boxes = [
        (
            max(0, math.floor(p.xyxy[0] / cell)),
            max(0, math.floor(p.xyxy[1] / cell)),
            min(shape[1], math.ceil(p.xyxy[2] / cell)),
            min(shape[0], math.ceil(p.xyxy[3] / cell)),
        )
        for p in patches
    ]
    dpis = np.array([p.dpi for p in patches])
    photos = np.array([p.photo for p in patches])
    images = np.array([p.image for p in patches])
    areas = np.array([(b[2] - b[0]) * (b[3] - b[1]) for b in boxes])
    current = boxes
    while True:
        grid = np.zeros(shape, dtype=np.uint8)
        for x1, y1, x2, y2 in current:
            grid[y1:y2, x1:x2] = 1
        count, names, stats, _ = cv2.connectedComponentsWithStats(grid, connectivity=8)
        if count - 1 == len(current):
            break
        current = [
            (int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in np.asarray(stats)[1:]
        ]
    owner = np.array(
        [int(np.asarray(names)[b[1], b[0]]) if b[2] > b[0] and b[3] > b[1] else 0 for b in boxes]
    )
    result = []
    for number in range(1, count):
        x, y, w, h, _ = np.asarray(stats)[number]
        mine = owner == number
        if not mine.any():
            continue
        photo = bool(areas[mine & photos].sum() > areas[mine & ~photos].sum())
        xyxy = (
            float(x) * cell,
            float(y) * cell,
            min(float(x + w) * cell, size[0]),
            min(float(y + h) * cell, size[1]),
        )
        image = bool((mine & images).any())
        result.append(Patch(xyxy, int(dpis[mine].max()), photo, image))
    return sorted(result, key=lambda patch: (-patch.xyxy[3], patch.xyxy[0]))
