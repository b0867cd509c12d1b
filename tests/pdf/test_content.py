"""The interpreter of content, operator by operator: what is set again, what is drawn, what is pixels."""

import itertools

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from saferedact.errors import LimitExceededError
from saferedact.media import pdf_content
from saferedact.media.pdf_content import Interpreter
from saferedact.media.pdf_layers import Layers
from saferedact.media.pdf_places import annotation_matrix, appearance_of, page_geometry
from saferedact.media.pdf_state import Context, FontTable
from saferedact.testing.pdfs import Paper, Secrets

VIEW = (0.0, 0.0, 420.0, 300.0)


def interpreted(content, prepare=None):
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    if prepare is not None:
        prepare(paper)
    paper.content(content, plain=False)
    context = Context(FontTable(), Layers(None), VIEW)
    page = paper.pdf.pages[0]
    _, matrix = page_geometry(page)
    Interpreter(context).page(page, page.obj["/Resources"], ("page", 0), matrix)
    return context.found


def told(found):
    return ["".join(glyph.text for glyph in run.glyphs) for run in found.runs]


def test_nothing_is_found_on_an_empty_page():
    found = interpreted("")
    assert (found.runs, found.shapes, found.patches) == ([], [], [])


@pytest.mark.parametrize(
    ("content", "shapes"),
    [
        ("10 10 30 20 re f", [("fill", (10, 10, 40, 30), (0.0,))]),
        ("1 0 0 rg 10 10 30 20 re f", [("fill", (10, 10, 40, 30), (1.0, 0.0, 0.0))]),
        ("0 0 0 1 k 10 10 30 20 re f*", [("fill", (10, 10, 40, 30), (0.0, 0.0, 0.0, 1.0))]),
        ("q .5 g Q 10 10 30 20 re f Q", [("fill", (10, 10, 40, 30), (0.0,))]),
        ("2 0 0 2 5 5 cm 10 10 30 20 re f", [("fill", (25, 25, 85, 65), (0.0,))]),
        ("20 0 200 200 re W n 10 10 30 20 re f", [("fill", (20, 10, 40, 30), (0.0,))]),
        ("10 10 m 40 10 l 40 30 l 10 30 l h f", [("fill", (10, 10, 40, 30), (0.0,))]),
        ("W n 10 10 30 20 re f", []),
        ("/DeviceGray cs 1 scn /DeviceRGB CS 0 1 0 SC 10 10 30 20 re f", None),
        ("10 10 m 60 10 l S", [("line", (10, 10, 60, 10), (0.0,))]),
        (".2 G 10 10 m 10 60 l S", [("line", (10, 10, 10, 60), (0.2,))]),
        ("0 1 0 RG 10 10 m 60 10 l s", None),
        ("20 0 20 200 re W n 10 10 m 60 10 l S", [("line", (20, 10, 40, 10), (0.0,))]),
        ("20 50 20 200 re W n 10 10 m 60 10 l S", []),
        ("20 50 20 200 re W n 10 60 m 10 90 l S", []),
        ("20 50 20 20 re W n 30 90 m 30 99 l S", []),
        ("10 10 m 10 10 l S", []),
    ],
)
def test_straight_shapes_are_kept(content, shapes):
    found = interpreted(content)
    assert found.patches == []
    if shapes is not None:
        assert [(s.kind, s.xyxy, s.color) for s in found.shapes] == shapes


def test_a_line_keeps_its_width_cap_and_dashes():
    (line,) = interpreted("2 w 1 J [3 1] 0 d 10 10 m 60 10 l S").shapes
    assert (line.width, line.cap, line.dash) == (2.0, 1, (3.0, 1.0))
    (odd,) = interpreted("7 J 10 10 m 60 10 l S").shapes
    assert odd.cap == 0


def test_a_rectangle_that_is_stroked_has_four_lines_with_square_ends():
    found = interpreted("10 10 30 20 re B")
    assert [shape.kind for shape in found.shapes] == ["fill", *["line"] * 4]
    assert {shape.cap for shape in found.shapes[1:]} == {2}
    assert interpreted("10 10 30 20 re b*").shapes[0].kind == "fill"


