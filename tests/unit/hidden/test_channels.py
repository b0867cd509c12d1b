"""The corpus as a table: what hides in each file, by which channel and rule it is told; files that hide nothing."""

import pytest

from saferedact.checks.traces import JUDGED_BY
from saferedact.testing.leaks import BENIGN, LEAKS
from saferedact.testing.leaks.pdf_page import SECRET, page_of, text
from saferedact.testing.parcels import zipped

COVERED = (
    "rectangle white_rectangle gray_rectangle labelled_rectangle polygon thick_line shading"
    " image_cover photo_cover form_cover text_in_form near_opaque multiply_highlight"
    " square_annotation ink_annotation dark_highlight_annotation stamp_annotation"
)
INVISIBLE = "white_text near_white_text invisible_mode clipping_mode no_alpha zero_scale"
PDFS = {
    **dict.fromkeys(COVERED.split(), "covered-text"),
    **dict.fromkeys(INVISIBLE.split(), "invisible-text"),
    "hatch": "see-through-cover",
    "see_through": "see-through-cover",
    "black_on_black": "color-on-color",
    "off_page": "off-page",
    "cropped_text": "off-page",
    "image_off_page": "off-page",
    "clipped_text": "clipped-text",
    "layer_text": "hidden-layer",
    "layer_picture": "hidden-layer",
    "scan_under_box": "covered-picture",
    "scan_under_pen": "covered-picture",
    "scan_under_see_through": "see-through-cover",
    "photo_under_box": "covered-picture",
    "text_layer_of_blacked_scan": "text-layer",
    "clipped_image": "clipped-picture",
    "info": "author",
    "xmp": "xmp",
    "attachment": "embedded-object",
    "file_note": "embedded-object",
    "note": "comment",
    "popup": "comment",
    "hidden_free_text": "hidden-annotation",
    "outline": "navigation-text",
    "destination": "navigation-text",
    "labels": "navigation-text",
    "script": "script",
    "piece": "custom-data",
    "structure": "alternate-text",
    "redact_mark": "unapplied-mark",
    "hidden_field": "hidden-annotation",
    "xfa": "custom-data",
    "page_thumbnail": "page-thumbnail",
    "custom_key": "custom-data",
    "unused_image": "unused-picture",
    "base_uri": "local-path",
    "portfolio": "custom-data",
    "alternate": "picture-alternate",
    "link_path": "local-path",
    "photo_data": "gps",
    "marked_text": "alternate-text",
    "earlier_revision": "earlier-revision",
    "trailing_bytes": "trailing-data",
    "orphan_object": "stray-bytes",
}
OTHERS = {
    "mosaic_own.jpg": "mosaic",
    "mosaic_6.png": "mosaic",
    "mosaic_12.jpg": "mosaic",
    "mosaic_20.jpg": "mosaic",
    "blur_own.jpg": "blur",
    "blur_6.png": "blur",
    "blur_ellipse_10.jpg": "blur",
    "page_blur.png": "blurred-text",
    "page_mosaic.png": "mosaic-text",
    "see_through_90.png": "see-through-box",
    "see_through_75.jpg": "see-through-box",
    "box_on_ink.png": "box-on-ink",
    "under_alpha.png": "alpha-hidden",
    "thumbnail.jpg": "preview-differs",
    "cropped.png": "cropped-kept",
    "cropped.jpg": "cropped-kept",
    "second_picture.jpg": "preview-differs",
    "gps.jpg": "gps",
    "artist.jpg": "exif",
    "text.png": "text",
    "comment.jpg": "picture-comment",
    "xmp.jpg": "xmp",
    "deleted.docx": "deleted-text",
    "inserted.docx": "inserted-text",
    "comment.docx": "comment",
    "author.docx": "author",
    "vanish.docx": "hidden-text",
    "white_run.docx": "invisible-text",
    "black_shading.docx": "black-on-black",
    "black_highlight.docx": "black-on-black",
    "tiny_run.docx": "invisible-text",
    "cropped.docx": "cropped-picture",
    "embedded.docx": "embedded-object",
    "macro.docx": "macro",
    "custom_part.docx": "custom-data",
    "hidden_sheet.xlsx": "hidden-sheet",
    "very_hidden_sheet.xlsx": "hidden-sheet",
    "hidden_row.xlsx": "hidden-cells",
    "hidden_column.xlsx": "hidden-cells",
    "cell_comment.xlsx": "comment",
    "white_cell.xlsx": "invisible-text",
    "empty_format.xlsx": "hidden-cells",
    "filled_cell.xlsx": "black-on-black",
    "hidden_name.xlsx": "stored-values",
    "notes.pptx": "speaker-notes",
    "hidden_slide.pptx": "hidden-slide",
    "beside.pptx": "off-slide",
    "dark_box.pptx": "text-under-shape",
    "thread.eml": "quoted-thread",
    "hidden_html.eml": "hidden-text",
    "trail.eml": "header-trail",
    "attached_book.eml": "hidden-sheet",
    "nested.zip": "hidden-sheet",
    "box_inside.zip": "covered-text",
    "gps_inside.zip": "gps",
    "deleted.odt": "deleted-text",
    "inserted.odt": "inserted-text",
    "comment.odt": "comment",
    "author.odt": "author",
    "own_property.odt": "custom-data",
    "hidden_style.odt": "hidden-text",
    "white_run.odt": "invisible-text",
    "tiny_run.odt": "invisible-text",
    "black_run.odt": "black-on-black",
    "hidden_section.odt": "hidden-text",
    "hidden_paragraph.odt": "hidden-text",
    "hidden_field.odt": "hidden-text",
    "hidden_control.odt": "form-value",
    "variable.odt": "custom-data",
    "macro.odt": "macro",
    "earlier.odt": "earlier-revision",
    "thumbnail.odt": "thumbnail",
    "left_over.odt": "custom-data",
    "object.odt": "embedded-object",
    "binary_object.odt": "embedded-object",
    "hidden_column.ods": "hidden-cells",
    "filtered_row.ods": "hidden-cells",
    "hidden_sheet.ods": "hidden-sheet",
    "notes.odp": "speaker-notes",
    "hidden_slide.odp": "hidden-slide",
    "hidden.html": "hidden-text",
    "comment.html": "hidden-text",
    "white.html": "invisible-text",
    "black_on_black.html": "black-on-black",
    "moved.html": "moved-text",
    "template.html": "kept-markup",
    "author.html": "author",
    "data.html": "custom-data",
    "input.html": "form-value",
    "inside.zip": "hidden-text",
    "hidden.svg": "hidden-text",
    "covered.svg": "text-under-shape",
    "metadata.svg": "author",
    "hidden.rtf": "hidden-text",
    "author.rtf": "author",
    "guest.ics": "author",
}
EXPECTED = {**{f"{name}.pdf": channel for name, channel in PDFS.items()}, **OTHERS}

