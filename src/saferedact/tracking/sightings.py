"""What was seen in one frame, and how it goes with what was known before."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY

__all__ = ["Doubt", "Link", "Sightings"]

Doubt = Callable[[int, npt.NDArray[np.float32], float], bool]
"""Tells whether a sighting of a kind, at a box, with a score, is nothing when looked at closer."""


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """What all detectors saw in one frame.

    Parameters
    ----------
    frame : int
        Ordinal of the frame.
    xyxy : ndarray, shape (n, 4), float32
        Boxes in upright coded pixels.
    score : ndarray, shape (n,), float32
        0 to 1.
    kind : ndarray, shape (n,), int16
        Positions in the tracker's kinds.
    asked : frozenset of int, optional
        Kinds that were looked for; all by default. What nobody looked for was not lost.
    people : tuple of (str or None), optional
        Whom each box names, as a reference of the case file; not known by default.
    doubt : callable, optional
        Looks closer; by default every sighting is believed.
    """

    frame: int
    xyxy: BoxesXYXY
    score: npt.NDArray[np.float32]
    kind: npt.NDArray[np.int16]
    asked: frozenset[int] | None = None
    people: tuple[str | None, ...] = ()
    doubt: Doubt | None = None

    @classmethod
    def none(cls, frame: int, asked: frozenset[int] | None = None) -> "Sightings":
        """Nothing was seen in a frame."""
        boxes, score = np.empty((0, 4), np.float32), np.empty(0, np.float32)
        return cls(frame, boxes, score, np.empty(0, np.int16), asked)

    def looked_for(self, kind: int) -> bool:
        """Whether a kind was looked for."""
        return self.asked is None or kind in self.asked

    def person(self, at: int) -> str | None:
        """Whom a box names, if that is known."""
        return self.people[at] if self.people else None

    def believed(self, at: int) -> bool:
        """Whether a sighting is what it seems, if need be after a closer look."""
        return self.doubt is None or not self.doubt(
            int(self.kind[at]), self.xyxy[at], float(self.score[at])
        )

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Sightings":
        """Return the chosen ones.

        Parameters
        ----------
        chosen : ndarray, shape (n,), bool
            Which are kept.
        """
        people = tuple(itertools.compress(self.people, chosen.tolist()))
        return replace(
            self,
            xyxy=self.xyxy[chosen],
            score=self.score[chosen],
            kind=self.kind[chosen],
            people=people,
        )

    def at(self, frame: int) -> "Sightings":
        """Return the same for another frame, which shows the same picture."""
        return replace(self, frame=frame)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """How the look at one frame goes with what was known before. Made by `Tracker.link`.

    Parameters
    ----------
    sightings : Sightings
        The look.
    unsure : bool
        Something that was surely seen at one end could not be carried to the other.
    """

    sightings: Sightings
    unsure: bool
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    forward: tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]
    backward: tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]
