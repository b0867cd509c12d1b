"""Static grain for frosted regions: the same for the same seed, on every platform."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["AMPLITUDE", "PERIOD", "grain_view"]

PERIOD = 256
"""Samples after which the grain repeats: too far for the eye to compare, 1 MiB as a tile. A
multiple of the blocks in which `saferedact.frames.patch` works, which so need no wrapping."""

AMPLITUDE = 6
"""Largest grain, in 8-bit sample values: seen as texture on a screen, lost in no codec."""


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble integers: the finalizer of SplitMix64 [1]_.

    References
    ----------
    .. [1] G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
       2014, DOI 10.1145/2660193.2660195.
    """
    values = values * np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=4)  # one per sample depth in use, 1 MiB each
def _tile(scale: int) -> npt.NDArray[np.float32]:
    """Two periods of grain in both directions, so that any window of one period is a view."""
    noise = _mixed(np.arange(1, PERIOD**2 + 1, dtype=np.uint64)).view(np.uint8)
    # The eight bytes of each hash add up to nearly a normal distribution around 1020.
    fine = noise.reshape(PERIOD, PERIOD, 8).sum(axis=2, dtype=np.int64) - 1020
    coarse = fine.copy()
    for axis in (0, 1):
        coarse = np.roll(coarse, 1, axis) + 2 * coarse + np.roll(coarse, -1, axis)
    # Both have a standard deviation near 208 and 208 * 6 (16 taps, weights 1 2 1 by 1 2 1).
    mixed = (2 * fine + coarse) * scale // 400
    limited = np.clip(mixed, -AMPLITUDE * scale, AMPLITUDE * scale)
    tile = np.tile(limited, (2, 2)).astype(np.float32)
    tile.flags.writeable = False
    return tile


def grain_view(seeds: npt.NDArray[np.uint64], bit_depth: int) -> list[npt.NDArray[np.float32]]:
    """Cut one window of grain per seed.

    Parameters
    ----------
    seeds : ndarray, shape (n,), uint64
        Any numbers; one per track keeps its grain still from frame to frame.
    bit_depth : int
        Significant bits of a sample; scales the grain.

    Returns
    -------
    list of n ndarray, shape (256, 256), float32
        Read-only views of whole numbers within `AMPLITUDE` at 8 bits.
    """
    tile = _tile(1 << (bit_depth - 8))
    offsets = (_mixed(seeds) & np.uint64(PERIOD**2 - 1)).tolist()
    return [
        tile[y : y + PERIOD, x : x + PERIOD]
        for y, x in (divmod(offset, PERIOD) for offset in offsets)
    ]
