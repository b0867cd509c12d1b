"""The scan: tell the container by its first bytes, walk it, report what follows its end."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from saferedact.errors import DamagedInputError, UnsupportedFormatError
from saferedact.files import open_regular
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.hidden_data.bmp import walk_bmp
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.ebml import walk_ebml
from saferedact.media.hidden_data.gif import walk_gif
from saferedact.media.hidden_data.heif import names_pictures, walk_heif
from saferedact.media.hidden_data.items import MAX_FILM_PARTS, HiddenItem, ItemList
from saferedact.media.hidden_data.jpeg import SOI, walk_jpeg
from saferedact.media.hidden_data.mp4 import walk_mp4
from saferedact.media.hidden_data.png import SIGNATURE as PNG_SIGNATURE
from saferedact.media.hidden_data.png import walk_png
from saferedact.media.hidden_data.tiff import walk_tiff
from saferedact.media.hidden_data.webp import walk_webp

__all__ = ["scan_hidden_data", "scan_open_file"]

_Walk = Callable[[ByteView, ItemList, Limits], int]


def _walk_iso(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Walk pictures or a film in the frame that both share."""
    if names_pictures(view):
        limits.check_file_bytes(view.stop)
        return walk_heif(view, items, limits)
    return walk_mp4(view, items, limits)


_WALKS: tuple[tuple[re.Pattern[bytes], _Walk], ...] = (
    (re.compile(re.escape(SOI) + rb"\xff"), walk_jpeg),
    (re.compile(re.escape(PNG_SIGNATURE)), walk_png),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), walk_webp),
    (re.compile(rb"GIF8[79]a"), walk_gif),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), walk_tiff),
    (re.compile(rb"BM"), walk_bmp),
    (re.compile(rb".{4}ftyp", re.DOTALL), _walk_iso),
    (re.compile(rb".{4}(?:moov|mdat|wide|free|skip|pnot)", re.DOTALL), walk_mp4),
    (re.compile(rb"\x1a\x45\xdf\xa3"), walk_ebml),
)
_FILMS = frozenset({_walk_iso, walk_mp4, walk_ebml})
_HEAD_BYTES = 16

# What begins another picture or film behind the end of one: multi-picture files, gain maps and
# "motion photos" are built so.
_APPENDED = re.compile(rb"\xff\xd8\xff|\0\0\0[\x08-\xff]ftyp")
_APPENDED_BYTES = 8


def scan_hidden_data(
    path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS
) -> tuple[HiddenItem, ...]:
    """List everything in an image or film that is not needed to show its pixels.

    Reads JPEG and MPO, PNG and APNG, WebP, GIF, TIFF and BigTIFF, BMP, HEIF and AVIF, and films in
    MP4, QuickTime, Matroska and WebM, told by content. The sound of a film is no hidden data. The file is read in pieces and never as a whole.

    Parameters
    ----------
    path : path-like
        The file. Opened read-only.
    limits : Limits
        Bounds on the file and on the pictures in it.

    Returns
    -------
    tuple of HiddenItem
        By offset, the outer before the inner. Empty means that the container holds nothing but
        pixels and what is needed to show them.

    Raises
    ------
    DamagedInputError
        If the file is empty, breaks off, or is not built as its format demands.
    UnsupportedFormatError
        If the file is of no format that is walked.
    LimitExceededError
        If the file or a picture in it is over the limits.
    InputError
        If the file cannot be read.
    """
    with open_regular(Path(path)) as handle:
        return scan_open_file(handle, limits=limits)


def scan_open_file(handle: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> tuple[HiddenItem, ...]:
    """List everything in an open file that is not needed to show its pixels.

    Parameters
    ----------
    handle : binary file
        Open for reading, seekable; the caller closes it.
    limits : Limits
        As of `scan_hidden_data`, as are the result and the errors.
    """
    size = handle.seek(0, os.SEEK_END)
    return _scan(ByteView(handle, 0, size), limits)


def _scan(view: ByteView, limits: Limits) -> tuple[HiddenItem, ...]:
    if view.stop == 0:
        msg = "the file is empty"
        raise DamagedInputError(msg)
    head = view.read(0, min(_HEAD_BYTES, view.stop))
    for signature, walk in _WALKS:
        if signature.match(head):
            if walk in _FILMS:
                limits.check_video_bytes(view.stop)
                items = ItemList(MAX_FILM_PARTS)
            else:
                limits.check_file_bytes(view.stop)
                items = ItemList()
            end = walk(view, items, limits)
            _report_tail(view, end, items, limits)
            return items.result()
    msg = "the file is of no format that can be checked for hidden data"
    raise UnsupportedFormatError(msg)


def _report_tail(view: ByteView, at: int, items: ItemList, limits: Limits) -> None:
    """Report what follows the end of the image: further pictures, and any other bytes."""
    while at < view.stop:
        items.count_parts()
        appended = view.search(_APPENDED, at, longest=_APPENDED_BYTES)
        if appended is None:
            items.add("trailing-data", at, view.stop)
            return
        items.add("trailing-data", at, appended)
        at = _report_appended(view.part(appended, view.stop), items, limits)


def _report_appended(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report a picture or film that follows the image; return the offset after it."""
    mark = len(items)
    end = view.stop
    if view.starts_with(SOI):
        try:
            end = walk_jpeg(view, items, limits)
        except DamagedInputError:  # it need not be whole to show a face
            end = view.stop
    is_gain_map = "gain-map" in items.channels_since(mark)
    items.add("gain-map" if is_gain_map else "second-image", view.start, end)
    return end
