"""How the pixels of a still image are coded: blocks, loss, quality, orientation.

Read from headers that the decoder has parsed, or from the container's chunk list. Used to decide
how far a region must grow and how the output is to be encoded; never to decode.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from saferedact.geometry import Grid

__all__ = [
    "Coding",
    "coding_of",
    "exif_orientation",
    "jpeg_quality",
    "png_exif",
    "valid_orientation",
    "webp_canvas",
    "webp_is_lossy",
]

_ORIENTATION_TAG = 0x0112  # Exif 3.0, section 4.6.4

_AV1_TRANSFORM = 64  # largest transform of AV1: specification section 5.11.5, TX_64X64
_HEVC_TRANSFORM = 32  # largest transform of HEVC: Rec. ITU-T H.265 section 3, "transform block"
_VP8_MACROBLOCK = 16  # RFC 6386 section 2
_JPEG_BLOCK = 8  # ITU-T T.81 section A.1.3

# How far filters of the decoder carry content over the edge of a block, in pixels. Measured with
# strong content that fills whole cells beside flat gray, rounded up: libjpeg mixes neighboring
# chroma samples when it enlarges them (1); VP8's loop filter (7); AV1's (4) and HEVC's (2).
_UPSAMPLING_REACH = 1
_VP8_REACH = 8
_AV1_REACH = 8
_HEVC_REACH = 4

_TIFF_JPEG_COMPRESSIONS = (6, 7)  # TIFF 6.0 section 22, and its technical note 2
_TIFF_YCBCR = 6
_TIFF_WEBP = 50001
_TIFF_COMPRESSION, _TIFF_PHOTOMETRIC, _TIFF_SUBSAMPLING = 259, 262, 530

# ITU-T T.81 annex K.1, the luminance table that encoders scale by their quality setting.
_LUMINANCE_TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=np.int64,
)


@dataclass(frozen=True, slots=True)
class Coding:
    """What is known about the coding of one stored image.

    Parameters
    ----------
    cell_wh : (int, int)
        Blocks, in stored pixels, with a corner at the stored origin.
    reach_wh : (int, int)
        How far the decoder's filters carry the content of a block, in stored pixels.
    lossy : bool
        Whether the coding loses something.
    quality : int or None
        Estimated JPEG quality.
    subsampling : str or None
        JPEG chroma subsampling.
    """

    cell_wh: tuple[int, int] = (1, 1)
    reach_wh: tuple[int, int] = (0, 0)
    lossy: bool = False
    quality: int | None = None
    subsampling: str | None = None

    @property
    def grid(self) -> Grid:
        """The blocks as a grid in stored pixels."""
        return Grid(self.cell_wh, reach_wh=self.reach_wh)


def coding_of(image_format: str, image: Any, *, webp_lossy: bool = False) -> Coding:
    """Describe the coding of an opened image.

    Parameters
    ----------
    image_format : str
        Format by content.
    image : PIL.ImageFile.ImageFile
        Opened plug-in image at the frame in question; need not be loaded.
    webp_lossy : bool
        What `webp_is_lossy` said about the file; Pillow does not tell.

    Returns
    -------
    Coding
        Lossless with cells of 1 x 1 for formats without loss.
    """
    if image_format in ("JPEG", "MPO"):
        return _jpeg_coding(image)
    if image_format == "TIFF":
        return _tiff_coding(image)
    if image_format == "WEBP" and webp_lossy:
        # A frame of an animation may begin anywhere on the canvas.
        moved = getattr(image, "n_frames", 1) > 1
        return _square_blocks(_VP8_MACROBLOCK, _VP8_REACH, aligned=not moved)
    if image_format == "AVIF":
        return _square_blocks(_AV1_TRANSFORM, _AV1_REACH)
    if image_format == "HEIF":
        # libheif turns and mirrors without telling, which moves a cut-off last block to the front.
        whole = all(side % _HEVC_TRANSFORM == 0 for side in image.size)
        return _square_blocks(_HEVC_TRANSFORM, _HEVC_REACH, aligned=whole)
    return Coding()


def _square_blocks(side: int, reach: int, *, aligned: bool = True) -> Coding:
    """Blocks from the stored origin, or, if not aligned, that may lie anywhere."""
    if aligned:
        return Coding((side, side), (reach, reach), lossy=True)
    return Coding((1, 1), (side - 1 + reach, side - 1 + reach), lossy=True)


def _jpeg_coding(image: Any) -> Coding:
    factors = [(horizontal, vertical) for _, horizontal, vertical, _ in image.layer]
    table = image.quantization.get(0)
    quality = None if table is None else jpeg_quality(np.array(table))
    if len(factors) == 1:  # ITU-T T.81 section A.2.2: a lone component is not interleaved
        return Coding((_JPEG_BLOCK, _JPEG_BLOCK), lossy=True, quality=quality)
    widest = max(horizontal for horizontal, _ in factors)
    tallest = max(vertical for _, vertical in factors)
    cell_wh, reach_wh = _jpeg_blocks(max(widest, 1), max(tallest, 1))
    return Coding(
        cell_wh, reach_wh, lossy=True, quality=quality, subsampling=_subsampling_name(factors)
    )


def _jpeg_blocks(horizontal: int, vertical: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Size of an MCU with these largest sampling factors, and the reach of its chroma."""
    reach_wh = (
        _UPSAMPLING_REACH if horizontal > 1 else 0,
        _UPSAMPLING_REACH if vertical > 1 else 0,
    )
    return (_JPEG_BLOCK * horizontal, _JPEG_BLOCK * vertical), reach_wh


