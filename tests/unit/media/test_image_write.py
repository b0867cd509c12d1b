import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image
from tests.unit.media.image_writing import SIZE_WH, read, write

from saferedact.errors import InputError, UnsupportedFormatError
from saferedact.media import image_encode, image_tiff
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_read import open_image
from saferedact.media.image_write import (
    NOTE_ALPHA_THRESHOLD,
    NOTE_FLATTENED,
    NOTE_REDUCED,
    NOTE_SECOND_VIEW,
    write_image,
)
from saferedact.testing.images import (
    HIDDEN_DATA_FORMATS,
    image_with_hidden_data,
    sample_pixels,
)

ANIMATED = ("GIF", "PNG", "WEBP", "TIFF")
TARGETS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF")


class TestSamples:
    @pytest.mark.parametrize("channels", [1, 3, 4])
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP", "HEIF"])
    def test_lossless_sources_stay_exact(self, tmp_path, image_format, channels):
        pixels = sample_pixels(SIZE_WH, channels)
        _, _, frames = write(tmp_path / "x", pixels, image_format=image_format)
        if image_format == "WEBP" and channels == 1:
            pixels = np.repeat(pixels[:, :, None], 3, axis=2)
        np.testing.assert_array_equal(frames[0].pixels, pixels)

    @pytest.mark.parametrize("channels", [3, 4])
    def test_avif_of_a_lossless_source_is_nearly_exact(self, tmp_path, channels):
        pixels = sample_pixels(SIZE_WH, channels)
        _, _, frames = write(tmp_path / "x", pixels, image_format="AVIF")
        assert np.abs(frames[0].pixels.astype(int) - pixels.astype(int)).max() <= 3

    @pytest.mark.parametrize("channels", [1, 3, 4])
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
    def test_16_bits(self, tmp_path, image_format, channels):
        pixels = sample_pixels(SIZE_WH, channels, dtype=np.uint16)
        notes, info, frames = write(tmp_path / "x", pixels, image_format=image_format)
        np.testing.assert_array_equal(frames[0].pixels, pixels)
        assert info.bit_depth == 16
        assert notes == ()

    def test_16_bit_frames_of_an_animation(self, tmp_path):
        """Our own reader takes 8 bits of animations: ask the chunks instead."""
        pages = [sample_pixels(SIZE_WH, dtype=np.uint16, seed=seed) for seed in range(2)]
        path = tmp_path / "x.png"
        write(path, *pages)
        chunks = dict(image_encode.png_chunks(path.read_bytes()))
        assert chunks[b"IHDR"][8] == 16
        first = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(first[:, :, ::-1], pages[0])

    @pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (1, 7, 4), (7, 1, 3), (2, 65_500)])
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "GIF"])
    def test_small_and_narrow(self, tmp_path, image_format, shape):
        pixels = np.full(shape, 255, dtype=np.uint8)
        _, info, frames = write(tmp_path / "x", pixels, image_format=image_format)
        assert info.size_wh == (shape[1], shape[0])
        assert frames[0].pixels.min() == 255

    def test_many_strips(self, tmp_path, monkeypatch):
        monkeypatch.setattr(image_tiff, "_STRIP_BYTES", 1000)
        pages = [sample_pixels((61, 47 + i), 3, dtype=np.uint16, seed=i) for i in range(3)]
        _, _, frames = write(tmp_path / "x", *pages, image_format="TIFF")
        for frame, page in zip(frames, pages, strict=True):
            np.testing.assert_array_equal(frame.pixels, page)

    def test_noncontiguous_and_read_only_pixels(self, tmp_path):
        whole = sample_pixels((60, 40), 4)
        whole.setflags(write=False)
        for image_format in ("PNG", "TIFF", "WEBP"):
            _, _, frames = write(tmp_path / "x", whole[::-1, ::2, :3], image_format=image_format)
            np.testing.assert_array_equal(frames[0].pixels, whole[::-1, ::2, :3])


