"""Fonts that say other characters than they show, or none; and letters that are shapes."""

import io
from pathlib import Path
from typing import Any

from saferedact.testing.pdfs.paper import (
    Paper,
    Secrets,
    say,
    sentence_of,
    standard_font,
)
from saferedact.testing.pdfs.registry import channel


@channel("ligatures")
def _ligatures(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name

    font = standard_font(p.pdf, "Times-Roman")
    font["/Encoding"] = Dictionary(
        Type=Name("/Encoding"),
        BaseEncoding=Name("/WinAnsiEncoding"),
        Differences=Array([1, Name("/fi"), Name("/fl")]),
    )
    p.resource("/Font", "/F9", font)
    p.s = Secrets("Winifred", "Flinfield", p.s.phone)
    text = sentence_of(p.s).replace("fi", "\x01").replace("fl", "\x02")
    p.content(say(text, font="F9"))


def _with_unicode(p: Paper, mapped: dict[str, str]) -> str:
    """Make a font whose text layer says other characters than it shows; return its name."""
    font = standard_font(p.pdf, "Helvetica")
    lines = "".join(
        f"<{ord(char):02X}> <{text.encode('utf-16-be').hex()}>\n" for char, text in mapped.items()
    )
    font["/ToUnicode"] = p.pdf.make_stream(
        f"begincmap 1 begincodespacerange <00> <FF> endcodespacerange {len(mapped)} beginbfchar\n"
        f"{lines}endbfchar endcmap".encode()
    )
    p.resource("/Font", "/F9", font)
    return "F9"


@channel("full-width")
def _full_width(p: Paper) -> None:
    mapped = {char: chr(ord(char) + 0xFEE0) for char in map(chr, range(33, 127))}
    p.content(say(sentence_of(p.s), font=_with_unicode(p, {**mapped, " ": " "})))


@channel("zero-width")
def _zero_width(p: Paper) -> None:
    mapped = {char: char + "\u200b" for char in map(chr, range(33, 127))}
    p.content(say(sentence_of(p.s), font=_with_unicode(p, {**mapped, " ": " "})))


@channel("homoglyphs")
def _homoglyphs(p: Paper) -> None:
    swapped = {
        "a": "\u0430",
        "e": "\u0435",
        "o": "\u043e",
        "p": "\u0440",
        "c": "\u0441",
        "H": "\u041d",
    }
    mapped = {char: swapped.get(char, char) for char in map(chr, range(32, 127))}
    p.content(say(sentence_of(p.s), font=_with_unicode(p, mapped)))


@channel("combining-accents")
def _combining(p: Paper) -> None:
    p.s = Secrets("Zo\u00eb", "K\u00f6nigsmark", p.s.phone)
    mapped = {char: char for char in map(chr, range(32, 127))}
    mapped |= {"\u00eb": "e\u0308", "\u00f6": "o\u0308"}
    p.content(say(sentence_of(p.s), font=_with_unicode(p, mapped)))


@channel("unicode-missing", pixels=True)
def _no_unicode(p: Paper) -> None:
    _embed_shifted(p, unicode=None)


@channel("unicode-lies", pixels=True)
def _lying(p: Paper) -> None:
    _embed_shifted(p, unicode="abcdefghijklmnopqrstuvwxyz")


def _embed_shifted(p: Paper, *, unicode: str | None) -> None:
    """Show the sentence with a font whose codes say nothing, or something else."""
    sentence = sentence_of(p.s)
    characters = sorted(set(sentence))
    codes = {char: number + 1 for number, char in enumerate(characters)}
    font = embedded(p, characters)
    if unicode is not None:
        lines = "".join(
            f"<{code:04X}> <{ord(unicode[code % len(unicode)]):04X}>\n" for code in codes.values()
        )
        font["/ToUnicode"] = p.pdf.make_stream(
            f"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange {len(codes)} beginbfchar\n"
            f"{lines}endbfchar endcmap".encode()
        )
    p.resource("/Font", "/F9", font)
    text = "".join(f"{codes[char]:04X}" for char in sentence)
    p.content(f"BT /F9 13 Tf 30 200 Td <{text}> Tj ET")


def embedded(p: Paper, characters: list[str], *, name: str = "ABCDEF+Aileron") -> Any:
    """Embed a subset of Aileron whose glyph ids follow the characters given."""
    from fontTools.ttLib import TTFont
    from pikepdf import Array, Dictionary, Name, String
    from PIL import ImageFont

    opened: Any = ImageFont.load_default(20)
    font: Any = TTFont(io.BytesIO(opened.font_bytes), recalcTimestamp=False)
    cmap = font.getBestCmap()
    from fontTools.subset import Options, Subsetter

    options = Options(
        notdef_outline=True, glyph_names=False, layout_features=[], drop_tables=["FFTM"]
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)
    order = font.getGlyphOrder()
    gids = [order.index(cmap[ord(char)]) for char in characters]
    target = io.BytesIO()
    font.save(target)
    program = p.pdf.make_stream(target.getvalue())
    program["/Length1"] = len(target.getvalue())
    widths = [
        round(font["hmtx"][cmap[ord(char)]][0] * 1000 / font["head"].unitsPerEm)
        for char in characters
    ]
    descriptor = Dictionary(
        Type=Name("/FontDescriptor"),
        FontName=Name(f"/{name}"),
        Flags=4,
        FontBBox=Array([-200, -300, 1200, 1000]),
        ItalicAngle=0,
        Ascent=900,
        Descent=-250,
        CapHeight=700,
        StemV=80,
        FontFile2=program,
    )
    gid_map = b"\0\0" + b"".join(gid.to_bytes(2, "big") for gid in gids)
    inner = Dictionary(
        Type=Name("/Font"),
        Subtype=Name("/CIDFontType2"),
        BaseFont=Name(f"/{name}"),
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=p.pdf.make_indirect(descriptor),
        W=Array([1, Array(widths)]),
        CIDToGIDMap=p.pdf.make_stream(gid_map),
    )
    return p.pdf.make_indirect(
        Dictionary(
            Type=Name("/Font"),
            Subtype=Name("/Type0"),
            BaseFont=Name(f"/{name}"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([p.pdf.make_indirect(inner)]),
        )
    )


@channel("embedded-subset")
def _embedded_subset(p: Paper) -> None:
    _show_embedded(p, sentence_of(p.s))


def _show_embedded(p: Paper, sentence: str) -> None:
    characters = sorted(set(sentence))
    codes = {char: number + 1 for number, char in enumerate(characters)}
    font = embedded(p, characters)
    lines = "".join(f"<{code:04X}> <{ord(char):04X}>\n" for char, code in codes.items())
    font["/ToUnicode"] = p.pdf.make_stream(
        "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(codes)} beginbfchar\n{lines}endbfchar endcmap".encode()
    )
    p.resource("/Font", "/F9", font)
    shown = "".join(f"{codes[char]:04X}" for char in sentence)
    p.content(f"BT /F9 13 Tf 30 200 Td <{shown}> Tj ET")


def write_embedded(path: Path, sentence: str) -> None:
    """Write a page that shows a sentence in an embedded subset, whose glyphs are its letters alone.

    Parameters
    ----------
    path : Path
        The file to write.
    sentence : str
        Letters, digits and common signs.
    """
    paper = Paper(Secrets("Nobody", "Atall", ""))
    _show_embedded(paper, sentence)
    path.write_bytes(paper.saved())


@channel("outlined-text", pixels=True)
def _outlined(p: Paper) -> None:
    p.content(_outlines(sentence_of(p.s), 30, 200, 15))


def _outlines(text: str, x: float, y: float, size: float) -> str:
    """Text as filled paths."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.ttLib import TTFont
    from PIL import ImageFont

    opened: Any = ImageFont.load_default(20)
    font: Any = TTFont(io.BytesIO(opened.font_bytes))
    glyphs, cmap, units = font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm
    parts: list[str] = []
    scale = size / units
    for char in text:
        pen = DecomposingRecordingPen(glyphs)
        glyphs[cmap[ord(char)]].draw(pen)
        for operator, points in pen.value:
            shown = [
                f"{x + px * scale:.2f} {y + py * scale:.2f}" for px, py in (q for q in points if q)
            ]
            if operator == "moveTo":
                parts.append(f"{shown[0]} m")
            elif operator == "lineTo":
                parts.append(f"{shown[0]} l")
            elif operator == "qCurveTo":
                parts += [f"{point} l" for point in shown]
            else:
                parts.append("h")
        x += glyphs[cmap[ord(char)]].width * scale
    return " ".join(parts) + " f\n"


@channel("type3-word", pixels=True)
def _type3(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name

    procedure = p.pdf.make_stream(b"1000 0 d0 " + _outlines(sentence_of(p.s), 0, 0, 100).encode())
    font = Dictionary(
        Type=Name("/Font"),
        Subtype=Name("/Type3"),
        FontBBox=Array([0, 0, 4000, 200]),
        FontMatrix=Array([0.01, 0, 0, 0.01, 0, 0]),
        CharProcs=Dictionary(w=procedure),
        Encoding=Dictionary(Type=Name("/Encoding"), Differences=Array([65, Name("/w")])),
        FirstChar=65,
        LastChar=65,
        Widths=Array([4000]),
        Resources=Dictionary(),
    )
    p.resource("/Font", "/F9", p.pdf.make_indirect(font))
    p.content("BT /F9 13 Tf 30 200 Td (A) Tj ET")
