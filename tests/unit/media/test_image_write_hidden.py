"""What is written holds pixels and nothing else."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin
from tests.unit.media.image_writing import SIZE_WH, read, write

from saferedact.media import image_encode
from saferedact.media.image_read import open_image
from saferedact.media.image_write import (
    write_image,
)
from saferedact.testing.images import (
    HIDDEN_DATA_FORMATS,
    image_with_hidden_data,
    sample_pixels,
)

LOSSLESS = ("PNG", "GIF", "WEBP", "TIFF", "BMP")


def inflated(data: bytes) -> bytes:
    """Everything that any zlib stream in the data decompresses to."""
    found = []
    for at in range(len(data) - 2):
        if data[at] & 0x0F == 8 and (data[at] << 8 | data[at + 1]) % 31 == 0:
            try:
                found.append(zlib.decompressobj().decompress(data[at:]))
            except zlib.error:
                continue
    return b"".join(found)


def png_kinds(data):
    return {kind for kind, _ in image_encode.png_chunks(data)}


def jpeg_markers(data):
    at, markers = 2, []
    while data[at + 1] != 0xDA:
        markers.append(data[at + 1])
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return markers


class TestHiddenData:
    @pytest.mark.parametrize("frames", [1, 3])
    @pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
    def test_nothing_survives_and_the_picture_does(self, tmp_path, image_format, frames):
        path, out = tmp_path / "in", tmp_path / "out"
        markers = image_with_hidden_data(image_format, path, frames=frames, orientation=6)
        info, before = read(path)
        with open_image(path) as source:
            write_image(out, source.frames(), info=source.info)
        data = out.read_bytes()
        everything = data + inflated(data)
        for place, marker in markers.items():
            assert marker not in everything, place
            assert marker not in everything[::-1], place
        assert b"WITNESS" not in everything

        after_info, after = read(out)
        assert after_info.format == ("JPEG" if image_format == "MPO" else image_format)
        assert after_info.size_wh == info.size_wh
        assert after_info.orientation is None
        assert after_info.notes == ()
        assert after_info.loop == info.loop
        assert len(after) == len(before)
        for old, new in zip(before, after, strict=True):
            assert new.duration_ms == old.duration_ms
            assert new.pixels.dtype == old.pixels.dtype
            if image_format in LOSSLESS:
                np.testing.assert_array_equal(new.pixels, old.pixels)
            else:
                assert np.abs(new.pixels.astype(int) - old.pixels.astype(int)).mean() < 2

    def test_the_markers_are_found_in_the_source(self, tmp_path):
        """The scan itself works, also inside compressed chunks."""
        for image_format in HIDDEN_DATA_FORMATS:
            path = tmp_path / image_format
            markers = image_with_hidden_data(image_format, path)
            data = path.read_bytes()
            everything = data + inflated(data)
            missing = {place for place, marker in markers.items() if marker not in everything}
            assert missing <= {"exif-thumbnail"}  # Pillow's AVIF writer drops it

    def test_png_has_only_the_chunks_of_pixels(self, tmp_path):
        path = tmp_path / "x.png"
        write(path, sample_pixels(SIZE_WH))
        assert png_kinds(path.read_bytes()) == {b"IHDR", b"IDAT", b"IEND"}
        write(path, sample_pixels(SIZE_WH, dtype=np.uint16))
        assert png_kinds(path.read_bytes()) == {b"IHDR", b"IDAT", b"IEND"}
        write(path, sample_pixels(SIZE_WH), sample_pixels(SIZE_WH, seed=1))
        assert png_kinds(path.read_bytes()) == {
            b"IHDR", b"acTL", b"fcTL", b"IDAT", b"fdAT", b"IEND"
        }  # fmt: skip

    def test_a_chunk_that_an_encoder_adds_is_dropped(self, tmp_path, monkeypatch):
        pixels = sample_pixels(SIZE_WH)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG", dpi=(72, 72))
        assert b"pHYs" in buffer.getvalue()
        monkeypatch.setattr(image_encode, "_pillow", lambda *_, **__: buffer.getvalue())
        path = tmp_path / "x.png"
        _, _, frames = write(path, pixels)
        assert b"pHYs" not in path.read_bytes()
        np.testing.assert_array_equal(frames[0].pixels, pixels)

    def test_jpeg_has_one_application_segment_of_fixed_content(self, tmp_path):
        path = tmp_path / "x.jpg"
        write(path, sample_pixels(SIZE_WH), format="JPEG", image_format="JPEG")
        data = path.read_bytes()
        markers = jpeg_markers(data)
        assert [marker for marker in markers if marker >= 0xE0] == [0xE0]
        assert data[2:20] == b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        assert data.count(b"\xff\xd9") == 1
        assert data.endswith(b"\xff\xd9")

    def test_tiff_has_only_structural_tags(self, tmp_path):
        path = tmp_path / "x.tif"
        write(path, sample_pixels(SIZE_WH, 4), image_format="TIFF")
        with path.open("rb") as file:
            tags = set(TiffImagePlugin.TiffImageFile(file).tag_v2)
        assert tags == {256, 257, 258, 259, 262, 273, 277, 278, 279, 317, 338}

    def test_webp_has_only_the_chunks_of_pixels(self, tmp_path):
        path = tmp_path / "x.webp"
        write(path, sample_pixels(SIZE_WH), image_format="WEBP")
        data = path.read_bytes()
        assert data[12:16] == b"VP8L"
        size = struct.unpack_from("<I", data, 16)[0]
        assert len(data) == 20 + size + size % 2

    @pytest.mark.parametrize("image_format", ["HEIF", "AVIF"])
    def test_iso_media_files_have_one_item_and_no_metadata(self, tmp_path, image_format):
        path = tmp_path / "x"
        write(path, sample_pixels(SIZE_WH), image_format=image_format)
        data = path.read_bytes()
        for name in (b"Exif", b"mime", b"prof", b"thmb", b"uuid"):
            assert name not in data
        assert data.count(b"infe") == 1
