"""Exif blocks: which parts lie inside, and damaged blocks."""

import io
import struct

import pytest

from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.exif import report_exif_parts
from saferedact.media.hidden_data.items import ItemList
from saferedact.testing.image_blocks import exif_block


def _parts(block: bytes) -> list[tuple[str, int, int]]:
    items = ItemList()
    report_exif_parts(ByteView(io.BytesIO(block), 0, len(block)), items)
    return [(item.channel, item.offset, item.length) for item in items.result()]


def test_block_without_telling_parts():
    assert _parts(exif_block(orientation=3, text=b"hello")) == []


def test_position_and_thumbnail():
    block = exif_block(gps=b"where it was", thumbnail=b"\xff\xd8 small")
    found = _parts(block)
    assert ("thumbnail", block.index(b"\xff\xd8 small"), 8) in found
    at = block.index(b"where it was")
    assert any(
        name == "gps" and start <= at and at + 12 <= start + size for name, start, size in found
    )


def test_second_directory_without_a_jpeg_is_a_thumbnail():
    block = b"II*\0\x08\0\0\0" + struct.pack("<HI", 0, 14) + struct.pack("<HI", 0, 0)
    assert _parts(block) == [("thumbnail", 14, 6)]


def test_values_with_a_meaning_of_their_own():
    fields = b""
    for tag, value in ((700, b"xmp!"), (33723, b"iptc"), (34675, b"icc!"), (37500, b"mine")):
        fields += struct.pack("<HHI4s", tag, 7, 4, value)
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 4) + fields + bytes(4)
    assert _parts(block) == [
        ("xmp", 18, 4),
        ("iptc", 30, 4),
        ("icc", 42, 4),
        ("maker-data", 54, 4),
    ]


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"II",
        b"XX*\0\x08\0\0\0",
        b"II\0\0\x08\0\0\0",
        b"II*\0\xff\0\0\0",
        b"II*\0\x08\0\0\0\xff\xff",
        b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 34853, 7, 4, 0) + bytes(4),
    ],
)
def test_damaged_block_is_no_reason_to_refuse_the_picture(block):
    assert _parts(block) == []
