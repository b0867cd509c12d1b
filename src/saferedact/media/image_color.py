"""From whatever a decoder gives to samples in sRGB: modes, color profiles, transparency.

The conversions that lose something say so in a note. Nothing here opens a file.
"""

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import UnsupportedFormatError
from saferedact.media.base import Pixels

if TYPE_CHECKING:
    from PIL import Image, ImageCms

__all__ = ["clear_hidden_color", "flatten_on_white", "narrow", "pixels_in_srgb", "with_channels"]

NOTE_BROKEN_PROFILE = "the color profile does not fit the image and was ignored"
NOTE_NARROWED = "16-bit color was reduced to 8 bits to convert its color profile"
NOTE_CMYK = "CMYK without a color profile was converted by the simple formula"

_PROFILE_TOLERANCE = 2
"""Largest difference, of 255, at which a profile counts as sRGB itself.

Nobody sees it, and leaving the samples alone keeps lossless files exact. sRGB profiles of different
makers differ by 1 to 2 through their rounded primaries and curves.
"""

_DEEP_MODES = ("I;16", "I;16L", "I;16B", "I;16N")
_RGB_MODES = ("RGB", "RGBX", "YCbCr", "P")


def pixels_in_srgb(image: "Image.Image", notes: set[str], deep: Pixels | None = None) -> Pixels:
    """Turn a decoded Pillow image into samples in sRGB.

    Parameters
    ----------
    image : PIL.Image.Image
        Loaded image of any mode, as stored (not turned).
    notes : set of str
        Receives a sentence for each thing that was lost.
    deep : ndarray, shape (h, w, 3 | 4), uint16, optional
        The same image with all 16 bits, where Pillow could only keep 8.

    Returns
    -------
    ndarray, shape (h, w) or (h, w, 3) or (h, w, 4), uint8 or uint16
        New array or a view of `deep`. Color under alpha 0 is not cleared yet.

    Raises
    ------
    UnsupportedFormatError
        If the mode is not one of photographs and scans (floating point, 32-bit, LAB).
    """
    profile = image.info.get("icc_profile")
    if deep is not None:
        if not profile or _profile_is_srgb(profile, "RGB", notes):
            return deep
        notes.add(NOTE_NARROWED)
    if image.mode in _DEEP_MODES:
        return _deep_grey(image)
    upright_mode = _plain_mode(image)
    plain = image if image.mode == upright_mode else image.convert(upright_mode)
    if profile:
        plain = _to_srgb(plain, profile, notes)
    if plain.mode == "CMYK":
        notes.add(NOTE_CMYK)
        plain = plain.convert("RGB")
    return np.array(plain)


def _plain_mode(image: "Image.Image") -> str:
    """Choose L, RGB, RGBA or CMYK for an image of any mode."""
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        return "RGBA"
    if image.mode in ("1", "L", *_RGB_MODES):
        if "transparency" in image.info:
            return "RGBA"
        return "L" if image.mode in ("1", "L") else "RGB"
    if image.mode == "CMYK":
        return "CMYK"
    msg = f"images with {image.mode} samples are not read; convert to 8 or 16 bits first"
    raise UnsupportedFormatError(msg)


def _deep_grey(image: "Image.Image") -> npt.NDArray[np.uint16]:
    """Grey with 16 bits; the one transparent value of a PNG becomes alpha."""
    grey = np.array(image).astype(np.uint16)
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return grey
    alpha = np.where(grey == key, 0, 65535).astype(np.uint16)
    return np.dstack([grey, grey, grey, alpha])


