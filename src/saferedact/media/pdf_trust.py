"""Whether a font shows what its text layer says.

A font may show a B and call it an A: by mistake (a lost ToUnicode) or on purpose. Each letter and
digit that a page uses is compared with the same character of standard typefaces as a small picture;
where it does not resemble its own character more than most others, the page is also read as a
picture (OCR), whatever its text layer says. The 14 standard fonts have no program of their own: what
they show is known from their encoding.
"""

import unicodedata
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_fonts import SourceFont
from saferedact.media.pdf_programs import UNITS, Outline, standard_program

__all__ = ["is_trusted", "silhouette"]

_SIDE = 24
"""Pixels of a silhouette: enough to tell e from c in every text face tried, few enough to be fast."""

_RANK = 3
"""A glyph is believed if its own character is among the so many nearest of 62. Measured on 51 typefaces
(DejaVu, Liberation, STIX, Vera, Computer Modern) against the twelve below: all letters and digits are,
but for an r of hairlines, and v and y of a script."""

_MOST_SECOND = 3
_FEW_LETTERS = 10
"""Glyphs of a font whose own character may be the second or third, and letters in use for each of these
beyond the first. Of the 51 typefaces 47 have two or fewer, and M, J, l are most of them. A
name can be spelt with five lying glyphs, so no share of a font's letters is too small to count."""

_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_FACES = (
    "Helvetica",
    "Helvetica-Bold",
    "Helvetica-Oblique",
    "Helvetica-BoldOblique",
    "Times-Roman",
    "Times-Bold",
    "Times-Italic",
    "Times-BoldItalic",
    "Courier",
    "Courier-Bold",
    "Courier-Oblique",
    "Courier-BoldOblique",
)
_Picture = npt.NDArray[np.float32]


def is_trusted(font: SourceFont, codes: set[int]) -> bool:
    """Tell whether the codes of a font may be believed to show what their text says.

    Parameters
    ----------
    font : SourceFont
        The font.
    codes : set of int
        Codes that a page uses.

    Returns
    -------
    bool
        False if a code that draws something has no text, looks like another character, or may be
        a whole word.
    """
    letters = second = 0
    for code in codes:
        outline = font.outline(code)
        if not outline:
            continue
        if font.told_twice(code):
            continue
        if font.says_more(code) or _is_wide(outline):
            return False
        text = "".join(c for c in font.text(code) if unicodedata.category(c) not in _UNSEEN)
        if len(text) == 1 and text in _CHARACTERS:
            letters += 1
            rank = _rank(outline, text)
            if rank > _RANK:
                return False
            second += rank > 1
        elif not text or text == "\ufffd" or "\ue000" <= text[0] <= "\uf8ff" or _is_letter(text):
            # Of other signs nothing is known but whether they look like a letter.
            odd = _nearest(outline)[1] < _LIKE_TEXT and not _is_known_letter(text)
            if odd and _rank(outline, text) > _RANK:
                return False
        elif _is_letter_called_a_sign(outline, text) and _rank(outline, text) > _RANK:
            return False
    return second <= min(_MOST_SECOND, 1 + letters // _FEW_LETTERS)


_UNSEEN = frozenset({"Cc", "Cf"})  # categories of Unicode: controls, and signs without width

_WIDEST = 2.2
"""Font sizes. A letter is at most 1.2 wide, a dash of two 2.0; what is wider may be a whole word."""


def _is_wide(outline: Outline) -> bool:
    _, (width, _) = _contours_and_size(outline)
    return float(width) > _WIDEST * UNITS


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isalnum()


_LOWEST = 0.38
"""Font sizes: the height of the lowest letters. Quotes, commas and signs of degree are lower."""

_THIN = frozenset("fijlrtIJLT17")
"""Letters that brackets, bars and strokes look like: they prove nothing."""

_LIKE_LETTERS = frozenset("\u00d7\u25cb\u25ef\u00a9\u00ae@\u20ac\u00a3\u00a7$\\")
"""Signs that every typeface draws like a letter: a cross, circles, currencies."""

_JOINED = frozenset(
    "ff fi fl ffi ffl ft fb fh fj fk tt ti tf th Th st ct sp ae oe AE OE ij IJ TM SM No".split()
)
"""What one glyph of letters stands for."""


def _is_letter_called_a_sign(outline: Outline, text: str) -> bool:
    """Tell whether a glyph looks like a letter, and its text is a sign or some other letters."""
    if text in _LIKE_LETTERS or text in _JOINED or (not text.isascii() and _is_known_letter(text)):
        return False
    _, (_, height) = _contours_and_size(outline)
    letter, distance = _nearest(outline)
    looks_like_one: bool = distance < _LIKE_TEXT and letter not in _THIN
    return looks_like_one and float(height) >= _LOWEST * UNITS


def _is_known_letter(text: str) -> bool:
    """Tell whether a character is an accented or joined letter, whose plain form is not compared."""
    plain = unicodedata.normalize("NFKD", text)[:1]
    return bool(text) and plain in _CHARACTERS


@cache
def _rank(outline: Outline, text: str) -> int:
    """Return the place of a character among those that an outline resembles, from 1."""
    drawn = silhouette(outline)
    pictures, owners = _references()
    if text in _CHARACTERS:
        own = pictures[[_folded(str(owner)) == _folded(text) for owner in owners]]
    else:
        own = _pictures(text) if len(text) == 1 else np.empty((0, _SIDE, _SIDE), np.float32)
    if drawn is None or not len(own):
        return len(_CHARACTERS)
    distance = ((pictures - drawn) ** 2).sum(axis=(1, 2))
    nearer = owners[distance < ((own - drawn) ** 2).sum(axis=(1, 2)).min()]
    return 1 + len({_folded(str(owner)) for owner in nearer} - {_folded(text)})


def _folded(text: str) -> str:
    """Characters that are one shape in some face count as one."""
    return {"0": "o", "1": "l", "i": "l"}.get(text.lower(), text.lower())


_LIKE_TEXT = 60.0
"""Squared distance, over a silhouette's pixels, below which an unnamed glyph may be a letter."""


@cache
def _nearest(outline: Outline) -> tuple[str, float]:
    """Return the character that an outline resembles most, and its distance."""
    drawn = silhouette(outline)
    if drawn is None:
        return "", float("inf")
    pictures, owners = _references()
    distance = ((pictures - drawn) ** 2).sum(axis=(1, 2))
    place = int(distance.argmin())
    return str(owners[place]), float(distance[place])


@cache
def _references() -> tuple[_Picture, npt.NDArray[Any]]:
    """Return pictures of the letters and digits of all standard faces, and of what each is."""
    found = [_pictures(character) for character in _CHARACTERS]
    owners = np.repeat(list(_CHARACTERS), [len(pictures) for pictures in found])
    return np.concatenate(found), owners


@cache
def _pictures(character: str) -> _Picture:
    """Return pictures of a character in the standard faces, as far as they have it."""
    from fontTools.agl import UV2AGL

    name = UV2AGL.get(ord(character))
    outlines = [standard_program(face).outline(name) for face in _FACES] if name else []
    drawn = [silhouette(outline) for outline in outlines if outline]
    empty = np.empty((0, _SIDE, _SIDE), np.float32)
    return np.array([picture for picture in drawn if picture is not None] or empty)


def silhouette(outline: Outline) -> _Picture | None:
    """Draw a glyph, its ink stretched to the whole of a small picture.

    Parameters
    ----------
    outline : Outline
        Strokes of the glyph.

    Returns
    -------
    ndarray, shape (24, 24), float32, or None
        Ink from 0 to 1; None if there is none.
    """
    import cv2

    contours, size = _contours_and_size(outline)
    if not contours:
        return None
    low = np.concatenate(contours).min(axis=0)
    span = np.maximum(size, 1e-3)
    # Narrow signs (l, 1, a dash) keep their proportions: stretched, all of them are one block.
    span = np.maximum(span, span.max() * 0.35)
    scale = (4 * _SIDE - 1) / span
    canvas = np.zeros((4 * _SIDE, 4 * _SIDE), dtype=np.uint8)
    polygons = [np.round((contour - low) * scale).astype(np.int32) for contour in contours]
    cv2.fillPoly(canvas, polygons, 255)
    small = cv2.resize(canvas, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small.astype(np.float32) / 255, (3, 3), 0), dtype=np.float32)


