"""Letters that stand one by one: along a circle, a slope, a column, up and down; and what only looks like it."""

import io
import math

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name

from saferedact.limits import Limits
from saferedact.media.pdf_session import PdfSession
from saferedact.media.pdf_views import PageRegionSpec, TextLayer
from saferedact.pipeline.pdf.layers import believed, boxes_of
from saferedact.pipeline.redact import redact_with_plan
from saferedact.pipeline.seen import see
from saferedact.policy import load_policy
from saferedact.text.spans import TextSpan

SENTENCE = "The police are appealing for information about the incident."
NAME, PHONE = "Harriet Osgathorp", "07700 900123"
SIZE = 12


def circle(place, pitch):
    angle = 150 - place * math.degrees(pitch * SIZE / 110)
    x, y = (110 * turn(math.radians(angle)) for turn in (math.cos, math.sin))
    return 300 + x, 480 + y, angle - 90


def upright_circle(place, pitch):
    return *circle(place, pitch)[:2], 0


def slope(place, pitch):
    return 90 + place * pitch * SIZE * 0.7, 650 - place * pitch * SIZE * 0.7, 0


def column(place, pitch):
    return 90, 700 - place * pitch * SIZE, 0


def up_and_down(place, pitch):
    return 60 + place * pitch * SIZE, 600 + (place % 2) * SIZE, 0


def upward(place, pitch):
    return 90, 200 + place * pitch * SIZE, 0


PATHS = (circle, upright_circle, slope, column, up_and_down, upward)


def letter(char, x, y, angle, size=SIZE):
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    matrix = f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {x:.3f} {y:.3f}"
    return f"BT /F {size} Tf {matrix} Tm ({char}) Tj ET"


def along(path, text, pitch=1.0):
    return [letter(char, *path(i, pitch)) for i, char in enumerate(text) if char != " "]


def write(path, drawn):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name("/Font"), Subtype=Name("/Type1"), BaseFont=Name("/Helvetica"))
    pdf.pages[0].obj["/Resources"] = Dictionary(Font=Dictionary(F=font))
    content = [f"BT /F 11 Tf 60 790 Td ({SENTENCE}) Tj ET", *drawn]
    pdf.pages[0].obj["/Contents"] = pdf.make_stream("\n".join(content).encode())
    pdf.save(path, deterministic_id=True)


def scattered(path):
    session = PdfSession(path.read_bytes(), password="", limits=Limits())
    try:
        return [layer.text for layer in session.page(0).layers if layer.scattered]
    finally:
        session.close()


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join(document[0].get_textpage().get_text_range().split())
    finally:
        document.close()


def spec(box):
    return PageRegionSpec(box, "label", "solid", "rectangle", (0, 0, 0), 1, "NAME", "name NAME")


def redacted(source, target):
    return redact_with_plan(source, target, detectors=[], overwrite=True)


@pytest.mark.parametrize("text", [NAME, NAME.upper(), PHONE, "h.osgathorp@example.com"])
@pytest.mark.parametrize("path", PATHS)
def test_letters_are_read_as_they_were_drawn(tmp_path, path, text):
    write(tmp_path / "a.pdf", along(path, text))
    assert scattered(tmp_path / "a.pdf") == [text]


def test_words_on_a_circle_are_parted_where_letters_have_their_own_widths(tmp_path):
    import pymupdf

    font, drawn, at = pymupdf.Font("helv"), [], 0.0
    for char in NAME:
        if char != " ":
            drawn.append(letter(char, *circle(at / SIZE, 1.0)))
        at += font.text_length(char, SIZE)
    write(tmp_path / "a.pdf", drawn)
    assert scattered(tmp_path / "a.pdf") == [NAME]


def test_blanks_that_are_drawn_part_words(tmp_path):
    drawn = [letter(char, *column(i, 1.2)) for i, char in enumerate("Ann Lee Roe")]
    write(tmp_path / "a.pdf", drawn)
    assert scattered(tmp_path / "a.pdf") == ["Ann Lee Roe"]


@given(
    path=st.sampled_from(PATHS),
    pitch=st.sampled_from([0.9, 1.1, 1.4]),
    before=st.sampled_from(["", "By ", "A note of "]),
    names=st.tuples(*[st.sampled_from([NAME, "Bernard Quennell", "Ottilie Mudford"])] * 2),
)
@settings(max_examples=30)
def test_a_name_goes_as_one_word_and_nothing_tells_which(path, pitch, before, names):
    outputs = []
    for name in names:
        source, target = io.BytesIO(), io.BytesIO()
        write(source, along(path, before + name, pitch))
        session = PdfSession(source.getvalue(), password="", limits=Limits())
        (layer,) = (layer for layer in session.page(0).layers if layer.scattered)
        start = layer.text.index(name)
        boxes = boxes_of(layer, start, start + len(name))
        session.begin()
        assert session.add(0, [spec(box) for box in boxes], raster="", spoken=False) == ""
        session.finish(target)
        session.close()
        outputs.append(target.getvalue())
    assert outputs[0] == outputs[1]
    left = text_of(outputs[0])
    assert sorted(left) == sorted("".join((SENTENCE + before).split()) + "[NAME]")


def test_a_number_and_a_name_have_labels_of_their_own(tmp_path, engine):
    engine.know(NAME, phones=[PHONE])
    write(tmp_path / "a.pdf", along(column, f"{NAME} {PHONE}", 1.2))
    redacted(tmp_path / "a.pdf", tmp_path / "b.pdf")
    assert text_of(tmp_path / "b.pdf") == "".join(SENTENCE.split()) + "[NAME][IDENTIFIER]"


