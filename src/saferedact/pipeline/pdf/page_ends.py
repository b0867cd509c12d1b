"""The end of a page and the beginning of the next, read as one text: 07700 at the foot, 900345 at the head."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from saferedact.media.pdf_views import PageView, TextLayer
from saferedact.pipeline.pdf.layers import Stretch
from saferedact.pipeline.pdf.regions import Proposal, from_spans
from saferedact.policy import Policy
from saferedact.text.spans import TextSpan

__all__ = ["Joint", "PageEnds"]

_READ = 200
"""Characters on both sides that are read: as many as around what is gone (`_CONTEXT` of the layers)."""

_RUNNING = 60
"""Characters of the longest block that may be a running title or a page's number."""

_MOST_RUNNING = 4  # of them above or below the text of a page

_BLOCK = re.compile(r"(?s).+?(?:\n\n|\Z)")


@dataclass(frozen=True, slots=True, eq=False)
class _End:
    view: PageView
    layer: TextLayer
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.layer.text[self.start : self.end]


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """A text of two pages."""

    _before: _End
    _after: _End

    @property
    def text(self) -> str:
        """What is read."""
        return f"{self._before.text}{self._glue}{self._after.text}"

    @property
    def _glue(self) -> str:
        divided = self._before.text.endswith(("-", "\u00ad", "\u2010"))
        return "\n" if divided else " "

    def proposals(self, spans: Iterable[TextSpan], policy: Policy) -> Iterator[Proposal]:
        """Propose regions on both pages for what reaches over the end: the rest was found before."""
        cut = len(self._before.text)
        begin = cut + len(self._glue)
        for span in spans:
            if not span.start < cut < begin < span.end:
                continue
            for end, shift, first, last in (
                (self._before, self._before.start, span.start, cut),
                (self._after, self._after.start - begin, begin, span.end),
            ):
                part = replace(span, start=first + shift, end=last + shift)
                yield from from_spans(end.view, end.layer, [part], policy)


class PageEnds:
    """Remembers how the page before ended."""

    def __init__(self) -> None:
        self._last: list[_End] = []

    def joints(self, view: PageView) -> list[Joint]:
        """Join the page before with a page, with and without what stands at the head and foot of each.

        Parameters
        ----------
        view : PageView
            The next page.

        Returns
        -------
        list of Joint
            At most four; none for the first page, or if one of both has no text.
        """
        shown = [layer for layer in view.layers if not (layer.hidden or layer.scattered)]
        if not shown:
            self._last = []
            return []
        layer = shown[-1]  # read in blocks
        blocks = [match.span() for match in _BLOCK.finditer(layer.text)]
        joints = [
            Joint(before, _End(view, layer, start, min(start + _READ, len(layer.text))))
            for before in self._last
            for start in _starts(blocks)
        ]
        self._last = [
            _End(view, layer, max(end - _READ, 0), end) for end in _stops(blocks, layer.text)
        ]
        return joints


def _starts(blocks: list[Stretch]) -> Iterator[int]:
    """Yield where a page begins, and where it does below its head."""
    yield blocks[0][0]
    head = _running(blocks)
    if 0 < head < len(blocks):
        yield blocks[head][0]


def _stops(blocks: list[Stretch], text: str) -> Iterator[int]:
    """Yield where a page ends, and where it does above its foot."""
    yield _stop(blocks[-1], text)
    foot = _running(blocks[::-1])
    if 0 < foot < len(blocks):
        yield _stop(blocks[-1 - foot], text)


def _running(blocks: list[Stretch]) -> int:
    number = 0
    for start, end in blocks[:_MOST_RUNNING]:
        if end - start > _RUNNING:
            break
        number += 1
    return number


def _stop(block: Stretch, text: str) -> int:
    start, end = block
    return start + len(text[start:end].rstrip())
