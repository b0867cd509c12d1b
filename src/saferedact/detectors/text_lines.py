"""Where the lines of text of a picture are: views of it, one map of text, and quads around lines.

A large picture is looked at in tiles at its own size, and the answers are put together into one map
before lines are drawn, so that no line is cut at the edge of a tile. The steps from map to quads are
those of differentiable binarization [1]_, with the settings of RapidOCR.

References
----------
.. [1] Liao, Wan, Yao et al., Real-time scene text detection with differentiable binarization, 2019,
   arXiv:1911.08947.
"""

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from saferedact.detectors.passes import tile_starts
from saferedact.detectors.picture_text import Quads
from saferedact.errors import LimitExceededError

__all__ = ["find_lines"]

Image = npt.NDArray[np.uint8]

TILE = 736
"""Side of a tile, in pixels of the picture. The network judges a pixel by all that it sees: measured,
"call 07700 900123" of 10 to 20 px alone on a plain ground is found in 736 px, fades in 1,000 and is
gone in 1,536. Tiles of 480 px find no more. Smaller ones would need more overlap."""

OVERLAP = 128
"""Least overlap of neighbouring tiles: letters up to half of this lie whole in some tile, with what is
around them."""

_TEXT = 77
"""Least probability of a pixel of text, of 255 (.3)."""

_LINE = 128
"""Least mean probability of a line, of 255 (.5)."""

_GROW = 1.6
"""Lines are drawn thin; they grow by this times area over perimeter on every side."""

_LEAST_SIDE = 3.0
"""Thinner spots of the map are no text, in its pixels."""

GIANT = 200.0
"""Height of a line, in pixels of its map, from which the network has to see it smaller too: it was trained on
lines that are a small part of what it sees, and takes a close face for a letter. In a film of two people
that letter was read as a name, and covered the picture for five seconds."""

_SMALLER = (64.0, 96.0)
_STILL_THERE = 0.5
"""Heights to which such a line is reduced, in pixels, and the share of it that must then lie in lines (at least
`_AS_HIGH` times as high). Measured: 15 rendered names of .35 to .95 of a picture's height have .79 and more at
the better one; of 13 that were none in photographs and a film, 9 have 0."""

MAX_LINES = 20_000
"""Most lines of one picture: a newspaper page has 3,000. Reading takes 30 ms a line."""

_INSIDE = 0.5
_AS_HIGH = 0.5
"""A line of the overview is new if less than the first share of it is covered by lines of tiles at
least the second share as high: lower ones may be fragments of letters too large for tiles. Lines higher
than tiles overlap are always new."""


def find_lines(image: Image, text_map: Callable[[Image], Image]) -> Quads:
    """Find the lines of text of a picture.

    Parameters
    ----------
    image : ndarray, shape (h, w, 3), uint8
        RGB. Not modified.
    text_map : callable
        Says of each pixel of a picture how likely it is text: a `TextFinder`.

    Returns
    -------
    ndarray, shape (n, 4, 2), float32
        Quads in pixels of the picture, not clipped to it, first corner top left, direction within 45
        degrees of the horizontal.

    Raises
    ------
    LimitExceededError
        If there are more than `MAX_LINES`.
    DetectorError
        As `text_map`.
    """
    height, width = image.shape[:2]
    quads = _look(image, 1.0, text_map)
    if max(height, width) > TILE:
        # As a whole, in one tile: letters too large for tiles of their own size.
        overview = _look(image, TILE / max(height, width), text_map)
        overview = overview[_height(overview) >= OVERLAP / 2]
        quads = np.concatenate([quads, overview[_is_new(overview, quads)]])
    if len(quads) > MAX_LINES:
        msg = f"more than {MAX_LINES} lines of text were found in one picture"
        raise LimitExceededError(msg)
    return quads


def _look(image: Image, scale: float, text_map: Callable[[Image], Image]) -> Quads:
    import cv2

    height, width = image.shape[:2]
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    shown = image
    if size_wh != (width, height):
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        shown = np.asarray(cv2.resize(image, size_wh, interpolation=how), dtype=np.uint8)
    whole = np.zeros((size_wh[1], size_wh[0]), dtype=np.uint8)
    for y, x in itertools.product(*(tile_starts(side, TILE, OVERLAP) for side in size_wh[::-1])):
        part = whole[y : y + TILE, x : x + TILE]
        tile = np.ascontiguousarray(shown[y : y + TILE, x : x + TILE])
        np.maximum(part, text_map(tile), out=part)
    back = np.array([width / size_wh[0], height / size_wh[1]], dtype=np.float32)
    quads = np.asarray(lines_of_map(whole), dtype=np.float32)
    kept = [
        high < GIANT or _is_seen_smaller(shown, quad, text_map)
        for quad, high in zip(quads, _height(quads), strict=True)
    ]
    seen: npt.NDArray[np.float32] = quads[np.array(kept, dtype=bool)] * back
    return seen


