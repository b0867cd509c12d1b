"""16 bits per sample in color: what Pillow reduces to 8 bits, OpenCV can keep.

OpenCV hands out a partly decoded picture without an error, so its samples count only where their
upper bytes are exactly what Pillow decoded.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["decode_deep", "is_deep"]

_RAW_MODES = ("RGB;16", "RGBA;16", "RGBX;16", "LA;16")
"""How Pillow's tiles call samples whose lower byte it drops (followed by B, L or N)."""


def is_deep(image: "Image.Image") -> bool:
    """Whether an opened PNG or TIFF has 16-bit color of which Pillow would keep only 8 bits.

    Parameters
    ----------
    image : PIL.ImageFile.ImageFile
        Opened and not yet loaded: loading forgets how samples are stored.
    """
    for _, _, _, args in getattr(image, "tile", ()):
        raw_mode = args if isinstance(args, str) else next(iter(args or ()), "")
        if str(raw_mode).startswith(_RAW_MODES):
            return True
    return False


def decode_deep(data: bytes, page: int, narrow: "Image.Image") -> npt.NDArray[np.uint16] | None:
    """Decode a PNG or a page of a TIFF with 16 bits per sample.

    Parameters
    ----------
    data : bytes
        The whole file.
    page : int
        Page of a TIFF, from 0.
    narrow : PIL.Image.Image
        What Pillow decoded, 8 bits, LA, RGB or RGBA: the yardstick.

    Returns
    -------
    ndarray, shape (h, w, 3 | 4), uint16, or None
        RGB or RGBA, a new array. None if OpenCV cannot read it or read something else.
    """
    import cv2

    buffer = np.frombuffer(data, dtype=np.uint8)
    try:
        done, pages = cv2.imdecodemulti(buffer, cv2.IMREAD_UNCHANGED, range=(page, page + 1))
    except cv2.error:
        return None
    if not done or len(pages) != 1:
        return None
    decoded: npt.NDArray[Any] = pages[0]
    if decoded.dtype != np.uint16 or decoded.ndim != 3 or decoded.shape[2] not in (3, 4):
        return None
    order = [2, 1, 0, 3][: decoded.shape[2]]
    deep: npt.NDArray[np.uint16] = np.ascontiguousarray(decoded[:, :, order], dtype=np.uint16)
    expected = np.asarray(narrow if narrow.mode == "RGB" else narrow.convert("RGBA"))
    if narrow.mode == "RGB":
        deep = _keyed(deep[:, :, :3], narrow.info.get("transparency"))
    if deep.shape[:2] != expected.shape[:2] or deep.shape[2] < expected.shape[2]:
        return None
    same = np.array_equal(deep[:, :, : expected.shape[2]] >> 8, expected)
    return deep if same else None


def _keyed(deep: npt.NDArray[np.uint16], key: object) -> npt.NDArray[np.uint16]:
    """Add the alpha that a PNG means by one transparent color, if it names one."""
    if not isinstance(key, tuple):
        return np.ascontiguousarray(deep)
    opaque = (deep != np.array(key, dtype=np.uint16)).any(axis=2)
    return np.dstack([deep, np.where(opaque, 65535, 0).astype(np.uint16)])
