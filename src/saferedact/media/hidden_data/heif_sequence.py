"""Image sequences of HEIF and AVIF: the tracks in a 'moov' box."""

import itertools
from dataclasses import dataclass, field

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.boxes import Box, boxes, report_box, report_excess
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.codec_messages import (
    hevc_length_size,
    report_av1_messages,
    report_hevc_messages,
)
from saferedact.media.hidden_data.heif_meta import report_data_information, report_handler
from saferedact.media.hidden_data.heif_properties import (
    auxiliary_type,
    is_alpha,
    report_property,
)
from saferedact.media.hidden_data.items import ItemList

__all__ = ["report_sequence"]

_CONTAINERS = frozenset({b"mdia", b"minf", b"stbl", b"edts"})
# They begin with two dates; bytes of all values in version 0 and in version 1.
_TIMED = {b"mvhd": (96, 108), b"tkhd": (80, 92), b"mdhd": (20, 32)}
# Bytes of the values before the entries of a table, and of each entry (ISO/IEC 14496-12, 8.6 and
# 8.7); the number of entries is the last of these values.
_TABLES = {
    b"stts": (4, 8),
    b"ctts": (4, 8),
    b"stsc": (4, 12),
    b"stco": (4, 4),
    b"co64": (4, 8),
    b"stss": (4, 4),
    b"stsz": (8, 4),
}
_ABOUT_SAMPLES = frozenset({b"stts", b"ctts", b"stss"})
_ELST_ENTRY_BYTES = (12, 20)  # of version 0 and of version 1
_HEADER_BYTES = {b"vmhd": 8}
_DESCRIBED = frozenset({b"av1C", b"hvcC", b"colr", b"pixi", b"pasp", b"clap"})
_PICTURE, _AUXILIARY = b"pict", b"auxv"
_AV1, _HEVC = b"av01", b"hvc1"
_SAMPLE_ENTRY_BYTES = 78  # ISO/IEC 14496-12, 12.1.3: of a picture, before the boxes in it
_COMPRESSOR_NAME_AT, _COMPRESSOR_NAME_BYTES = 42, 32
_MAX_CHUNKS = 1_000_000  # a table of 8 MB; sequences have as many chunks as frames, or fewer
_KNOWN_COMPRESSORS = (bytes(32), b"\x0aAOM Coding".ljust(32, b"\0"))  # libavif writes the second


@dataclass(slots=True)
class _Track:
    handler: bytes = b""
    auxiliary: bytes = b""
    codec: bytes = b""
    size_wh: tuple[int, int] = (0, 0)
    length_size: int = 0
    tables: dict[bytes, Box] = field(default_factory=dict)


def report_sequence(file: ByteView, moov: Box, items: ItemList, limits: Limits) -> list[ByteView]:
    """Report what an image sequence carries besides its frames and their alpha.

    Parameters
    ----------
    file : ByteView
        The whole file.
    moov : Box
        The box that describes the sequence.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the number of frames.

    Returns
    -------
    list of ByteView
        Data of all tracks, also of those that are reported.

    Raises
    ------
    DamagedInputError
        If the box is not built as the standard demands.
    LimitExceededError
        If a track has too many frames.
    """
    data: list[ByteView] = []
    has_picture = False
    for box in boxes(moov.payload, items):
        if box.kind == b"mvhd":
            _report_dates(box, items)
            continue
        if box.kind != b"trak":
            report_box(box, items)
            continue
        track = _Track()
        _read_boxes(box.payload, track, items)
        samples = _samples(file, track, limits)
        items.count_parts(len(samples))
        _report_idle_entries(track, len(samples), items)
        data += samples
        is_picture = track.handler == _PICTURE and not has_picture
        if is_picture or (track.handler == _AUXILIARY and is_alpha(track.auxiliary)):
            has_picture |= is_picture
            _report_messages(track, samples, items)
        else:
            items.add("extra-track", box.view.start, box.view.stop)
            for sample in samples:
                items.add("extra-track", sample.start, sample.stop)
    return data


def _read_boxes(view: ByteView, track: _Track, items: ItemList) -> None:
    """Read the boxes of a track at any depth, and report those that playing does not need."""
    waiting = [view]
    while waiting:
        for box in boxes(waiting.pop(), items):
            if box.kind in _CONTAINERS:
                waiting.append(box.payload)
            elif box.kind in _TIMED:
                _report_dates(box, items)
            elif box.kind in _TABLES and box.kind not in track.tables:
                track.tables[box.kind] = box
                head_bytes, entry_bytes = _TABLES[box.kind]
                report_excess(box.body, head_bytes + entry_bytes * _entries(box), items)
            else:
                _read_box(box, track, items)


def _entries(table: Box) -> int:
    """Number of entries that a table holds."""
    head_bytes, _ = _TABLES[table.kind]
    (count,) = table.body.unpack(">I", table.body.start + head_bytes - 4)
    if table.kind == b"stsz" and table.body.unpack(">I", table.body.start)[0]:
        return 0  # all samples have the same size
    return int(count)


def _read_box(box: Box, track: _Track, items: ItemList) -> None:
    match box.kind:
        case b"hdlr" if not track.handler:
            track.handler = report_handler(box, items)
        case b"vmhd":
            report_excess(box.body, _HEADER_BYTES[box.kind], items)
        case b"dinf":
            report_data_information(box, items)
        case b"stsd" if not track.codec:
            _read_description(box, track, items)
        case b"elst":
            entry_bytes = _ELST_ENTRY_BYTES[min(box.version, 1)]
            (count,) = box.body.unpack(">I", box.body.start)
            report_excess(box.body, 4 + entry_bytes * count, items)
        case b"tref":
            for reference in boxes(box.payload, items):
                if reference.kind != b"auxl":
                    report_box(reference, items)
        case _:
            report_box(box, items)


