"""The operator ``frost``: looks like frosted glass, carries nothing from inside.

Each region becomes a smooth patch with fine grain. The patch is computed only from samples in a
thin ring around the region that no region hides, so the result cannot depend on a hidden sample.
It does depend on what is visible beside the region; that is public anyway.
"""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.frames.color import legal_span, sample_values
from saferedact.frames.formats import ALPHA, CHROMA
from saferedact.frames.grain import AMPLITUDE, grain_view
from saferedact.frames.masks import Cover, Rectangles, scaled
from saferedact.frames.patch import Cells, paint
from saferedact.frames.planes import Channel, FramePlanes
from saferedact.frames.solid import fill, fill_opaque

__all__ = ["frost"]

_SIDE = 8
"""Cells along a side of a patch, and bins of ring samples along each side of a region."""

_TAPS = 4
"""Samples that are read along a bin. The ring is one sample thick: what lies farther out tells less
about the edge, and twice the reads cost a third of the operator's time."""

_VEIL = 10
"""One part in ten of white, as real frosted glass has: a region stays visible in the dark."""

_CHUNK = 128
"""Regions whose rings are read at once: bounds memory, and keeps the matrix products (128 x 32 x 64)
within what OpenBLAS computes in the calling thread, see `saferedact.frames.patch`."""


def frost(
    frame: FramePlanes,
    cover: Cover,
    *,
    seeds: npt.NDArray[np.uint64],
    hidden: Rectangles,
    fallback: Mapping[str, int],
) -> None:
    """Cover regions with frosted glass in place.

    Parameters
    ----------
    frame : FramePlanes
        Written in place.
    cover : Cover
        Regions, n of them.
    seeds : ndarray, shape (n,), uint64
        Choose the grain of each region.
    hidden : ndarray, shape (m, 4), int32
        Further pixels that must not be read, aligned to chroma samples.
    fallback : mapping of str to int
        Sample value of each channel for regions around which nothing may be read, and for alpha.
    """
    hidden_map = _hidden_map(frame, np.concatenate([cover.rectangles, hidden]))
    channels = [channel for channel in frame.channels() if channel.letter not in ALPHA]
    patches, glazed = _read_patches(channels, cover.boxes, hidden_map, frame.subsampling)
    fill_opaque(frame, cover.rectangles, fallback)
    fill(frame, cover.subset(~glazed).rectangles, fallback)
    rest = cover.subset(glazed)
    grains = grain_view(seeds[glazed], frame.bit_depth)
    white = sample_values(frame, (255, 255, 255))
    margin = AMPLITUDE << (frame.bit_depth - 8)
    for channel, cells in zip(channels, patches, strict=True):
        low, high = legal_span(frame, channel.letter)
        milky = cells[glazed] + (white[channel.letter] - cells[glazed]) // _VEIL
        if channel.letter in CHROMA:
            paint(channel, rest, list(milky), bit_depth=frame.bit_depth, smooth=True)
            continue
        kept = np.clip(milky, low + margin, high - margin)
        paint(channel, rest, list(kept), bit_depth=frame.bit_depth, smooth=True, grains=grains)


