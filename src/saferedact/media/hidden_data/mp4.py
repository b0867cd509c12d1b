"""Films in the ISO base media file format and QuickTime: everything but pictures and their sound."""

import re
from dataclasses import dataclass, field

from saferedact.errors import DamagedInputError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.hidden_data.boxes import Box, boxes, next_box, report_box, report_excess
from saferedact.media.hidden_data.byte_view import ByteView, Spans
from saferedact.media.hidden_data.film_messages import MessageReport
from saferedact.media.hidden_data.heif_meta import report_data_information
from saferedact.media.hidden_data.items import Channel, ItemList
from saferedact.media.hidden_data.mp4_description import Description, read_description
from saferedact.media.hidden_data.sample_tables import (
    SampleTables,
    report_dates,
    report_edit_list,
)

__all__ = ["walk_mp4"]

_KNOWN_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"avc1"}
    | {b"mp41", b"mp42", b"qt  ", b"av01", b"hvc1", b"M4V ", b"M4A ", b"3gp4", b"3gp5", b"3gp6"}
    | {b"mp71", b"dash", b"msdh", b"3g2a"}
)
_KNOWN_MINOR_VERSIONS = frozenset({0, 1, 512})  # 512 is what FFmpeg writes
_PADDING = frozenset({b"free", b"skip", b"wide"})
_FRAGMENTS = frozenset({b"moof", b"mvex", b"sidx", b"styp", b"mfra"})
_CONTAINERS = frozenset({b"mdia", b"minf", b"stbl", b"edts"})
_HEADER_BYTES = {b"vmhd": 8, b"smhd": 4, b"cslg": 20}
_HANDLER_NAMES = frozenset({b"", b"VideoHandler", b"SoundHandler", b"DataHandler"})
_NO_LANGUAGE = frozenset({0x55C4, 0x7FFF})  # "und"; QuickTime's "not specified"
_VIDEO, _SOUND = b"vide", b"soun"
_GROUPINGS = frozenset({b"roll", b"prol", b"rap ", b"sync"})
_MOST_GROUPING_BYTES = 4096
# What FFmpeg writes where metadata would be, without any: a handler and an empty list.
_EMPTY_METADATA = (
    b"\0\0\0\x35meta\0\0\0\0\0\0\0\x21hdlr\0\0\0\0\0\0\0\0mdirappl" + bytes(9) + b"\0\0\0\x08ilst"
)
_MOST_EDITS = 8  # more than two say already that frames are hidden
_USER_DATA = frozenset({b"udta", b"meta"})
# Names inside them: places (QuickTime, 3GPP, Apple's keys), covers, XMP.
_INSIDE_USER_DATA: dict[Channel, re.Pattern[bytes]] = {
    "gps": re.compile(rb"\xa9xyz|loci|location", re.IGNORECASE),
    "thumbnail": re.compile(rb"covr|thmb"),
    "xmp": re.compile(rb"XMP_|x:xmpmeta"),
}
_LONGEST_NAME = 9
_NEVER = -1  # media time of an edit that shows nothing


@dataclass(slots=True)
class _Track:
    """What is known of a track while its boxes are read."""

    box: Box
    handler: bytes = b""
    tables: SampleTables = field(default_factory=SampleTables)
    description: Description = field(default_factory=Description)
    edits: list[tuple[int, int, int]] = field(default_factory=list)
    edit_box: Box | None = None
    timescale: int = 0
    dependencies: list[Box] = field(default_factory=list)


