"""Inline styles of markup: declarations, and colors as far as they are written out."""

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["PAPER", "Color", "color_of", "declarations", "same_color"]

Color = tuple[int, ...]
"""Red, green and blue, 0 to 255; and a fourth, 0, of what is all clear."""

PAPER: Final[Color] = (255, 255, 255)
"""What viewers show a page on, if nothing else is said."""

_SAME = 12
"""Difference of each of three numbers, of 255, up to which nobody tells two colors apart: a contrast
of 1.1 to 1 between white and #f3f3f3, where WCAG 2.2 (success criterion 1.4.3) asks for 4.5."""

_SIGN = re.compile(r"[;\"'()]")
_NAME = re.compile(r"[a-z-]+")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)  # the end of a style ends a comment, too
_IMPORTANT = re.compile(r"\s{0,9}!\s{0,9}important$")
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})")
_RGB = re.compile(
    r"rgba?\(\s*([\d.]+)(%?)\s*[,\s]\s*([\d.]+)%?\s*[,\s]\s*([\d.]+)%?\s*(?:[,/]\s*([\d.]+)%?\s*)?\)"
)
_NAMED: Final[dict[str, Color]] = {
    "white": PAPER,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "lime": (0, 255, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "maroon": (128, 0, 0),
    "transparent": (0, 0, 0, 0),
}
"""Names of colors that people type (CSS Color 4, section 6.1); others are not known."""


def declarations(style: str) -> dict[str, str]:
    """Return the declarations of an inline style, in small letters; the last one counts."""
    plain = _COMMENT.sub(" ", style.lower())
    found: dict[str, str] = {}
    for piece in _pieces(plain):
        before, colon, value = piece.partition(":")
        names = _NAME.findall(before.strip())
        if colon and names and before.rstrip().endswith(names[-1]):
            found[names[-1]] = _IMPORTANT.sub("", value.strip())
    return found


def _pieces(style: str) -> Iterator[str]:
    """Divide a style at its semicolons; those in quotes and brackets part nothing."""
    last = {sign: style.rfind(sign) for sign in "\"')"}
    start, until = 0, ""
    for found in _SIGN.finditer(style):
        sign = found[0]
        if until:
            until = "" if sign == until else until
        elif sign == ";":
            yield style[start : found.start()]
            start = found.end()
        else:
            closing = ")" if sign == "(" else sign
            until = closing if found.start() < last[closing] else ""
    yield style[start:]


def color_of(value: str) -> Color | None:
    """Read a color, of a value that may say more; None if it is none, or a picture.

    Parameters
    ----------
    value : str
        As of ``color`` or ``background``, in any letters.
    """
    text = value.strip().lower()
    if "url(" in text or "gradient(" in text or "var(" in text:
        return None
    if match := _RGB.search(text):
        scale = 2.55 if match[2] else 1.0
        channels = tuple(_level(match[n], scale) for n in (1, 3, 4))
        return (*channels, 0) if match[5] is not None and _level(match[5], 255) == 0 else channels
    if match := _HEX.search(text):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        levels = tuple(int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
        return levels if levels[3:] == (0,) else levels[:3]
    return next((_NAMED[word] for word in text.split() if word in _NAMED), None)


def _level(number: str, scale: float) -> int:
    try:
        return max(0, min(255, round(float(number) * scale)))
    except ValueError:
        return 0


def same_color(one: Color, other: Color) -> bool:
    """Tell whether nobody can tell two colors apart."""
    return all(abs(a - b) <= _SAME for a, b in zip(one[:3], other[:3], strict=True))
