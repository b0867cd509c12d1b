"""What a reader sees on a page, as plain data: runs of glyphs, straight shapes, and patches of pixels.

Coordinates are points of the upright visible page: rotation and user unit are applied, the origin
is the lower left corner, y goes up. `Matrix` is (a, b, c, d, e, f) as in the PDF standard.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = [
    "ASCENT",
    "DESCENT",
    "IDENTITY",
    "Box",
    "Color",
    "Glyph",
    "Matrix",
    "PageModel",
    "Patch",
    "Run",
    "Shape",
    "bounds",
    "intersect",
    "multiply",
    "overlap",
    "transform",
]

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Color = tuple[float, ...]
"""One number is gray, three are RGB, four are CMYK, all 0 to 1."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

ASCENT, DESCENT = 0.78, -0.24
"""Upper and lower edge of a glyph's box, in font sizes. Of Latin letters in Helvetica, Times, Courier
and DejaVu, accented capitals excepted, none reaches beyond; a font's own figures may lie."""


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Apply `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def transform(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Move one point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def bounds(matrix: Matrix, box: Box) -> Box:
    """Upright box around a transformed box."""
    x1, y1, x2, y2 = box
    points = [transform(matrix, x, y) for x, y in ((x1, y1), (x2, y1), (x1, y2), (x2, y2))]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def intersect(one: Box, other: Box) -> Box | None:
    """Common part of two boxes; None if they share no area."""
    x1, y1 = max(one[0], other[0]), max(one[1], other[1])
    x2, y2 = min(one[2], other[2]), min(one[3], other[3])
    return (x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None


def overlap(one: Box, other: Box) -> float:
    """Area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


class Glyph(NamedTuple):
    """One glyph of a run.

    Parameters
    ----------
    code : int
        Character code in the run's font.
    text : str
        What the text layer says it is; may be empty.
    x, y : float
        Origin.
    advance : float
        Width in font sizes.
    hidden : bool
        Nothing of it can be seen.
    """

    code: int
    text: str
    x: float
    y: float
    advance: float
    hidden: bool = False


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs that are drawn alike, by one operator.

    Parameters
    ----------
    font : int
        Number of the font in the document.
    matrix : (float, float, float, float)
        From font sizes to points: (size, 0, 0, size) for upright text.
    color : Color
        Of the glyphs.
    alpha : float
        Opacity, 0 to 1.
    glyphs : list of Glyph
        In drawing order.
    """

    font: int
    matrix: tuple[float, float, float, float]
    color: Color
    alpha: float
    glyphs: list[Glyph]

    @property
    def size(self) -> float:
        """Height of a font size, in points."""
        return math.hypot(self.matrix[2], self.matrix[3])

    def box(self, glyph: Glyph) -> Box:
        """Upright box of one glyph: its advance wide, from descender to ascender."""
        a, b, c, d = self.matrix
        width = max(glyph.advance, 0.05)  # of marks that do not advance
        if b == c == 0.0 and a > 0 and d > 0:  # nearly all text; boxes are asked for very often
            x, y = glyph.x, glyph.y
            return x, y + d * DESCENT, x + a * width, y + d * ASCENT
        return bounds((a, b, c, d, glyph.x, glyph.y), (0.0, DESCENT, width, ASCENT))


class Shape(NamedTuple):
    """A filled upright rectangle or a straight stroked line.

    Parameters
    ----------
    kind : {"fill", "line"}
        What `xyxy` is: a box, or the two ends of a line.
    xyxy : Box
        In points.
    color : Color
        Its color.
    width : float
        Of a line, in points.
    cap : int
        Of a line: 0 butt, 1 round, 2 square.
    dash : tuple of float
        Of a line, in points: lengths on and off.
    """

    kind: str
    xyxy: Box
    color: Color
    width: float = 0.0
    cap: int = 0
    dash: tuple[float, ...] = ()

    @property
    def bounds(self) -> Box:
        """Upright box around it, the line's width included."""
        x1, y1, x2, y2 = self.xyxy
        half = self.width / 2 if self.kind == "line" else 0.0
        return min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half


class Patch(NamedTuple):
    """A part of the page that is taken over as pixels.

    Parameters
    ----------
    xyxy : Box
        In points.
    dpi : int
        How finely.
    photo : bool
        Whether what is there was a photograph, which may be coded with loss.
    image : bool
        Whether there is an image, and `dpi` its own fineness, as far as it is kept.
    """

    xyxy: Box
    dpi: int
    photo: bool
    image: bool = False


@dataclass(slots=True, eq=False)
class PageModel:
    """One page.

    Parameters
    ----------
    index : int
        From 0.
    size : (float, float)
        Width and height of the visible page, in points.
    runs : list of Run
        All text that can be set again, hidden text included.
    shapes : list of Shape
        In drawing order.
    patches : list of Patch
        Everything else; they do not overlap.
    raster : str
        Why the whole page must become pixels; empty if it need not.
    look : bool
        Whether pixels or untrusted fonts may show text that the text layer does not tell.
    trusted : bool
        Whether its fonts show what the text layer says.
    """

    index: int
    size: tuple[float, float]
    runs: list[Run] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    raster: str = ""
    look: bool = False
    trusted: bool = True

    def to_down(self, box: Box) -> Box:
        """Box with the origin at the upper left corner and y down, as plans have it."""
        height = self.size[1]
        return box[0], height - box[3], box[2], height - box[1]

    to_up = to_down
