"""Small patches of coarse cells, enlarged and written into regions.

``frost``, ``mosaic`` and ``blur`` all reduce to a few cells per region and channel. All regions
are read before the first is written, so the order of regions does not matter to what is read.

Enlarging is exact: weights are binary fractions, so every product and partial sum of the matrix
products fits the 24-bit significand of float32 and the result does not depend on the order of
summation, the number of threads or the linear-algebra library.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt

from saferedact.frames.grain import PERIOD
from saferedact.frames.masks import Cover, scaled
from saferedact.frames.planes import Channel, Samples

__all__ = ["Cells", "nearest_weights", "paint", "spline_weights"]

Cells = npt.NDArray[np.int32]
"""Cells of one region and channel, shape (rows, columns), int32, in sample values."""

Grain = npt.NDArray[np.float32]

_BLOCK_HW = (128, 256)
"""Height and width of the blocks in which a region is enlarged: 128 KiB of float32 stay in the
second-level cache, and memory does not grow with the region. A product of 128 x 256 x 8 is also the
largest that OpenBLAS computes in the calling thread (interface/gemm.c); beyond it, its threads wait
for each other and, on a busy machine, cost ten times the work."""

_BATCH_SAMPLES = 2**16
"""Samples of small regions of one size that are enlarged together: measured fastest from 2**15 on."""

_EXACT_BITS = 12
"""Deeper samples are enlarged at 12 bits and scaled up, see `_weight_bits`."""


def _weight_bits(bit_depth: int) -> int:
    # depth + 1 (rounding half) + twice the bits of a weight must not exceed the 24 of float32
    return (23 - min(bit_depth, _EXACT_BITS)) // 2


@lru_cache(maxsize=128)
def spline_weights(length: int, cells: int, bits: int) -> npt.NDArray[np.float32]:
    """Weights that enlarge a row of cells smoothly: a quadratic B-spline.

    Parameters
    ----------
    length : int
        Samples to enlarge to.
    cells : int
        Cells to enlarge from; the outermost are continued beyond the border.
    bits : int
        Weights are multiples of ``2**-bits``.

    Returns
    -------
    ndarray, shape (length, cells), float32
        Read-only; each row sums to exactly 1.
    """
    # Distances in units of 1 / (2 * length) cells, so that everything up to the last division is
    # an integer: the spline is (3 / 4 - d**2) within half a cell and (3 / 2 - d)**2 / 2 beyond.
    centers = 2 * np.arange(-1, cells + 1, dtype=np.int64) + 1
    samples = 2 * np.arange(length, dtype=np.int64) + 1
    distance = np.abs(samples[:, None] * cells - centers * length)
    near = 2 * (3 * length**2 - distance**2)
    far = np.maximum(3 * length - distance, 0) ** 2
    scaled_weights = np.where(distance <= length, near, far) * 2**bits // (8 * length**2)
    weights = scaled_weights[:, 1:-1].copy()
    weights[:, 0] += scaled_weights[:, 0]
    weights[:, -1] += scaled_weights[:, -1]
    largest = weights.argmax(axis=1)
    weights[np.arange(length), largest] += 2**bits - weights.sum(axis=1)
    return _frozen(weights / 2**bits)


@lru_cache(maxsize=128)
def nearest_weights(length: int, cells: int) -> npt.NDArray[np.float32]:
    """Weights, 0 or 1, that repeat each cell; otherwise like `spline_weights`."""
    return _frozen(np.eye(cells)[np.arange(length) * cells // length])


def _frozen(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    result = weights.astype(np.float32)
    result.flags.writeable = False
    return result


def paint(
    channel: Channel,
    cover: Cover,
    patches: Sequence[Cells],
    *,
    bit_depth: int,
    smooth: bool,
    grains: Sequence[Grain] | None = None,
) -> None:
    """Enlarge one patch per region and write it into one channel.

    Parameters
    ----------
    channel : Channel
        Written in place.
    cover : Cover
        Regions, n of them.
    patches : sequence of n Cells
        Stretched over the box of each region. Regions of equal size have equally many cells.
    bit_depth : int
        Significant bits of a sample.
    smooth : bool
        Interpolate between cells, or repeat them.
    grains : sequence of n ndarray, shape (256, 256), float32, optional
        Whole numbers that are added, repeated every 256 samples. The sum must stay in the range of
        a sample.
    """
    boxes = scaled(cover.boxes, channel.divisors).tolist()
    pieces = scaled(cover.rectangles, channel.divisors).tolist()
    first = np.searchsorted(cover.owner, np.arange(len(boxes) + 1)).tolist()
    whole = cover.whole().tolist()
    for batch in _batches(boxes):
        views = [channel.array[y1:y2, x1:x2] for x1, y1, x2, y2 in map(boxes.__getitem__, batch)]
        # What is not a whole box is made beside the frame and copied piece by piece.
        targets = [
            view if whole[number] else np.empty_like(view)
            for number, view in zip(batch, views, strict=True)
        ]
        _enlarge(
            targets,
            np.stack([patches[number] for number in batch]),
            bit_depth,
            smooth,
            None if grains is None else [grains[number] for number in batch],
        )
        for number, target in zip(batch, targets, strict=True):
            if not whole[number]:
                x, y = boxes[number][:2]
                for x1, y1, x2, y2 in pieces[first[number] : first[number + 1]]:
                    channel.array[y1:y2, x1:x2] = target[y1 - y : y2 - y, x1 - x : x2 - x]


def _batches(boxes: list[list[int]]) -> Iterator[list[int]]:
    """Group boxes of equal size, so that one matrix product serves many small ones."""
    by_size: dict[tuple[int, int], list[int]] = {}
    for number, (x1, y1, x2, y2) in enumerate(boxes):
        by_size.setdefault((x2 - x1, y2 - y1), []).append(number)
    for (width, height), numbers in by_size.items():
        step = max(_BATCH_SAMPLES // (width * height), 1)
        for start in range(0, len(numbers), step):
            yield numbers[start : start + step]


def _enlarge(
    targets: list[Samples],
    cells: Cells,
    bit_depth: int,
    smooth: bool,
    grains: list[Grain] | None,
) -> None:
    """Write cells, shape (n, rows, columns), into n targets of one size."""
    height, width = targets[0].shape
    bits = _weight_bits(bit_depth)
    surplus = max(bit_depth - _EXACT_BITS, 0)
    down = _weights(height, cells.shape[1], smooth, bits)
    across = _weights(width, cells.shape[2], smooth, bits).T
    # The half makes the truncation at the end round to nearest.
    rows = down @ ((cells >> surplus).astype(np.float32) + np.float32(0.5))
    block_height, block_width = _BLOCK_HW
    for y, x in product(range(0, height, block_height), range(0, width, block_width)):
        block = rows[:, y : y + block_height] @ across[:, x : x + block_width]
        if surplus:
            block *= np.float32(1 << surplus)
        if grains is not None:
            for patch, grain in zip(block, grains, strict=True):
                texture = grain[y % PERIOD :, x % PERIOD :]
                np.add(patch, texture[: patch.shape[0], : patch.shape[1]], out=patch)
        for target, samples in zip(targets, block.astype(targets[0].dtype), strict=True):
            target[y : y + block_height, x : x + block_width] = samples


def _weights(length: int, cells: int, smooth: bool, bits: int) -> npt.NDArray[np.float32]:
    return spline_weights(length, cells, bits) if smooth else nearest_weights(length, cells)
