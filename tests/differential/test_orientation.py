"""Turning pictures upright, against Pillow."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from saferedact.geometry import Orientation, to_upright

ORIENTATION_TAG = 0x0112


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (4, 1), (3, 5), (6, 4, 3)])
def test_upright_pixels_are_those_of_exif_transpose(orientation, shape):
    stored = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    image = Image.fromarray(stored)
    image.getexif()[ORIENTATION_TAG] = int(orientation)
    expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(to_upright(stored, orientation), expected)
