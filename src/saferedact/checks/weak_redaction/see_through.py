"""Boxes that are not quite opaque: across their edge the picture goes on, dimmed.

A box of opacity a and color c turns v into (1 - a) v + a c. So the samples just inside an edge are a
straight line of those just outside, with the same slope and the same c at all four sides. No other thing
in a picture does that.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats, touch

__all__ = ["find_see_through"]


_WINDOW = 32
_STRIDE = 8
_DISTANCES = (1, 3)
"""Samples along an edge that are compared; how far such windows lie apart; distance of the samples
compared across it: neighbors are most alike, but codecs smear those at an edge."""

_LEAST_SPREAD = 6.0
"""Standard deviation outside, in levels of 255: along a flat wall there is no line."""

_STRAIGHT = 0.7
"""Share of the variance inside that the line explains."""

_SLOPES = (0.03, 0.34)
"""What boxes let through. Less than 3 % is below rounding. More than a third hides nothing, and natural
edges that look alike came to 0.37 and more in the photographs tried."""

_LEAST_WINDOWS = 2
_LEAST_SIDE = 24
_ALIKE = 0.22
_SAME_COLOR = 10.0
"""Relative difference of the slopes, and difference of the colors, at two sides of one box."""

_SURE_SIDE = 90
"""Pixels of the shorter side from which three edges are enough: among small patches of photographs some
have three by chance (2 in 29 photographs), none had four."""

_MOST_EDGES = 300
_APART = 4


class _Edge(NamedTuple):
    at: int
    start: int
    stop: int
    slope: float
    color: float


def find_see_through(gray: Floats) -> list[tuple[Box, float]]:
    """Find boxes that let through what is under them.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        Levels 0 to 255.

    Returns
    -------
    list of (box, share)
        Box in pixels, and the share of light that passes.
    """
    found: list[tuple[Box, float]] = []
    for distance in _DISTANCES:
        _find(gray, distance, found)
    return found


def _find(gray: Floats, distance: int, found: list[tuple[Box, float]]) -> None:
    lefts, rights = _edges(gray, 1, distance), _edges(gray, -1, distance)
    for left in lefts:
        for right in rights:
            start, stop = min(left.start, right.start), max(left.stop, right.stop)
            together = min(left.stop, right.stop) - max(left.start, right.start)
            if right.at - left.at < _LEAST_SIDE or together < 0.4 * (stop - start):
                continue
            if not _fits(left, right.slope, right.color):
                continue
            ends = _ends(gray, left, right, (start, stop), distance)
            if ends is None:
                continue
            box = (float(left.at), float(ends[0]), float(right.at), float(ends[1]))
            if not any(touch(box, known) for known, _ in found):
                found.append((box, (left.slope + right.slope) / 2))


def _fits(edge: _Edge, slope: float, color: float) -> bool:
    return (
        abs(edge.slope - slope) <= _ALIKE * max(edge.slope, slope)
        and abs(edge.color - color) <= _SAME_COLOR
    )


def _edges(gray: Floats, direction: int, distance: int) -> list[_Edge]:
    """Return vertical edges with the dimmed side to the right (1) or left (-1), longest first."""
    source = gray if direction == 1 else gray[:, ::-1]
    slope, color, explained, spread = _lines(
        source[:, :-distance].astype(np.float64), source[:, distance:].astype(np.float64)
    )
    good = (
        (spread >= _LEAST_SPREAD)
        & (explained >= _STRAIGHT)
        & (slope >= _SLOPES[0])
        & (slope <= _SLOPES[1])
        & (color > -20)
        & (color < 275)
    )
    found: list[_Edge] = []
    # Few columns have several good windows one below the other, save at edges of a box.
    for column in np.flatnonzero(good.sum(0) >= _LEAST_WINDOWS):
        rows = np.flatnonzero(good[:, column])
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > 8) + 1):
            slopes, colors = slope[run, column], color[run, column]
            if len(run) < _LEAST_WINDOWS or np.ptp(colors) > 2 * _SAME_COLOR:
                continue
            x = int(column) + (distance + 1) // 2
            x = x if direction == 1 else gray.shape[1] - x
            start, stop = int(run[0]) * _STRIDE, int(run[-1]) * _STRIDE + _WINDOW
            found.append(_Edge(x, start, stop, float(np.median(slopes)), float(np.median(colors))))
    found.sort(key=lambda edge: edge.start - edge.stop)
    return _thinned(found)


def _thinned(edges: list[_Edge]) -> list[_Edge]:
    """Keep the longest of edges that lie side by side."""
    kept: list[_Edge] = []
    for edge in edges:
        if len(kept) >= _MOST_EDGES:
            break
        if not any(
            abs(edge.at - other.at) <= _APART
            and edge.start < other.stop
            and edge.stop > other.start
            for other in kept
        ):
            kept.append(edge)
    return kept


def _lines(
    outside: npt.NDArray[np.float64], inside: npt.NDArray[np.float64]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Fit inside = s outside + (1 - s) c along columns, in windows: s, c, R squared, spread."""

    def mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        total = np.cumsum(np.pad(values, ((1, 0), (0, 0))), axis=0)
        starts = np.arange(0, values.shape[0] - _WINDOW + 1, _STRIDE)
        result: npt.NDArray[np.float64] = (total[starts + _WINDOW] - total[starts]) / _WINDOW
        return result

    mean_out, mean_in = mean(outside), mean(inside)
    var_out = np.maximum(mean(outside * outside) - mean_out**2, 1e-6)
    var_in = np.maximum(mean(inside * inside) - mean_in**2, 1e-6)
    both = mean(outside * inside) - mean_out * mean_in
    slope = both / var_out
    color = (mean_in - slope * mean_out) / np.where(np.abs(1 - slope) < 0.05, 0.05, 1 - slope)
    return (
        slope.astype(np.float32),
        color.astype(np.float32),
        (both * both / (var_out * var_in)).astype(np.float32),
        np.sqrt(var_out).astype(np.float32),
    )


def _ends(
    gray: Floats, left: _Edge, right: _Edge, span: tuple[int, int], distance: int
) -> tuple[int, int] | None:
    """Find the upper and lower edge of a box near the ends of its sides, one of them with the same line."""
    start, stop = span
    inner = slice(left.at + 2, right.at - 2)
    near_side, far_side = distance // 2, (distance + 1) // 2
    found: list[int | None] = []
    for near, side in ((start, -1), (stop, 1)):
        best: tuple[float, int] | None = None
        for y in range(max(2, near - _WINDOW), min(gray.shape[0] - 2, near + _WINDOW)):
            # The edge lies between the rows y - 1 and y.
            above, below = gray[y - far_side, inner], gray[y + near_side, inner]
            out, into = (above, below) if side < 0 else (below, above)
            spread = float(out.std())
            if spread < _LEAST_SPREAD:
                continue
            both = float(((out - out.mean()) * (into - into.mean())).mean())
            slope = both / spread**2
            fit = both / (spread * max(float(into.std()), 1e-3))
            color = (float(into.mean()) - slope * float(out.mean())) / max(1 - slope, 0.05)
            if fit > 0 and fit * fit >= _STRAIGHT and _fits(left, slope, color):
                best = max(best or (0.0, 0), (fit, y))
        found.append(None if best is None else best[1])
    upper, lower = found
    sure = min(right.at - left.at, stop - start) >= _SURE_SIDE
    if (upper is None) + (lower is None) > int(sure):
        return None
    ends = (start if upper is None else upper, stop if lower is None else lower)
    return ends if ends[1] - ends[0] >= _LEAST_SIDE else None
