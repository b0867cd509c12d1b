"""Files that a text carries in its addresses: redacted as by themselves, or the text is refused."""

import base64
import io
import json
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.names import NameDetector, rule_recognisers
from saferedact.errors import RedactionError
from saferedact.media.data_addresses import MOST_FILES_INSIDE, files_inside
from saferedact.pipeline.files_in_text import picture_redactor
from saferedact.pipeline.text_files import redact_text_file
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels

NAMED = 'image/png;name="a,b.png"'
MARK = (30, 20, 70, 60)
LOOKED_AT = b"\x89PNG\r\n\x1a\n, without what must not be seen"


def looked_at(data: bytes, form: str) -> bytes:
    assert (data[:4], form) == (b"\x89PNG", "PNG")
    return LOOKED_AT


@pytest.fixture(scope="module")
def engine():
    detector = NameDetector(rule_recognisers())
    return IdentityEngine.of(load_policy("release"), None, "en", [detector])


@pytest.fixture
def picture(tmp_path) -> bytes:
    pixels = sample_pixels((160, 120))
    plant(pixels, [MARK])
    write_pictures(tmp_path / "picture.png", pixels)
    return (tmp_path / "picture.png").read_bytes()


def address(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def in_lines(data: bytes) -> str:
    coded = base64.encodebytes(data).decode()
    return f"data:image/png;base64,\n{coded}"


@pytest.mark.parametrize(
    ("form", "write"),
    [
        ("html", lambda p: f'<img alt="a" src="{address(p)}">'),
        ("html", lambda p: f"<img src='{in_lines(p)}'>"),
        ("html", lambda p: f"<img src={address(p)}>"),
        ("htm", lambda p: f"<style>p {{ background: url({address(p)}) }}</style><p>a</p>"),
        ("html", lambda p: f'<p style="background: url(&quot;{address(p)}&quot;)">a</p>'),
        ("html", lambda p: f'<script>let a = "{address(p)}"</script>'),
        ("html", lambda p: f"<p style='background: url(&#39;{address(p)}&#39;)'>a</p>"),
        ("html", lambda p: f'<img src="data:image/png,{quote(p)}">'),
        ("html", lambda p: f'<img src="data:;base64,{base64.b64encode(p).decode()}">'),
        ("html", lambda p: f'<img src="{address(p, "text/plain")}">'),
        ("md", lambda p: f"![a]({address(p)}) and more"),
        ("txt", address),
        ("json", lambda p: json.dumps({"picture": address(p)})),
        ("csv", lambda p: f'name,picture\na,"{address(p)}"\n'),
        ("html", lambda p: f'<img src="{address(drawing(p), "image/svg+xml")}">'),
        ("html", lambda p: f'<img src="{address(p, "img/png")}">'),
        ("html", lambda p: f'<img src="{address(p, "png")}">'),
        ("html", lambda p: f'<img src="{address(p, "image/png ; name=a ")}">'),
        ("html", lambda p: f"<img src='{address(p, NAMED)}'>"),
        ("html", lambda p: f'<img src=" {in_lines(p)}">'),
        ("html", lambda p: f"<p style='background: url( {in_lines(p)})'>a</p>"),
        ("html", lambda p: f'<img src="{address(p).rstrip("=")}">'),
        ("txt", lambda p: address(p, "")),
        ("json", lambda p: json.dumps({"picture": address(p, "")})),
        ("json", lambda p: json.dumps({"picture": address(p)}).replace("/", "\\/")),
        ("json", lambda p: json.dumps({"picture": address(p)}).replace("=", "\\u003d")),
        ("json", lambda p: json.dumps({"page": f'<img src="{address(p)}">'})),
    ],
)
def test_pictures_are_redacted(engine, picture, form, write):
    text = write(picture)
    done = redact_text_file(text.encode(), form, engine, redact_picture=looked_at)
    assert done.pictures == 1
    inside = [one.data for one in files_inside(done.data.decode(), is_markup=form[:3] == "htm")]
    assert len(inside) == 1
    if b"<svg" in inside[0]:
        inside = [one.data for one in files_inside(inside[0].decode())]
    assert inside == [LOOKED_AT]
    assert base64.b64encode(picture)[100:160] not in done.data.replace(b"\n", b"")


def drawing(picture: bytes) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address(picture)}"/></svg>'.encode()
    )


