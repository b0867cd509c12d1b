"""The form that a track is given when it is over: extended at both ends, smoothed, steadied."""

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY
from saferedact.tracking.holds import Holds
from saferedact.tracking.live import HOLD, LEAST_EXTENSION, LiveTrack
from saferedact.tracking.shape import (
    VELOCITY_FRAMES,
    extend,
    frames_to_leave,
    smooth_outward,
    steady,
)

__all__ = ["formed"]

_TO_THE_CUT = 6
"""Frames of a shot before the first and after the last of a track that are covered too: what was hidden is
mostly still there, and `check` takes up to so many for frames in which a cover is missing."""


def formed(
    item: LiveTrack, holds: Holds, size_wh: tuple[int, int], last_look: int, *, ends: bool
) -> tuple[npt.NDArray[np.int64], BoxesXYXY]:
    """Extend a track at both ends, and smooth it.

    Parameters
    ----------
    item : LiveTrack
        The track.
    holds : Holds
        How far it may reach beyond its looks.
    size_wh : (int, int)
        Size of the frames.
    last_look : int
        Frame of the last look.
    ends : bool
        Whether the shot ends with the last look.

    Returns
    -------
    frames : ndarray, shape (n,), int64
        Consecutive frames.
    xyxy : ndarray, shape (n, 4), float32
        A box in each.
    """
    boxes = item.boxes()
    held = min(HOLD, holds.of(item.kind, item.score, item.seen))
    reach = [
        max(LEAST_EXTENSION, frames_to_leave(end, size_wh, held))
        for end in (boxes[VELOCITY_FRAMES::-1], boxes)
    ]
    before = max(0, item.first - max(item.first_seen - reach[0], item.shot_start))
    # A track that is over ended long before the last look; others end with their shot.
    after = max(0, min(item.last_seen + reach[1], last_look) - item.last)
    if item.first - before <= item.shot_start + _TO_THE_CUT:
        before = item.first - item.shot_start
    if ends and item.last + after >= last_look - _TO_THE_CUT:
        after = last_look - item.last
    boxes = steady(smooth_outward(extend(boxes, before, after, growing=LEAST_EXTENSION)))
    first = item.first - before
    return np.arange(first, first + len(boxes), dtype=np.int64), boxes
