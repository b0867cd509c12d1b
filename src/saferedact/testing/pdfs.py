"""Small PDFs that each hide, or show, a secret in one way: one file per channel, seeded.

A channel is a place where a PDF keeps text. `make_channel` writes a document of one page or two in
which a fictional name and a telephone number stand in that place, and nowhere else. Everything is
built from objects and content streams by hand, since writers of PDFs do not make such files.
"""

import io
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "CHANNELS",
    "PIXEL_CHANNELS",
    "Secrets",
    "make_channel",
    "picture_of",
    "secrets_for",
    "write_embedded",
]

_FIRST = ("Harriet", "Bernard", "Ottilie", "Desmond", "Philippa", "Gwendolyn", "Marcus", "Tabitha")
_LAST = (
    "Osgathorp",
    "Trewhella",
    "Quennell",
    "Farquharson",
    "Windlesham",
    "Brackenbury",
    "Mudford",
)

PAGE_WH = (420.0, 300.0)
"""Page size in points: small, since pictures of pages are read by networks."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a document hides.

    Parameters
    ----------
    first, last : str
        Parts of a fictional name.
    phone : str
        A number of the range for drama.
    """

    first: str
    last: str
    phone: str

    @property
    def name(self) -> str:
        """The name in full."""
        return f"{self.first} {self.last}"

    @property
    def all(self) -> tuple[str, str, str]:
        """What must not be found."""
        return self.name, self.last, self.phone


def secrets_for(channel: str, seed: int = 0) -> Secrets:
    """Choose the secrets of a channel."""
    rng = random.Random(f"{channel} {seed}")  # noqa: S311  the same file every time is the point
    return Secrets(rng.choice(_FIRST), rng.choice(_LAST), f"07700 900{rng.randrange(100, 1000)}")


class _Paper:
    """A document under construction."""

    def __init__(self, secrets: Secrets) -> None:
        import pikepdf

        self.s = secrets
        self.pdf: Any = pikepdf.new()
        self.add_page()

    def add_page(self) -> Any:
        from pikepdf import Dictionary

        self.pdf.add_blank_page(page_size=PAGE_WH)
        self.page = self.pdf.pages[-1].obj
        self.page["/Resources"] = Dictionary(
            Font=Dictionary(
                F1=_standard(self.pdf, "Helvetica"), F2=_standard(self.pdf, "Times-Roman")
            )
        )
        return self.page

    def content(self, text: str | bytes, *, plain: bool = True) -> None:
        """Set the page's content; `plain` adds a harmless line above it."""
        data = text.encode("latin-1") if isinstance(text, str) else text
        if plain:
            data = (
                b"BT /F1 12 Tf 40 260 Td (Minutes of the parish meeting held in March) Tj ET\n"
                + data
            )
        self.page["/Contents"] = self.pdf.make_stream(data)

    def resource(self, kind: str, name: str, value: Any) -> None:
        from pikepdf import Dictionary

        resources = self.page["/Resources"]
        if kind not in resources:
            resources[kind] = Dictionary()
        resources[kind][name] = value

    def form(self, content: str, **extra: Any) -> Any:
        from pikepdf import Array, Dictionary, Name

        stream = self.pdf.make_stream(content.encode("latin-1"))
        stream["/Type"], stream["/Subtype"] = Name("/XObject"), Name("/Form")
        stream["/BBox"] = Array([0, 0, *map(int, PAGE_WH)])
        stream["/Resources"] = Dictionary(Font=self.page["/Resources"]["/Font"])
        for key, value in extra.items():
            stream[f"/{key}"] = value
        return self.pdf.make_indirect(stream)

    def image(self, pixels: npt.NDArray[np.uint8], **extra: Any) -> Any:
        from pikepdf import Name

        gray = pixels.ndim == 2
        stream = self.pdf.make_stream(pixels.tobytes())
        stream["/Type"], stream["/Subtype"] = Name("/XObject"), Name("/Image")
        stream["/Width"], stream["/Height"] = pixels.shape[1], pixels.shape[0]
        stream["/ColorSpace"] = Name("/DeviceGray" if gray else "/DeviceRGB")
        stream["/BitsPerComponent"] = 8
        for key, value in extra.items():
            stream[f"/{key}"] = value
        return self.pdf.make_indirect(stream)

    def coded_image(self, data: bytes, filter_name: str, wh: tuple[int, int], **extra: Any) -> Any:
        from pikepdf import Name

        stream = self.pdf.make_stream(data)
        stream.write(data, filter=Name(filter_name))
        stream["/Type"], stream["/Subtype"] = Name("/XObject"), Name("/Image")
        stream["/Width"], stream["/Height"] = wh
        stream["/ColorSpace"], stream["/BitsPerComponent"] = Name("/DeviceGray"), 8
        for key, value in extra.items():
            stream[f"/{key}"] = value
        return self.pdf.make_indirect(stream)

    def saved(self, **options: Any) -> bytes:
        target = io.BytesIO()
        self.pdf.save(target, static_id=True, **options)
        return target.getvalue()


