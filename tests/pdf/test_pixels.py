"""Pixels become images of the smallest form that loses nothing, or JPEG; pictures of pages, and what cannot be one."""

import numpy as np
import pikepdf
import pytest

from saferedact.errors import DamagedInputError
from saferedact.media.pdf_label import box_width, fitting, label_outline, label_width
from saferedact.media.pdf_pixels import image_stream
from saferedact.media.pdf_render import Renderer

RNG = np.random.default_rng(5)


def gray(levels):
    return np.repeat(np.asarray(levels, dtype=np.uint8)[:, :, None], 3, axis=2)


def rare_colors():
    """Two colors wherever one looks, and a line of 600 others between."""
    pixels = np.zeros((801, 600, 3), dtype=np.uint8)
    pixels[:, :, 2] = 200
    pixels[401, :, 0] = np.arange(600) % 256
    pixels[401, :, 1] = np.arange(600) // 256
    return pixels


LOSSLESS = {
    "black and white": (gray(RNG.integers(0, 2, (31, 17)) * 255), "/DeviceGray", 1),
    "all white": (gray(np.full((8, 9), 255)), "/DeviceGray", 1),
    "few grays": (gray(RNG.integers(0, 60, (31, 17))), "/DeviceGray", 8),
    "many grays": (gray(RNG.integers(0, 256, (31, 17))), "/DeviceGray", 8),
    "few colors": (RNG.integers(0, 2, (31, 17, 3), dtype=np.uint8) * 90, "/Indexed", 8),
    "many colors": (RNG.integers(0, 256, (31, 17, 3), dtype=np.uint8), "/DeviceRGB", 8),
    "colors that are seldom": (rare_colors(), "/DeviceRGB", 8),
}


@pytest.mark.parametrize("name", LOSSLESS)
def test_what_is_drawn_is_kept_to_the_pixel(name):
    pixels, space, bits = LOSSLESS[name]
    pdf = pikepdf.new()
    stream = image_stream(pdf, pixels, photo=False)
    stored = stream.ColorSpace
    assert (str(stored[0] if isinstance(stored, pikepdf.Array) else stored)) == space
    assert stream.BitsPerComponent == bits
    shown = pikepdf.PdfImage(stream).as_pil_image().convert("RGB")
    assert (np.asarray(shown) == pixels).all()


@pytest.mark.parametrize("name", ["many grays", "many colors"])
def test_a_photograph_stays_one(name):
    pixels, space, _ = LOSSLESS[name]
    smooth = pixels // 8 + np.arange(31, dtype=np.uint8)[:, None, None] * 7
    pdf = pikepdf.new()
    stream = image_stream(pdf, smooth, photo=True)
    shown = np.asarray(pikepdf.PdfImage(stream).as_pil_image().convert("RGB")).astype(int)
    assert (str(stream.Filter), str(stream.ColorSpace)) == ("/DCTDecode", space)
    assert np.abs(shown - smooth).mean() < 16


def test_what_is_no_document_is_an_error_of_ours():
    with pytest.raises(DamagedInputError, match="cannot be shown"):
        Renderer(b"no document")


@pytest.mark.parametrize("text", ["s.40(2)", "\u6f22\u5b57", "NAME \u2603"])
def test_any_reason_code_has_a_label_it_fits_in(text):
    """A letter that the font of labels lacks has room all the same."""
    assert label_width(text) > 0
    assert fitting(text, box_width(text)) == 1.0
    assert 0 < fitting(text, box_width(text) / 3) < 1
    assert label_outline("\u6f22") == ((), 500.0)
