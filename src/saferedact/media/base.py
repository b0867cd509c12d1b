"""What every reader of media tells about a file, and what it hands out: no codec is known here."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from saferedact.geometry import Grid

__all__ = ["ImageFrame", "MediaInfo", "Pixels"]

Pixels = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
"""Samples of one frame: (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA with straight alpha."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds, as it is read: upright, in sRGB, frame by frame.

    Parameters
    ----------
    kind : {"image", "video", "pdf"}
        Family of media.
    format : str
        "JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF" or "PDF"; of a video its
        container.
    size_wh : (int, int)
        Width and height of the first frame seen upright, in pixels. Pages of a TIFF may differ.
        Of a PDF, of its largest page in points, rounded up.
    frames : int
        Number of frames or pages that are read.
    bit_depth : {8, 16}
        Bits per sample of the pixels that are handed out for the first frame.
    channels : {1, 3, 4}
        Grey, RGB or RGBA.
    orientation : int or None
        EXIF orientation as stored, 1 to 8; None when the file says nothing. Already applied.
    lossy : bool
        Whether the stored coding is lossy. AVIF and HEIF always count as lossy.
    grid : Grid
        Blocks of the stored coding, in upright pixels of the first frame; 1 x 1 when lossless.
    quality : int or None
        Quality of a JPEG, 1 to 100, estimated from its tables.
    subsampling : str or None
        Chroma subsampling of a JPEG in color, as "4:2:0".
    palette : bool
        Whether colors are stored in a palette.
    loop : int or None
        How often an animation is played, 0 for forever; None when the file says nothing.
    notes : tuple of str
        What reading changed or left out, for people. No content of the file.
    """

    kind: Literal["image", "video", "pdf"]
    format: str
    size_wh: tuple[int, int]
    frames: int
    bit_depth: int
    channels: int
    orientation: int | None = None
    lossy: bool = False
    grid: Grid = field(default_factory=Grid)
    quality: int | None = None
    subsampling: str | None = None
    palette: bool = False
    loop: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_alpha(self) -> bool:
        """Whether the pixels have an alpha channel."""
        return self.channels == 4


@dataclass(frozen=True, slots=True, eq=False)
class ImageFrame:
    """One picture: a still, a frame of an animation or a page.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3) or (h, w, 4), uint8 or uint16
        Upright, sRGB or grey, C-contiguous and writable; straight alpha. The receiver may change
        it in place: nobody else holds it.
    index : int
        Ordinal in the file, from 0.
    duration_ms : float
        How long an animation shows it, in milliseconds; 0 for stills and pages.
    grid : Grid
        Blocks of the stored coding, in upright pixels of this frame.
    """

    pixels: npt.NDArray[Any]
    index: int = 0
    duration_ms: float = 0.0
    grid: Grid = field(default_factory=Grid)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        height, width = self.pixels.shape[:2]
        return width, height
