import io
import os
import struct
import sys

import cv2
import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image, ImageCms, TiffImagePlugin

from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    UnsupportedFormatError,
)
from saferedact.geometry import Grid
from saferedact.limits import Limits
from saferedact.media import image_decoder
from saferedact.media.image_color import NOTE_BROKEN_PROFILE, NOTE_CMYK, NOTE_NARROWED
from saferedact.media.image_decoder import (
    NOTE_DEEP_LOST,
    NOTE_DEFAULT_IMAGE,
    NOTE_HIGH_BIT_DEPTH,
    NOTE_OTHER_VIEWS,
)
from saferedact.media.image_read import open_image
from saferedact.testing.image_blocks import exif_block, icc_profile, png_chunk
from saferedact.testing.images import (
    HIDDEN_DATA_FORMATS,
    image_with_hidden_data,
    sample_pixels,
)

SIZE_WH = (50, 34)
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@pytest.fixture
def read(tmp_path):
    """Read bytes, or a Pillow image saved with options: (info, frames)."""

    def read_bytes(data, image_format=None, **options):
        if not isinstance(data, bytes):
            buffer = io.BytesIO()
            data.save(buffer, image_format, **options)
            data = buffer.getvalue()
        path = tmp_path / "picture.bin"
        path.write_bytes(data)
        with open_image(path) as source:
            frames = list(source.frames())
            return source.info, frames

    return read_bytes


def only(result):
    info, frames = result
    assert len(frames) == info.frames == 1
    pixels = frames[0].pixels
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable
    assert info.size_wh == frames[0].size_wh
    assert info.bit_depth == pixels.dtype.itemsize * 8
    assert info.channels == (1 if pixels.ndim == 2 else pixels.shape[2])
    assert frames[0].grid == info.grid
    return pixels


def assert_close(pixels, expected, tolerance):
    assert pixels.shape == expected.shape
    assert pixels.dtype == expected.dtype
    difference = np.abs(pixels.astype(int) - expected.astype(int))
    assert difference.mean() <= tolerance


def picture(channels=3, **options):
    return Image.fromarray(sample_pixels(SIZE_WH, channels, **options))


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


class TestAlpha:
    def rgba_with_secret(self):
        rgba = sample_pixels(SIZE_WH, 4)
        rgba[5:20, 5:20, 3] = 0
        return rgba

    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP"])
    def test_color_under_alpha_0_is_cleared(self, read, image_format):
        rgba = self.rgba_with_secret()
        options = {"lossless": True, "exact": True} if image_format == "WEBP" else {}
        pixels = only(read(Image.fromarray(rgba), image_format, **options))
        assert not pixels[5:20, 5:20].any()
        visible = rgba[:, :, 3] > 0
        np.testing.assert_array_equal(pixels[visible], rgba[visible])

    def test_grey_with_alpha(self, read):
        image = picture(4).convert("LA")
        np.testing.assert_array_equal(only(read(image, "PNG")), np.asarray(image.convert("RGBA")))

    @pytest.mark.parametrize("mode", ["L", "RGB", "P"])
    def test_one_transparent_color(self, read, mode):
        image = picture().convert(mode)
        key = image.getpixel((0, 0))
        result = read(image, "PNG", transparency=key)
        pixels = only(result)
        assert not pixels[0, 0].any()
        same = np.asarray(image) == np.array(key)
        same = same if same.ndim == 2 else same.all(axis=2)
        np.testing.assert_array_equal(pixels[:, :, 3] == 0, same)

    def test_one_transparent_value_of_16_bit_grey(self, read):
        grey = sample_pixels(SIZE_WH, 1, dtype=np.uint16)
        _, data = cv2.imencode(".png", grey)
        data = data.tobytes()
        data = data[:33] + png_chunk(b"tRNS", struct.pack(">H", grey[3, 4])) + data[33:]
        pixels = only(read(data))
        assert pixels.dtype == np.uint16
        np.testing.assert_array_equal(pixels[:, :, 3] == 0, grey == grey[3, 4])
        assert not pixels[3, 4].any()

    def test_one_transparent_color_of_16_bits(self, read):
        rgb = sample_pixels(SIZE_WH, dtype=np.uint16)
        _, data = cv2.imencode(".png", np.ascontiguousarray(rgb[:, :, ::-1]))
        data = data.tobytes()
        key = struct.pack(">3H", *(int(value) for value in rgb[3, 4]))
        data = data[:33] + png_chunk(b"tRNS", key) + data[33:]
        pixels = only(read(data))
        assert pixels.dtype == np.uint16
        np.testing.assert_array_equal(pixels[:, :, 3] == 0, (rgb == rgb[3, 4]).all(axis=2))
        assert not pixels[3, 4].any()


class TestOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("image_format", ["JPEG", "MPO", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
    def test_stored_orientations_give_the_upright_picture(
        self, tmp_path, image_format, orientation
    ):
        path = tmp_path / "x"
        image_with_hidden_data(image_format, path, size_wh=SIZE_WH, orientation=orientation)
        stored = Image.fromarray(sample_pixels(SIZE_WH))
        turn = TURNS[orientation]
        upright = np.asarray(stored if turn is None else stored.transpose(turn))
        with open_image(path) as source:
            frame = next(source.frames())
            assert source.info.size_wh == frame.size_wh
            if orientation > 1 or image_format not in ("HEIF", "AVIF"):
                assert source.info.orientation == orientation
            assert_close(frame.pixels, upright, 4)

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_compressed_and_16_bit_tiff(self, read, orientation):
        stored = sample_pixels(SIZE_WH, dtype=np.uint16)
        buffer = io.BytesIO()
        tags = [(274, 3, 1, orientation, True)]
        tifffile.imwrite(buffer, stored, photometric="rgb", compression="zlib", extratags=tags)
        result = read(buffer.getvalue())
        pixels = only(result)
        turn = TURNS[orientation]
        narrow = Image.fromarray((stored >> 8).astype(np.uint8))
        expected = np.asarray(narrow if turn is None else narrow.transpose(turn))
        np.testing.assert_array_equal(pixels >> 8, expected)
        assert pixels.dtype == np.uint16

    def test_exif_behind_the_pixels_of_a_png(self, read):
        buffer = io.BytesIO()
        picture().save(buffer, "PNG")
        data = buffer.getvalue()
        chunk = png_chunk(b"eXIf", exif_block(orientation=6))
        result = read(data[:-12] + chunk + data[-12:])
        assert result[0].orientation == 6
        assert result[0].size_wh == SIZE_WH[::-1]
        only(result)

    def test_what_xmp_says_does_not_count(self, read):
        xmp = b'<rdf:Description tiff:Orientation="6"/>'
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[700] = xmp
        tags.tagtype[700] = 7
        np.testing.assert_array_equal(
            only(read(picture(), "TIFF", tiffinfo=tags)), sample_pixels(SIZE_WH)
        )
        np.testing.assert_array_equal(
            only(read(picture(), "WEBP", lossless=True, xmp=xmp)), sample_pixels(SIZE_WH)
        )

    def test_a_decoder_that_gives_another_size(self, read, monkeypatch):
        monkeypatch.setattr(
            image_decoder, "pixels_in_srgb", lambda *_: np.zeros((5, 5), dtype=np.uint8)
        )
        with pytest.raises(DamagedInputError, match="not of the size"):
            read(picture(), "PNG")

    @pytest.mark.filterwarnings("ignore")  # Pillow warns about such a block
    @pytest.mark.parametrize("exif", [None, b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff"])
    def test_no_or_damaged_exif(self, read, exif):
        options = {} if exif is None else {"exif": exif}
        result = read(picture(), "JPEG", **options)
        assert result[0].orientation is None
        only(result)

    def test_nonsense_in_the_tag(self, read):
        result = read(picture(), "JPEG", exif=b"Exif\0\0" + exif_block(orientation=9))
        assert result[0].orientation is None
        only(result)

    @pytest.mark.parametrize(
        ("orientation", "origin_xy"), [(1, (0, 0)), (2, (2, 0)), (3, (2, 2)), (6, (2, 0))]
    )
    def test_a_turned_block_grid_begins_with_the_cut_off_block(self, read, orientation, origin_xy):
        """50 x 34 in blocks of 16: the last block has 2 columns and 2 rows."""
        exif = b"Exif\0\0" + exif_block(orientation=orientation)
        info, frames = read(picture(), "JPEG", subsampling="4:2:0", exif=exif)
        assert info.grid == frames[0].grid == Grid((16, 16), origin_xy, (1, 1))


class TestColor:
    def test_a_profile_with_swapped_channels(self, read):
        expected = sample_pixels(SIZE_WH)
        stored = Image.fromarray(np.ascontiguousarray(expected[:, :, ::-1]))
        profile = icc_profile(order=(2, 1, 0))
        result = read(stored, "PNG", icc_profile=profile)
        assert_close(only(result), expected, 3)
        assert result[0].notes == ()

    def test_alpha_survives_a_profile(self, read):
        expected = sample_pixels(SIZE_WH, 4)
        stored = Image.fromarray(np.ascontiguousarray(expected[:, :, [2, 1, 0, 3]]))
        pixels = only(read(stored, "PNG", icc_profile=icc_profile(order=(2, 1, 0))))
        assert_close(pixels, expected, 3)
        np.testing.assert_array_equal(pixels[:, :, 3], expected[:, :, 3])

    def test_the_profile_of_inks(self, read):
        """Its corners: paper is white, black ink is black, all else is middle grey."""
        corners = [(255, 128, 128)] + [(0 if i & 1 else 128, 128, 128) for i in range(1, 16)]
        identity = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
        ramp = bytes(range(256))
        table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramp * 4
        table += bytes(value for corner in corners for value in corner) + ramp * 3
        profile = icc_profile().replace(b"RGB XYZ ", b"CMYKLab ")
        profile = profile[:128] + struct.pack(">I4sII", 1, b"A2B0", 144, len(table)) + table
        profile = struct.pack(">I", len(profile)) + profile[4:]
        inks = np.zeros((*SIZE_WH[::-1], 4), dtype=np.uint8)
        inks[:, 10:20] = (255, 0, 0, 0)
        inks[:, 20:] = (0, 0, 0, 255)
        result = read(Image.fromarray(inks, "CMYK"), "TIFF", icc_profile=profile)
        row = only(result)[0].astype(int)
        assert np.abs(row[5] - 255).max() <= 2
        assert np.abs(row[15] - 119).max() <= 3  # L* = 50
        assert row[30].max() <= 2
        assert result[0].notes == ()

    def test_a_profile_of_srgb_changes_no_sample(self, read):
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        result = read(picture(), "PNG", icc_profile=profile)
        np.testing.assert_array_equal(only(result), sample_pixels(SIZE_WH))

    @pytest.mark.parametrize("profile", [b"garbage", icc_profile()[:200], bytes(400)])
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    def test_a_broken_profile_is_ignored(self, read, profile, dtype):
        expected = sample_pixels(SIZE_WH, dtype=dtype)
        buffer = io.BytesIO()
        tags = [(34675, 7, len(profile), profile, True)]
        tifffile.imwrite(buffer, expected, photometric="rgb", extratags=tags)
        result = read(buffer.getvalue())
        np.testing.assert_array_equal(only(result), expected)
        assert NOTE_BROKEN_PROFILE in result[0].notes

    def test_a_color_profile_on_grey_does_not_fit(self, read):
        result = read(picture(1), "PNG", icc_profile=icc_profile())
        np.testing.assert_array_equal(only(result), sample_pixels(SIZE_WH, 1))
        assert NOTE_BROKEN_PROFILE in result[0].notes

    def test_grey_stays_grey_through_its_profile(self, read):
        """A profile whose curve is a straight line: middle grey becomes much lighter."""
        profile = bytearray(icc_profile())
        profile[16:20] = b"GRAY"
        profile = (
            bytes(profile)
            .replace(b"rTRC", b"kTRC")
            .replace(
                b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)),
                b"curv\0\0\0\0" + struct.pack(">IH", 1, 256),
            )
        )
        pixels = only(read(Image.new("L", SIZE_WH, 55), "PNG", icc_profile=profile))
        assert pixels.ndim == 2
        linear = 55 / 255
        expected = 255 * (1.055 * linear ** (1 / 2.4) - 0.055)
        assert abs(int(pixels[0, 0]) - expected) <= 3

    def test_16_bit_color_is_reduced_for_another_profile(self, read):
        expected = sample_pixels(SIZE_WH, dtype=np.uint16)
        stored = np.ascontiguousarray(expected[:, :, ::-1])
        profile = icc_profile(order=(2, 1, 0))
        buffer = io.BytesIO()
        tags = [(34675, 7, len(profile), profile, True)]
        tifffile.imwrite(buffer, stored, photometric="rgb", extratags=tags)
        result = read(buffer.getvalue())
        assert_close(only(result), sample_pixels(SIZE_WH), 3)
        assert NOTE_NARROWED in result[0].notes


class TestAnimation:
    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "AVIF"])
    def test_frames_durations_and_loop(self, read, image_format):
        images = [picture(seed=seed).quantize(64).convert("RGB") for seed in range(3)]
        options = {"lossless": True} if image_format == "WEBP" else {}
        info, frames = read(
            images[0],
            image_format,
            save_all=True,
            append_images=images[1:],
            duration=[100, 250, 40],
            loop=3,
            **options,
        )
        assert info.frames == 3
        assert [frame.duration_ms for frame in frames] == [100, 250, 40]
        assert [frame.index for frame in frames] == [0, 1, 2]
        assert info.loop == (None if image_format == "AVIF" else 3)
        for frame, image in zip(frames, images, strict=True):
            assert frame.pixels.ndim == 3
            assert frame.pixels.shape[2] == info.channels
            assert_close(frame.pixels[:, :, :3], np.asarray(image), 6)

    def test_the_still_of_an_animated_png_is_left_out(self, read):
        images = [picture(seed=seed) for seed in range(3)]
        info, frames = read(
            images[0],
            "PNG",
            save_all=True,
            append_images=images[1:],
            default_image=True,
            duration=50,
        )
        assert NOTE_DEFAULT_IMAGE in info.notes
        assert info.frames == 2
        for frame, image in zip(frames, images[1:], strict=True):
            np.testing.assert_array_equal(frame.pixels, np.asarray(image))

    def test_a_gif_frame_beyond_the_screen_does_not_grow_the_animation(self, read):
        images = [picture(seed=seed).convert("P") for seed in range(2)]
        buffer = io.BytesIO()
        images[0].save(buffer, "GIF", save_all=True, append_images=images[1:], duration=50)
        data = bytearray(buffer.getvalue())
        second = data.rindex(b"\x2c\0\0\0\0" + struct.pack("<HH", *SIZE_WH))
        struct.pack_into("<HH", data, second + 1, 7, 9)  # its place
        info, frames = read(bytes(data))
        assert info.size_wh == SIZE_WH
        assert {frame.size_wh for frame in frames} == {SIZE_WH}