MISSED = {"page_mosaic.png"}
"""A mosaic of three rows of cells: too few to tell a grid from letters."""

WARNED = {"caption_on_photo.pdf": {"labelled-cover"}}
"""Honest files that a person has to look at: a box with words on a photograph may be a redaction."""


def test_the_table_is_whole():
    assert EXPECTED.keys() == LEAKS.keys()
    assert len(LEAKS) >= 60
    assert len(BENIGN) >= 40


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_told(name, look):
    found = look(LEAKS[name](), name)
    assert found.unread == ()
    channels = {trace.channel for trace in found.traces}
    if name in MISSED:
        assert not channels
        return
    assert EXPECTED[name] in channels
    assert JUDGED_BY[EXPECTED[name]].level != "INFO"


@pytest.mark.parametrize("name", BENIGN)
def test_an_honest_file_is_let_through(name, look, levels):
    found = look(BENIGN[name](), name)
    assert found.unread == ()
    assert "BLOCK" not in levels(found)
    told = {t.channel for t in found.traces if JUDGED_BY[t.channel].level == "WARN"}
    assert told == WARNED.get(name, set())


TEXTS = [name for name in LEAKS if PDFS.get(name[:-4]) in ("covered-text", "invisible-text")]


@pytest.mark.parametrize("name", TEXTS)
def test_the_hidden_words_and_their_place_are_found(name, look):
    found = look(LEAKS[name](), name)
    trace = next(t for t in found.traces if t.channel in ("covered-text", "invisible-text"))
    assert SECRET.split()[0] in trace.text
    assert trace.page == 0
    x1, y1, x2, y2 = trace.xyxy
    if name != "zero_scale.pdf":
        assert 20 <= x1 < x2 <= 250
        assert 130 <= y1 < y2 <= 160
    seen = " ".join(passage.text for passage in found.passages)
    assert SECRET.split()[0] not in seen


def test_what_is_seen_is_read_once(look):
    found = look(BENIGN["scan_with_text_layer.pdf"]())
    text = " ".join(passage.text for passage in found.passages)
    assert text.count("statement was read") == 1


def test_dots_and_hairlines_are_seen(look):
    """A dot of small print covers a pixel in part."""
    content = "".join(text(". , ' i", 30 + 0.3 * n, 40 + 5 * n, size=3) for n in range(20))
    assert look(page_of(content)).traces == ()


def test_texts_in_an_archive_are_read(look):
    found = look(zipped({"a.txt": f"The witness is {SECRET}.".encode()}), "a.zip")
    assert any(SECRET in passage.text for passage in found.passages)
    assert (found.traces, found.unread) == ((), ())


def test_what_is_not_read_is_a_gap(look):
    found = look(b"a text of no known kind", "a.xyz")
    assert (found.kind, found.inspected, bool(found.unread)) == ("other", False, True)
