"""One picture to the bytes of one file or frame, from nothing but its samples.

Images are rebuilt from raw bytes before they are saved, so nothing that Pillow carries along with
an image (profiles, comments, tags) can get into the output.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import RedactionError, SaferedactError
from saferedact.media.image_palette import Indexed, exact_palette

if TYPE_CHECKING:
    from PIL import Image
from saferedact.media.image_times import without_times

__all__ = [
    "DEFLATE_LEVEL",
    "PNG_SIGNATURE",
    "EncodeSettings",
    "encode_avif",
    "encode_still",
    "encoding",
    "indexed_image",
    "png_chunks",
    "rebuilt_image",
]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""The chunks that make the pixels: PNG specification (third edition), section 11."""

DEFLATE_LEVEL = 4
"""Effort of zlib for PNG and TIFF: on a photograph 2.5 to 4 times as fast as its own default of 6,
for files 3 to 8 % larger (measured on a 4-megapixel portrait)."""

_LOSSLESS = 100  # the setting at which AVIF comes nearest to lossless
_HEIF_LOSSLESS = -1  # pillow-heif's setting for lossless
_MATRIX_IDENTITY = 0  # ITU-T H.273, matrix coefficients: RGB itself, the only lossless choice


@dataclass(frozen=True, slots=True)
class EncodeSettings:
    """How to encode.

    Parameters
    ----------
    quality : int
        1 to 100, for lossy coding.
    lossless : bool
        Whether to code without loss where the format can.
    subsampling : str
        Chroma subsampling of a JPEG: "4:4:4", "4:2:2" or "4:2:0".
    palette : bool
        Whether a PNG should have a palette if its colors fit.
    """

    quality: int = 90
    lossless: bool = True
    subsampling: str = "4:4:4"
    palette: bool = False


@contextmanager
def encoding(image_format: str) -> Iterator[None]:
    """Turn whatever an encoder raises into `RedactionError`, without its words."""
    try:
        yield
    except SaferedactError:
        raise
    except MemoryError:
        msg = f"there is not enough memory to encode the image as {image_format}"
        raise RedactionError(msg) from None
    except Exception:  # noqa: BLE001 - encoders raise OSError, ValueError, RuntimeError, cv2.error
        msg = f"the image could not be encoded as {image_format}; it may be too large for it"
        raise RedactionError(msg) from None


def rebuilt_image(pixels: npt.NDArray[Any]) -> "Image.Image":
    """Make a Pillow image of samples alone.

    Parameters
    ----------
    pixels : ndarray, shape (h, w), uint8 or uint16, or (h, w, 3 | 4), uint8
        Copied.
    """
    from PIL import Image

    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        mode = "I;16" if pixels.dtype == np.uint16 else "L"
    else:
        mode = "RGB" if pixels.shape[2] == 3 else "RGBA"
    little = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)
    return Image.frombytes(mode, (width, height), little.tobytes())


def indexed_image(indexed: Indexed) -> "Image.Image":
    """Make a Pillow image with a palette; its alpha is not part of it."""
    from PIL import Image

    height, width = indexed.indices.shape
    image = Image.frombytes("P", (width, height), indexed.indices.tobytes())
    image.putpalette(indexed.colors[:, :3].tobytes())
    return image


def encode_still(pixels: npt.NDArray[Any], image_format: str, settings: EncodeSettings) -> bytes:
    """Encode one picture as a whole file.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3 | 4)
        uint8; uint16 for PNG. Alpha only where the format has it. Not modified.
    image_format : {"JPEG", "PNG", "WEBP", "BMP", "HEIF"}
        Format of the file.
    settings : EncodeSettings
        How to encode.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    RedactionError
        If the encoder refuses, for instance because the picture is too large for the format.
    """
    with encoding(image_format):
        if image_format == "PNG":
            return _png(pixels, palette=settings.palette)
        if image_format == "HEIF":
            return _heif(pixels, settings)
        return _pillow(rebuilt_image(pixels), image_format, **_options(image_format, settings))


