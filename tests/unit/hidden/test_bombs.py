"""Files made to unfold without end: a clear error, or a gap that is told; never a silent pass."""

import io
import re
import zipfile
from email.message import EmailMessage

import pikepdf
import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media import parcel
from saferedact.media.office import package
from saferedact.media.pdf_traces.objects import ObjectReader
from saferedact.testing.leaks import BENIGN
from saferedact.testing.leaks.pdf_page import page_of
from saferedact.testing.parcels import repacked, zipped


def test_a_zip_that_unfolds_to_more_than_the_limit(look, monkeypatch):
    monkeypatch.setattr(parcel, "_MAX_TOTAL_BYTES", 4 * 1024**2)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(9):
            archive.writestr(f"{number}.txt", bytes(1024**2))
    with pytest.raises(LimitExceededError):
        look(buffer.getvalue())


def test_archives_in_archives(look):
    data = zipped({"a.txt": b"text"})
    for _ in range(12):
        data = zipped({"a.zip": data})
    found = look(data)
    assert any("deeper than" in text for text in found.unread)


def test_mails_in_mails(look):
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail["To"] = "b@example.org"
    mail["Subject"] = "x"
    mail.set_content("text")
    for _ in range(12):
        outer = EmailMessage()
        outer["From"] = "a@example.org"
        outer["To"] = "b@example.org"
        outer["Subject"] = "x"
        outer.set_content("text")
        outer.add_attachment(mail)
        mail = outer
    assert any("deeper than" in text for text in look(mail.as_bytes()).unread)


def test_entities(look):
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    with pytest.raises(DamagedInputError):
        look(repacked(BENIGN["word.docx"](), {"word/document.xml": bomb}))


def test_elements_in_elements(look):
    bomb = b"<a>" * 600 + b"</a>" * 600
    with pytest.raises(LimitExceededError):
        look(repacked(BENIGN["word.docx"](), {"word/document.xml": bomb}))


def test_ten_thousand_sheets(look):
    sheets = "".join(f'<sheet name="s{n}" r:id="rId1"/>' for n in range(10_000))
    space = (
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    workbook = f"<workbook {space}><sheets>{sheets}</sheets></workbook>".encode()
    rows = b"<row><c><v>1</v></c></row>" * 10_000
    part = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    with pytest.raises(LimitExceededError):
        look(
            repacked(
                BENIGN["sheet.xlsx"](),
                {"xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": part},
            )
        )


def test_a_pdf_of_too_many_pages(look):
    with pytest.raises(LimitExceededError):
        look(BENIGN["several_pages.pdf"](), limits=Limits(max_frames=2))


def test_forms_that_paint_themselves(look):
    def change(pdf, page):
        import pikepdf

        form = pdf.make_stream(b"/X Do /X Do")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 10, 10]
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
        page.Resources.XObject = pikepdf.Dictionary(X=form)

    with pytest.raises(LimitExceededError, match="paint each other"):
        look(page_of("/X Do", change=change))


def test_forms_that_double(look):
    """Each paints the next twice: two to the power of 25 in all."""

    def change(pdf, page):
        import pikepdf

        inner = None
        for _ in range(25):
            form = pdf.make_stream(b"/X Do /X Do" if inner is not None else b"n")
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = [0, 0, 10, 10]
            if inner is not None:
                form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
            inner = form
        page.Resources.XObject = pikepdf.Dictionary(X=inner)

    with pytest.raises(LimitExceededError, match="paints more than"):
        look(page_of("/X Do", change=change))


def test_a_locked_pdf(look):
    import pikepdf

    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(BENIGN["letter.pdf"]())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(DamagedInputError, match="password"):
        look(buffer.getvalue())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"])
def test_pdfs_that_are_none(look, data):
    with pytest.raises(DamagedInputError):
        look(data)


def test_sheets_that_are_all_one_part(look, monkeypatch):
    monkeypatch.setattr(package, "_MAX_ELEMENTS", 100_000)
    sheets = "".join(f'<sheet name="s{n}" r:id="rId1"/>' for n in range(1_000))
    space = (
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    part = b"<worksheet><sheetData>" + b"<row><c/></row>" * 1_000 + b"</sheetData></worksheet>"
    change = {
        "xl/workbook.xml": f"<workbook {space}><sheets>{sheets}</sheets></workbook>".encode(),
        "xl/worksheets/sheet1.xml": part,
    }
    with pytest.raises(LimitExceededError, match="elements"):
        look(repacked(BENIGN["sheet.xlsx"](), change))


def test_a_pdf_that_claims_a_thousand_million_objects(tmp_path):
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    data = re.sub(rb"/Size \d+", b"/Size 1000000000", path.read_bytes())
    with ObjectReader(data) as reader:
        reader.read(DEFAULT_LIMITS)
        assert len(reader.numbers) <= 1_000_000