def _is_seen_smaller(
    image: Image, quad: npt.NDArray[np.float32], text_map: Callable[[Image], Image]
) -> bool:
    """Tell whether a line is one to the network where its letters have an ordinary size."""
    import cv2

    high = float(_height(quad[None])[0])
    size_wh = (image.shape[1], image.shape[0])
    x1, y1 = np.floor(quad.min(axis=0) - high).astype(int).clip(0, size_wh).tolist()
    x2, y2 = np.ceil(quad.max(axis=0) + high).astype(int).clip(0, size_wh).tolist()
    for target in _SMALLER:
        scale = target / high
        reduced_wh = (max(1, round((x2 - x1) * scale)), max(1, round((y2 - y1) * scale)))
        small = np.asarray(
            cv2.resize(image[y1:y2, x1:x2], reduced_wh, interpolation=cv2.INTER_AREA), np.uint8
        )
        lines = lines_of_map(text_map(small))
        wanted = ((quad - np.array([x1, y1])) * np.float32(scale)).astype(np.float32)
        if _covered(wanted, lines[_height(lines) >= _AS_HIGH * target]) >= _STILL_THERE:
            return True
    return False


def _covered(quad: npt.NDArray[np.float32], others: Quads) -> float:
    """Share of a quad that lies in others; where they overlap it counts twice."""
    import cv2

    shared = sum(cv2.intersectConvexConvex(quad, other)[0] for other in others)
    return float(shared / max(cv2.contourArea(quad), 1e-6))


def lines_of_map(text: Image) -> Quads:
    """Draw quads around the lines of a map.

    Parameters
    ----------
    text : ndarray, shape (h, w), uint8
        Probability of text, 0 to 255. Not modified.

    Returns
    -------
    ndarray, shape (n, 4, 2), float32
        As of `find_lines`, in pixels of the map.
    """
    import cv2

    bitmap = (text > _TEXT).astype(np.uint8)
    bitmap = np.asarray(cv2.dilate(bitmap, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    contours, _ = cv2.findContours(bitmap, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        rectangle = cv2.minAreaRect(contour)
        long, short = max(rectangle[1]), min(rectangle[1])
        if short < _LEAST_SIDE:
            continue
        quad = np.asarray(cv2.boxPoints(rectangle), dtype=np.float32)
        if _mean_inside(text, quad) < _LINE:
            continue
        grow = long * short * _GROW / (2 * (long + short))
        grown = (rectangle[0], tuple(side + 2 * grow for side in rectangle[1]), rectangle[2])
        quads.append(_from_top_left(np.asarray(cv2.boxPoints(grown), dtype=np.float32)))
    return np.stack(quads) if quads else np.empty((0, 4, 2), dtype=np.float32)


def _mean_inside(text: Image, quad: npt.NDArray[np.float32]) -> float:
    import cv2

    height, width = text.shape
    x1, y1 = np.floor(quad.min(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    x2, y2 = np.ceil(quad.max(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    mask = np.zeros((y2 - y1 + 1, x2 - x1 + 1), dtype=np.uint8)
    cv2.fillPoly(mask, [np.rint(quad - np.array([x1, y1])).astype(np.int32)], 1)
    return float(cv2.mean(text[y1 : y2 + 1, x1 : x2 + 1], mask)[0])


def _from_top_left(corners: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Order corners clockwise, beginning where a line that is at most 45 degrees off begins."""
    center = corners.mean(axis=0)
    angle = np.arctan2(corners[:, 1] - center[1], corners[:, 0] - center[0])
    clockwise = corners[np.argsort(angle)]
    ahead = np.roll(clockwise, -1, axis=0) - clockwise
    # Of the four edges, the top one points most to the right.
    length = np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-6)
    return np.roll(clockwise, -int(np.argmax(ahead[:, 0] / length)), axis=0)


def _is_new(quads: Quads, known: Quads) -> npt.NDArray[np.bool_]:
    """Mark quads most of which no known quad covers."""
    if not len(quads) or not len(known):
        return np.ones(len(quads), dtype=bool)
    low, high = known.min(axis=1), known.max(axis=1)
    new = []
    for quad in quads:
        alike = _height(known) >= _AS_HIGH * _height(quad[None])
        near = (low < quad.max(axis=0)).all(axis=1) & (high > quad.min(axis=0)).all(axis=1)
        large = bool(_height(quad[None])[0] > OVERLAP)
        new.append(large or _covered(quad, known[near & alike]) < _INSIDE)
    return np.array(new)


def _height(quads: Quads) -> npt.NDArray[np.float32]:
    edges = quads - np.roll(quads, 1, axis=1)
    return np.asarray(np.hypot(edges[:, :, 0], edges[:, :, 1]).min(axis=1), dtype=np.float32)
