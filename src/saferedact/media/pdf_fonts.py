"""Fonts of a source page: from character codes to glyphs, widths and text.

Supported are the 14 standard fonts, simple Type 1 and TrueType fonts, and composite fonts with the
encoding Identity-H, the latter two with their program embedded. Text in any other font (Type 3,
other CMaps, vertical writing, programs that cannot be read) becomes pixels.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from saferedact.media.pdf_encodings import name_to_text, names_of, truetype_glyphs
from saferedact.media.pdf_objects import is_array, is_stream
from saferedact.media.pdf_programs import (
    STANDARD_FONTS,
    Outline,
    Program,
    load_program,
    standard_program,
)
from saferedact.media.pdf_unicode import to_unicode

__all__ = ["SourceFont", "read_font"]

_LONGEST_TEXT = 4
"""Characters one glyph may stand for: the longest common ligature is "ffi"."""

_LEAST_INK = 20
"""Thousandths of the font size, both ways, from which a glyph shows something: a full stop has 80."""

_ALIASES = {
    "Arial": "Helvetica",
    "ArialMT": "Helvetica",
    "Arial-Bold": "Helvetica-Bold",
    "Arial,Bold": "Helvetica-Bold",
    "Arial-BoldMT": "Helvetica-Bold",
    "Arial-ItalicMT": "Helvetica-Oblique",
    "Arial-BoldItalicMT": "Helvetica-BoldOblique",
    "TimesNewRoman": "Times-Roman",
    "TimesNewRomanPSMT": "Times-Roman",
    "TimesNewRomanPS-BoldMT": "Times-Bold",
    "TimesNewRomanPS-ItalicMT": "Times-Italic",
    "TimesNewRomanPS-BoldItalicMT": "Times-BoldItalic",
    "CourierNew": "Courier",
    "CourierNewPSMT": "Courier",
    "CourierNewPS-BoldMT": "Courier-Bold",
    "CourierNewPS-ItalicMT": "Courier-Oblique",
    "CourierNewPS-BoldItalicMT": "Courier-BoldOblique",
}
"""Fonts that readers replace by a standard one of the same widths."""

_SUBSET_TAG = re.compile("^[A-Z]{6}\\+")


class SourceFont:
    """One font of the source.

    Parameters
    ----------
    program : Program
        Its outlines.
    glyph_names : dict of int to str
        Name in the program of the glyph of a code; for composite fonts filled when asked for.
    widths : dict of int to float
        Advances in font sizes.
    default_width : float
        Advance of other codes.
    unicode : dict of int to str
        What ToUnicode says.
    names : dict of int to str
        Glyph names by which an encoding tells its text; of simple fonts alone.
    composite : bool
        Whether codes have two bytes.
    """

    def __init__(
        self,
        program: Program,
        glyph_names: dict[int, str],
        widths: dict[int, float],
        default_width: float,
        unicode: dict[int, str],
        *,
        names: dict[int, str],
        composite: bool,
        gids: bytes | None = None,
        standard: bool = False,
    ) -> None:
        self.program = program
        self.composite = composite
        self.standard = standard
        self._glyph_names = glyph_names
        self._widths = widths
        self._default_width = default_width
        self._unicode = unicode
        self._names = names
        self._gids = gids
        self._texts: dict[int, str] = {}

    def codes(self, data: bytes) -> Iterator[int]:
        """Split a string into codes."""
        if not self.composite:
            yield from data
            return
        for place in range(0, len(data) - 1, 2):
            yield data[place] << 8 | data[place + 1]

    def advance(self, code: int) -> float:
        """Width of a code's glyph, in font sizes."""
        return self._widths.get(code, self._default_width)

    def outline(self, code: int) -> Outline | None:
        """Strokes of a code's glyph; None if it has none that can be read."""
        name = self.glyph_name(code)
        return None if name is None else self.program.outline(name)

    def glyph_name(self, code: int) -> str | None:
        """Name, in the program, of a code's glyph."""
        if not self.composite or code in self._glyph_names:
            return self._glyph_names.get(code)
        cids = self.program.cids
        if cids is not None:
            return cids.get(code, ".notdef")
        gid = code
        if self._gids is not None:
            gid = int.from_bytes(self._gids[2 * code : 2 * code + 2], "big")
        return self.program.names[gid] if gid < len(self.program.names) else None

    def text(self, code: int) -> str:
        """What the text layer says a code is; empty if it says nothing, or that ink is a blank."""
        if code not in self._texts:
            told = self._told(code)
            if told and _is_blank(told) and self._has_ink(code):
                told = ""
            self._texts[code] = told[:_LONGEST_TEXT]
        return self._texts[code]

    def says_more(self, code: int) -> bool:
        """Tell whether the text layer says more of a code than `text` does: a word as one glyph."""
        return len(self._told(code)) > _LONGEST_TEXT

    def _told(self, code: int) -> str:
        told = self._unicode.get(code, "")
        return told or (name_to_text(self._names[code]) if code in self._names else "")

    def _has_ink(self, code: int) -> bool:
        points = [point for _, *points in self.outline(code) or () for point in points if point]
        sides = [[point[axis] for point in points] for axis in (0, 1)]
        return bool(points) and all(max(side) - min(side) >= _LEAST_INK for side in sides)

    def told_twice(self, code: int) -> bool:
        """Tell whether the encoding of a standard font confirms the text of a code."""
        if not self.standard or code not in self._names:
            return False
        named = name_to_text(self._names[code])
        return named != "" and named == self.text(code)


