"""From stretches of a page's text to boxes on the page, and what of a text regions take out."""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_fold import squash
from saferedact.media.pdf_views import PageView, TextLayer
from saferedact.text.spans import TextSpan

__all__ = [
    "Stretch",
    "believed",
    "boxes_of",
    "hidden_characters",
    "remaining_text",
    "removed_strings",
    "surroundings",
]

_CONTEXT = 200
"""Characters on both sides of what is gone that are read again: three lines. Cue words act within 48,
and the name models see little beyond a sentence."""

Stretch = tuple[int, int]
Box = tuple[float, float, float, float]

_TOUCHED = 0.2
"""Share of a character's box that must lie in a region: as of `saferedact.media.pdf_redact`."""

GONE = " [NAME] "
"""Stands for what was taken out when the rest of a text is read again: the engine passes over its own
placeholders."""

_SURE = 0.85
"""Score from which a span of scattered letters is believed: indices of formulas and figures of scales are drawn
like words that stand letter by letter."""

_LONG = 8
"""Letters and digits of scattered ones from which they are searched for as a string: a few are drawn in this order
by chance."""


def believed(layer: TextLayer, spans: Iterable[TextSpan]) -> list[TextSpan]:
    """Keep what was found in a text that is what it seems to be.

    Parameters
    ----------
    layer : TextLayer
        The text.
    spans : iterable of TextSpan
        What was found in it.

    Returns
    -------
    list of TextSpan
        What is no scale of a chart; of scattered letters what is sure, or like a name of the case.
    """
    return [
        span
        for span in spans
        if not (layer.scattered and span.score < _SURE and span.person_ref is None)
        and not _is_scale(layer, span)
    ]


_LEAST_FIGURES = 3

_FOUND_BY_FIGURES = frozenset({"phone", "nhs"})
"""Kinds that figures of scales have made, of ten or eleven digits without a word: an account's number or a
date of birth in the boxes of a form is told by the words before it, whatever its figures."""


def _is_scale(layer: TextLayer, span: TextSpan) -> bool:
    """Tell whether a number is figures at places of their own that follow at one step: 0.0, 0.2, 0.4."""
    if span.kind not in _FOUND_BY_FIGURES or span.person_ref is not None:
        return False
    lines = dict.fromkeys(layer.lines[span.start : span.end].tolist())
    lines.pop(-1, None)
    if len(lines) < _LEAST_FIGURES:
        return False
    figures = []
    for line in lines:
        word = "".join(layer.text[place] for place in np.flatnonzero(layer.lines == line))
        try:
            figures.append(float(word.replace("\u2212", "-")))
        except ValueError:
            return False
    steps = [other - one for one, other in itertools.pairwise(figures)]
    return steps[0] != 0 and all(
        math.isclose(step, steps[0], rel_tol=1e-6, abs_tol=1e-9) for step in steps
    )


def boxes_of(layer: TextLayer, start: int, end: int) -> list[Box]:
    """Boxes of a stretch, one for each part of a line that it touches.

    Parameters
    ----------
    layer : TextLayer
        The text.
    start, end : int
        Code points, half-open.

    Returns
    -------
    list of (float, float, float, float)
        In points, y down, as tight as glyph boxes are.
    """
    boxes = layer.boxes[start:end]
    lines = layer.lines[start:end]
    shown = np.array([not char.isspace() for char in layer.text[start:end]], dtype=bool)
    found: list[Box] = []
    for line in dict.fromkeys(lines[(lines >= 0) & shown].tolist()):
        mine = boxes[(lines == line) & shown]
        low, high = mine[:, :2].min(axis=0).tolist(), mine[:, 2:].max(axis=0).tolist()
        found.append((low[0], low[1], high[0], high[1]))
    return found


def hidden_characters(layer: TextLayer, regions: Sequence[Box]) -> npt.NDArray[np.bool_]:
    """Mark the characters of a text that regions take out."""
    gone = np.zeros(len(layer.text), dtype=bool)
    if not len(gone):
        return gone
    area = (layer.boxes[:, 2] - layer.boxes[:, 0]) * (layer.boxes[:, 3] - layer.boxes[:, 1])
    for x1, y1, x2, y2 in regions:
        width = np.minimum(layer.boxes[:, 2], x2) - np.maximum(layer.boxes[:, 0], x1)
        height = np.minimum(layer.boxes[:, 3], y2) - np.maximum(layer.boxes[:, 1], y1)
        shared = np.clip(width, 0, None) * np.clip(height, 0, None)
        gone |= np.nan_to_num(shared, nan=0.0) >= np.nan_to_num(_TOUCHED * area, nan=np.inf)
    # A blank between two that go, goes.
    places = np.flatnonzero(gone)
    for one, other in zip(places[:-1].tolist(), places[1:].tolist(), strict=True):
        if other - one > 1 and layer.text[one + 1 : other].isspace():
            gone[one + 1 : other] = True
    return gone


def _stretches(gone: npt.NDArray[np.bool_]) -> Iterator[Stretch]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def remaining_text(layer: TextLayer, regions: Sequence[Box]) -> tuple[str, npt.NDArray[np.int64]]:
    """Text without what regions take out.

    Returns
    -------
    text : str
        `GONE` stands for each stretch that is gone.
    places : ndarray, shape (n,), int64
        For each character, its place in the layer's text; -1 for `GONE`.
    """
    gone = hidden_characters(layer, regions)
    parts: list[str] = []
    places: list[npt.NDArray[np.int64]] = []
    last = 0
    for start, end in _stretches(gone):
        parts += [layer.text[last:start], GONE]
        places += [np.arange(last, start), np.full(len(GONE), -1)]
        last = end
    parts.append(layer.text[last:])
    places.append(np.arange(last, len(layer.text)))
    return "".join(parts), np.concatenate(places).astype(np.int64)


def surroundings(text: str, places: npt.NDArray[np.int64]) -> Iterator[Stretch]:
    """Stretches of a remaining text that may read otherwise than before: what is near to what is gone.

    Parameters
    ----------
    text : str
        From `remaining_text`.
    places : ndarray, shape (n,), int64
        As well.

    Yields
    ------
    (int, int)
        Code points, half-open; they begin and end between words and do not overlap.
    """
    end = -1
    start = 0
    for first, last in _stretches(places < 0):
        low, high = max(first - _CONTEXT, 0), min(last + _CONTEXT, len(text))
        while low > 0 and not text[low - 1].isspace():
            low -= 1
        while high < len(text) and not text[high].isspace():
            high += 1
        if low > end >= 0:
            yield start, end
        start = low if low > end else start
        end = high
    if end >= 0:
        yield start, end


def removed_strings(view: PageView, regions: Sequence[Box]) -> set[str]:
    """Strings that regions take out of the visible text of a page. They live in memory only."""
    found: set[str] = set()
    for layer in view.layers:
        if layer.hidden:
            continue
        gone = hidden_characters(layer, regions)
        strings = {layer.text[start:end].strip() for start, end in _stretches(gone)}
        found |= {one for one in strings if not layer.scattered or len(squash(one)) >= _LONG}
    return found - {""}
