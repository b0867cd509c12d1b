"""Font programs as outlines: whatever the format, a glyph is a list of strokes of a pen.

Only outlines are taken from a program. Names, tables, hints, dates and glyphs that nobody asked for
stay behind. A program that cannot be read is None, never an error: its text becomes pixels.
"""

import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["STANDARD_FONTS", "UNITS", "Outline", "Program", "load_program", "standard_program"]

Outline = tuple[tuple[Any, ...], ...]
"""Pen strokes: (name, point, point, ...) with whole numbers of 1/1000 font size."""

UNITS = 1000  # font units of every outline: of Type 1 and CFF by their standards

_MAX_PROGRAM_BYTES = 32 * 1024**2
"""The largest fonts in use, for Chinese and Japanese, have about 20 MB."""

_MAX_STROKES = 5_000
"""Strokes of one glyph. The most intricate Chinese ones have about 500."""

STANDARD_FONTS = {
    "Helvetica": "helv",
    "Helvetica-Oblique": "heit",
    "Helvetica-Bold": "hebo",
    "Helvetica-BoldOblique": "hebi",
    "Times-Roman": "tiro",
    "Times-Italic": "tiit",
    "Times-Bold": "tibo",
    "Times-BoldItalic": "tibi",
    "Courier": "cour",
    "Courier-Oblique": "coit",
    "Courier-Bold": "cobo",
    "Courier-BoldOblique": "cobi",
    "Symbol": "symb",
    "ZapfDingbats": "zadb",
}
"""The 14 fonts that every reader brings (ISO 32000-1, 9.6.2.2), and what MuPDF calls its own."""


class Program:
    """The glyphs of one font program.

    Parameters
    ----------
    draw : callable
        Draws the glyph of a name with a pen, in the program's own units.
    scale : float
        From the program's units to thousandths of the font size.
    names : sequence of str
        Names of the glyphs by glyph id.
    cmaps : dict of (int, int) to dict of int to str
        Character maps of a TrueType program, by platform and encoding.
    encoding : dict of int to str
        Built-in encoding of a Type 1 program.
    cids : dict of int to str
        Glyph names by CID; of CID-keyed programs alone.
    advance : callable or None
        Tells the width of a glyph, in the program's own units.
    """

    def __init__(
        self,
        draw: Callable[[str, Any], None],
        scale: float,
        names: list[str],
        *,
        cmaps: dict[tuple[int, int], dict[int, str]] | None = None,
        encoding: dict[int, str] | None = None,
        cids: dict[int, str] | None = None,
        advance: Callable[[str], float] | None = None,
    ) -> None:
        self._draw = draw
        self._advance = advance
        self._scale = scale
        self.names = names
        self.known = frozenset(names)
        self.cmaps = cmaps or {}
        self.encoding = encoding or {}
        self.cids = cids
        self._outlines: dict[str, Outline | None] = {}

    def outline(self, name: str) -> Outline | None:
        """Strokes of a glyph; None if it is missing or cannot be drawn."""
        if name not in self._outlines:
            self._outlines[name] = self._outline(name)
        return self._outlines[name]

    def advance(self, name: str) -> float:
        """Width of a glyph in font sizes; 0 if the program does not tell."""
        return self._advance(name) * self._scale / UNITS if self._advance is not None else 0.0

    def _outline(self, name: str) -> Outline | None:
        from fontTools.misc.roundTools import otRound
        from fontTools.pens.recordingPen import RecordingPen
        from fontTools.pens.transformPen import TransformPen

        if name not in self.known:
            return None
        pen = RecordingPen()
        try:
            self._draw(name, TransformPen(pen, (self._scale, 0, 0, self._scale, 0, 0)))
        except Exception:  # noqa: BLE001  a program from a file can be broken in any way
            return None
        if len(pen.value) > _MAX_STROKES:
            return None
        # A curve that is closed has None for its last point: a rounding pen need not know that.
        return tuple(
            (operator, *(point and (otRound(point[0]), otRound(point[1])) for point in points))
            for operator, points in pen.value
        )


