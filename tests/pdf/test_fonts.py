"""Fonts of other people: every kind of program and encoding is read, or its text becomes pixels."""

import io

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.misc import eexec
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from saferedact.media import pdf_programs
from saferedact.media.pdf_fonts import read_font
from saferedact.media.pdf_programs import load_program, standard_program
from saferedact.media.pdf_unicode import to_unicode

GLYPHS = (".notdef", "A", "B", "space")


def square(pen, side):
    pen.moveTo((0, 0))
    pen.lineTo((0, side))
    pen.lineTo((side, side))
    pen.closePath()


def truetype(cmaps=((3, 1),)):
    """Build a TrueType program; codes of a symbol map lie in its private page."""
    builder = FontBuilder(2000, isTTF=True)
    builder.setupGlyphOrder(list(GLYPHS))
    builder.setupCharacterMap({65: "A", 66: "B", 32: "space"})
    glyphs = {}
    for number, name in enumerate(GLYPHS):
        pen = TTGlyphPen(None)
        square(pen, 200 * number + 200)
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(GLYPHS, (1000, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    tables = []
    for platform, encoding in cmaps:
        table = builder.font["cmap"].tables[0].__class__(4)
        table.platformID, table.platEncID, table.language = platform, encoding, 0
        page = 0xF000 if (platform, encoding) == (3, 0) else 0
        table.cmap = {page + 65: "A", page + 66: "B"}
        tables.append(table)
    builder.font["cmap"].tables = tables
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def opentype():
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(GLYPHS))
    builder.setupCharacterMap({65: "A", 66: "B", 32: "space"})
    strings = {}
    for number, name in enumerate(GLYPHS):
        pen = T2CharStringPen(500, None)
        square(pen, 100 * number + 100)
        strings[name] = pen.getCharString()
    builder.setupCFF("Odd", {"FullName": "Odd"}, strings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(GLYPHS, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def bare_cff():
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(opentype())).getTableData("CFF ")


def type1(*, coding="binary", encoding="", length_iv=4):
    """Write a Type 1 program by hand (Adobe Type 1 Font Format, chapters 2 and 7)."""

    def string(side):
        code = bytes([139, 248, 136, 13, 139, 139, 21])  # 0 500 hsbw 0 0 rmoveto
        code += bytes([139 + side, 7, 139 + side, 6, 9, 14])  # vlineto hlineto closepath endchar
        return code if length_iv < 0 else eexec.encrypt(b"\0" * length_iv + code, 4330)[0]

    clear = b"%!PS-AdobeFont-1.0: Odd\n/FontMatrix [0.001 0 0 0.001 0 0] def\n" + encoding.encode()
    clear += b"\ncurrentfile eexec\n"
    private = b"/lenIV %d def /Subrs 1 array\ndup 0 %d RD " % (length_iv, len(string(1)))
    private += string(1) + b" NP\n2 index /CharStrings 2 dict dup begin\n"
    for side, name in ((50, b"A"), (80, b"B")):
        private += b"/%s %d RD " % (name, len(string(side))) + string(side) + b" ND\n"
    hidden = eexec.encrypt(b"\0\0\0\0" + private + b"end\n", 55665)[0]
    if coding == "hexadecimal":
        hidden = hidden.hex("\n", 32).encode()
    if coding == "segments":
        parts = ((1, clear), (2, hidden))
        data = b"".join(
            b"\x80" + bytes([kind]) + len(part).to_bytes(4, "little") + part for kind, part in parts
        )
        return data + b"\x80\x03", 0
    return clear + hidden, len(clear) if coding == "binary" else 0


def height(outline):
    return max(y for stroke in outline for _, y in stroke[1:])


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (truetype(), "FontFile2", 200),  # 2,000 units a font size
        (opentype(), "FontFile3", 200),
        (bare_cff(), "FontFile3", 200),
    ],
)
def test_outlines_have_a_thousand_units(data, kind, expected):
    program = load_program(data, kind)
    assert height(program.outline("A")) == expected
    assert height(program.outline("B")) == expected * 3 / 2
    assert program.outline("Z") is None