def _hidden_map(frame: FramePlanes, rectangles: Rectangles) -> npt.NDArray[np.bool_]:
    """Mark the hidden chroma cells; regions are aligned to them, so none is half hidden."""
    width, height = frame.size_wh
    dx, dy = frame.subsampling
    hidden = np.zeros((-(-height // dy), -(-width // dx)), dtype=np.bool_)
    for x1, y1, x2, y2 in scaled(rectangles, frame.subsampling).tolist():
        hidden[y1:y2, x1:x2] = True
    return hidden


def _read_patches(
    channels: list[Channel],
    boxes: Rectangles,
    hidden: npt.NDArray[np.bool_],
    subsampling: tuple[int, int],
) -> tuple[list[Cells], npt.NDArray[np.bool_]]:
    """Interpolate the rings of all regions.

    Returns
    -------
    list of ndarray, shape (n, 8, 8), int32
        Cells of each region, per channel.
    ndarray, shape (n,), bool
        Whether every channel of the region has a ring.
    """
    patches = [np.empty((len(boxes), _SIDE, _SIDE), dtype=np.int32) for _ in channels]
    found = np.ones(len(boxes), dtype=np.bool_)
    for start in range(0, len(boxes), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        rings: dict[tuple[int, int], _Ring] = {}
        for channel, cells in zip(channels, patches, strict=True):
            ring = rings.get(channel.divisors)
            if ring is None:
                ring = _Ring(channel, boxes[chunk], hidden, subsampling)
                rings[channel.divisors] = ring
                found[chunk] &= ring.found
            cells[chunk] = ring.interpolate(channel)
    return patches, found


class _Ring:
    """The readable samples around regions, at one sampling density."""

    def __init__(
        self,
        channel: Channel,
        boxes: Rectangles,
        hidden: npt.NDArray[np.bool_],
        subsampling: tuple[int, int],
    ) -> None:
        x1, y1, x2, y2 = scaled(boxes, channel.divisors).astype(np.intp).T
        height, width = channel.array.shape
        rows, columns = _beside(y1, y2), _beside(x1, x2)
        # Rows and columns of the samples above and below, then of those left and right.
        self._samples = (
            (np.clip(rows, 0, height - 1), _along(x1, x2)),
            (_along(y1, y2), np.clip(columns, 0, width - 1)),
        )
        inside = ((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
        # From samples of this plane to the cells of the map.
        dx, dy = (a // b for a, b in zip(subsampling, channel.divisors, strict=True))
        self._readable = tuple(
            within & ~hidden.ravel().take(y // dy * hidden.shape[1] + x // dx)
            for within, (y, x) in zip(inside, self._samples, strict=True)
        )
        count = _binned(self._readable) @ _interpolation()
        self.found: npt.NDArray[np.bool_] = count[:, 0] > 0
        # Regions without a ring get zeros here and are filled by the caller.
        self._divisor = np.maximum(count, 1).astype(np.int64)

    def interpolate(self, channel: Channel) -> Cells:
        """Weighted means of the readable samples, per cell, rounded to nearest."""
        # Hidden samples are fetched with the others and multiplied by zero.
        samples = tuple(
            channel.array[y, x] * readable
            for (y, x), readable in zip(self._samples, self._readable, strict=True)
        )
        # Sums stay below 2**45 and are exact in float64, whatever the order of summation.
        total = (_binned(samples) @ _interpolation()).astype(np.int64)
        mean: Cells = ((total + self._divisor // 2) // self._divisor).astype(np.int32)
        return mean.reshape(-1, _SIDE, _SIDE)


def _along(low: npt.NDArray[np.intp], high: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Coordinates along a side, shape (n, bins, 1, taps): in the middle of equal steps."""
    steps = 2 * np.arange(_SIDE * _TAPS).reshape(_SIDE, 1, _TAPS) + 1
    low, high = (column.reshape(-1, 1, 1, 1) for column in (low, high))
    along: npt.NDArray[np.intp] = low + steps * (high - low) // (2 * _SIDE * _TAPS)
    return along


def _beside(low: npt.NDArray[np.intp], high: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Coordinates just before and after a region, shape (n, 1, 2, 1); may lie off the frame."""
    return np.stack([low - 1, high], axis=1).reshape(-1, 1, 2, 1)


def _binned(samples: tuple[npt.NDArray[Any], ...]) -> npt.NDArray[np.float64]:
    """Sum the samples of each bin, shape (n, 32), in the order of `_interpolation`."""
    sums = [part.sum(axis=3, dtype=np.uint32).reshape(len(part), -1) for part in samples]
    return np.concatenate(sums, axis=1).astype(np.float64)


@lru_cache(maxsize=1)
def _interpolation() -> npt.NDArray[np.float64]:
    """Weights of the 32 bins of a ring in the 64 cells of a patch: inverse cubes of distance.

    With the cube, a patch takes the colors of its border at the border and their mean in the
    middle; bins without samples simply do not count. Whole numbers, so that sums are exact.
    """
    centers = range(1, 2 * _SIDE, 2)
    far = 2 * _SIDE
    bins = [
        *((center, side) for center in centers for side in (0, far)),
        *((side, center) for center in centers for side in (0, far)),
    ]
    weights = np.array(
        [
            [_inverse_cube((x - u) ** 2 + (y - v) ** 2) for y in centers for x in centers]
            for u, v in bins
        ],
        dtype=np.float64,
    )
    weights.flags.writeable = False
    return weights


def _inverse_cube(squared_distance: int) -> int:
    # 2**20 / distance**3, with four extra bits under the integer root
    return (1 << 24) // math.isqrt(squared_distance**3 << 8)
