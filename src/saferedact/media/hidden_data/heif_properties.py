"""Properties of HEIF items: which tell how to show a picture, and what they carry besides."""

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.boxes import Box, report_box, report_excess, text_stop
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.codec_messages import report_av1_messages, report_hevc_config
from saferedact.media.hidden_data.heif_meta import Meta
from saferedact.media.hidden_data.items import ItemList

__all__ = [
    "auxiliary_type",
    "is_alpha",
    "report_color",
    "report_other_properties",
    "report_property",
]

# ISO/IEC 23008-12 and ITU-T H.265 annex F.
_ALPHA_TYPES = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")
_MAX_AUXILIARY_TYPE_BYTES = 128  # the known ones have 26 to 50

# Properties of fixed length that tell how to show a picture, and their payload's length.
_FIXED_BYTES = {b"ispe": 12, b"irot": 1, b"imir": 1, b"pasp": 8, b"a1op": 1, b"lsel": 2}
_KNOWN = {*_FIXED_BYTES, b"pixi", b"colr", b"auxC", b"av1C", b"hvcC", b"a1lx", b"clap"}
_NCLX_BYTES = 11
_MAX_CHANNELS = 4
_CLAP_BYTES = 32
_AV1_CONFIG_BYTES = 4  # AV1-ISOBMFF, 2.3.3: before the units
# Encoders pad a picture and crop it again where the codec cannot hold its size: 4:2:0 needs even
# sides (HEVC, AV1), and x265 sides of 64 pixels or more.
_MAX_CODEC_CROP = 1
_MIN_CODED_SIDE = 64


def is_alpha(auxiliary: bytes) -> bool:
    """Whether an auxiliary picture of this type is the alpha of another one."""
    return auxiliary in _ALPHA_TYPES


def auxiliary_type(body: ByteView) -> bytes:
    """Type of an auxiliary picture, from the body of its 'auxC' or 'auxi' box."""
    length = text_stop(body, body.start) - body.start
    return body.read(body.start, min(length, _MAX_AUXILIARY_TYPE_BYTES))


def report_color(box: Box, items: ItemList) -> None:
    """Report a color profile; the code numbers of a color space are needed.

    Raises
    ------
    DamagedInputError
        If the box is too short.
    """
    if box.payload.starts_with(b"nclx"):
        report_excess(box.payload, _NCLX_BYTES, items)
    else:
        items.add("icc", box.view.start, box.view.stop)


def report_property(prop: Box, size_wh: tuple[int, int], items: ItemList) -> None:
    """Report what a property of a needed picture carries besides what decoders use.

    Parameters
    ----------
    prop : Box
        The property.
    size_wh : (int, int)
        Size of the picture before it is cropped.
    items : ItemList
        Receives the items.

    Raises
    ------
    DamagedInputError
        If it is not built as the standard demands.
    """
    payload = prop.payload
    match prop.kind:
        case b"pixi":
            (channels,) = prop.body.unpack("B", prop.body.start)
            report_excess(prop.body, 1 + min(channels, _MAX_CHANNELS), items)
        case b"colr":
            report_color(prop, items)
        case b"auxC" if is_alpha(auxiliary_type(prop.body)):
            stop = text_stop(prop.body, prop.body.start)
            items.add("unknown-segment", min(stop + 1, payload.stop), payload.stop)
        case b"hvcC":
            report_hevc_config(payload, items)
        case b"av1C":
            units_at = payload.start + _AV1_CONFIG_BYTES
            report_av1_messages([payload.part(units_at, payload.stop)], items)
        case b"a1lx":
            wide = payload.unpack("B", payload.start)[0] & 1
            report_excess(payload, 1 + (12 if wide else 6), items)
        case b"clap":
            _report_crop(prop, size_wh, items)
        case kind if kind in _FIXED_BYTES:
            report_excess(payload, _FIXED_BYTES[kind], items)
        case _:
            report_box(prop, items)


def _report_crop(prop: Box, size_wh: tuple[int, int], items: ItemList) -> None:
    report_excess(prop.payload, _CLAP_BYTES, items)
    width, width_divisor, height, height_divisor = prop.payload.unpack(">4I", prop.payload_at)
    if not width_divisor or not height_divisor:
        msg = "the crop of a HEIF picture divides by zero"
        raise DamagedInputError(msg)
    shown_wh = (width // width_divisor, height // height_divisor)
    for coded, shown in zip(size_wh, shown_wh, strict=True):
        if coded > max(_MIN_CODED_SIDE, shown + _MAX_CODEC_CROP):
            items.add("cropped-pixels", prop.view.start, prop.view.stop)


def report_other_properties(meta: Meta, needed: set[int], items: ItemList) -> None:
    """Report properties of no item, and unknown ones of items that are not needed.

    Known ones of items that are not needed only describe what is reported itself.
    """
    of_needed = {index for number in needed for index in meta.associations.get(number, ())}
    of_any = {index for indexes in meta.associations.values() for index in indexes}
    for index, prop in enumerate(meta.properties, start=1):
        if index in of_needed:
            continue
        if prop.kind not in _KNOWN:
            report_box(prop, items)
        elif index not in of_any:
            items.add("unknown-segment", prop.view.start, prop.view.stop)
