"""Frames as writable views of their planes, without a copy.

A frame is a numpy array or a PyAV ``VideoFrame``; either becomes a `FramePlanes`, whose arrays
alias the frame's own memory. Strides are taken as they are: rows may be padded, and they may run
upward in memory (negative ``line_size``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError, UnsupportedFormatError
from saferedact.frames.formats import CHROMA, FORMATS, PixelFormat

__all__ = ["Channel", "ColorRange", "FramePlanes", "Plane", "Samples", "planes_of"]

Samples: TypeAlias = npt.NDArray[np.uint8 | np.uint16]
ColorRange: TypeAlias = Literal["full", "limited"]

_ARRAY_CHANNELS = {1: "y", 3: "rgb", 4: "rgba"}
_AVCOL_RANGE: dict[int, ColorRange] = {1: "limited", 2: "full"}  # libavutil/pixfmt.h


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One plane of a frame.

    Parameters
    ----------
    array : ndarray, shape (h, w) or (h, w, c), uint8 or uint16
        Writable view of the frame's memory, with any strides. Rows run from top to bottom.
    channels : str
        One letter per channel: ``y u v r g b a``, or ``x`` for padding that carries nothing.

    Raises
    ------
    InputError
        If the array is not such a view, or has another number of channels.
    """

    array: Samples
    channels: str

    def __post_init__(self) -> None:
        """Check what every operator relies on."""
        array = self.array
        if array.dtype not in (np.uint8, np.uint16):
            msg = f"samples must be uint8 or uint16 in native byte order, but are {array.dtype}"
            raise InputError(msg)
        if array.ndim not in (2, 3) or 0 in array.shape:
            msg = f"a plane must have shape (h, w) or (h, w, c), none of them 0, not {array.shape}"
            raise InputError(msg)
        count = array.shape[2] if array.ndim == 3 else 1
        if count != len(self.channels):
            msg = f"a plane of channels {self.channels!r} cannot have {count} channels"
            raise InputError(msg)
        if not array.flags.writeable:
            msg = "a frame is redacted in place, but this one is read-only: pass a copy"
            raise InputError(msg)

    def divisors(self, subsampling: tuple[int, int]) -> tuple[int, int]:
        """Horizontal and vertical size of one sample of this plane, in pixels."""
        return subsampling if CHROMA.issuperset(self.channels) else (1, 1)


