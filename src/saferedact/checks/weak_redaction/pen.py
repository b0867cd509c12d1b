"""Strokes of a pen that is not quite opaque: what they cross goes on inside them, fainter.

A marker of opacity a turns v into (1 - a) v + a c, whatever its outline. So across the outline of a
scribble one line joins the samples just outside with those just inside, as across the sides of a box
(`see_through`); of a pen that covers, nothing outside tells anything of the inside. This is told where
most of a picture is drawn, as screens and pages are: shadows in photographs let through what they fall on.
A stroke whose outline crosses hardly any ink, as a broad line along one line of text, is not told.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats, touch

__all__ = ["PenStroke", "find_pens"]

_LEVELS = (6, 12, 24, 40, 64, 96)
"""Levels, of 255, that all of a stroke is below: the ink's, and what it lets through of white paper."""

_LEAST_WIDTH = 9
_LEAST_AREA = 600
_MOST_SHARE = 0.4
"""Pixels of a stroke's width and area, and the share of the picture from which something is its ground."""

_EVEN = 2.0
_DRAWN = 0.75
_DRAWN_AROUND = 0.6
"""Most that neighbors differ by on a drawn ground, coding included, and the share of such neighbors from which
a picture is drawn, and what is around a stroke. Of 87 photographs one had over .7; screens had .94 and more, the
ground around strokes on them .68 to .96."""

_DEPTHS = (1.0, 1.5, 2.0, 2.5, 3.5)
"""Pixels inside the outline of what is compared with as much outside: edges of strokes are smooth."""

_LEAST_OUTLINE = 600
_LEAST_WINDING = 35.0
"""Pixels of an outline that can be told, and its square over the area: lines are long, a round thing has 13.
Among 317 pictures of all kinds (screens, charts, pages of photographs) two other things came to both."""

_LEAST_STEP = 10.0
"""Standard deviation of what lies outside, of 255: an even ground tells nothing."""

_SHARES = (0.02, 0.36)
"""What strokes let through, by the line across their outline. As of boxes: less is rounding and coding,
more hides nothing. Opaque strokes had up to .008."""

_ALIKE = 0.32
"""Correlation across the outline from which a stroke lets something through. Scribbles over lines of chats at 72
to 94 % had .35 to .86, opaque ones up to .05, bars of charts and bubbles of chats up to .3."""

_SURE_ALIKE = 0.5
_SURE_GROUND = 0.9
_SURE_OUTLINE = 900
"""Correlation, share of even neighbors inside and around, and outline from which it is said to do so; else it
seems to. Nothing else came to them."""

_MOST_INSIDE = 92.0
_LEAST_INSIDE = 4.0
"""Range of what is seen inside, of 255: 36 % of black on white at most, and more than rounding leaves.
Bubbles and bars have words on them, of more contrast; a cover has nothing."""

_OUTLIERS = 0.1
"""Percent of the samples inside, at each end, that say nothing: traces of an outline."""

_MOST_EDGE = 2.0
"""The same for the colors in which a stroke is not dark: there its edge is as bright as the ground."""

_MARGIN = 8
_RING = 15
"""Pixels around a part: room for the samples outside, and twice the width of the ring that must be drawn."""


class PenStroke(NamedTuple):
    """A stroke that lets something through.

    Parameters
    ----------
    box : tuple
        In pixels.
    share : float
        What it lets through, 0 to 1, as far as its outline tells: less than it does.
    sure : bool
        Whether it certainly does.
    """

    box: Box
    share: float
    sure: bool


def find_pens(planes: Floats) -> list[PenStroke]:
    """Find strokes that let through what is under them.

    Parameters
    ----------
    planes : ndarray, shape (h, w) or (h, w, n), float32
        Gray or colors, 0 to 255, of a picture that is drawn for the most part; others have none. A
        stroke is sought in each color: its ink is dark or bright in one of them.

    Returns
    -------
    list of PenStroke
        The most certain first, of each place one.
    """
    colors = np.atleast_3d(planes)
    if min(colors.shape[:2]) < _LEAST_WIDTH:
        return []
    if float((np.abs(np.diff(colors[..., 0], axis=1)) <= _EVEN).mean()) < _DRAWN:
        return []
    found = [
        judged
        for color in np.moveaxis(colors, 2, 0)
        for value in (np.ascontiguousarray(color), 255 - color)
        for part, corner in _parts(value)
        if (judged := _judged(value, part, corner, colors)) is not None
    ]
    found.sort(key=lambda one: (not one[1].sure, -one[0]))
    kept: list[PenStroke] = []
    for _, stroke in found:
        if not any(touch(stroke.box, known.box) for known in kept):
            kept.append(stroke)
    return kept