def _standard(pdf: Any, name: str) -> Any:
    from pikepdf import Dictionary, Name

    return pdf.make_indirect(
        Dictionary(
            Type=Name("/Font"),
            Subtype=Name("/Type1"),
            BaseFont=Name(f"/{name}"),
            Encoding=Name("/WinAnsiEncoding"),
        )
    )


def _say(text: str, x: float = 40, y: float = 200, size: float = 12, font: str = "F1") -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _sentence(s: Secrets) -> str:
    return f"The witness {s.name} rang {s.phone} that evening."


def picture_of(
    *lines: str, wh: tuple[int, int] = (1000, 300), ink: int = 0, paper: int = 255, size: int = 40
) -> npt.NDArray[np.uint8]:
    """Draw lines of text as a gray picture, shape (h, w), uint8."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", wh, paper)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text(
            (30, 30 + number * int(size * 1.8)), line, fill=ink, font=ImageFont.load_default(size)
        )
    return np.asarray(picture)


def _scan(s: Secrets, **options: Any) -> npt.NDArray[np.uint8]:
    return picture_of(f"Statement of {s.name}", f"Telephone {s.phone}", **options)


Make = Callable[[_Paper], bytes | None]
_MAKERS: dict[str, Make] = {}
PIXEL_CHANNELS: set[str] = set()
"""Channels whose secret is in pixels or in shapes: only who reads pictures can find it."""


def _channel(name: str, *, pixels: bool = False) -> Callable[[Make], Make]:
    def keep(make: Make) -> Make:
        _MAKERS[name] = make
        if pixels:
            PIXEL_CHANNELS.add(name)
        return make

    return keep


def make_channel(name: str, path: Path, *, seed: int = 0) -> Secrets:
    """Write the document of a channel.

    Parameters
    ----------
    name : str
        One of `CHANNELS`.
    path : Path
        The file to write.
    seed : int
        Chooses the secrets.

    Returns
    -------
    Secrets
        What it hides.
    """
    paper = _Paper(secrets_for(name, seed))
    data = _MAKERS[name](paper)
    path.write_bytes(paper.saved() if data is None else data)
    return paper.s


# Text that is drawn


@_channel("plain-text")
def _plain(p: _Paper) -> None:
    p.content(_say(_sentence(p.s)))


@_channel("kerned-text")
def _kerned(p: _Paper) -> None:
    letters = " -35 ".join(f"({_escaped(char)})" for char in _sentence(p.s))
    p.content(f"BT /F1 12 Tf 40 200 Td [{letters}] TJ ET")


@_channel("split-spans")
def _split(p: _Paper) -> None:
    s = p.s
    p.content(
        f"BT /F1 12 Tf 40 200 Td (The witness {s.first[:3]}) Tj /F2 12 Tf ({s.first[3:]}) Tj "
        f"/F1 12 Tf ( {s.last[:4]}) Tj 0.2 g ({s.last[4:]}) Tj ( rang {s.phone[:3]}) Tj ({s.phone[3:]}) Tj ET"
    )


@_channel("hyphenated")
def _hyphenated(p: _Paper) -> None:
    s = p.s
    cut = len(s.last) // 2
    p.content(
        _say(f"It was then that {s.first} {s.last[:cut]}-", y=200)
        + _say(f"{s.last[cut:]} rang the number {s.phone} at once.", y=184)
    )


@_channel("wrapped")
def _wrapped(p: _Paper) -> None:
    p.content(
        _say(f"It was then that {p.s.first}", y=200) + _say(f"{p.s.last} rang {p.s.phone}.", y=184)
    )


@_channel("rotated-text")
def _rotated(p: _Paper) -> None:
    text = _escaped(_sentence(p.s))
    p.content(
        f"BT /F1 11 Tf 0 1 -1 0 60 10 Tm ({text}) Tj ET BT /F1 11 Tf 0.94 0.34 -0.34 0.94 90 40 Tm ({text}) Tj ET"
    )


@_channel("rotated-page")
def _rotated_page(p: _Paper) -> None:
    p.page["/Rotate"] = 270
    p.content(_say(_sentence(p.s)))


@_channel("odd-boxes")
def _odd_boxes(p: _Paper) -> None:
    from pikepdf import Array

    p.page["/MediaBox"] = Array([-50, -40, 450, 340])
    p.page["/CropBox"] = Array([-10, 100, 430, 320])
    p.page["/UserUnit"] = 2
    p.page["/Rotate"] = 90
    p.content(_say(_sentence(p.s)))


@_channel("shuffled-glyphs")
def _shuffled(p: _Paper) -> None:
    sentence = _sentence(p.s)
    places = list(range(len(sentence)))
    random.Random(7).shuffle(places)  # noqa: S311
    p.content(
        "".join(_say(sentence[i], x=40 + 7.2 * i, font="F1") for i in places if sentence[i] != " ")
    )


@_channel("columns")
def _columns(p: _Paper) -> None:
    s = p.s
    left = [
        "The meeting heard that",
        f"in the spring {s.first}",
        f"{s.last} rang {s.phone}",
        "and left again.",
    ]
    right = ["Other business was", "put off to the month", "of May by the chair", "of the meeting."]
    p.content(
        "".join(
            _say(a, 40, 220 - 15 * i) + _say(b, 230, 220 - 15 * i)
            for i, (a, b) in enumerate(zip(left, right, strict=True))
        )
    )


@_channel("table-cells")
def _table(p: _Paper) -> None:
    s = p.s
    rules = "".join(f"{x} 150 m {x} 230 l S " for x in (40, 140, 260, 380))
    rules += "".join(f"40 {y} m 380 {y} l S " for y in (150, 190, 230))
    p.content(
        rules
        + _say("Forename", 46, 205)
        + _say("Surname", 146, 205)
        + _say("Telephone", 266, 205)
        + _say(s.first, 46, 165)
        + _say(s.last, 146, 165)
        + _say(s.phone, 266, 165)
    )


@_channel("ligatures")
def _ligatures(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name

    font = _standard(p.pdf, "Times-Roman")
    font["/Encoding"] = Dictionary(
        Type=Name("/Encoding"),
        BaseEncoding=Name("/WinAnsiEncoding"),
        Differences=Array([1, Name("/fi"), Name("/fl")]),
    )
    p.resource("/Font", "/F9", font)
    p.s = Secrets("Winifred", "Flinfield", p.s.phone)
    text = _sentence(p.s).replace("fi", "\x01").replace("fl", "\x02")
    p.content(_say(text, font="F9"))


def _with_unicode(p: _Paper, mapped: dict[str, str]) -> str:
    """Make a font whose text layer says other characters than it shows; return its name."""
    font = _standard(p.pdf, "Helvetica")
    lines = "".join(
        f"<{ord(char):02X}> <{text.encode('utf-16-be').hex()}>\n" for char, text in mapped.items()
    )
    font["/ToUnicode"] = p.pdf.make_stream(
        f"begincmap 1 begincodespacerange <00> <FF> endcodespacerange {len(mapped)} beginbfchar\n"
        f"{lines}endbfchar endcmap".encode()
    )
    p.resource("/Font", "/F9", font)
    return "F9"


@_channel("full-width")
def _full_width(p: _Paper) -> None:
    mapped = {char: chr(ord(char) + 0xFEE0) for char in map(chr, range(33, 127))}
    p.content(_say(_sentence(p.s), font=_with_unicode(p, {**mapped, " ": " "})))


@_channel("zero-width")
def _zero_width(p: _Paper) -> None:
    mapped = {char: char + "\u200b" for char in map(chr, range(33, 127))}
    p.content(_say(_sentence(p.s), font=_with_unicode(p, {**mapped, " ": " "})))


@_channel("homoglyphs")
def _homoglyphs(p: _Paper) -> None:
    swapped = {
        "a": "\u0430",
        "e": "\u0435",
        "o": "\u043e",
        "p": "\u0440",
        "c": "\u0441",
        "H": "\u041d",
    }
    mapped = {char: swapped.get(char, char) for char in map(chr, range(32, 127))}
    p.content(_say(_sentence(p.s), font=_with_unicode(p, mapped)))


@_channel("combining-accents")
def _combining(p: _Paper) -> None:
    p.s = Secrets("Zo\u00eb", "K\u00f6nigsmark", p.s.phone)
    mapped = {char: char for char in map(chr, range(32, 127))}
    mapped |= {"\u00eb": "e\u0308", "\u00f6": "o\u0308"}
    p.content(_say(_sentence(p.s), font=_with_unicode(p, mapped)))


@_channel("letter-spacing")
def _spaced(p: _Paper) -> None:
    p.content(
        f"BT /F1 11 Tf 4 Tc 40 200 Td ({p.s.name}) Tj ET BT /F1 11 Tf 40 180 Td ({p.s.phone}) Tj ET"
    )


@_channel("unicode-missing")
def _no_unicode(p: _Paper) -> None:
    _embed_shifted(p, unicode=None)


@_channel("unicode-lies")
def _lying(p: _Paper) -> None:
    _embed_shifted(p, unicode="abcdefghijklmnopqrstuvwxyz")


PIXEL_CHANNELS |= {"unicode-missing", "unicode-lies"}


def _embed_shifted(p: _Paper, *, unicode: str | None) -> None:
    """Show the sentence with a font whose codes say nothing, or something else."""
    sentence = _sentence(p.s)
    characters = sorted(set(sentence))
    codes = {char: number + 1 for number, char in enumerate(characters)}
    font = _embedded(p, characters)
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


def _embedded(p: _Paper, characters: list[str], *, name: str = "ABCDEF+Aileron") -> Any:
    """Embed a subset of Aileron whose glyph ids follow the characters given."""
    from fontTools.ttLib import TTFont
    from pikepdf import Array, Dictionary, Name, String
    from PIL import ImageFont

    opened: Any = ImageFont.load_default(20)
    font: Any = TTFont(io.BytesIO(opened.font_bytes))
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


@_channel("embedded-subset")
def _embedded_subset(p: _Paper) -> None:
    _show_embedded(p, _sentence(p.s))


def _show_embedded(p: _Paper, sentence: str) -> None:
    characters = sorted(set(sentence))
    codes = {char: number + 1 for number, char in enumerate(characters)}
    font = _embedded(p, characters)
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
    paper = _Paper(Secrets("Nobody", "Atall", ""))
    _show_embedded(paper, sentence)
    path.write_bytes(paper.saved())


@_channel("outlined-text", pixels=True)
def _outlined(p: _Paper) -> None:
    p.content(_outlines(_sentence(p.s), 30, 200, 15))


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


@_channel("type3-word", pixels=True)
def _type3(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name

    procedure = p.pdf.make_stream(b"1000 0 d0 " + _outlines(_sentence(p.s), 0, 0, 100).encode())
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


# Forms, patterns, masks, clips


@_channel("form")
def _form(p: _Paper) -> None:
    p.resource("/XObject", "/X1", p.form(_say(_sentence(p.s))))
    p.content("/X1 Do")


@_channel("form-shared")
def _form_shared(p: _Paper) -> None:
    form = p.form(_say(_sentence(p.s)))
    p.resource("/XObject", "/X1", form)
    p.content("q 0.9 0 0 0.9 0 0 cm /X1 Do Q")
    p.add_page()
    p.resource("/XObject", "/X1", form)
    p.content("/X1 Do")


@_channel("form-nested")
def _form_nested(p: _Paper) -> None:
    from pikepdf import Dictionary

    inner = p.form(_say(_sentence(p.s)))
    outer = p.form("q 1 0 0 1 0 -20 cm /X2 Do Q")
    outer["/Resources"]["/XObject"] = Dictionary(X2=inner)
    p.resource("/XObject", "/X1", outer)
    p.content("/X1 Do")


@_channel("soft-mask-form", pixels=True)
def _soft_mask(p: _Paper) -> None:
    from pikepdf import Dictionary, Name

    group = Dictionary(S=Name("/Transparency"), CS=Name("/DeviceGray"))
    mask = p.form("1 g " + _say(_sentence(p.s), size=14), Group=group)
    p.resource("/ExtGState", "/G1", Dictionary(SMask=Dictionary(S=Name("/Luminosity"), G=mask)))
    p.content("q /G1 gs 0 g 0 150 420 80 re f Q")


@_channel("tiling-pattern", pixels=True)
def _tiling(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name

    pattern = p.pdf.make_stream(_say(_sentence(p.s), x=10, y=20, size=14).encode())
    for key, value in {
        "/Type": Name("/Pattern"),
        "/PatternType": 1,
        "/PaintType": 1,
        "/TilingType": 1,
        "/BBox": Array([0, 0, 400, 60]),
        "/XStep": 400,
        "/YStep": 60,
        "/Resources": Dictionary(Font=p.page["/Resources"]["/Font"]),
    }.items():
        pattern[key] = value
    p.resource("/Pattern", "/P1", p.pdf.make_indirect(pattern))
    p.content("/Pattern cs /P1 scn 10 120 400 100 re f")


@_channel("clipped-form")
def _clipped_form(p: _Paper) -> None:
    from pikepdf import Array

    form = p.form(_say(_sentence(p.s)))
    form["/BBox"] = Array([0, 0, 5, 5])
    p.resource("/XObject", "/X1", form)
    p.content("/X1 Do")


@_channel("clip-path")
def _clip(p: _Paper) -> None:
    p.content(f"q 0 0 10 10 re W n {_say(_sentence(p.s))} Q")


@_channel("render-mode-3")
def _mode3(p: _Paper) -> None:
    p.content(f"BT 3 Tr /F1 12 Tf 40 200 Td ({_sentence(p.s)}) Tj ET")


@_channel("render-mode-7")
def _mode7(p: _Paper) -> None:
    p.content(f"q BT 7 Tr /F1 12 Tf 40 200 Td ({_sentence(p.s)}) Tj ET Q")


@_channel("white-text")
def _white(p: _Paper) -> None:
    p.content("1 g " + _say(_sentence(p.s)))


@_channel("near-white-text")
def _near_white(p: _Paper) -> None:
    p.content("0.985 g " + _say(_sentence(p.s)))


@_channel("alpha-0")
def _alpha(p: _Paper) -> None:
    from pikepdf import Dictionary

    p.resource("/ExtGState", "/G1", Dictionary(ca=0))
    p.content("q /G1 gs " + _say(_sentence(p.s)) + "Q")


@_channel("under-box")
def _under_box(p: _Paper) -> None:
    p.content(_say(_sentence(p.s)) + "0 g 30 190 380 25 re f")


@_channel("under-near-opaque-box")
def _under_near(p: _Paper) -> None:
    from pikepdf import Dictionary

    p.resource("/ExtGState", "/G1", Dictionary(ca=0.98))
    p.content(_say(_sentence(p.s)) + "q /G1 gs 0 g 30 190 380 25 re f Q")


@_channel("under-image")
def _under_image(p: _Paper) -> None:
    p.resource("/XObject", "/I1", p.image(np.full((20, 300), 90, dtype=np.uint8)))
    p.content(_say(_sentence(p.s)) + "q 380 0 0 30 30 188 cm /I1 Do Q")


@_channel("under-text")
def _under_text(p: _Paper) -> None:
    p.content(
        "1 g "
        + _say(_sentence(p.s))
        + "0 g "
        + _say("Nothing of note was said on this occasion at all.")
    )


@_channel("zero-scale-text")
def _zero_scale(p: _Paper) -> None:
    p.content(
        f"BT /F1 12 Tf 0 Tz 40 200 Td ({_sentence(p.s)}) Tj ET "
        f"BT /F1 0.01 Tf 40 180 Td ({_sentence(p.s)}) Tj ET"
    )


@_channel("outside-crop")
def _outside_crop(p: _Paper) -> None:
    from pikepdf import Array

    p.page["/CropBox"] = Array([0, 230, 420, 300])
    p.content(_say(_sentence(p.s)))


@_channel("outside-media")
def _outside_media(p: _Paper) -> None:
    p.content(_say(_sentence(p.s), y=-100) + _say(_sentence(p.s), x=900))


@_channel("hidden-layer")
def _layer(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    layer = p.pdf.make_indirect(Dictionary(Type=Name("/OCG"), Name=String(f"For {p.s.name}")))
    p.pdf.Root["/OCProperties"] = Dictionary(
        OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
    )
    p.resource("/Properties", "/L1", layer)
    p.content("/OC /L1 BDC " + _say(_sentence(p.s)) + "EMC")


# Pictures


@_channel("scan-flate", pixels=True)
def _scan_flate(p: _Paper) -> None:
    p.resource("/XObject", "/I1", p.image(_scan(p.s)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("scan-jpeg", pixels=True)
def _scan_jpeg(p: _Paper) -> None:
    _coded(p, "JPEG", "/DCTDecode")


@_channel("scan-jpeg2000", pixels=True)
def _scan_jpx(p: _Paper) -> None:
    _coded(p, "JPEG2000", "/JPXDecode")


def _coded(p: _Paper, kind: str, filter_name: str, **options: Any) -> None:
    from PIL import Image

    target = io.BytesIO()
    picture = Image.fromarray(_scan(p.s))
    picture.save(target, kind, **options)
    image = p.coded_image(target.getvalue(), filter_name, picture.size)
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("jpeg-exif")
def _jpeg_exif(p: _Paper) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = _sentence(p.s)
    target = io.BytesIO()
    picture = Image.fromarray(picture_of("A view of the village hall"))
    picture.save(target, "JPEG", exif=exif, comment=p.s.name.encode())
    p.resource("/XObject", "/I1", p.coded_image(target.getvalue(), "/DCTDecode", picture.size))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("scan-fax", pixels=True)
def _scan_fax(p: _Paper) -> None:
    from pikepdf import Dictionary
    from PIL import Image, TiffImagePlugin

    picture = Image.fromarray(_scan(p.s)).convert("1")
    target = io.BytesIO()
    strip = TiffImagePlugin.STRIP_SIZE
    TiffImagePlugin.STRIP_SIZE = 10_000_000
    try:
        picture.save(target, "TIFF", compression="group4")
    finally:
        TiffImagePlugin.STRIP_SIZE = strip
    with Image.open(io.BytesIO(target.getvalue())) as tiff:
        offset, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
        black_is_1 = tiff.tag_v2[262] == 0  # type: ignore[attr-defined]
    image = p.coded_image(
        target.getvalue()[offset : offset + length],
        "/CCITTFaxDecode",
        picture.size,
        BitsPerComponent=1,
        DecodeParms=Dictionary(
            K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=not black_is_1
        ),
    )
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("inline-image", pixels=True)
def _inline(p: _Paper) -> None:
    pixels = _scan(p.s, wh=(700, 200), size=28)
    data = zlib.compress(pixels.tobytes())
    head = (
        f"q 380 0 0 110 20 100 cm BI /W 700 /H 200 /CS /G /BPC 8 /F /Fl /L {len(data)} ID ".encode()
    )
    p.content(head + data + b"\nEI Q")


@_channel("image-strips", pixels=True)
def _strips(p: _Paper) -> None:
    pixels = _scan(p.s)
    parts = []
    for number in range(10):
        p.resource("/XObject", f"/I{number}", p.image(pixels[number * 30 : number * 30 + 30]))
        parts.append(f"q 380 0 0 11.4 20 {202.6 - 11.4 * number:.2f} cm /I{number} Do Q")
    p.content("\n".join(parts))


@_channel("stencil-mask", pixels=True)
def _stencil(p: _Paper) -> None:
    pixels = _scan(p.s)
    bits = np.packbits(pixels > 127, axis=1)
    image = p.image(bits, ImageMask=True, BitsPerComponent=1, Width=pixels.shape[1])
    del image["/ColorSpace"]
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("soft-mask-image", pixels=True)
def _smask_image(p: _Paper) -> None:
    mask = p.image(255 - _scan(p.s))
    image = p.image(np.zeros((300, 1000), dtype=np.uint8), SMask=mask)
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("scan-under-box", pixels=True)
def _scan_under_box(p: _Paper) -> None:
    p.resource("/XObject", "/I1", p.image(_scan(p.s)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q 0 g 10 90 400 130 re f")


@_channel("scan-clipped", pixels=True)
def _scan_clipped(p: _Paper) -> None:
    p.resource("/XObject", "/I1", p.image(_scan(p.s)))
    p.content("q 20 100 5 5 re W n 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("scan-outside-crop", pixels=True)
def _scan_outside(p: _Paper) -> None:
    from pikepdf import Array

    p.page["/CropBox"] = Array([0, 230, 420, 300])
    p.resource("/XObject", "/I1", p.image(_scan(p.s)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("color-key-mask", pixels=True)
def _color_key(p: _Paper) -> None:
    from pikepdf import Array

    p.resource("/XObject", "/I1", p.image(_scan(p.s), Mask=Array([0, 127])))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("low-contrast-image", pixels=True)
def _low_contrast(p: _Paper) -> None:
    p.resource("/XObject", "/I1", p.image(_scan(p.s, ink=215, paper=255)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@_channel("alternate-image", pixels=True)
def _alternate(p: _Paper) -> None:
    from pikepdf import Array, Dictionary

    other = p.image(_scan(p.s))
    image = p.image(
        picture_of("A view of the village hall"),
        Alternates=Array([Dictionary(Image=other, DefaultForPrinting=True)]),
    )
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


# Annotations and forms


def _annotate(p: _Paper, subtype: str, **entries: Any) -> Any:
    from pikepdf import Array, Dictionary, Name

    annotation = p.pdf.make_indirect(
        Dictionary(
            Type=Name("/Annot"),
            Subtype=Name(f"/{subtype}"),
            Rect=Array([30, 180, 400, 220]),
            **entries,
        )
    )
    if "/Annots" not in p.page:
        p.page["/Annots"] = p.pdf.make_indirect(Array())
    p.page["/Annots"].append(annotation)
    return annotation


def _appearance(p: _Paper, text: str) -> Any:
    from pikepdf import Array

    form = p.form(_say(text, x=5, y=12))
    form["/BBox"] = Array([0, 0, 370, 40])
    return form


@_channel("annotation-stamp")
def _stamp(p: _Paper) -> None:
    from pikepdf import Dictionary, String

    p.content("")
    _annotate(
        p, "Stamp", AP=Dictionary(N=_appearance(p, _sentence(p.s))), Contents=String(p.s.name)
    )


@_channel("annotation-free-text")
def _free_text(p: _Paper) -> None:
    from pikepdf import Dictionary, String

    p.content("")
    _annotate(
        p,
        "FreeText",
        AP=Dictionary(N=_appearance(p, _sentence(p.s))),
        Contents=String(_sentence(p.s)),
        RC=String(f"<body><p>{p.s.name}</p></body>"),
        DA=String("/Helv 12 Tf 0 g"),
        F=4,
    )


@_channel("annotation-hidden")
def _hidden_annotation(p: _Paper) -> None:
    from pikepdf import Dictionary

    p.content("")
    _annotate(p, "Stamp", AP=Dictionary(N=_appearance(p, _sentence(p.s))), F=2)


@_channel("annotation-rollover")
def _rollover(p: _Paper) -> None:
    from pikepdf import Dictionary

    p.content("")
    _annotate(
        p,
        "Stamp",
        AP=Dictionary(
            N=_appearance(p, "Seen"),
            R=_appearance(p, _sentence(p.s)),
            D=_appearance(p, _sentence(p.s)),
        ),
    )


@_channel("annotation-note")
def _note(p: _Paper) -> None:
    from pikepdf import Name, String

    p.content("")
    note = _annotate(p, "Text", Contents=String(_sentence(p.s)), T=String(p.s.name))
    popup = _annotate(p, "Popup", Parent=note)
    note["/Popup"] = popup
    _annotate(p, "Text", Contents=String(p.s.phone), IRT=note, RT=Name("/R"))


@_channel("annotation-attachment")
def _attached(p: _Paper) -> None:
    from pikepdf import Dictionary, Name, String

    p.content("")
    data = p.pdf.make_stream(_sentence(p.s).encode())
    _annotate(
        p,
        "FileAttachment",
        FS=Dictionary(Type=Name("/Filespec"), F=String(f"{p.s.last}.txt"), EF=Dictionary(F=data)),
    )


@_channel("annotation-link")
def _link(p: _Paper) -> None:
    from pikepdf import Dictionary, Name, String

    p.content("")
    _annotate(
        p,
        "Link",
        A=Dictionary(
            S=Name("/URI"), URI=String(f"mailto:{p.s.first}.{p.s.last}@example.org?{p.s.name}")
        ),
    )


@_channel("redact-annotation")
def _redact_annotation(p: _Paper) -> None:
    from pikepdf import Dictionary, String

    p.content(_say(_sentence(p.s)))
    _annotate(
        p,
        "Redact",
        OverlayText=String(p.s.name),
        RO=_appearance(p, p.s.name),
        AP=Dictionary(N=_appearance(p, p.s.phone)),
    )


@_channel("widget")
def _widget(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    field = _annotate(
        p,
        "Widget",
        FT=Name("/Tx"),
        T=String("witness"),
        V=String(p.s.name),
        DV=String(p.s.phone),
        TU=String(_sentence(p.s)),
        MK=Dictionary(CA=String(p.s.last)),
        Opt=Array([String(p.s.name)]),
        AP=Dictionary(N=_appearance(p, _sentence(p.s))),
        F=4,
    )
    orphan = p.pdf.make_indirect(Dictionary(FT=Name("/Tx"), T=String("other"), V=String(p.s.name)))
    p.pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field, orphan]), DA=String("/F1 0 Tf"))


@_channel("xfa-data")
def _xfa(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    field = _annotate(
        p, "Widget", FT=Name("/Tx"), T=String("a"), AP=Dictionary(N=_appearance(p, "none")), F=4
    )
    data = p.pdf.make_stream(f"<xdp><name>{p.s.name}</name><tel>{p.s.phone}</tel></xdp>".encode())
    p.pdf.Root["/AcroForm"] = Dictionary(
        Fields=Array([field]), XFA=Array([String("datasets"), data])
    )


# Beside the pages


@_channel("outline")
def _outline(p: _Paper) -> None:
    from pikepdf import OutlineItem

    p.content("")
    with p.pdf.open_outline() as outline:
        outline.root.append(OutlineItem(_sentence(p.s), 0))


@_channel("named-destination")
def _destination(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    p.pdf.Root["/Names"] = Dictionary(
        Dests=Dictionary(Names=Array([String(p.s.name), Array([p.page, Name("/Fit")])]))
    )


@_channel("page-labels")
def _labels(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, String

    p.content("")
    p.pdf.Root["/PageLabels"] = Dictionary(
        Nums=Array([0, Dictionary(P=String(f"{p.s.name} {p.s.phone} "))])
    )


@_channel("embedded-file")
def _embedded_file(p: _Paper) -> None:
    p.content("")
    p.pdf.attachments["notes.txt"] = _sentence(p.s).encode()


@_channel("associated-file")
def _associated(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    data = p.pdf.make_stream(_sentence(p.s).encode())
    spec = p.pdf.make_indirect(
        Dictionary(Type=Name("/Filespec"), F=String("a"), EF=Dictionary(F=data))
    )
    p.pdf.Root["/AF"] = Array([spec])
    p.page["/AF"] = Array([spec])


@_channel("javascript")
def _javascript(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")

    def script(text: str) -> Any:
        return Dictionary(S=Name("/JavaScript"), JS=String(f"app.alert('{text}')"))

    p.pdf.Root["/OpenAction"] = script(p.s.name)
    p.pdf.Root["/Names"] = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script(p.s.phone)]))
    )
    p.page["/AA"] = Dictionary(O=script(p.s.name))
    _annotate(p, "Link", A=script(p.s.phone))


@_channel("private-data")
def _private(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    p.page["/PieceInfo"] = Dictionary(Maker=Dictionary(Private=String(p.s.name)))
    p.pdf.Root["/Threads"] = Array([Dictionary(I=Dictionary(Title=String(p.s.name)))])
    p.pdf.Root["/URI"] = Dictionary(Base=String(f"https://example.org/{p.s.last}/{p.s.name}"))
    p.pdf.Root["/OutputIntents"] = Array(
        [
            Dictionary(
                S=Name("/GTS_PDFA1"),
                Info=String(p.s.phone),
                OutputConditionIdentifier=String(p.s.name),
            )
        ]
    )
    p.pdf.Root["/Maker"] = Dictionary(Note=String(p.s.phone))
    p.page["/Maker"] = String(p.s.name.encode("utf-16").decode("latin-1"))


@_channel("actual-text")
def _actual(p: _Paper) -> None:
    text = p.s.name.encode("utf-16-be").hex()
    p.content(f"/Span <</ActualText <FEFF{text}> /Alt ({p.s.phone})>> BDC {_say('a figure')} EMC")


@_channel("structure-tree")
def _structure(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("/P <</MCID 0>> BDC " + _say("a figure") + "EMC")
    element = p.pdf.make_indirect(
        Dictionary(
            Type=Name("/StructElem"),
            S=Name("/P"),
            Alt=String(p.s.name),
            ActualText=String(p.s.phone),
            T=String(p.s.name),
        )
    )
    p.pdf.Root["/StructTreeRoot"] = Dictionary(Type=Name("/StructTreeRoot"), K=Array([element]))


@_channel("info")
def _info(p: _Paper) -> None:
    p.content("")
    p.pdf.docinfo["/Author"] = p.s.name
    p.pdf.docinfo["/Subject"] = p.s.phone


@_channel("xmp")
def _xmp(p: _Paper) -> None:
    p.content("")
    xml = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        f"xmlns:m='https://example.org/'><m:a>{p.s.name} {p.s.phone}</m:a></rdf:Description></rdf:RDF>"
        "</x:xmpmeta>"
    )
    p.pdf.Root["/Metadata"] = p.pdf.make_stream(xml.encode())
    p.page["/Metadata"] = p.pdf.make_stream(xml.encode())


@_channel("signature")
def _signature(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    value = p.pdf.make_indirect(
        Dictionary(
            Type=Name("/Sig"),
            Filter=Name("/Adobe.PPKLite"),
            Name=String(p.s.name),
            ContactInfo=String(p.s.phone),
            Contents=String("x" * 40),
        )
    )
    field = _annotate(p, "Widget", FT=Name("/Sig"), T=String("s"), V=value)
    p.pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field]), SigFlags=3)


@_channel("thumbnail", pixels=True)
def _thumbnail(p: _Paper) -> None:
    p.content("")
    p.page["/Thumb"] = p.image(_scan(p.s))


@_channel("resource-names")
def _resource_names(p: _Paper) -> None:
    name = f"/{p.s.first}{p.s.last}"
    p.resource("/Font", name, p.page["/Resources"]["/Font"]["/F1"])
    p.content(f"BT {name} 12 Tf 40 200 Td (Item four) Tj ET")


@_channel("font-name")
def _font_name(p: _Paper) -> None:
    characters = sorted(set("Item four"))
    font = _embedded(p, characters, name=f"ABCDEF+{p.s.first}{p.s.last}")
    p.resource("/Font", "/F9", font)
    codes = {char: number + 1 for number, char in enumerate(characters)}
    p.content(f"BT /F9 13 Tf 30 200 Td <{''.join(f'{codes[c]:04X}' for c in 'Item four')}> Tj ET")


@_channel("template-page")
def _template(p: _Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    hidden = p.form(_say(_sentence(p.s)))
    p.pdf.Root["/Names"] = Dictionary(Templates=Dictionary(Names=Array([String("t"), hidden])))
    p.pdf.Root["/Pages"]["/Spare"] = Dictionary(Type=Name("/Template"), Note=String(p.s.name))


@_channel("orphan-object")
def _orphan(p: _Paper) -> bytes:
    p.content("")
    data = p.saved(compress_streams=False, object_stream_mode=_no_object_streams())
    extra = f"9999 0 obj\n({p.s.name} {p.s.phone})\nendobj\n".encode()
    place = data.rfind(b"xref\n", 0, data.rfind(b"startxref"))
    del place
    return (
        data.replace(b"\nxref\n", b"\n% " + p.s.name.encode() + b"\n" + extra + b"xref\n", 1)
        + b"% "
        + p.s.phone.encode()
    )


def _no_object_streams() -> Any:
    import pikepdf

    return pikepdf.ObjectStreamMode.disable


@_channel("old-revision")
def _revision(p: _Paper) -> bytes:
    """Append a revision in which the page's content is another one."""
    p.content(_say(_sentence(p.s)))
    data = p.saved(compress_streams=False, object_stream_mode=_no_object_streams())
    number = p.page["/Contents"].objgen[0]
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].obj["/Contents"].objgen[0]
        size = int(pdf.trailer["/Size"])
        root = pdf.Root.objgen[0]
    start = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    new = b"BT /F1 12 Tf 40 200 Td (Nothing to see) Tj ET"
    place = len(data) + 1
    data += (
        b"\n"
        + f"{number} 0 obj\n<</Length {len(new)}>>\nstream\n".encode()
        + new
        + b"\nendstream\nendobj\n"
    )
    table = len(data)
    data += (
        f"xref\n{number} 1\n{place:010d} 00000 n \ntrailer\n<</Size {size} /Root {root} 0 R /Prev {start}>>\n"
        f"startxref\n{table}\n%%EOF\n"
    ).encode()
    return data


@_channel("deleted-page")
def _deleted_page(p: _Paper) -> bytes:
    p.content("")
    keep = p.page
    p.add_page()
    p.content(_say(_sentence(p.s)))
    gone = p.page
    keep["/Spare"] = gone  # keeps the page's objects in the file
    del p.pdf.pages[1]
    return p.saved()


CHANNELS = tuple(_MAKERS)
"""Names of all channels."""
