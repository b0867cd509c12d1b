"""Searching a written document: every coding is read, and tables tell what words of text would."""

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.high_level import extract_text

from saferedact.media.pdf_fold import as_folded, packed_readings, readings, squash
from saferedact.media.pdf_search import Leak, Reading
from saferedact.media.pdf_worker import search_pdf
from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs import Paper, Secrets, make_channel, write_embedded
from saferedact.testing.pdfs.paper import say

NAME = "Ottilie Mc\u00c0rdle-O'Neill"

CODINGS = {
    "latin-1": lambda text: text.encode("latin-1"),
    "utf-8": lambda text: text.encode(),
    "utf-16-be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16-le at an odd place": lambda text: b"x" + text.encode("utf-16-le"),
    "hexadecimal": lambda text: b"(<" + text.encode("latin-1").hex(" ").encode() + b">)",
    "hexadecimal of utf-16": lambda text: b"<" + text.encode("utf-16-be").hex().encode() + b">",
    "octal": lambda text: b"".join(b"\\%03o" % byte for byte in text.encode("latin-1")),
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("before", [b"", b"\x00\x9c\xd1\xff\x01" * 7])
def test_every_coding_is_read(coding, before):
    data = before + CODINGS[coding](NAME) + b"\n"
    if not before:
        assert any(squash(NAME) in reading for reading in readings(data))
    assert any(as_folded(squash(NAME)) in reading for reading in packed_readings(data))


@given(st.text(st.characters(max_codepoint=0xFF)))
def test_tables_fold_latin_1_as_words_are_folded(text):
    (folded, *_) = packed_readings(text.encode("latin-1"))
    assert folded == as_folded(squash(text))


@given(st.text(st.characters(codec="utf-16-be", max_codepoint=0xFFFF)))
def test_tables_fold_utf_16_as_words_are_folded(text):
    """Letters that are one of Latin-1 are the same; what becomes several is passed over."""
    alone = "".join(
        char for char in text if len(squash(char)) <= 1 and as_folded(squash(char)) is not None
    )
    wide = list(packed_readings(b"\0\0" + alone.encode("utf-16-be")))[1]
    assert wide == as_folded("".join(map(squash, alone)))


@given(st.text())
def test_ascii_is_squashed_by_a_table_and_all_else_alike(text):
    assert squash(text + "\u00e9") == squash(text) + "e"
    assert squash(squash(text)) == squash(text)


def test_a_needle_beyond_latin_1_is_not_looked_for_in_packed_bytes():
    assert as_folded(squash("\u0141ukasz")) is None
    assert as_folded("\u03bcs") == b"\xb5s"


def test_a_file_is_read_in_parts_and_a_needle_on_their_border_is_found(tmp_path, monkeypatch):
    from saferedact.media import pdf_search

    path = tmp_path / "a.pdf"
    make_channel("plain-text", path)
    whole = path.read_bytes()
    monkeypatch.setattr(pdf_search, "_PART", 1024)
    monkeypatch.setattr(pdf_search, "_OVERLAP", 64)
    junk = np.random.default_rng(1).integers(128, 255, 4096, dtype=np.uint8).tobytes()
    for shift in range(0, 40, 3):
        path.write_bytes(whole + b"%" + junk[: 2048 - len(whole) % 1024 - shift] + NAME.encode())
        reading = Reading(path)
        reading.look_for([NAME])
        assert Leak(None, "bytes") in reading.rest(path)


def test_a_reading_is_of_its_bytes_alone(tmp_path):
    one, other = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", one)
    other.write_bytes(one.read_bytes())
    reading = Reading(one)
    assert reading.is_of(other)
    other.write_bytes(one.read_bytes() + b"\n")
    assert not reading.is_of(other)
    reading.look_for([])
    texts, leaks = reading.page(0)
    assert secrets.last in texts["pdfium"]
    assert secrets.last in texts["pdfminer"]
    assert leaks == []
    assert reading.rest(one) == []
    reading.look_for([secrets.name])
    assert {leak.channel for leak in reading.page(0)[1]} == {"text-pdfminer", "text-pdfium"}
    assert Leak(0, "stream") in reading.rest(one)
    reading.close()


def test_a_stream_that_cannot_be_unpacked_is_searched_as_it_is(tmp_path):
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        stream = pdf.make_stream(b"")
        stream.write(NAME.encode(), filter=pikepdf.Name("/FlateDecode"))
        pdf.Root["/Odd"] = stream
        pdf.save(path, compress_streams=False)
    reading = Reading(path)
    reading.look_for([NAME])
    assert Leak(None, "stream") in reading.rest(path)


def with_content(path, content):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(content)
    pdf.save(path)
    pdf.close()
    return path


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"q 396.1672 0 0 792 61 67 cm Q", False),
        (b"BT (6167) Tj ET", True),
        (b"BT <36313637> Tj ET", True),
        (b"BT (61) Tj 67 0 Td (x) Tj ET", False),
    ],
)
def test_a_few_digits_count_in_what_a_page_shows_and_not_in_its_coordinates(
    tmp_path, content, told
):
    path = with_content(tmp_path / "a.pdf", content)
    reading = Reading(path)
    reading.look_for(["61 67"])
    assert (Leak(0, "stream") in reading.rest(path)) is told
    reading.close()


