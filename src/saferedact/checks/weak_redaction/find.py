"""All looks at one picture, and the traces that come of them."""

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import share_within, touch
from saferedact.checks.weak_redaction.blur import find_blurs
from saferedact.checks.weak_redaction.blur_page import find_page_blurs
from saferedact.checks.weak_redaction.ink import find_boxes_on_ink, is_page
from saferedact.checks.weak_redaction.mosaic import find_mosaics
from saferedact.checks.weak_redaction.pen import find_pens
from saferedact.checks.weak_redaction.see_through import find_see_through
from saferedact.checks.weak_redaction.sticker import find_drawn_faces
from saferedact.checks.weak_redaction.swirl import find_swirls
from saferedact.traces import Trace

__all__ = ["under_alpha", "weak_marks"]

_MOST_PIXELS = 24_000_000
"""Pixels of a picture that is looked at whole: a phone's. Larger ones are thinned to every second, third
... pixel, which keeps edges of cells and boxes sharp."""

_LEAST_SIDE = 64
"""Pixels of the shorter side of a picture: smaller ones are icons."""

_CLEAR = 8
"""Alpha, of 255, up to which nobody sees a color."""

_EDGE = 5
"""Side of the square, in pixels, around what is seen that belongs to its edge."""

_HIDDEN_PIXELS = 256
_HIDDEN_SPREAD = 8.0
"""Least number of clear pixels and standard deviation of their colors, of 255, that can hold a
picture: programs leave one color, or smear the edge's, under what they cut out."""


def weak_marks(
    pixels: npt.NDArray[np.uint8], *, frame: int = 0, time: float | None = None
) -> tuple[Trace, ...]:
    """Find marks in a picture that a careful viewer, or a program, can undo.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3), uint8
        Gray or RGB. Not modified.
    frame : int
        Frame or page, from 0.
    time : float or None
        Seconds from the start.

    Returns
    -------
    tuple of Trace
        With boxes in pixels of the picture: mosaics with the side of their cells, blurs with their
        sigma, see-through boxes with the share of light that they let through.
    """
    step = 1
    while pixels.shape[0] * pixels.shape[1] > _MOST_PIXELS * step**2:
        step += 1
    small = pixels[::step, ::step]
    if min(small.shape[:2]) < _LEAST_SIDE:
        return ()
    gray = small.astype(np.float32) if small.ndim == 2 else small @ _LUMA
    page = is_page(gray)
    found: list[tuple[str, tuple[float, float, float, float], float | None]] = []
    mosaics = [m for m in find_mosaics(gray) if not page or _has_shades(gray, m[0])]
    found += [("mosaic-text" if page else "mosaic", box, cell) for box, cell in mosaics]
    blurs = [
        b
        for b in (find_page_blurs(gray) if page else find_blurs(gray))
        if not any(share_within(b[0], m[0]) > 0.3 for m in mosaics)
    ]
    found += [("blurred-text" if page else "blur", box, sigma) for box, sigma in blurs]
    green = gray if small.ndim == 2 else small[..., 1].astype(np.float32)
    found += [
        ("see-through-box" if seen.sure and not page else "dimmed-box", seen.box, seen.share)
        for seen in find_see_through(green)
        if seen.sure or not page  # lines of words have sides too
    ]
    found += [
        ("see-through-box" if pen.sure else "dimmed-box", pen.box, pen.share)
        for pen in find_pens(small.astype(np.float32))
        if not any(touch(pen.box, box) for channel, box, _ in found if channel in _SHARES)
    ]
    found += [("swirl", box, None) for box in find_swirls(gray)]
    if small.ndim == 3:
        found += [("sticker", box, None) for box in find_drawn_faces(small)]
    if page:
        found += [("box-on-ink", box, None) for box in find_boxes_on_ink(gray)]
    return tuple(
        Trace(
            channel,
            f"frame {frame}" if frame else "",
            "",
            frame,
            tuple(float(side * step) for side in box),  # type: ignore[arg-type]
            time,
            None
            if strength is None
            else round(strength * (step if channel not in _SHARES else 1), 2),
        )
        for channel, box, strength in found
    )


def _has_shades(gray: npt.NDArray[np.float32], box: tuple[float, float, float, float]) -> bool:
    """Tell whether a part of a page has cells between ink and paper: codes and crosswords have none."""
    x1, y1, x2, y2 = (int(side) for side in box)
    part = gray[y1:y2, x1:x2]
    return bool(((part > _INK) & (part < _PAPER)).mean() >= _SHADED)


_INK, _PAPER, _SHADED = 50, 205, 0.2
"""Levels, of 255, of ink and paper, and the share of a pixelated text that is neither."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # BT.601
_SHARES = frozenset({"see-through-box", "dimmed-box"})


def under_alpha(pixels: npt.NDArray[np.uint8], *, frame: int = 0) -> tuple[Trace, ...]:
    """Find colors under transparent pixels that make a picture.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 4), uint8
        RGBA as stored. Not modified.
    frame : int
        Frame or page, from 0.

    Returns
    -------
    tuple of Trace
        One with the box of all clear pixels, or none.
    """
    import cv2

    # Smooth edges have a color of their own just beside what is seen.
    seen = (pixels[..., 3] > _CLEAR).astype(np.uint8)
    clear = cv2.dilate(seen, np.ones((_EDGE, _EDGE), np.uint8)) == 0
    if int(clear.sum()) < _HIDDEN_PIXELS:
        return ()
    hidden = pixels[..., :3][clear].astype(np.float32)
    if float(hidden.std(0).max()) < _HIDDEN_SPREAD:
        return ()
    clear = seen == 0
    rows, columns = np.flatnonzero(clear.any(1)), np.flatnonzero(clear.any(0))
    box = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    return (Trace("alpha-hidden", "", "", frame, tuple(map(float, box))),)  # type: ignore[arg-type]