@pytest.mark.parametrize(
    "content",
    [
        "/Nobody cs 1 scn 10 10 30 20 re f",
        "10 10 m 20 40 40 40 60 10 c f",
        "10 10 m 20 40 60 10 v S",
        "10 10 m 20 40 60 10 y S",
        "10 10 m 60 30 l S",
        "10 10 30 20 re 20 15 30 20 re f",
        "10 10 2 2 re f",
        "/Sh1 sh",
        "/Pattern cs /P1 scn 10 10 30 20 re f",
        "/Pattern CS /P1 SCN 10 10 30 20 re S",
        "/Half gs 10 10 30 20 re f",
        "/Half gs 10 10 30 20 re S",
        "/Multiply gs 10 10 30 20 re f",
        "/Soft gs 10 10 30 20 re f",
        "0 0 m 60 60 l 80 0 l W n 10 10 30 20 re f",
        "(x) f 10 10 (y) 20 re f Tj",
        "/I1 Do",
        "q 30 0 0 30 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80\nEI Q",
    ],
)
def test_all_else_becomes_pixels(content):
    def prepare(paper):
        import numpy as np

        states = {
            "/Half": Dictionary(ca=0.5, CA=0.5),
            "/Multiply": Dictionary(BM=Name("/Multiply")),
            "/Soft": Dictionary(SMask=Dictionary(S=Name("/Luminosity"))),
        }
        for name, state in states.items():
            paper.resource("/ExtGState", name, state)
        paper.resource("/XObject", "/I1", paper.image(np.zeros((4, 4), dtype=np.uint8)))

    found = interpreted(content, prepare)
    assert found.shapes == []
    assert len(found.patches) >= 1


def test_a_graphics_state_sets_lines_fonts_and_ends_what_is_special():
    def prepare(paper):
        font = paper.page["/Resources"]["/Font"]["/F1"]
        state = Dictionary(LW=3, LC=2, D=Array([Array([4, 2]), 0]), Font=Array([font, 9]))
        paper.resource("/ExtGState", "/Set", state)
        plain = Dictionary(BM=Name("/Normal"), SMask=Name("/None"))
        paper.resource("/ExtGState", "/Plain", plain)
        paper.resource("/ExtGState", "/Multiply", Dictionary(BM=Name("/Multiply")))

    found = interpreted(
        "/None gs /Set gs 10 10 m 60 10 l S /Multiply gs /Plain gs 10 20 30 20 re f BT (Ab) Tj ET",
        prepare,
    )
    line, box = found.shapes
    assert (line.width, line.cap, line.dash) == (3.0, 2, (4.0, 2.0))
    assert box.kind == "fill"
    assert told(found) == ["Ab"]
    assert found.runs[0].size == 9.0


@pytest.mark.parametrize(
    ("content", "lines", "ys"),
    [
        ("BT /F1 10 Tf 50 100 Td (One) Tj 0 -12 Td (Two) Tj ET", ["One", "Two"], [100, 88]),
        ("BT /F1 10 Tf 50 100 Td 0 -12 TD (One) Tj T* (Two) Tj ET", ["One", "Two"], [88, 76]),
        ("BT /F1 10 Tf 14 TL 50 100 Td (One) ' (Two) ' ET", ["One", "Two"], [86, 72]),
        ('BT /F1 10 Tf 14 TL 50 100 Td 1 2 (One) " ET', ["One"], [86]),
        ("BT /F1 10 Tf 5 Ts 50 100 Td (One) Tj ET", ["One"], [105]),
        ("BT /F1 10 Tf 1 0 0 1 50 90 Tm [(O) -20 (ne)] TJ ET", ["One"], [90]),
        ("BT /F1 10 Tf 50 100 Td () Tj ET", [], []),
    ],
)
def test_text_is_read_where_it_stands(content, lines, ys):
    found = interpreted(content)
    assert told(found) == lines
    assert [round(run.glyphs[0].y, 6) for run in found.runs] == ys
    assert found.patches == []
    assert len(found.shown) == len(lines)


def test_spacing_and_stretch_move_the_glyphs():
    plain, wide = (
        interpreted(f"BT /F1 10 Tf {more} 50 100 Td (a b) Tj ET").runs[0].glyphs
        for more in ("", "2 Tc 5 Tw 200 Tz")
    )
    steps = [[b.x - a.x for a, b in itertools.pairwise(run)] for run in (plain, wide)]
    assert steps[1][0] == pytest.approx(2 * (steps[0][0] + 2))
    assert steps[1][1] == pytest.approx(2 * (steps[0][1] + 2 + 5))


def test_a_font_that_is_not_there_leaves_all_to_pixels():
    found = interpreted("BT /Nobody 10 Tf 50 100 Td (One) Tj ET")
    assert found.runs == []
    assert found.patches[0].xyxy == VIEW
    assert found.refused == {(("page", 0), 3)}


@pytest.mark.parametrize("mode", [1, 2, 4, 5, 7])
def test_text_that_is_outlined_or_clips_becomes_pixels(mode):
    found = interpreted(f"BT /F1 10 Tf {mode} Tr 50 100 Td (One) Tj ET")
    assert found.runs == []
    assert len(found.patches) == 3
    assert len(found.refused) == 1


def test_text_that_is_invisible_or_flat_is_read_and_hidden():
    for content in ("3 Tr", "1 0 0 0 0 0 Tm", ""):
        (run,) = interpreted(f"BT /F1 10 Tf 50 100 Td {content} (One) Tj ET").runs
        assert all(glyph.hidden for glyph in run.glyphs) is bool(content)
    clipped = interpreted("0 0 5 5 re W n BT /F1 10 Tf 50 100 Td (One) Tj ET").runs[0]
    assert all(glyph.hidden for glyph in clipped.glyphs)