class TestPalette:
    @pytest.mark.parametrize("channels", [1, 3, 4])
    def test_png_palette_when_colors_fit(self, tmp_path, channels):
        pixels = sample_pixels(SIZE_WH, channels) // 128 * 120
        path = tmp_path / "x.png"
        if channels == 4:
            pixels[pixels[:, :, 3] == 0] = 0
        _, info, frames = write(path, pixels, palette=True)
        assert info.palette
        shown = frames[0].pixels
        if channels == 1:
            shown = shown[:, :, 0]
        np.testing.assert_array_equal(shown, pixels)
        used = len(np.unique(pixels.reshape(-1, max(channels, 1)), axis=0))
        assert len(dict(image_encode.png_chunks(path.read_bytes()))[b"PLTE"]) == 3 * used

    def test_png_without_palette_when_they_do_not(self, tmp_path):
        rng = np.random.default_rng(0)
        pixels = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
        _, info, frames = write(tmp_path / "x.png", pixels, palette=True)
        assert not info.palette
        np.testing.assert_array_equal(frames[0].pixels, pixels)

    def test_a_redacted_region_of_a_gif_keeps_its_color(self, tmp_path):
        rng = np.random.default_rng(0)
        pixels = rng.integers(0, 256, (300, 400, 3), dtype=np.uint8)
        pixels[100:116, 100:116] = (13, 7, 201)
        _, _, frames = write(tmp_path / "x.gif", pixels, image_format="GIF")
        region = frames[0].pixels[100:116, 100:116].astype(int)
        assert np.abs(region - (13, 7, 201)).max() <= 4


class TestConversion:
    @pytest.mark.parametrize("image_format", ["JPEG", "BMP"])
    def test_alpha_is_put_on_white(self, tmp_path, image_format):
        pixels = np.zeros((16, 16, 4), dtype=np.uint8)
        pixels[:, 8:] = (200, 0, 0, 128)
        notes, info, frames = write(tmp_path / "x", pixels, image_format=image_format)
        assert notes == (NOTE_FLATTENED,)
        assert info.channels == 3
        left, right = frames[0].pixels[4, 2].astype(int), frames[0].pixels[4, 13].astype(int)
        assert np.abs(left - 255).max() <= 2
        assert np.abs(right - (227, 127, 127)).max() <= 4

    @pytest.mark.parametrize("image_format", ["JPEG", "BMP", "WEBP", "GIF", "AVIF", "HEIF"])
    def test_16_bits_become_8(self, tmp_path, image_format):
        pixels = sample_pixels(SIZE_WH, dtype=np.uint16)
        notes, info, frames = write(tmp_path / "x", pixels, image_format=image_format)
        assert notes == (NOTE_REDUCED,)
        assert info.bit_depth == 8
        expected = sample_pixels(SIZE_WH)
        assert np.abs(frames[0].pixels.astype(int) - expected.astype(int)).mean() < 3

    @pytest.mark.parametrize("image_format", ["JPEG", "BMP", "HEIF"])
    def test_an_animation_does_not_become_a_still(self, tmp_path, image_format):
        path = tmp_path / "x"
        with pytest.raises(InputError, match="one frame"):
            write(path, *[sample_pixels(SIZE_WH)] * 2, image_format=image_format)
        assert not path.exists()

    def test_partial_alpha_in_a_gif(self, tmp_path):
        pixels = sample_pixels(SIZE_WH, 4) // 64 * 64
        notes, _, frames = write(tmp_path / "x", pixels, image_format="GIF")
        assert notes == (NOTE_ALPHA_THRESHOLD,)
        np.testing.assert_array_equal(frames[0].pixels[:, :, 3] > 0, pixels[:, :, 3] >= 128)

    def test_mpo_says_what_it_became(self, tmp_path):
        notes, info, _ = write(tmp_path / "x", sample_pixels(SIZE_WH), format="MPO", lossy=True)
        assert notes == (NOTE_SECOND_VIEW,)
        assert info.format == "JPEG"

    @pytest.mark.parametrize("source", HIDDEN_DATA_FORMATS)
    @pytest.mark.parametrize("target", TARGETS)
    def test_every_format_into_every_other(self, tmp_path, source, target):
        path, out = tmp_path / "in", tmp_path / "out"
        markers = image_with_hidden_data(source, path, orientation=8)
        info, before = read(path)
        with open_image(path) as opened:
            write_image(out, opened.frames(), info=opened.info, format=target)
        data = out.read_bytes()
        assert not [place for place, marker in markers.items() if marker in data]
        after_info, after = read(out)
        assert after_info.size_wh == info.size_wh
        assert info.size_wh == ((96, 64) if source in ("GIF", "BMP") else (64, 96))
        difference = after[0].pixels[:, :, :3].astype(int) - before[0].pixels[:, :, :3].astype(int)
        assert np.abs(difference).mean() < 4

    def test_unknown_formats(self, tmp_path):
        with pytest.raises(UnsupportedFormatError):
            write(tmp_path / "x", sample_pixels(SIZE_WH), image_format="PSD")


