"""What is known while a page's content is interpreted: its state, its fonts, and what was found."""

from dataclasses import dataclass, field
from typing import Any

from saferedact.media.pdf_color import Space
from saferedact.media.pdf_fonts import SourceFont, read_font
from saferedact.media.pdf_layers import Layers
from saferedact.media.pdf_model import Box, Color, Matrix, Patch, Run, Shape

__all__ = ["Context", "FontTable", "Found", "GraphicsState", "ShowKey"]

ShowKey = tuple[Any, int]
"""A text-showing operator: its stream, and its place among the stream's operators."""


@dataclass(slots=True)
class GraphicsState:
    """State that a content stream changes (ISO 32000-1, table 52)."""

    matrix: Matrix
    clip: Box
    clip_exact: bool = True
    fill: Color | None = (0.0,)
    stroke: Color | None = (0.0,)
    fill_space: Space | None = None
    stroke_space: Space | None = None
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    special: bool = False
    width: float = 1.0
    cap: int = 0
    dash: tuple[float, ...] = ()
    font: int = -1
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


class FontTable:
    """Fonts of a document, numbered by first use."""

    def __init__(self) -> None:
        self.fonts: list[SourceFont | None] = []
        self._numbers: dict[Any, int] = {}

    def number(self, stored: Any) -> int:
        """Return the number of a font dictionary."""
        key = stored.objgen if stored.objgen != (0, 0) else stored.unparse()
        if key not in self._numbers:
            self._numbers[key] = len(self.fonts)
            self.fonts.append(read_font(stored))
        return self._numbers[key]


@dataclass(slots=True)
class Found:
    """What an `Interpreter` found on one page.

    Parameters
    ----------
    runs : list of Run
        Text that can be set again.
    shapes : list of Shape
        Straight shapes.
    patches : list of Patch
        The rest, as pixels; overlapping ones are not joined yet.
    shown : dict of ShowKey to int
        Operators that showed `runs`, with their rendering modes.
    refused : set of ShowKey
        Operators whose text becomes pixels.
    """

    runs: list[Run] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    shown: dict[ShowKey, int] = field(default_factory=dict)
    refused: set[ShowKey] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Context:
    """What all streams of one page share.

    Parameters
    ----------
    fonts : FontTable
        Fonts of the document.
    layers : Layers
        What is shown.
    view : Box
        The visible page, in points.
    refused : frozenset of ShowKey
        Operators that must become pixels, as another use of their stream needs it.
    found : Found
        What was found so far.
    operators : int
        Operators that were met so far.
    forms : list
        Forms that are being drawn, the outermost first.
    """

    fonts: FontTable
    layers: Layers
    view: Box
    refused: frozenset[ShowKey] = frozenset()
    found: Found = field(default_factory=Found)
    operators: int = 0
    forms: list[Any] = field(default_factory=list)
