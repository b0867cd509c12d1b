"""JPEG (ITU-T T.81): segments, tables and scans of one stream from SOI to EOI."""

import re
from dataclasses import dataclass, field

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList
from saferedact.media.hidden_data.jpeg_segments import report_segment

__all__ = ["SOI", "walk_jpeg"]

SOI = b"\xff\xd8"
"""Start of image, the first two bytes of a JPEG stream."""

_SOF_PROGRESSIVE = frozenset({0xC2, 0xCA})
# Baseline, extended, progressive, lossless; Huffman, then arithmetic. The hierarchical modes (C5 to
# C7, CD to CF) are read by no common decoder.
_SOF = frozenset({0xC0, 0xC1, 0xC3, 0xC9}) | _SOF_PROGRESSIVE
_DHT, _SOI, _EOI, _SOS, _DQT, _DRI = 0xC4, 0xD8, 0xD9, 0xDA, 0xDB, 0xDD
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM and restart markers have no length
_COEFFICIENTS = 64
_MAX_COMPONENTS = 4  # CMYK; the format allows 255, decoders do not
_DRI_BYTES = 2

# A marker is 0xFF and a byte that is neither 0 nor 0xFF; 0xFF before it is fill (T.81, B.1.1.2).
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # restarts are part of the scan
_NOT_FILL = re.compile(rb"[^\xff]")


def walk_jpeg(view: ByteView, items: ItemList, limits: Limits, *, tables_only: bool = False) -> int:
    """Report what a JPEG stream carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        Begins with SOI; may go on after EOI.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size of the picture.
    tables_only : bool
        The stream holds tables for other streams and no picture (TIFF tag 347).

    Returns
    -------
    int
        Offset after EOI.

    Raises
    ------
    DamagedInputError
        If the stream breaks off or is not built as a JPEG is.
    LimitExceededError
        If the picture is too large, or the stream has too many parts.
    """
    return _Walker(view, items, limits, tables_only=tables_only).walk()


@dataclass(slots=True)
class _Frame:
    """What the frame header says, and which coefficients the scans have coded so far."""

    progressive: bool
    tables: dict[int, int]  # component -> quantization table
    low_bits: dict[int, list[int | None]] = field(default_factory=dict)  # bits still to come

    def code(self, component: int, band: range, high: int, low: int) -> bool:
        """Take in one scan of a component; return whether it codes what was coded before."""
        bits = self.low_bits.setdefault(component, [None] * _COEFFICIENTS)
        # A first scan has high == 0 and comes once; each refinement starts where the last ended.
        wanted = high or None
        repeats = any(bits[index] != wanted for index in band)
        for index in band:
            bits[index] = low
        return repeats


