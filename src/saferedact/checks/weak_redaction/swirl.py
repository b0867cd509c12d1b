"""Swirls: a disc in which all lines are spirals around its middle, the same way round at every distance.

Wheels, eyes and flowers have circles or spokes: their edges look straight at the middle, or straight past
it. In a swirl they look past it at a slant. Who knows the program turns it back.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats, touch

__all__ = ["find_swirls"]

_RADIUS = 20
_RINGS = ((4, 9), (8, 15), (13, 19))
"""Radius of the discs that are looked for, in pixels of a picture made smaller, and the rings in them."""

_COARSER = 1.35
"""Ratio of one size to the next. A disc that is a sixth too large or too small is still found."""

_MOST_PIXELS = 1_000_000
"""Pixels of the largest picture that is looked at: larger ones are made smaller first."""

_LEAST_ALIKE = (0.35, 0.6, 0.65)
"""How far the edges of each ring look the same way, seen from the middle, 0 to 1. Swirls of half a turn and
more over faces had .35 to .6, .53 to .83 and .64 to .9, of a turn and a half .75 and more."""

_SLANT = (9.0, 75.0)
"""Twice the angle at which edges look past the middle, in degrees. Circles have 0; the swirls had 8 to 74."""

_SECTORS = 8
_SECTORS_ALIKE = 7
_SECTOR_ALIKE = 0.5
"""Sectors of a disc outside its innermost ring, how many must have the slant by themselves, and how far the
edges in one look the same way: a single strong edge is a part of many spirals."""

_SOFT = 0.6
_FAINT = 0.3
"""Sigma that evens out noise, and gradient, in levels of 255 a pixel, that is added before shares are taken:
in flat parts there is nothing to tell."""


def find_swirls(gray: Floats) -> list[Box]:
    """Find discs that were swirled.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        Levels 0 to 255.

    Returns
    -------
    list of box
        In pixels, the boxes of the discs.
    """
    import cv2

    found: list[Box] = []
    scale = min(1.0, float(np.sqrt(_MOST_PIXELS / gray.size)))
    while min(gray.shape) * scale >= 2 * _RADIUS:
        size_wh = (round(gray.shape[1] * scale), round(gray.shape[0] * scale))
        small = cv2.resize(gray, size_wh, interpolation=cv2.INTER_AREA)
        edges = _doubled(cv2.GaussianBlur(small, (0, 0), _SOFT).astype(np.float32))
        marks = _slanted(*edges)
        count, _, _, middles = cv2.connectedComponentsWithStats(marks.astype(np.uint8))
        for x, y in middles[1:count]:
            if not _all_round(edges, round(x), round(y)):
                continue
            sides = ((x - _RADIUS, y - _RADIUS), (x + _RADIUS, y + _RADIUS))
            (x1, y1), (x2, y2) = ((a / scale, b / scale) for a, b in sides)
            box = (
                max(0.0, float(x1)),
                max(0.0, float(y1)),
                min(float(gray.shape[1]), float(x2)),
                min(float(gray.shape[0]), float(y2)),
            )
            if not any(touch(box, known) for known in found):
                found.append(box)
        scale /= _COARSER
    return found


def _doubled(gray: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the strength of gradients, and it times cosine and sine of twice their direction."""
    import cv2

    across: npt.NDArray[Any] = cv2.Sobel(gray, cv2.CV_32F, 1, 0) / 8
    down: npt.NDArray[Any] = cv2.Sobel(gray, cv2.CV_32F, 0, 1) / 8
    strength = (np.hypot(across, down) + 1e-3).astype(np.float32)
    even, odd = (across**2 - down**2) / strength, 2 * across * down / strength
    return strength, even.astype(np.float32), odd.astype(np.float32)


def _slanted(strength: Floats, even: Floats, odd: Floats) -> npt.NDArray[np.bool_]:
    """Tell of which pixels the rings around them are spirals.

    The direction of a gradient, doubled since its sign does not count, minus that of the place seen
    from the middle, averaged over a ring: the symmetry of Bigun [1]_ for spirals.

    References
    ----------
    .. [1] Bigun: Recognition of local symmetries in gray value images by harmonic functions, ICPR
       1988, DOI 10.1109/ICPR.1988.28240.
    """
    import cv2

    left = right = np.ones(strength.shape, bool)
    for (ring, cosine, sine), least in zip(_kernels(), _LEAST_ALIKE, strict=True):
        weight = cv2.filter2D(strength, -1, ring) + _FAINT
        real = (cv2.filter2D(even, -1, cosine) + cv2.filter2D(odd, -1, sine)) / weight
        imaginary = (cv2.filter2D(odd, -1, cosine) - cv2.filter2D(even, -1, sine)) / weight
        slant = np.degrees(np.arctan2(imaginary, real))
        alike = np.hypot(real, imaginary) >= least
        left = left & alike & (slant >= _SLANT[0]) & (slant <= _SLANT[1])
        right = right & alike & (slant <= -_SLANT[0]) & (slant >= -_SLANT[1])
    return left | right


def _all_round(edges: tuple[Floats, Floats, Floats], x: int, y: int) -> bool:
    """Tell whether nearly all sectors around a pixel have the slant, the same way round."""
    rows, columns = np.mgrid[y - _RADIUS : y + _RADIUS + 1, x - _RADIUS : x + _RADIUS + 1]
    seen = (rows >= 0) & (columns >= 0)
    seen &= (rows < edges[0].shape[0]) & (columns < edges[0].shape[1])
    far, angle = np.hypot(columns - x, rows - y), np.arctan2(rows - y, columns - x)
    seen &= (far >= _RINGS[1][0]) & (far <= _RINGS[2][1])
    strength, even, odd = (part[rows[seen], columns[seen]] for part in edges)
    turn = np.exp(-2j * angle[seen]) * (even + 1j * odd)
    sector = ((angle[seen] + np.pi) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    summed = np.bincount(sector, turn.real, _SECTORS) + 1j * np.bincount(
        sector, turn.imag, _SECTORS
    )
    weight = np.bincount(sector, strength + _FAINT, _SECTORS)
    slant = np.degrees(np.angle(summed))
    good = np.abs(summed) >= _SECTOR_ALIKE * np.maximum(weight, 1e-6)
    return any(
        int((good & (sign * slant >= _SLANT[0] / 2) & (sign * slant <= _SLANT[1])).sum())
        >= _SECTORS_ALIKE
        for sign in (1, -1)
    )


@lru_cache(maxsize=1)
def _kernels() -> tuple[tuple[Floats, Floats, Floats], ...]:
    rows, columns = np.mgrid[-_RADIUS : _RADIUS + 1, -_RADIUS : _RADIUS + 1].astype(np.float32)
    far, angle = np.hypot(columns, rows), np.arctan2(rows, columns)
    kernels = []
    for inner, outer in _RINGS:
        ring = ((far >= inner) & (far <= outer)).astype(np.float32)
        ring /= ring.sum()
        kernels.append((ring, ring * np.cos(2 * angle), ring * np.sin(2 * angle)))
    return tuple(kernels)
