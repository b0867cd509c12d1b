"""Patches of pixels as image streams: the smallest coding that keeps what can be seen."""

from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import RedactionError

__all__ = ["image_stream"]

_PHOTO_QUALITY = 85
_SCAN_QUALITY = 92
"""JPEG qualities: of what was lossy before, and of what was not but has too many colors for less."""

_LOSSLESS_PIXELS = 1_000_000
"""Pictures of many colors up to this size stay without loss: 3 MB before compression."""


def image_stream(pdf: Any, pixels: npt.NDArray[np.uint8], *, photo: bool) -> Any:
    """Make an image XObject.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        The new document.
    pixels : ndarray, shape (h, w, 3), uint8
        sRGB.
    photo : bool
        Whether the source was coded with loss.

    Returns
    -------
    pikepdf.Stream
        The image.
    """
    from pikepdf import Array, Dictionary, Name

    height, width = pixels.shape[:2]
    gray = bool(
        (pixels[:, :, 0] == pixels[:, :, 1]).all() and (pixels[:, :, 1] == pixels[:, :, 2]).all()
    )
    levels = _levels(pixels, gray=gray)
    space: Any = Name("/DeviceGray") if gray else Name("/DeviceRGB")
    bits, filter_name = 8, ""
    if levels is not None and gray and set(levels.ravel().tolist()) <= {0, 255}:
        bits = 1
        data = np.packbits(pixels[:, :, 0] > 127, axis=1).tobytes()
    elif levels is not None and not gray:
        table, data = _indexed(pixels, levels)
        space = Array([Name("/Indexed"), Name("/DeviceRGB"), len(levels) - 1, table])
    elif levels is not None or (not photo and pixels.size // 3 <= _LOSSLESS_PIXELS):
        data = (pixels[:, :, 0] if gray else pixels).tobytes()
    else:
        data = _jpeg(
            pixels[:, :, 0] if gray else pixels, _PHOTO_QUALITY if photo else _SCAN_QUALITY
        )
        filter_name = "/DCTDecode"
    stream = pdf.make_stream(data)
    entries = Dictionary(
        Type=Name("/XObject"),
        Subtype=Name("/Image"),
        Width=width,
        Height=height,
        ColorSpace=space,
        BitsPerComponent=bits,
    )
    for key, value in entries.items():
        stream[key] = value
    if filter_name:
        stream.write(data, filter=Name(filter_name))
    return stream


def _levels(pixels: npt.NDArray[np.uint8], *, gray: bool) -> npt.NDArray[Any] | None:
    """Return the different colors, at most 256 (gray: 64); None if there are more."""
    if gray:
        found = np.flatnonzero(np.bincount(pixels[:, :, 0].ravel(), minlength=256))
        return found if len(found) <= 64 else None
    packed = _packed(pixels)
    sample = np.unique(packed.ravel()[:: max(1, packed.size // 4096)])
    if len(sample) > 256:
        return None
    found = np.unique(packed)
    return found if len(found) <= 256 else None


def _packed(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    wide = pixels.astype(np.uint32)
    return wide[:, :, 0] << 16 | wide[:, :, 1] << 8 | wide[:, :, 2]


def _indexed(pixels: npt.NDArray[np.uint8], levels: npt.NDArray[Any]) -> tuple[bytes, bytes]:
    places = np.searchsorted(levels, _packed(pixels)).astype(np.uint8)
    table = np.stack([levels >> 16, levels >> 8 & 255, levels & 255], axis=1).astype(np.uint8)
    return table.tobytes(), places.tobytes()


def _jpeg(pixels: npt.NDArray[np.uint8], quality: int) -> bytes:
    import cv2

    shown = pixels if pixels.ndim == 2 else pixels[:, :, ::-1]
    done, data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        msg = "a picture of a page could not be coded"
        raise RedactionError(msg)
    return bytes(data)
