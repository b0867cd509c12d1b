"""Office files that hide something in each way that their programs offer."""

import io
from collections.abc import Callable
from typing import Any

from saferedact.testing.leaks.benign_files import THUMBNAIL, plain_word
from saferedact.testing.leaks.benign_pictures import BENIGN_PICTURES
from saferedact.testing.leaks.pdf_page import SECRET
from saferedact.testing.parcels import repacked, saved, without

__all__ = ["OFFICE_LEAKS"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _word(change: Callable[[Any], None]) -> Callable[[], bytes]:
    def make() -> bytes:
        made = plain_word()
        change(made)
        return without(saved(made), *THUMBNAIL)

    return make


def _run(**looks: str) -> Callable[[Any], None]:
    """Add a run with properties by element name and value; an empty value is a switch."""

    def change(made: Any) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        run = made.add_paragraph().add_run(SECRET)
        for name, value in looks.items():
            element = OxmlElement(f"w:{name}")
            if value:
                element.set(qn("w:fill" if name == "shd" else "w:val"), value)
            run._r.get_or_add_rPr().append(element)  # noqa: SLF001  python-docx has no other way

    return change


def _tracked(kind: str) -> Callable[[Any], None]:
    def change(made: Any) -> None:
        from lxml import etree

        paragraph = made.add_paragraph()._p  # noqa: SLF001  python-docx has no other way
        mark = etree.SubElement(paragraph, f"{{{_W}}}{kind}")
        mark.set(f"{{{_W}}}author", "A")
        run = etree.SubElement(mark, f"{{{_W}}}r")
        text = etree.SubElement(run, f"{{{_W}}}{'delText' if kind == 'del' else 't'}")
        text.text = SECRET

    return change


def _author(made: Any) -> None:
    made.core_properties.author = SECRET


def _comment(made: Any) -> None:
    paragraph = made.add_paragraph("Marked.")
    made.add_comment(paragraph.runs, text=SECRET, author="A")


def _word_package(members: dict[str, bytes]) -> Callable[[], bytes]:
    return lambda: repacked(without(saved(plain_word()), *THUMBNAIL), members)


def _cropped(made: Any) -> None:
    from lxml import etree

    made.add_picture(io.BytesIO(BENIGN_PICTURES["photograph.jpg"]()))
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    p = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    fill = made.element.body.find(f".//{{{p}}}blipFill")
    crop = etree.Element(f"{{{a}}}srcRect")
    crop.set("l", "30000")
    fill.insert(1, crop)


def _book(change: Callable[[Any, Any], None]) -> Callable[[], bytes]:
    def make() -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["Station", "Calls"])
        change(book, sheet)
        return saved(book)

    return make


def _hidden_sheet(book: Any, _sheet: Any, state: str = "hidden") -> None:
    other = book.create_sheet("Data")
    other.append([SECRET])
    other.sheet_state = state


def _hidden_row(_book: Any, sheet: Any) -> None:
    sheet.append([SECRET])
    sheet.row_dimensions[2].hidden = True


def _hidden_column(_book: Any, sheet: Any) -> None:
    sheet["D1"] = SECRET
    sheet.column_dimensions["D"].hidden = True


def _cell_comment(_book: Any, sheet: Any) -> None:
    from openpyxl.comments import Comment

    sheet["A1"].comment = Comment(SECRET, "A")


def _white_cell(_book: Any, sheet: Any) -> None:
    from openpyxl.styles import Font

    sheet["A2"] = SECRET
    sheet["A2"].font = Font(color="FFFFFFFF")


def _empty_format(_book: Any, sheet: Any) -> None:
    sheet["A2"] = SECRET
    sheet["A2"].number_format = ";;;"


def _filled_cell(_book: Any, sheet: Any) -> None:
    from openpyxl.styles import Font, PatternFill

    sheet["A2"] = SECRET
    sheet["A2"].font = Font(color="FF000000")
    sheet["A2"].fill = PatternFill("solid", fgColor="FF000000")


def _hidden_name(book: Any, _sheet: Any) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names["kept"] = DefinedName("kept", attr_text=f'"{SECRET}"', hidden=True)


def _show(change: Callable[[Any, Any], None]) -> Callable[[], bytes]:
    def make() -> bytes:
        import pptx

        made = pptx.Presentation()
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = "Summer campaign"
        change(made, slide)
        return without(saved(made), *THUMBNAIL)

    return make


def _notes(_made: Any, slide: Any) -> None:
    slide.notes_slide.notes_text_frame.text = SECRET


def _hidden_slide(made: Any, _slide: Any) -> None:
    other = made.slides.add_slide(made.slide_layouts[5])
    other.shapes.title.text = SECRET
    other._element.set("show", "0")  # noqa: SLF001  python-pptx has no other way


def _beside(_made: Any, slide: Any) -> None:
    box = slide.shapes.add_textbox(20_000_000, 100_000, 900_000, 400_000)
    box.text_frame.text = SECRET


def _dark_box(_made: Any, slide: Any) -> None:
    from pptx.dml.color import RGBColor

    box = slide.shapes.add_textbox(900_000, 3_000_000, 4_000_000, 400_000)
    box.text_frame.text = SECRET
    cover = slide.shapes.add_shape(1, 900_000, 3_000_000, 4_000_000, 400_000)
    cover.fill.solid()
    cover.fill.fore_color.rgb = RGBColor(0, 0, 0)  # type: ignore[no-untyped-call]


OFFICE_LEAKS: dict[str, Callable[[], bytes]] = {
    "deleted.docx": _word(_tracked("del")),
    "inserted.docx": _word(_tracked("ins")),
    "comment.docx": _word(_comment),
    "author.docx": _word(_author),
    "vanish.docx": _word(_run(vanish="")),
    "white_run.docx": _word(_run(color="FFFFFF")),
    "black_shading.docx": _word(_run(color="000000", shd="000000")),
    "black_highlight.docx": _word(_run(highlight="black")),
    "tiny_run.docx": _word(_run(sz="2")),
    "cropped.docx": _word(_cropped),
    "embedded.docx": _word_package({"word/embeddings/oleObject1.bin": SECRET.encode()}),
    "macro.docx": _word_package({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "custom_part.docx": _word_package(
        {"customXml/item1.xml": f"<a>{SECRET}</a>".encode()},
    ),
    "hidden_sheet.xlsx": _book(_hidden_sheet),
    "very_hidden_sheet.xlsx": _book(lambda b, s: _hidden_sheet(b, s, "veryHidden")),
    "hidden_row.xlsx": _book(_hidden_row),
    "hidden_column.xlsx": _book(_hidden_column),
    "cell_comment.xlsx": _book(_cell_comment),
    "white_cell.xlsx": _book(_white_cell),
    "empty_format.xlsx": _book(_empty_format),
    "filled_cell.xlsx": _book(_filled_cell),
    "hidden_name.xlsx": _book(_hidden_name),
    "notes.pptx": _show(_notes),
    "hidden_slide.pptx": _show(_hidden_slide),
    "beside.pptx": _show(_beside),
    "dark_box.pptx": _show(_dark_box),
}
