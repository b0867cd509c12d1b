"""Whether an output still shows a share of what it hides."""

import numpy as np
import numpy.typing as npt

__all__ = ["is_faint", "shines_through"]

_WINDOW = 8  # side of a coding block: errors within one go together

_LEAST_SHARE = 0.05
_LEAST_STRENGTH = 1.0
_SURE = 4
"""A region shows what it hides if some channel holds at least this share of the hidden structure,
that is at least this strong (standard deviation, in levels of 255; codecs make steps of one level of
smooth shades), and it is this many times what the codec's noise makes of it (errors within a block
go together, so each `_WINDOW` squared samples count as one). In 2,800 more files none did so
by chance; a tenth of the hidden picture under `solid` is seen in nine regions of ten."""

_LEAST_SAMPLES = 64
"""Regions with fewer samples than this, one JPEG block, are judged by their error alone."""

_ROW = 4096
"""Products of differences of 8-bit levels are at most 65,025: this many keep six digits of a sum."""

_LEAST_NOISE = 0.3  # levels of 255: what rounding to whole levels makes


def is_faint(added: npt.NDArray[np.float32]) -> bool:
    """Tell whether one channel of what was added is too weak to hold a share of anything.

    No share of it is stronger than the whole, so that `shines_through` need not be asked.
    """
    return float(added.std()) < _LEAST_STRENGTH


def shines_through(
    added: npt.NDArray[np.float32],
    difference: npt.NDArray[np.float32],
    inside: npt.NDArray[np.bool_] | None = None,
) -> bool:
    """Tell whether what the output adds to the plan holds a share of what the region hides.

    The share of each channel is the slope of `added` over `difference`, the hidden picture less the
    planned one. Both have shape (h, w, channels); `inside` says which samples count, all by default.
    """
    if inside is None:
        a, d = (values.reshape(-1, values.shape[-1]) for values in (added, difference))
    else:
        a, d = added[inside], difference[inside]
    if len(a) < _LEAST_SAMPLES:
        return False
    # Without the means: codecs move flat areas by a level, and flat things have nothing to show.
    a = a - a.mean(axis=0, dtype=np.float64).astype(np.float32)
    d = d - d.mean(axis=0, dtype=np.float64).astype(np.float32)
    own, both, power = (_moment(x, y) for x, y in ((a, a), (a, d), (d, d)))
    share = both / np.maximum(power, 1)
    strength = share * np.sqrt(power / len(a))
    # What is left of `a` without that share.
    rest = np.maximum(own - 2 * share * both + share * share * power, 0)
    noise = np.maximum(np.sqrt(rest / len(a)), _LEAST_NOISE)
    sureness = strength / noise * np.sqrt(len(a)) / _WINDOW
    shown = (share >= _LEAST_SHARE) & (strength >= _LEAST_STRENGTH) & (sureness >= _SURE)
    return bool(shown.any())


def _moment(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Sum the products of each channel: rows are short enough for float32, their sums are not."""
    return np.array(
        [
            sum(
                float(np.dot(x[at : at + _ROW, k], y[at : at + _ROW, k]))
                for at in range(0, len(x), _ROW)
            )
            for k in range(x.shape[1])
        ]
    )
