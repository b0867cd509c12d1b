"""Messages inside coded pictures: HEVC supplemental information, AV1 metadata and padding."""

from collections.abc import Iterable, Iterator

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList
from saferedact.media.hidden_data.sei import is_display_message

__all__ = [
    "hevc_length_size",
    "report_av1_messages",
    "report_hevc_config",
    "report_hevc_messages",
]

# ITU-T H.265 table 7-1. All others (SEI, delimiters, filler, reserved) are not needed to decode,
# and 'hvc1' pictures have their parameter sets in the configuration only.
_HEVC_SLICES = frozenset({*range(10), *range(16, 22)})
_HEVC_PARAMETER_SETS = frozenset({32, 33, 34})
_HEVC_SEI = frozenset({39, 40})
_HEVC_CONFIG_BYTES = 22  # ISO/IEC 14496-15, 8.3.3.1: before the number of arrays
# AV1 specification, section 6.2.2. Metadata (5), redundant headers (7), tile lists (8), padding
# (15) and reserved types are not needed to decode.
_AV1_SEQUENCE, _AV1_DELIMITER, _AV1_FRAME_HEADER, _AV1_TILES, _AV1_FRAME = 1, 2, 3, 4, 6
_AV1_NEEDED = frozenset({_AV1_SEQUENCE, _AV1_DELIMITER, _AV1_FRAME_HEADER, _AV1_TILES, _AV1_FRAME})
_AV1_METADATA = 5
# Section 6.7.2: type (1 byte), values of METADATA_TYPE_HDR_CLL or _MDCV, trailing bits (1 byte).
_AV1_LIGHT_BYTES = {1: 6, 2: 26}
_LEB128_MAX_BYTES = 8


def hevc_length_size(config: ByteView) -> int:
    """Number of bytes that give the length of each unit, from an 'hvcC' record.

    Raises
    ------
    DamagedInputError
        If the record is too short.
    """
    (value,) = config.unpack("B", config.start + _HEVC_CONFIG_BYTES - 1)
    return int(value & 3) + 1


def report_hevc_config(config: ByteView, items: ItemList, *, allows_light: bool = False) -> None:
    """Report all units in an 'hvcC' record but one parameter set of each kind.

    Parameters
    ----------
    config : ByteView
        The record.
    items : ItemList
        Receives the items.
    allows_light : bool
        Whether messages that an HDR display needs are needed.

    Raises
    ------
    DamagedInputError
        If the record is not built as it should be.
    """
    (arrays,) = config.unpack("B", config.start + _HEVC_CONFIG_BYTES)
    at = config.start + _HEVC_CONFIG_BYTES + 1
    wanted = set(_HEVC_PARAMETER_SETS)
    for _ in range(arrays):
        (units,) = config.unpack(">H", at + 1)
        at += 3
        for _ in range(units):
            items.count_parts()
            (length,) = config.unpack(">H", at)
            unit = config.part(at, at + 2 + length)
            kind = _hevc_kind(unit, at + 2)
            is_light = allows_light and kind in _HEVC_SEI
            if is_light:
                is_light = is_display_message(unit.part(at + 2, unit.stop), 2)
            if kind not in wanted and not is_light:
                items.add("codec-message", unit.start, unit.stop)
            wanted.discard(kind)
            at = unit.stop
    items.add("unknown-segment", at, config.stop)


def report_hevc_messages(extents: Iterable[ByteView], length_size: int, items: ItemList) -> None:
    """Report what coded HEVC data of one picture hold besides it.

    Parameters
    ----------
    extents : iterable of ByteView
        The parts of the file that hold it, each a whole number of units.
    length_size : int
        Bytes of the length before each unit, from `hevc_length_size`.
    items : ItemList
        Receives the items: messages, and slices of a second picture.

    Raises
    ------
    DamagedInputError
        If a unit does not fit.
    """
    pictures = 0
    for extent in extents:
        at = extent.start
        while at < extent.stop:
            items.count_parts()
            length = int.from_bytes(extent.read(at, length_size), "big")
            unit = extent.part(at, at + length_size + length)
            header_at = at + length_size
            if _hevc_kind(unit, header_at) not in _HEVC_SLICES:
                items.add("codec-message", unit.start, unit.stop)
            else:
                # The first bit behind the header: first_slice_segment_in_pic_flag.
                pictures += unit.unpack("B", header_at + 2)[0] >> 7
                if pictures > 1:
                    items.add("second-image", unit.start, unit.stop)
            at = unit.stop


def _hevc_kind(unit: ByteView, header_at: int) -> int:
    (header,) = unit.unpack("B", header_at)
    return int(header >> 1) & 63


def report_av1_messages(
    extents: Iterable[ByteView],
    items: ItemList,
    *,
    is_still: bool = False,
    allows_light: bool = False,
) -> None:
    """Report what coded AV1 data hold besides the picture.

    Parameters
    ----------
    extents : iterable of ByteView
        The parts of the file that hold the data, each a whole number of units (OBUs).
    items : ItemList
        Receives the items: messages, and further frames of a still picture.
    is_still : bool
        Whether there is one frame only. In a sequence, frames that are not shown help to decode
        others.
    allows_light : bool
        Whether the light levels and the mastering display of HDR pictures are needed.

    Raises
    ------
    DamagedInputError
        If a unit does not fit.
    """
    frames = 0
    for extent in extents:
        wanted = set(_AV1_NEEDED)
        for kind, start, payload_at, stop in _av1_units(extent, items):
            if allows_light and kind == _AV1_METADATA and _is_light(extent, payload_at, stop):
                continue
            if kind not in wanted or (kind == _AV1_DELIMITER and payload_at < stop):
                items.add("codec-message", start, stop)
            elif kind in (_AV1_SEQUENCE, _AV1_DELIMITER):  # once in each extent
                wanted.discard(kind)
            frames += kind in (_AV1_FRAME, _AV1_FRAME_HEADER)
            if is_still and frames > 1:
                items.add("second-image", start, stop)


def _is_light(extent: ByteView, at: int, stop: int) -> bool:
    """Whether a metadata unit holds nothing but light levels or a mastering display."""
    kind = extent.unpack("B", at)[0] if at < stop else 0
    return bool(stop - at == _AV1_LIGHT_BYTES.get(kind))


def _av1_units(extent: ByteView, items: ItemList) -> Iterator[tuple[int, int, int, int]]:
    """Yield type, start, start of the payload and end of each unit."""
    at = extent.start
    while at < extent.stop:
        items.count_parts()
        (header,) = extent.unpack("B", at)
        payload_at = extent.part(at, at + (2 if header & 4 else 1)).stop  # extension flag
        stop = extent.stop
        if header & 2:  # has a size field
            size, payload_at = _leb128(extent, payload_at)
            stop = extent.part(payload_at, payload_at + size).stop
        yield (header >> 3) & 15, at, payload_at, stop
        at = stop


def _leb128(view: ByteView, at: int) -> tuple[int, int]:
    """Read a variable-length number; return it and the offset after it."""
    value = 0
    for index in range(_LEB128_MAX_BYTES):
        (byte,) = view.unpack("B", at + index)
        value |= (byte & 127) << (7 * index)
        if byte < 128:
            return value, at + index + 1
    msg = "a length in coded AV1 data has no end"
    raise DamagedInputError(msg)
