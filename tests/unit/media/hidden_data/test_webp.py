"""WebP: chunks of stills and animations."""

import struct

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.testing.image_blocks import exif_block, riff_chunk


def _webp(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _canvas(width=4, height=3) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", bytes(4) + size)


def _frame(*chunks: bytes, width=4, height=3) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"ANMF", bytes(6) + size + bytes(4) + b"".join(chunks))


_VP8L = riff_chunk(b"VP8L", b"pixels")
_ANIM = riff_chunk(b"ANIM", bytes(6))
_FIRST = 12  # where the first chunk lies


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"lossless": True},
        {"mode": "RGBA"},
        {"mode": "RGBA", "lossless": True},
        {"frames": 3, "duration": [10, 20, 30], "loop": 0},
        {"mode": "RGBA", "frames": 2},
    ],
)
def test_plain_save_is_clean(scan, saved, options):
    assert scan(saved("WEBP", **options)) == []


@pytest.mark.parametrize(
    ("kind", "payload", "channel"),
    [
        (b"EXIF", exif_block(), "exif"),
        (b"EXIF", b"", "exif"),
        (b"XMP ", b"<x/>", "xmp"),
        (b"ICCP", b"profile", "icc"),
        (b"C2PA", b"jumb", "jumbf"),
        (b"ABCD", b"", "unknown-segment"),
        (b"VP8 ", b"", "second-image"),
        (b"VP8L", b"", "second-image"),
    ],
)
def test_chunk_is_reported_with_its_range(scan, kind, payload, channel):
    chunk = riff_chunk(kind, payload)
    length = 8 + len(payload)  # the padding byte belongs to none
    assert (channel, _FIRST + len(_VP8L), length) in scan(_webp(_VP8L, chunk))
    in_frame = _webp(_canvas(), _ANIM, _frame(_VP8L, chunk))
    at = len(_webp(_canvas(), _ANIM)) + 8 + 16 + len(_VP8L)
    assert (channel, at, length) in scan(in_frame)


@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_exif_parts_lie_inside(scan, prefix):
    chunk = riff_chunk(b"EXIF", prefix + exif_block(gps=b"here"))
    assert {item[0] for item in scan(_webp(_VP8L, chunk))} == {"exif", "gps"}


def test_surplus_and_repetition_of_needed_chunks(scan):
    canvas = riff_chunk(b"VP8X", bytes(10) + b"more")
    assert scan(_webp(canvas, _VP8L)) == [("unknown-segment", _FIRST + 8 + 10, 4)]
    again = scan(_webp(_canvas(), _canvas(), _VP8L))
    assert again == [("unknown-segment", _FIRST + len(_canvas()), len(_canvas()))]


def test_padding_byte_that_holds_something(scan):
    chunk = riff_chunk(b"VP8L", b"pixel")[:-1]
    assert scan(_webp(chunk + b"\0")) == []
    assert scan(_webp(chunk + b"x")) == [("padding", _FIRST + len(chunk), 1)]


def test_alpha_that_decoders_ignore(scan):
    alpha = riff_chunk(b"ALPH", b"hidden")
    lossy = riff_chunk(b"VP8 ", b"pixels")
    assert scan(_webp(_canvas(), alpha, lossy)) == []
    at = _FIRST + len(_canvas())
    assert scan(_webp(_canvas(), alpha, _VP8L)) == [("second-image", at, 14)]
    assert scan(_webp(_canvas(), lossy, alpha)) == [("second-image", at + len(lossy), 14)]


def test_still_picture_beside_an_animation(scan):
    data = _webp(_canvas(), _VP8L, _ANIM, _frame(_VP8L))
    assert scan(data) == [("second-image", _FIRST + len(_canvas()), len(_VP8L))]


def test_trailing_data(scan):
    data = _webp(_VP8L)
    assert scan(data + b"x") == [("trailing-data", len(data), 1)]


@pytest.mark.parametrize(
    "data",
    [
        _webp(),
        _webp(_VP8L)[:-1],
        _webp(riff_chunk(b"ALPH", b"x")),
        _webp(_VP8L[:-1]),
        _webp(_VP8L, b"EXIF"),
        _webp(riff_chunk(b"VP8X", bytes(9)), _VP8L),
        _webp(_canvas(), _frame(_VP8L, width=5)),
        _webp(_canvas(), riff_chunk(b"ANMF", bytes(15))),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits(scan):
    with pytest.raises(LimitExceededError):
        scan(_webp(_canvas(16_000, 16_000), _VP8L))
    with pytest.raises(LimitExceededError):
        scan(_webp(_canvas(), _frame(_VP8L), _frame(_VP8L)), Limits(max_frames=1))
