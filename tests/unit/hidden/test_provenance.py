"""Provenance manifests: pictures of what was there before, positions, and damaged ones."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.media.hidden_data.jumbf import manifest_contents
from saferedact.testing.image_blocks import isobmff_box, jpeg_segment, png_chunk
from saferedact.testing.leaks.benign_pictures import encoded
from saferedact.testing.leaks.scenes import face_place, portrait


def superbox(label, *boxes):
    description = isobmff_box(b"jumd", bytes(16) + b"\3" + label + b"\0")
    return isobmff_box(b"jumb", description + b"".join(boxes))


def manifest(thumbnail, *more):
    picture = superbox(
        b"c2pa.thumbnail.ingredient.jpeg",
        isobmff_box(b"bfdb", b"\0image/jpeg\0"),
        isobmff_box(b"bidb", thumbnail),
    )
    return superbox(b"c2pa", superbox(b"urn:uuid:1", superbox(b"c2pa.assertions", picture, *more)))


def in_jpeg(data, block, cut=3000):
    segments = b""
    for number, at in enumerate(range(0, len(block), cut), 1):
        head = b"JP\0\1" + struct.pack(">I", number) + (b"" if number == 1 else block[:8])
        segments += jpeg_segment(0xEB, head + block[at : at + cut])
    return data[:2] + segments + data[2:]


def covered():
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    picture[y1:y2, x1:x2] = 0
    return picture


def small(picture):
    return encoded(np.ascontiguousarray(picture[::2, ::2]), quality=80)


@pytest.mark.parametrize("before", [True, False])
def test_the_picture_before_is_told_apart_from_this_one(before, look):
    block = manifest(small(portrait() if before else covered()))
    found = look(in_jpeg(encoded(covered(), quality=90), block))
    channels = {trace.channel for trace in found.traces}
    assert "jumbf" in channels
    assert ("provenance-original" in channels) == before


def test_a_position_in_an_assertion_and_a_chunk_of_png(look):
    where = superbox(b"stds.exif", isobmff_box(b"json", b'{"EXIF:GPSLatitude": "51,30N"}'))
    data = encoded(covered())
    data = data[:33] + png_chunk(b"caBX", manifest(small(portrait()), where)) + data[33:]
    channels = {trace.channel for trace in look(data, "a.png").traces}
    assert {"gps", "provenance-original"} <= channels


def test_labels_and_kinds_of_contents():
    (form, data) = manifest_contents([manifest(b"bytes")])
    assert (form.kind, data.kind, data.data) == (b"bfdb", b"bidb", b"bytes")
    assert data.label == "c2pa.thumbnail.ingredient.jpeg"


@pytest.mark.parametrize(
    "pieces",
    [[], [b""], [b"jumb"], [b"\xff\xeb\0\4JP"], [isobmff_box(b"jumb", isobmff_box(b"jumd", b""))]],
)
def test_manifests_without_contents(pieces):
    assert manifest_contents(pieces) == []


@pytest.mark.parametrize("size", [0, 1])
def test_boxes_to_the_end_and_with_sizes_of_64_bits(size):
    """Sizes 0 and 1 of ISO/IEC 14496-12, section 4.2."""
    words = b'{"a": 1}'
    long = struct.pack(">Q", 16 + len(words)) if size else b""
    block = superbox(b"c2pa", struct.pack(">I", size) + b"json" + long + words)
    assert [(c.label, c.kind, c.data) for c in manifest_contents([block])] == [
        ("c2pa", b"json", words)
    ]


def test_contents_over_the_most_end_the_list(monkeypatch):
    monkeypatch.setattr("saferedact.media.hidden_data.jumbf._MOST_BOXES", 3)
    block = superbox(b"c2pa", *[isobmff_box(b"json", b"{}")] * 9)
    assert len(manifest_contents([block])) == 3


def test_the_same_picture_in_the_manifest_beside_others(look):
    """A second content that shows what is seen is no find."""
    block = manifest(small(covered()), superbox(b"c2pa.hash.data", isobmff_box(b"cbor", b"\xa0")))
    channels = {
        trace.channel for trace in look(in_jpeg(encoded(covered(), quality=90), block)).traces
    }
    assert not {"gps", "provenance-original"} & channels


def test_deep_nesting_ends():
    block = isobmff_box(b"json", b"{}")
    for _ in range(200):
        block = superbox(b"x", block)
    assert manifest_contents([block]) == []


@given(at=st.integers(0, 400), value=st.integers(0, 255), cut=st.integers(0, 400))
def test_damage_is_no_error_and_what_is_found_stands_in_the_block(at, value, cut):
    block = bytearray(manifest(b"a picture" * 9))
    if at < len(block):
        block[at] = value
    damaged = bytes(block[: len(block) - cut])
    assert all(content.data in damaged for content in manifest_contents([damaged]))
