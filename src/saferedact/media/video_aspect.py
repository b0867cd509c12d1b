"""The shape of pixels in Matroska and WebM: PyAV has no way to hand it to their muxer.

H.264 and HEVC carry it themselves, VP9 and AV1 do not. So the track gets a name of the right length, and when the file
is complete that name makes room for the two elements that say how large the picture is shown.

References
----------
.. [1] RFC 9559, 5.1.4.1.28.12 and .13 (DisplayWidth, DisplayHeight); RFC 8794, 4 (sizes of elements).
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

from saferedact.errors import RedactionError

__all__ = ["reserve_aspect", "write_aspect"]

_NAME = b"aspect01"
_NAMED = b"\x53\x6e" + bytes([0x80 | len(_NAME)]) + _NAME
"""The element Name: as long as both new ones, and one byte more, for the size around them may need it."""

_VIDEO = 0xE0
_WIDTH, _HEIGHT = b"\x54\xb0\x82", b"\x54\xba"
_UNIT_UNKNOWN, _UNIT_PIXELS = b"\x54\xb2\x81\x04", b"\x54\xb2\x81\x00"
_MOST_SIDE = 65_535
_HEAD_BYTES = 65_536  # tracks come before pictures; the setup of a coding has a few kilobytes


def reserve_aspect(stream: Any) -> None:
    """Make room in a track that is to be written, before the header of its container is."""
    stream.metadata["title"] = _NAME.decode()


def write_aspect(path: Path, size_wh: tuple[int, int], aspect: Fraction) -> None:
    """Put the shape of pixels where room was made for it.

    Parameters
    ----------
    path : Path
        The complete file; changed in place, its length stays.
    size_wh : (int, int)
        Size of the pictures.
    aspect : Fraction
        Width over height of a pixel, > 0.

    Raises
    ------
    RedactionError
        If there is no room where it should be.
    OSError
        If the file cannot be changed.
    """
    with path.open("r+b") as file:
        head = file.read(_HEAD_BYTES)
        at = head.find(_NAMED)
        try:
            changed = _with_aspect(head[at:] if at >= 0 else b"", size_wh, aspect)
        except (IndexError, ValueError):
            msg = "the shape of pixels could not be written"
            raise RedactionError(msg) from None
        file.seek(at)
        file.write(changed)


def _with_aspect(track: bytes, size_wh: tuple[int, int], aspect: Fraction) -> bytes:
    """Write what begins with the name without it, up to the end of the element Video."""
    video_at = len(_NAMED)
    while track[video_at] != _VIDEO:
        length = 9 - track[video_at].bit_length()
        size, body_at = _size(track, video_at + length)
        video_at = body_at + size
    size, body_at = _size(track, video_at + 1)
    end = body_at + size
    width, height = _shown(size_wh, aspect)
    video = track[body_at:end].replace(_UNIT_UNKNOWN, _UNIT_PIXELS)
    video += _WIDTH + width.to_bytes(2, "big") + _HEIGHT
    before = track[len(_NAMED) : video_at] + bytes([_VIDEO])
    for height_bytes in (3, 2):  # one of them leaves a length that the size can have
        content = video + bytes([0x80 | height_bytes]) + height.to_bytes(height_bytes, "big")
        length = end - len(before) - len(content)
        if length == body_at - video_at - 1 + (3 - height_bytes) and len(content) < 1 << 7 * length:
            return before + (len(content) | 1 << 7 * length).to_bytes(length, "big") + content
    msg = "the element has another length"
    raise ValueError(msg)


def _size(data: bytes, at: int) -> tuple[int, int]:
    """Read the size of an element; return it and where the element's content begins."""
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1)
    return value, at + length


def _shown(size_wh: tuple[int, int], aspect: Fraction) -> tuple[int, int]:
    """Size in square pixels: exact in its ratio if it can be, and about as high as the picture."""
    width, height = size_wh
    ratio = width * aspect / height
    times = round(height / ratio.denominator)
    if times and ratio.numerator * times <= _MOST_SIDE:
        return ratio.numerator * times, ratio.denominator * times
    scale = min(Fraction(1), _MOST_SIDE / max(width * aspect, Fraction(height)))
    return max(1, round(width * aspect * scale)), max(1, round(height * scale))
