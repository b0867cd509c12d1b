"""Block grids: growing regions outward to whole cells.

A lossy codec spreads what is inside a block over the whole block, so a region that ends inside a
block leaves ringing of the hidden content beside it. Regions therefore end on the grid of the
source's blocks, and on whole chroma samples. Filters of the decoder carry a block's content some
pixels further; that is the grid's reach.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.geometry.boxes import BoxesXYXY

__all__ = ["Grid", "snap_outward"]


@dataclass(frozen=True, slots=True)
class Grid:
    """A lattice of equal cells.

    Parameters
    ----------
    size_wh : (int, int)
        Width and height of a cell, in pixels, >= 1.
    origin_xy : (int, int)
        Any point where cell corners meet; only its remainder by the cell size matters. Not (0, 0)
        when a flip or rotation moved the cut-off last block of a JPEG to the top or left.
    reach_wh : (int, int)
        How far beyond a cell, to the left and right and above and below, a decoder's filters carry
        what is in it (chroma upsampling, deblocking), in pixels, >= 0.

    Raises
    ------
    InputError
        If a cell side is smaller than 1 or a reach negative.
    """

    size_wh: tuple[int, int] = (1, 1)
    origin_xy: tuple[int, int] = (0, 0)
    reach_wh: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        """Check the cell and reduce the origin to the cell at the frame's corner."""
        if min(self.size_wh) < 1:
            msg = f"a grid cell must be at least 1 x 1 px, but got {self.size_wh}"
            raise InputError(msg)
        if min(self.reach_wh) < 0:
            msg = f"the reach of a grid must not be negative, but got {self.reach_wh}"
            raise InputError(msg)
        (width, height), (x, y) = self.size_wh, self.origin_xy
        object.__setattr__(self, "origin_xy", (x % width, y % height))

    def refined_to(self, other: "Grid") -> "Grid":
        """Join two grids: the coarser grid whose cell edges are edges of both.

        Parameters
        ----------
        other : Grid
            For instance the chroma samples of the frame.

        Returns
        -------
        Grid
            Cells of the least common multiple of both sizes, at this grid's origin. Their edges are
            edges of the other only if this origin is a corner of the other's cells; if it is not,
            the caller snaps to both in turn.
        """
        width = math.lcm(self.size_wh[0], other.size_wh[0])
        height = math.lcm(self.size_wh[1], other.size_wh[1])
        return Grid((width, height), self.origin_xy)


def snap_outward(xyxy: BoxesXYXY, grid: Grid, size_wh: tuple[int, int]) -> npt.NDArray[np.int32]:
    """Grow boxes to whole cells of a grid and by its reach, and cut them at the frame.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes, in pixels. Not modified.
    grid : Grid
        Cells to end on; a cell that the frame's edge cuts is covered as far as the frame goes.
    size_wh : (int, int)
        Frame width and height, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), int32
        New array of the same length. A box that covers no area of the frame is all zeros.
    """
    width, height = size_wh
    size = np.array(grid.size_wh, dtype=np.float64)
    origin = np.array(grid.origin_xy, dtype=np.float64)
    reach = np.array(grid.reach_wh, dtype=np.float64)
    low = np.floor((xyxy[:, :2] - origin) / size) * size + origin - reach
    high = np.ceil((xyxy[:, 2:] - origin) / size) * size + origin + reach
    limit = np.array([width, height], dtype=np.float64)
    low = np.clip(low, 0, limit)
    high = np.clip(high, 0, limit)
    # Judge emptiness on the box itself: a zero-width box on a grid line must not become a cell.
    inside_low = np.maximum(xyxy[:, :2], 0)
    inside_high = np.minimum(xyxy[:, 2:], limit)
    empty = (inside_high <= inside_low).any(axis=1)
    out = np.concatenate([low, high], axis=1).astype(np.int32)
    out[empty] = 0
    return out
