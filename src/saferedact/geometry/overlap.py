"""Overlap of boxes: IoU, non-maximum suppression, merging, covered share."""

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.geometry.boxes import BoxesXYXY, area

__all__ = ["covered_fraction", "iou_matrix", "merge_overlapping", "nms"]

_BLOCK = 512
"""Boxes that are compared at once with all others: 512 x n float32 is 20 MB for 10,000 candidates,
small enough for a cache-friendly pass and large enough that numpy's call cost does not show."""

_CELLS = 2**20
"""Cells of one lattice in `covered_fraction`, 16 MB or so while they are counted. A page of 2,000 covers
has 16 million; it is cut in two until each part has fewer."""


def _intersection(a: BoxesXYXY, b: BoxesXYXY) -> npt.NDArray[np.float32]:
    # Axis by axis: with both in one (n, m, 2) array numpy's inner loops have length two.
    width = np.minimum(a[:, 2:3], b[:, 2]) - np.maximum(a[:, 0:1], b[:, 0])
    height = np.minimum(a[:, 3:4], b[:, 3]) - np.maximum(a[:, 1:2], b[:, 1])
    out: npt.NDArray[np.float32] = np.maximum(width, 0) * np.maximum(height, 0)
    return out


def iou_matrix(a: BoxesXYXY, b: BoxesXYXY) -> npt.NDArray[np.float32]:
    """Intersection over union of every pair.

    Parameters
    ----------
    a, b : ndarray, shapes (n, 4) and (m, 4), float32
        Boxes. Not modified.

    Returns
    -------
    ndarray, shape (n, m), float32
        Values in [0, 1]; 0 where a box has no area.
    """
    inter = _intersection(a, b)
    union = area(a)[:, None] + area(b)[None, :] - inter
    out = np.zeros_like(inter)
    np.divide(inter, union, out=out, where=(inter > 0) & (union > 0))
    return np.minimum(out, np.float32(1))


def nms(
    xyxy: BoxesXYXY, score: npt.NDArray[np.float32], iou_threshold: float
) -> npt.NDArray[np.int64]:
    """Keep the best of each cluster of overlapping boxes (greedy non-maximum suppression).

    Candidates are taken in blocks by falling score: a block is first compared with everything kept
    so far, then within itself, so that memory is bounded and the Python loop runs only over the
    boxes of one block that still compete.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.
    score : ndarray, shape (n,), float32
        Higher is better; ties keep the order of the input.
    iou_threshold : float
        Of two boxes whose IoU is greater than this, only the better one is kept. In [0, 1].

    Returns
    -------
    ndarray, shape (k,), int64
        Indices of the kept boxes, best first.

    Raises
    ------
    InputError
        If the threshold is outside [0, 1] or the lengths differ.
    """
    if not 0 <= iou_threshold <= 1:
        msg = "iou_threshold must be in [0, 1]"
        raise InputError(msg)
    if len(xyxy) != len(score):
        msg = f"{len(xyxy)} boxes but {len(score)} scores"
        raise InputError(msg)
    order = np.argsort(-score, kind="stable")
    kept: list[npt.NDArray[np.int64]] = []
    kept_boxes = np.empty((0, 4), dtype=np.float32)
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        free = ~(iou_matrix(xyxy[block], kept_boxes) > iou_threshold).any(axis=1)
        block = block[free]
        rival = np.triu(iou_matrix(xyxy[block], xyxy[block]) > iou_threshold, k=1)
        alive = np.ones(len(block), dtype=bool)
        for i in np.flatnonzero(rival.any(axis=1)):
            if alive[i]:
                alive &= ~rival[i]
        block = block[alive]
        kept.append(block.astype(np.int64))
        kept_boxes = np.concatenate([kept_boxes, xyxy[block]])
    return np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)


