"""GIF: blocks, extensions and color tables."""

import struct

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits

_LOOP = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
_CONTROL = b"!\xf9\x04\0\x0a\0\0\0"


def _head(size_wh=(4, 3), flags=0x80) -> bytes:
    table = bytes(6) if flags & 0x80 else b""
    return b"GIF89a" + struct.pack("<HHBBB", *size_wh, flags, 0, 0) + table


def _image(x=0, y=0, size_wh=(4, 3), flags=0) -> bytes:
    table = bytes(6) if flags & 0x80 else b""
    return struct.pack("<cHHHHB", b",", x, y, *size_wh, flags) + table + b"\x02\x02ab\x01c\0"


def _gif(*blocks: bytes, head: bytes | None = None) -> bytes:
    return (head or _head()) + b"".join(blocks) + b";"


_FIRST = len(_head())


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"mode": "L"},
        {"mode": "1"},
        {"mode": "P"},
        {"mode": "RGBA"},
        {"frames": 3, "duration": [10, 20, 30], "loop": 0},
        {"mode": "P", "frames": 2, "loop": 3},
    ],
)
def test_plain_save_is_clean(scan, saved, options):
    assert scan(saved("GIF", **options)) == []


@pytest.mark.parametrize(
    ("block", "channel"),
    [
        (b"!\xfe\x05hello\0", "comment"),
        (b"!\xfe\0", "comment"),
        (b"!\x01\x0c" + bytes(12) + b"\x02hi\0", "text"),
        (b"!\xff\x0bXMP DataXMP<x/>\x01" + bytes(range(255, -1, -1)) + b"\0", "xmp"),
        (b"!\xff\x0bICCRGBG1012\x01p\0", "icc"),
        (b"!\xff\x0bC2PA_GIF\1\0\0\x01j\0", "jumbf"),
        (b"!\xff\x0bMYPROGRAM01\x01x\0", "application-data"),
        (b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\x01x\0", "application-data"),
        (b"!\xff\x0bNETSCAPE2.0\x04\x01\0\0\0\0", "application-data"),
        (b"!\xff\0", "application-data"),
        (b"!\x42\x01x\0", "unknown-segment"),
        (b"!\xf9\x04\0\x0a\0\0\x01x\0", "unknown-segment"),
        (b"stray", "trailing-data"),
    ],
)
@pytest.mark.parametrize("before_picture", [True, False])
def test_block_is_reported_with_its_range(scan, block, channel, before_picture):
    blocks = (block, _image()) if before_picture else (_image(), block)
    at = _FIRST if before_picture else _FIRST + len(_image())
    assert scan(_gif(*blocks)) == [(channel, at, len(block))]


@pytest.mark.parametrize("name", [b"NETSCAPE2.0", b"ANIMEXTS1.0"])
def test_loop_count_is_needed_once(scan, name):
    loop = _LOOP.replace(b"NETSCAPE2.0", name)
    assert scan(_gif(loop, _CONTROL, _image(), _CONTROL, _image())) == []
    found = scan(_gif(loop, loop, _image()))
    assert found == [("application-data", _FIRST + len(loop), len(loop))]


def test_second_control_of_the_same_picture(scan):
    found = scan(_gif(_CONTROL, _CONTROL, _image()))
    assert found == [("unknown-segment", _FIRST + len(_CONTROL), len(_CONTROL))]


def test_picture_that_reaches_over_the_screen(scan):
    outside = _image(x=1)
    found = scan(_gif(_image(), outside))
    assert found == [("cropped-pixels", _FIRST + len(_image()), len(outside))]


def test_color_tables(scan):
    own = _image(flags=0x80)
    assert scan(_gif(own)) == [("unused-table", 13, 6)]
    assert scan(_gif(own, _image())) == []
    assert scan(_gif(own, head=_head(flags=0))) == []


def test_trailing_data(scan):
    data = _gif(_image())
    assert scan(data + b"x") == [("trailing-data", len(data), 1)]
    appended = scan(data + b"\xff\xd8\xff")
    assert appended == [("second-image", len(data), 3)]


@pytest.mark.parametrize(
    "data",
    [_gif(), _gif(_image())[:-1], _gif(_image()[:-2]), _head()[:12], _gif(b"!\xfe\xff"), b"GIF89a"],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits(scan):
    with pytest.raises(LimitExceededError):
        scan(_gif(_image(), head=_head((65_535, 65_535))))
    with pytest.raises(LimitExceededError):
        scan(_gif(_image(), _image()), Limits(max_frames=1))
