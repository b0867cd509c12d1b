"""The word on a label: its letters come from a font that may be given away with anything.

Aileron (CC0) is the built-in font of Pillow, which carries it in its package. Its outlines become
part of the new document's own fonts, as all others do.
"""

from functools import cache
from typing import Any

from saferedact.media.pdf_programs import Outline, Program, load_program

__all__ = [
    "BOX_BOTTOM",
    "BOX_TOP",
    "LABEL_FONT",
    "SPOKEN_FONT",
    "TEXT_SIZE",
    "box_width",
    "fitting",
    "label_outline",
    "label_width",
]

LABEL_FONT = -1
"""Number that stands for the font of labels among the fonts of a source."""

SPOKEN_FONT = -2
"""As well, for the font of text that is not drawn."""

BOX_BOTTOM, BOX_TOP = -0.22, 0.8
"""Lower and upper edge of a label's box, in font sizes of its line."""

TEXT_SIZE = 0.62
"""Size of a label's word, in font sizes of its line: its capitals stand clear of the box's edges."""

_PADDING = 0.35  # on both sides of the word, in font sizes
_LEAST_PADDING = 0.05  # in a box that is narrower than its word asks for
_BARE_WIDTH = 3.0  # of a box without a word, in font sizes

_EMPTY: Outline = ()


@cache
def _program() -> tuple[Program, Any]:
    import io

    from fontTools.ttLib import TTFont
    from PIL import ImageFont

    font: Any = ImageFont.load_default(20)
    data = bytes(font.font_bytes)
    program = load_program(data, "FontFile2")
    if program is None:
        msg = "the font of labels cannot be read"
        raise RuntimeError(msg)
    parsed: Any = TTFont(io.BytesIO(data))
    return program, (parsed.getBestCmap(), parsed["hmtx"], parsed["head"].unitsPerEm)


@cache
def label_outline(character: str) -> tuple[Outline, float]:
    """Strokes of a character and its width in thousandths of the font size."""
    program, (cmap, metrics, units) = _program()
    name = cmap.get(ord(character))
    if name is None:
        return _EMPTY, 500.0
    return program.outline(name) or _EMPTY, round(metrics[name][0] * 1000 / units, 1)


def label_width(text: str) -> float:
    """Width of a word, in font sizes of the line that it stands in."""
    return sum(label_outline(character)[1] for character in text) / 1000 * TEXT_SIZE


def box_width(text: str) -> float:
    """Width of the box of a word, in font sizes of the line: it follows from the word alone."""
    return round(label_width(text) + 2 * _PADDING, 2) if text else _BARE_WIDTH


def fitting(text: str, width: float) -> float:
    """Share of `TEXT_SIZE` at which a word stays within a box of a width in font sizes.

    Words that reach over each other are read wrongly: PDFium drops a letter upon its like.
    """
    wide = label_width(text)
    return min(1.0, (width - 2 * _LEAST_PADDING) / wide) if wide else 1.0