class TestSeveralViews:
    def test_mpo(self, tmp_path):
        path = tmp_path / "x"
        image_with_hidden_data("MPO", path)
        with open_image(path) as source:
            assert source.info.format == "MPO"
            assert source.info.frames == 1
            assert NOTE_OTHER_VIEWS in source.info.notes
            assert_close(next(source.frames()).pixels, sample_pixels(), 3)

    def test_heif_collection(self, read):
        heif = pillow_heif.from_pillow(picture(seed=1))
        heif.add_from_pillow(picture(seed=0))
        buffer = io.BytesIO()
        heif.save(buffer, quality=95, primary_index=1)
        result = read(buffer.getvalue())
        assert_close(only(result), sample_pixels(SIZE_WH), 3)
        assert NOTE_OTHER_VIEWS in result[0].notes


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


class TestSmallAndNarrow:
    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
    def test_one_pixel(self, read, image_format):
        pixels = only(read(Image.new("RGB", (1, 1), (200, 100, 50)), image_format))
        assert pixels.shape == (1, 1, 3)

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "BMP", "GIF"])
    def test_a_very_wide_strip(self, read, image_format):
        image = Image.fromarray(sample_pixels((65_500, 2), 1))
        pixels = only(read(image, image_format))
        assert pixels.shape[:2] == (2, 65_500)


