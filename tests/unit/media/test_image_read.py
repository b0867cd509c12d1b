import io
import struct
import sys

import cv2
import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image
from tests.unit.media.image_reading import SIZE_WH, assert_close, only, picture, read_picture  # noqa: F401

from saferedact.errors import (
    InputError,
    UnsupportedFormatError,
)
from saferedact.geometry import Grid
from saferedact.media.image_color import NOTE_CMYK
from saferedact.media.image_decoder import (
    NOTE_DEEP_LOST,
    NOTE_HIGH_BIT_DEPTH,
)
from saferedact.media.image_read import open_image
from saferedact.testing.images import (
    HIDDEN_DATA_FORMATS,
    image_with_hidden_data,
    sample_pixels,
)


class TestSamples:
    @pytest.mark.parametrize("channels", [1, 3, 4])
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP"])
    def test_lossless(self, read, image_format, channels):
        expected = sample_pixels(SIZE_WH, channels)
        if image_format == "WEBP" and channels == 1:
            expected = np.repeat(expected[:, :, None], 3, axis=2)
        options = {"lossless": True} if image_format == "WEBP" else {}
        result = read(picture(channels), image_format, **options)
        np.testing.assert_array_equal(only(result), expected)
        assert not result[0].lossy
        assert result[0].grid == Grid()

    @pytest.mark.parametrize("channels", [1, 3])
    @pytest.mark.parametrize("image_format", ["JPEG", "AVIF", "HEIF"])
    def test_lossy(self, read, image_format, channels):
        expected = sample_pixels(SIZE_WH, channels)
        if image_format == "HEIF":
            buffer = io.BytesIO()
            pillow_heif.from_pillow(picture(channels)).save(buffer, quality=95)
            result = read(buffer.getvalue())
        else:
            result = read(picture(channels), image_format, quality=95)
        assert_close(only(result), expected, 2)
        assert result[0].lossy

    @pytest.mark.parametrize("mode", ["1", "P", "L", "RGB"])
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "BMP", "GIF"])
    def test_modes_of_scans_and_drawings(self, read, image_format, mode):
        image = picture().convert(mode)
        result = read(image, image_format)
        pixels = only(result)
        if mode == "RGB" and image_format == "GIF":  # the writer chose 256 colors
            assert_close(pixels, sample_pixels(SIZE_WH), 2)
            return
        expected = np.asarray(image.convert("RGB"))
        np.testing.assert_array_equal(np.asarray(Image.fromarray(pixels).convert("RGB")), expected)
        assert pixels.dtype == np.uint8

    @pytest.mark.parametrize("bits", [1, 2, 4])
    def test_few_bits_per_sample(self, read, bits):
        levels = (np.asarray(picture(1)) >> (8 - bits)).astype(np.uint8)
        image = Image.fromarray(levels, "L").convert("P")
        gray = [level * 255 // (2**bits - 1) for level in range(2**bits) for _ in range(3)]
        image = Image.frombytes("P", image.size, levels.tobytes())
        image.putpalette(gray)
        result = read(image, "PNG", bits=bits)
        pixels = only(result)
        np.testing.assert_array_equal(pixels[:, :, 0], levels * (255 // (2**bits - 1)))
        assert result[0].palette

    @pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    def test_tiff_pages(self, read, compression):
        rng = np.random.default_rng(0)
        # Larger than any read buffer, and of different sizes and kinds.
        pages = [rng.integers(0, 256, (300 + 40 * i, 200, 3), dtype=np.uint8) for i in range(3)] + [
            rng.integers(0, 256, (90, 120), dtype=np.uint8)
        ]
        first, *rest = [Image.fromarray(page) for page in pages]
        info, frames = read(
            first, "TIFF", save_all=True, append_images=rest, compression=compression
        )
        assert info.frames == 4
        assert info.size_wh == (200, 300)
        for frame, page in zip(frames, pages, strict=True):
            np.testing.assert_array_equal(frame.pixels, page)

    def test_tiled_tiff(self, read):
        expected = sample_pixels((100, 70))
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, expected, tile=(32, 16), photometric="rgb", compression="zlib")
        np.testing.assert_array_equal(only(read(buffer.getvalue())), expected)

    @pytest.mark.parametrize(("byteorder", "bigtiff"), [("<", True), (">", False)])
    def test_planar_big_endian_and_bigtiff(self, read, byteorder, bigtiff):
        expected = sample_pixels(SIZE_WH)
        buffer = io.BytesIO()
        planes = np.ascontiguousarray(expected.transpose(2, 0, 1))
        tifffile.imwrite(
            buffer,
            planes,
            planarconfig="separate",
            photometric="rgb",
            byteorder=byteorder,
            bigtiff=bigtiff,
        )
        np.testing.assert_array_equal(only(read(buffer.getvalue())), expected)

    def test_bilevel_fax_tiff(self, read):
        image = picture(1).convert("1")
        pixels = only(read(image, "TIFF", compression="group4"))
        np.testing.assert_array_equal(pixels, np.asarray(image.convert("L")))

    def test_jpeg_in_tiff(self, read):
        result = read(picture(), "TIFF", compression="jpeg", quality=95)
        assert_close(only(result), sample_pixels(SIZE_WH), 3)
        assert result[0].lossy
        assert result[0].grid.size_wh in {(8, 8), (16, 16)}

    @pytest.mark.parametrize("image_format", ["JPEG", "TIFF"])
    def test_cmyk(self, read, image_format):
        options = {"quality": 95} if image_format == "JPEG" else {}
        result = read(picture().convert("CMYK"), image_format, **options)
        assert_close(only(result), sample_pixels(SIZE_WH), 3)
        assert NOTE_CMYK in result[0].notes

    def test_ycck(self, read):
        """Stored: Y, Cb, Cr of the inks, and black, all inverted, as Adobe's programs write."""
        inks = Image.fromarray(255 - sample_pixels(SIZE_WH)).convert("YCbCr")
        stored = [255 - np.asarray(channel) for channel in inks.split()]
        stored.append(np.zeros_like(stored[0]))
        buffer = io.BytesIO()
        Image.merge("CMYK", [Image.fromarray(channel) for channel in stored]).save(
            buffer, "JPEG", quality=95
        )
        data = bytearray(buffer.getvalue())
        transform_at = data.index(b"Adobe") + 11
        data[transform_at] = 2
        assert_close(only(read(bytes(data))), sample_pixels(SIZE_WH), 3)

    @pytest.mark.parametrize("channels", [1, 3, 4])
    @pytest.mark.parametrize("image_format", [".png", ".tiff"])
    def test_16_bits_stay(self, read, image_format, channels):
        expected = sample_pixels(SIZE_WH, channels, dtype=np.uint16)
        stored = expected if channels == 1 else expected[:, :, [2, 1, 0, 3][:channels]]
        _, data = cv2.imencode(image_format, np.ascontiguousarray(stored))
        np.testing.assert_array_equal(only(read(data.tobytes())), expected)

    def test_16_bits_stay_on_every_page(self, read):
        pages = [sample_pixels(SIZE_WH, dtype=np.uint16, seed=seed) for seed in range(3)]
        buffer = io.BytesIO()
        with tifffile.TiffWriter(buffer) as writer:
            for page in pages:
                writer.write(page, photometric="rgb", compression="zlib")
        info, frames = read(buffer.getvalue())
        assert info.bit_depth == 16
        for frame, page in zip(frames, pages, strict=True):
            np.testing.assert_array_equal(frame.pixels, page)

    @pytest.mark.parametrize("compression", [None, "zlib"])
    def test_16_bit_grey_where_0_is_white(self, read, compression):
        expected = sample_pixels(SIZE_WH, 1, dtype=np.uint16)
        buffer = io.BytesIO()
        tifffile.imwrite(
            buffer, 65535 - expected, photometric="miniswhite", compression=compression
        )
        np.testing.assert_array_equal(only(read(buffer.getvalue())), expected)

    @pytest.mark.parametrize("returned", [None, "half", "grey", "small"])
    def test_16_bits_that_cannot_be_trusted_become_8(self, read, monkeypatch, returned):
        expected = sample_pixels(SIZE_WH, dtype=np.uint16)
        _, data = cv2.imencode(".png", np.ascontiguousarray(expected[:, :, ::-1]))
        wrong = {
            None: (False, ()),
            "half": (
                True,
                (np.vstack([expected[:17, :, ::-1], np.zeros((17, 50, 3), np.uint16)]),),
            ),
            "grey": (True, (expected[:, :, 0],)),
            "small": (True, (expected[:10, :, ::-1],)),
        }
        monkeypatch.setattr(cv2, "imdecodemulti", lambda *_, **__: wrong[returned])
        result = read(data.tobytes())
        np.testing.assert_array_equal(only(result), (expected >> 8).astype(np.uint8))
        assert NOTE_DEEP_LOST in result[0].notes

    def test_an_opencv_error_means_8_bits(self, read, monkeypatch):
        def fail(*_, **__):
            raise cv2.error("no")

        expected = sample_pixels(SIZE_WH, dtype=np.uint16)
        _, data = cv2.imencode(".png", np.ascontiguousarray(expected[:, :, ::-1]))
        monkeypatch.setattr(cv2, "imdecodemulti", fail)
        np.testing.assert_array_equal(only(read(data.tobytes())), (expected >> 8).astype(np.uint8))

    def test_high_bit_depth_heif_is_noted(self, read):
        buffer = io.BytesIO()
        deep = sample_pixels(SIZE_WH, dtype=np.uint16)
        pillow_heif.encode("RGB;16", SIZE_WH, deep.tobytes(), buffer, quality=95)
        result = read(buffer.getvalue())
        assert_close(only(result), sample_pixels(SIZE_WH), 3)
        assert NOTE_HIGH_BIT_DEPTH in result[0].notes

    @pytest.mark.parametrize("mode", ["F", "I", "LAB"])
    def test_samples_that_are_not_photographs(self, read, mode):
        image = Image.new(mode, SIZE_WH)
        with pytest.raises(UnsupportedFormatError, match="sample"):
            read(image, "TIFF")

    def test_12_bit_tiff_would_look_black(self, read):
        buffer = io.BytesIO()
        tifffile.imwrite(
            buffer, sample_pixels(SIZE_WH, 1, dtype=np.uint16), photometric="minisblack"
        )
        data = buffer.getvalue()
        entry = struct.pack("<HHI", 258, 3, 1)
        at = data.index(entry) + len(entry)
        data = data[:at] + struct.pack("<H", 12) + data[at + 2 :]
        with pytest.raises(UnsupportedFormatError, match="bits per sample"):
            read(data)

    @pytest.mark.parametrize(
        "tags", [{50706: b"\1\4\0\0"}, {254: 1, 330: 8}], ids=["DNG", "preview"]
    )
    def test_camera_raw_files(self, read, tags):
        with pytest.raises(UnsupportedFormatError, match="raw files"):
            read(picture(), "TIFF", tiffinfo=tags)


class TestSource:
    def test_frames_can_be_read_again(self, tmp_path):
        path = tmp_path / "x.tif"
        image_with_hidden_data("TIFF", path, frames=3)
        with open_image(path) as source:
            passes = [[frame.pixels for frame in source.frames()] for _ in range(2)]
        for first, second in zip(*passes, strict=True):
            np.testing.assert_array_equal(first, second)
            assert not np.shares_memory(first, second)

    def test_another_pass_ends_the_first(self, tmp_path):
        path = tmp_path / "x.gif"
        image_with_hidden_data("GIF", path, frames=3)
        with open_image(path) as source:
            first = source.frames()
            next(first)
            second = source.frames()
            next(second)
            with pytest.raises(InputError, match="another pass"):
                next(first)
            assert next(second).index == 1

    def test_a_closed_source(self, tmp_path):
        path = tmp_path / "x.gif"
        image_with_hidden_data("GIF", path, frames=3)
        with open_image(path) as source:
            frames = source.frames()
            next(frames)
        with pytest.raises(InputError, match="closed"):
            next(frames)
        with pytest.raises(InputError):
            next(source.frames())

    @pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
    def test_the_original_is_not_touched(self, tmp_path, image_format):
        path = tmp_path / "x"
        image_with_hidden_data(image_format, path)
        before = path.read_bytes(), path.stat().st_mtime_ns
        with open_image(path) as source:
            for frame in source.frames():
                frame.pixels[:] = 0
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before

    @pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
    def test_the_suffix_does_not_matter(self, tmp_path, image_format):
        path = tmp_path / "x.pdf"
        image_with_hidden_data(image_format, path)
        with open_image(path) as source:
            assert source.info.format == image_format

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
    def test_symbolic_links_are_followed(self, tmp_path):
        path, link = tmp_path / "x.png", tmp_path / "link"
        image_with_hidden_data("PNG", path)
        link.symlink_to(path)
        with open_image(link) as source:
            assert source.info.format == "PNG"