def test_a_label_stays_clear_of_the_text_beside_it(tmp_path, engine):
    engine.know(NAME)
    body = [
        f"BT /F 11 Tf 112 {706 - 13 * i} Td (A body text of the report) Tj ET" for i in range(20)
    ]
    write(tmp_path / "a.pdf", [*along(column, NAME, 1.2), *body])
    redacted(tmp_path / "a.pdf", tmp_path / "b.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "b.pdf")
    rights = [
        item.get_bounds()[2] for item in document[0].get_objects(filter=[2]) if item.type == 2
    ]
    document.close()
    assert rights
    assert max(rights) <= 112


def test_only_what_is_sure_is_believed_of_scattered_letters(tmp_path, monkeypatch):
    from saferedact.pipeline.pdf import finder
    from saferedact.text.spans import TextSpan

    def sure(score):
        def find(text):
            at = text.find(PHONE)
            return (
                [TextSpan(at, at + len(PHONE), "identifier", "phone", score, "t")]
                if at >= 0
                else []
            )

        monkeypatch.setattr(finder, "text_engine", lambda _search: find)
        return len(redacted(tmp_path / "a.pdf", tmp_path / "b.pdf").plan.visible_regions())

    write(tmp_path / "a.pdf", along(slope, PHONE))
    assert sure(0.84) == 0
    assert sure(0.85) == 11


def test_a_check_reads_them_too(tmp_path):
    write(tmp_path / "a.pdf", along(circle, NAME) + along(column, PHONE))
    seen = see(
        tmp_path / "a.pdf", "pdf", policy=load_policy("release"), detectors=None, image_text=None
    )
    assert [(text.text, text.frame) for text in seen.texts] == [(NAME, 0), (PHONE, 0)]


ORDINARY = {
    "a line of runs": [f"BT /F 12 Tf {60 + 9 * i} 500 Td ({c}) Tj ET" for i, c in enumerate("Harriet")],
    "lines": [f"BT /F 12 Tf 60 {500 - 14 * i} Td (Words of a line) Tj ET" for i in range(9)],
    "boxes of a form": [letter(c, 60 + 20 * i, 500, 0) for i, c in enumerate("HARRIETMOLE")],
    "a table of cells": [
        letter(str((row * column_) % 10), 60 + 40 * column_, 500 - 14 * row, 0)
        for row in range(9)
        for column_ in range(6)
    ],
    "figures of an axis": [
        letter(f"0.{digit}", 60, 700 - 30 * digit, 0) for digit in range(1, 10)
    ],
    "an index and an exponent": [letter("x", 60, 500, 0), letter("i", 67, 496, 0, 8), letter("2", 68, 506, 0, 8)],
    "far apart": [letter(c, 60 + 60 * i, 700 - 60 * i, 0) for i, c in enumerate("HARRIET")],
    "words down a slope": [letter(c, 60 + 20 * i, 700 - 14 * i, 0) for i, c in enumerate(["Words", "down", "this", "slope"])],
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_what_stands_in_lines_is_not_read_once_more(tmp_path, name):
    write(tmp_path / "a.pdf", ORDINARY[name])
    assert scattered(tmp_path / "a.pdf") == []


SCALES = {
    "one by one": along(column, "0123456789", 2),
    "downward": along(column, "9876543210", 1.5),
    "even": along(slope, "02468024680246"[:5], 1.5),
    "of decimals": [letter(f"0.{i}", 60, 300 + 24 * i, 0) for i in range(10)],
    "along the foot": [letter(f"{2 * i}.5", 60 + 48 * i, 300, 0) for i in range(10)],
}


@pytest.mark.parametrize("name", SCALES)
def test_the_figures_of_a_scale_are_no_number(tmp_path, name):
    write(tmp_path / "a.pdf", SCALES[name])
    assert redacted(tmp_path / "a.pdf", tmp_path / "b.pdf").plan.visible_regions() == ()


def test_a_number_in_boxes_is_no_scale(tmp_path):
    figures = zip("01632960112", range(11), strict=True)
    write(tmp_path / "a.pdf", [letter(figure, 60 + 30 * i, 300, 0) for figure, i in figures])
    plan = redacted(tmp_path / "a.pdf", tmp_path / "b.pdf").plan
    assert len(plan.visible_regions()) == 11


def test_an_account_in_boxes_is_no_scale(tmp_path):
    heading = letter("Account number", 60, 600, 0)
    figures = [letter(figure, 190 + 30 * i, 600, 0) for i, figure in enumerate("12345678")]
    write(tmp_path / "a.pdf", [heading, *figures])
    plan = redacted(tmp_path / "a.pdf", tmp_path / "b.pdf").plan
    assert len(plan.visible_regions()) == len(figures)


def test_one_figure_again_and_again_is_no_scale():
    text = "07700 07700 07700"
    lines = np.repeat(np.arange(3, dtype=np.int32), 6)[: len(text)]
    layer = TextLayer(text, np.zeros((len(text), 4), np.float32), lines, hidden=False)
    number = TextSpan(0, len(text), "identifier", "phone", 0.9, "phone", None)
    assert believed(layer, [number]) == [number]


@pytest.mark.parametrize(
    ("score", "person", "kept"), [(0.5, "W1", 1), (0.5, None, 0), (0.9, None, 1)]
)
def test_of_scattered_letters_what_is_sure_or_like_a_name_of_the_case_counts(score, person, kept):
    text = "Osgathrop"
    lines = np.zeros(len(text), np.int32)
    boxes = np.zeros((len(text), 4), np.float32)
    layer = TextLayer(text, boxes, lines, hidden=False, scattered=True)
    span = TextSpan(0, len(text), "name", "person", score, "sweep", person)
    assert len(believed(layer, [span])) == kept
