"""Fonts of a new document: only the glyphs that it uses, numbered by their first use.

A glyph's number, its width, its text and its place in every table follow from the new document
alone. An embedded subset of the source would still hold the letters that only the hidden text used.
"""

import io
from typing import Any

from saferedact.media.pdf_programs import UNITS, Outline

__all__ = ["NewFont"]

_MAX_GLYPHS = 60_000  # codes have two bytes

_BOX = (-2000, -2000, 4000, 4000)
"""FontBBox of every font: one that fitted its glyphs would tell of nothing but them, but readers do
not need it, and a constant tells nothing at all."""

Key = tuple[Outline, float, str]


class NewFont:
    """A font that grows as pages are written.

    Parameters
    ----------
    name : str
        Its name in the document.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._codes: dict[Key, int] = {}

    def code(self, outline: Outline, width: float, text: str) -> int:
        """Return the code of a glyph; a new one at its first use.

        Parameters
        ----------
        outline : Outline
            Its strokes.
        width : float
            Its advance in thousandths of the font size.
        text : str
            What it is for those who search or copy; empty if nobody knows.
        """
        key = (outline, width, text)
        if key not in self._codes:
            self._codes[key] = len(self._codes) + 1
        return self._codes[key]

    def write(self, pdf: Any, target: Any) -> None:
        """Fill a font dictionary.

        Parameters
        ----------
        pdf : pikepdf.Pdf
            The new document.
        target : pikepdf.Dictionary
            An indirect, empty dictionary.
        """
        from pikepdf import Array, Dictionary, Name, String

        program = pdf.make_stream(self._program())
        program["/Subtype"] = Name("/CIDFontType0C")
        descriptor = pdf.make_indirect(
            Dictionary(
                Type=Name("/FontDescriptor"),
                FontName=Name(f"/{self.name}"),
                Flags=4,
                FontBBox=Array([_BOX[0], _BOX[1], _BOX[2], _BOX[3]]),
                ItalicAngle=0,
                Ascent=780,
                Descent=-240,
                CapHeight=700,
                StemV=80,
                FontFile3=program,
            )
        )
        widths = [_plain(width) for _, width, _ in self._codes]
        inner = pdf.make_indirect(
            Dictionary(
                Type=Name("/Font"),
                Subtype=Name("/CIDFontType0"),
                BaseFont=Name(f"/{self.name}"),
                CIDSystemInfo=Dictionary(
                    Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
                ),
                FontDescriptor=descriptor,
                DW=0,
                W=Array([1, Array(widths)]),
            )
        )
        target["/Type"] = Name("/Font")
        target["/Subtype"] = Name("/Type0")
        target["/BaseFont"] = Name(f"/{self.name}")
        target["/Encoding"] = Name("/Identity-H")
        target["/DescendantFonts"] = Array([inner])
        target["/ToUnicode"] = pdf.make_stream(self._to_unicode())

    def _program(self) -> bytes:
        """Build a bare CFF program (Adobe technical note 5176)."""
        from fontTools.fontBuilder import FontBuilder
        from fontTools.pens.recordingPen import RecordingPen
        from fontTools.pens.t2CharStringPen import T2CharStringPen

        names = [".notdef", *(f"g{code}" for code in self._codes.values())]
        builder = FontBuilder(UNITS, isTTF=False)
        builder.setupGlyphOrder(names)
        empty = T2CharStringPen(0, None).getCharString()
        strings = {".notdef": empty}
        for (outline, width, _), code in self._codes.items():
            pen = T2CharStringPen(round(width), None)
            replay = RecordingPen()
            replay.value = [(operator, points) for operator, *points in outline]
            replay.replay(pen)
            strings[f"g{code}"] = pen.getCharString()
        builder.setupCFF(self.name, {"FontBBox": list(_BOX)}, strings, {})
        target = io.BytesIO()
        font_set = builder.font["CFF "].cff
        font_set.compile(target, builder.font)
        return target.getvalue()

    def _to_unicode(self) -> bytes:
        lines = [
            (code, text.encode("utf-16-be").hex())
            for (_, _, text), code in self._codes.items()
            if text
        ]
        parts = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for start in range(0, len(lines), 100):
            block = lines[start : start + 100]
            parts.append(f"{len(block)} beginbfchar")
            parts += [f"<{code:04X}> <{text.upper()}>" for code, text in block]
            parts.append("endbfchar")
        parts.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(parts).encode("ascii")

    @property
    def full(self) -> bool:
        """Whether it takes no more glyphs."""
        return len(self._codes) >= _MAX_GLYPHS


def _plain(width: float) -> int | float:
    return int(width) if float(width).is_integer() else round(width, 1)
