"""PNG and APNG: chunks, checksums and compressed pixels."""

import struct
import zlib

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.testing.image_blocks import exif_block, png_chunk

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = png_chunk(b"IEND", b"")


def _header(width=3, height=2, depth=8, color=2, interlace=0) -> bytes:
    return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))


def _pixels(length: int = 2 * (1 + 9)) -> bytes:
    return png_chunk(b"IDAT", zlib.compress(bytes(length)))


def _png(*chunks: bytes, header: bytes | None = None) -> bytes:
    return _SIGNATURE + (header or _header()) + b"".join(chunks) + _END


_AT = len(_SIGNATURE + _header())  # where the first chunk of `_png` lies


def _frame_control(number: int = 0, size_wh=(3, 2)) -> bytes:
    return png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *size_wh, 0, 0, 1, 10, 0, 0))


def _frame_data(number: int, data: bytes | None = None) -> bytes:
    data = zlib.compress(bytes(20)) if data is None else data
    return png_chunk(b"fdAT", struct.pack(">I", number) + data)


def _animation(frames: int) -> bytes:
    return png_chunk(b"acTL", struct.pack(">II", frames, 0))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "1", "P", "I;16"])
def test_plain_save_is_clean(scan, saved, mode):
    assert scan(saved("PNG", mode)) == []


