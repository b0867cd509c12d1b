"""Building blocks of image files for tests: EXIF, color profiles, segments, chunks and boxes."""

import struct
import zlib
from collections.abc import Iterable

__all__ = [
    "exif_block",
    "icc_profile",
    "isobmff_box",
    "jpeg_segment",
    "png_chunk",
    "riff_chunk",
]

_ORIENTATION = 0x0112
_ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 2, 3, 4, 5, 7  # TIFF 6.0, field types
_SRGB_PRIMARIES_XYZ_D50 = (
    (0.4361, 0.2225, 0.0139),
    (0.3851, 0.7169, 0.0971),
    (0.1431, 0.0606, 0.7141),
)  # IEC 61966-2-1 adapted to D50, columns red, green, blue: as in every sRGB ICC profile


def icc_profile(
    description: bytes = b"made for a test", *, order: tuple[int, int, int] = (0, 1, 2)
) -> bytes:
    """Build a minimal RGB matrix profile with sRGB's primaries and a gamma of 2.2.

    Parameters
    ----------
    description : bytes
        ASCII text of the profile's description: a place to hide data.
    order : (int, int, int)
        Which primary each channel drives. ``(2, 1, 0)`` swaps red and blue, so a reader that
        ignores the profile is off by far more than rounding.

    Returns
    -------
    bytes
        An ICC version 2 display profile.

    References
    ----------
    .. [1] ICC.1:2001-04, sections 6.1 (header), 6.4 (required tags), 6.5 (tag types).
    """

    def xyz(values: Iterable[float]) -> bytes:
        fixed = [round(value * 65536) for value in values]
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *fixed)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    text = description + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78),
        b"cprt": b"text\0\0\0\0" + text,
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
    }
    for name, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), order, strict=True):
        tags[name] = xyz(_SRGB_PRIMARIES_XYZ_D50[primary])
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += xyz((0.9642, 1.0, 0.8249))[8:] + bytes(48)
    return header + table + body


def exif_block(
    *, orientation: int | None = None, text: bytes = b"", gps: bytes = b"", thumbnail: bytes = b""
) -> bytes:
    """Build an EXIF block: a little TIFF with a description, a position and a thumbnail.

    Parameters
    ----------
    orientation : int, optional
        Value of the Orientation tag, 1 to 8; left out when None.
    text : bytes
        Value of ImageDescription; left out when empty.
    gps : bytes
        Value of GPSProcessingMethod, beside a latitude; no GPS directory when empty.
    thumbnail : bytes
        A whole JPEG file for IFD1; no IFD1 when empty.

    Returns
    -------
    bytes
        The block from its ``II*`` on, without the ``Exif`` prefix of JPEG.
    """
    out = bytearray(b"II*\0" + struct.pack("<I", 8))

    def write_ifd(fields: list[tuple[int, int, int, bytes]]) -> int:
        """Append a directory and its values; return where its next-directory pointer is."""
        after = len(out) + 2 + 12 * len(fields) + 4
        head, values = struct.pack("<H", len(fields)), b""
        for tag, kind, count, value in sorted(fields):
            place = value.ljust(4, b"\0")
            if len(value) > 4:
                place = struct.pack("<I", after + len(values))
                values += value + bytes(len(value) % 2)
            head += struct.pack("<HHI", tag, kind, count) + place
        out.extend(head + bytes(4) + values)
        return after - 4

    fields = []
    if text:
        fields.append((0x010E, _ASCII, len(text) + 1, text + b"\0"))
    if orientation is not None:
        fields.append((_ORIENTATION, _SHORT, 1, struct.pack("<H", orientation)))
    if gps:
        fields.append((0x8825, _LONG, 1, b"GPS?"))
    pointer = write_ifd(fields)
    if gps:
        at = out.index(b"GPS?")
        out[at : at + 4] = struct.pack("<I", len(out))
        latitude = struct.pack("<6I", 51, 1, 30, 1, 26, 1)
        write_ifd(
            [
                (1, _ASCII, 2, b"N\0"),
                (2, _RATIONAL, 3, latitude),
                (27, _UNDEFINED, len(gps) + 8, b"ASCII\0\0\0" + gps),
            ]
        )
    if thumbnail:
        out[pointer : pointer + 4] = struct.pack("<I", len(out))
        start = struct.pack("<I", len(out) + 2 + 3 * 12 + 4)
        length = struct.pack("<I", len(thumbnail))
        compression = struct.pack("<H", 6)
        write_ifd(
            [
                (0x0103, _SHORT, 1, compression),
                (0x0201, _LONG, 1, start),
                (0x0202, _LONG, 1, length),
            ]
        )
        out += thumbnail
    return bytes(out)


def jpeg_segment(code: int, payload: bytes) -> bytes:
    """Build a JPEG marker segment ``FF code length payload``."""
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload


def png_chunk(kind: bytes, payload: bytes) -> bytes:
    """Build a PNG chunk with its length and checksum."""
    return (
        struct.pack(">I", len(payload))
        + kind
        + payload
        + struct.pack(">I", zlib.crc32(kind + payload))
    )


def riff_chunk(kind: bytes, payload: bytes) -> bytes:
    """Build a RIFF chunk, padded to an even length."""
    return kind + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def isobmff_box(kind: bytes, payload: bytes) -> bytes:
    """Build a box of the ISO base media file format (HEIF, AVIF, JUMBF)."""
    return struct.pack(">I", len(payload) + 8) + kind + payload