def _contours_and_size(
    outline: Outline,
) -> tuple[list[npt.NDArray[np.float64]], npt.NDArray[np.float64]]:
    """Return contours, and width and height of all of them in thousandths of the font size."""
    contours = _contours(outline)
    if not contours:
        return [], np.zeros(2)
    points = np.concatenate(contours)
    return contours, points.max(axis=0) - points.min(axis=0)


def _contours(outline: Outline) -> list[npt.NDArray[np.float64]]:
    contours: list[npt.NDArray[np.float64]] = []
    current: list[tuple[float, float]] = []
    for operator, *points in outline:
        if operator == "moveTo":
            if len(current) > 2:
                contours.append(np.array(current, dtype=np.float64))
            current = [points[0]]
        elif operator == "lineTo":
            current.append(points[0])
        elif operator in ("curveTo", "qCurveTo"):
            current += _flattened(current[-1] if current else points[-1], points)
    if len(current) > 2:
        contours.append(np.array(current, dtype=np.float64))
    return contours


def _flattened(start: Any, points: Any) -> list[tuple[float, float]]:
    """Points along a curve; the control polygon of more than a cubic is near enough."""
    known = [point for point in (start, *points) if point is not None]
    if len(known) not in (3, 4):
        return [tuple(point) for point in known[1:]]
    control = np.array(known, dtype=np.float64)
    t = np.linspace(0.25, 1.0, 4)[:, None]
    if len(known) == 3:
        curve = (1 - t) ** 2 * control[0] + 2 * t * (1 - t) * control[1] + t**2 * control[2]
    else:
        curve = (
            (1 - t) ** 3 * control[0]
            + 3 * t * (1 - t) ** 2 * control[1]
            + 3 * t**2 * (1 - t) * control[2]
            + t**3 * control[3]
        )
    return [tuple(point) for point in curve.tolist()]
