"""One sRGB color in the samples of any frame."""

from collections.abc import Sequence

from saferedact.errors import InputError
from saferedact.frames.formats import ALPHA, CHROMA
from saferedact.frames.planes import FramePlanes

__all__ = ["RGBColor", "as_color", "legal_span", "sample_values"]

RGBColor = tuple[int, int, int]
"""Red, green, blue, 0 to 255, sRGB."""

# Luma weights of red and blue, ITU-R BT.709-6, section 3.2. One matrix for every file: most video
# is BT.709, many files carry no tag or a wrong one, and gray is the same in all matrices. A hue a
# little off in BT.601 or BT.2020 material reveals nothing.
_KR = 0.2126
_KB = 0.0722


def as_color(color: Sequence[int]) -> RGBColor:
    """Check a color.

    Parameters
    ----------
    color : sequence of 3 int
        Red, green, blue, 0 to 255.

    Returns
    -------
    (int, int, int)
        The same, as plain integers.

    Raises
    ------
    InputError
        If it is anything else.
    """
    try:
        red, green, blue = (int(value) for value in color)
    except (TypeError, ValueError, OverflowError):
        msg = "a color must be three integers"
        raise InputError(msg) from None
    if not all(0 <= value <= 255 for value in (red, green, blue)):
        msg = f"a color must be three integers from 0 to 255, not {(red, green, blue)}"
        raise InputError(msg)
    return (red, green, blue)


def legal_span(frame: FramePlanes, letter: str) -> tuple[int, int]:
    """Return the lowest and highest sample value of a channel that mean a color.

    Parameters
    ----------
    frame : FramePlanes
        Gives bit depth and range.
    letter : str
        Channel.

    Returns
    -------
    (int, int)
        For instance (16, 235) for 8-bit luma of limited range.
    """
    if frame.color_range == "full" or letter in ALPHA:
        return (0, (1 << frame.bit_depth) - 1)
    scale = 1 << (frame.bit_depth - 8)
    return (16 * scale, (240 if letter in CHROMA else 235) * scale)


def sample_values(frame: FramePlanes, color: RGBColor) -> dict[str, int]:
    """Convert a color to one sample value per channel of a frame; alpha and padding are opaque.

    Parameters
    ----------
    frame : FramePlanes
        Gives channels, bit depth and range.
    color : (int, int, int)
        Red, green, blue, 0 to 255.

    Returns
    -------
    dict of str to int
        Value of each channel letter that occurs in `frame`.

    References
    ----------
    .. [1] ITU-R BT.709-6 (2015), sections 3 and 4; full range as in ITU-T H.273, section 8.3.
    """
    red, green, blue = (value / 255 for value in color)
    luma = _KR * red + (1 - _KR - _KB) * green + _KB * blue
    unit = {
        "r": red,
        "g": green,
        "b": blue,
        "y": luma,
        "u": (blue - luma) / (2 * (1 - _KB)),
        "v": (red - luma) / (2 * (1 - _KR)),
        "a": 1.0,
        "x": 1.0,
    }
    letters = {letter for plane in frame.planes for letter in plane.channels}
    return {letter: _quantize(frame, letter, unit[letter]) for letter in letters}


def _quantize(frame: FramePlanes, letter: str, value: float) -> int:
    low, high = legal_span(frame, letter)
    # Chroma is signed: zero lies at half of the code range in both ranges.
    zero = 1 << (frame.bit_depth - 1) if letter in CHROMA else low
    return min(max(int(zero + value * (high - low) + 0.5), low), high)