def _report_dates(box: Box, items: ItemList) -> None:
    """Report dates of creation and change that are not zero."""
    report_excess(box.body, _TIMED[box.kind][min(box.version, 1)], items)
    size = 8 if box.version else 4
    for start in (box.body.start, box.body.start + size):
        if any(box.body.read(start, size)):
            items.add("time", start, start + size)


def _read_description(box: Box, track: _Track, items: ItemList) -> None:
    """Read how the samples of a track are coded; all samples use the first description."""
    entries_at = box.body.part(box.body.start, box.body.start + 4).stop
    for entry in boxes(box.body.part(entries_at, box.body.stop), items):
        if track.codec or entry.kind not in (_AV1, _HEVC):
            track.codec = track.codec or entry.kind
            report_box(entry, items)
            continue
        track.codec = entry.kind
        fields = entry.payload.part(entry.payload_at, entry.payload_at + _SAMPLE_ENTRY_BYTES)
        width, height = fields.unpack(">HH", fields.start + 24)
        track.size_wh = (width, height)
        name_at = fields.start + _COMPRESSOR_NAME_AT
        if fields.read(name_at, _COMPRESSOR_NAME_BYTES) not in _KNOWN_COMPRESSORS:
            items.add("text", name_at, name_at + _COMPRESSOR_NAME_BYTES)
        for child in boxes(entry.view.part(fields.stop, entry.view.stop), items):
            _read_entry_box(child, track, items)


def _read_entry_box(box: Box, track: _Track, items: ItemList) -> None:
    match box.kind:
        case b"auxi":
            track.auxiliary = auxiliary_type(box.body)
            report_excess(box.body, len(track.auxiliary) + 1, items)
        case b"ccst":  # how frames refer to each other
            report_excess(box.body, 4, items)
        case kind if kind in _DESCRIBED:
            if kind == b"hvcC":
                track.length_size = hevc_length_size(box.payload)
            report_property(box, track.size_wh, items)
        case _:
            report_box(box, items)


def _samples(file: ByteView, track: _Track, limits: Limits) -> list[ByteView]:
    """Data of a track, sample by sample.

    Raises
    ------
    DamagedInputError
        If a table is missing or the samples do not lie in the file.
    LimitExceededError
        If there are too many.
    """
    sizes = iter(_sample_sizes(track, limits))
    runs = _chunk_runs(track)
    samples = []
    run = 0
    for chunk, offset in enumerate(_chunk_offsets(track), start=1):
        while run + 1 < len(runs) and runs[run + 1][0] <= chunk:
            run += 1
        at = file.start + offset
        for size in itertools.islice(sizes, runs[run][1]):
            samples.append(file.part(at, at + size))
            at += size
    if next(sizes, None) is not None:
        msg = "an image sequence does not say where its frames are"
        raise DamagedInputError(msg)
    return samples


def _report_idle_entries(track: _Track, samples: int, items: ItemList) -> None:
    """Report tables about samples that have more entries than there are samples."""
    for kind in _ABOUT_SAMPLES & track.tables.keys():
        if _entries(track.tables[kind]) > samples:
            report_box(track.tables[kind], items)


def _table(track: _Track, kind: bytes) -> Box:
    try:
        return track.tables[kind]
    except KeyError:
        msg = "a track of an image sequence lacks a table"
        raise DamagedInputError(msg) from None


def _sample_sizes(track: _Track, limits: Limits) -> list[int]:
    body = _table(track, b"stsz").body
    same_size, count = body.unpack(">II", body.start)
    limits.check_frames(count, *track.size_wh)
    if same_size:
        return [same_size] * count
    return list(body.unpack(f">{count}I", body.start + 8))


def _chunk_offsets(track: _Track) -> tuple[int, ...]:
    kind = b"co64" if b"co64" in track.tables else b"stco"
    table = _table(track, kind)
    layout = "Q" if kind == b"co64" else "I"
    return table.body.unpack(f">{_bounded(table)}{layout}", table.body.start + 4)


def _chunk_runs(track: _Track) -> list[tuple[int, int]]:
    """First chunk, and samples of each chunk from there on."""
    table = _table(track, b"stsc")
    numbers = table.body.unpack(f">{3 * _bounded(table)}I", table.body.start + 4)
    if not numbers:
        msg = "a track of an image sequence lacks a table"
        raise DamagedInputError(msg)
    return list(zip(numbers[::3], numbers[1::3], strict=True))


def _bounded(table: Box) -> int:
    """Number of entries of a table about chunks, each of which holds a frame or more."""
    count = _entries(table)
    if count > _MAX_CHUNKS:
        msg = "an image sequence is in more chunks than can be"
        raise DamagedInputError(msg)
    return count


def _report_messages(track: _Track, samples: list[ByteView], items: ItemList) -> None:
    if track.codec == _AV1:
        report_av1_messages(samples, items)
    elif track.codec == _HEVC and track.length_size:
        report_hevc_messages(samples, track.length_size, items)
    else:
        msg = "an image sequence is coded in a way that is not read"
        raise DamagedInputError(msg)
