"""Words in unusual places of office files: charts, diagrams, text boxes, masters, what no list names."""

import io
import re
import zipfile

import docx.oxml
import pytest
import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from saferedact.media.office import office_format, read_office
from saferedact.testing.parcels import repacked, saved, without

SECRET = "Mhairi Oyelowo"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RUN = f'<x xmlns:a="a"><a:p><a:r><a:t>{SECRET[:4]}</a:t></a:r><a:r><a:t>{SECRET[4:]}</a:t></a:r></a:p></x>'


PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)


def read(data):
    return read_office(io.BytesIO(data))


def told(data):
    """Whether the secret is among what is shown, and the channels that hide it."""
    contents = read(data)
    shown = any(SECRET in passage.text for passage in contents.passages)
    return shown, [trace.channel for trace in contents.traces if SECRET in trace.text]


def workbook(fill):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "ok")
    fill(book, sheet)
    book.close()
    return buffer.getvalue()


def with_chart(book, sheet):
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Sheet1!$A$1:$A$2"})
    chart.set_title({"name": f"Reports of {SECRET}"})
    sheet.insert_chart("D4", chart)


@pytest.mark.parametrize(
    "fill",
    [
        with_chart,
        lambda _, sheet: sheet.insert_textbox("B2", f"Seen by {SECRET}"),
        lambda _, sheet: sheet.insert_textbox("B2", "a map", {"description": SECRET}),
        lambda _, sheet: sheet.set_header(f'&C&"Arial,Bold"&12{SECRET}'),
        lambda _, sheet: sheet.set_footer(f"&L{SECRET}&RPage &P"),
        lambda _, sheet: sheet.data_validation("A1", {"validate": "list", "source": [SECRET, "b"]}),
        lambda _, sheet: sheet.data_validation("A1", {"validate": "any", "input_message": SECRET}),
        lambda _, sheet: sheet.write_formula("A3", f'=IF(A1="{SECRET}",1,0)', None, 0),
        lambda book, _: book.define_name("Who", f'="{SECRET}"'),
        lambda book, sheet: sheet.write(4, 0, 5, book.add_format({"num_format": f'"{SECRET}" 0'})),
        lambda _, sheet: sheet.write_url("A5", "https://example.org", string="a", tip=SECRET),
    ],
)
def test_words_of_a_workbook_that_are_in_no_cell(fill):
    assert told(workbook(fill)) == (True, [])


def test_what_parts_are_called_is_read(new_docx, new_pptx):
    picture = io.BytesIO(PNG)
    new_docx.add_picture(picture)._inline.docPr.set("descr", SECRET)
    assert told(saved(new_docx)) == (False, ["custom-data"])
    for attribute in ("name", "title"):
        document = docx.Document()
        document.add_picture(picture)._inline.docPr.set(attribute, f"{SECRET}.jpg")
        assert told(saved(document)) == (True, [])
    mark = f'<w:bookmarkStart xmlns:w="{WORD}" w:id="0" w:name="{SECRET}"/>'
    document = docx.Document()
    document.add_paragraph("a")._p.append(docx.oxml.parse_xml(mark))
    assert told(saved(document)) == (True, [])
    document = docx.Document()
    document.styles.add_style(SECRET, 1)
    assert told(saved(document)) == (True, [])
    slide = new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    slide.shapes.title.name = SECRET
    assert told(saved(new_pptx)) == (True, [])
    name = SECRET.replace(" ", "_")
    data = workbook(lambda book, _: book.define_name(name, "=Sheet1!$A$1"))
    assert any(name in passage.text for passage in read(data).passages)


def test_an_address_behind_a_link_is_read():
    data = workbook(lambda _, sheet: sheet.write_url("A5", "mailto:mhairi@example.org", string="a"))
    assert "mhairi@example.org" in [passage.text for passage in read(data).passages]


def test_an_ordinary_workbook_hides_nothing():
    contents = read(workbook(with_chart))
    assert contents.traces == ()
    assert contents.unread == ()


def test_categories_of_a_chart(new_pptx):
    data = CategoryChartData()
    data.categories = [SECRET, "others"]
    data.add_series("x", (1, 2))
    slide = new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, 900, 900, data)
    assert told(saved(new_pptx)) == (True, [])