def _pillow(image: "Image.Image", image_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def _options(image_format: str, settings: EncodeSettings) -> dict[str, Any]:
    """Pillow's options for JPEG, WebP and BMP."""
    if image_format == "JPEG":
        return {"quality": settings.quality, "subsampling": settings.subsampling}
    if image_format == "WEBP":
        # "exact": libwebp otherwise paints neighboring colors under transparent pixels.
        return {"lossless": settings.lossless, "quality": settings.quality, "exact": True}
    return {}


def _png(pixels: npt.NDArray[Any], *, palette: bool) -> bytes:
    if pixels.dtype == np.uint16 and pixels.ndim == 3:
        return _only_pixels(_deep_png(pixels))
    indexed = exact_palette(pixels) if palette and pixels.dtype == np.uint8 else None
    if indexed is None:
        return _only_pixels(_pillow(rebuilt_image(pixels), "PNG", compress_level=DEFLATE_LEVEL))
    alpha = indexed.colors[:, 3]
    options: dict[str, Any] = {"compress_level": DEFLATE_LEVEL}
    if (alpha < 255).any():
        options["transparency"] = alpha.tobytes()
    return _only_pixels(_pillow(indexed_image(indexed), "PNG", **options))


def _deep_png(pixels: npt.NDArray[np.uint16]) -> bytes:
    """Encode RGB or RGBA with 16 bits, which Pillow cannot."""
    import cv2

    order = [2, 1, 0, 3][: pixels.shape[2]]
    done, data = cv2.imencode(".png", np.ascontiguousarray(pixels[:, :, order]))
    if not done:
        msg = "the image could not be encoded as PNG"
        raise RedactionError(msg)
    return bytes(data.tobytes())


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Walk the chunks of a PNG that we made: yields the kind and the payload."""
    at = len(PNG_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield kind, png[at + 8 : at + 8 + length]
        at += 12 + length


def _only_pixels(png: bytes) -> bytes:
    """Drop every chunk that is not pixels, should an encoder ever add one."""
    parts, at = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    for kind, payload in png_chunks(png):
        end = at + 12 + len(payload)
        if kind in _PNG_KEPT:
            parts.append(png[at:end])
        at = end
    return b"".join(parts)


def _heif(pixels: npt.NDArray[Any], settings: EncodeSettings) -> bytes:
    import pillow_heif

    image = rebuilt_image(pixels)
    options: dict[str, Any] = {"quality": settings.quality}
    if settings.lossless:
        options = {"quality": _HEIF_LOSSLESS, "chroma": 444}
        if image.mode != "L":
            options["matrix_coefficients"] = _MATRIX_IDENTITY
    buffer = io.BytesIO()
    pillow_heif.encode(image.mode, image.size, image.tobytes(), buffer, **options)
    return buffer.getvalue()


def encode_avif(
    frames: list[npt.NDArray[np.uint8]], durations_ms: list[int], settings: EncodeSettings
) -> bytes:
    """Encode one or more pictures as an AVIF.

    Parameters
    ----------
    frames : list of ndarray, shape (h, w) or (h, w, 3 | 4), uint8
        All of one size. They are in memory together: libavif has no other way.
    durations_ms : list of int
        How long each is shown, in milliseconds.
    settings : EncodeSettings
        How to encode; `lossless` gives the best quality there is, which is not quite lossless.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    RedactionError
        If the encoder refuses.
    """
    options: dict[str, Any] = {"quality": settings.quality}
    if settings.lossless:
        options = {"quality": _LOSSLESS, "subsampling": "4:4:4"}
    with encoding("AVIF"):
        first, *rest = (rebuilt_image(pixels) for pixels in frames)
        if rest:
            options |= {"save_all": True, "append_images": rest, "duration": durations_ms}
        return without_times(_pillow(first, "AVIF", **options))
