"""The form of a track over time: extended, smoothed, bridged, thinned. Nothing here makes it smaller.

All functions take boxes of consecutive frames, shape (n, 4), float32, and return new arrays.
"""

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY
from saferedact.tracking.track import boxes_between

__all__ = [
    "VELOCITY_FRAMES",
    "extend",
    "fill_gap",
    "frames_to_leave",
    "grow",
    "simplify",
    "smooth_outward",
    "steady",
    "sweep",
]

_GROWTH = 0.03
"""Growth of an extended box on each side and frame, as a share of its size: a walking person's head
that is 100 px wide moves a few pixels a frame, and in which direction is not known."""

_FARTHEST = 1.0
"""Sides of its box that a thing is supposed to have moved, at most, while something passes before it. Where
it goes is followed as well; this is for a thing that was not followed but what came before it."""

_NEAR_EDGE = 0.25
"""Share of a box's sides from an edge of the picture within which it is cut by it: boxes are tight around
the features, and the head goes on beyond them."""

VELOCITY_FRAMES = 6
"""Frames at an end of a track from which its motion is taken: a fifth of a second of common video,
long enough that a detector's jitter of a few pixels averages out."""

_STEADY = 12
"""Frames for which an edge may not draw back: for up to so many, `check` takes a place that is free between
covered ones for a missing cover, and so would a viewer who steps through a film."""

_STEADY_SHARE = 0.1
"""Of a box's side that an edge is moved outward for this at most. Detectors' answers for a face that turns or
leaves differ by so much; what draws back farther moves, and covering where a fast thing turns would take half
as much again (measured at 40 px a frame)."""

_SMOOTH = 2  # frames on each side over which edges are averaged


def extend(xyxy: BoxesXYXY, before: int, after: int, *, growing: int | None = None) -> BoxesXYXY:
    """Go on at both ends as the track moves there, while standing still at the same time.

    The box of each added frame holds the end box where it is, and where it would be if its motion
    went on, and grows with every frame.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes of consecutive frames, n >= 1. Not modified.
    before, after : int
        Frames to add at the start and at the end, >= 0.
    growing : int, optional
        Frames for which boxes grow; all by default.

    Returns
    -------
    ndarray, shape (before + n + after, 4), float32
        New array; the given boxes are in it unchanged.
    """
    head = _continued(xyxy[::-1], before, growing=growing)[::-1]
    return np.concatenate([head, xyxy, _continued(xyxy, after, growing=growing)])


def sweep(xyxy: BoxesXYXY, count: int) -> BoxesXYXY:
    """Go on at the end of a track as `extend` does, without growing, by the length of a side at most.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes of consecutive frames, n >= 1. Not modified.
    count : int
        Frames to add, >= 0.

    Returns
    -------
    ndarray, shape (count, 4), float32
        Each box holds the last given one, and where its motion leads.
    """
    return _continued(xyxy, count, growing=0, farthest=_FARTHEST)


def grow(xyxy: BoxesXYXY, frames: npt.NDArray[np.int64]) -> BoxesXYXY:
    """Enlarge boxes of a thing that was not seen for some frames, as `extend` does.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.
    frames : ndarray, shape (n,), int64
        For how many frames the thing was not seen.
    """
    margin = (xyxy[:, 2:] - xyxy[:, :2]) * (_GROWTH * frames[:, None]).astype(np.float32)
    return np.concatenate([xyxy[:, :2] - margin, xyxy[:, 2:] + margin], axis=1).astype(np.float32)


def _continued(
    xyxy: BoxesXYXY, count: int, *, growing: int | None = None, farthest: float = np.inf
) -> BoxesXYXY:
    last = xyxy[-1].astype(np.float64)
    step = np.arange(1, count + 1, dtype=np.float64)[:, None]
    reach = farthest * (last[2:] - last[:2])
    shift = np.clip(step * _velocity(xyxy), -reach, reach)
    grown = (
        np.minimum(step, np.inf if growing is None else growing) * _GROWTH * (last[2:] - last[:2])
    )
    low = last[:2] + np.minimum(shift, 0) - grown
    high = last[2:] + np.maximum(shift, 0) + grown
    return np.concatenate([low, high], axis=1).astype(np.float32)


