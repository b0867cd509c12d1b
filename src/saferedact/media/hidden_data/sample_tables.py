"""Tables of a track that say where its samples lie (ISO/IEC 14496-12, 8.6 and 8.7)."""

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.boxes import Box, report_box, report_excess
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList

__all__ = [
    "ELST_ENTRY_BYTES",
    "TABLES",
    "TIMED",
    "SampleTables",
    "report_dates",
    "report_edit_list",
]

TIMED = {b"mvhd": (96, 108), b"tkhd": (80, 92), b"mdhd": (20, 32)}
"""Boxes that begin with two dates; bytes of all values in version 0 and in version 1."""

TABLES = {
    b"stts": (4, 8),
    b"ctts": (4, 8),
    b"stsc": (4, 12),
    b"stco": (4, 4),
    b"co64": (4, 8),
    b"stss": (4, 4),
    b"stsz": (8, 4),
}
"""Bytes of the values before the entries of a table, and of each entry; the number of entries is
the last of these values."""

ELST_ENTRY_BYTES = (12, 20)
"""Bytes of an entry of an edit list, of version 0 and of version 1."""

_ABOUT_SAMPLES = (b"stts", b"ctts", b"stss")
_PIECE = 4096  # entries read at a time


@dataclass(slots=True)
class SampleTables:
    """The tables of one track; of each kind the first counts."""

    boxes: dict[bytes, Box] = field(default_factory=dict)

    def take(self, box: Box, items: ItemList) -> bool:
        """Keep a box that is a table not seen before, and report what it carries besides.

        Returns
        -------
        bool
            Whether it was kept.

        Raises
        ------
        DamagedInputError
            If it is shorter than its entries.
        """
        if box.kind not in TABLES or box.kind in self.boxes:
            return False
        self.boxes[box.kind] = box
        head_bytes, entry_bytes = TABLES[box.kind]
        report_excess(box.body, head_bytes + entry_bytes * self._entries(box), items)
        return True

    @property
    def count(self) -> int:
        """Number of samples.

        Raises
        ------
        DamagedInputError
            If the track does not say.
        """
        body = self._table(b"stsz").body
        _, count = body.unpack(">II", body.start)
        return int(count)

    def samples(self, file: ByteView) -> Iterator[ByteView]:
        """Yield the data of the track, sample by sample, in order.

        Raises
        ------
        DamagedInputError
            If a table is missing or the samples do not lie in the file.
        """
        sizes = self._sizes()
        runs = self._numbers(b"stsc", ">3I")
        run = next(runs, None)
        following = next(runs, None)
        for chunk, offset in enumerate(self._offsets(), start=1):
            while following is not None and following[0] <= chunk:
                run, following = following, next(runs, None)
            if run is None:
                self._fail()
            at = file.start + offset
            for size in itertools.islice(sizes, run[1]):
                yield file.part(at, at + size)
                at += size
        if next(sizes, None) is not None:
            msg = "a track does not say where its samples are"
            raise DamagedInputError(msg)

    def times(self) -> Iterator[tuple[int, int]]:
        """Yield the time of display and the duration of each sample that has one."""
        shifts = self._runs(b"ctts", ">Ii") if b"ctts" in self.boxes else itertools.repeat(0)
        at = 0
        durations = itertools.islice(self._runs(b"stts", ">II"), self.count)
        for duration, shift in zip(durations, shifts, strict=False):
            yield at + shift, duration
            at += duration

    def report_idle_entries(self, samples: int, items: ItemList) -> None:
        """Report tables about samples that have more entries than there are samples."""
        for kind in _ABOUT_SAMPLES:
            if kind in self.boxes and self._entries(self.boxes[kind]) > samples:
                report_box(self.boxes[kind], items)

    def _entries(self, table: Box) -> int:
        head_bytes, _ = TABLES[table.kind]
        (count,) = table.body.unpack(">I", table.body.start + head_bytes - 4)
        if table.kind == b"stsz" and table.body.unpack(">I", table.body.start)[0]:
            return 0  # all samples have the same size
        return int(count)

    def _table(self, kind: bytes) -> Box:
        if kind not in self.boxes:
            self._fail()
        return self.boxes[kind]

    def _fail(self) -> NoReturn:
        msg = "a track lacks a table"
        raise DamagedInputError(msg)

    def _sizes(self) -> Iterator[int]:
        body = self._table(b"stsz").body
        same_size, count = body.unpack(">II", body.start)
        if same_size:
            return iter(itertools.repeat(same_size, count))
        return (size for (size,) in self._numbers(b"stsz", ">I"))

    def _offsets(self) -> Iterator[int]:
        is_wide = b"co64" in self.boxes
        numbers = self._numbers(*((b"co64", ">Q") if is_wide else (b"stco", ">I")))
        return (offset for (offset,) in numbers)

    def _runs(self, kind: bytes, layout: str) -> Iterator[int]:
        for count, value in self._numbers(kind, layout):
            yield from itertools.repeat(value, count)

    def _numbers(self, kind: bytes, layout: str) -> Iterator[tuple[int, ...]]:
        """Yield the entries of a table, read in pieces: a track can have millions."""
        table = self._table(kind)
        head_bytes, entry_bytes = TABLES[kind]
        at = table.body.start + head_bytes
        left = self._entries(table)
        while left:
            piece = min(left, _PIECE)
            data = table.body.read(at, piece * entry_bytes)
            yield from struct.iter_unpack(layout, data)
            at += len(data)
            left -= piece


def report_dates(box: Box, items: ItemList) -> None:
    """Report dates of creation and change that are not zero.

    Raises
    ------
    DamagedInputError
        If the box is too short.
    """
    report_excess(box.body, TIMED[box.kind][min(box.version, 1)], items)
    size = 8 if box.version else 4
    for start in (box.body.start, box.body.start + size):
        if any(box.body.read(start, size)):
            items.add("time", start, start + size)


def report_edit_list(box: Box, items: ItemList) -> None:
    """Report what an edit list carries besides its entries.

    Raises
    ------
    DamagedInputError
        If the box is too short.
    """
    entry_bytes = ELST_ENTRY_BYTES[min(box.version, 1)]
    (count,) = box.body.unpack(">I", box.body.start)
    report_excess(box.body, 4 + entry_bytes * count, items)
