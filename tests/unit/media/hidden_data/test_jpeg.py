"""JPEG: segments, tables, scans, and what follows the end marker."""

import struct

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.testing.image_blocks import exif_block, jpeg_segment

_SOF0, _SOF2, _DHT, _DQT, _DRI, _SOS = 0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"


def _quantization(number: int = 0) -> bytes:
    return jpeg_segment(_DQT, bytes([number]) + bytes(64))


def _huffman(class_and_id: int = 0) -> bytes:
    return jpeg_segment(_DHT, bytes([class_and_id]) + bytes(16))


def _frame(marker: int = _SOF0, components: int = 1) -> bytes:
    head = struct.pack(">BHHB", 8, 16, 16, components)
    return jpeg_segment(marker, head + b"".join(bytes([n, 0x11, 0]) for n in range(components)))


def _scan(components=(0,), band=(0, 63), high=0, low=0, data=b"\x12\xff\x00\xff\xd0\x34") -> bytes:
    selectors = b"".join(bytes([number, 0]) for number in components)
    tail = bytes([*band, high << 4 | low])
    return jpeg_segment(_SOS, bytes([len(components)]) + selectors + tail) + data


_TABLES = _quantization() + _huffman(0) + _huffman(0x10)
_MINIMAL = _SOI + _TABLES + _frame() + _scan() + _EOI


def _with(extra: bytes, at: int = 2) -> bytes:
    return _MINIMAL[:at] + extra + _MINIMAL[at:]


def test_minimal_stream_is_clean(scan):
    assert scan(_MINIMAL) == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"progressive": True, "quality": 95, "subsampling": 0},
        {"optimize": True},
        {"restart_marker_rows": 1},
        {"mode": "L"},
        {"mode": "L", "progressive": True},
        {"mode": "CMYK"},
    ],
)
def test_plain_save_is_clean(scan, saved, options):
    assert scan(saved("JPEG", **options)) == []


@pytest.mark.parametrize(
    ("code", "payload", "channel"),
    [
        (0xE0, b"JFXX\0\x10", "thumbnail"),
        (0xE0, b"other", "unknown-segment"),
        (0xE1, b"Exif\0\0" + exif_block(), "exif"),
        (0xE1, b"Exif\0", "exif"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>", "xmp"),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0<x/>", "xmp"),
        (0xE1, b"other", "unknown-segment"),
        (0xE2, b"ICC_PROFILE\0\1\1", "icc"),
        (0xE2, b"MPF\0", "mpf"),
        (0xE2, b"urn:iso:std:iso:ts:21496:-1\0", "gain-map"),
        (0xE3, b"", "unknown-segment"),
        (0xEB, b"JP\0\1", "jumbf"),
        (0xEC, b"Ducky", "unknown-segment"),
        (0xED, b"Photoshop 3.0\0", "application-data"),
        (0xEE, b"other", "unknown-segment"),
        (0xF0, b"x", "unknown-segment"),
        (0xFE, b"", "comment"),
    ],
)
def test_segment_is_reported_with_its_range(scan, code, payload, channel):
    segment = jpeg_segment(code, payload)
    assert (channel, 2, len(segment)) in scan(_with(segment))


def test_jfif_without_thumbnail_and_adobe_are_needed_once(scan):
    jfif = jpeg_segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0")
    adobe = jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    assert scan(_with(jfif + adobe)) == []
    assert scan(_with(jfif + jfif)) == [("unknown-segment", 2 + len(jfif), len(jfif))]
    assert scan(_with(adobe + adobe)) == [("unknown-segment", 2 + len(adobe), len(adobe))]


def test_jfif_thumbnail_and_surplus_are_reported_apart(scan):
    jfif = jpeg_segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\2\1" + bytes(6) + b"more")
    assert scan(_with(jfif)) == [("thumbnail", 2 + 4 + 14, 6), ("unknown-segment", 2 + 4 + 20, 4)]


def test_short_jfif_is_unknown(scan):
    jfif = jpeg_segment(0xE0, b"JFIF\0\1\2")
    assert scan(_with(jfif)) == [("unknown-segment", 2, len(jfif))]


def test_surplus_of_needed_segments_is_reported(scan):
    adobe = jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1more")
    assert scan(_with(adobe)) == [("unknown-segment", 2 + 4 + 12, 4)]
    restart = jpeg_segment(_DRI, b"\0\1more")
    assert scan(_with(restart)) == [("unknown-segment", 2 + 4 + 2, 4)]
    frame = _frame()
    long_frame = jpeg_segment(_SOF0, frame[4:] + b"more")
    data = _MINIMAL.replace(frame, long_frame)
    assert scan(data) == [("unknown-segment", data.index(long_frame) + len(frame), 4)]


def test_photoshop_resources_are_told_apart(scan):
    resources = b""
    for number in (0x0404, 0x040C, 0x03ED):
        resources += b"8BIM" + struct.pack(">HBxI", number, 0, 3) + b"abc\0"
    segment = jpeg_segment(0xED, b"Photoshop 3.0\0" + resources)
    start = 2 + 4 + 14
    assert scan(_with(segment)) == [
        ("application-data", 2, len(segment)),
        ("iptc", start + 12, 3),
        ("thumbnail", start + 16 + 12, 3),
    ]


def test_damaged_photoshop_resource_is_still_reported(scan):
    segment = jpeg_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff")
    assert scan(_with(segment)) == [("application-data", 2, len(segment))]


