"""A track: where one thing is, frame by frame."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.geometry import BoxesXYXY, as_boxes

__all__ = ["Track", "boxes_between"]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Boxes of one thing at some frames; between them they move in straight lines.

    The arrays are copied and made read-only.

    Parameters
    ----------
    label, detector : str
        What it is, and who saw it.
    score : float
        Best score of its looks, 0 to 1.
    frame : ndarray, shape (n,), int64
        Ordinals of decoded frames, strictly rising, n >= 1.
    xyxy : ndarray, shape (n, 4), float32
        Boxes in upright coded pixels, half-open.
    seen : int
        Number of looks that showed it.
    person_ref : str or None
        Whom it names, as a reference of the case file, if every look said so.
    believed : bool
        Whether one look at least left no doubt (`Sightings.doubt`).

    Raises
    ------
    InputError
        If shapes or values do not fit.
    """

    label: str
    detector: str
    score: float
    frame: npt.NDArray[np.int64]
    xyxy: BoxesXYXY
    seen: int = 1
    person_ref: str | None = None
    believed: bool = True

    def __post_init__(self) -> None:
        """Copy, check and freeze the arrays."""
        xyxy = as_boxes(self.xyxy)
        frame = np.array(self.frame, dtype=np.int64)
        if frame.shape != (len(xyxy),) or len(frame) == 0 or bool((np.diff(frame) <= 0).any()):
            msg = "a track needs one box for each of its frames, which must rise strictly"
            raise InputError(msg)
        for name, array in (("frame", frame), ("xyxy", xyxy)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def first(self) -> int:
        """First frame."""
        return int(self.frame[0])

    @property
    def last(self) -> int:
        """Last frame."""
        return int(self.frame[-1])

    def boxes_at(self, frames: npt.ArrayLike) -> tuple[BoxesXYXY, npt.NDArray[np.bool_]]:
        """Say where the thing is.

        Parameters
        ----------
        frames : array_like, shape (m,), int
            Frames to ask for, in any order.

        Returns
        -------
        xyxy : ndarray, shape (m, 4), float32
            At a frame of the track its box; between two of them a box in the hull of both.
            Meaningless where the track is not present.
        present : ndarray, shape (m,), bool
            Whether the frame is between the track's first and last one.
        """
        asked = np.atleast_1d(np.asarray(frames, dtype=np.int64))
        present = (asked >= self.first) & (asked <= self.last)
        return boxes_between(self.frame, self.xyxy, asked), np.asarray(present)


def boxes_between(
    frame: npt.NDArray[np.int64], xyxy: npt.NDArray[np.float32], asked: npt.NDArray[np.int64]
) -> BoxesXYXY:
    """Interpolate boxes linearly; the ends hold beyond the first and the last frame.

    Parameters
    ----------
    frame : ndarray, shape (n,), int64
        Strictly rising.
    xyxy : ndarray, shape (n, 4), float32
        Boxes at these frames.
    asked : ndarray, shape (m,), int64
        Frames to ask for.

    Returns
    -------
    ndarray, shape (m, 4), float32
        New array; no edge leaves the span of its two neighbours.
    """
    after = np.clip(np.searchsorted(frame, asked, side="right"), 1, max(len(frame) - 1, 1))
    after = np.minimum(after, len(frame) - 1)
    before = np.maximum(after - 1, 0)
    span = np.maximum(frame[after] - frame[before], 1)
    share = np.clip((asked - frame[before]) / span, 0.0, 1.0)[:, None]
    low, high = xyxy[before].astype(np.float64), xyxy[after].astype(np.float64)
    out: BoxesXYXY = ((1.0 - share) * low + share * high).astype(np.float32)
    return out
