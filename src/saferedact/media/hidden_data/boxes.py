"""Boxes of the ISO base media file format (ISO/IEC 14496-12), the frame of HEIF and AVIF."""

from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["Box", "boxes", "next_box", "report_box", "report_excess", "text_stop"]

_FULL_BOX_BYTES = 4  # version and flags
# User types of 'uuid' boxes: C2PA 2.1 section A.3, and XMP specification part 3.
_UUID_CHANNELS: dict[bytes, Channel] = {
    bytes.fromhex("d8fec3d61b0e483c92975828877ec481"): "jumbf",
    bytes.fromhex("be7acfcb97a942e89c71999491e3afac"): "xmp",
}
_BOX_CHANNELS: dict[bytes, Channel] = {
    b"jumb": "jumbf",
    b"mpvd": "second-image",  # "motion photo" film of Android
    b"udes": "text",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its type, all of its bytes, and where its payload begins."""

    kind: bytes
    view: ByteView
    payload_at: int

    @property
    def payload(self) -> ByteView:
        """What follows the header."""
        return self.view.part(self.payload_at, self.view.stop)

    @property
    def version(self) -> int:
        """Version of a full box."""
        (version,) = self.view.unpack("B", self.payload_at)
        return int(version)

    @property
    def body(self) -> ByteView:
        """What follows header, version and flags of a full box."""
        start = min(self.payload_at + _FULL_BOX_BYTES, self.view.stop)
        return self.view.part(start, self.view.stop)


def next_box(view: ByteView, at: int, items: ItemList) -> Box:
    """Read the header of the box at offset `at`.

    Raises
    ------
    DamagedInputError
        If the box does not fit into `view`.
    LimitExceededError
        If the file has too many parts.
    """
    items.count_parts()
    size, kind = view.unpack(">I4s", at)
    payload_at = at + 8
    if size == 1:
        (size,) = view.unpack(">Q", payload_at)
        payload_at += 8
    elif size == 0:  # to the end of what holds it
        size = view.stop - at
    if at + size < payload_at:
        msg = "a box is shorter than its own header"
        raise DamagedInputError(msg)
    return Box(kind, view.part(at, at + size), payload_at)


def boxes(view: ByteView, items: ItemList) -> Iterator[Box]:
    """Yield the boxes that fill `view`.

    Raises
    ------
    DamagedInputError
        If they do not fill it exactly.
    LimitExceededError
        If the file has too many parts.
    """
    at = view.start
    while at < view.stop:
        box = next_box(view, at, items)
        yield box
        at = box.view.stop


def report_box(box: Box, items: ItemList) -> None:
    """Report a box that the pixels do not need."""
    channel = _BOX_CHANNELS.get(box.kind, "unknown-segment")
    if box.kind == b"uuid" and box.view.stop - box.payload_at >= 16:
        channel = _UUID_CHANNELS.get(box.view.read(box.payload_at, 16), channel)
    items.add(channel, box.view.start, box.view.stop)


def report_excess(view: ByteView, needed_bytes: int, items: ItemList) -> None:
    """Report bytes of a box behind those that readers use.

    Raises
    ------
    DamagedInputError
        If the box is shorter than what is needed.
    """
    end = view.part(view.start, view.start + needed_bytes).stop
    items.add("unknown-segment", end, view.stop)


def text_stop(view: ByteView, at: int) -> int:
    """Offset of the zero that ends a text, or the end of `view`."""
    for piece_at, piece in view.pieces(at):
        end = piece.find(b"\0")
        if end >= 0:
            return piece_at + end
    return view.stop