def test_many_digits_count_wherever_they_are(tmp_path):
    path = with_content(tmp_path / "a.pdf", b"q 0.07700900123 0 0 1 0 0 cm Q")
    reading = Reading(path)
    reading.look_for(["07700 900123"])
    assert Leak(0, "stream") in reading.rest(path)
    reading.close()


def test_a_search_that_was_stopped_can_be_made_again(tmp_path):
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    for number in range(3):
        if number:
            paper.add_page()
        paper.content(say(f"Harriet Osgathorp on page {number}"))
    path = tmp_path / "a.pdf"
    path.write_bytes(paper.saved())
    stopped = search_pdf(path, ["Harriet Osgathorp"], pages=3)
    next(stopped)
    stopped.close()
    for _ in range(2):
        found = [
            leak.page
            for _, leaks in search_pdf(path, ["Harriet Osgathorp"], pages=3)
            for leak in leaks
        ]
        assert sorted({page for page in found if page is not None}) == [0, 1, 2]


@pytest.mark.parametrize(
    "name",
    [
        "Jimmy Page",
        "Rosa Font",
        "Ian Root",
        "Ann Parent",
        "Menachem Begin",
        "Mia Adobe",
        "T Endant",
    ],
)
def test_people_called_as_parts_of_documents_are_taken_out(tmp_path, engine, name):
    """Every document that is written has a /Page, a /Font and a table that begins."""
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_embedded(source, f"The witness {name} told the court")
    engine.know(name, name.split()[1])
    result = redact_with_plan(source, target, detectors=[])
    assert result.plan.visible_regions()
    assert result.report.notes == ()
    assert squash(name.split()[1]) not in squash(extract_text(target))


@pytest.mark.parametrize(
    ("where", "channel"),
    [
        ({"/Jimmy": 1}, "name"),
        ({"/PageJimmy": 1}, "name"),
        ({"/K": pikepdf.Name("/F1Jimmy")}, "name"),
        ({"/K": pikepdf.String("Adobe Jimmy")}, "string"),
    ],
)
def test_names_and_strings_of_others_are_searched(tmp_path, where, channel):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root["/A"] = pikepdf.Dictionary(where)
    pdf.save(tmp_path / "a.pdf")
    leaks = [
        leak for _, leaks in search_pdf(tmp_path / "a.pdf", ["Jimmy"], pages=1) for leak in leaks
    ]
    assert [leak.channel for leak in leaks] == [channel]


def test_the_table_of_a_font_is_searched_beside_its_own_words(tmp_path):
    table = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n%s\nendbfchar"
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root["/A"] = pdf.make_stream(table % b"1 beginbfchar <0041> <0041>")
    pdf.Root["/B"] = pdf.make_stream(table % b"% begin of Menachem")
    pdf.save(tmp_path / "a.pdf")

    def leaks(needle):
        found = search_pdf(tmp_path / "a.pdf", [needle], pages=1)
        return {leak.channel for _, leaks in found for leak in leaks}

    assert leaks("Menachem") == {"stream"}
    assert leaks("findresource") == set()
    assert leaks("begin") == {"stream"}
