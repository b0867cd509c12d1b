"""TIFF directories (IFDs): how TIFF files, Exif blocks and multi-picture indexes are built."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList

__all__ = ["Entry", "Ifd", "TiffReader"]

# TIFF 6.0 section 2, and the three 8-byte types of BigTIFF.
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TYPE_BYTES |= dict.fromkeys((16, 17, 18), 8)
_INTEGER_LAYOUT = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MAX_ENTRIES = 65_535  # what the 16-bit count of a classic TIFF can say


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a directory; `at` is where its values lie, in the entry or elsewhere."""

    tag: int
    type: int
    count: int
    at: int
    length: int
    inline: bool


@dataclass(frozen=True, slots=True)
class Ifd:
    """One directory: its own bytes [start, stop), its fields, and where the next one lies."""

    start: int
    stop: int
    entries: dict[int, Entry]
    repeated: tuple[Entry, ...]
    next_at: int | None

    @property
    def fields(self) -> Iterator[Entry]:
        """All fields, repeated tags included."""
        yield from self.entries.values()
        yield from self.repeated


class TiffReader:
    """Reads directories and integers of one TIFF structure.

    Parameters
    ----------
    view : ByteView
        The structure, from its byte-order mark on; its offsets count from there.
    items : ItemList
        Counts directories and fields, which bounds the work.

    Raises
    ------
    DamagedInputError
        If there is no TIFF header.
    """

    def __init__(self, view: ByteView, items: ItemList) -> None:
        self._view = view
        self._items = items
        order = view.read(view.start, 2)
        if order not in (b"II", b"MM"):
            msg = "a TIFF structure has no byte-order mark"
            raise DamagedInputError(msg)
        self._order = "<" if order == b"II" else ">"
        (magic,) = view.unpack(f"{self._order}H", view.start + 2)
        if magic not in (42, 43):
            msg = "a TIFF structure has no version number"
            raise DamagedInputError(msg)
        self.is_big = magic == 43
        self.header_bytes = 16 if self.is_big else 8

    def first_at(self) -> int:
        """Offset of the first directory."""
        layout, at = ("Q", 8) if self.is_big else ("I", 4)
        (offset,) = self._view.unpack(self._order + layout, self._view.start + at)
        return self._view.start + int(offset)

    def read_ifd(self, at: int) -> Ifd:
        """Read the directory at offset `at` of the file.

        Raises
        ------
        DamagedInputError
            If it, or a value that it points at, does not lie inside the structure.
        LimitExceededError
            If the file has too many parts.
        """
        count_layout, offset_layout = ("Q", "Q") if self.is_big else ("H", "I")
        count_bytes, entry_bytes, offset_bytes = (8, 20, 8) if self.is_big else (2, 12, 4)
        (count,) = self._view.unpack(self._order + count_layout, at)
        if count > _MAX_ENTRIES:
            msg = "a TIFF directory has more fields than can be"
            raise DamagedInputError(msg)
        self._items.count_parts(1 + count)
        table_at = at + count_bytes
        table = self._view.read(table_at, count * entry_bytes)
        stop = table_at + len(table) + offset_bytes
        (next_offset,) = self._view.unpack(self._order + offset_layout, stop - offset_bytes)
        fields = struct.iter_unpack(f"{self._order}HH{offset_layout}{offset_bytes}s", table)
        entries: dict[int, Entry] = {}
        repeated = []
        for index, (tag, kind, values, inline_value) in enumerate(fields):
            value_at = table_at + (index + 1) * entry_bytes - offset_bytes
            entry = self._entry(tag, kind, values, value_at, inline_value)
            if tag in entries:
                repeated.append(entry)
            else:
                entries[tag] = entry
        next_at = self._view.start + next_offset if next_offset else None
        return Ifd(at, stop, entries, tuple(repeated), next_at)

    def _entry(self, tag: int, kind: int, count: int, value_at: int, value: bytes) -> Entry:
        length = _TYPE_BYTES.get(kind, 1) * count
        if length <= len(value):
            return Entry(tag, kind, count, value_at, length, inline=True)
        offset = int.from_bytes(value, "little" if self._order == "<" else "big")
        part = self._view.part(self._view.start + offset, self._view.start + offset + length)
        return Entry(tag, kind, count, part.start, length, inline=False)

    def integers(self, entry: Entry, *, most: int) -> tuple[int, ...]:
        """Values of a field as integers.

        Raises
        ------
        DamagedInputError
            If it does not hold integers, none at all, or more than `most` of them.
        """
        layout = _INTEGER_LAYOUT.get(entry.type)
        if layout is None or not 1 <= entry.count <= most:
            msg = f"TIFF tag {entry.tag} does not hold the numbers it should"
            raise DamagedInputError(msg)
        return self._view.unpack(f"{self._order}{entry.count}{layout}", entry.at)

    def offset(self, value: int) -> int:
        """Offset in the file for an offset in the structure."""
        return self._view.start + value
