"""Look into a picture: its container, what its previews show, what its pixels give away."""

import zlib
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction import weak_marks
from saferedact.checks.weak_redaction.find import under_alpha
from saferedact.errors import SaferedactError
from saferedact.limits import Limits
from saferedact.media.hidden_data import HiddenItem
from saferedact.media.hidden_data.jumbf import manifest_contents
from saferedact.media.hidden_data.scan import scan_open_file
from saferedact.media.image_read import ImageSource
from saferedact.pipeline.inspection.fields import item_traces
from saferedact.pipeline.inspection.previews import differs
from saferedact.traces import Trace

__all__ = ["picture_traces"]

_MOST_FRAMES = 60
"""Frames or pages whose pixels are looked at; of more, every n-th."""

_MOST_PREVIEW_BYTES = 64 * 1024**2
_PREVIEWS = frozenset({"thumbnail", "second-image"})
_PNG_END = b"IEND\xaeB`\x82"
_JPEG_START, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_LEAST_REST = 64
"""Bytes behind the end of a picture from which they can hold a part of another."""


def picture_traces(file: BinaryIO, limits: Limits) -> tuple[tuple[Trace, ...], tuple[str, ...]]:
    """Look into a picture.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable; the caller closes it.
    limits : Limits
        Bounds of the file and its pixels.

    Returns
    -------
    tuple of Trace
        What it hides.
    tuple of str
        What could not be looked at.

    Raises
    ------
    InputError
        If it is damaged.
    LimitExceededError
        If it is over the limits.
    """
    traces: list[Trace] = []
    unread: list[str] = []
    items = scan_open_file(file, limits=limits)
    first: npt.NDArray[np.uint8] | None = None
    try:
        file.seek(0)
        # Not closed: that would close the file, which is the caller's.
        source = ImageSource(file, limits, keep_hidden_color=True)
        step = -(-max(source.info.frames, 1) // _MOST_FRAMES)
        for frame in source.frames():
            pixels = _as_bytes(frame.pixels)
            first = pixels if first is None else first
            if frame.index % step:
                continue
            if pixels.ndim == 3 and pixels.shape[2] == 4:
                traces += under_alpha(pixels, frame=frame.index)
                pixels = np.ascontiguousarray(pixels[..., :3])
            traces += weak_marks(pixels, frame=frame.index)
        if step > 1:
            unread.append(f"pixels of one frame in {step} were looked at")
    except SaferedactError as error:
        unread.append(f"its pixels: {error.message}")
    traces += item_traces(file, items)
    traces += _previews(file, items, first)
    traces += _provenance(file, items, first)
    traces += _rests(file, items)
    return tuple(traces), tuple(unread)


def _as_bytes(pixels: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels


def _previews(
    file: BinaryIO, items: tuple[HiddenItem, ...], shown: npt.NDArray[np.uint8] | None
) -> list[Trace]:
    """Compare smaller and second pictures in the file with the one that is shown."""
    found = []
    for item in items:
        if item.channel not in _PREVIEWS or item.length > _MOST_PREVIEW_BYTES or shown is None:
            continue
        data = _read(file, item)
        if differs(data, shown):
            found.append(Trace("preview-differs", item.channel.replace("-", " ")))
    return found


def _provenance(
    file: BinaryIO, items: tuple[HiddenItem, ...], shown: npt.NDArray[np.uint8] | None
) -> list[Trace]:
    """Compare the pictures in provenance manifests with the one that is shown; find positions."""
    pieces: list[bytes] = []
    left = _MOST_PREVIEW_BYTES
    for item in items:
        if item.channel == "jumbf" and item.length <= left:
            pieces.append(_read(file, item))
            left -= item.length
    found = []
    for number, content in enumerate(manifest_contents(pieces), 1):
        place = f"provenance manifest, content {number}"
        if content.kind in _ASSERTIONS:
            if any(mark in content.data for mark in _POSITION_MARKS):
                found.append(Trace("gps", place))
        elif shown is not None and content.data and differs(content.data, shown):
            found.append(Trace("provenance-original", place))
    return found


_ASSERTIONS = frozenset({b"json", b"cbor"})
_POSITION_MARKS = (b"GPSLatitude", b"GPSLongitude")
"""Keys of a position in an Exif assertion (C2PA 2.1, section 18.15); CBOR holds keys as they are."""


def _rests(file: BinaryIO, items: tuple[HiddenItem, ...]) -> list[Trace]:
    """Find the end of another picture behind this one: what a cropper left that wrote over a file."""
    for item in items:
        if item.channel != "trailing-data" or item.length < _LEAST_REST:
            continue
        if item.length > _MOST_PREVIEW_BYTES:
            continue
        data = _read(file, item)
        if data.rstrip(b"\0").endswith(_PNG_END) or (
            data.rstrip(b"\0").endswith(_JPEG_END) and _JPEG_START not in data[:3]
        ):
            return [Trace("cropped-kept", "")]
        if _has_png_rows(data):
            return [Trace("cropped-kept", "")]
    return []


def _has_png_rows(data: bytes) -> bool:
    """Tell whether bytes hold a whole chunk of compressed rows."""
    at = data.find(b"IDAT")
    if at < 4:
        return False
    length = int.from_bytes(data[at - 4 : at], "big")
    body = data[at : at + 4 + length]
    check = data[at + 4 + length : at + 8 + length]
    return len(check) == 4 and zlib.crc32(body) == int.from_bytes(check, "big")


def _read(file: BinaryIO, item: HiddenItem) -> bytes:
    file.seek(item.offset)
    return file.read(item.length)
