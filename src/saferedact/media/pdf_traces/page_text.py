"""Text of a page that a reader does not see, in runs, with the reason."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from saferedact.media.pdf_traces.glyph_look import Look, PageRenders, ink_columns, look_of
from saferedact.media.pdf_traces.page_view import Box, Glyph, PageView
from saferedact.traces import Trace

__all__ = ["PageText", "read_page_text"]

_CHANNELS = {
    Look.FAINT: "faint-text",
    Look.COVERED: "covered-text",
    Look.LIKE_GROUND: "color-on-color",
    Look.LIKE_PAPER: "invisible-text",
    Look.NO_INK: "invisible-text",
    Look.OUTSIDE: "off-page",
    Look.CUT: "clipped-text",
}

_LEAST_LETTERS = 2
"""Letters and digits of a run from which it is text: leaders, bullets and lines drawn as text in
white are decoration."""

_CLIPPED_LETTERS = 3
"""Letters at the beginning of a word that a cover may hide if the rest is seen and there is more under it."""

_INKED_WORD = 0.5
"""Share of a word's columns that hold ink where a scan shows it. Thin letters leave gaps; blank
paper and boxes hold none."""

_SHADOW = 4.0
"""Pixels between a glyph and the same glyph seen beside it: shadows and false bold are 1 to 3 off."""

_WORD = re.compile(r"[^\W_]")


class PageText:
    """What the text of a page comes to.

    Parameters
    ----------
    seen : str
        What a reader sees, with spaces and breaks as extracted.
    seen_boxes : list of tuple
        Boxes of the glyphs that are seen, in pixels of the renders.
    traces : list of Trace
        What no reader sees.
    """

    def __init__(self, seen: str, seen_boxes: list[Box], traces: list[Trace]) -> None:
        self.seen = seen
        self.seen_boxes = seen_boxes
        self.traces = traces


def read_page_text(
    page: PageView, renders: PageRenders, number: int, *, layers_off: bool
) -> PageText:
    """Split the text of a page into what is seen and what is not.

    Parameters
    ----------
    page : PageView
        The page.
    renders : PageRenders
        Of the page.
    number : int
        The page, from 0.
    layers_off : bool
        Whether the document has layers that are switched off.

    Returns
    -------
    PageText
        Boxes of the traces are in points, from the top left corner of the page.
    """
    glyphs = list(page.glyphs())
    looks = [Look.SEEN if g.text.isspace() else look_of(g, renders) for g in glyphs]
    on_scan = _shown_by_scan(glyphs, looks, renders)
    twins = _Twins(glyphs, looks)
    seen: list[str] = []
    runs: list[list[tuple[str, Glyph]]] = [[]]
    pictures = [picture.xyxy for picture in page.pictures()]
    for glyph, look, scanned in zip(glyphs, looks, on_scan, strict=True):
        if glyph.text.isspace():
            seen.append(glyph.text)
            if runs[-1]:
                runs[-1].append(("", glyph))
        elif look is Look.SEEN or scanned or twins.has(glyph):
            seen.append(glyph.text)
            if runs[-1]:
                runs[-1] = _without_end(runs[-1])
                runs.append([])
        else:
            runs[-1].append((_channel(glyph, look, page, pictures, layers_off), glyph))
    traces = [trace for run in runs for trace in _traces(run, number, page.scale)]
    boxes = [g.xyxy for g, k in zip(glyphs, looks, strict=True) if k is Look.SEEN and g.order >= 0]
    return PageText("".join(seen), boxes, traces)


def _without_end(run: list[tuple[str, Glyph]]) -> list[tuple[str, Glyph]]:
    """Drop the first letters of a word whose rest is seen: a cover that is a little too wide."""
    at = len(run)
    while at and run[at - 1][0] == "covered-text":
        at -= 1
    whole_run = at == 0
    return run if whole_run or len(run) - at > _CLIPPED_LETTERS else run[:at]


def _channel(
    glyph: Glyph, look: Look, page: PageView, pictures: list[Box], layers_off: bool
) -> str:
    if look is Look.CUT and layers_off:
        return "hidden-layer"
    if look is Look.LIKE_GROUND and (page.has_annotations or page.covered_later(glyph)):
        return "covered-text"
    if look is Look.FAINT and page.covered_later(glyph):
        return "see-through-cover"
    if look is Look.NO_INK and any(_holds(box, glyph.xyxy) for box in pictures):
        return "text-layer"
    return _CHANNELS[look]


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _traces(run: list[tuple[str, Glyph]], number: int, scale: float) -> Iterator[Trace]:
    text = "".join(glyph.text for _, glyph in run).strip()
    if len(_WORD.findall(text)) < _LEAST_LETTERS:
        return
    channels = Counter(channel for channel, _ in run if channel)
    channel = channels.most_common(1)[0][0]
    boxes = [glyph.xyxy for _, glyph in run if not glyph.text.isspace()]
    yield Trace(channel, f"page {number + 1}", text, number, in_points(_hull(boxes), scale))


def in_points(xyxy: Box, scale: float) -> Box:
    """Turn pixels of a render into points, to a tenth; what lies outside of the page stays so."""
    x1, y1, x2, y2 = (max(-1e6, min(1e6, round(value / scale, 1))) for value in xyxy)
    return x1, y1, x2, y2


def _hull(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _shown_by_scan(glyphs: list[Glyph], looks: list[Look], renders: PageRenders) -> list[bool]:
    """Tell, word by word, which glyphs without ink lie where the page shows ink: a scan's text."""
    shown = [False] * len(glyphs)
    word: list[int] = []
    for at in range(len(glyphs) + 1):
        if at < len(glyphs) and looks[at] is Look.NO_INK and not glyphs[at].text.isspace():
            word.append(at)
            continue
        if word:
            hull = _hull([glyphs[i].xyxy for i in word])
            if ink_columns(hull, renders.seen) >= _INKED_WORD:
                for i in word:
                    shown[i] = True
        word = []
    return shown


class _Twins:
    """Glyphs that are seen, to find the seen twin of one that is not: a shadow, or false bold."""

    def __init__(self, glyphs: list[Glyph], looks: list[Look]) -> None:
        self._seen: dict[tuple[str, int, int], list[Box]] = {}
        for glyph, look in zip(glyphs, looks, strict=True):
            if look is Look.SEEN and not glyph.text.isspace():
                self._seen.setdefault(self._cell(glyph.text, glyph.xyxy), []).append(glyph.xyxy)

    def has(self, glyph: Glyph) -> bool:
        letter, column, row = self._cell(glyph.text, glyph.xyxy)
        return any(
            abs(box[0] - glyph.xyxy[0]) <= _SHADOW and abs(box[1] - glyph.xyxy[1]) <= _SHADOW
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for box in self._seen.get((letter, x, y), ())
        )

    @staticmethod
    def _cell(letter: str, xyxy: Box) -> tuple[str, int, int]:
        return letter, int(xyxy[0] // _SHADOW), int(xyxy[1] // _SHADOW)
