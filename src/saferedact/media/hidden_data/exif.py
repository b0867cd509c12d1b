"""Exif blocks and Photoshop resource blocks: which telling parts lie inside."""

import contextlib

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.byte_view import ByteView, Spans
from saferedact.media.hidden_data.ifd import Ifd, TiffReader
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["report_exif_parts", "report_ifd_tree", "report_photoshop_parts"]

_EXIF_IFD, _GPS_IFD, _INTEROP_IFD = 34665, 34853, 40965  # Exif 3.0, 4.6.3
_THUMBNAIL_AT, _THUMBNAIL_BYTES = 513, 514  # JPEGInterchangeFormat and its length
_VALUE_CHANNELS: dict[int, Channel] = {
    700: "xmp",
    33723: "iptc",
    34675: "icc",
    37500: "maker-data",  # MakerNote
    50341: "maker-data",  # PrintIM
}
_MAX_POINTERS = 64  # directories one field may point at; real files have one


def report_exif_parts(view: ByteView, items: ItemList) -> None:
    """Report position, thumbnails and maker data inside an Exif block.

    The block as a whole is reported by the caller. Cameras and editors write damaged blocks often;
    what cannot be walked is then covered by that item, and is no reason to refuse the picture.

    Parameters
    ----------
    view : ByteView
        The block from its byte-order mark on.
    items : ItemList
        Receives the items.
    """
    with contextlib.suppress(DamagedInputError):
        reader = TiffReader(view, items)
        first = reader.read_ifd(reader.first_at())
        _report_linked(reader, first, items, Spans(), seen={first.start})
        if first.next_at is not None:
            _report_thumbnail(reader, view, reader.read_ifd(first.next_at), items)


def report_ifd_tree(
    reader: TiffReader, at: int, channel: Channel, items: ItemList, spans: Spans
) -> None:
    """Report a directory that is no page, and those that it points at.

    Parameters
    ----------
    reader : TiffReader
        Reads the structure.
    at : int
        Offset of the directory.
    channel : str
        What the directory itself is reported as.
    items : ItemList
        Receives the items.
    spans : Spans
        Receives the bytes that the directories account for.

    Raises
    ------
    DamagedInputError
        If a directory cannot be read.
    """
    ifd = reader.read_ifd(at)
    _report_ifd(ifd, channel, items)
    _report_linked(reader, ifd, items, spans, seen={at})


def _report_linked(
    reader: TiffReader, first: Ifd, items: ItemList, spans: Spans, *, seen: set[int]
) -> None:
    """Report the telling values of a directory and, breadth first, of those it links to."""
    waiting = [first]
    while waiting:
        ifd = waiting.pop()
        _account_for(ifd, spans)
        for entry in ifd.fields:
            if entry.tag in _VALUE_CHANNELS:
                items.add(_VALUE_CHANNELS[entry.tag], entry.at, entry.at + entry.length)
            if entry.tag not in (_EXIF_IFD, _GPS_IFD, _INTEROP_IFD):
                continue
            for value in reader.integers(entry, most=_MAX_POINTERS):
                at = reader.offset(value)
                if at in seen:  # a directory that points back at one on the way to it
                    continue
                seen.add(at)
                linked = reader.read_ifd(at)
                if entry.tag == _GPS_IFD:
                    _report_ifd(linked, "gps", items)
                waiting.append(linked)


def _report_ifd(ifd: Ifd, channel: Channel, items: ItemList) -> None:
    """Report a directory: one item for itself, one for each value that lies elsewhere."""
    items.add(channel, ifd.start, ifd.stop)
    for entry in ifd.fields:
        if not entry.inline and entry.tag not in _VALUE_CHANNELS:
            items.add(channel, entry.at, entry.at + entry.length)


def _account_for(ifd: Ifd, spans: Spans) -> None:
    spans.add(ifd.start, ifd.stop)
    for entry in ifd.fields:
        spans.add(entry.at, entry.at + entry.length)


def _report_thumbnail(reader: TiffReader, view: ByteView, ifd: Ifd, items: ItemList) -> None:
    """Report the picture of the second directory, or the directory if its picture is not found."""
    start_entry = ifd.entries.get(_THUMBNAIL_AT)
    length_entry = ifd.entries.get(_THUMBNAIL_BYTES)
    if start_entry is None or length_entry is None:
        items.add("thumbnail", ifd.start, ifd.stop)
        return
    start = reader.offset(reader.integers(start_entry, most=1)[0])
    length = reader.integers(length_entry, most=1)[0]
    items.add("thumbnail", start, view.part(start, min(start + length, view.stop)).stop)


# Adobe Photoshop File Formats Specification, "Image Resource IDs".
_RESOURCE_CHANNELS: dict[int, Channel] = {
    0x0404: "iptc",
    0x0409: "thumbnail",
    0x040C: "thumbnail",
    0x040F: "icc",
    0x0422: "exif",
    0x0423: "exif",
    0x0424: "xmp",
}


def report_photoshop_parts(view: ByteView, items: ItemList) -> None:
    """Report IPTC fields, thumbnails and the like inside Photoshop image resources.

    The resources as a whole are reported by the caller, who need not know whether they are intact.

    Parameters
    ----------
    view : ByteView
        The resource blocks.
    items : ItemList
        Receives the items.
    """
    at = view.start
    with contextlib.suppress(DamagedInputError):
        while view.starts_with(b"8BIM", at):
            items.count_parts()
            resource, name_bytes = view.unpack(">HB", at + 4)
            size_at = at + 6 + _even(1 + name_bytes)
            (size,) = view.unpack(">I", size_at)
            data = view.part(size_at + 4, size_at + 4 + size)
            if resource in _RESOURCE_CHANNELS:
                items.add(_RESOURCE_CHANNELS[resource], data.start, data.stop)
            at = size_at + 4 + _even(size)


def _even(size: int) -> int:
    """Round up to a multiple of two, as Photoshop pads names and data."""
    return size + size % 2
