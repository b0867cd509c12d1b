"""The still-image formats: how each is recognized by content, and what it can hold."""

from dataclasses import dataclass
from pathlib import Path

from saferedact.errors import UnsupportedFormatError

__all__ = ["SNIFF_BYTES", "FormatTraits", "format_for_suffix", "sniff_format", "traits"]

SNIFF_BYTES = 64
"""How much of a file `sniff_format` wants to see: room for a dozen brands of an ISO media file."""


@dataclass(frozen=True, slots=True)
class FormatTraits:
    """What files of a format that we write can hold.

    Parameters
    ----------
    alpha : bool
        An alpha channel (in GIF: one transparent color).
    frames : bool
        More than one frame or page.
    pages_differ : bool
        Frames of different sizes.
    deep : bool
        16 bits per sample.
    """

    alpha: bool = True
    frames: bool = True
    pages_differ: bool = False
    deep: bool = False


_TRAITS = {
    "JPEG": FormatTraits(alpha=False, frames=False),
    "PNG": FormatTraits(deep=True),
    "WEBP": FormatTraits(),
    "TIFF": FormatTraits(pages_differ=True, deep=True),
    "BMP": FormatTraits(alpha=False, frames=False),
    "GIF": FormatTraits(),
    "HEIF": FormatTraits(frames=False),
    "AVIF": FormatTraits(),
}

_SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".mpo": "JPEG",
    ".png": "PNG",
    ".apng": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".dib": "BMP",
    ".gif": "GIF",
    ".heic": "HEIF",
    ".heif": "HEIF",
    ".hif": "HEIF",
    ".avif": "AVIF",
}

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),  # BigTIFF; Pillow cannot read the big-endian one
    (b"BM", "BMP"),
)

# Brands of still images and image sequences; ISO/IEC 23008-12 annex B and the AVIF specification.
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


def traits(image_format: str) -> FormatTraits:
    """Look up what a format can hold.

    Raises
    ------
    UnsupportedFormatError
        If the format is not one that is written.
    """
    try:
        return _TRAITS[image_format]
    except KeyError:
        msg = f"this format is not written; the formats are {', '.join(_TRAITS)}"
        raise UnsupportedFormatError(msg) from None


def format_for_suffix(path: Path) -> str:
    """Choose the format to write from a file's name.

    Parameters
    ----------
    path : Path
        Only its suffix is looked at, in any case.

    Returns
    -------
    str
        A format that `write_image` takes; ``.mpo`` gives "JPEG", which it is a variant of.

    Raises
    ------
    UnsupportedFormatError
        If the suffix is not that of an image format that is written.
    """
    try:
        return _SUFFIXES[path.suffix.lower()]
    except KeyError:
        msg = f"no image format has this suffix; known are {', '.join(_SUFFIXES)}"
        raise UnsupportedFormatError(msg) from None


def sniff_format(head: bytes) -> str | None:
    """Recognize a format by the first bytes of a file, whatever its name.

    Parameters
    ----------
    head : bytes
        The first `SNIFF_BYTES` bytes, or all there are.

    Returns
    -------
    str or None
        The format ("JPEG" also for MPO), or None when it is none of ours.
    """
    for signature, image_format in _SIGNATURES:
        if head.startswith(signature):
            return image_format
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _iso_media_format(head)
    return None


def _iso_media_format(head: bytes) -> str | None:
    """Tell AVIF from HEIF by the brands of the file type box; the major brand counts most."""
    size = int.from_bytes(head[:4], "big")
    major = head[8:12]
    if major in _AVIF_BRANDS:
        return "AVIF"
    compatible = {head[at : at + 4] for at in range(16, min(size, len(head)), 4)}
    if major in (b"mif1", b"msf1") and compatible & _AVIF_BRANDS:
        return "AVIF"
    if major in _HEIF_BRANDS or compatible & _HEIF_BRANDS:
        return "HEIF"
    return None
