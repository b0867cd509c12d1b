"""Still images in every format, with data planted wherever a format can hide some.

For tests: `image_with_hidden_data` writes a real file and returns the markers that it planted, each
a unique ASCII string, so that a scan of an output's bytes can look for every one of them. The
pixels are synthetic. Nothing here is meant to be safe against hostile input.
"""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.testing.image_blocks import (
    exif_block,
    icc_profile,
    isobmff_box,
    jpeg_segment,
    png_chunk,
    riff_chunk,
)

__all__ = [
    "HIDDEN_DATA_FORMATS",
    "exif_block",
    "icc_profile",
    "image_with_hidden_data",
    "isobmff_box",
    "jpeg_segment",
    "png_chunk",
    "riff_chunk",
    "sample_pixels",
]

HIDDEN_DATA_FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF")
"""The formats that `image_with_hidden_data` can write."""

_TIFF_ORIENTATION = 274
_TIFF_SHORT, _TIFF_UNDEFINED = 3, 7  # TIFF 6.0, field types


class _Markers(dict[str, bytes]):
    """Markers by the name of the place they are planted in, made on first use."""

    def __missing__(self, place: str) -> bytes:
        marker = f"HIDDEN-{place}-{zlib.crc32(place.encode()):08x}-WITNESS".encode()
        self[place] = marker
        return marker


def sample_pixels(
    size_wh: tuple[int, int] = (96, 64),
    channels: int = 3,
    *,
    dtype: type[np.uint8 | np.uint16] = np.uint8,
    seed: int = 0,
) -> npt.NDArray[Any]:
    """Draw a smooth, asymmetric picture: gradients, a bright corner and a little noise.

    No two of its eight orientations look alike, so a wrong rotation or flip is always seen.

    Parameters
    ----------
    size_wh : (int, int)
        Width and height, in pixels.
    channels : int
        1 (grey), 3 (RGB) or 4 (RGBA; the alpha falls from opaque to 25 %).
    dtype : dtype
        uint8 or uint16.
    seed : int
        Seed of the noise and of the shift of the gradients.

    Returns
    -------
    ndarray, shape (h, w) or (h, w, channels)
        New array.
    """
    width, height = size_wh
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 1, width)[None, :, None]
    y = np.linspace(0, 1, height)[:, None, None]
    slope = np.array([0.7, 0.2, 0.5])
    values = 0.1 + slope * x * 0.6 + slope[::-1] * y * 0.4 + 0.02 * rng.random((height, width, 3))
    values = values + 0.05 * np.sin(seed)
    corner = (slice(0, (height + 2) // 3), slice(0, (width + 3) // 4))
    values[corner] = (0.9, 0.75, 0.2)
    if channels == 1:
        values = values.mean(axis=2, keepdims=True)
    if channels == 4:
        alpha = np.broadcast_to(1 - 0.75 * y, (height, width, 1))
        values = np.concatenate([values, alpha], axis=2)
    top = np.iinfo(dtype).max
    pixels = np.rint(np.clip(values, 0, 1) * top).astype(dtype)
    return np.ascontiguousarray(pixels[:, :, 0] if channels == 1 else pixels)


def image_with_hidden_data(
    format: str,  # noqa: A002 - the word of the whole library, and of Pillow, for this
    path: Path,
    *,
    size_wh: tuple[int, int] = (96, 64),
    frames: int = 1,
    orientation: int = 1,
) -> dict[str, bytes]:
    """Write an image file with a marker planted in every place where its format can hide data.

    Parameters
    ----------
    format : str
        One of `HIDDEN_DATA_FORMATS`.
    path : Path
        The file to write.
    size_wh : (int, int)
        Size as stored, in pixels.
    frames : int
        More than 1 makes an animation (PNG, GIF, WEBP: 80 ms a frame, forever) or a multi-page
        TIFF; ignored by the other formats. An MPO always has two images.
    orientation : int
        EXIF orientation that is planted, in formats that have EXIF.

    Returns
    -------
    dict of str to bytes
        The markers by the place they are in. Those whose place ends in ``-zip`` are stored
        compressed.
    """
    markers = _Markers()
    data = _WRITERS[format](_pictures(size_wh, frames), markers, orientation)
    path.write_bytes(data)
    return dict(markers)


def _pictures(size_wh: tuple[int, int], frames: int) -> list[Any]:
    from PIL import Image

    return [Image.fromarray(sample_pixels(size_wh, seed=i)) for i in range(frames)]


def _saved(pictures: list[Any], format: str, **options: Any) -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    if len(pictures) > 1:
        options |= {"save_all": True, "append_images": pictures[1:]}
        if format != "TIFF":
            options |= {"duration": 80, "loop": 0}
    pictures[0].save(buffer, format, **options)
    return buffer.getvalue()


def _marked_jpeg(marker: bytes) -> bytes:
    """A small JPEG, as a thumbnail or second view, with a comment that gives it away."""
    jpeg = _saved([_pictures((16, 16), 1)[0]], "JPEG", quality=75)
    return jpeg[:2] + jpeg_segment(0xFE, marker) + jpeg[2:]


def _xmp(marker: bytes) -> bytes:
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>'
        + marker
        + b'</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def _exif(markers: _Markers, orientation: int) -> bytes:
    return exif_block(
        orientation=orientation,
        text=markers["exif"],
        gps=markers["gps"],
        thumbnail=_marked_jpeg(markers["exif-thumbnail"]),
    )


def _iptc(marker: bytes) -> bytes:
    """IPTC record 2, dataset 120: the caption."""
    return b"\x1c\x02\x78" + struct.pack(">H", len(marker)) + marker


def _photoshop(marker: bytes) -> bytes:
    """Photoshop image resource 0x0404, which holds IPTC."""
    iptc = _iptc(marker)
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + bytes(len(iptc) % 2)


def _jumbf(marker: bytes) -> bytes:
    """A superbox with a description ``c2pa`` and one content box, as content credentials have."""
    description = isobmff_box(b"jumd", b"c2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0")
    return isobmff_box(b"jumb", description + isobmff_box(b"json", b'{"a":"' + marker + b'"}'))


def _jpeg_segments(markers: _Markers, orientation: int) -> bytes:
    jumbf = _jumbf(markers["c2pa"])
    icc = icc_profile(markers["icc"])
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    extended = guid + struct.pack(">II", len(markers["xmp-extended"]), 0) + markers["xmp-extended"]
    return b"".join(
        [
            jpeg_segment(0xE1, b"Exif\0\0" + _exif(markers, orientation)),
            jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp(markers["xmp"])),
            jpeg_segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + extended),
            jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01" + icc),
            jpeg_segment(0xED, b"Photoshop 3.0\0" + _photoshop(markers["iptc"])),
            jpeg_segment(0xEB, b"JP\0\x01\0\0\0\x01" + jumbf),
            jpeg_segment(0xEC, b"Ducky" + markers["app12"]),
            jpeg_segment(0xFE, markers["comment"]),
        ]
    )


