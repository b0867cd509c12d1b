"""Application and comment segments of JPEG: which are needed, and what the others carry."""

import re
from collections.abc import Callable

from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.exif import report_exif_parts, report_photoshop_parts
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["report_segment"]

_APP0, _APP1, _APP2, _APP11, _APP13, _APP14, _COM = 0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xEE, 0xFE
_JFIF, _JFIF_BYTES = b"JFIF\0", 14  # JFIF 1.02: 14 bytes, then the thumbnail, 3 bytes a pixel
_ADOBE, _ADOBE_BYTES = b"Adobe", 12  # Adobe technical note 5116: says whether CMYK, YCCK or RGB
# XMP of Adobe (Ultra HDR) and Apple that describes a gain map.
_GAIN_MAP_XMP = re.compile(rb"hdr-gain-map|hdrgainmap|hdrgm:")

_SIGNATURES: tuple[tuple[int, bytes, Channel], ...] = (
    (_APP0, b"JFXX\0", "thumbnail"),
    (_APP1, b"Exif\0", "exif"),
    (_APP1, b"http://ns.adobe.com/xap/1.0/\0", "xmp"),
    (_APP1, b"http://ns.adobe.com/xmp/extension/\0", "xmp"),
    (_APP2, b"ICC_PROFILE\0", "icc"),
    (_APP2, b"MPF\0", "mpf"),
    (_APP2, b"urn:iso:std:iso:ts:21496:-1\0", "gain-map"),
    (_APP11, b"JP", "jumbf"),
    (_APP13, b"Photoshop 3.0\0", "application-data"),
    (_COM, b"", "comment"),
)


def report_segment(marker: int, segment: ByteView, items: ItemList, *, repeated: bool) -> None:
    """Report an APPn or COM segment, or any other that is not known to be needed.

    Parameters
    ----------
    marker : int
        Second byte of its marker.
    segment : ByteView
        The segment with its marker and length.
    items : ItemList
        Receives the items.
    repeated : bool
        Whether a segment with this marker came before. Only the first JFIF and the first Adobe
        segment say how to read the pixels.

    Raises
    ------
    LimitExceededError
        If there are too many items.
    """
    payload = segment.part(segment.start + 4, segment.stop)
    if marker == _APP0 and payload.starts_with(_JFIF) and not repeated:
        _report_jfif(segment, payload, items)
    elif marker == _APP14 and payload.starts_with(_ADOBE) and not repeated:
        items.add("unknown-segment", min(payload.start + _ADOBE_BYTES, payload.stop), payload.stop)
    else:
        channel, prefix_bytes = _classify(marker, payload)
        items.add(channel, segment.start, segment.stop)
        if inner := _INNER.get(channel):
            inner(payload.part(payload.start + prefix_bytes, payload.stop), items)


def _classify(marker: int, payload: ByteView) -> tuple[Channel, int]:
    """Channel of a segment, and length of the signature that tells it."""
    for known_marker, signature, channel in _SIGNATURES:
        if marker == known_marker and payload.starts_with(signature):
            return channel, len(signature)
    return "unknown-segment", 0


def _report_jfif(segment: ByteView, payload: ByteView, items: ItemList) -> None:
    if payload.stop - payload.start < _JFIF_BYTES:
        items.add("unknown-segment", segment.start, segment.stop)
        return
    width, height = payload.unpack(">BB", payload.start + _JFIF_BYTES - 2)
    thumbnail_at = payload.start + _JFIF_BYTES
    thumbnail_stop = min(thumbnail_at + 3 * width * height, payload.stop)
    items.add("thumbnail", thumbnail_at, thumbnail_stop)
    items.add("unknown-segment", thumbnail_stop, payload.stop)


def _report_exif(payload: ByteView, items: ItemList) -> None:
    # The signature is "Exif", a zero, and one byte of padding of any value.
    report_exif_parts(payload.part(min(payload.start + 1, payload.stop), payload.stop), items)


def _report_gain_map_xmp(payload: ByteView, items: ItemList) -> None:
    if payload.search(_GAIN_MAP_XMP, payload.start, longest=len(b"hdr-gain-map")) is not None:
        items.add("gain-map", payload.start, payload.stop)


_INNER: dict[Channel, Callable[[ByteView, ItemList], None]] = {
    "exif": _report_exif,
    "xmp": _report_gain_map_xmp,
    "application-data": report_photoshop_parts,
}