class Channel(NamedTuple):
    """One channel of a frame as a 2-D view: the unit that the patch operators work on."""

    letter: str
    array: Samples
    divisors: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class FramePlanes:
    """A frame as writable views of its planes.

    Parameters
    ----------
    planes : tuple of Plane
        The first plane has the size of the frame; chroma planes have that size divided by
        `subsampling`, rounded up; all others have the size of the frame.
    subsampling : (int, int)
        Horizontal and vertical divisor of the chroma planes: (2, 2) for 4:2:0.
    bit_depth : int
        Significant bits of a sample, 8 to 16.
    color_range : str
        ``"full"`` or ``"limited"``: where black and white lie.
    pts : int, optional
        Presentation time in units of `time_base`.
    time_base : Fraction, optional
        Seconds per unit of `pts`.

    Raises
    ------
    InputError
        If the planes do not fit each other.
    """

    planes: tuple[Plane, ...]
    subsampling: tuple[int, int] = (1, 1)
    bit_depth: int = 8
    color_range: ColorRange = "full"
    pts: int | None = None
    time_base: Fraction | None = None

    def __post_init__(self) -> None:
        """Check that the planes belong to one frame."""
        if not self.planes or min(self.subsampling) < 1:
            msg = "a frame needs at least one plane and a subsampling of at least 1"
            raise InputError(msg)
        if not 8 <= self.bit_depth <= 16:
            msg = f"bit depth must be 8 to 16, but is {self.bit_depth}"
            raise InputError(msg)
        width, height = self.size_wh
        sample_bytes = 1 if self.bit_depth == 8 else 2
        for plane in self.planes:
            x_divisor, y_divisor = plane.divisors(self.subsampling)
            expected = (-(-height // y_divisor), -(-width // x_divisor))
            if plane.array.shape[:2] != expected:
                msg = (
                    f"plane {plane.channels!r} must have shape {expected}, "
                    f"but has {plane.array.shape[:2]}"
                )
                raise InputError(msg)
            if plane.array.itemsize != sample_bytes:
                msg = f"samples of {self.bit_depth} bits must be {sample_bytes} bytes wide"
                raise InputError(msg)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Frame width and height, in pixels."""
        height, width = self.planes[0].array.shape[:2]
        return (width, height)

    def channels(self) -> Iterator[Channel]:
        """Each channel of each plane as a 2-D view."""
        for plane in self.planes:
            divisors = plane.divisors(self.subsampling)
            for index, letter in enumerate(plane.channels):
                view = plane.array if plane.array.ndim == 2 else plane.array[..., index]
                yield Channel(letter, view, divisors)


def planes_of(frame: Any) -> FramePlanes:
    """View a frame as planes, without a copy.

    Parameters
    ----------
    frame : ndarray or av.VideoFrame
        An array of shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4), uint8 or uint16 over its whole
        range: gray, three colors, or three colors and alpha. Three colors are called r, g, b in
        the order in which they lie; BGR works the same with a color in BGR order. Or a PyAV frame
        in one of the pixel formats of `saferedact.frames.formats.FORMATS`; it is made writable
        first, which copies its samples if a decoder still refers to them.

    Returns
    -------
    FramePlanes
        Views of the memory of `frame`: writing to them changes it. They keep it alive.

    Raises
    ------
    InputError
        If `frame` is something else, is empty or is read-only.
    UnsupportedFormatError
        If the pixel format is not supported; the message names it.
    """
    if isinstance(frame, np.ndarray):
        return _planes_of_array(frame)
    if all(hasattr(frame, name) for name in ("format", "make_writable", "planes", "color_range")):
        return _planes_of_video_frame(frame)
    msg = f"a frame must be a numpy array or a PyAV VideoFrame, not {type(frame).__name__}"
    raise InputError(msg)


def _planes_of_array(frame: npt.NDArray[Any]) -> FramePlanes:
    array = np.asarray(frame)
    letters = _ARRAY_CHANNELS.get(array.shape[2] if array.ndim == 3 else 1)
    if letters is None:
        msg = f"an array must have 1, 3 or 4 channels, but has shape {array.shape}"
        raise InputError(msg)
    bit_depth = 16 if array.dtype.itemsize == 2 else 8
    return FramePlanes((Plane(array, letters),), bit_depth=bit_depth)


def _planes_of_video_frame(frame: Any) -> FramePlanes:
    pixel_format = FORMATS.get(frame.format.name)
    if pixel_format is None:
        msg = f"pixel format {frame.format.name} is not supported"
        raise UnsupportedFormatError(msg)
    try:
        # A decoder may still predict later frames from this memory: without this, redacting one
        # frame changed 79 of the 90 that followed in a test clip.
        frame.make_writable()
    except (OSError, ValueError):  # FFmpeg's errors derive from these
        msg = "the video frame holds no picture that can be made writable"
        raise InputError(msg) from None
    planes = tuple(
        Plane(_plane_view(plane, len(letters), pixel_format.bit_depth), letters)
        for plane, letters in zip(frame.planes, pixel_format.channels, strict=True)
    )
    return FramePlanes(
        planes,
        subsampling=pixel_format.subsampling,
        bit_depth=pixel_format.bit_depth,
        color_range=_color_range(pixel_format, int(frame.color_range)),
        pts=frame.pts,
        time_base=_fraction(frame.time_base),
    )


def _fraction(rational: Any) -> Fraction | None:
    # Unset, it is None in PyAV up to 18 and a falsy rational after.
    return Fraction(rational.numerator, rational.denominator) if rational else None


def _plane_view(plane: Any, count: int, bit_depth: int) -> Samples:
    """View PyAV's plane; its buffer starts at the lowest address, also if rows run upward."""
    dtype = np.dtype(np.uint8 if bit_depth == 8 else np.uint16)
    row_bytes = plane.width * count * dtype.itemsize
    memory = np.frombuffer(plane, dtype=np.uint8).reshape(plane.height, abs(plane.line_size))
    rows = memory[:, :row_bytes].view(dtype)
    if plane.line_size < 0:
        rows = rows[::-1]
    return rows if count == 1 else rows.reshape(plane.height, plane.width, count)


def _color_range(pixel_format: PixelFormat, tag: int) -> ColorRange:
    if "y" not in pixel_format.channels[0]:
        return "full"  # FFmpeg reads no limited-range RGB
    return _AVCOL_RANGE.get(tag, pixel_format.default_range)
