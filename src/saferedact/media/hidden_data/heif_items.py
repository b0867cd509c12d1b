"""HEIF items: which ones the primary picture needs, and what the others are."""

from saferedact.errors import DamagedInputError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.hidden_data.boxes import report_excess
from saferedact.media.hidden_data.codec_messages import (
    hevc_length_size,
    report_av1_messages,
    report_hevc_messages,
)
from saferedact.media.hidden_data.exif import report_exif_parts
from saferedact.media.hidden_data.heif_meta import HeifItem, Meta
from saferedact.media.hidden_data.heif_properties import (
    auxiliary_type,
    is_alpha,
    report_other_properties,
    report_property,
)
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["report_items"]

_HEVC, _AV1 = b"hvc1", b"av01"
_DERIVED = frozenset({b"grid", b"iovl", b"iden"})
_READABLE = frozenset({_HEVC, _AV1}) | _DERIVED
_PICTURES = _READABLE | {
    b"jpeg",
    b"avc1",
    b"vvc1",
    b"evc1",
    b"j2k1",
    b"unci",
    b"mask",
    b"hvc2",
    b"lhv1",
}
_KIND_CHANNELS: dict[bytes, Channel] = {
    b"Exif": "exif",
    b"jumb": "jumbf",
    b"tmap": "gain-map",
    b"uri ": "application-data",
}
_MIME_CHANNELS: dict[bytes, Channel] = {b"application/rdf+xml": "xmp"}
_NEEDED_REFERENCES = frozenset({b"dimg", b"auxl", b"prem"})
_DEPTH_TYPES = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:depth", b"urn:mpeg:hevc:2015:auxid:2")
_GAIN_MAP_TYPE = b"hdrgainmap"  # Apple: urn:com:apple:photo:2020:aux:hdrgainmap


def report_items(meta: Meta, items: ItemList, limits: Limits) -> set[int]:
    """Report items that the primary picture does not need, and what is hidden in needed ones.

    Parameters
    ----------
    meta : Meta
        The items.
    items : ItemList
        Receives the items found.
    limits : Limits
        Bounds the size of pictures.

    Returns
    -------
    set of int
        The items that the primary picture needs.

    Raises
    ------
    DamagedInputError
        If there is no primary picture, or an item is not built as it should be.
    UnsupportedFormatError
        If the primary picture is coded in a way that is not read.
    LimitExceededError
        If a picture is too large.
    """
    needed = _needed_items(meta)
    channels = _channels(meta, needed)
    for number, item in meta.items.items():
        if number in needed:
            _report_inside(meta, number, items, limits)
        else:
            _report_item(item, channels.get(number, "second-image"), items)
    report_other_properties(meta, needed, items)
    _report_references(meta, needed, items)
    return needed


def _report_references(meta: Meta, needed: set[int], items: ItemList) -> None:
    """Report references that no picture needs; those of reported items describe these."""
    seen: set[tuple[bytes, int]] = set()
    for kind, source, box in meta.reference_boxes:
        wanted = kind in _NEEDED_REFERENCES and (kind, source) not in seen
        if source not in meta.items or (source in needed and not wanted):
            items.add("unknown-segment", box.start, box.stop)
        seen.add((kind, source))


def _auxiliary_type_of(meta: Meta, number: int) -> bytes:
    for prop in meta.properties_of(number):
        if prop.kind == b"auxC":
            return auxiliary_type(prop.body)
    return b""


def _needed_items(meta: Meta) -> set[int]:
    """Primary picture, the pictures that it is put together from, and their alpha."""
    if meta.primary not in meta.items:
        msg = "the HEIF file names no primary picture"
        raise DamagedInputError(msg)
    alphas: dict[int, list[int]] = {}
    for (kind, source), targets in meta.references.items():
        if kind == b"auxl" and is_alpha(_auxiliary_type_of(meta, source)):
            for target in targets:
                alphas.setdefault(target, []).append(source)
    needed: set[int] = set()
    waiting = [meta.primary]
    while waiting:
        number = waiting.pop()
        if number in needed or number not in meta.items:
            continue
        if meta.items[number].kind not in _READABLE:
            msg = "the picture of this HEIF file is coded in a way that is not read"
            raise UnsupportedFormatError(msg)
        needed.add(number)
        waiting += alphas.get(number, [])
        if meta.items[number].kind in _DERIVED:
            waiting += meta.linked(b"dimg", number)
    return needed