def _is_blank(text: str) -> bool:
    """Tell whether a text has nothing that could be seen; a soft hyphen is, at the end of a line."""
    unseen = ("Cc", "Cf", "Zs", "Zl", "Zp")
    return all(unicodedata.category(char) in unseen and char != "\u00ad" for char in text)


def read_font(font: Any) -> SourceFont | None:
    """Read a font dictionary.

    Parameters
    ----------
    font : pikepdf.Dictionary
        From a page's resources.

    Returns
    -------
    SourceFont or None
        None if its text has to become pixels.
    """
    try:
        subtype = str(font.get("/Subtype", ""))
        if subtype == "/Type0":
            return _composite(font)
        if subtype in ("/Type1", "/TrueType", "/MMType1"):
            return _simple(font, truetype=subtype == "/TrueType")
    except Exception:  # noqa: BLE001  a dictionary of a file can hold anything
        return None
    return None


def _simple(font: Any, *, truetype: bool) -> SourceFont | None:
    descriptor = font.get("/FontDescriptor")
    base = _SUBSET_TAG.sub("", str(font.get("/BaseFont", "/"))[1:])
    program = _embedded(descriptor)
    standard = program is None
    if program is None:
        base = _ALIASES.get(base, base)
        if base not in STANDARD_FONTS or _has_program(descriptor):
            return None
        program, truetype = standard_program(base), False
    symbolic = base in ("Symbol", "ZapfDingbats") if standard else _flag(descriptor, 4)
    names = names_of(font.get("/Encoding"), program, standard=standard, symbolic=symbolic)
    if truetype and program.cmaps:
        own = font.get("/Encoding") is not None and not symbolic
        glyphs = truetype_glyphs(program, names if own else {})
    else:
        glyphs = {code: name for code, name in names.items() if name in program.known}
    first = int(font.get("/FirstChar", 0))
    widths = {first + i: float(w) / 1000 for i, w in enumerate(font.get("/Widths", [])) if i < 256}
    default = float(descriptor.get("/MissingWidth", 0)) / 1000 if descriptor is not None else 0.0
    if not widths:
        if not standard:
            return None
        widths = _standard_widths(program, names)
    return SourceFont(
        program,
        glyphs,
        widths,
        default,
        to_unicode(font.get("/ToUnicode")),
        names=names,
        composite=False,
        standard=standard,
    )


def _standard_widths(program: Program, names: dict[int, str]) -> dict[int, float]:
    """Advances of a standard font; the program's own are the published ones."""
    return {code: program.advance(name) for code, name in names.items() if name in program.known}


def _composite(font: Any) -> SourceFont | None:
    if str(font.get("/Encoding", "")) != "/Identity-H":
        return None
    inner = font["/DescendantFonts"][0]
    program = _embedded(inner.get("/FontDescriptor"))
    if program is None:
        return None
    gids = None
    if str(inner.get("/Subtype")) == "/CIDFontType2":
        stored = inner.get("/CIDToGIDMap")
        if stored is not None and is_stream(stored):
            gids = bytes(stored.read_bytes())
    widths: dict[int, float] = {}
    entries = list(inner.get("/W", []))
    place = 0
    while place + 1 < len(entries):
        first = int(entries[place])
        following = entries[place + 1]
        if is_array(following):
            for i, width in enumerate(following):
                widths[first + i] = float(width) / 1000
            place += 2
        else:
            last = min(int(following), 65_535)
            width = float(entries[place + 2]) / 1000
            widths |= dict.fromkeys(range(first, last + 1), width)
            place += 3
    return SourceFont(
        program,
        {},
        widths,
        float(inner.get("/DW", 1000)) / 1000,
        to_unicode(font.get("/ToUnicode")),
        names={},
        composite=True,
        gids=gids,
    )


def _flag(descriptor: Any, bit: int) -> bool:
    return descriptor is not None and bool(int(descriptor.get("/Flags", 0)) & bit)


def _has_program(descriptor: Any) -> bool:
    keys = ("/FontFile", "/FontFile2", "/FontFile3")
    return descriptor is not None and any(key in descriptor for key in keys)


def _embedded(descriptor: Any) -> Program | None:
    if descriptor is None:
        return None
    for kind in ("FontFile2", "FontFile3", "FontFile"):
        stream = descriptor.get(f"/{kind}")
        if stream is not None:
            clear = int(stream.get("/Length1", 0)) if kind == "FontFile" else 0
            return load_program(bytes(stream.read_bytes()), kind, clear)
    return None
