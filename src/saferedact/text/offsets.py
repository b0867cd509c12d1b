"""Edits of a text, and the way back: which source code points a stretch of the result came from."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Edit", "MappedText", "apply_edits"]

Edit = tuple[int, int, str]
"""Replace source code points ``start`` to ``end`` (half-open, not empty) by a text."""


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """One set of edits: pieces of the result, in order.

    Piece ``i`` begins at result position ``out[i]`` and source position ``src[i]``. A kept piece
    maps code point by code point; a replaced one maps as a whole to ``src[i]`` to ``end[i]``.
    """

    out: list[int]
    src: list[int]
    end: list[int]
    kept: list[bool]

    def first(self, position: int) -> int:
        """Source position at which the result's code point begins."""
        piece = bisect_right(self.out, position) - 1
        return self.src[piece] + (position - self.out[piece] if self.kept[piece] else 0)

    def last(self, position: int) -> int:
        """Source position after the result's code point."""
        piece = bisect_right(self.out, position) - 1
        if self.kept[piece]:
            return self.src[piece] + position - self.out[piece] + 1
        return self.end[piece]


@dataclass(frozen=True, slots=True, eq=False)
class MappedText:
    """A text that was made from another, with the way back.

    Parameters
    ----------
    text : str
        The result.
    source_length : int
        Code points of the source.
    """

    text: str
    source_length: int
    _layers: tuple[_Layer, ...] = ()

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the source stretch that a stretch of the result came from.

        Parameters
        ----------
        start, end : int
            Code points of `text`, half-open, ``0 <= start < end <= len(text)``.

        Returns
        -------
        (int, int)
            The smallest source stretch, not empty, that holds everything that both ends and what
            lies between came from. Never decreases when `start` or `end` grows.
        """
        for layer in reversed(self._layers):
            start, end = layer.first(start), layer.last(end - 1)
        return start, end

    def edited(self, edits: Iterable[Edit]) -> "MappedText":
        """Change the result further; the map still leads to the first source.

        Parameters
        ----------
        edits : iterable of Edit
            Positions in `text`, in order, not overlapping.
        """
        known = list(edits)
        if not known:
            return self
        text, layer = _layer(self.text, known)
        return MappedText(text, self.source_length, (*self._layers, layer))


def apply_edits(source: str, edits: Iterable[Edit]) -> MappedText:
    """Change a text and remember where everything came from.

    Parameters
    ----------
    source : str
        The text.
    edits : iterable of Edit
        In order, not overlapping. An empty replacement deletes.

    Returns
    -------
    MappedText
        The new text with its map.
    """
    return MappedText(source, len(source)).edited(edits)


def _layer(source: str, edits: Sequence[Edit]) -> tuple[str, _Layer]:
    layer = _Layer([], [], [], [])
    parts: list[str] = []
    out = src = 0

    def add(part: str, start: int, end: int, *, kept: bool) -> None:
        nonlocal out
        if not part:
            return
        layer.out.append(out)
        layer.src.append(start)
        layer.end.append(end)
        layer.kept.append(kept)
        parts.append(part)
        out += len(part)

    for start, end, replacement in edits:
        add(source[src:start], src, start, kept=True)
        add(replacement, start, end, kept=False)
        src = end
    add(source[src:], src, len(source), kept=True)
    return "".join(parts), layer
