"""TIFF, written page by page with the tags that a picture needs and no others.

Pillow's writer needs all pages in memory and reduces 16-bit color to 8 bits.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import RedactionError
from saferedact.media.base import ImageFrame
from saferedact.media.image_encode import DEFLATE_LEVEL

__all__ = ["tiff_parts"]

# TIFF 6.0: types (section 2), tags (sections 3 to 8, 14, 18); Adobe's deflate is 8 (supplement 2).
_SHORT, _LONG = 3, 4
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIP_OFFSETS, _SAMPLES, _STRIP_ROWS, _STRIP_LENGTHS, _PREDICTOR, _EXTRA = (
    273,
    277,
    278,
    279,
    317,
    338,
)
_ADOBE_DEFLATE, _DIFFERENCES, _STRAIGHT_ALPHA = 8, 2, 2
_BLACK_IS_ZERO, _RGB = 1, 2

_STRIP_BYTES = 1 << 20  # uncompressed; large enough to compress well, small enough to stream
_OFFSET_LIMIT = 1 << 32  # offsets are 32 bits
_HEADER = b"II*\0" + struct.pack("<I", 8)


def tiff_parts(frames: Iterable[ImageFrame]) -> Iterator[bytes]:
    """Encode a TIFF, losslessly compressed.

    Parameters
    ----------
    frames : iterable of ImageFrame
        One page each, uint8 or uint16, of any sizes.

    Yields
    ------
    bytes
        The file, in order. One compressed page is held back, since each names where the next is.

    Raises
    ------
    RedactionError
        If the file would be larger than the 4 GiB that TIFF can address.
    """
    yield _HEADER
    offset = len(_HEADER)
    waiting: _Page | None = None
    for frame in frames:
        page = _Page(frame.pixels)
        if waiting is not None:
            data = waiting.at(offset, last=False)
            offset += len(data)
            yield data
        waiting = page
    if waiting is not None:
        yield waiting.at(offset, last=True)


class _Page:
    """A compressed page, before it is known where in the file it will be."""

    def __init__(self, pixels: npt.NDArray[Any]) -> None:
        height, width = pixels.shape[:2]
        samples = 1 if pixels.ndim == 2 else pixels.shape[2]
        rows = max(1, _STRIP_BYTES // (width * samples * pixels.itemsize))
        self._strips = [
            zlib.compress(_differences(pixels[top : top + rows]), DEFLATE_LEVEL)
            for top in range(0, height, rows)
        ]
        self._fields: dict[int, tuple[int, list[int]]] = {
            _WIDTH: (_LONG, [width]),
            _HEIGHT: (_LONG, [height]),
            _BITS: (_SHORT, [pixels.itemsize * 8] * samples),
            _COMPRESSION: (_SHORT, [_ADOBE_DEFLATE]),
            _PHOTOMETRIC: (_SHORT, [_BLACK_IS_ZERO if samples == 1 else _RGB]),
            _SAMPLES: (_SHORT, [samples]),
            _STRIP_ROWS: (_LONG, [rows]),
            _STRIP_LENGTHS: (_LONG, [len(strip) for strip in self._strips]),
            _PREDICTOR: (_SHORT, [_DIFFERENCES]),
        }
        if samples == 4:
            self._fields[_EXTRA] = (_SHORT, [_STRAIGHT_ALPHA])

    def at(self, offset: int, *, last: bool) -> bytes:
        """Lay the page out for its place: directory, long values, strips."""
        count = len(self._strips)
        fields = {**self._fields, _STRIP_OFFSETS: (_LONG, [0] * count)}
        values_at = offset + 2 + 12 * len(fields) + 4
        values_size = sum(len(_packed(*field)) for field in fields.values() if _is_long(*field))
        strips_at = values_at + values_size
        ends = np.cumsum([len(strip) for strip in self._strips])
        starts = [strips_at, *(strips_at + int(end) for end in ends[:-1])]
        end = strips_at + int(ends[-1])
        if not last:
            end += end % 2  # directories begin on a word
        if end >= _OFFSET_LIMIT:
            msg = "the file would be larger than the 4 GiB that TIFF can hold"
            raise RedactionError(msg)
        fields[_STRIP_OFFSETS] = (_LONG, starts)
        entries, values = b"", b""
        for tag, (kind, numbers) in sorted(fields.items()):
            packed = _packed(kind, numbers)
            place = packed.ljust(4, b"\0")
            if _is_long(kind, numbers):
                place = struct.pack("<I", values_at + len(values))
                values += packed
            entries += struct.pack("<HHI", tag, kind, len(numbers)) + place
        directory = struct.pack("<H", len(fields)) + entries
        directory += struct.pack("<I", 0 if last else end)
        page = b"".join([directory, values, *self._strips])
        return page.ljust(end - offset, b"\0")


def _packed(kind: int, numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{'H' if kind == _SHORT else 'I'}", *numbers)


def _is_long(kind: int, numbers: list[int]) -> bool:
    """Whether a value is too long to be in the directory itself."""
    return len(_packed(kind, numbers)) > 4


def _differences(rows: npt.NDArray[Any]) -> bytes:
    """Subtract from each sample the one to its left, modulo the sample's range: predictor 2."""
    little = rows.astype(rows.dtype.newbyteorder("<"))
    little[:, 1:] -= rows[:, :-1]
    return little.tobytes()