def _open_profile(profile: bytes) -> "ImageCms.ImageCmsProfile":
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _transform(profile: bytes, mode: str) -> "ImageCms.ImageCmsTransform":
    """Build the conversion to sRGB for pixels of `mode`, which keeps their alpha."""
    from PIL import ImageCms

    return ImageCms.buildTransform(
        _open_profile(profile),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGBA" if mode == "RGBA" else "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _profile_is_srgb(profile: bytes, mode: str, notes: set[str]) -> bool:
    """Whether a profile leaves colors as they are; a broken one counts as such, with a note."""
    from PIL import ImageCms

    try:
        transform = _transform(profile, mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        notes.add(NOTE_BROKEN_PROFILE)
        return True
    return _keeps_colors(transform, mode)


def _keeps_colors(transform: "ImageCms.ImageCmsTransform", mode: str) -> bool:
    """Try a transform on a coarse lattice of all colors."""
    from PIL import Image

    if mode == "CMYK":
        return False
    steps = np.linspace(0, 255, 9).round().astype(np.uint8)
    if mode == "L":
        lattice = steps[None, :]
        expected = np.repeat(lattice[:, :, None], 3, axis=2)
    else:
        lattice = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
        expected = lattice
    probe = Image.fromarray(np.ascontiguousarray(lattice)).convert(mode)
    seen = np.array(transform.apply(probe).convert("RGB"))
    difference = np.abs(seen.astype(np.int16) - expected.astype(np.int16))
    return int(difference.max()) <= _PROFILE_TOLERANCE


def _to_srgb(image: "Image.Image", profile: bytes, notes: set[str]) -> "Image.Image":
    """Convert an L, RGB, RGBA or CMYK image by its profile; keep it if the profile is broken."""
    from PIL import ImageCms

    try:
        transform = _transform(profile, image.mode)
        if _keeps_colors(transform, image.mode):
            return image
        converted = transform.apply(image)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        notes.add(NOTE_BROKEN_PROFILE)
        return image
    # A grey profile gives equal channels: stay grey.
    return converted.getchannel("G") if image.mode == "L" else converted


_BAND_ROWS = 64
"""Rows that are converted at a time: intermediate values take four times the room of samples."""


def clear_hidden_color(pixels: Pixels) -> None:
    """Set the color under alpha 0 to 0, in place: invisible, but anyone can read it.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, c)
        Changed in place where it has four channels.
    """
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels[pixels[:, :, 3] == 0] = 0


def narrow(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """Reduce 16-bit samples to 8 bits, rounding to the nearest; 8-bit ones are returned as is."""
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    # 65535 / 255 = 257; adding 128 first rounds to the nearest and cannot pass 65,663 // 257 = 255.
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def flatten_on_white(pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Put pixels with alpha on a white ground; others are returned as they are.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 4) or without alpha, uint8 or uint16
        Straight alpha. Not modified.

    Returns
    -------
    ndarray, shape (h, w, 3) or as given, same dtype
        New array if there was alpha.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 4:
        return pixels
    top = np.uint32(np.iinfo(pixels.dtype).max)
    flat = np.empty((*pixels.shape[:2], 3), dtype=pixels.dtype)
    for start in range(0, len(pixels), _BAND_ROWS):
        band = np.s_[start : start + _BAND_ROWS]
        color = pixels[band, :, :3].astype(np.uint32)
        alpha = pixels[band, :, 3:].astype(np.uint32)
        # At most top * top + top // 2, which 32 bits hold for 16-bit samples too.
        flat[band] = (color * alpha + top * (top - alpha) + top // 2) // top
    return flat


def with_channels(pixels: npt.NDArray[Any], channels: int) -> npt.NDArray[Any]:
    """Give pixels 1, 3 or 4 channels, at least as many as they have.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3) or (h, w, 4)
        Not modified.
    channels : {1, 3, 4}
        Channels wanted: grey is repeated, alpha is opaque.

    Returns
    -------
    ndarray, shape (h, w) or (h, w, channels)
        The array itself if it already has as many.
    """
    have = 1 if pixels.ndim == 2 else pixels.shape[2]
    if have >= channels:
        return pixels
    color = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    if channels == 3:
        return color
    opaque = np.full((*color.shape[:2], 1), np.iinfo(pixels.dtype).max, dtype=pixels.dtype)
    return np.concatenate([color, opaque], axis=2)
