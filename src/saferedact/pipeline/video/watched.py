"""Frames of a clip as a watcher is handed them, and those whom it asks about them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY
from saferedact.tracking import CutFinder, Sightings

__all__ = ["Glance", "Look", "Shown", "Watchable", "Watched", "watched"]

LUMA_WIDTH = 480
"""Longer side of the plane that boxes are carried on. Measured: half of it follows fast motion no
faster, and loses small faces."""


class Shown(Protocol):
    """What detectors need of a frame."""

    @property
    def index(self) -> int:
        """Ordinal."""
        ...

    @property
    def time_s(self) -> float:
        """Time of display, in seconds."""
        ...

    def small(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small RGB picture, upright."""
        ...


class Watchable(Shown, Protocol):
    """What watching needs of a frame, as `VideoFrame` has it."""

    def luma(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Scale to a small gray picture, upright."""
        ...


Look = Callable[[Shown, tuple[int, int], bool], Sightings]
"""Shows a frame to the detectors at a size, and says what they saw. With True, also to those that
look seldom."""

Glance = Callable[[Shown], BoxesXYXY]
"""Says quickly where something may be that those who look seldom should be asked about, in upright
coded pixels; it asks nobody else."""


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """A frame and its small luma plane, with whether a shot begins there.

    Parameters
    ----------
    frame : Watchable
        The frame.
    luma : ndarray, shape (h, w), uint8
        Upright, `LUMA_WIDTH` px long.
    is_cut : bool
        Whether it shows another scene than the frame before.
    """

    frame: Watchable
    luma: npt.NDArray[np.uint8]
    is_cut: bool


def watched(frame: Watchable, size_wh: tuple[int, int], cuts: CutFinder) -> Watched:
    """Make the luma plane of a frame; frames must come in order.

    Parameters
    ----------
    frame : Watchable
        The next frame.
    size_wh : (int, int)
        Upright coded size of the frames.
    cuts : CutFinder
        Has seen the frames before.
    """
    scale = min(1.0, LUMA_WIDTH / max(size_wh))
    luma = frame.luma((max(1, round(size_wh[0] * scale)), max(1, round(size_wh[1] * scale))))
    return Watched(frame, luma, cuts.is_cut(luma))
