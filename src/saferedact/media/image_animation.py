"""Animations, written frame by frame: GIF, animated PNG and animated WebP.

Each frame is encoded alone and put into the container here, with the few fields that an animation
needs and no others. Pillow's own writers hold all frames in memory and merge equal neighbors,
which redaction makes out of unequal ones, so that frames would go missing. A frame holds only the
rectangle that differs from the frame before, which is held until then.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import RedactionError
from saferedact.media.base import ImageFrame
from saferedact.media.image_encode import (
    PNG_SIGNATURE,
    EncodeSettings,
    encode_still,
    encoding,
    indexed_image,
    png_chunks,
)
from saferedact.media.image_palette import PALETTE_ENTRIES, fitted_palette

__all__ = ["apng_parts", "gif_parts", "webp_parts"]

_PLAY_ONCE = 1  # what an animation without a loop count does
_DO_NOT_DISPOSE, _RESTORE_TO_BACKGROUND = 1, 2  # GIF89a section 23, disposal method
_UINT16_MAX = 65535
_UINT24_MAX = (1 << 24) - 1


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """A frame, and the part of it that differs from the one before: x1, y1, x2, y2, half-open."""

    frame: ImageFrame
    box: tuple[int, int, int, int]

    @property
    def pixels(self) -> npt.NDArray[Any]:
        """The part's samples, a view."""
        x1, y1, x2, y2 = self.box
        return self.frame.pixels[y1:y2, x1:x2]

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height of the part, in pixels."""
        x1, y1, x2, y2 = self.box
        return x2 - x1, y2 - y1


def _whole(frame: ImageFrame) -> tuple[int, int, int, int]:
    return (0, 0, *frame.size_wh)


def _changed_box(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> tuple[int, int, int, int]:
    """Bound the pixels that differ: one pixel if none does, everything if the kinds differ.

    Begins at even coordinates, since WebP cannot store others.
    """
    height, width = after.shape[:2]
    if before.shape != after.shape or before.dtype != after.dtype:
        return 0, 0, width, height
    differs = before != after
    if differs.ndim == 3:
        differs = differs.any(axis=2)
    columns, rows = np.flatnonzero(differs.any(axis=0)), np.flatnonzero(differs.any(axis=1))
    if not len(rows):
        return 0, 0, 1, 1
    x1, y1 = int(columns[0]) // 2 * 2, int(rows[0]) // 2 * 2
    return x1, y1, int(columns[-1]) + 1, int(rows[-1]) + 1


def _changes(frames: Iterable[ImageFrame]) -> Iterator[_Change]:
    """Find what each frame changes; the first is whole."""
    before: npt.NDArray[Any] | None = None
    for frame in frames:
        box = _whole(frame) if before is None else _changed_box(before, frame.pixels)
        yield _Change(frame, box)
        before = frame.pixels


def gif_parts(frames: Iterable[ImageFrame], *, count: int, loop: int | None) -> Iterator[bytes]:
    """Encode a GIF, still or animated.

    Parameters
    ----------
    frames : iterable of ImageFrame
        uint8, all of one size. Each gets a palette of its own.
    count : int
        How many frames will come.
    loop : int or None
        Times to repeat, 0 for ever; None plays it once.

    Yields
    ------
    bytes
        The file, in order. Each frame is held back until the next is seen.

    References
    ----------
    .. [1] CompuServe, Graphics Interchange Format, version 89a, 1990, sections 18 to 23.
    """
    waiting: _Change | None = None
    for frame in frames:
        if waiting is None:
            yield _gif_header(frame.size_wh, loop)
            waiting = _Change(frame, _whole(frame))
            continue
        holes = _has_holes(frame)
        yield _gif_frame(waiting, cleared=holes, animated=True)
        # Holes show what is cleared around the box, too, so everything is drawn anew.
        box = _whole(frame) if holes else _changed_box(waiting.frame.pixels, frame.pixels)
        waiting = _Change(frame, box)
    if waiting is not None:
        yield _gif_frame(waiting, cleared=False, animated=count > 1)
    yield b";"


def _has_holes(frame: ImageFrame) -> bool:
    """Whether the frame before would show through this one."""
    pixels = frame.pixels
    return pixels.ndim == 3 and pixels.shape[2] == 4 and bool((pixels[:, :, 3] < 255).any())


def _gif_header(size_wh: tuple[int, int], loop: int | None) -> bytes:
    if max(size_wh) > _UINT16_MAX:
        msg = "the image is too large for a GIF"
        raise RedactionError(msg)
    eight_bits, no_global_palette = 7 << 4, 0
    header = b"GIF89a" + struct.pack("<HHBBB", *size_wh, eight_bits | no_global_palette, 0, 0)
    if loop is None:
        return header
    return header + b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<HB", min(loop, _UINT16_MAX), 0)


def _opens_with_alpha(frame: ImageFrame) -> bool:
    """Whether this is the first frame and later ones may have holes.

    Pillow takes an animation that opens without a transparent entry for opaque throughout.
    """
    return frame.index == 0 and frame.pixels.ndim == 3 and frame.pixels.shape[2] == 4


def _gif_frame(change: _Change, *, cleared: bool, animated: bool) -> bytes:
    """Encode a frame; `cleared` says that it must be gone before the next one is drawn.

    Some programs clear to a palette color unless the cleared frame has a transparent one.
    """
    from PIL import GifImagePlugin

    with encoding("GIF"):
        frame = change.frame
        if cleared:
            change = _Change(frame, _whole(frame))  # a part would clear no more than itself
        indexed = fitted_palette(change.pixels, entries=PALETTE_ENTRIES - cleared)
        if cleared or (animated and _opens_with_alpha(frame) and indexed.has_room):
            indexed = indexed.with_transparent()
        hundredths = min(round(frame.duration_ms / 10), _UINT16_MAX)
        options: dict[str, Any] = {"include_color_table": True, "duration": hundredths * 10}
        options["disposal"] = _RESTORE_TO_BACKGROUND if cleared else _DO_NOT_DISPOSE
        if indexed.transparent is not None:
            options["transparency"] = indexed.transparent
        return b"".join(GifImagePlugin.getdata(indexed_image(indexed), change.box[:2], **options))


def _png_chunk(kind: bytes, payload: bytes) -> bytes:
    checksum = zlib.crc32(kind + payload)
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", checksum)


def apng_parts(
    frames: Iterable[ImageFrame], *, count: int, loop: int | None, settings: EncodeSettings
) -> Iterator[bytes]:
    """Encode an animated PNG.

    Parameters
    ----------
    frames : iterable of ImageFrame
        uint8 or uint16, all of one size, data type and number of channels.
    count : int
        How many frames will come.
    loop : int or None
        Times to play, 0 for ever; None plays it once.
    settings : EncodeSettings
        Passed on; a palette is not used, since all frames would have to share it.

    Yields
    ------
    bytes
        The file, in order.

    References
    ----------
    .. [1] W3C, Portable Network Graphics (third edition), sections 11.3.6.1 to 11.3.6.3.
    """
    header, sequence = b"", 0
    for change in _changes(frames):
        chunks = list(png_chunks(encode_still(change.pixels, "PNG", settings)))
        size_bytes = 8  # at the start of the header; the rest is the kind of samples
        if not header:
            header = chunks[0][1]
            yield PNG_SIGNATURE + _png_chunk(b"IHDR", header)
            plays = _PLAY_ONCE if loop is None else loop
            yield _png_chunk(b"acTL", struct.pack(">II", count, plays))
        elif chunks[0][1][size_bytes:] != header[size_bytes:]:
            msg = "the frames of an animation must have one kind of samples"
            raise RedactionError(msg)
        yield _png_chunk(b"fcTL", struct.pack(">I", sequence) + _frame_control(change))
        sequence += 1
        for payload in (payload for kind, payload in chunks if kind == b"IDAT"):
            if change.frame.index == 0:
                yield _png_chunk(b"IDAT", payload)
            else:
                yield _png_chunk(b"fdAT", struct.pack(">I", sequence) + payload)
                sequence += 1
    yield _png_chunk(b"IEND", b"")


def _frame_control(change: _Change) -> bytes:
    """Build the fields of ``fcTL`` after the number: place, duration, replace and not blend."""
    delay = Fraction(change.frame.duration_ms / 1000).limit_denominator(_UINT16_MAX)
    seconds, parts = min(delay.numerator, _UINT16_MAX), delay.denominator
    return struct.pack(">4I2H2B", *change.size_wh, *change.box[:2], seconds, parts, 0, 0)


def webp_parts(
    frames: Iterable[ImageFrame], *, loop: int | None, settings: EncodeSettings
) -> Iterator[bytes]:
    """Encode an animated WebP.

    Parameters
    ----------
    frames : iterable of ImageFrame
        uint8, all of one size.
    loop : int or None
        Times to play, 0 for ever; None plays it once.
    settings : EncodeSettings
        How to encode each frame.

    Yields
    ------
    bytes
        The file, as one part: its header holds its length. Coded frames are in memory together,
        decoded ones are not.

    References
    ----------
    .. [1] RFC 9649, WebP Image Format, sections 2.6 and 2.7.
    """
    coded = b""
    parts: list[bytes] = []
    size_wh, alpha = (0, 0), False
    for change in _changes(frames):
        size_wh = change.frame.size_wh
        alpha = alpha or (change.pixels.ndim == 3 and change.pixels.shape[2] == 4)
        coded = encode_still(change.pixels, "WEBP", settings)
        parts.append(_riff_chunk(b"ANMF", _frame_header(change) + _coded_image(coded)))
    plays = _PLAY_ONCE if loop is None else min(loop, _UINT16_MAX)
    has_alpha, is_animation = 0x10, 0x02
    flags = is_animation | (has_alpha if alpha else 0)
    extended = struct.pack("<I", flags) + _size_minus_one(size_wh)
    background = bytes(4)
    animation = background + struct.pack("<H", plays)
    body = b"WEBP" + _riff_chunk(b"VP8X", extended) + _riff_chunk(b"ANIM", animation)
    body += b"".join(parts)
    yield b"RIFF" + struct.pack("<I", len(body)) + body


def _riff_chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def _uint24(value: int) -> bytes:
    return value.to_bytes(3, "little")


def _size_minus_one(size_wh: tuple[int, int]) -> bytes:
    width, height = size_wh
    return _uint24(width - 1) + _uint24(height - 1)


def _frame_header(change: _Change) -> bytes:
    """Build the header of ``ANMF``: place in units of 2, duration, replace and not blend."""
    do_not_blend = 0x02
    x, y = change.box[:2]
    duration = min(round(change.frame.duration_ms), _UINT24_MAX)
    corner = _uint24(x // 2) + _uint24(y // 2)
    return corner + _size_minus_one(change.size_wh) + _uint24(duration) + bytes([do_not_blend])


def _coded_image(webp: bytes) -> bytes:
    """Take the chunks of the picture itself out of a still WebP."""
    file, kept = io.BytesIO(webp), b""
    file.seek(12)
    while head := file.read(8):
        kind, length = struct.unpack("<4sI", head)
        payload = file.read(length + length % 2)
        if kind in (b"VP8 ", b"VP8L", b"ALPH"):
            kept += head + payload
    return kept
