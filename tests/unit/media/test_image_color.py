import numpy as np
import pytest

from saferedact.media.image_color import (
    clear_hidden_color,
    flatten_on_white,
    narrow,
    with_channels,
)


def test_narrow_rounds_to_the_nearest_and_inverts_widening():
    wide = np.arange(65536, dtype=np.uint32).astype(np.uint16).reshape(256, 256)
    result = narrow(wide)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result, np.rint(wide / 257))
    eight = np.arange(256, dtype=np.uint16)[None] * 257
    np.testing.assert_array_equal(narrow(eight)[0], np.arange(256))


def test_narrow_leaves_8_bits_alone():
    pixels = np.zeros((2, 2), dtype=np.uint8)
    assert narrow(pixels) is pixels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_flatten_on_white(dtype):
    top = np.iinfo(dtype).max
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, top + 1, (20, 30, 4), dtype=dtype)
    pixels[0, :, 3] = 0
    pixels[1, :, 3] = top
    result = flatten_on_white(pixels)
    alpha = pixels[:, :, 3:] / top
    np.testing.assert_allclose(result, pixels[:, :, :3] * alpha + top * (1 - alpha), atol=0.51)
    assert result.dtype == dtype
    assert (result[0] == top).all()
    np.testing.assert_array_equal(result[1], pixels[1, :, :3])


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)])
def test_flatten_without_alpha(shape):
    pixels = np.zeros(shape, dtype=np.uint8)
    assert flatten_on_white(pixels) is pixels
    clear_hidden_color(pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_with_channels(dtype):
    grey = np.array([[1, 2]], dtype=dtype)
    color = with_channels(grey, 3)
    assert color.tolist() == [[[1, 1, 1], [2, 2, 2]]]
    top = np.iinfo(dtype).max
    assert with_channels(grey, 4).tolist() == [[[1, 1, 1, top], [2, 2, 2, top]]]
    assert with_channels(color, 4)[:, :, 3].tolist() == [[top, top]]
    assert with_channels(color, 4).dtype == dtype
    for channels in (1, 3):
        assert with_channels(color, channels) is color


def test_clear_hidden_color():
    pixels = np.full((1, 2, 4), 9, dtype=np.uint8)
    pixels[0, 0, 3] = 0
    clear_hidden_color(pixels)
    assert pixels.tolist() == [[[0, 0, 0, 0], [9, 9, 9, 9]]]
