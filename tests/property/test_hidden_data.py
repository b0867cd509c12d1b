"""Properties of the hidden-data scan: total on any bytes, and blind to nothing that is added."""

import functools
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from tests.property.scanning import scan, scan_or_refuse

from saferedact.errors import InputError
from saferedact.testing.image_blocks import isobmff_box, jpeg_segment, png_chunk, riff_chunk
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data

_CLEAN = ("JPEG", "JPEG progressive", "PNG", "APNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
_MAGIC = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP", b"GIF89a", b"II*\0", b"MM\0+",
    b"BM", b"\0\0\0\x14ftypavif\0\0\0\0mif1",
)  # fmt: skip


@functools.cache
def _clean(name: str) -> bytes:
    """A file of pure pixels, as the writer saves them."""
    random = np.random.default_rng(0)
    pictures = [
        Image.frombytes("RGB", (24, 16), random.integers(0, 256, (16, 24, 3), np.uint8).tobytes())
        for _ in range(2)
    ]
    buffer = io.BytesIO()
    if name == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(pictures[0]).save(buffer, quality=90)
    elif name == "APNG":
        pictures[0].save(buffer, "PNG", save_all=True, append_images=pictures[1:])
    else:
        pictures[0].save(buffer, name.split(maxsplit=1)[0], progressive="progressive" in name)
    return buffer.getvalue()


@functools.cache
def _planted(name: str, folder: Path) -> bytes:
    path = folder / name
    image_with_hidden_data(name, path, size_wh=(24, 16))
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("hidden")


@given(magic=st.sampled_from((b"", *_MAGIC)), data=st.binary(max_size=300))
def test_any_bytes_give_items_or_our_error(folder, magic, data):
    scan_or_refuse(folder, magic + data)


@given(data=st.data(), name=st.sampled_from(HIDDEN_DATA_FORMATS))
def test_changed_bytes_give_items_or_our_error(folder, data, name):
    changed = bytearray(_planted(name, folder))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        value = data.draw(st.sampled_from((b"\0", b"\xff", b"\x7f", b"\0\0\0\0", b"\xff" * 8)))
        changed[at : at + len(value)] = value
    first = scan_or_refuse(folder, bytes(changed))
    assert scan_or_refuse(folder, bytes(changed)) == first


@given(data=st.data(), name=st.sampled_from(HIDDEN_DATA_FORMATS))
def test_truncated_files_give_items_or_our_error(folder, data, name):
    whole = _planted(name, folder)
    scan_or_refuse(folder, whole[: data.draw(st.integers(0, len(whole)))])


@given(data=st.data(), name=st.sampled_from(_CLEAN))
def test_truncated_pixels_are_never_clean(folder, data, name):
    whole = _clean(name)
    assert not scan_or_refuse(folder, whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(InputError):
        scan(folder, whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("name", _CLEAN)
def test_clean_files_are_clean(folder, name):
    assert scan(folder, _clean(name)) == ()


@given(name=st.sampled_from(_CLEAN), more=st.binary(min_size=1, max_size=40))
@example(name="TIFF", more=bytes(40))
@example(name="HEIF", more=b"\0\0\0\x08free")
@example(name="HEIF", more=b"\0\0\0\x08mdat")
@example(name="HEIF", more=b"\0\0\0\0mdat")
@example(name="JPEG", more=b"\xff\xd8\xff\xd9")
@example(name="JPEG", more=b"\xff\xd9")
@example(name="GIF", more=b";")
@example(name="PNG", more=png_chunk(b"IEND", b""))
def test_appended_bytes_are_all_reported(folder, name, more):
    end = len(_clean(name))
    if name == "TIFF" and not any(more):
        more += b"\1"  # a few zeros up to the next 16 bytes are Pillow's own padding
    items = scan(folder, _clean(name) + more)
    # In a HEIF file the bytes may happen to be a box, which is then called by its name.
    if name not in ("HEIF", "AVIF"):
        assert {item.channel for item in items} <= {"trailing-data", "second-image", "comment"}
    reported = set()
    for item in items:
        assert item.offset >= end
        reported |= set(range(item.offset, item.offset + item.length))
    assert reported == set(range(end, end + len(more)))


def _boundaries(data: bytes, name: str) -> list[int]:
    """Offsets at which a further segment, chunk or box may stand."""
    places, at = [], {"JPEG": 2, "PNG": 8, "WEBP": 12}.get(name, 0)
    while at < len(data):
        if name == "JPEG":
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
            places.append(at)
            if data[at + 1] == 0xDA:  # scan: entropy-coded data follow
                return places
        elif name == "WEBP":
            size = struct.unpack_from("<I", data, at + 4)[0]
            at += 8 + size + size % 2
            places.append(at)
        else:
            size = struct.unpack_from(">I", data, at)[0]
            at += size + 12 if name == "PNG" else size
            places.append(at)
    return places[:-1] if name == "PNG" else places


@given(
    data=st.data(),
    name=st.sampled_from(("JPEG", "PNG", "WEBP")),
    payload=st.binary(max_size=30),
)
def test_inserted_block_is_reported_exactly(folder, data, name, payload):
    whole = _clean(name)
    at = data.draw(st.sampled_from(_boundaries(whole, name)))
    if name == "JPEG":
        block = jpeg_segment(data.draw(st.sampled_from((0xE3, 0xEF, 0xF5, 0xFE))), payload)
    elif name == "PNG":
        block = png_chunk(data.draw(st.sampled_from((b"prVt", b"sPLT", b"tEXt"))), payload)
    else:
        block = riff_chunk(data.draw(st.sampled_from((b"ABCD", b"XMP ", b"ICCP"))), payload)
    changed = whole[:at] + block + whole[at:]
    if name == "WEBP":
        changed = changed[:4] + struct.pack("<I", len(changed) - 8) + changed[8:]
    length = len(block) - (len(payload) % 2 if name == "WEBP" else 0)
    found = [(item.offset, item.length) for item in scan(folder, changed)]
    assert found == [(at, length)]


@given(
    name=st.sampled_from(("HEIF", "AVIF")),
    kind=st.sampled_from((b"free", b"uuid", b"abcd", b"mpvd")),
    payload=st.binary(max_size=30),
)
def test_box_at_the_end_of_the_file_is_reported_exactly(folder, name, kind, payload):
    box = isobmff_box(kind, payload)
    found = [(item.offset, item.length) for item in scan(folder, _clean(name) + box)]
    assert found == [(len(_clean(name)), len(box))]
