"""Regions as whole cells: which samples an operator hides.

A region grows outward to whole cells of the source's block grid and to whole chroma samples, so no
cell is half covered and every plane can be cut on integers. An ellipse covers each cell that it
touches. On cells, any region is a short stack of rectangles; that is what the operators write, row
by row, without a mask of pixels.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.geometry import BoxesXYXY, Grid, as_boxes, snap_outward

__all__ = [
    "Cover",
    "Rectangles",
    "Shape",
    "cover_of",
    "coverage_mask",
    "covered_rectangles",
    "scaled",
]

Shape: TypeAlias = Literal["rectangle", "ellipse"]
Rectangles: TypeAlias = npt.NDArray[np.int32]
"""Rectangles, shape (n, 4), int32: x1, y1, x2, y2, half-open, in pixels or samples of a plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """What n regions cover, in pixels of the frame, aligned to whole chroma samples.

    Parameters
    ----------
    index : ndarray, shape (n,), int
        Row of each region in the boxes that it was made from.
    boxes : ndarray, shape (n, 4), int32
        The cells that each region reaches, whole, cut at the frame.
    rectangles : ndarray, shape (m, 4), int32
        Rectangles that together are the covered pixels; those of one region are disjoint.
    owner : ndarray, shape (m,), int
        Position of the region that each rectangle belongs to.
    """

    index: npt.NDArray[np.intp]
    boxes: Rectangles
    rectangles: Rectangles
    owner: npt.NDArray[np.intp]

    def subset(self, chosen: npt.NDArray[np.bool_]) -> "Cover":
        """Return the cover of the regions chosen by a mask of shape (n,)."""
        kept = chosen[self.owner]
        position = np.cumsum(chosen) - 1
        return Cover(
            self.index[chosen],
            self.boxes[chosen],
            self.rectangles[kept],
            position[self.owner[kept]],
        )

    def whole(self) -> npt.NDArray[np.bool_]:
        """Mark the regions that are all of their box, shape (n,)."""
        same: npt.NDArray[np.bool_] = (self.rectangles == self.boxes[self.owner]).all(axis=1)
        return np.bincount(self.owner[same], minlength=len(self.boxes)).astype(np.bool_)


def scaled(rectangles: Rectangles, divisors: tuple[int, int]) -> Rectangles:
    """Convert rectangles of pixels, aligned to chroma samples, to samples of a plane.

    Parameters
    ----------
    rectangles : ndarray, shape (n, 4), int32
        In pixels. Not modified.
    divisors : (int, int)
        Width and height of a sample, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), int32
        In samples; the last sample of an odd-sized frame counts whole.
    """
    if divisors == (1, 1):
        return rectangles
    size = np.array(divisors * 2, dtype=np.int32)
    rounding = size - 1
    rounding[:2] = 0
    return (rectangles + rounding) // size


def cover_of(
    size_wh: tuple[int, int],
    xyxy: BoxesXYXY,
    *,
    shape: Shape,
    grid: Grid,
    subsampling: tuple[int, int],
) -> Cover:
    """Grow regions to whole cells.

    Parameters
    ----------
    size_wh : (int, int)
        Frame width and height, in pixels.
    xyxy : ndarray, shape (n, 4), float32
        Checked boxes, in pixels. An ellipse is the one inscribed in its box, also where the box
        leaves the frame.
    shape : str
        ``"rectangle"`` or ``"ellipse"``.
    grid : Grid
        Block grid of the source.
    subsampling : (int, int)
        Width and height of a chroma sample, in pixels.

    Returns
    -------
    Cover
        Regions outside the frame or without area are left out.

    Raises
    ------
    InputError
        If the shape is unknown.
    """
    if shape not in get_args(Shape):
        msg = f"shape must be one of {', '.join(get_args(Shape))}, not {shape!r}"
        raise InputError(msg)
    samples = Grid(subsampling)
    if _nested(grid, samples):
        cells = snap_outward(xyxy, grid.refined_to(samples), size_wh)
    else:  # blocks and samples need not share a line: move a block's edge on to the next sample
        blocks = snap_outward(xyxy, grid, size_wh)
        cells = snap_outward(blocks.astype(np.float32), samples, size_wh)
    index = np.flatnonzero(cells[:, 2])
    boxes = cells[index]
    if shape == "rectangle":
        return Cover(index, boxes, boxes, np.arange(len(boxes)))
    stacks = [
        _ellipse_rectangles(ellipse, box, grid, subsampling)
        for ellipse, box in zip(xyxy[index].tolist(), boxes.tolist(), strict=True)
    ]
    lengths = [len(stack) for stack in stacks]
    owner = np.repeat(np.arange(len(boxes)), lengths)
    relative = np.concatenate([np.empty((0, 4), dtype=np.int32), *stacks])
    cover = Cover(index, boxes, relative + np.tile(boxes[owner, :2], 2), owner)
    # An ellipse may miss the part of its box that lies in the frame.
    return cover.subset(np.array(lengths, dtype=np.bool_))


def _nested(blocks: Grid, samples: Grid) -> bool:
    """Whether whole blocks are whole samples: all lines of one grid are lines of the other."""
    return blocks.reach_wh == (0, 0) and all(
        (block % sample == 0 and origin % sample == 0) or (sample % block == 0 and origin == 0)
        for block, origin, sample in zip(
            blocks.size_wh, blocks.origin_xy, samples.size_wh, strict=True
        )
    )


