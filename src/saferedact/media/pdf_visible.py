"""What of a page can be seen, what of it may be text unbeknown, and whether a copy looks the same."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_fonts import SourceFont
from saferedact.media.pdf_model import PageModel
from saferedact.media.pdf_trust import is_trusted

__all__ = ["changed_share", "differs", "fonts_are_trusted", "has_room_for_text", "hide_unseen"]

_LEAST_CONTRAST = 16
"""Levels of 255 by which text must differ from its ground to count as seen. Light gray text of 8
points reaches 40 at 100 dpi; below 16 nobody reads it."""

_STACKED = 0.12
"""Glyphs of other text whose middles are closer than this many font sizes lie on each other. Of two
glyphs side by side the narrowest pair (i and l of Helvetica) is 0.22 apart, and condensed 0.18; of a
line upon another line some pair is closer than 0.12."""

_CELL = 8.0  # points: cells in which neighbors are looked for

_LEAST_PATCH = 6.0
"""Points: a patch lower or narrower than this cannot hold a word."""

_CHANGED_LEVELS = 64
_CHANGED_SHARE = 0.002
"""A copy looks different if more than this share of its pixels differ by so many levels after a blur
of one pixel. Text on a page covers 5 % of it; a word is about 0.03 %, so that five missing words of
a page are seen, and other edges of the same glyphs are not."""


def hide_unseen(
    model: PageModel,
    whole: npt.NDArray[np.uint8],
    bare: npt.NDArray[np.uint8],
    fonts: Sequence[SourceFont | None],
) -> str:
    """Mark glyphs of which nothing can be seen, in place.

    Parameters
    ----------
    model : PageModel
        The page. Changed.
    whole, bare : ndarray, shape (h, w, 3), uint8
        Pictures of the page with and without the text.
    fonts : sequence of SourceFont or None
        Fonts of the source.

    Returns
    -------
    str
        Why the page has to become a picture; empty if it need not.
    """
    height, width = min(whole.shape[0], bare.shape[0]), min(whole.shape[1], bare.shape[1])
    shown = np.abs(
        whole[:height, :width].astype(np.int16) - bare[:height, :width].astype(np.int16)
    ).max(axis=2)
    # Summed over all rows and columns, any box can be asked at once.
    seen = np.zeros((height + 1, width + 1), dtype=np.int32)
    seen[1:, 1:] = (shown >= _LEAST_CONTRAST).cumsum(axis=0).cumsum(axis=1)
    scale_x, scale_y = width / model.size[0], height / model.size[1]
    for run in model.runs:
        font = fonts[run.font]
        for place, glyph in enumerate(run.glyphs):
            if glyph.hidden:
                continue
            if font is not None and not font.outline(glyph.code):
                # A blank shows nothing and may stay, unless it says something.
                if glyph.text.strip():
                    run.glyphs[place] = glyph._replace(hidden=True)
                continue
            x1, y1, x2, y2 = model.to_down(run.box(glyph))
            left, right = _cells(x1, x2, scale_x, width)
            top, bottom = _cells(y1, y2, scale_y, height)
            count = seen[bottom, right] - seen[top, right] - seen[bottom, left] + seen[top, left]
            if count <= 0:
                run.glyphs[place] = glyph._replace(hidden=True)
    return _stacked(model)


def _cells(low: float, high: float, scale: float, count: int) -> tuple[int, int]:
    first = min(max(int(np.floor(low * scale)), 0), count)
    last = min(max(int(np.ceil(high * scale)), 0), count)
    return first, last


def _stacked(model: PageModel) -> str:
    """Find glyphs that lie on others: which of them is seen cannot be told from pixels."""
    places: dict[tuple[int, int], list[tuple[float, float, str, float]]] = {}
    for run in model.runs:
        a, b, c, d = run.matrix
        size = max(run.size, 1e-3)
        for glyph in run.glyphs:
            if glyph.hidden or not glyph.text.strip():
                continue
            half = glyph.advance / 2
            x, y = glyph.x + a * half + c * 0.3, glyph.y + b * half + d * 0.3
            cell = (int(x // _CELL), int(y // _CELL))
            for i in (-1, 0, 1):
                for j in (-1, 0, 1):
                    for u, v, text, other in places.get((cell[0] + i, cell[1] + j), ()):
                        near = math.hypot(x - u, y - v) < _STACKED * min(size, other)
                        if near and text != glyph.text:
                            return "text lies upon other text"
            places.setdefault(cell, []).append((x, y, glyph.text, size))
    return ""


def has_room_for_text(model: PageModel) -> bool:
    """Tell whether a patch of the page may hold a word."""
    sizes = [(p.xyxy[2] - p.xyxy[0], p.xyxy[3] - p.xyxy[1]) for p in model.patches]
    return any(min(size) >= _LEAST_PATCH for size in sizes)


def fonts_are_trusted(model: PageModel, fonts: Sequence[SourceFont | None]) -> bool:
    """Tell whether the fonts of a page show what its text layer says.

    Parameters
    ----------
    model : PageModel
        The page.
    fonts : sequence of SourceFont or None
        Fonts of the source.

    Returns
    -------
    bool
        False if one glyph too many has no text, or looks like another character.
    """
    used: dict[int, set[int]] = {}
    for run in model.runs:
        used.setdefault(run.font, set()).update(g.code for g in run.glyphs if not g.hidden)
    for number, codes in used.items():
        font = fonts[number]
        if font is not None and not is_trusted(font, codes):
            return False
    return True


def differs(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> bool:
    """Tell whether two pictures of a page look different.

    Parameters
    ----------
    before, after : ndarray, shape (h, w, 3), uint8
        Of sizes that differ by rounding at most.
    """
    return changed_share(before, after) > _CHANGED_SHARE


def changed_share(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> float:
    """Share of pixels that differ visibly."""
    import cv2

    height = min(before.shape[0], after.shape[0])
    width = min(before.shape[1], after.shape[1])
    one = cv2.GaussianBlur(before[:height, :width], (0, 0), 1.0)
    other = cv2.GaussianBlur(after[:height, :width], (0, 0), 1.0)
    difference = np.asarray(cv2.absdiff(one, other)).max(axis=2)
    return float((difference > _CHANGED_LEVELS).mean())