@pytest.mark.parametrize("coding", ["binary", "hexadecimal", "segments"])
@pytest.mark.parametrize("length_iv", [4, 0, -1])
def test_type_1_programs_are_read_without_running_them(coding, length_iv):
    data, clear = type1(coding=coding, length_iv=length_iv)
    program = load_program(data, "FontFile", clear)
    assert height(program.outline("A")) == 50
    assert height(program.outline("B")) == 80
    assert program.encoding[65] == "A"


def test_a_type_1_encoding_of_its_own():
    data, clear = type1(encoding="/Encoding 256 array dup 1 /B put readonly def")
    program = load_program(data, "FontFile", clear)
    assert program.encoding == {1: "B"}


@pytest.mark.parametrize("kind", ["FontFile", "FontFile2", "FontFile3"])
@pytest.mark.parametrize("data", [b"", b"nonsense" * 9, b"\0\1\0\0" + b"\xff" * 90])
def test_a_program_that_cannot_be_read_is_none(kind, data):
    assert load_program(data, kind) is None


def test_a_program_that_is_cut_off_draws_what_it_can():
    whole = truetype()
    for kept in range(0, len(whole), 97):
        program = load_program(whole[:kept], "FontFile2")
        assert program is None or program.outline("A") is None or program.outline("A")


def test_limits_of_programs(monkeypatch):
    monkeypatch.setattr(pdf_programs, "_MAX_STROKES", 2)
    assert load_program(truetype(), "FontFile2").outline("A") is None
    monkeypatch.setattr(pdf_programs, "_MAX_PROGRAM_BYTES", 10)
    assert load_program(truetype(), "FontFile2") is None


def test_standard_programs_tell_their_widths():
    program = standard_program("Helvetica")
    assert program.advance("A") == pytest.approx(0.667)
    assert load_program(truetype(), "FontFile2").advance("A") == 0.0


@pytest.fixture
def pdf():
    with pikepdf.new() as document:
        yield document


def simple(pdf, data, key="FontFile2", *, flags=32, subtype="/TrueType", **entries):
    program = pdf.make_stream(data)
    descriptor = Dictionary(Flags=flags, MissingWidth=250)
    descriptor[f"/{key}"] = program
    return Dictionary(
        Type=Name("/Font"),
        Subtype=Name(subtype),
        BaseFont=Name("/ABCDEF+Odd"),
        FontDescriptor=pdf.make_indirect(descriptor),
        FirstChar=65,
        Widths=Array([500, 600]),
        **entries,
    )


@pytest.mark.parametrize(
    ("cmaps", "flags", "encoding"),
    [
        (((3, 1),), 32, Name("/WinAnsiEncoding")),
        (((0, 3),), 32, Name("/MacRomanEncoding")),
        (((1, 0),), 32, Name("/MacRomanEncoding")),
        (((3, 0),), 4, None),
        (((1, 0),), 4, None),
        (((3, 1),), 4, None),
        ((), 32, Dictionary(BaseEncoding=Name("/StandardEncoding"))),
    ],
)
def test_codes_of_truetype_lead_to_glyphs_by_every_map(pdf, cmaps, flags, encoding):
    entries = {} if encoding is None else {"Encoding": encoding}
    font = read_font(simple(pdf, truetype(cmaps), flags=flags, **entries))
    assert height(font.outline(65)) == 200
    assert height(font.outline(66)) == 300
    assert font.outline(67) is None
    assert (font.advance(65), font.advance(66), font.advance(67)) == (0.5, 0.6, 0.25)
    assert font.text(65) in ("A", "")


def test_differences_rename_codes(pdf):
    encoding = Dictionary(Differences=Array([1, Name("/B"), Name("/A"), 300, Name("/A")]))
    data, clear = type1()
    stored = simple(pdf, data, "FontFile", subtype="/Type1", Encoding=encoding)
    stored["/FontDescriptor"]["/FontFile"]["/Length1"] = clear
    font = read_font(stored)
    assert (height(font.outline(1)), height(font.outline(2))) == (80, 50)
    assert (font.text(1), font.text(2), font.text(65)) == ("B", "A", "A")
    assert not font.told_twice(1)


