import io
import struct

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin, TiffImagePlugin

from saferedact.geometry import Grid
from saferedact.media.image_coding import (
    coding_of,
    exif_orientation,
    jpeg_quality,
    png_exif,
    valid_orientation,
    webp_canvas,
    webp_is_lossy,
)
from saferedact.testing.image_blocks import exif_block, riff_chunk
from saferedact.testing.images import sample_pixels


def saved(image_format, *, mode="RGB", **options):
    buffer = io.BytesIO()
    image = Image.fromarray(sample_pixels((50, 34), 4)).convert(mode)
    image.save(buffer, image_format, **options)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize("quality", [1, 10, 25, 49, 50, 51, 75, 85, 90, 95, 98, 100])
def test_jpeg_quality_is_what_was_set(quality):
    image = JpegImagePlugin.JpegImageFile(saved("JPEG", quality=quality))
    assert jpeg_quality(np.array(image.quantization[0])) == quality


@pytest.mark.parametrize(("table", "expected"), [(np.ones(64), 100), (np.full(64, 255), 1)])
def test_jpeg_quality_of_extreme_tables(table, expected):
    assert abs(jpeg_quality(table) - expected) <= 1


@pytest.mark.parametrize(
    ("subsampling", "cell_wh", "reach_wh"),
    [
        ("4:4:4", (8, 8), (0, 0)),
        ("4:2:2", (16, 8), (1, 0)),
        ("4:2:0", (16, 16), (1, 1)),
    ],
)
def test_jpeg_blocks(subsampling, cell_wh, reach_wh):
    image = JpegImagePlugin.JpegImageFile(saved("JPEG", subsampling=subsampling))
    coding = coding_of("JPEG", image)
    assert (coding.cell_wh, coding.subsampling, coding.lossy) == (cell_wh, subsampling, True)
    assert coding.grid == Grid(cell_wh, reach_wh=reach_wh)


def test_jpeg_blocks_of_grey_and_cmyk():
    grey = coding_of("JPEG", JpegImagePlugin.JpegImageFile(saved("JPEG", mode="L")))
    assert (grey.cell_wh, grey.subsampling) == ((8, 8), None)
    inks = coding_of("JPEG", JpegImagePlugin.JpegImageFile(saved("JPEG", mode="CMYK")))
    assert (inks.cell_wh, inks.subsampling) == ((8, 8), None)


def test_a_lone_component_is_not_interleaved():
    """Some encoders give grey the factors 2 x 2, which mean nothing there."""
    data = bytearray(saved("JPEG", mode="L").getvalue())
    at = data.index(b"\xff\xc0")
    assert data[at + 11] == 0x11
    data[at + 11] = 0x22
    image = JpegImagePlugin.JpegImageFile(io.BytesIO(bytes(data)))
    assert coding_of("JPEG", image).cell_wh == (8, 8)


def test_unusual_subsampling_has_no_name_but_blocks():
    data = bytearray(saved("JPEG", subsampling="4:2:0").getvalue())
    at = data.index(b"\xff\xc0")
    data[at + 11] = 0x41
    coding = coding_of("JPEG", JpegImagePlugin.JpegImageFile(io.BytesIO(bytes(data))))
    assert (coding.cell_wh, coding.subsampling) == ((32, 8), None)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, (1, 1)),
        ({259: 5}, (1, 1)),
        ({259: 7, 262: 2}, (8, 8)),
        ({259: 7, 262: 6}, (16, 16)),
        ({259: 6, 262: 6, 530: (4, 1)}, (32, 8)),
        ({259: 7, 262: 6, 530: (77, 0)}, (32, 32)),
        ({259: 50001, 262: 2}, (1, 1)),
        ({259: 1, 262: 6, 530: (2, 1)}, (2, 1)),
    ],
)
def test_tiff_blocks(tags, expected):
    image = TiffImagePlugin.TiffImageFile(saved("TIFF"))
    for tag in (259, 262, 530):
        image.tag_v2.pop(tag, None)
    for tag, value in tags.items():
        image.tag_v2[tag] = value
    coding = coding_of("TIFF", image)
    assert coding.cell_wh == expected
    assert coding.lossy == (coding.grid != Grid())


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("frames", [1, 2])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp_loss(lossless, frames, mode):
    others = [Image.fromarray(sample_pixels((50, 34), seed=i)) for i in range(1, frames)]
    options = {"save_all": True, "append_images": others, "duration": 50} if others else {}
    file = saved("WEBP", mode=mode, lossless=lossless, **options)
    assert webp_is_lossy(file) != lossless


def test_webp_canvas():
    extended = struct.pack("<I", 0) + (59_999).to_bytes(3, "little") + (1).to_bytes(3, "little")
    body = b"WEBP" + riff_chunk(b"VP8X", extended)
    assert webp_canvas(io.BytesIO(b"RIFF\0\0\0\0" + body)) == (60_000, 2)
    assert webp_canvas(io.BytesIO(b"RIFF\0\0\0\0" + body[:-4])) is None
    assert webp_canvas(saved("WEBP")) is None


@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
@pytest.mark.parametrize("orientation", [None, *range(1, 9)])
def test_exif_orientation(prefix, orientation):
    block = prefix + exif_block(orientation=orientation, text=b"x", gps=b"y")
    assert exif_orientation(block) == orientation


@pytest.mark.parametrize("block", [None, b"", b"II*\0\x08\0\0\0", b"MM", b"garbage" * 9])
def test_no_orientation(block):
    assert exif_orientation(block) is None


@pytest.mark.parametrize("value", [0, 9, -1, "6", None, 6.0, (6,)])
def test_nonsense_orientations(value):
    assert valid_orientation(value) is None


def test_png_exif_stops_at_the_end():
    data = saved("PNG").getvalue()
    assert png_exif(io.BytesIO(data)) is None
    assert png_exif(io.BytesIO(data[:-12])) is None
    assert png_exif(io.BytesIO(data + b"\0\0\0\x01eXIfx")) is None