def _parts(value: Floats) -> Iterator[tuple[npt.NDArray[np.uint8], tuple[int, int]]]:
    """Yield dark parts as masks with a margin, without holes, and where their corner is."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_LEAST_WIDTH, _LEAST_WIDTH))
    height, width = value.shape
    known: set[tuple[int, ...]] = set()
    for level in _LEVELS:
        dark = cv2.morphologyEx((value <= level).astype(np.uint8), cv2.MORPH_OPEN, kernel)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
        for label in range(1, count):
            x, y, w, h, area = (int(number) for number in stats[label])
            across = (x == 0 and x + w == width) or (y == 0 and y + h == height)
            if not _LEAST_AREA <= area <= _MOST_SHARE * value.size or across:
                continue
            if (x, y, w, h, area) in known:
                continue
            known.add((x, y, w, h, area))
            part = (labels[y : y + h, x : x + w] == label).astype(np.uint8)
            part = np.pad(part, _MARGIN)
            outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(part, outlines, -1, 1, cv2.FILLED)
            yield part, (x - _MARGIN, y - _MARGIN)


def _judged(
    value: Floats, part: npt.NDArray[np.uint8], corner: tuple[int, int], colors: Floats
) -> tuple[float, PenStroke] | None:
    """Tell how alike the sides of a part's outline are, and what that makes of it."""
    import cv2

    around = _window(value, corner, part.shape)
    inner = cv2.erode(part, np.ones((5, 5), np.uint8)) > 0
    if inner.sum() < _LEAST_AREA // 4:
        return None
    low, high = np.percentile(around[inner], (_OUTLIERS, 100 - _OUTLIERS))
    if not _LEAST_INSIDE <= high - low <= _MOST_INSIDE:
        return None
    # A highlighter dims one color and leaves the words in the others.
    all_colors = np.percentile(
        _window(colors, corner, part.shape)[inner], (_MOST_EDGE, 100 - _MOST_EDGE), axis=0
    )
    near, wide = (cv2.dilate(part, np.ones((side, side), np.uint8)) for side in (3, _RING))
    even = np.abs(np.diff(around, axis=1)) <= _EVEN
    ground = float(even[((wide > 0) & (near == 0))[:, 1:]].mean())
    if float((all_colors[1] - all_colors[0]).max()) > _MOST_INSIDE or ground < _DRAWN_AROUND:
        return None
    line = _across(value, part, corner)
    if line is None or line.samples**2 < _LEAST_WINDING * part.sum():
        return None
    if line.alike < _ALIKE or not _SHARES[0] <= line.share <= _SHARES[1]:
        return None
    rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
    x, y = float(columns[0] + corner[0]), float(rows[0] + corner[1])
    sure = (
        line.alike >= _SURE_ALIKE
        and line.samples >= _SURE_OUTLINE
        and min(ground, float(even[inner[:, 1:]].mean())) >= _SURE_GROUND
    )
    box = (x, y, x + len(columns), y + len(rows))
    return line.alike, PenStroke(box, line.share, sure)


def _window(value: Floats, corner: tuple[int, int], shape: tuple[int, ...]) -> Floats:
    """Return a part of a plane; beyond its edges the nearest samples."""
    rows = np.arange(corner[1], corner[1] + shape[0]).clip(0, value.shape[0] - 1)
    columns = np.arange(corner[0], corner[0] + shape[1]).clip(0, value.shape[1] - 1)
    part: Floats = value[np.ix_(rows, columns)]
    return part


class _Line(NamedTuple):
    alike: float
    share: float
    samples: int


def _across(value: Floats, part: npt.NDArray[np.uint8], corner: tuple[int, int]) -> _Line | None:
    """Fit inside = share x outside + const across an outline, at the depth where they are most alike.

    None where it is short; nothing is alike where what is outside is even.
    """
    import cv2

    deep = cv2.distanceTransform(part, cv2.DIST_L2, 5)
    away = cv2.distanceTransform(1 - part, cv2.DIST_L2, 5)
    inward = cv2.GaussianBlur(deep - away, (0, 0), 1.5)
    right, down = cv2.Sobel(inward, -1, 1, 0), cv2.Sobel(inward, -1, 0, 1)
    rows, columns = np.nonzero((part > 0) & (deep <= 1))
    length = np.hypot(right[rows, columns], down[rows, columns])
    told = length > 1e-3
    rows, columns = rows[told], columns[told]
    normal = np.stack([right[rows, columns], down[rows, columns]]) / length[told]
    here = np.stack([columns, rows]) + np.array(corner)[:, None]
    edge = np.array(value.shape[::-1])[:, None] - 1
    best: _Line | None = None
    for depth in _DEPTHS:
        outer = here - (depth + 1) * normal
        known = ((outer >= 0) & (outer <= edge)).all(0)
        if known.sum() < _LEAST_OUTLINE:
            continue
        outside = _sampled(value, outer[:, known])
        inside = _sampled(value, (here + depth * normal)[:, known])
        spread, spread_out = float(inside.std()), float(outside.std())
        if best is None:
            best = _Line(0.0, 0.0, int(known.sum()))
        if spread_out < _LEAST_STEP or spread < 1e-6:
            continue
        both = float(((inside - inside.mean()) * (outside - outside.mean())).mean())
        alike = both / (spread * spread_out)
        if alike > best.alike:
            best = _Line(alike, alike * spread / spread_out, int(known.sum()))
    return best


def _sampled(value: Floats, at: npt.NDArray[Any]) -> Floats:
    """Return the samples nearest to places, which lie in the plane or a pixel beyond."""
    columns, rows = np.rint(at).astype(np.int64)
    height, width = value.shape
    samples: Floats = value[rows.clip(0, height - 1), columns.clip(0, width - 1)]
    return samples