def announce(image_format, data, width, height):
    """Change the size that a file's header announces."""
    data = bytearray(data)
    if image_format == "PNG":
        header = b"IHDR" + struct.pack(">II", width, height) + bytes(data[24:29])
        return bytes(data[:8]) + png_chunk(b"IHDR", header[4:]) + bytes(data[33:])
    if image_format == "JPEG":
        after_thumbnail = data.index(b"Ducky")
        at = data.index(b"\xff\xc0", after_thumbnail)
        struct.pack_into(">HH", data, at + 5, height, width)
    elif image_format == "GIF":
        struct.pack_into("<HH", data, 6, width, height)
    elif image_format == "BMP":
        struct.pack_into("<ii", data, 18, width, height)
    elif image_format == "TIFF":
        for tag, value in ((256, width), (257, height)):
            at = data.index(struct.pack("<HHI", tag, 4, 1))
            struct.pack_into("<I", data, at + 8, value)
    elif image_format == "WEBP":
        at = data.index(b"VP8X") + 12
        data[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    else:
        at = data.index(b"ispe") + 8
        struct.pack_into(">II", data, at, width, height)
    return bytes(data)


class TestLimits:
    @pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
    def test_a_bomb_is_refused_by_its_header(self, tmp_path, read, image_format):
        path = tmp_path / "x"
        image_with_hidden_data(image_format, path)
        with pytest.raises(LimitExceededError, match="60000 x 60000"):
            read(announce(image_format, path.read_bytes(), 60_000, 60_000))

    @pytest.mark.parametrize("image_format", ["HEIF", "AVIF"])
    def test_a_bomb_that_its_decoder_refuses(self, tmp_path, read, image_format):
        path = tmp_path / "x"
        image_with_hidden_data(image_format, path)
        with pytest.raises((LimitExceededError, DamagedInputError)):
            read(announce(image_format, path.read_bytes(), 60_000, 60_000))

    @pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
    @pytest.mark.parametrize("limits", [Limits(max_pixels=6143), Limits(max_side=95)])
    def test_size(self, tmp_path, image_format, limits):
        path = tmp_path / "x"
        image_with_hidden_data(image_format, path)
        with pytest.raises(LimitExceededError):
            open_image(path, limits=limits)
        with open_image(path, limits=Limits(max_pixels=6144, max_side=96)) as source:
            assert source.info.size_wh == (96, 64)

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF"])
    @pytest.mark.parametrize("limits", [Limits(max_frames=2), Limits(max_total_pixels=3 * 6143)])
    def test_frames(self, tmp_path, image_format, limits):
        path = tmp_path / "x"
        image_with_hidden_data(image_format, path, frames=3)
        with pytest.raises(LimitExceededError, match="3 frames"):
            open_image(path, limits=limits)

    def test_a_later_page_that_is_larger(self, tmp_path):
        path = tmp_path / "x.tif"
        first, second = Image.new("L", (8, 8)), Image.new("L", (80, 80))
        first.save(path, "TIFF", save_all=True, append_images=[second])
        with open_image(path, limits=Limits(max_pixels=1000)) as source:
            frames = source.frames()
            next(frames)
            with pytest.raises(LimitExceededError):
                next(frames)

    def test_file_size(self, tmp_path):
        path = tmp_path / "x.png"
        image_with_hidden_data("PNG", path)
        with pytest.raises(LimitExceededError, match="bytes"):
            open_image(path, limits=Limits(max_file_bytes=1000))

    def test_pillows_own_limit_is_neither_needed_nor_changed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
        path = tmp_path / "x.jpg"
        image_with_hidden_data("JPEG", path)
        with open_image(path) as source:
            next(source.frames())
        assert Image.MAX_IMAGE_PIXELS == 1000

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (MemoryError(), LimitExceededError),
            (Image.DecompressionBombError("x"), LimitExceededError),
            (Image.DecompressionBombWarning("x"), LimitExceededError),
            (OSError("secret words"), DamagedInputError),
            (OSError(5, "secret words"), InputError),
            (ZeroDivisionError("secret words"), DamagedInputError),
            (UnsupportedFormatError("ours"), UnsupportedFormatError),
        ],
    )
    def test_what_decoders_raise(self, error, expected):
        with pytest.raises(expected) as caught, image_decoder.decoding():
            raise error
        assert "secret" not in str(caught.value)