def test_a_standard_font_brings_its_own_widths_and_confirms_its_text():
    font = read_font(Dictionary(Subtype=Name("/Type1"), BaseFont=Name("/ArialMT")))
    assert font is None or font.advance(65) == pytest.approx(0.667)
    font = read_font(Dictionary(Subtype=Name("/Type1"), BaseFont=Name("/Helvetica")))
    assert font.advance(65) == pytest.approx(0.667)
    assert font.told_twice(65)
    symbol = read_font(Dictionary(Subtype=Name("/Type1"), BaseFont=Name("/Symbol")))
    assert symbol.text(97) == "\u03b1"


@pytest.mark.parametrize(
    "stored",
    [
        Dictionary(),
        Dictionary(Subtype=Name("/Type3")),
        Dictionary(Subtype=Name("/Type1"), BaseFont=Name("/Unheard")),
        Dictionary(Subtype=Name("/Type0"), Encoding=Name("/UniJIS-UTF16-H")),
        Dictionary(Subtype=Name("/Type0"), Encoding=Name("/Identity-H")),
        Dictionary(
            Subtype=Name("/Type0"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([Dictionary(Subtype=Name("/CIDFontType2"))]),
        ),
    ],
)
def test_other_fonts_are_left_to_pixels(stored):
    assert read_font(stored) is None


def test_an_embedded_font_without_widths_or_with_a_broken_program_is_left_to_pixels(pdf):
    stored = simple(pdf, truetype())
    del stored["/Widths"]
    assert read_font(stored) is None
    broken = simple(pdf, b"nonsense")
    broken["/BaseFont"] = Name("/Helvetica")
    assert read_font(broken) is None


def composite(pdf, data, key, subtype, **entries):
    descriptor = Dictionary(Flags=4)
    descriptor[f"/{key}"] = pdf.make_stream(data)
    inner = Dictionary(
        Subtype=Name(subtype), FontDescriptor=pdf.make_indirect(descriptor), DW=700, **entries
    )
    return Dictionary(
        Subtype=Name("/Type0"), Encoding=Name("/Identity-H"), DescendantFonts=Array([inner])
    )


def test_composite_fonts_count_glyphs(pdf):
    widths = Array([1, Array([400]), 2, 3, 450])
    font = read_font(composite(pdf, truetype(), "FontFile2", "/CIDFontType2", W=widths))
    assert list(font.codes(b"\0\1\0\2\0")) == [1, 2]
    assert height(font.outline(1)) == 200
    assert [font.advance(code) for code in (0, 1, 2, 3)] == [0.7, 0.4, 0.45, 0.45]
    assert font.outline(99) is None
    mapped = pdf.make_stream(b"\0\0\0\2\0\1")
    font = read_font(composite(pdf, truetype(), "FontFile2", "/CIDFontType2", CIDToGIDMap=mapped))
    assert height(font.outline(1)) == 300
    font = read_font(composite(pdf, bare_cff(), "FontFile3", "/CIDFontType0"))
    assert height(font.outline(1)) == 200


def test_tounicode_is_read_in_every_form(pdf):
    stream = pdf.make_stream(
        b"2 beginbfchar <0001> <0041> <02> <00660069> endbfchar\n"
        b"3 beginbfrange <10> <12> <0061> <20> <21> [<0078> <0079>] <30> <31> <7> endbfrange"
    )
    assert to_unicode(stream) == {
        1: "A",
        2: "fi",
        16: "a",
        17: "b",
        18: "c",
        32: "x",
        33: "y",
        48: "p",
        49: "q",
    }
    assert to_unicode(None) == {}


class TestOddPrograms:
    def test_a_variation_map_is_no_map_of_codes(self):
        font = TTFont(io.BytesIO(truetype()))
        table = font["cmap"].tables[0].__class__.newSubtable(14)
        table.platformID, table.platEncID, table.language, table.cmap = 0, 5, 0, {}
        table.uvsDict = {0xFE00: [(65, "B")]}
        font["cmap"].tables.append(table)
        assert load_program(saved(font), "FontFile2").cmaps.keys() == {(3, 1)}

    def test_a_contour_of_curves_alone(self):
        """A full stop of TrueType has no point on its line: its last one is None."""
        font = TTFont(io.BytesIO(truetype()))
        pen = TTGlyphPen(None)
        pen.qCurveTo((0, 0), (0, 201), (201, 201), (201, 0), None)
        pen.closePath()
        font["glyf"]["A"] = pen.glyph()
        (drawn, _) = load_program(saved(font), "FontFile2").outline("A")
        assert drawn == ("qCurveTo", (0, 0), (0, 101), (101, 101), (101, 0), None)

    def test_a_program_without_a_map_draws(self):
        font = TTFont(io.BytesIO(truetype()))
        del font["cmap"]
        program = load_program(saved(font), "FontFile2")
        assert program.cmaps == {}
        assert height(program.outline("A")) == 200

    @pytest.mark.parametrize(
        ("matrix", "read"),
        [
            ([0.001, 0, 0, 0.001, 0, 0], True),
            ([0.001, 0.0002, 0, 0.001, 0, 0], False),  # slanted
            ([0.001, 0, 0, 0.002, 0, 0], False),  # stretched
        ],
    )
    def test_matrices_that_do_more_than_scale_are_left_to_pixels(self, matrix, read):
        font = TTFont(io.BytesIO(opentype()))
        font["CFF "].cff[0].FontMatrix = matrix
        data = TTFont(io.BytesIO(saved(font))).getTableData("CFF ")
        assert (load_program(data, "FontFile3") is not None) == read

    @pytest.mark.parametrize(
        ("inner", "read"), [(None, True), ([1, 0, 0, 1, 0, 0], True), ([2, 0, 0, 2, 0, 0], False)]
    )
    def test_programs_by_glyph_number(self, inner, read):
        program = load_program(by_number(inner), "FontFile3")
        assert (program is not None) == read
        if read:
            assert program.cids == {0: ".notdef", 5: "cid00005"}
            assert height(program.outline("cid00005")) == 200

    def test_an_encoding_of_its_own(self):
        font = TTFont(io.BytesIO(opentype()))
        encoding = [".notdef"] * 256
        encoding[1] = "B"
        font["CFF "].cff[0].Encoding = encoding
        data = TTFont(io.BytesIO(saved(font))).getTableData("CFF ")
        assert load_program(data, "FontFile3").encoding == {1: "B"}

    def test_a_built_in_font_that_cannot_be_read_is_our_fault(self, monkeypatch):
        monkeypatch.setattr(pdf_programs, "_from_cff", lambda _data: None)
        with pytest.raises(RuntimeError, match="built-in font"):
            standard_program.__wrapped__("Helvetica")

    def test_a_glyph_that_cannot_be_drawn_is_none(self):
        def draw(*_):
            raise ZeroDivisionError

        assert pdf_programs.Program(draw, 1.0, ["A"]).outline("A") is None


def saved(font):
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def by_number(matrix):
    """Build a program whose glyphs have numbers in place of names (Adobe technical note 5176)."""
    from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict

    font = TTFont(io.BytesIO(opentype()))
    top = font["CFF "].cff[0]
    private = top.Private
    inner = FontDict(strings=top.strings)
    inner.Private = private
    if matrix is not None:
        inner.FontMatrix = matrix
    top.FDArray = FDArrayIndex()
    top.FDArray.append(inner)
    top.FDSelect = FDSelect()
    top.FDSelect.format, top.FDSelect.gidArray = 0, [0, 0]
    a = top.CharStrings["A"]
    notdef = top.CharStrings[".notdef"]
    index = top.CharStrings.charStringsIndex
    index.items[:] = [notdef, a]
    top.CharStrings.charStrings = {".notdef": 0, "cid00005": 1}
    top.charset = [".notdef", "cid00005"]
    top.CharStrings.charset = top.charset
    top.ROS = ("Adobe", "Identity", 0)
    top.rawDict.pop("Encoding", None)
    font.setGlyphOrder(top.charset)
    writer = io.BytesIO()
    font["CFF "].cff.compile(writer, font)
    return writer.getvalue()
