"""How well live tracks fit the sightings of a look, and whether that is sure enough."""

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY, iou_matrix
from saferedact.tracking.live import LiveTrack, alike, nearness, one_person
from saferedact.tracking.sightings import Sightings

__all__ = ["affinity_of", "is_unsure"]

Marks = npt.NDArray[np.bool_]


def affinity_of(
    live: list[LiveTrack],
    sightings: Sightings,
    gap: int,
    end: tuple[BoxesXYXY, Marks],
    begin: tuple[BoxesXYXY, Marks],
) -> npt.NDArray[np.float32]:
    """Say how well each live track fits each sighting; the best of several ways to compare them.

    Parameters
    ----------
    live : list of n LiveTrack
        As they are at the last look.
    sightings : Sightings
        The next look, of m things.
    gap : int
        Frames from the last look to the next.
    end : (ndarray of shape (n, 4), ndarray of shape (n,))
        Boxes of the tracks carried to the next look, and whether that went well.
    begin : (ndarray of shape (m, 4), ndarray of shape (m,))
        Boxes of the sightings carried back to the last look, and whether that went well.

    Returns
    -------
    ndarray, shape (n, m), float32
        0 where they cannot be one thing.
    """
    boxes = np.array([item.box for item in live], np.float32).reshape(-1, 4)
    places = np.array(
        [item.box if item.place is None else item.place for item in live], np.float32
    ).reshape(-1, 4)
    speed = np.array([item.velocity for item in live], np.float32).reshape(-1, 2)
    affinity = np.maximum(
        iou_matrix(boxes, sightings.xyxy),
        iou_matrix(boxes + np.tile(speed * gap, 2), sightings.xyxy),
    )
    affinity = np.maximum(affinity, iou_matrix(places, sightings.xyxy))
    affinity = np.maximum(affinity, iou_matrix(end[0], sightings.xyxy) * end[1][:, None])
    affinity = np.maximum(affinity, iou_matrix(boxes, begin[0]) * begin[1])
    if gap == 1:
        affinity = np.maximum(affinity, nearness(boxes, sightings.xyxy))
    kinds = np.array([item.kind for item in live], dtype=np.int16)
    same: Marks = kinds[:, None] == sightings.kind
    same &= alike(boxes, sightings.xyxy)
    if sightings.people:
        same &= np.array(
            [[one_person(item.person_ref, ref) for ref in sightings.people] for item in live],
            bool,
        ).reshape(same.shape)
    return affinity * same


def is_unsure(
    sure: tuple[Marks, Marks],
    pairs: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    good_ahead: Marks,
    good_back: Marks,
) -> bool:
    """Tell whether something surely seen at one end was neither met nor carried to the other.

    Parameters
    ----------
    sure : (ndarray of shape (n,), ndarray of shape (m,))
        Which live tracks and which sightings were surely seen.
    pairs : (ndarray of shape (k,), ndarray of shape (k,))
        Rows and columns that belong together.
    good_ahead, good_back : ndarray of shape (frames, n) and (frames, m)
        Whether carrying went well: of frames after the first look, and of those before the next.
    """
    rows, columns = pairs
    sure_live, sure_seen = sure
    either = good_ahead[:-1, rows] | good_back[1:, columns]
    lost_between = ~either.all(axis=0) & (sure_live[rows] | sure_seen[columns])
    alone_live, alone_seen = sure_live.copy(), sure_seen.copy()
    alone_live[rows] = False
    alone_seen[columns] = False
    return bool(
        lost_between.any()
        or (alone_live & ~good_ahead[-1]).any()
        or (alone_seen & ~good_back[0]).any()
    )