def _channels(meta: Meta, needed: set[int]) -> dict[int, Channel]:
    """What the items that are not needed are; pictures of no known kind are left out."""
    channels: dict[int, Channel] = {}
    for number, item in meta.items.items():
        if number not in needed and (channel := _channel(meta, number, item)):
            channels[number] = channel
    # The tiles of a gain map or thumbnail are that as well.
    waiting = list(channels)
    while waiting:
        number = waiting.pop()
        for part in meta.linked(b"dimg", number):
            if part not in channels and part not in needed:
                channels[part] = channels[number]
                waiting.append(part)
    return channels


def _channel(meta: Meta, number: int, item: HeifItem) -> Channel | None:
    if item.kind == b"mime":
        return _MIME_CHANNELS.get(item.content_type, "application-data")
    if item.kind not in _PICTURES:
        return _KIND_CHANNELS.get(item.kind, "extra-item")
    if meta.linked(b"thmb", number):
        return "thumbnail"
    auxiliary = _auxiliary_type_of(meta, number)
    if _GAIN_MAP_TYPE in auxiliary:
        return "gain-map"
    return "depth-map" if auxiliary in _DEPTH_TYPES else None


def _report_item(item: HeifItem, channel: Channel, items: ItemList) -> None:
    for extent in item.extents:
        items.add(channel, extent.start, extent.stop)
    if not item.extents:
        items.add(channel, item.entry.start, item.entry.stop)
    if channel == "exif" and item.extents:
        extent = item.extents[0]
        if extent.stop - extent.start >= 4:
            (skipped,) = extent.unpack(">I", extent.start)  # bytes before the byte-order mark
            start = min(extent.start + 4 + skipped, extent.stop)
            report_exif_parts(extent.part(start, extent.stop), items)


def _report_inside(meta: Meta, number: int, items: ItemList, limits: Limits) -> None:
    """Report what a needed picture carries besides its pixels."""
    item = meta.items[number]
    properties = meta.properties_of(number)
    size_wh = (0, 0)
    for prop in properties:
        if prop.kind == b"ispe":
            width, height = prop.body.unpack(">II", prop.body.start)
            limits.check_size_wh(width, height)
            size_wh = (width, height)
    seen = set()
    for prop in properties:
        # The first of a kind counts. Of colors there may be two kinds: code numbers and a profile.
        kind = prop.payload.read(prop.payload_at, 4) if prop.kind == b"colr" else prop.kind
        if kind in seen:
            items.add("unknown-segment", prop.view.start, prop.view.stop)
        else:
            report_property(prop, size_wh, items)
        seen.add(kind)
    if not item.extents and item.kind != b"iden":
        msg = "a picture of a HEIF file has no data"
        raise DamagedInputError(msg)
    if item.kind == _HEVC:
        report_hevc_messages(item.extents, _length_size(meta, number), items)
    elif item.kind == _AV1:
        layered = any(prop.kind == b"a1lx" for prop in properties)
        report_av1_messages(item.extents, items, is_still=not layered)
    else:
        _report_derived(meta, number, items)


def _length_size(meta: Meta, number: int) -> int:
    for prop in meta.properties_of(number):
        if prop.kind == b"hvcC":
            return hevc_length_size(prop.payload)
    msg = "a HEVC picture lacks its configuration"
    raise DamagedInputError(msg)


def _report_derived(meta: Meta, number: int, items: ItemList) -> None:
    """Report bytes of a grid or overlay behind its numbers."""
    item = meta.items[number]
    for extent in item.extents[1:]:  # the numbers are too few to be cut in two
        items.add("unknown-segment", extent.start, extent.stop)
    for extent in item.extents[:1]:
        number_bytes = 4 if extent.unpack("B", extent.start + 1)[0] & 1 else 2
        if item.kind == b"grid":  # version, flags, rows, columns, width, height
            report_excess(extent, 4 + 2 * number_bytes, items)
        else:  # version, flags, fill color, width, height, a place for each picture
            places = len(meta.linked(b"dimg", number))
            report_excess(extent, 2 + 8 + 2 * number_bytes * (1 + places), items)
