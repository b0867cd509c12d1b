"""Fonts of a source page: from character codes to glyphs, widths and text.

Supported are the 14 standard fonts, simple Type 1 and TrueType fonts, and composite fonts with the
encoding Identity-H, the latter two with their program embedded. Text in any other font (Type 3,
other CMaps, vertical writing, programs that cannot be read) becomes pixels.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from saferedact.media.pdf_objects import is_array, is_dictionary, is_stream
from saferedact.media.pdf_programs import (
    STANDARD_FONTS,
    Outline,
    Program,
    load_program,
    standard_program,
)

__all__ = ["SourceFont", "read_font", "to_unicode"]

_MAX_UNICODE_BYTES = 4 * 1024**2
"""A ToUnicode stream that maps all 65,536 codes has about 1.5 MB."""

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


@cache
def name_to_text(name: str) -> str:
    """Text that a glyph name stands for by Adobe's list; empty if it is not in it."""
    from fontTools.agl import toUnicode

    return str(toUnicode(name))


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
    names = _encoding(font.get("/Encoding"), program, standard=standard, symbolic=symbolic)
    if truetype and program.cmaps:
        own = font.get("/Encoding") is not None and not symbolic
        glyphs = _truetype_glyphs(program, names if own else {})
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


def _encoding(stored: Any, program: Program, *, standard: bool, symbolic: bool) -> dict[int, str]:
    base: dict[int, str] = {}
    named = ""
    differences: Any = ()
    if stored is not None:
        kind = str(stored) if not is_dictionary(stored) else str(stored.get("/BaseEncoding", ""))
        named = kind.lstrip("/")
        if is_dictionary(stored):
            differences = stored.get("/Differences", ())
    if named in ("WinAnsiEncoding", "MacRomanEncoding", "StandardEncoding"):
        base = dict(_table(named))
    elif program.encoding and (symbolic or not standard):
        base = dict(program.encoding)
    else:
        base = dict(_table("StandardEncoding"))
    code = 0
    for item in differences:
        text = str(item)
        if text.startswith("/"):
            if 0 <= code < 256:
                base[code] = text[1:]
            code += 1
        else:
            code = int(item)
    return base


@cache
def _table(name: str) -> dict[int, str]:
    from fontTools.agl import UV2AGL
    from fontTools.encodings.MacRoman import MacRoman
    from fontTools.encodings.StandardEncoding import StandardEncoding

    if name == "WinAnsiEncoding":
        table = {
            code: UV2AGL.get(ord(bytes([code]).decode("cp1252", "replace")), ".notdef")
            for code in range(32, 256)
        }
        # ISO 32000-1, annex D: unused codes above 40 octal are bullets, and two are doubled.
        table |= dict.fromkeys((127, 129, 141, 143, 144, 157), "bullet")
        table |= {160: "space", 173: "hyphen"}
        return table
    source = MacRoman if name == "MacRomanEncoding" else StandardEncoding
    return {code: glyph for code, glyph in enumerate(source) if glyph != ".notdef"}


def _truetype_glyphs(program: Program, names: dict[int, str]) -> dict[int, str]:
    """Follow ISO 32000-1, 9.6.6.4: by Unicode, by Macintosh code, or by the code itself."""
    from fontTools.encodings.MacRoman import MacRoman

    glyphs: dict[int, str] = {}
    by_unicode = program.cmaps.get((3, 1)) or program.cmaps.get((0, 3))
    by_symbol = program.cmaps.get((3, 0))
    by_mac = program.cmaps.get((1, 0))
    mac_codes = {glyph: code for code, glyph in enumerate(MacRoman)}
    for code in range(256):
        name = names.get(code)
        found = None
        if name is not None:
            text = name_to_text(name)
            if by_unicode and len(text) == 1:
                found = by_unicode.get(ord(text))
            if found is None and by_mac and name in mac_codes:
                found = by_mac.get(mac_codes[name])
            if found is None and name in program.known:
                found = name
        if found is None and by_symbol:
            found = next(
                (by_symbol[page + code] for page in (0xF000, 0) if page + code in by_symbol), None
            )
        if found is None and by_mac and name is None:
            found = by_mac.get(code)
        if found is None and by_unicode and name is None:
            found = by_unicode.get(code)
        if found is not None:
            glyphs[code] = found
    return glyphs


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


_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9a-fA-F\s]*)>|(\[)|(\])")


def to_unicode(stream: Any) -> dict[int, str]:
    """Read a ToUnicode CMap; what cannot be read is left out."""
    if stream is None or not is_stream(stream):
        return {}
    data = bytes(stream.read_bytes())[:_MAX_UNICODE_BYTES]
    found: dict[int, str] = {}
    for block in _BLOCK.finditer(data):
        tokens = [
            match[2] or match[3] or bytes.fromhex(_even(match[1]))
            for match in _TOKEN.finditer(block[2])
        ]
        if block[1] == b"bfchar":
            for code, text in zip(tokens[::2], tokens[1::2], strict=False):
                found[int.from_bytes(code, "big")] = _utf16(text)
        else:
            _ranges(tokens, found)
    return found


def _even(digits: bytes) -> str:
    text = "".join(digits.decode("ascii").split())
    return text + "0" * (len(text) % 2)


def _ranges(tokens: list[bytes], found: dict[int, str]) -> None:
    place = 0
    while place + 2 < len(tokens):
        first = int.from_bytes(tokens[place], "big")
        last = min(int.from_bytes(tokens[place + 1], "big"), first + 65_535)
        if tokens[place + 2] == b"[":
            place += 3
            while place < len(tokens) and tokens[place] != b"]":
                found[first] = _utf16(tokens[place])
                first += 1
                place += 1
            place += 1
            continue
        start = _utf16(tokens[place + 2])
        for step in range(last - first + 1):
            if start:
                code = min(ord(start[-1]) + step, 0x10FFFF)
                found[first + step] = start[:-1] + chr(code)
        place += 3


def _utf16(data: bytes) -> str:
    return data.decode("utf-16-be", "ignore") if len(data) > 1 else data.decode("latin-1")
