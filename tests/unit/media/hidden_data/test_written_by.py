"""Fields with a program's name and nothing else, and those that only look so."""

import struct
import zlib

import pytest

from saferedact.media.hidden_data.written_by import is_code, names_writer, words_of


def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def element(kind, body):
    return kind + bytes([0x80 | len(body)]) + body


def apple_value(kind, value):
    return box(kind, box(b"data", struct.pack(">II", 1, 0) + value))


HANDLER = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))


def user_data(*values, handler=HANDLER):
    return box(b"udta", box(b"meta", bytes(4) + handler + box(b"ilst", b"".join(values))))


def keyed(*pairs):
    names = b"".join(struct.pack(">I", len(key) + 8) + b"mdta" + key for key, _ in pairs)
    values = b"".join(
        apple_value(struct.pack(">I", number), value) for number, (_, value) in enumerate(pairs, 1)
    )
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    keys = box(b"keys", struct.pack(">II", 0, len(pairs)) + names)
    return box(b"udta", box(b"meta", handler + keys + box(b"ilst", values)))


def quicktime(value, kind=b"\xa9swr"):
    return box(b"udta", box(kind, struct.pack(">HH", len(value), 0x55C4) + value))


def tag(*pairs, more=b""):
    simple = b"".join(
        element(b"\x67\xc8", element(b"\x45\xa3", key) + element(b"\x44\x87", value) + more)
        for key, value in pairs
    )
    return element(b"\x73\x73", element(b"\x63\xc0", b"") + simple)


def chunk(key, value):
    body = b"tEXt" + key + b"\0" + value
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def comment(value):
    return b"\xff\xfe" + struct.pack(">H", len(value) + 2) + value


WRITERS = [
    b"Lavf62.12.102",
    b"\x14Lavc63.1.102 libx264" + bytes(11),
    b"tifffile.py\0",
    b"ISO Media file produced by Google Inc. Created on: 05/02/2026.",
    b"Core Media Video\0",
    b"Samsung",
    b"HandBrake 1.7.3 2024021000",
    user_data(apple_value(b"\xa9too", b"Lavf62.12.102")),
    user_data(apple_value(b"\xa9too", b"HandBrake 1.7.3 2024021000")) + bytes(4),
    keyed((b"com.android.version", b"14"), (b"encoder", b"Lavf62.12.102")),
    quicktime(b"Lavf62.12.102"),
    element(b"\x4d\x80", b"Lavf62.12.102"),
    element(b"\x57\x41", b"mkvmerge v80.0 ('Roundabout') 64-bit"),
    tag((b"ENCODER", b"Lavf62.12.102"), (b"DURATION", b"00:00:02.400000000\0")),
    tag((b"ENCODER", b"Lavf62.12.102"), more=element(b"\x44\x7a", b"und")),
    chunk(b"Software", b"Matplotlib version3.11.2, https://matplotlib.org/"),
    comment(b"Lavc60.31.102"),
    comment(b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n"),
    b"\x21\xfe\x11Created with GIMP\0",
]
OTHERS = [
    b"",
    b"L",
    b"Larkspur - Imogen Thackwray",
    b"Lavf62.12.102 for Imogen Thackwray",
    b"Lavf62.12.102\0Imogen Thackwray",
    b"\x0dLavf62.12.102 Thackwray",
    b"Samsung of Imogen",
    user_data(),
    user_data(apple_value(b"\xa9nam", b"Lavf62.12.102")),
    user_data(apple_value(b"\xa9too", b"Imogen Thackwray")),
    user_data(apple_value(b"\xa9too", b"Lavf62.12.102"), apple_value(b"\xa9cmt", b"Home of I.T.")),
    user_data(apple_value(b"\xa9too", b"Lavf62.12.102"), box(b"free", b"Imogen")),
    user_data(apple_value(b"\xa9too", b"Lavf62.12.102"), handler=box(b"hdlr", b"Imogen Thackwray")),
    user_data(apple_value(b"\xa9too", b"Lavf62.12.102"))[:-3],
    keyed((b"com.apple.quicktime.author", b"Lavf62.12.102")),
    keyed((b"com.android.version", b"Imogen")),
    quicktime(b"Lavf62.12.102", b"\xa9ART"),
    element(b"\x7b\xa9", b"Lavf62.12.102"),
    element(b"\x4d\x80", b"Lavf62.12.102") + element(b"\x7b\xa9", b"Imogen"),
    element(b"\x4d\x80", b"Lavf62.12.102")[:-2],
    tag((b"ARTIST", b"Lavf62.12.102")),
    tag((b"ENCODER", b"Lavf62.12.102"), (b"DESCRIPTION", b"Op Larkspur")),
    tag((b"ENCODER", b"Lavf62.12.102"), more=element(b"\x44\x7a", b"thackwray")),
    tag((b"ENCODER", b"Lavf62.12.102"), more=element(b"\x4d\x80", b"Imogen")),
    chunk(b"Author", b"Matplotlib version3.11.2, https://matplotlib.org/"),
    chunk(b"Software", b"Imogen Thackwray"),
    comment(b"Lavc60.31.102") + b"Imogen",
    bytes(70_000),
]


@pytest.mark.parametrize("field", WRITERS)
def test_names_of_known_programs(field):
    assert names_writer(field)


@pytest.mark.parametrize("field", OTHERS)
def test_anything_else_is_a_text_field(field):
    assert not names_writer(field)


@pytest.mark.parametrize("field", WRITERS)
@pytest.mark.parametrize("cut", [1, 5])
def test_a_field_that_breaks_off_raises_nothing(field, cut):
    names_writer(field[:-cut])
    names_writer(field[cut:])


def test_codes_are_no_texts():
    assert [is_code(length) for length in (1, 2, 4, 5)] == [True, True, True, False]


def test_words():
    assert words_of(b"") == ""
    field = user_data(apple_value(b"\xa9nam", "Imogen Thackwray, Ærø".encode()))
    assert "Imogen Thackwray, Ærø" in words_of(field).split("\n")
