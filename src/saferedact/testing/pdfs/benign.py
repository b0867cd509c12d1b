"""Ordinary documents, as offices make them: what a rebuild must leave as it is."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from saferedact.testing.pdfs.fonts import embedded
from saferedact.testing.pdfs.paper import Paper, Secrets, picture_of, say

__all__ = ["BENIGN", "make_benign"]

_TEXT = (
    "The committee met in the village hall at seven in the evening.",
    "Minutes of the meeting in March were read and agreed by all present.",
    "The roof of the pavilion needs new slates before the winter comes.",
    "Three offers were compared; the second was the best value for money.",
    "A vote was taken and the motion was carried with two against it.",
    "The treasurer reported a balance that is a little above last year.",
)


def _lines(x: float = 50, y: float = 230, pitch: float = 16, **options: Any) -> str:
    return "".join(say(line, x, y - pitch * i, 11, **options) for i, line in enumerate(_TEXT))


def _letter(p: Paper) -> None:
    p.content(_lines() + say("Yours faithfully", 50, 110, 11, "F2"))


def _table(p: Paper) -> None:
    rules = "".join(f"0.5 w {x} 120 m {x} 230 l S " for x in (50, 180, 290, 380))
    rules += "".join(f"50 {y} m 380 {y} l S " for y in range(120, 231, 22))
    shade = "0.9 0.9 1 rg 50 208 330 22 re f 0 g "
    cells = "".join(
        say(text, x + 4, 214 - 22 * row, 10)
        for row, texts in enumerate(
            [
                ("Item", "Amount", "Share"),
                ("Slates", "1,240.00", "62 %"),
                ("Timber", "480.50", "24 %"),
                ("Labour", "279.50", "14 %"),
                ("Total", "2,000.00", "100 %"),
            ]
        )
        for x, text in zip((50, 180, 290), texts, strict=True)
    )
    p.content(shade + rules + cells)


def _columns(p: Paper) -> None:
    left = "".join(say(line[:30], 40, 230 - 14 * i, 10) for i, line in enumerate(_TEXT))
    right = "".join(say(line[30:60], 225, 230 - 14 * i, 10, "F2") for i, line in enumerate(_TEXT))
    p.content(left + right)


def _type0(p: Paper) -> None:
    characters = sorted(set("".join(_TEXT)))
    codes = {char: number + 1 for number, char in enumerate(characters)}
    font = embedded(p, characters)
    mapped = "".join(f"<{code:04X}> <{ord(char):04X}>\n" for char, code in codes.items())
    font["/ToUnicode"] = p.pdf.make_stream(
        f"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange {len(codes)} beginbfchar\n"
        f"{mapped}endbfchar endcmap".encode()
    )
    p.resource("/Font", "/F9", font)
    shown = "".join(
        f"BT /F9 11 Tf 50 {230 - 16 * i} Td <{''.join(f'{codes[c]:04X}' for c in line)}> Tj ET\n"
        for i, line in enumerate(_TEXT)
    )
    p.content(shown)


def _truetype(p: Paper) -> None:
    """Use a simple TrueType font, embedded whole, as word processors do for Latin text."""
    from fontTools.ttLib import TTFont
    from pikepdf import Array, Dictionary, Name
    from PIL import ImageFont

    opened: Any = ImageFont.load_default(20)
    data = bytes(opened.font_bytes)
    font: Any = TTFont(io.BytesIO(data))
    cmap, units = font.getBestCmap(), font["head"].unitsPerEm
    program = p.pdf.make_stream(data)
    program["/Length1"] = len(data)
    descriptor = Dictionary(
        Type=Name("/FontDescriptor"),
        FontName=Name("/Aileron"),
        Flags=32,
        FontBBox=Array([-200, -300, 1200, 1000]),
        ItalicAngle=0,
        Ascent=900,
        Descent=-250,
        CapHeight=700,
        StemV=80,
        FontFile2=program,
    )
    widths = [
        round(font["hmtx"][cmap[code]][0] * 1000 / units) if code in cmap else 0
        for code in range(32, 127)
    ]
    p.resource(
        "/Font",
        "/F9",
        p.pdf.make_indirect(
            Dictionary(
                Type=Name("/Font"),
                Subtype=Name("/TrueType"),
                BaseFont=Name("/Aileron"),
                FirstChar=32,
                LastChar=126,
                Widths=Array(widths),
                Encoding=Name("/WinAnsiEncoding"),
                FontDescriptor=p.pdf.make_indirect(descriptor),
            )
        ),
    )
    p.content(_lines(font="F9"))


def _letterhead(p: Paper) -> None:
    from PIL import Image

    ramp = np.linspace(40, 220, 300)[None, :, None] * np.ones((60, 1, 3))
    target = io.BytesIO()
    Image.fromarray(ramp.astype(np.uint8)).save(target, "JPEG", quality=90)
    image = p.coded_image(target.getvalue(), "/DCTDecode", (300, 60))
    from pikepdf import Name

    image["/ColorSpace"] = Name("/DeviceRGB")
    p.resource("/XObject", "/I1", image)
    p.content("q 150 0 0 30 250 255 cm /I1 Do Q " + _lines(), plain=False)


def _forms(p: Paper) -> None:
    p.resource("/XObject", "/X1", p.form(_lines()))
    p.content("q 0.95 0 0 0.95 5 5 cm /X1 Do Q")


def _colored(p: Paper) -> None:
    p.content(
        "0.1 0.2 0.6 rg "
        + _lines()
        + "0 0.8 0.9 0.1 k "
        + say("Agreed in full", 50, 110, 14, "F2")
        + "0.6 g 50 100 300 4 re f"
    )


def _turned(p: Paper) -> None:
    from pikepdf import Array

    p.page["/Rotate"] = 90
    p.page["/MediaBox"] = Array([-20, -10, 340, 460])
    p.page["/CropBox"] = Array([0, 0, 300, 440])
    p.content(f"q 0 1 -1 0 300 0 cm {_lines()} Q", plain=False)  # upright once the page is turned


def _chart(p: Paper) -> None:
    bars = "".join(
        f"0.{3 + i} 0.5 0.7 rg {60 + 30 * i} 110 20 {20 + 9 * i} re f " for i in range(6)
    )
    curve = "2 w 1 0 0 RG 60 130 m 120 200 180 90 250 180 c S "
    p.content(
        bars
        + curve
        + "0 g "
        + say("Balance by year in pounds", 60, 95, 10)
        + _lines(y=235, pitch=0.01)[:0]
        + "".join(say(line, 50, 60 - 14 * i, 10) for i, line in enumerate(_TEXT[:3]))
    )


BENIGN: dict[str, Callable[[Paper], None]] = {
    "letter": _letter,
    "table": _table,
    "columns": _columns,
    "composite-font": _type0,
    "truetype-font": _truetype,
    "letterhead": _letterhead,
    "forms": _forms,
    "colored": _colored,
    "turned": _turned,
    "chart": _chart,
}
"""Makers of the documents, by name."""


def make_benign(name: str, path: Path) -> None:
    """Write an ordinary document."""
    paper = Paper(Secrets("Nobody", "Atall", ""))
    BENIGN[name](paper)
    path.write_bytes(paper.saved())


_ = picture_of