class _Walker:
    def __init__(
        self, view: ByteView, items: ItemList, limits: Limits, *, tables_only: bool
    ) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._tables_only = tables_only
        self._frame: _Frame | None = None
        self._seen: set[int] = set()
        # Tables that no scan has used yet: ("Q" or "H", id) -> (start, stop). An "H" id is class
        # (0 DC, 1 AC) times 16 plus number, as in the segment. "R" is the restart interval.
        self._unused: dict[tuple[str, int], tuple[int, int]] = {}

    def walk(self) -> int:
        if not self._view.starts_with(SOI):
            msg = "a JPEG stream does not begin with its start marker"
            raise DamagedInputError(msg)
        at = self._view.start + len(SOI)
        while True:
            self._items.count_parts()
            marker_at, marker = self._next_marker(at)
            if marker == _EOI:
                return self._finish(marker_at)
            at = self._take(marker, marker_at)

    def _next_marker(self, at: int) -> tuple[int, int]:
        """Find the next marker; bytes before it that are not fill are skipped by decoders."""
        marker_at = self._view.search(_MARKER, at, longest=2)
        if marker_at is None:
            msg = "the JPEG breaks off"
            raise DamagedInputError(msg)
        if marker_at > at:
            gap = self._view.part(at, marker_at)
            stray = gap.search(_NOT_FILL, at, longest=1)
            if stray is not None:
                self._items.add("trailing-data", stray, marker_at)
        return marker_at, self._view.read(marker_at + 1, 1)[0]

    def _take(self, marker: int, at: int) -> int:
        """Take in one marker with its segment; return the offset after it."""
        if marker in _STANDALONE:
            self._items.add("unknown-segment", at, at + 2)
            return at + 2
        if marker == _SOI:
            msg = "a JPEG begins inside another one"
            raise DamagedInputError(msg)
        (length,) = self._view.unpack(">H", at + 2)
        segment = self._view.part(at, at + 2 + max(length, 2))
        if marker == _SOS:
            return self._take_scan(segment)
        if marker in _SOF and self._frame is None:
            self._take_frame(marker, segment)
        elif marker == _DQT:
            self._take_quantization_tables(segment)
        elif marker == _DHT:
            self._take_huffman_tables(segment)
        elif marker == _DRI:
            self._report_rest(segment, segment.start + 4 + _DRI_BYTES)
            self._define("R", 0, segment)
        else:
            report_segment(marker, segment, self._items, repeated=marker in self._seen)
            self._seen.add(marker)
        return segment.stop

    def _report_rest(self, segment: ByteView, needed_stop: int) -> None:
        """Report bytes of a segment behind those that decoders read."""
        if needed_stop > segment.stop:
            msg = "a JPEG segment is too short for what it should hold"
            raise DamagedInputError(msg)
        self._items.add("unknown-segment", needed_stop, segment.stop)

    def _take_frame(self, marker: int, segment: ByteView) -> None:
        _, height, width, components = segment.unpack(">BHHB", segment.start + 4)
        self._limits.check_size_wh(width, height)
        at = segment.start + 10
        tables: dict[int, int] = {}
        for _ in range(components):
            component, _, table = segment.unpack("3B", at)
            tables[component] = table
            at += 3
        if not components == len(tables) <= _MAX_COMPONENTS:
            msg = "a JPEG has components that cannot be"
            raise DamagedInputError(msg)
        self._frame = _Frame(marker in _SOF_PROGRESSIVE, tables)
        self._report_rest(segment, at)

    def _take_quantization_tables(self, segment: ByteView) -> None:
        at = segment.start + 4
        while at < segment.stop:
            (precision_and_id,) = segment.unpack("B", at)
            size = 1 + _COEFFICIENTS * (2 if precision_and_id >> 4 else 1)
            self._define("Q", precision_and_id & 15, segment.part(at, at + size))
            at += size

    def _take_huffman_tables(self, segment: ByteView) -> None:
        at = segment.start + 4
        while at < segment.stop:
            class_and_id, *counts = segment.unpack("17B", at)
            size = 17 + sum(counts)
            self._define("H", class_and_id, segment.part(at, at + size))
            at += size

    def _define(self, kind: str, number: int, table: ByteView) -> None:
        self._items.count_parts()
        if old := self._unused.get((kind, number)):
            self._items.add("unused-table", *old)
        self._unused[kind, number] = (table.start, table.stop)

    def _take_scan(self, segment: ByteView) -> int:
        """Take in a scan header and its coded data; return the offset of the next marker."""
        if self._frame is None or self._tables_only:
            msg = "a JPEG scan comes where none can be"
            raise DamagedInputError(msg)
        (components,) = segment.unpack("B", segment.start + 4)
        selectors = segment.read(segment.start + 5, 2 * components)
        header_stop = segment.start + 5 + 2 * components + 3
        first, last, bits = segment.unpack("3B", header_stop - 3)
        if not self._frame.progressive:
            first, last, bits = 0, _COEFFICIENTS - 1, 0
        self._report_rest(segment, header_stop)
        self._unused.pop(("R", 0), None)
        repeats = False
        band = range(first, min(last, _COEFFICIENTS - 1) + 1)
        for component, tables in zip(selectors[::2], selectors[1::2], strict=True):
            self._unused.pop(("Q", self._frame.tables.get(component, -1)), None)
            self._unused.pop(("H", tables >> 4), None)
            self._unused.pop(("H", 16 | tables & 15), None)
            repeats |= self._frame.code(component, band, bits >> 4, bits & 15)
        stop = self._view.search(_MARKER_AFTER_SCAN, segment.stop, longest=2)
        if stop is None:
            msg = "the JPEG breaks off inside a scan"
            raise DamagedInputError(msg)
        if repeats:
            self._items.add("repeated-scan", segment.start, stop)
        return stop

    def _finish(self, marker_at: int) -> int:
        if not self._tables_only:
            if self._frame is None or self._frame.low_bits.keys() != self._frame.tables.keys():
                msg = "the JPEG lacks scans of its components"
                raise DamagedInputError(msg)
            for start, stop in self._unused.values():
                self._items.add("unused-table", start, stop)
        return marker_at + 2