def _velocity(xyxy: BoxesXYXY) -> npt.NDArray[np.float64]:
    """Motion at the end, in pixels a frame."""
    span = min(VELOCITY_FRAMES, len(xyxy) - 1)
    center = (xyxy[:, :2].astype(np.float64) + xyxy[:, 2:]) / 2
    return (center[-1] - center[-1 - span]) / span if span else np.zeros(2)


def frames_to_leave(xyxy: BoxesXYXY, size_wh: tuple[int, int], most: int) -> int:
    """Say for how long a thing may show at the edge of the picture after the end of its track.

    What the edge cuts is seldom detected and hardly recognised, and a close head takes its time to leave.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes of consecutive frames, n >= 1. Not modified.
    size_wh : (int, int)
        Size of the frames.
    most : int
        Largest answer, >= 1.

    Returns
    -------
    int
        Frames until its motion leads it out of the picture; `most` if it stands at the edge, 0 if it
        does not come near to one in so many frames.
    """
    last = xyxy[-1].astype(np.float64)
    moved = last + np.tile(np.arange(most + 1)[:, None] * _velocity(xyxy), 2)
    near = _NEAR_EDGE * (last[2:] - last[:2])
    meets = (moved[:, :2] < near) | (moved[:, 2:] > np.array(size_wh) - near)
    if not meets.any():
        return 0
    gone = ((moved[:, 2:] <= 0) | (moved[:, :2] >= size_wh)).any(axis=1)
    return int(np.argmax(gone)) if gone.any() else most


def smooth_outward(xyxy: BoxesXYXY) -> BoxesXYXY:
    """Average each edge over some frames, and never move it inward.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes of consecutive frames. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array; each box contains its original and lies in the hull of its neighbourhood.
    """
    count = len(xyxy)
    total = np.concatenate([np.zeros((1, 4)), np.cumsum(xyxy, axis=0, dtype=np.float64)])
    at = np.arange(count)
    # The same reach on both sides, or the mean of a moving box would trail at the ends.
    reach = np.minimum(np.minimum(at, count - 1 - at), _SMOOTH)
    start, stop = at - reach, at + reach + 1
    mean = ((total[stop] - total[start]) / (stop - start)[:, None]).astype(np.float32)
    low = np.minimum(mean[:, :2], xyxy[:, :2])
    return np.concatenate([low, np.maximum(mean[:, 2:], xyxy[:, 2:])], axis=1)


