"""The 'meta' box of HEIF (ISO/IEC 23008-12): which items there are, and how they belong together."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError
from saferedact.media.hidden_data.boxes import Box, boxes, report_box, report_excess, text_stop
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList

__all__ = ["HeifItem", "Meta", "read_meta", "report_data_information", "report_handler"]

_MAX_ITEMS = 70_000  # a grid has at most 256 x 256 tiles
_MAX_LINKS = 300_000  # extents, references, properties of items; four per item and some
_IN_FILE, _IN_IDAT = 0, 1  # construction methods of 'iloc'
_ITEM_NAMES = (b"", b"Color", b"Alpha")  # libavif names its items so, always


@dataclass(slots=True)
class HeifItem:
    """One item: where it is listed, its type, and where its data lie."""

    kind: bytes
    entry: ByteView
    content_type: bytes = b""
    extents: list[ByteView] = field(default_factory=list)


@dataclass(slots=True)
class Meta:
    """What the 'meta' box says."""

    primary: int | None = None
    items: dict[int, HeifItem] = field(default_factory=dict)
    references: dict[tuple[bytes, int], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )  # by type and source
    reference_boxes: list[tuple[bytes, int, ByteView]] = field(default_factory=list)
    properties: list[Box] = field(default_factory=list)
    associations: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    data: Box | None = None

    def properties_of(self, item: int) -> list[Box]:
        """Properties of an item; those that do not exist are left out."""
        indexes = self.associations.get(item, [])
        return [self.properties[index - 1] for index in indexes if index <= len(self.properties)]

    def linked(self, kind: bytes, item: int) -> list[int]:
        """Items that `item` refers to."""
        return self.references.get((kind, item), [])


def read_meta(file: ByteView, meta_box: Box, items: ItemList) -> Meta:
    """Read a 'meta' box, and report boxes and texts in it that no picture needs.

    Parameters
    ----------
    file : ByteView
        The whole file.
    meta_box : Box
        The box.
    items : ItemList
        Receives the items.

    Returns
    -------
    Meta
        What it says.

    Raises
    ------
    DamagedInputError
        If it is not built as the standard demands.
    UnsupportedFormatError
        If data lie where no common file has them.
    LimitExceededError
        If it lists more than any real file.
    """
    return _MetaReader(file, items).read(meta_box)


def report_handler(box: Box, items: ItemList) -> bytes:
    """Report the name in a 'hdlr' box; return its type."""
    (kind,) = box.body.unpack("4s", box.body.start + 4)
    name_at = box.body.part(box.body.start, box.body.start + 20).stop
    name_stop = text_stop(box.view, name_at)
    items.add("text", name_at, name_stop)
    items.add("unknown-segment", min(name_stop + 1, box.view.stop), box.view.stop)
    return bytes(kind)


class _MetaReader:
    def __init__(self, file: ByteView, items: ItemList) -> None:
        self._file = file
        self._items = items
        self._meta = Meta()
        self._locations: Box | None = None
        self._links = 0
        self._association_boxes: list[Box] = []

    def read(self, meta_box: Box) -> Meta:
        readers: dict[bytes, Callable[[Box], None]] = {
            b"hdlr": self._handler,
            b"pitm": self._primary,
            b"iinf": self._item_list,
            b"iloc": self._keep_locations,
            b"iprp": self._properties,
            b"iref": self._references,
            b"idat": self._data,
            b"dinf": self._data_information,
        }
        for box in boxes(meta_box.body, self._items):
            # Of each box the first counts; a second one is none that readers look at.
            if reader := readers.pop(box.kind, None):
                reader(box)
            else:
                report_box(box, self._items)
        self._report_idle_associations()
        if self._locations is not None:  # after the items and 'idat', which may come later
            self._read_locations(self._locations)
        return self._meta

    def _count_links(self, number: int) -> None:
        self._links += number
        if self._links > _MAX_LINKS:
            msg = f"a HEIF file has more than {_MAX_LINKS} links between its items"
            raise LimitExceededError(msg)

    def _handler(self, box: Box) -> None:
        report_handler(box, self._items)

    def _keep_locations(self, box: Box) -> None:
        self._locations = box

    def _data(self, box: Box) -> None:
        self._meta.data = box

    def _data_information(self, box: Box) -> None:
        report_data_information(box, self._items)

    def _primary(self, box: Box) -> None:
        layout, size = (">I", 4) if box.version else (">H", 2)
        self._meta.primary = int(box.body.unpack(layout, box.body.start)[0])
        report_excess(box.body, size, self._items)

    def _item_list(self, box: Box) -> None:
        count_bytes = 4 if box.version else 2
        start = box.body.part(box.body.start, box.body.start + count_bytes).stop
        for entry in boxes(box.body.part(start, box.body.stop), self._items):
            if entry.kind == b"infe":
                self._item(entry)
            else:
                report_box(entry, self._items)

    def _item(self, box: Box) -> None:
        if box.version not in (2, 3):
            msg = "an item of a HEIF file is listed in a form that is not of HEIF"
            raise DamagedInputError(msg)
        layout, name_offset = (">IH4s", 10) if box.version == 3 else (">HH4s", 8)
        number, _, kind = box.body.unpack(layout, box.body.start)
        if len(self._meta.items) >= _MAX_ITEMS:
            msg = f"a HEIF file lists more than {_MAX_ITEMS} items"
            raise LimitExceededError(msg)
        item = HeifItem(kind, box.view)
        at = box.body.start + name_offset
        stop = text_stop(box.body, at)
        if (
            stop - at > max(map(len, _ITEM_NAMES))
            or box.body.read(at, stop - at) not in _ITEM_NAMES
        ):
            self._items.add("text", at, stop)
        at = min(stop + 1, box.body.stop)
        if kind == b"mime":
            stop = text_stop(box.body, at)
            item.content_type = box.body.read(at, min(stop - at, 64))
        else:
            self._items.add("unknown-segment", at, box.view.stop)
        if number in self._meta.items:
            msg = "two items of a HEIF file have the same number"
            raise DamagedInputError(msg)
        self._meta.items[number] = item

    def _references(self, box: Box) -> None:
        letter, size = ("I", 4) if box.version else ("H", 2)
        for reference in boxes(box.body, self._items):
            body = reference.payload
            source, count = body.unpack(f">{letter}H", body.start)
            self._count_links(count)
            targets = body.unpack(f">{count}{letter}", body.start + size + 2)
            report_excess(body, size + 2 + count * size, self._items)
            self._meta.references[reference.kind, source] += targets
            self._meta.reference_boxes.append((reference.kind, source, reference.view))

    def _properties(self, box: Box) -> None:
        for child in boxes(box.payload, self._items):
            if child.kind == b"ipco":
                for entry in boxes(child.payload, self._items):
                    self._count_links(1)
                    self._meta.properties.append(entry)
            elif child.kind == b"ipma":
                self._associations(child)
            else:
                report_box(child, self._items)

    def _report_idle_associations(self) -> None:
        """Report properties' links as a whole if one is to what does not exist."""
        links = self._meta.associations
        last = max((index for indexes in links.values() for index in indexes), default=0)
        if links.keys() - self._meta.items.keys() or last > len(self._meta.properties):
            for box in self._association_boxes:
                report_box(box, self._items)

    def _associations(self, box: Box) -> None:
        self._association_boxes.append(box)
        wide = box.view.unpack("B", box.payload_at + 3)[0] & 1
        item_layout, item_bytes = (">IB", 5) if box.version else (">HB", 3)
        (count,) = box.body.unpack(">I", box.body.start)
        at = box.body.start + 4
        for _ in range(count):
            number, links = box.body.unpack(item_layout, at)
            self._count_links(1 + links)
            at += item_bytes
            indexes = box.body.unpack(f">{links}{'H' if wide else 'B'}", at)
            at += links * (2 if wide else 1)
            mask = 0x7FFF if wide else 0x7F  # the highest bit says "essential"
            found = [index & mask for index in indexes if index & mask]
            self._meta.associations[number] += found
        self._items.add("unknown-segment", at, box.view.stop)

    def _read_locations(self, box: Box) -> None:
        reader = _Numbers(box.body)
        sizes = reader.take(2)
        offset_bytes, length_bytes = sizes >> 12, sizes >> 8 & 15
        base_bytes, index_bytes = sizes >> 4 & 15, sizes & 15 if box.version else 0
        number_bytes = 4 if box.version == 2 else 2
        for _ in range(reader.take(number_bytes)):
            number = reader.take(number_bytes)
            method = reader.take(2) & 15 if box.version else _IN_FILE
            if reader.take(2):
                msg = "an item of the HEIF file lies in another file"
                raise UnsupportedFormatError(msg)
            base = reader.take(base_bytes)
            count = reader.take(2)
            self._count_links(1 + count)
            for _ in range(count):
                reader.take(index_bytes)
                offset = base + reader.take(offset_bytes)
                self._add_extent(number, method, offset, reader.take(length_bytes))
        self._items.add("unknown-segment", reader.at, box.view.stop)

    def _add_extent(self, number: int, method: int, offset: int, length: int) -> None:
        holder = self._file
        if method == _IN_IDAT and self._meta.data is not None:
            holder = self._meta.data.payload
        elif method != _IN_FILE:
            msg = "an item of the HEIF file is built from another one in a way that is not read"
            raise UnsupportedFormatError(msg)
        start = holder.start + offset
        extent = holder.part(start, start + length if length else holder.stop)
        if item := self._meta.items.get(number):
            item.extents.append(extent)


class _Numbers:
    """Reads big-endian numbers of varying width one after the other."""

    def __init__(self, view: ByteView) -> None:
        self._view = view
        self.at = view.start

    def take(self, size: int) -> int:
        value = int.from_bytes(self._view.read(self.at, size), "big")
        self.at += size
        return value


def report_data_information(box: Box, items: ItemList) -> None:
    """Report all of a 'dinf' box but the entry that says "in this file".

    Raises
    ------
    DamagedInputError
        If it is not built as the standard demands.
    """
    for child in boxes(box.payload, items):
        if child.kind != b"dref":
            report_box(child, items)
            continue
        entries = child.body.part(child.body.start, child.body.start + 4).stop
        for entry in boxes(child.body.part(entries, child.body.stop), items):
            if entry.kind == b"url ":
                items.add("text", entry.body.start, entry.body.stop)
            else:
                report_box(entry, items)