def walk_mp4(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a film carries besides its pictures and their sound.

    Parameters
    ----------
    view : ByteView
        The whole file.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the number of frames.

    Returns
    -------
    int
        Offset after the last box.

    Raises
    ------
    DamagedInputError
        If the file breaks off or is not built as the standard demands.
    UnsupportedFormatError
        If the film is in fragments.
    LimitExceededError
        If there are too many frames or parts.
    """
    return _Walker(view, items, limits).walk()


class _Walker:
    def __init__(self, view: ByteView, items: ItemList, limits: Limits) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._data: list[Box] = []
        self._spans = Spans()
        self._timescale = 0
        self._has_video = False

    def walk(self) -> int:
        moov: Box | None = None
        at = self._view.start
        while at < self._view.stop:
            try:
                box = next_box(self._view, at, self._items)
            except DamagedInputError:
                break  # bytes behind the last box, unless the film is among them
            self._refuse_fragments(box)
            if box.kind == b"moov" and moov is None:
                moov = box
            elif box.kind == b"mdat":
                self._data.append(box)
            elif box.kind == b"ftyp" and at == self._view.start:
                self._report_brands(box)
            elif box.kind in _PADDING:
                self._report_padding(box)
            else:
                self._report_box(box)
            at = box.view.stop
        if moov is None:
            msg = "the film breaks off, or does not say what is in it"
            raise DamagedInputError(msg)
        self._read_film(moov)
        self._report_unused_data()
        return at

    def _refuse_fragments(self, box: Box) -> None:
        if box.kind in _FRAGMENTS:
            msg = "the film is in fragments, which cannot be checked for hidden data"
            raise UnsupportedFormatError(msg)

    def _report_brands(self, box: Box) -> None:
        count = (box.view.stop - box.payload_at) // 4
        if count > len(_KNOWN_BRANDS) + 2:
            msg = "a film names more brands than there are"
            raise DamagedInputError(msg)
        for index in range(count):
            at = box.payload_at + 4 * index
            value = self._view.read(at, 4)
            is_version = index == 1
            if is_version and int.from_bytes(value, "big") not in _KNOWN_MINOR_VERSIONS:
                self._items.add("display-hint", at, at + 4)
            elif not is_version and value not in _KNOWN_BRANDS:
                self._items.add("unknown-segment", at, at + 4)
        self._items.add("unknown-segment", box.payload_at + 4 * count, box.view.stop)

    def _report_padding(self, box: Box) -> None:
        for _, piece in box.payload.pieces():
            if any(piece):
                self._items.add("padding", box.view.start, box.view.stop)
                return

    def _report_unused_data(self) -> None:
        for box in self._data:
            gaps = self._spans.gaps(box.payload_at, box.view.stop)
            if box.payload_at == box.view.stop or gaps == [(box.payload_at, box.view.stop)]:
                gaps = [(box.view.start, box.view.stop)]
            for start, stop in gaps:
                self._items.add("trailing-data", start, stop)

    def _read_film(self, moov: Box) -> None:
        for box in boxes(moov.payload, self._items):
            self._refuse_fragments(box)
            if box.kind == b"mvhd":
                report_dates(box, self._items)
                self._timescale = _timescale(box)
            elif box.kind == b"trak":
                self._read_track(box)
            elif box.kind == b"udta":
                if box.payload.stop - box.payload_at != len(_EMPTY_METADATA) or (
                    not box.payload.starts_with(_EMPTY_METADATA)
                ):
                    self._report_box(box)
            elif box.kind in _PADDING:
                self._report_padding(box)
            else:
                self._report_box(box)

    def _read_track(self, trak: Box) -> None:
        track = _Track(trak)
        self._read_boxes(trak.payload, track)
        self._limits.check_video(track.tables.count, 0)
        is_video = track.handler == _VIDEO and not self._has_video
        self._has_video |= is_video
        is_extra = not is_video and track.handler != _SOUND
        if is_extra:
            self._items.add("extra-track", trak.view.start, trak.view.stop)
        messages = MessageReport(
            track.description.coding if is_video else None,
            track.description.length_size,
            self._items,
        )
        count = 0
        for sample in track.tables.samples(self._view):
            self._items.count_parts()
            count += 1
            self._spans.add(sample.start, sample.stop)
            messages.look(sample)
            if is_extra:
                self._items.add_run("extra-track", sample.start, sample.stop)
        track.tables.report_idle_entries(count, self._items)
        for box in track.dependencies:
            report_excess(box.body, count, self._items)
        if is_video:
            self._report_unseen_frames(track)

    def _read_boxes(self, view: ByteView, track: _Track) -> None:
        """Read the boxes of a track at any depth, and report those that playing does not need."""
        waiting = [view]
        while waiting:
            for box in boxes(waiting.pop(), self._items):
                if box.kind in _CONTAINERS:
                    waiting.append(box.payload)
                elif box.kind in _PADDING:
                    self._report_padding(box)
                elif not track.tables.take(box, self._items):
                    self._read_box(box, track)

    def _read_box(self, box: Box, track: _Track) -> None:
        """Read a box that tells how a track is played; report all others."""
        items = self._items
        match box.kind:
            case b"mdhd" | b"tkhd":
                self._read_header(box, track)
            case b"hdlr":
                handler = self._report_handler(box)
                track.handler = track.handler or handler
            case b"vmhd" | b"smhd" | b"cslg":
                report_excess(box.body, _HEADER_BYTES[box.kind], items)
            case b"dinf":
                report_data_information(box, items)
            case b"stsd" if not track.description.kind:
                track.description = read_description(box, track.handler == _VIDEO, items)
            case b"elst" if track.edit_box is None:
                report_edit_list(box, items)
                track.edit_box = box
                track.edits = _edits(box)
            case b"sdtp":  # how samples depend on each other: a byte each
                track.dependencies.append(box)
            case b"sgpd" | b"sbgp" if _is_known_grouping(box):
                pass
            case _:
                self._report_box(box)

    def _read_header(self, box: Box, track: _Track) -> None:
        report_dates(box, self._items)
        if box.kind == b"mdhd":
            track.timescale = _timescale(box)
            self._report_language(box)

    def _report_box(self, box: Box) -> None:
        """Report a box that playing does not need, and what is known to be in it."""
        if box.kind not in _USER_DATA:
            report_box(box, self._items)
            return
        self._items.add("text", box.view.start, box.view.stop)
        for channel, pattern in _INSIDE_USER_DATA.items():
            if box.payload.search(pattern, box.payload_at, longest=_LONGEST_NAME) is not None:
                self._items.add(channel, box.view.start, box.view.stop)

    def _report_handler(self, box: Box) -> bytes:
        """Report a name of the user's in a 'hdlr' box; return its type."""
        _, kind = box.body.unpack("4s4s", box.body.start + 0)
        name_at = box.body.part(box.body.start, box.body.start + 20).stop
        size = min(box.view.stop - name_at, 64)
        name = box.view.read(name_at, size)
        counted = name[1 : 1 + name[0]] if name and len(name) == 1 + name[0] else None
        if name.rstrip(b"\0") not in _HANDLER_NAMES and counted not in _HANDLER_NAMES:
            self._items.add("text", name_at, box.view.stop)
        elif name_at + size < box.view.stop:
            self._items.add("unknown-segment", name_at + size, box.view.stop)
        return bytes(kind)

    def _report_language(self, box: Box) -> None:
        at = box.body.start + (28 if box.version else 16)
        (language,) = box.body.unpack(">H", at)
        if language not in _NO_LANGUAGE:
            self._items.add("text", at, at + 2)

    def _report_unseen_frames(self, track: _Track) -> None:
        """Report an edit list that hides frames: they are in the file all the same."""
        shown = [edit for edit in track.edits if edit[1] != _NEVER]
        if track.edit_box is None or not self._timescale or not track.timescale:
            return
        first, last = _display_span(track.tables)
        is_whole = len(shown) == 1
        if is_whole:
            duration, start, rate = shown[0]
            end = start + duration * track.timescale / self._timescale
            slack = 1 + track.timescale / self._timescale  # durations are rounded to film time
            is_whole = rate == 1 << 16 and start <= first and (not duration or end + slack > last)
        if not is_whole:
            self._items.add("cropped-pixels", track.edit_box.view.start, track.edit_box.view.stop)


def _timescale(box: Box) -> int:
    (timescale,) = box.body.unpack(">I", box.body.start + (16 if box.version else 8))
    return int(timescale)


def _edits(box: Box) -> list[tuple[int, int, int]]:
    """Duration in film time, media time and rate of each edit, of the first few."""
    (count,) = box.body.unpack(">I", box.body.start)
    layout, size = (">QqI", 20) if box.version else (">IiI", 12)
    at = box.body.start + 4
    found = []
    for index in range(min(count, _MOST_EDITS)):
        duration, start, rate = box.body.unpack(layout, at + size * index)
        found.append((duration, start, rate))
    return found


def _display_span(tables: SampleTables) -> tuple[int, int]:
    """Earliest and latest time of display of a track's samples."""
    first = last = None
    for time, _ in tables.times():
        first = time if first is None else min(first, time)
        last = time if last is None else max(last, time)
    return first or 0, last or 0


def _is_known_grouping(box: Box) -> bool:
    """Whether a sample grouping tells players how to seek, and is of a size that fits."""
    length = box.view.stop - box.view.start
    return length <= _MOST_GROUPING_BYTES and box.body.read(box.body.start, 4) in _GROUPINGS