def coverage_mask(
    size_wh: tuple[int, int],
    xyxy: npt.ArrayLike,
    *,
    shape: Shape = "rectangle",
    grid: Grid | None = None,
    subsampling: tuple[int, int] = (1, 1),
) -> npt.NDArray[np.bool_]:
    """Mark the pixels that regions cover: what `redact_planes` writes, for verification.

    Parameters
    ----------
    size_wh : (int, int)
        Frame width and height, in pixels.
    xyxy : array_like, shape (n, 4)
        Boxes, in pixels.
    shape : str
        ``"rectangle"`` or ``"ellipse"``.
    grid : Grid, optional
        Block grid of the source; single pixels by default.
    subsampling : (int, int)
        Width and height of a chroma sample, in pixels.

    Returns
    -------
    ndarray, shape (h, w), bool
        New array. The covered samples of a chroma plane are ``mask[::sy, ::sx]``.

    Raises
    ------
    InputError
        If the boxes or the shape are not valid.
    """
    width, height = size_wh
    cover = cover_of(
        size_wh,
        as_boxes(xyxy),
        shape=shape,
        grid=Grid() if grid is None else grid,
        subsampling=subsampling,
    )
    mask = np.zeros((height, width), dtype=np.bool_)
    for x1, y1, x2, y2 in cover.rectangles.tolist():
        mask[y1:y2, x1:x2] = True
    return mask


class _Cells(NamedTuple):
    """The cells along one axis, in pixels, relative to a region's box."""

    size: int
    origin: int
    reach: int
    chroma: int


def covered_rectangles(
    size_wh: tuple[int, int], xyxy: npt.ArrayLike, *, shape: Shape, grid: Grid
) -> Rectangles:
    """Rectangles that together are the pixels which regions cover.

    Parameters
    ----------
    size_wh : (int, int)
        Frame width and height, in pixels.
    xyxy : array_like, shape (n, 4)
        Boxes, in pixels.
    shape : str
        ``"rectangle"`` or ``"ellipse"``.
    grid : Grid
        Block grid of the source.

    Returns
    -------
    ndarray, shape (m, 4), int32
        New array; rectangles of different regions may overlap.

    Raises
    ------
    InputError
        If the boxes or the shape are not valid.
    """
    cover = cover_of(size_wh, as_boxes(xyxy), shape=shape, grid=grid, subsampling=(1, 1))
    return cover.rectangles.copy()


def _ellipse_rectangles(
    ellipse: list[float], box: list[int], grid: Grid, subsampling: tuple[int, int]
) -> Rectangles:
    """Rectangles of an ellipse, relative to the corner of its box."""
    x, y, x2, y2 = box
    columns, rows = (
        _Cells(
            grid.size_wh[axis],
            (grid.origin_xy[axis] - corner) % grid.size_wh[axis],
            grid.reach_wh[axis],
            subsampling[axis],
        )
        for axis, corner in enumerate((x, y))
    )
    # Everything relative to the box, so that a moving region of one size hits the cache.
    relative = (ellipse[0] - x, ellipse[1] - y, ellipse[2] - x, ellipse[3] - y)
    return _relative_stack(relative, (x2 - x, y2 - y), columns, rows)


@lru_cache(maxsize=512)  # arrays of at most a few hundred rectangles each: a few megabytes
def _relative_stack(
    ellipse: tuple[float, float, float, float],
    size_wh: tuple[int, int],
    columns: _Cells,
    rows: _Cells,
) -> Rectangles:
    """Cut the covered cells of an ellipse into rectangles of equal rows; read-only."""
    across = _squared_distance(ellipse[0], ellipse[2], size_wh[0], columns)
    down = _squared_distance(ellipse[1], ellipse[3], size_wh[1], rows)
    # Along each axis the distance falls to the center and rises after it, so the covered part of a
    # row is one run: its ends come from a search in the two sorted halves.
    center = int(across.argmin())
    reach = 1.0 - down
    low = center + 1 - np.searchsorted(across[center::-1], reach, side="left")
    high = center + np.searchsorted(across[center:], reach, side="left")
    covered = np.flatnonzero(low < high)
    spans = np.stack([low[covered], high[covered]], axis=1)
    starts = np.flatnonzero((np.diff(spans, axis=0, prepend=-1) != 0).any(axis=1))
    ends = np.append(starts[1:], covered.size)
    y = covered[:1]  # the covered rows follow each other without a gap
    left, right = spans[starts].T
    stack = np.stack([left, y + starts, right, y + ends], axis=1).astype(np.int32)
    stack.flags.writeable = False
    return stack


def _squared_distance(
    low: float, high: float, length: int, cells: _Cells
) -> npt.NDArray[np.float64]:
    """Squared distance of each pixel's cells from an ellipse's center, in semi-axes.

    A pixel stands for all block cells whose reach touches its chroma sample: if the ellipse touches
    any of them, the pixel is covered.
    """
    cell, origin, reach, chroma = cells
    pixel = np.arange(length)
    first = pixel // chroma * chroma
    start = (first - reach - origin) // cell * cell + origin
    stop = -((origin - first - chroma - reach) // cell) * cell + origin
    center, semi_axis = (low + high) / 2, (high - low) / 2
    nearest = np.clip(center, start, stop)
    squared: npt.NDArray[np.float64] = ((nearest - center) / semi_axis) ** 2
    return squared
