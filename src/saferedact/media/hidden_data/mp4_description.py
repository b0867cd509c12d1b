"""How the samples of a film's track are coded, and what the description carries besides."""

from dataclasses import dataclass

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.boxes import Box, boxes, report_box, report_excess
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.codec_messages import hevc_length_size, report_hevc_config
from saferedact.media.hidden_data.film_messages import (
    AV1,
    AVC,
    HEVC,
    h264_length_size,
    report_h264_config,
)
from saferedact.media.hidden_data.heif_properties import report_color, report_property
from saferedact.media.hidden_data.items import ItemList

__all__ = ["Description", "read_description"]

_CODINGS = {b"avc1": AVC, b"avc3": AVC, b"hvc1": HEVC, b"hev1": HEVC, b"av01": AV1}
_PRORES = frozenset({b"apco", b"apcs", b"apcn", b"apch", b"ap4h", b"ap4x"})
_VIDEO_KINDS = frozenset({*_CODINGS, *_PRORES, b"vp08", b"vp09"})
_SOUND_KINDS = frozenset(
    {b"mp4a", b"Opus", b"ac-3", b"ec-3", b"alac", b"fLaC", b"ipcm", b"fpcm", b"sowt", b"twos"}
    | {b"lpcm", b"in24", b"in32", b"fl32", b"fl64", b"raw ", b"ulaw", b"alaw", b"samr", b"sawb"}
    | {b".mp3", b"NONE"}
)
_VIDEO_ENTRY_BYTES = 78  # ISO/IEC 14496-12, 12.1.3
_SOUND_ENTRY_BYTES = 28  # 12.2.3
_QUICKTIME_SOUND_BYTES = {1: 16, 2: 36}  # QuickTime file format: more, by version
_COMPRESSOR_NAME_AT, _COMPRESSOR_NAME_BYTES = 42, 32
_VENDOR_AT = 12
_VENDORS = frozenset({bytes(4), b"FFMP"})  # FFmpeg's constant in QuickTime files
# Boxes of fixed length, and their payload's length.
_FIXED_BYTES = {
    b"pasp": 8, b"btrt": 12, b"fiel": 2, b"clli": 4, b"mdcv": 24, b"vpcC": 12,
    b"CoLL": 8, b"SmDm": 28, b"pcmC": 6, b"gama": 4,
}  # fmt: skip
_NCLC_BYTES = 10  # QuickTime's color code numbers, without a range
_MOST_SOUND_CONFIG_BYTES = 512
_SOUND_CONFIGS = frozenset({b"esds", b"dOps", b"dac3", b"dec3", b"alac", b"dfLa", b"damr", b"chnl"})
_SOUND_WRAPPER = b"wave"  # QuickTime
_WRAPPED = frozenset({b"frma", b"mp4a", b"esds", b"\0\0\0\0", b"enda", b"alac"})


@dataclass(frozen=True, slots=True)
class Description:
    """How the samples of a track are coded.

    Parameters
    ----------
    kind : bytes
        Type of the sample entry; empty if there is none.
    coding : {"avc", "hevc", "av1"} or None
        Coding whose messages are looked for.
    length_size : int
        Bytes of the length before each unit.
    """

    kind: bytes = b""
    coding: str | None = None
    length_size: int = 4


def read_description(stsd: Box, is_video: bool, items: ItemList) -> Description:
    """Read how the samples are coded; all samples use the first description.

    Parameters
    ----------
    stsd : Box
        The box of descriptions.
    is_video : bool
        Whether the track is one of pictures.
    items : ItemList
        Receives what is not needed: further descriptions, codings that are not known, texts.

    Raises
    ------
    DamagedInputError
        If it is not built as the standard demands.
    """
    found = Description()
    entries_at = stsd.body.part(stsd.body.start, stsd.body.start + 4).stop
    for entry in boxes(stsd.body.part(entries_at, stsd.body.stop), items):
        if found.kind:
            report_box(entry, items)
        elif is_video and entry.kind in _VIDEO_KINDS:
            found = _read_video(entry, items)
        elif not is_video and entry.kind in _SOUND_KINDS:
            found = Description(entry.kind)
            _read_sound(entry, items)
        else:
            found = Description(entry.kind)
            report_box(entry, items)
    return found


def _read_video(entry: Box, items: ItemList) -> Description:
    fields = entry.payload.part(entry.payload_at, entry.payload_at + _VIDEO_ENTRY_BYTES)
    width, height = fields.unpack(">HH", fields.start + 24)
    name_at = fields.start + _COMPRESSOR_NAME_AT
    if any(fields.read(name_at, _COMPRESSOR_NAME_BYTES)):
        items.add("text", name_at, name_at + _COMPRESSOR_NAME_BYTES)
    vendor_at = fields.start + _VENDOR_AT
    if fields.read(vendor_at, 4) not in _VENDORS:
        items.add("text", vendor_at, vendor_at + 4)
    coding, length_size = _CODINGS.get(entry.kind), 4
    for box in _children(entry.view, fields.stop, items):
        if box.kind == b"avcC":
            length_size = h264_length_size(box.payload)
            report_h264_config(box.payload, items)
        elif box.kind == b"hvcC":
            length_size = hevc_length_size(box.payload)
            report_hevc_config(box.payload, items, allows_light=True)
        elif box.kind == b"colr" and not box.payload.starts_with(b"nclc"):
            report_color(box, items)
        elif box.kind == b"colr":
            report_excess(box.payload, _NCLC_BYTES, items)
        elif box.kind in _FIXED_BYTES:
            report_excess(box.payload, _FIXED_BYTES[box.kind], items)
        elif box.kind in (b"av1C", b"clap"):
            report_property(box, (width, height), items)
        else:
            report_box(box, items)
    return Description(entry.kind, coding, length_size)


def _read_sound(entry: Box, items: ItemList) -> None:
    at = entry.payload_at
    (version,) = entry.view.unpack(">H", at + 8)
    start = at + _SOUND_ENTRY_BYTES + _QUICKTIME_SOUND_BYTES.get(version, 0)
    vendor_at = at + 12
    if any(entry.view.read(vendor_at, 4)):
        items.add("text", vendor_at, vendor_at + 4)
    waiting = [(entry.view.part(start, entry.view.stop), False)]
    while waiting:
        view, is_wrapped = waiting.pop()
        for box in _children(view, view.start, items):
            length = box.view.stop - box.view.start
            if box.kind == _SOUND_WRAPPER and not is_wrapped:
                waiting.append((box.payload, True))
            elif box.kind in _FIXED_BYTES:
                report_excess(box.payload, _FIXED_BYTES[box.kind], items)
            elif length > _MOST_SOUND_CONFIG_BYTES or box.kind not in (
                _WRAPPED | _SOUND_CONFIGS | {b"chan"}
            ):
                report_box(box, items)


def _children(view: ByteView, start: int, items: ItemList) -> list[Box]:
    """Boxes from an offset on; four zero bytes at the end are QuickTime's terminator."""
    stop = view.stop
    if stop - start >= 4 and not any(view.read(stop - 4, 4)) and not _fits(view, start):
        stop -= 4
    return list(boxes(view.part(start, stop), items))


def _fits(view: ByteView, start: int) -> bool:
    """Whether boxes fill the view exactly."""
    try:
        for _ in boxes(view.part(start, view.stop), ItemList()):
            pass
    except DamagedInputError:
        return False
    return True