class TestDamage:
    def test_empty(self, read):
        with pytest.raises(DamagedInputError, match="empty"):
            read(b"")

    @pytest.mark.parametrize("data", [b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"8BPS" + bytes(99)])
    def test_not_an_image(self, read, data):
        with pytest.raises(UnsupportedFormatError):
            read(data)

    def test_garbage_behind_a_signature(self, read):
        for signature in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"II*\0", b"BM"):
            with pytest.raises(DamagedInputError):
                read(signature + bytes(range(7, 9)) * 100)

    @pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
    @pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.85])
    def test_truncated(self, tmp_path, read, image_format, kept):
        """Noise, so that nearly all of the file is pixels."""
        rng = np.random.default_rng(0)
        noise = Image.fromarray(rng.integers(0, 256, (90, 120, 3), dtype=np.uint8))
        buffer = io.BytesIO()
        if image_format == "HEIF":
            pillow_heif.from_pillow(noise).save(buffer, quality=90)
        else:
            noise.save(buffer, "JPEG" if image_format == "MPO" else image_format)
        data = buffer.getvalue()
        with pytest.raises((DamagedInputError, UnsupportedFormatError)):
            read(data[: int(len(data) * kept)])

    def test_a_folder(self, tmp_path):
        with pytest.raises(InputError, match="regular file"):
            open_image(tmp_path)

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(InputError, match="no such file") as caught:
            open_image(tmp_path / "missing.jpg")
        assert "missing.jpg" not in str(caught.value)

    def test_a_name_that_is_too_long(self, tmp_path):
        with pytest.raises(InputError):
            open_image(tmp_path / ("x" * 5000))

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_pipe_does_not_block(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InputError, match="regular file"):
            open_image(tmp_path / "pipe")

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs permissions that bind"
    )
    def test_no_permission(self, tmp_path):
        path = tmp_path / "x.png"
        image_with_hidden_data("PNG", path)
        path.chmod(0)
        with pytest.raises(InputError, match="cannot be read"):
            open_image(path)


@pytest.mark.parametrize("subfile", [1, 4])
def test_smaller_copies_and_masks_of_a_tiff_are_no_pages(tmp_path, subfile):
    """They would be further views of the scene, to be redacted alike and published along."""
    path = tmp_path / "pages.tiff"
    with tifffile.TiffWriter(path) as tiff:
        page = sample_pixels((40, 30))
        tiff.write(page, photometric="rgb", metadata=None)
        tiff.write(page[::2, ::2], photometric="rgb", subfiletype=1, metadata=None)
        tiff.write(page, photometric="rgb", metadata=None)
    field = struct.Struct("<HHII")
    data = path.read_bytes().replace(field.pack(254, 4, 1, 1), field.pack(254, 4, 1, subfile))
    path.write_bytes(data)
    with open_image(path) as image:
        sizes = [frame.size_wh for frame in image.frames()]
        assert image.info.frames == 2
        assert image.info.notes == (image_decoder.NOTE_OTHER_VIEWS,)
    assert sizes == [(40, 30), (40, 30)]
