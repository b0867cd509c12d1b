"""Boxes that are not quite opaque: straight sides that everything behind darkens at, alike on all four.

A box of opacity a over a picture turns v into (1 - a) v + a c. Of a black or a white box (in the green
channel: of a box of any pure color) every sample just inside a side is a small part of the sample just
outside, counted from c, in every row. Then one line must join both along all four sides together; things
that merely have straight sides, as doors, screens and opaque boxes, have none.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats, touch

__all__ = ["SeeThrough", "find_see_through"]

_LEAST_SIDE = 20
"""Pixels of the shorter side of a box."""

_DROP = 0.62
_LEAST_OUTSIDE = 20.0
"""Most that is left just inside of what is just outside, and the level outside, of 255, from which that
can be told. What passes is a third at most; neighbors differ by as much again."""

_WINDOW = 16
_SHARE = 0.8
_TOLD = 8
"""Rows that are judged together, how many of those that can be told must drop, and how many must be told."""

_MOST_SIDES = 400
"""Sides of one direction that are tried, longest first, and boxes, largest first."""

_TOGETHER = 0.5
_CORNER = 0.25
"""How much of two sides must lie side by side, and how far their ends may lie from a corner, as shares of a
side: hair and shadows hide parts of it."""

_SLOPES = (0.03, 0.36)
"""What boxes let through. Less than 3 % is below rounding; more than a third hides nothing, and panes of
glass come to it."""

_STRAIGHT = ((0.3, 3), (0.2, 4))
"""Share of the variance inside that the line of all sides explains, and how many sides must go the same way
by themselves. Real boxes on 33 photographs had .2 to .99; of straight things in the same photographs one
passed."""

_SURE = 0.5
_SURE_SLOPE = 0.31
"""Share of the variance from which, and what passes up to which, a box with four sides of its own is said to
let something through; else it seems to. Panes of glass come to as much."""

_SURE_SIDE = 28
"""Shorter side of a box that is said so: a face of 24 px has one of 31. Drawn windows of 21 px passed all
else, one of fourteen."""

_LEAST_SHADES = 1.0
_SMOOTH = 0.5
"""Standard deviation inside, in levels of 255, and the correlation of neighbors there: rounding has none."""

_INSETS = ((48, 8), (0, 4))
"""For boxes from so many pixels, how much of the rim is left out: codecs smear the outside into it."""

_BRIGHT = 125.0
_WRITTEN = 0.01
"""Level that nothing behind a box can reach, and the share of the inside from which there are words on top:
news programs write on bands that one can see through."""

_RIM = 12
_DRAWN = 0.6
"""Width of the rim around a box, and the share of equal neighbors there from which the picture is drawn:
pixel art and diagrams have nothing behind their boxes."""

_AROUND = 48
_CELLS = 0.65
"""Pixels around a box, and the share of all steps there that a quarter of the columns, and of the rows, makes
from which the picture consists of cells, as pixel art does; JPEG leaves no neighbors equal. Photographs with
boxes had .29 to .62, pixel art .67 to 1 (75 photographs, quality 90). Such a box is not sure."""


class SeeThrough(NamedTuple):
    """A box that lets something through.

    Parameters
    ----------
    box : tuple
        In pixels.
    share : float
        What it lets through, 0 to 1.
    sure : bool
        Whether it certainly does, and is no band with words on top.
    """

    box: Box
    share: float
    sure: bool


class _Side(NamedTuple):
    at: int
    start: int
    stop: int


_Sides = list[_Side]


def find_see_through(plane: Floats) -> list[SeeThrough]:
    """Find boxes that let through what is under them.

    Parameters
    ----------
    plane : ndarray, shape (h, w), float32
        Green channel, or gray, 0 to 255.

    Returns
    -------
    list of SeeThrough
        Largest first, of each place one.
    """
    found: list[SeeThrough] = []
    for value in (plane, 255 - plane):
        across = np.ascontiguousarray(value.T)
        left_right = _with_edges(_sides(value, 1), _sides(value, -1), value.shape[1])
        top_bottom = _with_edges(_sides(across, 1), _sides(across, -1), value.shape[0])
        for box, whole in _rectangles(value, left_right, top_bottom):
            if not any(touch(box, known.box) for known in found):
                passes = _passes(value, box)
                # With three sides it must be sure: there are many such places.
                if passes is not None and (whole or passes.sure):
                    found.append(passes)
    return found


def _sides(value: Floats, direction: int) -> _Sides:
    """Return vertical sides with the box to the right (1) or left (-1), longest first."""
    source = value if direction == 1 else value[:, ::-1]
    outside, inside = source[:, :-1], source[:, 1:]
    told = outside >= _LEAST_OUTSIDE
    drops = _sums(told & (inside <= _DROP * outside))
    good = (drops >= _SHARE * _sums(told)) & (drops >= _TOLD)
    found: _Sides = []
    for column in np.flatnonzero(good.any(0)):
        rows = np.flatnonzero(good[:, column])
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > _WINDOW) + 1):
            at = int(column) + 1
            side = _Side(
                at if direction == 1 else value.shape[1] - at,
                int(run[0]),
                int(run[-1]) + _WINDOW,
            )
            if side.stop - side.start >= _LEAST_SIDE:
                found.append(side)
    found.sort(key=lambda side: side.start - side.stop)
    return found[:_MOST_SIDES]


def _sums(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """Return how many of each window of rows are set."""
    total = np.cumsum(np.pad(flags, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    sums: npt.NDArray[np.int32] = total[_WINDOW:] - total[:-_WINDOW]
    return sums


def _with_edges(first: _Sides, second: _Sides, length: int) -> tuple[_Sides, _Sides]:
    """Add the edges of the picture: a box at one has no side there."""
    return (
        first + [_Side(0, side.start, side.stop) for side in second],
        second + [_Side(length, side.start, side.stop) for side in first],
    )


def _rectangles(
    value: Floats, left_right: tuple[_Sides, _Sides], top_bottom: tuple[_Sides, _Sides]
) -> list[tuple[Box, bool]]:
    """Return boxes that have a side at three or four of their sides, those with four first."""
    if not all((*left_right, *top_bottom)):
        return []
    right, top, bottom = (
        np.array(sides, np.int64) for sides in (left_right[1], top_bottom[0], top_bottom[1])
    )
    boxes: dict[Box, bool] = {}
    for left in left_right[0]:
        starts, stops = np.maximum(left.start, right[:, 1]), np.minimum(left.stop, right[:, 2])
        high = np.maximum(left.stop, right[:, 2]) - np.minimum(left.start, right[:, 1])
        wide = right[:, 0] - left.at
        for n in np.flatnonzero((wide >= _LEAST_SIDE) & (stops - starts >= _TOGETHER * high)):
            span = (left.at, int(right[n, 0]))
            slack = _CORNER * max(wide[n], high[n]) + _WINDOW / 2
            ends = (min(left.start, int(right[n, 1])), max(left.stop, int(right[n, 2])))
            upper, lower = (
                _closest(top, span, ends[0], slack),
                _closest(bottom, span, ends[1], slack),
            )
            whole = upper is not None and lower is not None
            if upper is None and lower is not None:
                upper = _strongest(value, span, ends[0], -1)
            elif lower is None and upper is not None:
                lower = _strongest(value, span, ends[1], 1)
            if upper is not None and lower is not None and lower - upper >= _LEAST_SIDE:
                boxes[float(span[0]), float(upper), float(span[1]), float(lower)] = whole

    def order(one: tuple[Box, bool]) -> tuple[bool, float]:
        box, whole = one
        return not whole, (box[0] - box[2]) * (box[3] - box[1])

    return sorted(boxes.items(), key=order)[:_MOST_SIDES]


def _closest(
    sides: npt.NDArray[np.int64], span: tuple[int, int], near: int, slack: float
) -> int | None:
    """Return where a horizontal side lies that runs along a span and is nearest to a row."""
    start, stop = span
    together = np.minimum(sides[:, 2], stop) - np.maximum(sides[:, 1], start)
    fits = (
        (together >= _TOGETHER * (stop - start))
        & (sides[:, 1] >= start - _WINDOW)
        & (sides[:, 2] <= stop + _WINDOW)
        & (np.abs(sides[:, 0] - near) <= slack)
    )
    if not fits.any():
        return None
    at = sides[fits, 0]
    return int(at[np.abs(at - near).argmin()])


def _strongest(value: Floats, span: tuple[int, int], near: int, sign: int) -> int:
    """Return the row near another from which a span gets brightest, downward (1) or upward (-1)."""
    first, last = max(1, near - _WINDOW), min(value.shape[0] - 1, near + _WINDOW)
    part = value[first - 1 : last + 1, span[0] : span[1]]
    steps = np.maximum(0, sign * np.diff(part, axis=0)).mean(axis=1)
    return first + int(steps.argmax())


def _passes(value: Floats, box: Box) -> SeeThrough | None:
    """Tell what a box lets through; None if it is no such box."""
    slope, straight, alike, missing = max(
        (_line(value, box, distance) for distance in (1, 2)), key=lambda line: line[1]
    )
    if missing > 1 or not _SLOPES[0] <= slope <= _SLOPES[1]:
        return None
    if not any(straight >= least and alike >= sides - missing for least, sides in _STRAIGHT):
        return None
    x1, y1, x2, y2 = (int(side) for side in box)
    inset = next(n for least, n in _INSETS if min(x2 - x1, y2 - y1) >= least)
    inner = value[y1 + inset : y2 - inset, x1 + inset : x2 - inset]
    if float(inner.std()) < _LEAST_SHADES or _alike(inner[:, :-1], inner[:, 1:]) < _SMOOTH:
        return None
    rim = value[max(0, y1 - _RIM) : y2 + _RIM, max(0, x1 - _RIM) : x2 + _RIM]
    beside = np.ones(rim.shape, bool)
    beside[min(y1, _RIM) :, min(x1, _RIM) :][: y2 - y1, : x2 - x1] = False
    if float((np.diff(rim, axis=1) == 0)[beside[:, 1:]].mean()) > _DRAWN:
        return None
    written = float((inner > _BRIGHT).mean()) >= _WRITTEN
    sure = straight >= _SURE and slope <= _SURE_SLOPE and not missing and not written
    sure = sure and min(x2 - x1, y2 - y1) >= _SURE_SIDE
    return SeeThrough(box, slope, sure and not _of_cells(value, (x1, y1, x2, y2)))


def _of_cells(value: Floats, box: tuple[int, int, int, int]) -> bool:
    """Tell whether a box and what is around it consist of cells of one color."""
    x1, y1, x2, y2 = box
    around = value[max(0, y1 - _AROUND) : y2 + _AROUND, max(0, x1 - _AROUND) : x2 + _AROUND]
    for axis in (0, 1):
        steps = np.sort(np.abs(np.diff(around, axis=axis)).mean(axis=1 - axis))
        if steps[-(len(steps) // 4) :].sum() < _CELLS * steps.sum():
            return False
    return True


def _line(value: Floats, box: Box, distance: int) -> tuple[float, float, int, int]:
    """Fit inside = s outside + const along all sides.

    Returns
    -------
    (s, share of the variance explained, sides that go the same way, sides beyond the picture)
    """
    pairs = list(_pairs(value, box, distance - 1))
    if len(pairs) < 3:
        return 0.0, 0.0, 0, 4 - len(pairs)
    outside, inside = (np.concatenate([pair[n] for pair in pairs]) for n in (0, 1))
    fit = _alike(outside, inside)
    slope = fit * float(inside.std()) / max(float(outside.std()), 1e-6)
    alike = sum(_alike(*pair) > 0.1 for pair in pairs)
    return slope, fit * abs(fit), alike, 4 - len(pairs)


def _pairs(value: Floats, box: Box, further: int) -> Iterator[tuple[Floats, Floats]]:
    """Yield the samples just outside and just inside of each side that lies in the picture."""
    x1, y1, x2, y2 = (int(side) for side in box)
    rows, columns = slice(y1, y2), slice(x1, x2)
    if x1 > 0:
        yield value[rows, x1 - 1], value[rows, x1 + further]
    if x2 < value.shape[1]:
        yield value[rows, x2], value[rows, x2 - 1 - further]
    if y1 > 0:
        yield value[y1 - 1, columns], value[y1 + further, columns]
    if y2 < value.shape[0]:
        yield value[y2, columns], value[y2 - 1 - further, columns]


def _alike(one: Floats, other: Floats) -> float:
    """Return the correlation of two sets of samples; 0 where one of them is even."""
    a, b = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return float((a * b).mean()) / spread if spread > 1e-6 else 0.0
