import numpy as np
import pytest

from saferedact.media.image_palette import exact_palette, fitted_palette
from saferedact.testing.images import sample_pixels


def shown(indexed, channels):
    pixels = indexed.colors[indexed.indices]
    return pixels[:, :, 0] if channels == 1 else pixels[:, :, :channels]


def distinct(count, channels=3):
    """A picture with exactly `count` colors, each as often as the next."""
    colors = np.arange(count, dtype=np.uint32)
    rows = np.stack([colors % 256, colors // 256 * 40, 255 - colors % 251, colors * 0 + 255], -1)
    return np.tile(rows.astype(np.uint8)[None, :, :channels], (3, 1, 1))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_few_colors_are_exact(channels):
    pixels = sample_pixels((40, 30), channels) // 128 * 128
    indexed = exact_palette(pixels)
    np.testing.assert_array_equal(shown(indexed, channels), pixels)
    assert len(indexed.colors) == len(np.unique(indexed.colors, axis=0))
    assert set(np.unique(indexed.indices)) == set(range(len(indexed.colors)))


def test_any_grey_picture_is_exact():
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    np.testing.assert_array_equal(shown(exact_palette(pixels), 1), pixels)


@pytest.mark.parametrize(
    ("count", "entries", "fits"), [(256, 256, True), (257, 256, False), (256, 255, False)]
)
def test_how_many_colors_fit(count, entries, fits):
    pixels = distinct(count)
    assert (exact_palette(pixels, entries=entries) is not None) == fits
    indexed = fitted_palette(pixels, entries=entries)
    assert len(indexed.colors) <= entries
    assert np.array_equal(shown(indexed, 3), pixels) == fits


def test_more_rows_than_are_looked_up_at_once():
    pixels = np.repeat(distinct(200), 700, axis=0)
    np.testing.assert_array_equal(shown(exact_palette(pixels), 3), pixels)


def test_frequent_colors_are_exact_among_many():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (200, 200, 3), dtype=np.uint8)
    pixels[50:60, 50:60] = (1, 2, 3)
    pixels[80:90, 20:30] = (250, 0, 131)
    result = shown(fitted_palette(pixels), 3)
    np.testing.assert_array_equal(result[50:60, 50:60], pixels[50:60, 50:60])
    np.testing.assert_array_equal(result[80:90, 20:30], pixels[80:90, 20:30])
    error = np.abs(result.astype(int) - pixels.astype(int)).mean()
    assert error < 30  # 128 entries over the whole cube are about 50 apart


def test_transparent_pixels_stay_so_when_colors_are_merged():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (100, 100, 4), dtype=np.uint8)
    indexed = fitted_palette(pixels)
    result = shown(indexed, 4)
    np.testing.assert_array_equal(result[:, :, 3], np.where(pixels[:, :, 3] >= 128, 255, 0))
    assert len(indexed.colors) <= 256
    assert (indexed.indices == indexed.transparent).sum() == (pixels[:, :, 3] < 128).sum()


def test_transparent_entry():
    indexed = fitted_palette(distinct(10))
    assert indexed.transparent is None
    added = indexed.with_transparent()
    assert added.transparent == 10
    assert added.with_transparent() is added
    np.testing.assert_array_equal(added.indices, indexed.indices)


def test_the_input_is_not_changed():
    pixels = sample_pixels((64, 64), 4)
    before = pixels.copy()
    fitted_palette(pixels)
    np.testing.assert_array_equal(pixels, before)
