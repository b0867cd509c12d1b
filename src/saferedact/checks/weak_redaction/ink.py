"""Pages as pictures: whether one is a page, and boxes on it that end on ink."""

import numpy as np

from saferedact.checks.weak_redaction.areas import Box, Floats

__all__ = ["find_boxes_on_ink", "is_page"]


_PAPER = 195
_PAPER_SHARE = 0.6
"""Least level of paper, of 255, and the least share of a page that is paper."""

_PAPER_SPREAD = 14.0
"""Standard deviation of paper: skies and walls in photographs are lit unevenly, and have no dark
marks on them."""

_BLACK = 60
_LEAST_WH = (18, 7)
_FILLED = 0.93
_STROKES = 2
"""Dark boxes: their level, least size in pixels (a word of small print at 100 dpi), how far they fill
their outline, and how many strokes must touch one from outside. A line of a table is one stroke."""


def is_page(gray: Floats) -> bool:
    """Tell whether a picture is a page: mostly even light paper, some of it dark marks."""
    paper = gray > _PAPER
    share = float(paper.mean())
    return bool(
        share >= _PAPER_SHARE
        and float(gray[paper].std()) < _PAPER_SPREAD
        and 0.001 < float((gray < 110).mean()) < 0.35
    )


def find_boxes_on_ink(gray: Floats) -> list[Box]:
    """Find dark boxes that strokes of letters stick out of.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        A page.

    Returns
    -------
    list of box
        In pixels.
    """
    import cv2

    dark = (gray < _BLACK).astype(np.uint8)
    core = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(_LEAST_WH[::-1], np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=4)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area < _FILLED * w * h:
            continue
        strokes = 0
        for row in (y - 2, y + h + 1):
            if 0 <= row < gray.shape[0]:
                line = gray[row, x : x + w] < 128
                starts = int(line[0]) + int((np.diff(line.astype(np.int8)) == 1).sum())
                strokes += starts if 0 < line.mean() < 0.7 else 0
        if strokes >= _STROKES:
            found.append((float(x), float(y), float(x + w), float(y + h)))
    return found
