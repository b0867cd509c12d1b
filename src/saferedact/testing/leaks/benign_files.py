"""Office files, mails and archives that hide nothing."""

import io
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from saferedact.testing.leaks.benign_pdfs import BENIGN_PDFS
from saferedact.testing.leaks.benign_pictures import BENIGN_PICTURES
from saferedact.testing.leaks.pdf_page import FILLER
from saferedact.testing.parcels import saved, without, zipped

__all__ = ["BENIGN_FILES", "THUMBNAIL", "plain_mail", "plain_word"]

THUMBNAIL = ("docProps/thumbnail.jpeg",)
"""What the template of a writer brings and an honest export does not have."""


def plain_word() -> Any:
    """Return a new document of Word with a few lines."""
    import docx

    made = docx.Document()
    for line in FILLER:
        made.add_paragraph(line)
    return made


def plain_mail() -> EmailMessage:
    """Return a mail with a few lines."""
    mail = EmailMessage()
    mail["From"] = "press@example.org"
    mail["To"] = "news@example.org"
    mail["Subject"] = "A statement"
    mail.set_content("\n".join(FILLER) + "\n")
    return mail


def _word() -> bytes:
    return without(saved(plain_word()), *THUMBNAIL)


def _word_table() -> bytes:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    made = plain_word()
    table = made.add_table(2, 2)
    for cell in table.rows[0].cells:
        run = cell.paragraphs[0].add_run("Heading")
        run.font.color.rgb = RGBColor(255, 255, 255)
        shading = OxmlElement("w:shd")
        shading.set(qn("w:val"), "clear")
        shading.set(qn("w:fill"), "1F3864")
        cell._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001  python-docx has no other way
    table.rows[1].cells[0].text = "Body"
    return without(saved(made), *THUMBNAIL)


def _word_picture() -> bytes:
    made = plain_word()
    made.add_picture(io.BytesIO(BENIGN_PICTURES["photograph.jpg"]()))
    return without(saved(made), *THUMBNAIL)


def _sheet() -> bytes:
    import openpyxl
    from openpyxl.styles import Font, PatternFill

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Station", "Calls"])
    for cell in sheet[1]:
        cell.font = Font(color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor="FF1F3864")
    for n in range(5):
        sheet.append([f"Station {n}", n * 3])
    return saved(book)


def _slides() -> bytes:
    import pptx
    from pptx.dml.color import RGBColor

    made = pptx.Presentation()
    made.core_properties.author = made.core_properties.last_modified_by = ""
    slide = made.slides.add_slide(made.slide_layouts[6])
    shape = slide.shapes.add_shape(1, 500000, 500000, 4000000, 900000)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor(16, 16, 48)  # type: ignore[no-untyped-call]
    shape.text_frame.text = "Summer campaign"
    return without(saved(made), *THUMBNAIL)


def _html_mail() -> bytes:
    mail = plain_mail()
    mail.add_alternative("<html><body><p>The road has reopened.</p></body></html>", subtype="html")
    return mail.as_bytes()


def _mail_with_files() -> bytes:
    mail = plain_mail()
    mail.add_attachment(
        BENIGN_PDFS["letter.pdf"](), maintype="application", subtype="pdf", filename="letter.pdf"
    )
    return mail.as_bytes()


def _archive() -> bytes:
    return zipped(
        {
            "letter.pdf": BENIGN_PDFS["letter.pdf"](),
            "photograph.jpg": BENIGN_PICTURES["photograph.jpg"](),
            "statement.docx": _word(),
        }
    )


BENIGN_FILES: dict[str, Callable[[], bytes]] = {
    "word.docx": _word,
    "word_table.docx": _word_table,
    "word_picture.docx": _word_picture,
    "sheet.xlsx": _sheet,
    "slides.pptx": _slides,
    "plain.eml": lambda: plain_mail().as_bytes(),
    "html.eml": _html_mail,
    "with_files.eml": _mail_with_files,
    "archive.zip": _archive,
}
