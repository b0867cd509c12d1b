"""GIF (GIF89a specification): blocks and extensions."""

import re

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["BLOCK", "IMAGE", "TRAILER", "after_sub_blocks", "table_bytes", "walk_gif"]

IMAGE, TRAILER = 0x2C, 0x3B
BLOCK = re.compile(rb"[\x21\x2c\x3b]")
"""What begins a part: an extension, a picture, the end. Decoders skip other bytes."""

_GRAPHIC_CONTROL, _COMMENT, _PLAIN_TEXT, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
_GRAPHIC_CONTROL_BYTES = 4
# The two names of the extension that says how often an animation repeats, and its only form.
_LOOP = re.compile(rb"\x0b(?:NETSCAPE2\.0|ANIMEXTS1\.0)\x03\x01[\x00-\xff]{2}\x00")
_LOOP_BYTES = 17
_APPLICATION_CHANNELS: dict[bytes, Channel] = {
    b"\x0bXMP DataXMP": "xmp",
    b"\x0bICCRGBG1012": "icc",
    b"\x0bC2PA_GIF": "jumbf",
}
_EXTENSION_CHANNELS: dict[int, Channel] = {_COMMENT: "comment", _PLAIN_TEXT: "text"}


def walk_gif(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a GIF carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        Begins with the header; may go on after the trailer.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size and the number of frames.

    Returns
    -------
    int
        Offset after the trailer.

    Raises
    ------
    DamagedInputError
        If the file breaks off or holds no picture.
    LimitExceededError
        If the picture is too large, or the file has too many parts.
    """
    return _Walker(view, items, limits).walk()


class _Walker:
    def __init__(self, view: ByteView, items: ItemList, limits: Limits) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._width, self._height, self._flags = view.unpack("<HHB", view.start + 6)
        limits.check_size_wh(self._width, self._height)
        self._frames = 0
        self._uses_global_table = False
        self._has_control = False  # of the picture that comes next
        self._has_loop = False

    def walk(self) -> int:
        table_at = self._view.start + 13
        at = blocks_at = table_at + table_bytes(self._flags)
        while True:
            self._items.count_parts()
            block_at = self._view.search(BLOCK, at, longest=1)
            if block_at is None:
                msg = "the GIF breaks off"
                raise DamagedInputError(msg)
            self._items.add("trailing-data", at, block_at)  # decoders skip stray bytes
            introducer = self._view.read(block_at, 1)[0]
            if introducer == TRAILER:
                break
            at = self._image(block_at) if introducer == IMAGE else self._extension(block_at)
        if not self._frames:
            msg = "the GIF holds no picture"
            raise DamagedInputError(msg)
        if not self._uses_global_table:
            self._items.add("unused-table", table_at, blocks_at)
        return block_at + 1

    def _image(self, at: int) -> int:
        x, y, width, height, flags = self._view.unpack("<4HB", at + 1)
        self._limits.check_size_wh(width, height)
        self._frames += 1
        self._limits.check_frames(self._frames, self._width, self._height)
        self._uses_global_table |= not table_bytes(flags)
        self._has_control = False
        # One byte, the width of the first codes, precedes the data.
        stop = after_sub_blocks(self._view, self._items, at + 10 + table_bytes(flags) + 1)
        if x + width > self._width or y + height > self._height:
            self._items.add("cropped-pixels", at, stop)
        return stop

    def _extension(self, at: int) -> int:
        (label,) = self._view.unpack("B", at + 1)
        stop = after_sub_blocks(self._view, self._items, at + 2)
        if label == _GRAPHIC_CONTROL:
            # Size, values, end: anything longer, or a second one for the same picture, is more
            # than decoders read.
            if self._has_control or stop != at + 2 + 1 + _GRAPHIC_CONTROL_BYTES + 1:
                self._items.add("unknown-segment", at, stop)
            self._has_control = True
        elif label == _APPLICATION:
            self._application(at, stop)
        else:
            self._items.add(_EXTENSION_CHANNELS.get(label, "unknown-segment"), at, stop)
        return stop

    def _application(self, at: int, stop: int) -> None:
        head = self._view.read(at + 2, min(_LOOP_BYTES, stop - at - 2))
        if not self._has_loop and stop == at + 2 + _LOOP_BYTES and _LOOP.fullmatch(head):
            self._has_loop = True
            return
        channel: Channel = "application-data"
        for name, named_channel in _APPLICATION_CHANNELS.items():
            if head.startswith(name):
                channel = named_channel
        self._items.add(channel, at, stop)


def after_sub_blocks(view: ByteView, items: ItemList, at: int) -> int:
    """Return the offset after a run of sub-blocks and the empty one that ends it; `items` counts them."""
    while size := view.unpack("B", at)[0]:
        items.count_parts()
        at += 1 + size
    return at + 1


def table_bytes(flags: int) -> int:
    """Bytes of the color table that the flags of a screen or of an image announce."""
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0
