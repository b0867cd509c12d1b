"""Scenes with the statistics of photographs: edges, texture, noise, and blur of the lens."""

import numpy as np
import numpy.typing as npt

__all__ = ["chat_screen", "face_place", "photograph", "portrait"]

Picture = npt.NDArray[np.uint8]


def photograph(size_wh: tuple[int, int] = (640, 480), *, seed: int = 1) -> Picture:
    """Make shapes, texture of 1/f spectrum and a little noise; RGB, shape (h, w, 3)."""
    import cv2

    w, h = size_wh
    rng = np.random.default_rng(seed)
    spectrum = np.hypot(*np.meshgrid(np.fft.fftfreq(w), np.fft.fftfreq(h)))
    spectrum[0, 0] = 1
    layers = []
    for _ in range(3):
        field = np.fft.ifft2(np.fft.fft2(rng.normal(size=(h, w))) / spectrum**1.1).real
        layers.append(128 + 38 * field / field.std())
    picture = np.ascontiguousarray(np.clip(np.stack(layers, -1), 0, 255).astype(np.uint8))
    for _ in range(25):
        center = (int(rng.integers(w)), int(rng.integers(h)))
        color = tuple(int(v) for v in rng.integers(30, 225, 3))
        if rng.random() < 0.5:
            cv2.circle(picture, center, int(rng.integers(2, h // 8)), color, -1, cv2.LINE_AA)
        else:
            corner = (
                center[0] + int(rng.integers(4, w // 5)),
                center[1] + int(rng.integers(4, h // 5)),
            )
            cv2.rectangle(picture, center, corner, color, -1)
    noisy = picture.astype(np.float32) + rng.normal(0, 4, picture.shape)
    result: Picture = np.clip(noisy, 0, 255).astype(np.uint8)
    return result


def portrait() -> Picture:
    """Return the public-domain portrait of scikit-image, RGB, 512 x 512."""
    from skimage import data

    return np.ascontiguousarray(data.astronaut())  # type: ignore[no-untyped-call]


def face_place() -> tuple[int, int, int, int]:
    """Return the box of the face in `portrait`."""
    return 168, 64, 280, 208


_LIGHT = ((239, 234, 226), (217, 253, 211), (17, 17, 17))
_DARK = ((20, 26, 32), (0, 92, 75), (233, 237, 239))
_MESSAGE = ("Call her on the mobile", "number that she gave us", "on the day she moved out")


def chat_screen(*, dark: bool = False) -> npt.NDArray[np.uint8]:
    """Draw a chat: three cards of three lines each; shape (900, 780, 3), RGB."""
    import cv2

    ground, card, ink = _DARK if dark else _LIGHT
    pixels = np.full((900, 780, 3), ground, np.uint8)
    for top in (60, 340, 620):
        cv2.rectangle(pixels, (120, top), (740, top + 200), card, -1)
        for number, line in enumerate(_MESSAGE):
            place = (140, top + 50 + 56 * number)
            cv2.putText(pixels, line, place, cv2.FONT_HERSHEY_SIMPLEX, 1.1, ink, 3, cv2.LINE_AA)
    return pixels
