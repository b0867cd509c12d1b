"""How many pictures a GIF or TIFF holds, counted no further than the limit.

These two do not say it: their decoder goes from picture to picture to the end, however far that is. A
TIFF of 66 MB can hold a million pages, for which it would take hours.
"""

from typing import IO

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.gif import BLOCK, IMAGE, TRAILER, after_sub_blocks, table_bytes
from saferedact.media.hidden_data.items import ItemList

__all__ = ["check_count"]

_MOST_FIELDS = 65_535
"""Fields of one page: what the 16-bit count of a classic TIFF can say."""


def check_count(image_format: str, file: IO[bytes], limits: Limits) -> None:
    """Refuse a GIF or TIFF with too many pictures, or with too many parts to go through.

    Parameters
    ----------
    image_format : str
        Format by content; others are not looked at.
    file : binary file
        Seekable, buffered.
    limits : Limits
        `max_frames` counts.

    Raises
    ------
    LimitExceededError
        If there are more.
    DamagedInputError
        If a page of a TIFF has more fields than can be.
    """
    count = {"GIF": _gif_frames, "TIFF": _tiff_pages}.get(image_format)
    if count is not None:
        view = ByteView(file, 0, file.seek(0, 2))  # type: ignore[arg-type]
        if count(view, limits.max_frames) > limits.max_frames:
            msg = f"more than {limits.max_frames} frames are over the limit"
            raise LimitExceededError(msg)


def _gif_frames(view: ByteView, most: int) -> int:
    """Count up to one more than `most`; of a file that breaks off, what is whole."""
    parts = ItemList()
    frames = 0
    try:
        (flags,) = view.unpack("B", 10)
        at = 13 + table_bytes(flags)
        while frames <= most:
            parts.count_parts()
            block_at = view.search(BLOCK, at, longest=1)
            if block_at is None:
                break
            parts.count_parts(block_at - at)  # the decoder skips stray bytes one by one
            introducer = view.read(block_at, 1)[0]
            if introducer == TRAILER:
                break
            if introducer == IMAGE:
                frames += 1
                (flags,) = view.unpack("B", block_at + 9)
                # One byte, the width of the first codes, precedes the data.
                at = after_sub_blocks(view, parts, block_at + 10 + table_bytes(flags) + 1)
            else:
                at = after_sub_blocks(view, parts, block_at + 2)
    except DamagedInputError:  # the decoder says so, or shows what there is
        return frames
    return frames


def _tiff_pages(view: ByteView, most: int) -> int:
    """Count up to one more than `most`; a chain that leads back, or nowhere, ends there."""
    parts = ItemList()
    seen: set[int] = set()
    order = "<" if view.read(0, 2) == b"II" else ">"
    try:
        # As the decoder does: it takes a BigTIFF in big-endian order for a classic one.
        is_big = view.read(2, 1) == b"\x2b"
        count_layout, offset_layout = ("Q", "Q") if is_big else ("H", "I")
        count_bytes, entry_bytes = (8, 20) if is_big else (2, 12)
        (at,) = view.unpack(order + offset_layout, 8 if is_big else 4)
        while at and at not in seen and len(seen) <= most:
            seen.add(at)
            (fields,) = view.unpack(order + count_layout, at)
            if fields > _MOST_FIELDS:
                break
            parts.count_parts(1 + fields)
            (at,) = view.unpack(order + offset_layout, at + count_bytes + fields * entry_bytes)
        else:
            return len(seen)
    except DamagedInputError:
        return len(seen)
    msg = "a page has more fields than can be"
    raise DamagedInputError(msg)
