"""Compare a preview with its picture: the face that one covers, the other may show."""

import io
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["differs"]

_SIDE: Final = 32
"""Cells along the longer side of the comparison: a face that fills a sixth of a picture has five."""

_SAME = 40.0
_CELLS = 4
"""Difference of two cells, in levels of 255, and how many must have it. More than coding at low quality and
other scalers make, less than a covered face does."""

_MOST_PIXELS = 100_000_000


def differs(data: bytes, shown: npt.NDArray[np.uint8]) -> bool:
    """Tell whether a preview shows something else than its picture.

    Parameters
    ----------
    data : bytes
        The preview, coded.
    shown : ndarray, shape (h, w), (h, w, 3) or (h, w, 4), uint8
        The picture, upright.

    Returns
    -------
    bool
        False also for what cannot be decoded: that it is there is told anyway. A preview may be
        turned, or have bars above and below.
    """
    small = _decoded(data)
    if small is None:
        return False
    gray = (shown if shown.ndim == 2 else shown[..., :3].mean(-1)).astype(np.float32)
    return all(_difference(np.rot90(small, turns), gray) for turns in range(4))


def _difference(small: npt.NDArray[np.float32], picture: npt.NDArray[np.float32]) -> bool:
    ratio, wanted = small.shape[1] / small.shape[0], picture.shape[1] / picture.shape[0]
    if ratio > wanted * 1.02:
        cut = round((small.shape[1] - small.shape[0] * wanted) / 2)
        small = small[:, cut : small.shape[1] - cut]
    elif ratio < wanted / 1.02:
        cut = round((small.shape[0] - small.shape[1] / wanted) / 2)
        small = small[cut : small.shape[0] - cut]
    wide = _SIDE if wanted >= 1 else max(4, round(_SIDE * wanted))
    high = _SIDE if wanted <= 1 else max(4, round(_SIDE / wanted))
    if min(small.shape) < 4:
        return True
    one, other = _cells(small, wide, high), _cells(picture, wide, high)
    return int((np.abs(one - other) > _SAME).sum()) >= _CELLS


def _cells(gray: npt.NDArray[np.float32], wide: int, high: int) -> npt.NDArray[np.float32]:
    import cv2

    plain = np.ascontiguousarray(gray, dtype=np.float32)
    return cv2.resize(plain, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32)


def _decoded(data: bytes) -> npt.NDArray[np.float32] | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            return np.asarray(image.convert("L"), np.float32)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