@cache
def standard_program(name: str) -> Program:
    """Program that stands for one of the 14 standard fonts, by its PDF name."""
    from saferedact.media.pdf_mupdf import mupdf

    program = _from_cff(mupdf().Font(STANDARD_FONTS[name]).buffer)
    if program is None:
        msg = f"the built-in font {name} cannot be read"
        raise RuntimeError(msg)
    return program


def load_program(data: bytes, kind: str, clear_bytes: int = 0) -> Program | None:
    """Read an embedded font program.

    Parameters
    ----------
    data : bytes
        The decoded stream.
    kind : {"FontFile", "FontFile2", "FontFile3"}
        Key of the font descriptor that led to it.
    clear_bytes : int
        Length of the part of a Type 1 program that is not encrypted.

    Returns
    -------
    Program or None
        None if it cannot be read.
    """
    if not 0 < len(data) <= _MAX_PROGRAM_BYTES:
        return None
    try:
        if kind == "FontFile":
            return _from_type1(data, clear_bytes)
        if data[:4] in (b"\0\1\0\0", b"true", b"OTTO"):
            return _from_sfnt(data)
        return _from_cff(data) if kind == "FontFile3" else None
    except Exception:  # noqa: BLE001  a program from a file can be broken in any way
        return None


def _from_sfnt(data: bytes) -> Program:
    from fontTools.ttLib import TTFont

    font: Any = TTFont(io.BytesIO(data), lazy=True, fontNumber=0)
    glyphs = font.getGlyphSet()
    names = list(font.getGlyphOrder())
    cmaps: dict[tuple[int, int], dict[int, str]] = {}
    if "cmap" in font:
        for table in font["cmap"].tables:
            if table.format != 14:
                cmaps.setdefault((table.platformID, table.platEncID), dict(table.cmap))
    if "glyf" in font:
        cids = None
    else:
        top = font["CFF "].cff[0]
        cids = _cids(top)

    def draw(name: str, pen: Any) -> None:
        from fontTools.pens.recordingPen import DecomposingRecordingPen

        flat = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(flat)
        flat.replay(pen)

    return Program(draw, UNITS / font["head"].unitsPerEm, names, cmaps=cmaps, cids=cids)


def _from_cff(data: bytes) -> Program | None:
    from fontTools.cffLib import CFFFontSet
    from fontTools.encodings.StandardEncoding import StandardEncoding

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[0]
    strings = top.CharStrings
    cids = _cids(top)
    matrix = list(top.FontMatrix)
    if cids is not None and hasattr(top, "FDArray"):
        inner = {tuple(fd.FontMatrix) for fd in top.FDArray if hasattr(fd, "FontMatrix")}
        plain = {(0.001, 0, 0, 0.001, 0, 0), (1, 0, 0, 1, 0, 0)}
        if matrix[0] == 0.001 and not inner <= plain:
            return None
    if matrix[1] or matrix[2] or matrix[0] != matrix[3]:
        return None
    encoding: dict[int, str] = {}
    if cids is None:
        stored = StandardEncoding if top.Encoding == "StandardEncoding" else top.Encoding
        if isinstance(stored, (list, tuple)):
            encoding = {code: name for code, name in enumerate(stored) if name != ".notdef"}

    def draw(name: str, pen: Any) -> None:
        strings[name].draw(pen)

    def advance(name: str) -> float:
        from fontTools.pens.basePen import NullPen

        strings[name].draw(NullPen())
        return float(strings[name].width)

    scale = matrix[0] * UNITS
    names = list(top.charset)
    return Program(draw, scale, names, encoding=encoding, cids=cids, advance=advance)