def merge_overlapping(
    xyxy: BoxesXYXY, score: npt.NDArray[np.float32], iou_threshold: float
) -> tuple[BoxesXYXY, npt.NDArray[np.float32]]:
    """Join boxes that several looks at one picture gave for the same thing.

    Where `nms` throws the weaker box away, this grows the better one to hold both, so that no look
    can veto what another saw: every input box lies inside an output box.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.
    score : ndarray, shape (n,), float32
        Higher is better.
    iou_threshold : float
        A box joins the best-scored kept box with which its IoU is greater than this. In [0, 1].

    Returns
    -------
    xyxy : ndarray, shape (k, 4), float32
        New array, best first.
    score : ndarray, shape (k,), float32
        Best score of the boxes in each.

    Raises
    ------
    InputError
        If the threshold is outside [0, 1] or the lengths differ.
    """
    kept = nms(xyxy, score, iou_threshold)
    if len(kept) == 0:
        return xyxy[kept], score[kept]
    home = np.empty(len(xyxy), dtype=np.int64)
    for start in range(0, len(xyxy), _BLOCK):
        block = slice(start, start + _BLOCK)
        # Kept boxes are ordered best first: argmax finds the best-scored one that overlaps enough.
        home[block] = (iou_matrix(xyxy[block], xyxy[kept]) > iou_threshold).argmax(axis=1)
    home[kept] = np.arange(len(kept))
    hull = xyxy[kept]
    for column, widen in enumerate((np.minimum, np.minimum, np.maximum, np.maximum)):
        widen.at(hull[:, column], home, xyxy[:, column])
    return hull, score[kept]


def covered_fraction(xyxy: BoxesXYXY, cover: BoxesXYXY) -> npt.NDArray[np.float64]:
    """Share of each box's area that lies under the union of other boxes.

    Exact: the cover's edges cut each box into a lattice of rectangles, each of which is either
    covered or not. Time grows with the square of the covers that touch a box, memory does not.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes to judge. Not modified.
    cover : ndarray, shape (m, 4), float32
        Boxes whose union covers. Not modified.

    Returns
    -------
    ndarray, shape (n,), float64
        Values in [0, 1]; a box without area counts as covered (1).
    """
    out = np.ones(len(xyxy), dtype=np.float64)
    wide = cover.astype(np.float64)
    # A loop over boxes: each has its own lattice, and only the few covers that touch it matter.
    for i, box in enumerate(xyxy.astype(np.float64)):
        x1, y1, x2, y2 = box
        total = (x2 - x1) * (y2 - y1)
        if total <= 0:
            continue
        cut = np.clip(wide, [x1, y1, x1, y1], [x2, y2, x2, y2])
        cut = cut[(cut[:, 2] > cut[:, 0]) & (cut[:, 3] > cut[:, 1])]
        out[i] = min(1.0, _union_area(cut) / total)
    return out


def _union_area(boxes: npt.NDArray[np.float64]) -> float:
    """Area of the union of boxes, shape (n, 4), all of which have area."""
    if len(boxes) == 0:
        return 0.0
    xs, ys = np.unique(boxes[:, ::2]), np.unique(boxes[:, 1::2])
    if len(xs) * len(ys) > _CELLS:
        axis = int(len(ys) > len(xs))
        lines = ys if axis else xs
        middle = lines[len(lines) // 2]
        below = boxes[boxes[:, axis] < middle]
        above = boxes[boxes[:, axis + 2] > middle]
        below[:, axis + 2] = np.minimum(below[:, axis + 2], middle)
        above[:, axis] = np.maximum(above[:, axis], middle)
        return _union_area(below) + _union_area(above)
    left, right = (np.searchsorted(xs, boxes[:, column]) for column in (0, 2))
    top, bottom = (np.searchsorted(ys, boxes[:, column]) for column in (1, 3))
    # A box adds one from its first cell on and takes it away behind its last one, on both axes.
    depth = np.zeros((len(ys), len(xs)), dtype=np.int32)
    for rows, columns, step in (
        (top, left, 1),
        (top, right, -1),
        (bottom, left, -1),
        (bottom, right, 1),
    ):
        np.add.at(depth, (rows, columns), step)
    filled = depth.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
    return float(np.diff(ys) @ filled @ np.diff(xs))
