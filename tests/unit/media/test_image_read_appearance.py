import io
import struct

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, TiffImagePlugin
from tests.unit.media.image_reading import SIZE_WH, assert_close, only, picture, read_picture  # noqa: F401

from saferedact.errors import (
    DamagedInputError,
)
from saferedact.geometry import Grid
from saferedact.media import image_decoder
from saferedact.media.image_color import NOTE_BROKEN_PROFILE, NOTE_NARROWED
from saferedact.media.image_read import open_image
from saferedact.testing.image_blocks import exif_block, icc_profile, png_chunk
from saferedact.testing.images import (
    image_with_hidden_data,
    sample_pixels,
)

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
