"""Palettes rebuilt from pixels: exact when the colors fit, otherwise with large areas exact."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["PALETTE_ENTRIES", "Indexed", "exact_palette", "fitted_palette"]

PALETTE_ENTRIES = 256  # of one palette, in GIF and PNG
_KEPT_EXACTLY = 128
"""Entries for the most frequent colors when there are more than fit.

Half of the palette: a redacted region of one color is among them, and stays exactly that color,
unless 128 other colors each cover more of the picture; the other half is ample for the rest.
"""
_ROWS_AT_ONCE = 512  # bounds the 8-byte indices of a search to some MB


@dataclass(frozen=True, slots=True, eq=False)
class Indexed:
    """A picture as indices into a palette.

    Parameters
    ----------
    indices : ndarray, shape (h, w), uint8
        Entry of each pixel.
    colors : ndarray, shape (n, 4), uint8
        RGBA of each entry, n <= 256.
    """

    indices: npt.NDArray[np.uint8]
    colors: npt.NDArray[np.uint8]

    @property
    def transparent(self) -> int | None:
        """The entry with alpha 0, if there is one."""
        found = np.flatnonzero(self.colors[:, 3] == 0)
        return int(found[0]) if len(found) else None

    @property
    def has_room(self) -> bool:
        """Whether one more entry fits."""
        return len(self.colors) < PALETTE_ENTRIES

    def with_transparent(self) -> "Indexed":
        """Add a transparent entry, used by no pixel, if there is none; needs room for it."""
        if self.transparent is not None:
            return self
        return Indexed(self.indices, np.vstack([self.colors, np.zeros((1, 4), dtype=np.uint8)]))


def _packed(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """One number for each pixel, 0xRRGGBBAA."""
    samples = np.atleast_3d(pixels)
    packed = np.full(samples.shape[:2], 255, dtype=np.uint32)
    shifts = (24, 16, 8, 0) if samples.shape[2] == 4 else (24, 16, 8)
    for channel, shift in enumerate(shifts):
        packed &= ~np.uint32(255 << shift)
        packed |= samples[:, :, channel % samples.shape[2]].astype(np.uint32) << np.uint32(shift)
    return packed


def _unpacked(colors: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    shifts = np.array([24, 16, 8, 0], dtype=np.uint32)
    return (colors[:, None] >> shifts & 255).astype(np.uint8)


def _look_up(
    packed: npt.NDArray[np.uint32], colors: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint8]:
    """Index of each pixel in the sorted `colors`, all of which are there."""
    indices = np.empty(packed.shape, dtype=np.uint8)
    for top in range(0, packed.shape[0], _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        indices[rows] = np.searchsorted(colors, packed[rows])
    return indices


def exact_palette(
    pixels: npt.NDArray[np.uint8], *, entries: int = PALETTE_ENTRIES
) -> Indexed | None:
    """Index a picture without changing a sample.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3 | 4), uint8
        Not modified.
    entries : int
        Colors that fit, at most 256.

    Returns
    -------
    Indexed or None
        Every entry is used by some pixel. None if there are more colors than fit.
    """
    from PIL import Image

    if Image.fromarray(pixels).getcolors(entries) is None:  # stops counting at once
        return None
    packed = _packed(pixels)
    colors = np.unique(packed)
    return Indexed(_look_up(packed, colors), _unpacked(colors))


def fitted_palette(pixels: npt.NDArray[np.uint8], *, entries: int = PALETTE_ENTRIES) -> Indexed:
    """Index a picture, merging colors if there are more than fit. Alpha becomes all or nothing.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3 | 4), uint8
        Not modified.
    entries : int
        Colors that fit, 130 to 256.

    Returns
    -------
    Indexed
        Exact if the colors fit. Otherwise the most frequent colors are exact and
        the others move to the nearest entry of a median cut; no dithering, which would strew
        dots into flat areas.
    """
    opaque = _binary_alpha(pixels)
    exact = exact_palette(opaque, entries=entries)
    if exact is not None:
        return exact
    packed = _packed(opaque)
    colors, counts = np.unique(packed, return_counts=True)
    kept = colors[np.argsort(counts, kind="stable")[-_KEPT_EXACTLY:]]
    hidden = colors[(colors & 255) == 0]
    kept = np.union1d(kept, hidden)
    others = ~np.isin(packed, kept)
    packed[others] = _median_cut(packed[others], entries - len(kept))
    colors = np.unique(packed)
    return Indexed(_look_up(packed, colors), _unpacked(colors))


def _binary_alpha(pixels: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Make alpha 0 or 255, and all color under 0 the same."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    shown = pixels[:, :, 3:] >= 128
    color = np.where(shown, pixels[:, :, :3], 0)
    return np.concatenate([color, np.where(shown, 255, 0)], axis=2).astype(np.uint8)


def _median_cut(packed: npt.NDArray[np.uint32], entries: int) -> npt.NDArray[np.uint32]:
    """Replace opaque colors, shape (n,), by the nearest of at most `entries` ones."""
    from PIL import Image

    strip = Image.fromarray(np.ascontiguousarray(_unpacked(packed)[None, :, :3]))
    reduced = strip.quantize(entries, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    nearest: npt.NDArray[np.uint32] = _packed(np.asarray(reduced.convert("RGB")))[0]
    return nearest
