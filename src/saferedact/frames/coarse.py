"""The operators ``mosaic`` and ``blur``: means of the hidden samples. They are reversible.

Both keep a coarse picture of what they hide. Faces and text have been recovered from such pictures
[1]_ [2]_, from video within a day by adding frames up. They exist because people ask for them, and
they are refused unless the caller says so.

References
----------
.. [1] R. McPherson, R. Shokri, V. Shmatikov, "Defeating image obfuscation with deep learning",
   2016, arXiv:1609.00408.
.. [2] S. Hill, Z. Zhou, L. Saul, H. Shacham, "On the (in)effectiveness of mosaicing and blurring
   as tools for document redaction", PETS 2016, DOI 10.1515/popets-2016-0047.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from saferedact.frames.formats import ALPHA
from saferedact.frames.masks import Cover, scaled
from saferedact.frames.patch import Cells, paint
from saferedact.frames.planes import FramePlanes, Samples
from saferedact.frames.solid import fill_opaque

__all__ = ["blur", "mosaic"]

_MOSAIC_CELLS = 8
"""Cells along the longer side: at 16, recognizers still work on mosaics of faces [1]."""

_BLUR_CELLS = 5
"""Cells along the longer side; interpolated, they amount to a Gaussian of about a sixth of it."""


def mosaic(frame: FramePlanes, cover: Cover, opaque: Mapping[str, int]) -> None:
    """Cover regions with at most 8 by 8 squares in place; reversible.

    Parameters
    ----------
    frame : FramePlanes
        Written in place.
    cover : Cover
        Regions.
    opaque : mapping of str to int
        Sample values of alpha and padding.
    """
    _coarsen(frame, cover, opaque, cells=_MOSAIC_CELLS, smooth=False)


def blur(frame: FramePlanes, cover: Cover, opaque: Mapping[str, int]) -> None:
    """Blur regions strongly in place; reversible. Parameters as of `mosaic`."""
    _coarsen(frame, cover, opaque, cells=_BLUR_CELLS, smooth=True)


def _coarsen(
    frame: FramePlanes, cover: Cover, opaque: Mapping[str, int], *, cells: int, smooth: bool
) -> None:
    channels = [channel for channel in frame.channels() if channel.letter not in ALPHA]
    patches = [
        [
            _means(channel.array[y1:y2, x1:x2], cells)
            for x1, y1, x2, y2 in scaled(cover.boxes, channel.divisors).tolist()
        ]
        for channel in channels
    ]
    fill_opaque(frame, cover.rectangles, opaque)
    for channel, patch in zip(channels, patches, strict=True):
        paint(channel, cover, patch, bit_depth=frame.bit_depth, smooth=smooth)


def _means(samples: Samples, cells: int) -> Cells:
    """Means of nearly square cells, `cells` of them along the longer side."""
    height, width = samples.shape
    longer = max(height, width)
    rows = min(max(round(cells * height / longer), 1), height)
    columns = min(max(round(cells * width / longer), 1), width)
    row_starts, row_lengths = _cuts(height, rows)
    column_starts, column_lengths = _cuts(width, columns)
    sums = np.add.reduceat(samples, row_starts, axis=0, dtype=np.int64)
    sums = np.add.reduceat(sums, column_starts, axis=1)
    counts = row_lengths[:, None] * column_lengths
    means: Cells = ((sums + counts // 2) // counts).astype(np.int32)
    return means


@lru_cache(maxsize=128)
def _cuts(length: int, cells: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First sample and number of samples of each cell, as `nearest_weights` repeats them."""
    edges = -(-np.arange(cells + 1, dtype=np.int64) * length // cells)
    return edges[:-1], np.diff(edges)