def test_marks_end_where_they_end():
    found = interpreted("EMC /Span <</A 1>> BDC /T BMC BT /F1 9 Tf 9 9 Td (In) Tj ET EMC EMC EMC")
    assert told(found) == ["In"]


def test_a_form_is_placed_clipped_and_drawn_only_so_deep(monkeypatch):
    def prepare(paper):
        inner = paper.form("BT /F1 10 Tf 5 5 Td (In) Tj ET 0 0 400 9 re f")
        inner["/BBox"] = Array([0, 0, 40, 20])
        inner["/Matrix"] = Array([2, 0, 0, 2, 10, 10])
        outer = paper.form("/In Do")
        outer["/Resources"] = Dictionary(XObject=Dictionary(In=inner))
        paper.resource("/XObject", "/Out", outer)
        group = paper.form("10 10 30 20 re f")
        group["/Group"] = Dictionary(S=Name("/Transparency"))
        paper.resource("/XObject", "/Group", group)
        paper.resource("/ExtGState", "/Half", Dictionary(ca=0.5))
        paper.resource("/XObject", "/Odd", paper.pdf.make_stream(b"0 0 9 9 re f"))

    found = interpreted("/Out Do /Nothing Do /Odd Do", prepare)
    (run,), (box,) = found.runs, found.shapes
    assert (run.glyphs[0].x, run.glyphs[0].y, run.size) == (20, 20, 20)
    assert box.xyxy == (10, 10, 90, 28)
    assert interpreted("/Half gs /Group Do", prepare).shapes == []
    monkeypatch.setattr(pdf_content, "_MAX_DEPTH", 1)
    assert interpreted("/Out Do", prepare).runs == []


def test_too_many_operators_are_refused(monkeypatch):
    monkeypatch.setattr(pdf_content, "_MAX_OPERATORS", 3)
    with pytest.raises(LimitExceededError, match="3 drawing operators"):
        interpreted("q Q q Q")


def test_a_stack_is_as_deep_as_512_states():
    found = interpreted("q " * 600 + "1 g " + "Q " * 600 + "10 10 30 20 re f")
    assert found.shapes[0].color == (0.0,)


@pytest.mark.parametrize(
    ("entries", "size", "corner"),
    [
        ({}, (420, 300), (0, 0)),
        ({"CropBox": [20, 10, 120, 60]}, (100, 50), (-20, -10)),
        ({"CropBox": [120, 60, 20, 10]}, (100, 50), (-20, -10)),
        ({"CropBox": [500, 500, 600, 600]}, (420, 300), (0, 0)),
        ({"CropBox": ["a", 0, 1, 2]}, (420, 300), (0, 0)),
        ({"CropBox": [0, 1]}, (420, 300), (0, 0)),
        ({"MediaBox": None}, (612, 792), (0, 0)),
        ({"Rotate": 90}, (300, 420), (0, 420)),
        ({"Rotate": 180}, (420, 300), (420, 300)),
        ({"Rotate": -90}, (300, 420), (300, 0)),
        ({"UserUnit": 2}, (840, 600), (0, 0)),
        ({"UserUnit": -3}, (420, 300), (0, 0)),
    ],
)
def test_pages_have_the_size_that_a_reader_sees(entries, size, corner):
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    page = paper.pdf.pages[0]
    for key, value in entries.items():
        if value is None:
            del page.obj[f"/{key}"]
            continue
        stored = value
        if isinstance(value, list):
            stored = Array([Name("/X") if isinstance(item, str) else item for item in value])
        page.obj[f"/{key}"] = stored
    found, matrix = page_geometry(page)
    assert found == size
    assert (matrix[4], matrix[5]) == corner


def test_an_appearance_is_the_one_of_its_state_and_fits_its_rectangle():
    pdf = pikepdf.new()
    on, off = pdf.make_stream(b"on"), pdf.make_stream(b"off")
    on["/BBox"] = Array([0, 0, 10, 20])
    states = Dictionary(On=on, Off=off)
    box = Dictionary(AP=Dictionary(N=states), AS=Name("/On"), Rect=Array([100, 50, 120, 110]))
    assert appearance_of(box).read_bytes() == b"on"
    assert annotation_matrix(box, on) == (2.0, 0.0, 0.0, 3.0, 100.0, 50.0)
    assert appearance_of(Dictionary()) is None
    assert appearance_of(Dictionary(AP=Dictionary(N=states))) is None
    assert appearance_of(Dictionary(AP=Dictionary(N=states), AS=Name("/Other"))) is None
    assert annotation_matrix(box, off) is None
    off["/BBox"] = Array([0, 0, 0, 20])
    assert annotation_matrix(box, off) is None