@pytest.mark.parametrize("word", [b"hdr-gain-map", b"hdrgainmap", b"hdrgm:Version"])
def test_xmp_about_a_gain_map(scan, word):
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    data = _with(jpeg_segment(0xE1, xmp + b"<" + word + b"/>"))
    found = scan(data)
    assert found[0][0] == "xmp"
    assert found[1:] == [("gain-map", 2 + 4 + len(xmp), len(word) + 3)]


def test_tables_that_nothing_uses(scan):
    unused = _quantization(1)
    assert scan(_with(unused)) == [("unused-table", 2 + 4, 65)]
    assert scan(_with(_huffman(1))) == [("unused-table", 2 + 4, 17)]
    # The first of two definitions is lost when nothing uses it in between.
    assert scan(_with(_quantization(0))) == [("unused-table", 2 + 4, 65)]


def test_table_of_16_bits(scan):
    table = jpeg_segment(_DQT, b"\x10" + bytes(128))
    assert scan(_MINIMAL.replace(_quantization(), table)) == []


def test_second_scan_of_the_same_component(scan):
    data = _SOI + _TABLES + _frame() + _scan() + _scan() + _EOI
    at = data.rindex(_scan())
    assert scan(data) == [("repeated-scan", at, len(_scan()))]


def test_one_scan_for_each_component_is_clean(scan):
    data = _SOI + _TABLES + _frame(components=2) + _scan((0,)) + _scan((1,)) + _EOI
    assert scan(data) == []


def test_progressive_scans_refine_and_do_not_repeat(scan):
    dc = _scan(band=(0, 0), low=1)
    ac = _scan(band=(1, 63), low=0)
    refine = _scan(band=(0, 0), high=1, low=0)
    start = _SOI + _TABLES + _frame(_SOF2)
    assert scan(start + dc + ac + refine + _EOI) == []
    repeated = start + dc + ac + refine + refine + _EOI
    at = len(start + dc + ac + refine)
    assert scan(repeated) == [("repeated-scan", at, len(refine))]
    assert [item[0] for item in scan(start + dc + ac + ac + _EOI)] == ["repeated-scan"]


def test_bytes_between_segments(scan):
    at = 2 + len(_quantization())
    assert scan(_with(b"stray", at)) == [("trailing-data", at, 5)]
    assert scan(_with(b"\xff\xff\xff", at)) == []  # fill carries nothing
    assert scan(_with(b"\xff\x00", at)) == [("trailing-data", at + 1, 1)]


def test_lone_markers_are_reported(scan):
    assert scan(_with(b"\xff\x01")) == [("unknown-segment", 2, 2)]
    assert scan(_with(b"\xff\xd3")) == [("unknown-segment", 2, 2)]


def test_restart_interval_is_needed_once(scan):
    restart = jpeg_segment(_DRI, b"\0\1")
    assert scan(_with(restart)) == []
    assert scan(_with(restart + restart)) == [("unused-table", 2, len(restart))]


def test_trailing_data(scan):
    assert scan(_MINIMAL + b"secret") == [("trailing-data", len(_MINIMAL), 6)]


def test_second_picture_and_what_it_carries(scan):
    comment = jpeg_segment(0xFE, b"hi")
    data = _MINIMAL + b"pad" + _with(comment) + _MINIMAL + b"end"
    first, second = len(_MINIMAL) + 3, len(_MINIMAL) * 2 + 3 + len(comment)
    assert scan(data) == [
        ("trailing-data", len(_MINIMAL), 3),
        ("second-image", first, len(_MINIMAL) + len(comment)),
        ("comment", first + 2, len(comment)),
        ("second-image", second, len(_MINIMAL)),
        ("trailing-data", second + len(_MINIMAL), 3),
    ]


def test_second_picture_that_is_a_gain_map(scan):
    second = _with(jpeg_segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0"))
    assert ("gain-map", len(_MINIMAL), len(second)) in scan(_MINIMAL + second)


def test_second_picture_that_breaks_off(scan):
    assert scan(_MINIMAL + _MINIMAL[:40]) == [("second-image", len(_MINIMAL), 40)]


def test_film_behind_a_picture(scan):
    film = b"\0\0\0\x18ftypmp42" + bytes(40)
    assert scan(_MINIMAL + film) == [("second-image", len(_MINIMAL), len(film))]


def test_multi_picture_file(scan, saved):
    data = saved("MPO", frames=2)
    found = scan(data)
    assert [item[0] for item in found] == ["mpf", "second-image"]
    _, offset, length = found[1]
    assert data[offset : offset + 2] == _SOI
    assert offset + length == len(data)


@pytest.mark.parametrize(
    "data",
    [
        _SOI + _EOI,
        _SOI + _frame() + _EOI,
        _MINIMAL[:-2],
        _MINIMAL[:10],
        _MINIMAL[:30],
        _with(_SOI),
        _SOI + _TABLES + _scan() + _EOI,
        _with(jpeg_segment(_DRI, b"")),
        _SOI + _TABLES + _frame(components=2) + _scan((0,)) + _EOI,
        _SOI + _TABLES + _frame(components=5) + _scan((0, 1, 2, 3, 4)) + _EOI,
        _with(jpeg_segment(_DQT, b"\0\0")),
        _with(jpeg_segment(_DHT, b"\0" + b"\xff" * 16)),
        _with(b"\xff\xfe\xff\xff"),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_size_over_the_limit(scan):
    with pytest.raises(LimitExceededError):
        scan(_MINIMAL, Limits(max_side=15))


def test_many_items_are_over_the_limit(scan):
    with pytest.raises(LimitExceededError, match="pieces"):
        scan(_with(jpeg_segment(0xFE, b"") * 10_001))