def test_what_a_detector_sees_in_a_picture_is_covered(picture):
    engine = IdentityEngine.of(load_policy("faces"), None, "en", [])
    pictures = picture_redactor(engine, [PlantedDetector()])
    page = f'<img src="{address(picture)}">'
    done = redact_text_file(page.encode(), "html", engine, redact_picture=pictures)
    (inside,) = files_inside(done.data.decode())
    pixels = np.asarray(Image.open(io.BytesIO(inside.data)).convert("RGB"))
    assert not pixels[MARK[1] : MARK[3], MARK[0] : MARK[2]].any()
    assert pixels.any()


def test_pictures_are_prepared_for_only_where_there_are_any(engine, picture):
    asked = []
    pictures = picture_redactor(engine, [PlantedDetector()], before=lambda: asked.append(1))
    redact_text_file(b"<p>a</p>", "html", engine, redact_picture=pictures)
    assert asked == []
    redact_text_file(
        f'<img src="{address(picture)}">'.encode(), "html", engine, redact_picture=pictures
    )
    assert asked == [1]


@pytest.mark.parametrize(
    ("media_type", "data", "reason"),
    [
        ("application/pdf", b"%PDF-1.4\n\0\xff", "no picture and no text"),
        ("audio/mpeg", b"ID3\x04\0\0\xff\xfb", "no picture and no text"),
        ("image/png", b"\0\1\0\0 a font, they say, in a picture's place \xff", "no picture"),
    ],
)
def test_other_files_are_refused(engine, media_type, data, reason):
    page = f'<p>a</p>\n<object data="{address(data, media_type)}">'
    with pytest.raises(RedactionError, match=f"line 2, file inside: .*{reason}"):
        redact_text_file(page.encode(), "html", engine, redact_picture=looked_at)


def test_pictures_are_refused_where_nobody_redacts_them(engine, picture):
    with pytest.raises(RedactionError, match="pictures are not redacted here"):
        redact_text_file(f'<img src="{address(picture)}">'.encode(), "html", engine)


def test_what_cannot_be_decoded_is_refused(engine):
    with pytest.raises(RedactionError, match="cannot be read"):
        redact_text_file(b'<img src="data:image/png;base64,a">', "html", engine)


def test_one_file_too_many_is_refused(engine):
    page = '<img src="data:,a">' * (MOST_FILES_INSIDE + 1)
    with pytest.raises(RedactionError, match="and the rest"):
        redact_text_file(page.encode(), "html", engine)


def test_texts_too_deep_are_refused(engine):
    page = b"<p>a</p>"
    for _ in range(5):
        page = f'<iframe src="{address(page, "text/html")}"></iframe>'.encode()
    with pytest.raises(RedactionError, match="deep"):
        redact_text_file(page, "html", engine, redact_picture=looked_at)


def test_files_in_files_are_not_too_many(engine, picture):
    page = f'<img src="{address(picture)}">' * 30
    page = f'<iframe src="{address(page.encode(), "text/html")}"></iframe>'
    for times in (3, 4):
        text = (page * times).encode()
        if times == 3:
            done = redact_text_file(text, "html", engine, redact_picture=looked_at)
            assert done.pictures == 90
        else:
            with pytest.raises(RedactionError, match="more than 100 files"):
                redact_text_file(text, "html", engine, redact_picture=looked_at)


def test_a_text_with_every_private_sign_is_refused(engine):
    signs = "".join(map(chr, range(0xE000, 0xF900)))
    assert redact_text_file(signs.encode(), "html", engine).data == signs.encode()
    with pytest.raises(RedactionError, match="private character"):
        redact_text_file(f'{signs}<a href="data:,a">'.encode(), "html", engine)