def test_plain_animation_is_clean(scan, saved):
    assert scan(saved("PNG", frames=3, duration=[10, 20, 30], loop=0)) == []


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_shallow_grey_is_clean(scan, depth):
    data = _png(_pixels(2 * (1 + (3 * depth + 7) // 8)), header=_header(depth=depth, color=0))
    assert scan(data) == []


def test_interlaced(scan):
    # Adam7 of 3 x 2 pixels: passes of 1x1, none, none, 1x1 (column 2), none, 1x1, 3x1.
    length = (1 + 3) + (1 + 3) + (1 + 3) + (1 + 9)
    header = _header(interlace=1)
    assert scan(_png(_pixels(length), header=header)) == []
    assert [item[0] for item in scan(_png(_pixels(length + 1), header=header))] == ["trailing-data"]


@pytest.mark.parametrize(
    ("kind", "payload", "channel"),
    [
        (b"tEXt", b"Comment\0hello", "text"),
        (b"zTXt", b"Comment\0\0x", "text"),
        (b"iTXt", b"Comment\0\0\0\0\0x", "text"),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>", "xmp"),
        (b"zTXt", b"Raw profile type exif\0\0x", "exif"),
        (b"tEXt", b"Raw profile type iptc\0x", "iptc"),
        (b"tEXt", b"", "text"),
        (b"eXIf", exif_block(), "exif"),
        (b"iCCP", b"name\0\0x", "icc"),
        (b"tIME", bytes(7), "time"),
        (b"caBX", b"jumb", "jumbf"),
        (b"pHYs", bytes(9), "display-hint"),
        (b"bKGD", bytes(6), "display-hint"),
        (b"sBIT", bytes(3), "display-hint"),
        (b"sPLT", b"x", "unknown-segment"),
        (b"prVt", b"", "unknown-segment"),
        (b"PLTE", bytes(9), "unused-table"),
    ],
)
@pytest.mark.parametrize("before_pixels", [True, False])
def test_chunk_is_reported_with_its_range(scan, kind, payload, channel, before_pixels):
    chunk = png_chunk(kind, payload)
    chunks = (chunk, _pixels()) if before_pixels else (_pixels(), chunk)
    at = _AT if before_pixels else _AT + len(_pixels())
    assert (channel, at, len(chunk)) in scan(_png(*chunks))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (b"gAMA", bytes(4)),
        (b"cHRM", bytes(32)),
        (b"sRGB", b"\0"),
        (b"cICP", bytes(4)),
        (b"tRNS", bytes(6)),
    ],
)
def test_needed_chunk_counts_once(scan, kind, payload):
    chunk = png_chunk(kind, payload)
    assert scan(_png(chunk, _pixels())) == []
    found = scan(_png(chunk, chunk, _pixels()))
    assert found == [("unknown-segment", _AT + len(chunk), len(chunk))]


def test_palette_longer_than_pixels_can_use(scan):
    header = _header(depth=1, color=3)
    palette = png_chunk(b"PLTE", bytes(6) + b"secret")
    alpha = png_chunk(b"tRNS", b"\0\0hi")
    data = _png(palette, alpha, _pixels(2 * 2), header=header)
    assert scan(data) == [
        ("unused-table", _AT + 8 + 6, 6),
        ("unused-table", _AT + len(palette) + 8 + 2, 2),
    ]


def test_alpha_table_of_an_image_with_alpha(scan):
    header = _header(color=6)
    alpha = png_chunk(b"tRNS", bytes(6))
    found = scan(_png(alpha, _pixels(2 * (1 + 12)), header=header))
    assert found == [("unused-table", _AT, len(alpha))]


def test_bytes_behind_the_compressed_pixels(scan):
    chunk = png_chunk(b"IDAT", zlib.compress(bytes(20)) + b"secret")
    assert scan(_png(chunk)) == [("trailing-data", _AT + len(chunk) - 4 - 6, 6)]


def test_pixel_chunk_behind_the_compressed_pixels(scan):
    hidden = png_chunk(b"IDAT", b"secret")
    found = scan(_png(_pixels(), hidden))
    assert found == [("trailing-data", _AT + len(_pixels()) + 8, 6)]


def test_more_rows_than_the_header_says(scan):
    ((channel, offset, length),) = scan(_png(_pixels(21)))
    assert channel == "trailing-data"
    assert _AT + 8 <= offset < offset + length <= _AT + len(_pixels(21)) - 4


def test_pixels_cut_into_chunks_are_clean(scan):
    stream = zlib.compress(bytes(20))
    chunks = [png_chunk(b"IDAT", stream[n : n + 1]) for n in range(len(stream))]
    assert scan(_png(png_chunk(b"IDAT", b""), *chunks)) == []


def test_trailing_data(scan):
    data = _png(_pixels())
    assert scan(data + b"\0") == [("trailing-data", len(data), 1)]


def test_exif_parts_lie_inside(scan):
    block = exif_block(gps=b"here", thumbnail=b"\xff\xd8 small")
    chunk = png_chunk(b"eXIf", block)
    data = _png(chunk, _pixels())
    found = scan(data)
    assert found[0] == ("exif", _AT, len(chunk))
    assert {item[0] for item in found} >= {"gps", "thumbnail"}
    (thumbnail,) = [item for item in found if item[0] == "thumbnail"]
    assert data[thumbnail[1] : thumbnail[1] + thumbnail[2]] == b"\xff\xd8 small"


def test_animation(scan):
    data = _png(
        _animation(2), _frame_control(0), _pixels(), _frame_control(1, (1, 1)),
        _frame_data(2, zlib.compress(bytes(4))),
    )  # fmt: skip
    assert scan(data) == []


def test_default_picture_that_no_player_shows(scan):
    data = _png(_animation(1), _pixels(), _frame_control(0), _frame_data(1))
    at = _AT + len(_animation(1))
    assert scan(data) == [("second-image", at, len(_pixels()))]


def test_frames_that_are_not_announced(scan):
    hidden = _frame_control(1) + _frame_data(2)
    data = _png(_animation(1), _frame_control(0), _pixels(), hidden)
    at = _AT + len(_animation(1) + _frame_control(0) + _pixels())
    assert scan(data) == [("second-image", at, len(hidden))]
    # Without an announcement in front of the pixels, nothing but them is shown.
    late = _png(_pixels(), _animation(2), _frame_control(0), _frame_data(1))
    assert [item[0] for item in scan(late)] == ["unknown-segment", "second-image"]


def test_bytes_behind_a_frame(scan):
    frame = _frame_data(2, zlib.compress(bytes(20)) + b"secret")
    data = _png(_animation(2), _frame_control(0), _pixels(), _frame_control(1), frame)
    assert scan(data) == [("trailing-data", len(data) - len(_END) - 4 - 6, 6)]


@pytest.mark.parametrize(
    "data",
    [
        _SIGNATURE,
        _png(),
        _png(_pixels())[: -len(_END)],
        _png(_pixels())[:-1],
        _png(_pixels(19)),
        _png(png_chunk(b"IDAT", b"no zlib")),
        _png(_pixels()[:-1] + b"\0"),
        _png(_pixels(), png_chunk(b"tEXt", b"x"), _pixels()),
        _png(png_chunk(b"gAMA", bytes(5)), _pixels()),
        _png(_frame_data(0), _pixels()),
        _png(_animation(1), _frame_control(0, (4, 2)), _pixels()),
        _SIGNATURE + _pixels() + _END,
        _png(_pixels(), header=_header(color=5)),
        _png(_pixels(), header=_header(depth=3)),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits_come_before_the_pixels(scan):
    huge = _png(png_chunk(b"IDAT", b""), header=_header(60_000, 60_000))
    with pytest.raises(LimitExceededError):
        scan(huge)
    with pytest.raises(LimitExceededError):
        scan(_png(_animation(6_000), _pixels()))
    frames = [_frame_control(n) for n in range(3)]
    with pytest.raises(LimitExceededError):
        scan(_png(_animation(2), *frames, _pixels()), Limits(max_frames=2))