def _cids(top: Any) -> dict[int, str] | None:
    if not hasattr(top, "ROS"):
        return None
    found = {0: ".notdef"}
    for name in top.charset:
        if name.startswith("cid"):
            found[int(name[3:])] = name
    return found


_SUBR = re.compile(rb"dup\s+(\d+)\s+(\d+)\s+(?!dict|array)\S+ ")
_CHAR = re.compile(rb"/([^\s/{}\[\]()<>%]+)\s+(\d+)\s+(?!dict|array)\S+ ")
_CODE = re.compile(rb"dup\s+(\d+)\s*/([^\s/{}\[\]()<>%]+)\s+put")
_MATRIX = re.compile(rb"/FontMatrix\s*\[\s*([-\d.eE]+)")
_LEN_IV = re.compile(rb"/lenIV\s+(-?\d+)")


def _from_type1(data: bytes, clear_bytes: int) -> Program | None:
    """Read what is needed of a Type 1 program, which is PostScript, without running it."""
    from fontTools.encodings.StandardEncoding import StandardEncoding
    from fontTools.misc import eexec
    from fontTools.misc.psCharStrings import T1CharString
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    clear, hidden = _divided(data, clear_bytes)
    private = eexec.decrypt(hidden, 55665)[0][4:]
    found = _LEN_IV.search(private)
    skipped = int(found[1]) if found else 4
    divide = private.find(b"/CharStrings")
    if divide < 0:
        return None

    def strings(pattern: re.Pattern[bytes], start: int, end: int) -> dict[bytes, bytes]:
        read: dict[bytes, bytes] = {}
        while (match := pattern.search(private, start, end)) is not None:
            start = match.end() + int(match[2])
            code = private[match.end() : start]
            read[match[1]] = code if skipped < 0 else eexec.decrypt(code, 4330)[0][skipped:]
        return read

    stored = strings(_SUBR, 0, divide)
    subrs: list[Any] = [None] * (
        max(map(int, stored), default=-1) + 1 if len(stored) < 65_536 else 0
    )
    for number, code in stored.items():
        if int(number) < len(subrs):
            subrs[int(number)] = T1CharString(code, subrs=subrs)
    glyphs = {
        name.decode("latin-1"): T1CharString(code, subrs=subrs)
        for name, code in strings(_CHAR, divide, len(private)).items()
    }
    encoding = {int(code): name.decode("latin-1") for code, name in _CODE.findall(clear)}
    if not encoding:
        encoding = {code: name for code, name in enumerate(StandardEncoding) if name != ".notdef"}

    def draw(name: str, pen: Any) -> None:
        flat = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(flat)
        flat.replay(pen)

    matrix = _MATRIX.search(clear)
    scale = float(matrix[1]) * UNITS if matrix else 1.0
    return Program(draw, scale, list(glyphs), encoding=encoding)


def _divided(data: bytes, clear_bytes: int) -> tuple[bytes, bytes]:
    """Divide a Type 1 program into its plain and its encrypted part."""
    if data[:1] == b"\x80":  # in segments, as Windows stores it
        data, clear_bytes = _without_segments(data)
    if not data[:clear_bytes].rstrip().endswith(b"eexec"):
        clear_bytes = data.find(b"eexec") + 6
    clear, hidden = data[:clear_bytes], data[clear_bytes:].lstrip(b"\r\n")
    if all(byte in b"0123456789abcdefABCDEF \t\r\n" for byte in hidden[:8]):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", hidden)
        hidden = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    return clear, hidden


def _without_segments(data: bytes) -> tuple[bytes, int]:
    parts: list[bytes] = []
    clear = 0
    place = 0
    while data[place : place + 1] == b"\x80" and data[place + 1] in (1, 2):
        length = int.from_bytes(data[place + 2 : place + 6], "little")
        part = data[place + 6 : place + 6 + length]
        clear = clear or (len(part) if data[place + 1] == 1 else 0)
        parts.append(part)
        place += 6 + length
    return b"".join(parts), clear
