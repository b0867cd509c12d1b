"""BMP (Windows DIB headers of 12, 40, 52, 56, 64, 108 and 124 bytes)."""

from dataclasses import dataclass

from saferedact.errors import DamagedInputError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList

__all__ = ["walk_bmp"]

_FILE_HEADER_BYTES = 14
_CORE_HEADER_BYTES = 12  # OS/2 1.x, with 16-bit sizes and palette entries of 3 bytes
_HEADER_BYTES = frozenset({_CORE_HEADER_BYTES, 40, 52, 56, 64, 108, 124})
_INFO_HEADER_BYTES, _V5_HEADER_BYTES = 40, 124
_RGB, _RLE8, _RLE4, _BIT_FIELDS, _ALPHA_BIT_FIELDS = 0, 1, 2, 3, 6
_MASK_BYTES = {_BIT_FIELDS: 12, _ALPHA_BIT_FIELDS: 16}  # only behind a header of 40 bytes
_PROFILE_LINKED, _PROFILE_EMBEDDED = b"KNIL", b"DEBM"  # 'LINK' and 'MBED', little-endian


@dataclass(frozen=True, slots=True)
class _Header:
    size: int
    width: int
    height: int
    bits: int
    compression: int
    data_bytes: int  # as announced; needed for run-length coding only
    colors: int

    @property
    def row_bytes(self) -> int:
        """Bytes of one row without padding."""
        return (self.width * self.bits + 7) // 8

    @property
    def stride(self) -> int:
        """Bytes of one row, padded to a multiple of four."""
        return (self.row_bytes + 3) // 4 * 4

    @property
    def table_bytes(self) -> int:
        """Bytes of masks and palette behind the header."""
        masks = _MASK_BYTES.get(self.compression, 0) if self.size == _INFO_HEADER_BYTES else 0
        entry_bytes = 3 if self.size == _CORE_HEADER_BYTES else 4
        colors = min(self.colors or 256, 1 << self.bits) if self.bits <= 8 else 0
        return masks + colors * entry_bytes


def walk_bmp(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a BMP carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        Begins with the file header; may go on after the pixels.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size of the picture.

    Returns
    -------
    int
        Offset after the pixels, or after the color profile if that comes last.

    Raises
    ------
    DamagedInputError
        If the file breaks off or its header makes no sense.
    UnsupportedFormatError
        If the pixels are a JPEG or PNG stream, which only printers use.
    LimitExceededError
        If the picture is too large.
    """
    reserved, pixels_at = view.unpack("<4sI", view.start + 6)
    if any(reserved):
        items.add("unknown-segment", view.start + 6, view.start + 10)
    header = _read_header(view, limits)
    table_stop = view.start + _FILE_HEADER_BYTES + header.size + header.table_bytes
    run_length = header.compression in (_RLE8, _RLE4)
    data_bytes = header.data_bytes if run_length else header.stride * header.height
    pixels = view.part(view.start + pixels_at, view.start + pixels_at + data_bytes)
    if pixels.start < table_stop:
        msg = "the pixels of a BMP begin inside its header"
        raise DamagedInputError(msg)
    items.add("trailing-data", table_stop, pixels.start)
    if not run_length:
        _report_row_padding(header, pixels, items)
    return _report_profile(view, header, pixels.stop, items)


def _read_header(view: ByteView, limits: Limits) -> _Header:
    at = view.start + _FILE_HEADER_BYTES
    (size,) = view.unpack("<I", at)
    if size not in _HEADER_BYTES:
        msg = "a BMP header has a length that does not exist"
        raise DamagedInputError(msg)
    if size == _CORE_HEADER_BYTES:
        width, height, _, bits = view.unpack("<4H", at + 4)
        compression = data_bytes = colors = 0
    else:
        width, height, _, bits, compression, data_bytes, _, _, colors = view.unpack(
            "<iiHHIIiiI", at + 4
        )
    height = abs(height)  # negative: rows from top to bottom
    limits.check_size_wh(width, height)
    if width <= 0 or bits not in (1, 2, 4, 8, 16, 24, 32):
        msg = "a BMP header names a pixel format that does not exist"
        raise DamagedInputError(msg)
    if compression not in (_RGB, _RLE8, _RLE4, _BIT_FIELDS, _ALPHA_BIT_FIELDS):
        msg = "the pixels of this BMP are coded in a way that is not read"
        raise UnsupportedFormatError(msg)
    return _Header(size, width, height, bits, compression, data_bytes, colors)


def _report_row_padding(header: _Header, pixels: ByteView, items: ItemList) -> None:
    """Report the pixels' rows as padded with data, once for the whole picture."""
    padding = header.stride - header.row_bytes
    if not padding:
        return
    at = pixels.start
    while at < pixels.stop:
        if any(pixels.read(at + header.row_bytes, padding)):
            items.add("padding", at + header.row_bytes, pixels.stop)
            return
        at += header.stride


def _report_profile(view: ByteView, header: _Header, pixels_stop: int, items: ItemList) -> int:
    """Report an embedded or linked color profile; return the end of pixels and profile."""
    if header.size != _V5_HEADER_BYTES:
        return pixels_stop
    at = view.start + _FILE_HEADER_BYTES
    (color_space,) = view.unpack("4s", at + 56)
    offset, length = view.unpack("<II", at + 112)
    if color_space not in (_PROFILE_LINKED, _PROFILE_EMBEDDED):
        return pixels_stop
    profile = view.part(at + offset, at + offset + length)
    items.add("icc", profile.start, profile.stop)
    if profile.start < pixels_stop:  # between header and pixels: reported there as a gap as well
        return pixels_stop
    items.add("trailing-data", pixels_stop, profile.start)
    return profile.stop