def _subsampling_name(factors: list[tuple[int, int]]) -> str | None:
    """Name the common subsamplings of three components; None for anything else."""
    if len(factors) != 3 or factors[1] != factors[2] or factors[1] != (1, 1):
        return None
    return {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0"}.get(factors[0])


def _tiff_coding(image: Any) -> Coding:
    compression = image.tag_v2.get(_TIFF_COMPRESSION, 1)
    if compression == _TIFF_WEBP:  # each strip or tile is a picture of its own
        return _square_blocks(_VP8_MACROBLOCK, _VP8_REACH, aligned=False)
    is_jpeg = compression in _TIFF_JPEG_COMPRESSIONS
    if image.tag_v2.get(_TIFF_PHOTOMETRIC) != _TIFF_YCBCR:
        return Coding((_JPEG_BLOCK, _JPEG_BLOCK), lossy=True) if is_jpeg else Coding()
    horizontal, vertical = image.tag_v2.get(_TIFF_SUBSAMPLING, (2, 2))
    if not {horizontal, vertical} <= {1, 2, 4}:
        horizontal = vertical = 4  # nonsense in the tag: take the coarsest there is
    if not is_jpeg:  # chroma samples alone are shared
        return Coding((horizontal, vertical), lossy=True)
    cell_wh, reach_wh = _jpeg_blocks(horizontal, vertical)
    return Coding(cell_wh, reach_wh, lossy=True)


def jpeg_quality(table: npt.NDArray[Any]) -> int:
    """Estimate the quality setting from a luminance quantization table.

    Parameters
    ----------
    table : ndarray, 64 integers
        In any order: only their sum counts, which falls strictly enough with quality.

    Returns
    -------
    int
        1 to 100: the setting at which libjpeg's scaled standard table has the nearest sum.

    References
    ----------
    .. [1] Independent JPEG Group, libjpeg, ``jcparam.c``, `jpeg_quality_scaling`.
    """
    settings = np.arange(1, 101)
    scale = np.where(settings < 50, 5000 // settings, 200 - 2 * settings)
    scaled = np.clip((_LUMINANCE_TABLE.reshape(1, 64) * scale[:, None] + 50) // 100, 1, 255)
    distance = np.abs(scaled.sum(axis=1) - int(np.sum(table)))
    return int(settings[np.argmin(distance)])


def exif_orientation(exif: bytes | None) -> int | None:
    """Read the orientation from an EXIF block.

    Parameters
    ----------
    exif : bytes or None
        Block as stored, with or without the ``Exif`` prefix.

    Returns
    -------
    int or None
        1 to 8; None if there is no block, no such tag, or nonsense in it.
    """
    from PIL import Image

    if not exif:
        return None
    tags = Image.Exif()
    try:
        tags.load(exif)
        return valid_orientation(tags.get(_ORIENTATION_TAG))
    except Exception:  # noqa: BLE001 - a damaged block raises many things and means "unknown"
        return None


def valid_orientation(value: object) -> int | None:
    """Accept 1 to 8, the values that mean something."""
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def png_exif(file: IO[bytes]) -> bytes | None:
    """Find the EXIF chunk of a PNG, also behind the pixels, without decoding any.

    Parameters
    ----------
    file : binary file
        A PNG; read from its start, left anywhere.

    Returns
    -------
    bytes or None
        Payload of the first ``eXIf`` chunk.
    """
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"eXIf":
            return file.read(length)
        if kind == b"IEND":
            return None
        file.seek(length + 4, 1)
    return None


def webp_is_lossy(file: IO[bytes]) -> bool:
    """Whether any frame of a WebP file is coded as VP8, the lossy one.

    Parameters
    ----------
    file : binary file
        A WebP; read from its start, left anywhere.
    """
    file.seek(12)
    return any(kind == b"VP8 " for kind in _webp_chunks(file))


def webp_canvas(file: IO[bytes]) -> tuple[int, int] | None:
    """Read the size of an extended WebP from its header: its decoder allocates when it starts.

    Parameters
    ----------
    file : binary file
        A WebP; read from its start, left anywhere.

    Returns
    -------
    (int, int) or None
        Width and height, in pixels, up to 2**24; None for the simple kinds, which hold at most
        16,384 px a side.
    """
    file.seek(12)
    head = file.read(18)
    if head[:4] != b"VP8X" or len(head) < 18:
        return None
    return int.from_bytes(head[12:15], "little") + 1, int.from_bytes(head[15:18], "little") + 1


def _webp_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Walk the chunk names, stepping into the frames of an animation."""
    frame_header = 16  # RFC 9649 section 2.7.1.1, chunk ANMF
    while len(head := file.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        yield kind
        file.seek(frame_header if kind == b"ANMF" else length + length % 2, 1)
