"""Encodings of text files, told apart and written again."""

import pytest

from saferedact.errors import InputError
from saferedact.text.decode import DecodedText, decode_text

TEXT = "Zo\u00eb \u2019n\r\nline two\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "utf-8"),
        (b"a", "utf-8"),
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_told_and_written_again(data, encoding):
    decoded = decode_text(data)
    assert decoded.encoding == encoding
    assert decoded.encode(decoded.text) == data
    assert not decoded.is_mixed
    if len(data) > 1:
        assert decoded.text == TEXT


def test_lines_of_two_encodings_are_read_each_in_its_own_and_written_as_utf8():
    decoded = decode_text("Zo\u00eb\n".encode() + "Zo\u00eb\nx".encode("cp1252"))
    assert decoded == DecodedText("Zo\u00eb\nZo\u00eb\nx", "utf-8", is_mixed=True)
    assert decoded.encode(decoded.text) == "Zo\u00eb\nZo\u00eb\nx".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x81",  # in neither
        b"\xff\xfea",  # half a unit
        b"\xef\xbb\xbf\xff",
        b"\xff\xfe\0\0a\0",  # UTF-32, or null characters
    ],
)
def test_what_is_no_text_is_refused_without_a_word_of_it(data):
    with pytest.raises(InputError, match="file"):
        decode_text(data)


def test_what_the_encoding_does_not_have_is_refused():
    with pytest.raises(InputError, match="cannot be written"):
        decode_text("Zo\u00eb".encode("cp1252")).encode("\u0141")


def test_markup_writes_what_an_encoding_does_not_have():
    decoded = decode_text(b"caf\xe9 &#322;")
    assert decoded.encoding == "cp1252"
    assert decoded.encode("caf\u00e9 \u0142", as_markup=True) == b"caf\xe9 &#322;"
    with pytest.raises(InputError, match="cp1252"):
        decoded.encode("\u0142")
