"""Reading pictures of tests, and what every picture that is read must keep."""

import io

import numpy as np
import pytest
from PIL import Image

from saferedact.media.image_read import open_image
from saferedact.testing.images import (
    sample_pixels,
)

SIZE_WH = (50, 34)


@pytest.fixture(name="read")
def read_picture(tmp_path):
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
