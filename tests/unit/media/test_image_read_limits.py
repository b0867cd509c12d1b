import io
import os
import struct

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from tests.unit.media.image_reading import SIZE_WH, assert_close, only, picture, read_picture  # noqa: F401

from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    UnsupportedFormatError,
)
from saferedact.limits import Limits
from saferedact.media import image_decoder
from saferedact.media.image_read import open_image
from saferedact.testing.image_blocks import png_chunk
from saferedact.testing.images import (
    HIDDEN_DATA_FORMATS,
    image_with_hidden_data,
    sample_pixels,
)


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
        with pytest.raises(LimitExceededError, match=r"(3|more than 2) frames"):
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
