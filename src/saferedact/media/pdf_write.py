"""Writing a new document: every byte is made here from what pages show, none is copied.

Numbers are rounded, resources are numbered by their first use, objects are written in one fixed
order, and nothing tells when, where or by what the source was made. So equal pages give equal bytes.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_fontfile import NewFont
from saferedact.media.pdf_fonts import SourceFont
from saferedact.media.pdf_label import LABEL_FONT, label_outline
from saferedact.media.pdf_model import Box, Color, Run, Shape
from saferedact.media.pdf_pixels import image_stream

if TYPE_CHECKING:
    from saferedact.media.pdf_redact import Redacted

__all__ = ["Label", "NewDocument", "PlacedImage", "Spoken"]

_NUDGE = 1e-6
"""Added before rounding: producers write coordinates with few decimals, which would lie exactly
between two roundings and fall to either side by the noise of a sum."""


class PlacedImage(NamedTuple):
    """Pixels and where they stand.

    Parameters
    ----------
    xyxy : Box
        In points, y up.
    pixels : ndarray, shape (h, w, 3), uint8
        sRGB.
    photo : bool
        Whether they may be coded with loss.
    """

    xyxy: Box
    pixels: npt.NDArray[np.uint8]
    photo: bool


class Label(NamedTuple):
    """A box and the word on it.

    Parameters
    ----------
    matrix : (float, float, float, float, float, float)
        From font sizes to points; the box begins at the origin.
    width : float
        Of the box, in font sizes.
    text : str
        The word; may be empty.
    color : Color
        Of the box.
    """

    matrix: tuple[float, float, float, float, float, float]
    width: float
    text: str
    color: Color


class Spoken(NamedTuple):
    """A line of text that is not drawn.

    Parameters
    ----------
    matrix : (float, float, float, float, float, float)
        From font sizes to points; the line begins at the origin.
    text : str
        The line.
    """

    matrix: tuple[float, float, float, float, float, float]
    text: str


class NewDocument:
    """A document that grows page by page.

    Parameters
    ----------
    fonts : sequence of SourceFont or None
        Fonts of the source, by number. May grow while pages are added.
    """

    def __init__(self, fonts: Sequence[SourceFont | None]) -> None:
        import pikepdf

        self._pdf: Any = pikepdf.new()
        self._source_fonts = fonts
        self._fonts: dict[int, tuple[NewFont, Any]] = {}

    def add_page(self, page: "Redacted", images: Sequence[PlacedImage]) -> None:
        """Add a page.

        Parameters
        ----------
        page : Redacted
            Shapes, covers and text, from `saferedact.media.pdf_redact.take_out`.
        images : sequence of PlacedImage
            Drawn over the shapes and under covers and text.
        """
        from pikepdf import Dictionary

        model = page.model
        writer = _PageWriter(self)
        for shape in model.shapes:
            writer.shape(shape)
        objects = Dictionary()
        for number, image in enumerate(images, start=1):
            objects[f"/I{number}"] = image_stream(self._pdf, image.pixels, photo=image.photo)
            writer.image(f"/I{number}", image.xyxy)
        for shape in page.covers:
            writer.shape(shape)
        for line in page.spoken:
            writer.spoken(line)
        writer.text(page)
        for label in page.labels:
            writer.label(label)
        width, height = model.size
        self._pdf.add_blank_page(page_size=(_round2(width), _round2(height)))
        added = self._pdf.pages[-1].obj
        for key in list(added.keys()):
            if key not in ("/Type", "/Parent", "/MediaBox"):
                del added[key]
        added["/Contents"] = self._pdf.make_stream("\n".join(writer.lines).encode("ascii"))
        added["/Resources"] = self._resources(writer, objects)

    def _resources(self, writer: "_PageWriter", objects: Any) -> Any:
        from pikepdf import Dictionary

        resources = Dictionary()
        if writer.fonts:
            resources["/Font"] = Dictionary(
                {f"/F{number}": self._fonts_by_number[number] for number in writer.fonts}
            )
        if len(objects):
            resources["/XObject"] = objects
        if writer.alphas:
            resources["/ExtGState"] = Dictionary(
                {f"/A{alpha}": Dictionary(ca=alpha / 100) for alpha in writer.alphas}
            )
        return resources

    @property
    def _fonts_by_number(self) -> dict[int, Any]:
        return {number: target for number, (_, target) in enumerate(self._fonts.values(), start=1)}

    def font(self, index: int) -> tuple[int, NewFont]:
        """Return number and font for one of the source; both are made at its first use."""
        from pikepdf import Dictionary

        if index not in self._fonts:
            number = len(self._fonts) + 1
            name = f"{_tag(number)}+Text{number}"
            self._fonts[index] = (NewFont(name), self._pdf.make_indirect(Dictionary()))
        return list(self._fonts).index(index) + 1, self._fonts[index][0]

    def source_font(self, index: int) -> SourceFont:
        """Font of the source by number."""
        found = self._source_fonts[index]
        if found is None:
            msg = "a run of a font that cannot be read"
            raise RuntimeError(msg)
        return found

    def save(self, path: Path | BinaryIO) -> None:
        """Write the document."""
        import pikepdf

        for font, target in self._fonts.values():
            font.write(self._pdf, target)
        self._pdf.save(
            path,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
            fix_metadata_version=False,
            min_version="1.7",
        )


class _PageWriter:
    """Content of one page."""

    def __init__(self, document: NewDocument) -> None:
        self._document = document
        self.lines: list[str] = []
        self.fonts: list[int] = []
        self.alphas: list[int] = []
        self._color: Color | None = None
        self._alpha = 100

    def _fill(self, color: Color, alpha: float = 1.0) -> None:
        share = min(100, max(0, round(alpha * 100)))
        if share != self._alpha:
            if share not in self.alphas:
                self.alphas.append(share)
            self.lines.append(f"/A{share} gs")
            self._alpha = share
        if color != self._color:
            operator = {1: "g", 3: "rg", 4: "k"}[len(color)]
            self.lines.append(f"{' '.join(_number(value, 3) for value in color)} {operator}")
            self._color = color

    def shape(self, shape: Shape) -> None:
        """Draw a box or a line."""
        x1, y1, x2, y2 = shape.xyxy
        if shape.kind == "fill":
            self._fill(shape.color)
            box = (x1, y1, x2 - x1, y2 - y1)
            self.lines.append(f"{' '.join(map(_number, box))} re f")
            return
        operator = {1: "G", 3: "RG", 4: "K"}[len(shape.color)]
        color = " ".join(_number(value, 3) for value in shape.color)
        dash = f"[{' '.join(map(_number, shape.dash))}] 0 d " if any(shape.dash) else ""
        self.lines.append(
            f"q {color} {operator} {_number(shape.width)} w {shape.cap} J {dash}"
            f"{_number(x1)} {_number(y1)} m {_number(x2)} {_number(y2)} l S Q"
        )

    def image(self, name: str, xyxy: Box) -> None:
        """Draw an image."""
        x1, y1, x2, y2 = xyxy
        box = f"{_number(x2 - x1, 4)} 0 0 {_number(y2 - y1, 4)} {_number(x1, 4)} {_number(y1, 4)}"
        self.lines.append(f"q {box} cm {name} Do Q")

    def text(self, page: "Redacted") -> None:
        """Draw all text in the order of the source; lines that were set again keep their places."""
        lines = sorted(page.lines, key=lambda line: line[0])
        for number, run in enumerate(page.model.runs):
            while lines and lines[0][0] <= number:
                self._line(lines.pop(0)[1])
            self.run(run)
        for _, line in lines:
            self._line(line)

    def _line(self, line: "Sequence[Run | Label]") -> None:
        for item in line:
            if isinstance(item, Label):
                self.label(item)
            else:
                self.run(item)

    def run(self, run: Run) -> None:
        """Draw the glyphs of a run that can be seen."""
        shown = [glyph for glyph in run.glyphs if not glyph.hidden]
        if not shown or run.alpha < 0.005:
            return
        source = self._document.source_font(run.font)
        a, b, c, d = run.matrix
        length = math.hypot(a, b)
        if length == 0:
            return
        number, font = self._use(run.font)
        self._fill(run.color, run.alpha)
        ux, uy = a / length, b / length
        pen_x, pen_y = shown[0].x, shown[0].y
        start = (pen_x, pen_y)
        parts: list[str] = []
        codes = ""
        for glyph in shown:
            outline = source.outline(glyph.code) or ()
            width = _width(glyph.advance)
            code = font.code(outline, width, glyph.text)
            dx, dy = glyph.x - pen_x, glyph.y - pen_y
            along, off = dx * ux + dy * uy, -dx * uy + dy * ux
            if abs(off) > 0.01 or abs(along) > 20 * length:
                self._text(number, (a, b, c, d), start, parts, codes)
                start, parts, codes = (glyph.x, glyph.y), [], ""
                pen_x, pen_y = start
                along = 0.0
            shift = -round(along / length * 1000 + _NUDGE)
            if shift:
                if codes:
                    parts.append(f"<{codes}>")
                    codes = ""
                parts.append(str(shift))
                pen_x, pen_y = pen_x - shift / 1000 * a, pen_y - shift / 1000 * b
            codes += f"{code:04X}"
            pen_x, pen_y = pen_x + width / 1000 * a, pen_y + width / 1000 * b
        self._text(number, (a, b, c, d), start, parts, codes)

    def _text(
        self,
        number: int,
        matrix: tuple[float, float, float, float],
        start: tuple[float, float],
        parts: list[str],
        codes: str,
    ) -> None:
        if codes:
            parts.append(f"<{codes}>")
        numbers = [_number(value, 4) for value in matrix] + [_number(value) for value in start]
        self.lines.append(
            f"BT /F{number} 1 Tf {' '.join(numbers)} Tm [{''.join(parts) if len(parts) == 1 else ' '.join(parts)}] TJ ET"
        )

    def _use(self, index: int) -> tuple[int, NewFont]:
        number, font = self._document.font(index)
        if number not in self.fonts:
            self.fonts.append(number)
        return number, font

    def spoken(self, line: Spoken) -> None:
        """Place text that is not drawn: its glyphs are empty."""
        from saferedact.media.pdf_label import SPOKEN_FONT, label_outline

        number, font = self._use(SPOKEN_FONT)
        codes = "".join(f"{font.code((), label_outline(c)[1], c):04X}" for c in line.text)
        if codes:
            numbers = [_number(value, 4) for value in line.matrix]
            self.lines.append(f"q BT /F{number} 1 Tf 3 Tr {' '.join(numbers)} Tm <{codes}> Tj ET Q")

    def label(self, label: Label) -> None:
        """Draw a box with a word on it."""
        from saferedact.media.pdf_label import BOX_BOTTOM, BOX_TOP, TEXT_SIZE, fitting, label_width

        a, b, c, d, e, f = label.matrix
        numbers = [_number(value, 4) for value in (a, b, c, d)] + [_number(e), _number(f)]
        self._fill(label.color)
        self.lines.append(
            f"q {' '.join(numbers)} cm 0 {_number(BOX_BOTTOM)} {_number(label.width, 3)} "
            f"{_number(BOX_TOP - BOX_BOTTOM)} re f Q"
        )
        if not label.text:
            return
        number, font = self._use(LABEL_FONT)
        self._fill(_contrast(label.color))
        codes = ""
        last = len(label.text) - 1
        for place, character in enumerate(label.text):
            outline, width = label_outline(character)
            # Who searches or copies reads the word in brackets; they are not drawn.
            told = "[" * (place == 0) + character + "]" * (place == last)
            codes += f"{font.code(outline, width, told):04X}"
        fit = fitting(label.text, label.width)
        indent = (label.width - label_width(label.text) * fit) / 2
        rise = 0.28 - 0.22 * fit  # capitals are 0.71 of their size: they stand in the box's middle
        x, y = a * indent + c * rise + e, b * indent + d * rise + f
        size = [_number(value * TEXT_SIZE * fit, 4) for value in (a, b, c, d)]
        self.lines.append(
            f"BT /F{number} 1 Tf {' '.join(size)} {_number(x)} {_number(y)} Tm <{codes}> Tj ET"
        )


def _contrast(color: Color) -> Color:
    """Black on what is light, white on what is dark; `color` is that of a region, RGB."""
    light = 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2]
    return (0.0,) if light > 0.5 else (1.0,)


def _width(advance: float) -> float:
    return round(advance * 1000 + _NUDGE, 1)


def _round2(value: float) -> float:
    return round(value + _NUDGE, 2)


def _number(value: float, digits: int = 2) -> str:
    text = f"{value + _NUDGE:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _tag(number: int) -> str:
    """Six letters before a subset's name: counted, as anything random would not be the same twice."""
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, 26)
        letters = chr(65 + rest) + letters
    return letters