def steady(xyxy: BoxesXYXY) -> BoxesXYXY:
    """Keep covered what was covered shortly before and is again shortly after.

    A morphological closing of each edge over time, up to a share of the box: edges that move one way stay
    as they are, those that draw back a little for a few frames do not.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes of consecutive frames. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array; each box contains its original.
    """
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    window = 2 * (_STEADY // 2) + 1
    side = xyxy[:, 2:] - xyxy[:, :2]
    sign = np.array([-1, -1, 1, 1], dtype=np.float32)  # outward is up
    edges = xyxy * sign
    # Beyond the ends nothing is covered, so that nothing is there to draw back from.
    wide = np.pad(edges, ((window, window), (0, 0)), constant_values=-np.inf)
    closed = minimum_filter1d(maximum_filter1d(wide, window, axis=0), window, axis=0)
    closed = closed[window : window + len(xyxy)]
    most = edges + np.tile(np.float32(_STEADY_SHARE) * side, 2)
    steadied: BoxesXYXY = (np.clip(closed, edges, most) * sign).astype(np.float32)
    return steadied


def fill_gap(
    last: npt.NDArray[np.float32], first: npt.NDArray[np.float32], count: int
) -> BoxesXYXY:
    """Bridge the frames between the last box of one track and the first of the next.

    Parameters
    ----------
    last, first : ndarray, shape (4,), float32
        Boxes at the ends of the gap.
    count : int
        Frames in it, >= 0.

    Returns
    -------
    ndarray, shape (count, 4), float32
        Boxes on the straight way, grown toward the middle of the gap, where least is known.
    """
    asked = np.arange(1, count + 1, dtype=np.int64)
    ends = np.array([0, count + 1], dtype=np.int64)
    boxes = boxes_between(ends, np.stack([last, first]).astype(np.float32), asked)
    size = boxes[:, 2:] - boxes[:, :2]
    grown = size * (_GROWTH * np.minimum(asked, count + 1 - asked).astype(np.float32))[:, None]
    grown = grown.astype(np.float32)
    return np.concatenate([boxes[:, :2] - grown, boxes[:, 2:] + grown], axis=1)


def simplify(xyxy: BoxesXYXY, tolerance: float) -> tuple[npt.NDArray[np.int64], BoxesXYXY]:
    """Thin boxes of consecutive frames to those from which the others can be interpolated.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes, n >= 1. Not modified.
    tolerance : float
        How far an edge may move outward, in pixels, >= 0.

    Returns
    -------
    index : ndarray, shape (k,), int64
        Positions that are kept, the first and the last among them.
    xyxy : ndarray, shape (k, 4), float32
        Their boxes, each edge moved outward by at most `tolerance`: interpolated linearly they
        contain every given box.
    """
    count = len(xyxy)
    wide = xyxy.astype(np.float64)
    kept = [0]
    # Greedy with doubling and bisection: the longest straight stretch from each kept frame on.
    while kept[-1] < count - 1:
        start, reach = kept[-1], 1
        while start + 2 * reach < count and _straight(wide, start, start + 2 * reach, tolerance):
            reach *= 2
        low, high = start + reach, min(start + 2 * reach, count - 1)
        while low < high:
            middle = (low + high + 1) // 2
            if _straight(wide, start, middle, tolerance):
                low = middle
            else:
                high = middle - 1
        kept.append(low)
    index = np.array(kept, dtype=np.int64)
    return index, _outward(xyxy, index)


def _straight(wide: npt.NDArray[np.float64], start: int, stop: int, tolerance: float) -> bool:
    """Whether the edges between two frames lie within half the tolerance of a straight line.

    Half, because each end is moved outward for the stretches on both of its sides.
    """
    share = np.linspace(0, 1, stop - start + 1)[:, None]
    line = (1 - share) * wide[start] + share * wide[stop]
    return bool((np.abs(wide[start : stop + 1] - line) <= tolerance / 2).all())


def _outward(xyxy: BoxesXYXY, index: npt.NDArray[np.int64]) -> BoxesXYXY:
    """Move the kept boxes outward until what is interpolated contains what was left out."""
    kept = xyxy[index].astype(np.float64)
    if len(index) < 2:
        return xyxy[index].copy()
    asked = np.arange(len(xyxy), dtype=np.int64)
    line = boxes_between(index, xyxy[index], asked).astype(np.float64)
    sign = np.array([1, 1, -1, -1], dtype=np.float64)
    lack = np.maximum((line - xyxy) * sign, 0)  # how far an edge is inside of where it must be
    most = np.maximum.reduceat(lack, index[:-1], axis=0)  # of each stretch
    most[-1] = np.maximum(most[-1], lack[-1])
    push = np.zeros_like(kept)
    push[:-1] = most
    push[1:] = np.maximum(push[1:], most)
    # Interpolation in float32 may round by this much.
    push += (push > 0) * np.spacing(np.abs(kept).astype(np.float32)).astype(np.float64) * 4
    return (kept - push * sign).astype(np.float32)
