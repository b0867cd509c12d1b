"""Image sequences of HEIF and AVIF: the tracks in a 'moov' box."""

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
from saferedact.media.hidden_data.sample_tables import (
    TIMED,
    SampleTables,
    report_dates,
    report_edit_list,
)

__all__ = ["report_sequence"]

_CONTAINERS = frozenset({b"mdia", b"minf", b"stbl", b"edts"})
_HEADER_BYTES = {b"vmhd": 8}
_DESCRIBED = frozenset({b"av1C", b"hvcC", b"colr", b"pixi", b"pasp", b"clap"})
_PICTURE, _AUXILIARY = b"pict", b"auxv"
_AV1, _HEVC = b"av01", b"hvc1"
_SAMPLE_ENTRY_BYTES = 78  # ISO/IEC 14496-12, 12.1.3: of a picture, before the boxes in it
_COMPRESSOR_NAME_AT, _COMPRESSOR_NAME_BYTES = 42, 32
_KNOWN_COMPRESSORS = (bytes(32), b"\x0aAOM Coding".ljust(32, b"\0"))  # libavif writes the second


@dataclass(slots=True)
class _Track:
    handler: bytes = b""
    auxiliary: bytes = b""
    codec: bytes = b""
    size_wh: tuple[int, int] = (0, 0)
    length_size: int = 0
    tables: SampleTables = field(default_factory=SampleTables)


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
            report_dates(box, items)
            continue
        if box.kind != b"trak":
            report_box(box, items)
            continue
        track = _Track()
        _read_boxes(box.payload, track, items)
        limits.check_frames(track.tables.count, *track.size_wh)
        items.count_parts(track.tables.count)
        samples = list(track.tables.samples(file))
        track.tables.report_idle_entries(len(samples), items)
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
            elif box.kind in TIMED:
                report_dates(box, items)
            elif not track.tables.take(box, items):
                _read_box(box, track, items)


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
            report_edit_list(box, items)
        case b"tref":
            for reference in boxes(box.payload, items):
                if reference.kind != b"auxl":
                    report_box(reference, items)
        case _:
            report_box(box, items)


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


def _report_messages(track: _Track, samples: list[ByteView], items: ItemList) -> None:
    if track.codec == _AV1:
        report_av1_messages(samples, items)
    elif track.codec == _HEVC and track.length_size:
        report_hevc_messages(samples, track.length_size, items)
    else:
        msg = "an image sequence is coded in a way that is not read"
        raise DamagedInputError(msg)
