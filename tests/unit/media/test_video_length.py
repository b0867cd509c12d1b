"""How long files say they are."""

import struct

import pytest

from saferedact.media.video_length import announced_bytes
from saferedact.testing.image_blocks import isobmff_box

_FLV = (
    b"FLV\1\5\0\0\0\x09\0\0\0\0\x12" + bytes(10) + b"\2\0\x0aonMetaData\x08\0\0\0\1\0\x08filesize\0"
)
_ASF = bytes(30) + bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365") + bytes(24)


@pytest.mark.parametrize(
    "kind", ["plain", "mov", "3gp", "matroska", "webm", "avi", "flv", "wmv", "transport-stream"]
)
def test_whole_files_are_as_long_as_they_say(clips, kind):
    from saferedact.media.video_read import open_video

    path = clips(kind)
    with open_video(path) as source:
        assert announced_bytes(path, source.info.container) == path.stat().st_size


@pytest.mark.parametrize(
    ("container", "data", "expected"),
    [
        ("MP4", b"", 0),
        ("MP4", isobmff_box(b"ftyp", b"isom") + b"\0\0\0\x09mdat", 21),
        ("MP4", struct.pack(">I4sQ", 1, b"mdat", 10**9), 10**9),
        ("MP4", isobmff_box(b"free", b"") + b"\0\0\0\0mdat", 8),
        ("MP4", isobmff_box(b"free", b"") + b"\0\0\0\7mdat", 8),
        ("MATROSKA", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x84", 14),
        ("MATROSKA", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff", 0),
        ("WEBM", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67", 0),
        ("WEBM", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\0", 0),
        ("WEBM", b"\x1a\x45\xdf\xa3", 0),
        ("AVI", b"RIFF\x64\0\0\0", 108),
        ("AVI", b"RIFF", 0),
        ("FLV", _FLV + struct.pack(">d", 4e9), 4_000_000_000),
        ("FLV", _FLV + struct.pack(">d", float("nan")), 0),
        ("FLV", _FLV, 0),
        ("FLV", b"FLV\1\5\0\0\0\x09", 0),
        ("ASF", _ASF + struct.pack("<Q40xI", 10**10, 2), 10**10),
        ("ASF", _ASF + struct.pack("<Q40xI", 10**10, 1), 0),
        ("ASF", _ASF + bytes(8), 0),
        ("ASF", b"\x30\x26\xb2\x75", 0),
        ("MPEGTS", b"G" * 188, 0),
        ("MPEGTS", (b"G" + bytes(187)) * 3, 564),
        ("MPEGTS", (b"G" + bytes(187)) * 3 + b"G", 752),
        ("MPEGTS", (bytes(4) + b"G" + bytes(187)) * 4, 768),
        ("MPEGTS", (bytes(4) + b"G" + bytes(187)) * 3 + b"G", 768),
        ("MPEGTS", b"junk" + (b"G" + bytes(187)) * 3, 0),
    ],
)
def test_heads(tmp_path, container, data, expected):
    path = tmp_path / "film"
    path.write_bytes(data)
    assert announced_bytes(path, container) == expected
