"""BMP: headers, gaps, padding and color profiles."""

import struct

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError


def _bmp(
    width=3,
    height=2,
    bits=24,
    *,
    header_bytes=40,
    compression=0,
    gap=b"",
    reserved=b"\0\0\0\0",
    table=b"",
    pixels=None,
    data_bytes=0,
    extra=b"",
) -> bytes:
    header = struct.pack(
        "<IiiHHIIiiII", header_bytes, width, height, 1, bits, compression, data_bytes, 0, 0, 0, 0
    )
    header = header.ljust(header_bytes, b"\0") if len(extra) == 0 else header + extra
    stride = (width * bits + 31) // 32 * 4
    pixels = bytes(stride * abs(height)) if pixels is None else pixels
    at = 14 + len(header) + len(table) + len(gap)
    head = b"BM" + struct.pack("<I", at + len(pixels)) + reserved + struct.pack("<I", at)
    return head + header + table + gap + pixels


def _v5(profile: bytes, *, offset: int, kind: bytes = b"DEBM", gap=b"") -> bytes:
    extra = bytes(16) + kind + bytes(48) + struct.pack("<IIII", 0, offset, len(profile), 0)
    return _bmp(header_bytes=124, extra=extra) + gap + profile


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_plain_save_is_clean(scan, saved, mode):
    assert scan(saved("BMP", mode)) == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"height": -2},
        {"header_bytes": 108},
        {"bits": 8, "table": bytes(4 * 256)},
        {"bits": 1, "table": bytes(8)},
        {"bits": 32, "compression": 3, "table": bytes(12)},
        {"bits": 32, "compression": 6, "table": bytes(16)},
        {"bits": 32, "compression": 3, "header_bytes": 56},
        {
            "bits": 8, "compression": 1, "table": bytes(4 * 256), "pixels": b"\3\0\0\1",
            "data_bytes": 4,
        },
    ],
)  # fmt: skip
def test_every_layout_ends_where_it_should(scan, options):
    data = _bmp(**options)
    assert scan(data) == []
    assert scan(data + b"x") == [("trailing-data", len(data), 1)]


def test_core_header(scan):
    header = struct.pack("<IHHHH", 12, 3, 2, 1, 1)
    data = b"BM" + struct.pack("<III", 0, 0, 14 + 12 + 6) + header + bytes(6) + bytes(8)
    assert scan(data) == []
    assert scan(data + b"x") == [("trailing-data", len(data), 1)]


def test_gap_before_the_pixels(scan):
    assert scan(_bmp(gap=b"secret")) == [("trailing-data", 54, 6)]


def test_reserved_fields(scan):
    assert scan(_bmp(reserved=b"\0\1\0\0")) == [("unknown-segment", 6, 4)]


def test_row_padding(scan):
    data = _bmp(pixels=bytes(12) + b"123456789xyz")
    assert scan(data) == [("padding", 54 + 12 + 9, 3)]


def test_color_profile_behind_the_pixels(scan):
    clean = _v5(b"", offset=0, kind=b"BGRs")
    assert scan(clean) == []
    end = len(clean)
    assert scan(_v5(b"profile", offset=end - 14)) == [("icc", end, 7)]
    assert scan(_v5(b"C:\\me", offset=end - 14, kind=b"KNIL")) == [("icc", end, 5)]
    with_gap = _v5(b"profile", offset=end - 14 + 3, gap=b"gap")
    assert scan(with_gap) == [("trailing-data", end, 3), ("icc", end + 3, 7)]


def test_color_profile_inside(scan):
    data = _v5(b"", offset=40)
    data = data[: 14 + 116] + struct.pack("<I", 8) + data[14 + 120 :]
    assert scan(data) == [("icc", 14 + 40, 8)]


@pytest.mark.parametrize(
    "data",
    [
        b"BM",
        _bmp()[:-1],
        _bmp()[:30],
        _bmp(header_bytes=40)[:14] + struct.pack("<I", 41) + _bmp()[18:],
        _bmp(bits=7),
        _bmp(width=0),
        _bmp()[:10] + struct.pack("<I", 20) + _bmp()[14:],
        _v5(b"profile", offset=1000),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_refused(scan):
    with pytest.raises(UnsupportedFormatError):
        scan(_bmp(compression=4))
    with pytest.raises(LimitExceededError):
        scan(_bmp()[:18] + struct.pack("<i", 70_000) + _bmp()[22:])
