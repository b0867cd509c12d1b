"""What a scan reports: the channels, one item, and the list that a walker fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from saferedact.errors import LimitExceededError

__all__ = ["CHANNELS", "MAX_FILM_PARTS", "Channel", "HiddenItem", "ItemList"]

Channel = Literal[
    "application-data",
    "attachment",
    "chapter",
    "codec-message",
    "comment",
    "cropped-pixels",
    "depth-map",
    "display-hint",
    "exif",
    "extra-item",
    "extra-track",
    "gain-map",
    "gps",
    "icc",
    "iptc",
    "jumbf",
    "maker-data",
    "mpf",
    "padding",
    "repeated-scan",
    "second-image",
    "text",
    "thumbnail",
    "tiff-tag",
    "time",
    "trailing-data",
    "unknown-segment",
    "unused-table",
    "xmp",
]
"""Stable name of a kind of hidden data; `CHANNELS` says what each means."""

CHANNELS: Final[Mapping[Channel, str]] = MappingProxyType(
    {
        "application-data": "a block that belongs to one program (Photoshop, a GIF application)",
        "attachment": "a file inside a film",
        "chapter": "names and times of chapters",
        "codec-message": "a message or filler inside the coded picture (SEI, AV1 metadata)",
        "comment": "a comment segment",
        "cropped-pixels": "pixels or frames that are coded but lie outside the part that is shown",
        "depth-map": "a depth or disparity picture beside the one that is shown",
        "display-hint": "a number for viewers that the pixels do not need (density, background)",
        "exif": "an Exif block",
        "extra-item": "a HEIF item that is no picture and of no known kind",
        "extra-track": "a track that is neither the pictures shown nor their sound",
        "gain-map": "a gain map (HDR), or the description of one",
        "gps": "a GPS directory of an Exif block",
        "icc": "a color profile, which can name a device or its owner",
        "iptc": "IPTC fields",
        "jumbf": "a JUMBF box (C2PA provenance)",
        "maker-data": "the camera maker's private part of an Exif block",
        "mpf": "an index of several pictures in one file (CIPA Multi-Picture Format)",
        "padding": "padding bytes that are not zero",
        "repeated-scan": "a JPEG scan that codes samples which another scan codes as well",
        "second-image": "a picture or film beside the one that is shown",
        "text": "a text field",
        "thumbnail": "a small copy of the picture",
        "tiff-tag": "a TIFF tag, or values of one, that the pixels do not need",
        "time": "a date and time",
        "trailing-data": "bytes of no part of the image: after its end, or in a gap inside",
        "unknown-segment": "a segment, chunk, block or box that the pixels do not need",
        "unused-table": "a quantization table, Huffman table or palette that nothing uses",
        "xmp": "an XMP packet",
    }
)
"""Meaning of each channel, in one line."""

_MAX_ITEMS = 10_000  # a plan must stay readable; real files hold fewer than 100
# Bounds time and memory. The most that real files need: 780,000 tiles of 16 x 16 in a TIFF of
# 200 megapixels, 1,000,000 sub-blocks in a GIF of 255 MB, 262,144 chunks in a PNG of 2 GiB.
_MAX_PARTS = 1_000_000
MAX_FILM_PARTS = 100_000_000
"""Parts of a film: ten million frames of up to ten units each."""


@dataclass(frozen=True, slots=True)
class HiddenItem:
    """A range of bytes that is not needed to show the pixels. Holds none of its content.

    Items may lie inside one another: an Exif block is one, the thumbnail in it another.

    Parameters
    ----------
    channel : str
        Kind of data, one of `CHANNELS`.
    offset : int
        Offset of its first byte in the file.
    length : int
        Number of bytes, >= 1.
    """

    channel: Channel
    offset: int
    length: int


class ItemList:
    """The items found so far, and a count of parts looked at; both are bounded."""

    def __init__(self, max_parts: int = _MAX_PARTS) -> None:
        self._items: list[HiddenItem] = []
        self._parts = 0
        self._max_parts = max_parts

    def __len__(self) -> int:
        """Number of items found so far; a mark for `channels_since`."""
        return len(self._items)

    def add(self, channel: Channel, start: int, stop: int) -> None:
        """Report the bytes from `start` to before `stop`; an empty range is nothing.

        Raises
        ------
        LimitExceededError
            If the file holds more items than a plan can list.
        """
        if stop <= start:
            return
        if len(self._items) >= _MAX_ITEMS:
            msg = f"the file holds more than {_MAX_ITEMS} pieces of hidden data"
            raise LimitExceededError(msg)
        self._items.append(HiddenItem(channel, start, stop - start))

    def add_run(self, channel: Channel, start: int, stop: int) -> None:
        """Report bytes that may go on from the item before: the two then become one.

        Raises
        ------
        LimitExceededError
            If the file holds more items than a plan can list.
        """
        if self._items:
            last = self._items[-1]
            if last.channel == channel and last.offset + last.length == start:
                self._items[-1] = HiddenItem(channel, last.offset, stop - last.offset)
                return
        self.add(channel, start, stop)

    def count_parts(self, number: int = 1) -> None:
        """Count segments, chunks, boxes, blocks or fields that are about to be looked at.

        Raises
        ------
        LimitExceededError
            If the file has more parts than any real one.
        """
        self._parts += number
        if self._parts > self._max_parts:
            msg = f"the file has more than {self._max_parts} parts"
            raise LimitExceededError(msg)

    def channels_since(self, mark: int) -> set[Channel]:
        """Channels of the items that were added after the list had `mark` of them."""
        return {item.channel for item in self._items[mark:]}

    def result(self) -> tuple[HiddenItem, ...]:
        """All items without repetition, by offset, the outer before the inner."""
        return tuple(
            sorted(set(self._items), key=lambda item: (item.offset, -item.length, item.channel))
        )