@pytest.mark.parametrize("start", ["OTTO", "true", "ttcf", "wOFF"])
@pytest.mark.parametrize("media_type", ["text/html", "font/ttf", ""])
def test_words_that_begin_like_a_font_are_words(engine, start, media_type):
    page = f'<iframe src="data:{media_type},{start}: call 07700 900345"></iframe>'
    done = redact_text_file(page.encode(), "html", engine)
    (inside,) = files_inside(done.data.decode())
    assert b"[PHONE]" in inside.data
    assert b"900345" not in inside.data


def test_a_page_that_begins_like_a_font_is_refused(engine):
    page = f'<iframe src="{address(b"OTTO 07700 900345" + bytes(1), "text/html")}">'
    with pytest.raises(RedactionError, match="no picture and no text"):
        redact_text_file(page.encode(), "html", engine)


@pytest.mark.parametrize(
    "packed",
    [
        b"%PDF-1.4 <</Filter /ASCIIHexDecode>> 3037373030203930303334353e",
        b"{\\rtf1 {\\pict\\pngblip 89504e470d0a1a0a}}",
        b"%!PS-Adobe-3.0\n(0770) show (0 900345) show",
        b"From: a\nContent-Transfer-Encoding: base64\n\nMDc3MDAgOTAwMzQ1",
        b'<!DOCTYPE svg [<!ENTITY a "0770"><!ENTITY b "0 900345">]><svg><text>&a;&b;</text></svg>',
        b"BEGIN:VCARD\nPHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=",
    ],
)
def test_texts_that_hold_codes_are_refused(engine, packed):
    page = f'<object data="{address(packed, "text/plain")}">'
    with pytest.raises(RedactionError, match="no picture and no text"):
        redact_text_file(page.encode(), "html", engine)


def test_the_charset_of_a_text_inside_stays(engine):
    page = "<iframe src='data:text/plain;charset=utf-8,Zo\u00eb: 07700 900345'>"
    done = redact_text_file(page.encode(), "html", engine)
    (inside,) = files_inside(done.data.decode())
    assert inside.charset == "utf-8"
    assert inside.data.decode().endswith(": [PHONE]")


def test_texts_inside_are_redacted(engine):
    inner = b"<svg><text>Call 07700 900345</text></svg>"
    page = f'<img src="{address(inner, "image/svg+xml")}">'
    done = redact_text_file(page.encode(), "html", engine)
    (inside,) = files_inside(done.data.decode())
    assert inside.media_type == "image/svg+xml"
    assert inside.data == b"<svg><text>Call [PHONE]</text></svg>"


@pytest.mark.parametrize(
    "page",
    [
        b'<p style="src: url(data:font/woff2;base64,d09GMgAB/wA=)">a</p>',
        b"<img src='data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E'>",
        b"<p>The data: nothing, so far.</p>",
        b"",
    ],
)
def test_what_shows_nobody_stays_byte_by_byte(engine, page):
    assert redact_text_file(page, "html", engine).data == page


def test_words_around_a_picture_are_read(engine, picture):
    text = f"Call 07700 900345 ![a]({address(picture)}) or 07700 900346, the data:, so far"
    done = redact_text_file(text.encode(), "md", engine, redact_picture=looked_at)
    before, after = done.data.decode().split(address(LOOKED_AT))
    assert (before, after) == ("Call [PHONE] ![a](", ") or [PHONE], the data:, so far")
    assert [text[span.start : span.end] for span in done.spans] == ["07700 900345", "07700 900346"]


def test_signs_of_a_picture_are_no_words(engine):
    data = b"\x89PNG\r\n\x1a\n\0" + base64.b64decode("07700900345+")
    page = f'<img src="{address(data)}">'
    assert "07700900345" in page
    kept = redact_text_file(page.encode(), "html", engine, redact_picture=lambda data, _: data)
    assert kept.data.decode() == page
