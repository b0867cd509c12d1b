"""In which order the lines of a picture are read: rows, columns, and paragraphs that go on."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Places", "columns_of", "first_of", "goes_on", "in_rows", "places_of"]

_SAME_ROW = 0.5
"""Lines whose middles differ by less than this share of the lower one's height stand in one row."""

_ONE_PIECE = 1.0
"""Parts of a row less than this many heights apart are one sentence that the reader cut in two."""

_BELOW = 1.3
"""A line continues the one above in a column if the gap is at most this many heights."""

_SAME_HEIGHT = 1.4
_PARAGRAPH = 1.5
"""Lines of a paragraph differ in height by at most the first factor, and their middles are at most the
second number of heights apart. (Heights are those of quads, which are about 1.4 times the letters'.)"""

_ALIKE = 1.7
"""Lines of one column differ in height by at most this factor."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Lines in coordinates along and across the reading direction of most of the text."""

    start: npt.NDArray[Any]
    end: npt.NDArray[Any]
    middle: npt.NDArray[Any]
    height: npt.NDArray[Any]


def places_of(quads: npt.NDArray[np.float32]) -> Places:
    """Measure lines along and across the direction in which most of the text runs.

    Parameters
    ----------
    quads : ndarray, shape (n, 4, 2), float32
        Of the lines, in reading direction.
    """
    wide = quads.astype(np.float64)
    along = (wide[:, 1] - wide[:, 0] + wide[:, 2] - wide[:, 3]) / 2
    length = np.hypot(along[:, 0], along[:, 1])
    # The direction of the median: half of the text's length is turned less, half more.
    angle = np.arctan2(along[:, 1], along[:, 0])
    by_angle = np.argsort(angle)
    half = np.searchsorted(np.cumsum(length[by_angle]), length.sum() / 2)
    turn = angle[by_angle[min(int(half), len(angle) - 1)]]
    ahead = np.array([np.cos(turn), np.sin(turn)])
    down = np.array([-ahead[1], ahead[0]])
    x, y = wide @ ahead, wide @ down
    across = wide[:, 3] - wide[:, 0] + wide[:, 2] - wide[:, 1]
    height = np.maximum(np.hypot(across[:, 0], across[:, 1]) / 2, 1e-3)
    return Places(x.min(axis=1), x.max(axis=1), y.mean(axis=1), height)


def in_rows(places: Places, block: npt.NDArray[np.int64]) -> list[tuple[str, int]]:
    """Put the lines of a block in order, each with what joins it to the one before."""
    rows: list[list[int]] = []
    for number in block[np.argsort(places.middle[block], kind="stable")].tolist():
        if rows and _belongs(places, rows[-1], number):
            rows[-1].append(number)
        else:
            rows.append([number])
    ordered: list[tuple[str, int]] = []
    for row in rows:
        row.sort(key=lambda number: float(places.start[number]))
        ordered.append(("\n", row[0]))
        for before, number in itertools.pairwise(row):
            gap = places.start[number] - places.end[before]
            near = gap < _ONE_PIECE * min(places.height[before], places.height[number])
            ordered.append((" " if near else "\t", number))
    return ordered


def _belongs(places: Places, row: list[int], number: int) -> bool:
    """Tell whether a line stands beside all lines of a row, not above or below one of them."""
    near = np.abs(places.middle[row] - places.middle[number]) < _SAME_ROW * np.minimum(
        places.height[row], places.height[number]
    )
    overlap = np.minimum(places.end[row], places.end[number]) - np.maximum(
        places.start[row], places.start[number]
    )
    beside = overlap < _SAME_ROW * np.minimum(places.height[row], places.height[number])
    return bool((near & beside).all())


def goes_on(places: Places, above: int, below: int, first_word: float) -> bool:
    """Tell whether a line was broken because what begins the next one did not fit in it.

    Parameters
    ----------
    places : Places
        The lines.
    above, below : int
        Their numbers.
    first_word : float
        End of the lower line's first word, as a share of that line.
    """
    height = min(places.height[above], places.height[below])
    if max(places.height[above], places.height[below]) > _SAME_HEIGHT * height:
        return False
    apart = places.middle[below] - places.middle[above] > _PARAGRAPH * height
    indented = abs(places.start[below] - places.start[above]) > height
    if apart or indented:
        return False
    length = places.end[below] - places.start[below]
    return bool(places.end[above] + first_word * length >= places.end[below])


def first_of(places: Places, block: npt.NDArray[np.int64]) -> int:
    """Return the number of the line with which a block begins."""
    return in_rows(places, block)[0][1]


def columns_of(places: Places) -> list[npt.NDArray[np.int64]]:
    """Group lines into blocks in which each line continues the one above, top block first."""
    count = len(places.start)
    block = np.arange(count)
    order = np.argsort(places.middle, kind="stable")
    for position, number in enumerate(order.tolist()):
        later = order[position + 1 :]
        height = np.minimum(places.height[number], places.height[later])
        ratio = places.height[number] / places.height[later]
        gap = (places.middle[later] - places.middle[number]) - (
            places.height[later] + places.height[number]
        ) / 2
        shared = np.minimum(places.end[number], places.end[later]) - np.maximum(
            places.start[number], places.start[later]
        )
        below = later[
            (gap > -height)
            & (gap <= _BELOW * height)
            & (shared > 0)
            & (ratio < _ALIKE)
            & (ratio > 1 / _ALIKE)
        ]
        if len(below):
            joined = np.isin(block, block[below[:1]])
            block[joined] = block[number]
    top = {label: float(places.middle[block == label].min()) for label in np.unique(block).tolist()}
    return [np.flatnonzero(block == label) for label in sorted(top, key=lambda key: top[key])]
