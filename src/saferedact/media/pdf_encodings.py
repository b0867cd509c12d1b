"""Encodings of simple fonts: from character codes to names of glyphs, and from those to text."""

from functools import cache
from typing import Any

from saferedact.media.pdf_objects import is_dictionary
from saferedact.media.pdf_programs import Program

__all__ = ["name_to_text", "names_of", "truetype_glyphs"]


@cache
def name_to_text(name: str) -> str:
    """Text that a glyph name stands for by Adobe's list; empty if it is not in it."""
    from fontTools.agl import toUnicode

    return str(toUnicode(name))


def names_of(stored: Any, program: Program, *, standard: bool, symbolic: bool) -> dict[int, str]:
    """Names of glyphs by code: of the encoding that a font names or brings, with its differences.

    Parameters
    ----------
    stored : pikepdf.Object or None
        Entry ``/Encoding`` of a simple font.
    program : Program
        Its program, which may have an encoding of its own.
    standard : bool
        Whether the program stands for one of the 14 standard fonts.
    symbolic : bool
        Whether the font says that its glyphs are no Latin letters.
    """
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


def truetype_glyphs(program: Program, names: dict[int, str]) -> dict[int, str]:
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
