"""Messages inside the coded frames of a film: SEI of H.264 and HEVC, metadata of AV1."""

from collections.abc import Callable

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.codec_messages import report_av1_messages
from saferedact.media.hidden_data.h264_crop import MOST_CUT, h264_cut
from saferedact.media.hidden_data.items import ItemList
from saferedact.media.hidden_data.sei import is_display_message

__all__ = ["AV1", "AVC", "HEVC", "MessageReport", "h264_length_size", "report_h264_config"]

AVC, HEVC, AV1 = "avc", "hevc", "av1"

# ITU-T H.264 table 7-1: slices, parameter sets, delimiters.
_AVC_NEEDED = frozenset({1, 2, 3, 4, 5, 7, 8, 9})
_AVC_SEI = 6
_AVC_SEQUENCE = 7
# ITU-T H.265 table 7-1: slices, parameter sets, delimiters.
_HEVC_NEEDED = frozenset({*range(10), *range(16, 22), 32, 33, 34, 35})
_HEVC_SEI = frozenset({39, 40})
_AVC_CONFIG_BYTES = 5  # ISO/IEC 14496-15, 5.3.3.1: before the number of sequence parameter sets
_HIGH_PROFILES = frozenset({100, 110, 122, 144, 244})  # of which the record has four more bytes
_HIGH_BYTES = 4

MAX_MESSAGES = 100
"""Messages listed of one track: cameras put one beside each frame, and the first say it all."""


class MessageReport:
    """Report what the samples of one video track hold besides pictures.

    Parameters
    ----------
    coding : {"avc", "hevc", "av1"} or None
        How they are coded; samples of other codings have no known place for messages.
    length_size : int
        Bytes of the length before each unit of H.264 and HEVC.
    items : ItemList
        Receives the items, up to `MAX_MESSAGES`.
    """

    def __init__(self, coding: str | None, length_size: int, items: ItemList) -> None:
        self._length_size = length_size
        self._items = items
        self._left = MAX_MESSAGES
        walks: dict[str | None, Callable[[ByteView], None]] = {
            AVC: self._units,
            HEVC: self._units,
            AV1: self._av1,
        }
        self._walk = walks.get(coding)
        self._is_hevc = coding == HEVC

    def look(self, sample: ByteView) -> None:
        """Look at the next sample.

        Raises
        ------
        DamagedInputError
            If a unit does not fit.
        """
        if self._walk is not None and self._left > 0:
            self._walk(sample)

    def _units(self, sample: ByteView) -> None:
        at = sample.start
        while at < sample.stop:
            self._items.count_parts()
            length = int.from_bytes(sample.read(at, self._length_size), "big")
            unit = sample.part(at + self._length_size, at + self._length_size + length)
            if not length or not self._is_needed(unit):
                self._report(at, unit.stop)
            at = unit.stop

    def _is_needed(self, unit: ByteView) -> bool:
        (header,) = unit.unpack("B", unit.start)
        if self._is_hevc:
            kind = header >> 1 & 63
            return kind in _HEVC_NEEDED or (kind in _HEVC_SEI and is_display_message(unit, 2))
        kind = header & 31
        return kind in _AVC_NEEDED or (kind == _AVC_SEI and is_display_message(unit, 1))

    def _av1(self, sample: ByteView) -> None:
        mark = len(self._items)
        report_av1_messages([sample], self._items, allows_light=True)
        self._left -= len(self._items) - mark

    def _report(self, start: int, stop: int) -> None:
        if self._left > 0:
            self._items.add("codec-message", start, stop)
            self._left -= 1


def h264_length_size(config: ByteView) -> int:
    """Number of bytes that give the length of each unit, from an 'avcC' record.

    Raises
    ------
    DamagedInputError
        If the record is too short.
    """
    (value,) = config.unpack("B", config.start + _AVC_CONFIG_BYTES - 1)
    return int(value & 3) + 1


def report_h264_config(config: ByteView, items: ItemList) -> None:
    """Report what an 'avcC' record carries besides parameter sets.

    Raises
    ------
    DamagedInputError
        If the record is not built as it should be.
    """
    profile, sets = config.unpack("B", config.start + 1)[0], config.start + _AVC_CONFIG_BYTES
    at = sets
    for mask in (31, 255):
        (count,) = config.unpack("B", at)
        at += 1
        for _ in range(count & mask):
            items.count_parts()
            (length,) = config.unpack(">H", at)
            unit = config.part(at + 2, at + 2 + length)
            kind = unit.unpack("B", unit.start)[0] & 31 if length else None
            if kind not in (_AVC_SEQUENCE, 8):
                items.add("codec-message", at, unit.stop)
            elif kind == _AVC_SEQUENCE and h264_cut(unit) > MOST_CUT:
                items.add("cropped-pixels", at, unit.stop)
            at = unit.stop
    if profile in _HIGH_PROFILES and at < config.stop:
        extension = config.read(at, _HIGH_BYTES)
        if extension[3]:
            msg = "a film's parameter sets have extensions, which are not read"
            raise DamagedInputError(msg)
        at += _HIGH_BYTES
    items.add("unknown-segment", at, config.stop)
