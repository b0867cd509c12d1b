"""How the samples of each supported FFmpeg pixel format lie in its planes.

Promises a layout for the formats in `FORMATS` and nothing about others: palettes, bit-packed,
floating-point, Bayer, big-endian and hardware formats are not in it, so they are refused by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

__all__ = ["ALPHA", "CHROMA", "FORMATS", "PixelFormat"]

CHROMA = frozenset("uv")
"""Channels that are stored at the size of the frame divided by the subsampling."""

ALPHA = frozenset("ax")
"""Channels that carry no color: opacity (``a``) and padding bytes (``x``)."""


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """Layout of one pixel format.

    Parameters
    ----------
    channels : tuple of str
        One string per plane, one letter per interleaved channel: ``y u v r g b a``, ``x`` for
        padding.
    bit_depth : int
        Significant bits of a sample; samples of more than 8 bits are 16-bit little-endian words.
    subsampling : (int, int)
        Horizontal and vertical divisor of the chroma planes.
    default_range : str
        Range of the samples when the frame is not tagged: ``"full"`` or ``"limited"``.
    """

    channels: tuple[str, ...]
    bit_depth: int = 8
    subsampling: tuple[int, int] = (1, 1)
    default_range: Literal["full", "limited"] = "full"


_SUBSAMPLING = {
    "410": (4, 4),
    "411": (4, 1),
    "420": (2, 2),
    "422": (2, 1),
    "440": (1, 2),
    "444": (1, 1),
}

# Which depths FFmpeg defines, per layout (libavutil/pixfmt.h).
_YUV_DEPTHS = {
    "410": (),
    "411": (),
    "420": (9, 10, 12, 14, 16),
    "422": (9, 10, 12, 14, 16),
    "440": (10, 12),
    "444": (9, 10, 12, 14, 16),
}
_YUVA_DEPTHS = {"420": (9, 10, 16), "422": (9, 10, 12, 16), "444": (9, 10, 12, 16)}
_GRAY_DEPTHS = (9, 10, 12, 14, 16)
_GBR_DEPTHS = (9, 10, 12, 14, 16)
_GBRA_DEPTHS = (10, 12, 14, 16)
_SEMI_PLANAR = {
    "nv12": ("uv", "420"),
    "nv21": ("vu", "420"),
    "nv16": ("uv", "422"),
    "nv24": ("uv", "444"),
    "nv42": ("vu", "444"),
}
# P010 and its kin keep 10 or 12 bits at the top of a 16-bit word and ignore the rest: the same
# samples as 16 bits of depth.
_SEMI_PLANAR_16 = {
    "p010le": "420",
    "p012le": "420",
    "p016le": "420",
    "p210le": "422",
    "p212le": "422",
    "p216le": "422",
    "p410le": "444",
    "p412le": "444",
    "p416le": "444",
}
_PACKED = {
    "rgb24": "rgb",
    "bgr24": "bgr",
    "rgba": "rgba",
    "bgra": "bgra",
    "argb": "argb",
    "abgr": "abgr",
    "rgb0": "rgbx",
    "bgr0": "bgrx",
    "0rgb": "xrgb",
    "0bgr": "xbgr",
    "ya8": "ya",
}
_PACKED_16 = {
    "rgb48le": "rgb",
    "bgr48le": "bgr",
    "rgba64le": "rgba",
    "bgra64le": "bgra",
    "ya16le": "ya",
}


def _depths(name: str, depths: tuple[int, ...]) -> Iterator[tuple[str, int]]:
    yield name, 8
    for depth in depths:
        yield f"{name}{depth}le", depth


def _gray_and_rgb() -> Iterator[tuple[str, PixelFormat]]:
    for name, depth in _depths("gray", _GRAY_DEPTHS):
        yield name, PixelFormat(("y",), depth)
    for name, depth in _depths("gbrp", _GBR_DEPTHS):
        yield name, PixelFormat(("g", "b", "r"), depth)
    for name, depth in _depths("gbrap", _GBRA_DEPTHS):
        yield name, PixelFormat(("g", "b", "r", "a"), depth)
    for name, letters in _PACKED.items():
        yield name, PixelFormat((letters,))
    for name, letters in _PACKED_16.items():
        yield name, PixelFormat((letters,), 16)


def _planar_yuv() -> Iterator[tuple[str, PixelFormat]]:
    for family, subsampling in _SUBSAMPLING.items():
        for name, depth in _depths(f"yuv{family}p", _YUV_DEPTHS[family]):
            yield name, PixelFormat(("y", "u", "v"), depth, subsampling, "limited")
    for family in ("411", "420", "422", "440", "444"):
        yield f"yuvj{family}p", PixelFormat(("y", "u", "v"), 8, _SUBSAMPLING[family])
    for family, depths in _YUVA_DEPTHS.items():
        for name, depth in _depths(f"yuva{family}p", depths):
            subsampling = _SUBSAMPLING[family]
            yield name, PixelFormat(("y", "u", "v", "a"), depth, subsampling, "limited")


def _semi_planar_yuv() -> Iterator[tuple[str, PixelFormat]]:
    for name, (letters, family) in _SEMI_PLANAR.items():
        yield name, PixelFormat(("y", letters), 8, _SUBSAMPLING[family], "limited")
    for name, family in _SEMI_PLANAR_16.items():
        yield name, PixelFormat(("y", "uv"), 16, _SUBSAMPLING[family], "limited")


FORMATS: dict[str, PixelFormat] = dict(chain(_gray_and_rgb(), _planar_yuv(), _semi_planar_yuv()))
"""Supported pixel formats by FFmpeg's name."""