class TestQuality:
    def jpeg(self, tmp_path, quality, subsampling="4:2:0"):
        path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
        Image.fromarray(sample_pixels(SIZE_WH)).save(path, quality=quality, subsampling=subsampling)
        with open_image(path) as source:
            write_image(out, source.frames(), info=source.info)
            return source.info, read(out)[0]

    @pytest.mark.parametrize(("quality", "expected"), [(30, 90), (75, 90), (93, 93), (98, 98)])
    def test_the_sources_own_and_at_least_90(self, tmp_path, quality, expected):
        before, after = self.jpeg(tmp_path, quality)
        assert before.quality == quality
        assert after.quality == expected

    @pytest.mark.parametrize("subsampling", ["4:2:0", "4:2:2", "4:4:4"])
    def test_the_sources_subsampling(self, tmp_path, subsampling):
        before, after = self.jpeg(tmp_path, 90, subsampling)
        assert before.subsampling == after.subsampling == subsampling

    def test_grey_stays_grey(self, tmp_path):
        pixels = sample_pixels(SIZE_WH, 1)
        _, info, _ = write(tmp_path / "x", pixels, image_format="JPEG", lossy=True)
        assert info.channels == 1
        assert info.grid.size_wh == (8, 8)

    def test_a_quality_that_is_asked_for(self, tmp_path):
        pixels = sample_pixels(SIZE_WH)
        _, info, _ = write(tmp_path / "x", pixels, image_format="JPEG", quality=60)
        assert info.quality == 60
        _, info, _ = write(tmp_path / "x", pixels, image_format="WEBP", quality=60)
        assert info.lossy

    @pytest.mark.parametrize("quality", [0, -1, 101])
    def test_qualities_out_of_range(self, tmp_path, quality):
        path = tmp_path / "x"
        with pytest.raises(InputError, match="1 to 100"):
            write(path, sample_pixels(SIZE_WH), quality=quality)
        assert not path.exists()

    def test_a_lossy_webp_stays_lossy(self, tmp_path):
        pixels = sample_pixels(SIZE_WH)
        _, info, _ = write(tmp_path / "x", pixels, image_format="WEBP", lossy=True)
        assert info.lossy
        assert info.grid.size_wh == (16, 16)
        pages = [pixels, sample_pixels(SIZE_WH, seed=1)]
        _, info, _ = write(
            tmp_path / "x", *pages, image_format="WEBP", lossy=True, durations=[50, 50]
        )
        assert info.lossy


@pytest.mark.parametrize("image_format", ["WEBP", "AVIF", "HEIF"])
def test_color_under_an_alpha_that_rounds_to_0_is_cleared(tmp_path, image_format):
    deep = np.full((32, 32, 4), 40_000, dtype=np.uint16)
    deep[:, :, 3] = 100  # of 65,535: 0 of 255
    info = MediaInfo("image", "PNG", (32, 32), 1, 16, 4)
    path = tmp_path / "out.img"
    write_image(path, [ImageFrame(deep)], info=info, format=image_format)
    if image_format == "HEIF":
        written = np.asarray(pillow_heif.open_heif(path, convert_hdr_to_8bit=False))
    else:
        with Image.open(path) as image:
            written = np.asarray(image)
    assert written[:, :, 3].max() == 0
    assert written[:, :, :3].max() <= 2
