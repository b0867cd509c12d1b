"""Pictures that hide nothing: bokeh, coding blocks, pixel art, noise, screens, honest black boxes."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.testing.leaks.pdf_page import FILLER, text_image
from saferedact.testing.leaks.scenes import face_place, photograph, portrait

__all__ = ["BENIGN_PICTURES", "encoded"]


def encoded(pixels: npt.NDArray[np.uint8], **options: Any) -> bytes:
    """Write pixels as PNG, or as JPEG where a quality is given; nothing but pixels."""
    from PIL import Image

    buffer = io.BytesIO()
    format_ = "JPEG" if "quality" in options else "PNG"
    Image.fromarray(pixels).save(buffer, format_, **options)
    return buffer.getvalue()


def _bokeh() -> npt.NDArray[np.uint8]:
    """A sharp subject before a background out of focus."""
    import cv2

    scene, subject = photograph(seed=2), photograph(seed=3)
    soft = cv2.GaussianBlur(scene, (0, 0), 9)
    mask: npt.NDArray[Any] = np.zeros(scene.shape[:2], np.float32)
    cv2.ellipse(mask, (320, 330), (110, 190), 8, 0, 360, 1.0, -1)
    cv2.circle(mask, (320, 120), 70, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 1.5)[..., None]
    noise = np.random.default_rng(4).normal(0, 2.5, scene.shape)
    return np.clip(soft * (1 - mask) + subject * mask + noise, 0, 255).astype(np.uint8)


def _pixel_art() -> npt.NDArray[np.uint8]:
    small = np.random.default_rng(5).integers(0, 4, (30, 40)) * 80
    return np.repeat(np.repeat(small.astype(np.uint8), 12, 0), 12, 1)


def _low_light() -> npt.NDArray[np.uint8]:
    noise = np.random.default_rng(6).normal(0, 9, (480, 640, 3))
    return np.clip(photograph(seed=7) * 0.18 + noise, 0, 255).astype(np.uint8)


def _sky() -> npt.NDArray[np.uint8]:
    picture = photograph(seed=8)
    ramp = np.linspace(120, 235, 260)[:, None, None]
    picture[:260] = np.clip(np.broadcast_to(ramp, (260, 640, 3)), 0, 255)
    return picture


def _screen() -> npt.NDArray[np.uint8]:
    picture = np.full((480, 640), 232, np.uint8)
    picture[:40] = 60
    for n in range(5):
        picture[70 + 70 * n : 120 + 70 * n, 40:300] = 255
        picture[70 + 70 * n : 72 + 70 * n, 40:300] = 150
    drawn = text_image(("Menu", "Reports", "Settings"), (300, 200))
    picture[200:400, 330:630] = drawn
    return picture


def _black_box() -> npt.NDArray[np.uint8]:
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    picture[y1 - 20 : y2 + 20, x1 - 20 : x2 + 20] = 0
    return picture


def _clean_logo() -> bytes:
    from PIL import Image

    picture = np.zeros((64, 64, 4), np.uint8)
    picture[16:48, 16:48] = (200, 30, 30, 255)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


BENIGN_PICTURES: dict[str, Callable[[], bytes]] = {
    "photograph.jpg": lambda: encoded(photograph(), quality=90),
    "portrait.png": lambda: encoded(portrait()),
    "bokeh.jpg": lambda: encoded(_bokeh(), quality=88),
    "pixel_art.png": lambda: encoded(_pixel_art()),
    "coding_blocks.jpg": lambda: encoded(photograph(seed=9), quality=8),
    "low_light.jpg": lambda: encoded(_low_light(), quality=80),
    "sky.jpg": lambda: encoded(_sky(), quality=85),
    "screen.png": lambda: encoded(_screen()),
    "page.png": lambda: encoded(text_image(FILLER)),
    "black_box.jpg": lambda: encoded(_black_box(), quality=90),
    "clean_logo.png": _clean_logo,
}
