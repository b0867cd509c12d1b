"""How a glyph looks on its page: seen, faint, covered, of its ground's color, or without any ink.

Renders are compared pixel by pixel: the page as it is, the page without text, the text alone on white
and on black paper. What the text alone paints and the page does not show is hidden, whatever hides it.
So white words on a dark heading are seen, and white words on white paper are not.
"""

import enum
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_traces.page_view import Box, Glyph, PageView, Render

__all__ = ["Look", "PageRenders", "look_of"]

_NO_PAINT = 4
"""Difference to the paper, of 255, below which the text alone painted nothing: rounding makes 1."""

_OWN_LEAST = 24
"""Difference to white paper, of 255, from which a color counts as meant for white paper. Watermarks
of 10 % gray have 25."""

_UNSEEN_SHARE = 0.06
_FAINT_SHARE = 0.3
_FAINT_MOST = 64
"""Share of its own contrast that a glyph shows, from which it is unseen, and faint; and the contrast,
of 255, that is no more faint. A cover of 94 % leaves 0.06. Chosen so
that every file of `saferedact.testing.leaks` is told right."""

_SEEN_PIXELS = 0.35
"""Share of a glyph's ink below which the rest is not enough to read it: a hatch leaves 0.2."""

_SAME_COLOR = 28
"""Difference of two colors, of 255, that readers do not tell apart on a page."""

_PAPER = 240
"""Least value of paper."""


class Look(enum.Enum):
    """How a glyph looks."""

    SEEN = enum.auto()
    FAINT = enum.auto()
    COVERED = enum.auto()
    LIKE_GROUND = enum.auto()
    LIKE_PAPER = enum.auto()
    NO_INK = enum.auto()
    OUTSIDE = enum.auto()
    CUT = enum.auto()


@dataclass(frozen=True, slots=True, eq=False)
class PageRenders:
    """Renders of one page, each (h, w, 3) uint8.

    Parameters
    ----------
    seen, ground : ndarray
        The page as a reader sees it, and without its text.
    on_white, on_black : ndarray
        The text alone on paper of either color, nothing over it.
    """

    seen: Render
    ground: Render
    on_white: Render
    on_black: Render

    @classmethod
    def of(cls, page: PageView) -> "PageRenders":
        """Render a page."""
        return cls(
            page.render(),
            page.render(text=False),
            page.render(other=False, annotations=False),
            page.render(other=False, annotations=False, black=True),
        )


def look_of(glyph: Glyph, renders: PageRenders) -> Look:
    """Tell how a glyph looks.

    Parameters
    ----------
    glyph : Glyph
        One that is no space.
    renders : PageRenders
        Of its page.

    Returns
    -------
    Look
        NO_INK for glyphs whose mode paints nothing, or that are too small to be painted; CUT for
        those that should paint on the page and do not: clipped, or in a layer that is off.
    """
    window = _window(glyph.xyxy, renders.seen.shape)
    if window is None:
        return Look.OUTSIDE
    if not glyph.paints or _is_tiny(glyph.xyxy):
        return Look.NO_INK
    on_white = renders.on_white[window].astype(np.int16)
    on_black = renders.on_black[window].astype(np.int16)
    white_ink = _difference(on_white, 255)
    black_ink = _difference(on_black, 0)
    if max(white_ink.max(), black_ink.max()) < _NO_PAINT:
        return Look.CUT
    # Dark dots and hairlines cover a pixel in part: they are weak on white, and nothing on black.
    dark = bool(white_ink.max() >= min(_OWN_LEAST, int(black_ink.max())))
    ink = white_ink if dark else black_ink
    own = int(ink.max())
    inked = ink >= 0.5 * own
    ground = renders.ground[window].astype(np.int16)
    shown = _difference(renders.seen[window].astype(np.int16), ground)
    shows = float(shown[inked].mean())
    share = shows / float(ink[inked].mean())
    enough = float((shown[inked] > _UNSEEN_SHARE * ink[inked]).mean()) >= _SEEN_PIXELS
    if share >= _UNSEEN_SHARE and enough:
        weak = share < _FAINT_SHARE and shows < _FAINT_MOST
        return Look.FAINT if weak else Look.SEEN
    strongest = np.unravel_index(int(ink.argmax()), ink.shape)
    color = (on_white if dark else on_black)[strongest]
    below = ground[inked]
    if np.median(_difference(below, color)) > _SAME_COLOR:
        return Look.COVERED
    return Look.LIKE_PAPER if int(np.median(below)) >= _PAPER else Look.LIKE_GROUND


def ink_columns(xyxy: Box, render: Render) -> float:
    """Return the share of the columns of a box that hold ink: another color than the box's lightest.

    A text layer over a scan has its words where the scan has ink.
    """
    window = _window(xyxy, render.shape)
    if window is None:
        return 0.0
    gray = render[window].astype(np.float32).mean(-1)
    spread = gray.max() - gray.min()
    if spread < _INK_SPREAD:
        return 0.0
    middle = (gray.max() + gray.min()) / 2
    return float(((gray < middle).any(0) & (gray > middle).any(0)).mean())


_INK_SPREAD = 40
"""Difference of light and dark, of 255, from which a part of a scan holds ink: more than the
noise of a blank scan."""


def _difference(
    one: npt.NDArray[np.int16], other: npt.NDArray[np.int16] | int
) -> npt.NDArray[np.int16]:
    found: npt.NDArray[np.int16] = np.abs(one - other).max(-1)
    return found


def _is_tiny(xyxy: Box) -> bool:
    return max(xyxy[2] - xyxy[0], xyxy[3] - xyxy[1]) < 1.0


def _window(xyxy: Box, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Return the pixels of a box on the page, at least one; None if it lies outside."""
    height, width = shape[:2]
    x1, y1, x2, y2 = xyxy
    if not (x1 < width and y1 < height and x2 >= 0 and y2 >= 0):  # false for NaN as well
        return None
    left, top = max(0, int(x1)), max(0, int(y1))
    right, bottom = min(width, int(np.ceil(x2)) or 1), min(height, int(np.ceil(y2)) or 1)
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))
