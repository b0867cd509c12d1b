"""Ordinary documents keep their words and their look; three readers and qpdf accept what is written."""

import io
import re
from collections import Counter

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pdfminer.high_level import extract_text

from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs.benign import BENIGN, make_benign


def words(text):
    return Counter(re.findall(r"\w+", text))


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", BENIGN)
def test_keeps_words_and_look(tmp_path, name):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    make_benign(name, source)
    result = redact_with_plan(source, target, detectors=[])
    assert not result.report.notes  # no page became a picture
    before, after = pypdfium2.PdfDocument(source), pypdfium2.PdfDocument(target)
    had, has = (words(doc[0].get_textpage().get_text_range()) for doc in (before, after))
    assert had
    assert sum((had & has).values()) >= 0.95 * sum(had.values())
    mined = words(extract_text(io.BytesIO(target.read_bytes())))
    assert sum((had & mined).values()) >= 0.95 * sum(had.values())
    one, other = (
        doc[0].render(scale=1.5).to_numpy()[:, :, :3].astype(int) for doc in (before, after)
    )
    assert one.shape == other.shape
    assert (np.abs(one - other).max(axis=2) > 96).mean() < 0.01
    with pikepdf.open(target) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_words_beside_a_secret_stay(tmp_path, engine):
    from saferedact.testing.pdfs import make_channel

    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name, phones=[secrets.phone])
    redact_with_plan(source, target, detectors=[])
    text = pypdfium2.PdfDocument(target)[0].get_textpage().get_text_range()
    assert "The witness [NAME] rang [IDENTIFIER] that evening." in " ".join(text.split())


def test_no_glyph_of_a_hidden_name_stays_in_a_font(tmp_path, engine):
    import oracle

    from saferedact.testing.pdfs import make_channel

    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("embedded-subset", source)
    engine.know(secrets.name, phones=[secrets.phone])
    redact_with_plan(source, target, detectors=[])
    letters, glyphs = oracle.font_letters(target)
    text = pypdfium2.PdfDocument(target)[0].get_textpage().get_text_range()
    assert set("".join(letters)) <= set(text) | {" "}
    for names in glyphs:
        assert names == [".notdef", *(f"g{i}" for i in range(1, len(names)))]
