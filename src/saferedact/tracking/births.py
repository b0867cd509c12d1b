"""Where a thing was before it was first seen."""

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY
from saferedact.tracking.carry import frames_standing
from saferedact.tracking.holds import Holds
from saferedact.tracking.live import LEAST_EXTENSION, hull
from saferedact.tracking.planes import Planes
from saferedact.tracking.shape import grow
from saferedact.tracking.sightings import Sightings

__all__ = ["earlier_boxes", "frames_stood"]


def earlier_boxes(
    planes: Planes,
    holds: Holds,
    sightings: Sightings,
    column: int,
    back: tuple[BoxesXYXY, npt.NDArray[np.bool_]],
    *,
    span: tuple[int, int],
) -> BoxesXYXY:
    """Follow the content of a new thing back to where it came from.

    Parameters
    ----------
    planes : Planes
        Of the frames before.
    holds : Holds
        How far it is followed.
    sightings : Sightings
        The look that shows it first.
    column : int
        Which of its sightings it is.
    back : (ndarray, ndarray)
        Its boxes in the frames from the look before, and whether it was recognised in each.
    span : (int, int)
        First frame of the shot, and frame of the look before.

    Returns
    -------
    ndarray, shape (n, 4), float32
        Boxes of the n frames before the look.
    """
    boxes, good = back
    box, kind = sightings.xyxy[column], int(sightings.kind[column])
    hold = holds.of(kind, float(sightings.score[column]), 1)
    count = int(np.count_nonzero(good))
    earlier = boxes[len(boxes) - count :]
    if count == len(good):
        start = earlier[0] if len(earlier) else box
        earlier = np.concatenate([_further_back(planes, start, hold - len(earlier), span), earlier])
    earlier = earlier[max(0, len(earlier) - hold) :]
    unseen = np.arange(len(earlier), 0, -1)
    earlier = grow(earlier, np.minimum(unseen, LEAST_EXTENSION))
    if holds.is_seldom(kind):
        since = max(span[0], sightings.frame - hold)
        earlier = _also_standing(planes, earlier, box, (since, sightings.frame))
    return earlier


def _further_back(
    planes: Planes, start: npt.NDArray[np.float32], count: int, span: tuple[int, int]
) -> BoxesXYXY:
    """Follow it beyond the look before, which did not see it."""
    kept = planes.between(*span)
    if count <= 0 or len(kept) < 2:
        return np.empty((0, 4), np.float32)
    boxes, good = planes.carry(kept[::-1][: count + 1], start[None])
    return boxes[: np.count_nonzero(good), 0][::-1]


def _also_standing(
    planes: Planes, earlier: BoxesXYXY, box: npt.NDArray[np.float32], span: tuple[int, int]
) -> BoxesXYXY:
    """Cover the place where words were read too, for as long as they may have stood there before.

    What is followed back from them may be the ground behind them.
    """
    stood = frames_stood(planes, box, span)
    only = np.repeat(box[None], max(0, stood - len(earlier)), axis=0)
    return np.concatenate([only, hull(earlier, box)])


def frames_stood(planes: Planes, box: npt.NDArray[np.float32], span: tuple[int, int]) -> int:
    """Say for how many frames before the last of a span the same strokes stood in a box, at most.

    Parameters
    ----------
    planes : Planes
        Of these frames.
    box : ndarray, shape (4,), float32
        The box, in pixels of the frame.
    span : (int, int)
        First and last frame.
    """
    kept = planes.between(*span)[::-1]
    return frames_standing(kept, box * planes.scale(kept[0])) if kept else 0
