import io
import struct

import numpy as np
import pillow_heif
import pytest
import tifffile
from tests.unit.media.image_reading import SIZE_WH, assert_close, only, picture, read_picture  # noqa: F401

from saferedact.media import image_decoder
from saferedact.media.image_decoder import (
    NOTE_DEFAULT_IMAGE,
    NOTE_OTHER_VIEWS,
)
from saferedact.media.image_read import open_image
from saferedact.testing.images import (
    image_with_hidden_data,
    sample_pixels,
)


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