def test_what_stands_on_all_slides(new_pptx):
    slide = new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    box = slide.shapes.add_textbox(0, 0, 900, 900)
    box.text_frame.text = f"Interview of {SECRET}"
    new_pptx.slide_master.shapes._spTree.append(box._element)
    assert told(saved(new_pptx)) == (True, [])


def test_placeholders_of_masters_are_not_shown(new_pptx):
    new_pptx.slides.add_slide(new_pptx.slide_layouts[5]).notes_slide.notes_text_frame.text = "n"
    contents = read(saved(new_pptx))
    assert not any("Click to edit" in passage.text for passage in contents.passages)
    assert not any("Click to edit" in trace.text for trace in contents.traces)


def test_a_slide_that_is_on_no_list(new_pptx):
    new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    slide = new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    slide.shapes.add_textbox(0, 0, 9, 9).text_frame.text = SECRET
    slides = new_pptx.slides._sldIdLst
    slides.remove(slides[1])
    assert told(saved(new_pptx)) == (False, ["hidden-slide"])


def test_a_sheet_that_is_on_no_list(new_xlsx):
    new_xlsx.create_sheet()["A1"] = SECRET
    data = saved(new_xlsx)
    book = read_part(data, "xl/workbook.xml")
    book = re.sub(rb'<sheet [^>]*name="Sheet1"[^>]*/>', b"", book)
    assert b"Sheet1" not in book
    assert told(repacked(data, {"xl/workbook.xml": book})) == (False, ["hidden-sheet"])


def read_part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "ppt/slides/slide1.xml"])
def test_a_page_that_is_missing_is_told(new_xlsx, new_pptx, part):
    new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    document = new_xlsx if part.startswith("xl") else new_pptx
    (unread,) = read(without(saved(document), part)).unread
    assert unread.endswith("1 is missing")


@pytest.mark.parametrize(
    ("part", "data", "expected"),
    [
        ("word/diagrams/data1.xml", RUN, (True, [])),
        ("word/charts/chart1.xml", RUN, (True, [])),
        ("word/drawings/drawing1.xml", RUN, (True, [])),
        ("word/glossary/document.xml", RUN, (False, ["custom-data"])),
        ("word/odd.xml", f"<x><y>{SECRET}</y></x>", (False, ["custom-data"])),
        ("word/people.xml", f'<x><person author="{SECRET}"/></x>', (False, ["author"])),
        ("word/numbers.xml", "<x><y>12.5</y></x>", (False, [])),
        (f"word/{SECRET}", "bytes", (False, ["custom-data"])),
        ("word/fonts/font1.odttf", SECRET, (False, [])),
    ],
)
def test_parts_that_no_page_uses(new_docx, part, data, expected):
    assert told(repacked(saved(new_docx), {part: data.encode()})) == expected


def test_words_that_are_there_twice_are_told_once(new_docx):
    parts = dict.fromkeys(("word/diagrams/data1.xml", "word/diagrams/drawing1.xml"), RUN.encode())
    contents = read(repacked(saved(new_docx), parts))
    assert [p.text for p in contents.passages].count(SECRET) == 1


def test_a_file_in_an_unknown_place_is_looked_into(new_docx):
    contents = read(repacked(saved(new_docx), {"notes.txt": SECRET.encode()}))
    assert SECRET.encode() in [packed.data for packed in contents.packed]


def test_a_part_that_cannot_be_read_is_told(new_docx):
    contents = read(repacked(saved(new_docx), {"word/charts/chart1.xml": b"<x>"}))
    assert contents.unread == ("a chart of the file is not well-formed",)


def test_a_hyphen_that_does_not_break_is_one(new_docx):
    run = new_docx.add_paragraph().add_run("Oyelowo")
    for tag, text in (("w:noBreakHyphen", None), ("w:t", "Smith")):
        element = docx.oxml.OxmlElement(tag)
        element.text = text
        run._element.append(element)
    assert "Oyelowo-Smith" in [passage.text for passage in read(saved(new_docx)).passages]


def test_the_main_part_of_word_in_a_browser(new_docx):
    new_docx.add_paragraph(SECRET)
    data = saved(new_docx)
    main = read_part(data, "word/document.xml")
    data = without(repacked(data, {"word/document2.xml": main}), "word/document.xml")
    assert told(data) == (True, [])
    assert office_format(("[Content_Types].xml", "word/documents.xml")) is None