def _jpeg(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    jpeg = _saved(pictures[:1], "JPEG", quality=92)
    gain_map = _marked_jpeg(markers["gain-map"])
    hdr = b'<rdf:Description hdrgm:Version="1.0"/>' + markers["gain-map-xmp"]
    gain_map = (
        gain_map[:2] + jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + hdr) + gain_map[2:]
    )
    segments = _jpeg_segments(markers, orientation)
    return jpeg[:2] + segments + jpeg[2:] + gain_map + markers["trailing"]


def _mpo(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    """Two views; the entry of the second counts from the MPF segment, so others may precede it."""
    second = _pictures(pictures[0].size, 2)[1]
    second.info["comment"] = b""
    buffer = io.BytesIO()
    pictures[0].save(buffer, "MPO", save_all=True, append_images=[second], quality=92)
    mpo = buffer.getvalue()
    end = mpo.rindex(b"\xff\xd9")
    comment = jpeg_segment(0xFE, markers["second-view"])
    start = mpo.index(b"\xff\xd8\xff", 2)
    mpo = mpo[: start + 2] + comment + mpo[start + 2 : end + 2]
    return mpo[:2] + _jpeg_segments(markers, orientation) + mpo[2:] + markers["trailing"]


def _png(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    png = _saved(pictures, "PNG")
    zipped = zlib.compress
    chunks = b"".join(
        [
            png_chunk(b"iCCP", b"test\0\0" + zipped(icc_profile(markers["icc-zip"]))),
            png_chunk(b"tEXt", b"Comment\0" + markers["text"]),
            png_chunk(b"zTXt", b"Author\0\0" + zipped(markers["ztxt-zip"])),
            png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _xmp(markers["xmp"])),
            png_chunk(b"iTXt", b"Title\0\x01\0\0\0" + zipped(markers["itxt-zip"])),
            png_chunk(b"eXIf", _exif(markers, orientation)),
            png_chunk(b"caBX", _jumbf(markers["c2pa"])),
            png_chunk(b"prVt", markers["private-chunk"]),
        ]
    )
    after_header = 8 + 25  # signature and IHDR
    return png[:after_header] + chunks + png[after_header:] + markers["trailing"]


def _gif(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    del orientation  # GIF has no EXIF
    gif = _saved(pictures, "GIF", comment=markers["comment"])
    xmp = _xmp(markers["xmp"])
    magic_trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    application = b"!\xff\x0bXMP DataXMP" + xmp + magic_trailer
    private = b"!\xff\x0bPRIVATE1.00" + bytes([len(markers["application"])])
    private += markers["application"] + b"\0"
    return gif[:-1] + application + private + b";" + markers["trailing"]


def _webp(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    webp = _saved(
        pictures,
        "WEBP",
        lossless=True,
        exif=b"Exif\0\0" + _exif(markers, orientation),
        xmp=_xmp(markers["xmp"]),
        icc_profile=icc_profile(markers["icc"]),
    )
    webp += riff_chunk(b"PRIV", markers["private-chunk"])
    riff = b"RIFF" + struct.pack("<I", len(webp) - 8) + webp[8:]
    return riff + markers["trailing"]


def _tiff(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    from PIL import TiffImagePlugin

    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010E] = markers["description"].decode()
    tags[0x013B] = markers["artist"].decode()
    tags[_TIFF_ORIENTATION] = orientation
    for tag, value in {
        700: _xmp(markers["xmp"]),
        33723: _iptc(markers["iptc"]),
        34377: _photoshop(markers["photoshop"]),
        34675: icc_profile(markers["icc"]),
        65000: markers["private-tag"],
    }.items():
        tags[tag] = value
        tags.tagtype[tag] = _TIFF_UNDEFINED
    tags.tagtype[_TIFF_ORIENTATION] = _TIFF_SHORT
    tags[34665] = {0x9286: b"ASCII\0\0\0" + markers["exif"]}
    tags[34853] = {27: b"ASCII\0\0\0" + markers["gps"]}
    return _saved(pictures, "TIFF", tiffinfo=tags) + markers["trailing"]


def _bmp(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    """BMP has no metadata, but pixels may start late and the file may go on after them."""
    del orientation
    bmp = _saved(pictures[:1], "BMP")
    start = struct.unpack_from("<I", bmp, 10)[0]
    gap = markers["gap"] + bytes(-len(markers["gap"]) % 4)
    data = bytearray(bmp[:start] + gap + bmp[start:] + markers["trailing"])
    struct.pack_into("<I", data, 10, start + len(gap))
    struct.pack_into("<I", data, 2, len(data))
    return bytes(data)


def _heif(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    import pillow_heif

    heif = pillow_heif.from_pillow(pictures[0])
    buffer = io.BytesIO()
    heif.save(
        buffer,
        quality=90,
        exif=_exif(markers, orientation),
        xmp=_xmp(markers["xmp"]),
        icc_profile=icc_profile(markers["icc"]),
    )
    return buffer.getvalue() + _boxes(markers)


def _avif(pictures: list[Any], markers: _Markers, orientation: int) -> bytes:
    avif = _saved(
        pictures[:1],
        "AVIF",
        quality=90,
        exif=_exif(markers, orientation),
        xmp=_xmp(markers["xmp"]),
        icc_profile=icc_profile(markers["icc"]),
    )
    return avif + _boxes(markers)


def _boxes(markers: _Markers) -> bytes:
    """Boxes that any ISO media file may end with."""
    user = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + _jumbf(markers["c2pa"])
    return isobmff_box(b"uuid", user) + isobmff_box(b"free", markers["trailing"])


_WRITERS = {
    "JPEG": _jpeg,
    "MPO": _mpo,
    "PNG": _png,
    "GIF": _gif,
    "WEBP": _webp,
    "TIFF": _tiff,
    "BMP": _bmp,
    "HEIF": _heif,
    "AVIF": _avif,
}
