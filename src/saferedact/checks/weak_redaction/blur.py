"""Blur: a rectangle or an ellipse without any fine detail, with shades in it, and fine detail all around it.

Lenses blur by depth: their blur ends softly or at the outline of a thing, and reaches the edge of the
picture. Walls, skies and drawn surfaces have no fine detail either, and no shades.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats, touch

__all__ = ["blur_sigma", "find_blurs"]


_STEPS = (1, 2, 4)
"""How much a picture is made smaller: the largest have no fine detail anywhere, pixel by pixel."""

_GRID = 4
_WINDOW = 8
_FINE_SIGMA = 1.2
"""Pixels between places where detail is measured, side of the square that it is measured over, and how
fine the detail is that any blur removes."""

_LIMITS = ((0.6, 1.0), (1.2, 2.5))
"""Mean detail, in levels of 255, up to which a place is smooth and from which it is sharp: for strong and
for mild blurs. Rounding alone makes .25 of a slope; blurred faces had .2 to .4, or to 1 where the blur was
a twelfth of their width, what is around them 1 to 15 (33 photographs)."""

_LEAST_SIDE = 5
_LEAST_AREA = 25
"""Places of the grid: a face of 24 px, less the rim that the square smears."""

_RECTANGLE = 0.82
_ELLIPSE = 0.85
"""Share of its box that a rectangle fills, and overlap over union with the ellipse in its box. Blurred
boxes had .82 and more, ellipses .88 and more; gaps between things mostly less."""

_RING = 0.8
"""Share of the ring around a mark that is sharp."""

_SHADES = 5.5
"""Standard deviation inside, in levels of 255. Smooth parts of 33 photographs that pass all else had 3.3
or less, in larger photographs to 5.3; faces blurred by a third of their width have 4.5 to 32, save in two
dim pictures."""

_OPENINGS = ((0, 0.25), (0, 0.45), (2, 0.6))  # rectangle and ellipse, as cv2 numbers them
_KEPT = 0.75
"""Soft surroundings that a mark runs into: their width over its shorter side, up to which they are cut off,
and the share of all that must be left. Two mild blurs of a portrait run into hair and neck; figures of
photographs are those of `benchmarks.weak_marks`."""

_LONGEST = 3.0
_WHOLE = 0.85
_AT_EDGE = 0.95
"""Longer side over the shorter; share of a part that is smooth itself, holes counted; and the share of its box
that a part at the picture's edge must fill: skies and grounds end there."""

_REBLUR_SIGMAS = (1.5, 5.0)

_LEAST_SIGMA = 2.0
"""Weaker blurs hide nothing; one that is wider than its box leaves a flat box, which is none."""


def find_blurs(gray: Floats) -> list[tuple[Box, float]]:
    """Find blurred parts.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        Levels 0 to 255.

    Returns
    -------
    list of (box, sigma)
        Box in pixels, a few inside of the mark's own, and the standard deviation of the blur in
        pixels.
    """
    found: list[tuple[Box, float]] = []
    for step in _STEPS:
        height, width = gray.shape[0] // step, gray.shape[1] // step
        if min(height, width) < 16 * _GRID:
            break
        small = _smaller(gray, (width, height))
        detail, level = _measured(small)
        marks = (mark for limits in _LIMITS for mark in _find(small, detail, level, *limits))
        for box, sigma in marks:
            scaled = (box[0] * step, box[1] * step, box[2] * step, box[3] * step)
            if not any(touch(scaled, known) for known, _ in found):
                found.append((scaled, sigma * step))
    return found


def _smaller(gray: Floats, size_wh: tuple[int, int]) -> Floats:
    import cv2

    return cv2.resize(gray, size_wh, interpolation=cv2.INTER_AREA).astype(np.float32)


def _find(
    gray: Floats, detail: Floats, level: Floats, most: float, least: float
) -> list[tuple[Box, float]]:
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    smooth: npt.NDArray[Any] = (detail <= most).astype(np.uint8)
    smooth = cv2.morphologyEx(smooth, cv2.MORPH_OPEN, kernel)
    smooth = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(smooth, connectivity=4)
    found: list[tuple[Box, float]] = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        # A sky, or a ground out of focus, reaches three edges of the picture.
        edges = (x == 0, y == 0, x + w >= labels.shape[1] - 1, y + h >= labels.shape[0] - 1)
        if min(w, h) < _LEAST_SIDE or area < _LEAST_AREA or sum(edges) > 2:
            continue
        part = _filled(labels[y : y + h, x : x + w] == label)
        within = part > 0
        if max(w, h) > _LONGEST * min(w, h) or area < _WHOLE * within.sum():
            continue
        if sum(edges) and within.mean() < _AT_EDGE:
            continue
        if float(level[y : y + h, x : x + w][within].std()) < _SHADES:
            continue
        if not _ends_at_once(part, (x, y), detail >= least):
            continue
        if not _is_drawn(within):
            trimmed = _without_tails(part)
            if trimmed is None:
                continue
            part, (left, top) = trimmed
            x, y, h, w = x + left, y + top, *part.shape
        box = (x * _GRID, y * _GRID, (x + w) * _GRID, (y + h) * _GRID)
        sigma = blur_sigma(gray, box, part)
        if _LEAST_SIGMA <= sigma <= _GRID * min(w, h):
            found.append(((float(box[0]), float(box[1]), float(box[2]), float(box[3])), sigma))
    return found


def _measured(gray: Floats) -> tuple[Floats, Floats]:
    """Return fine detail and level at each place of the grid."""
    import cv2

    rows, columns = gray.shape[0] // _GRID, gray.shape[1] // _GRID
    half = _GRID // 2
    fine = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), _FINE_SIGMA)).astype(np.float32)
    detail = cv2.blur(fine, (_WINDOW, _WINDOW))[half::_GRID, half::_GRID][:rows, :columns]
    level = cv2.blur(gray, (_WINDOW, _WINDOW))[half::_GRID, half::_GRID][:rows, :columns]
    return detail.astype(np.float32), level.astype(np.float32)


def _filled(part: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Return a part without the holes in it."""
    import cv2

    outlines, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(part.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, -1)
    return filled


def _is_drawn(within: npt.NDArray[np.bool_]) -> bool:
    """Tell whether a part has the outline of a rectangle or of an ellipse."""
    h, w = within.shape
    if within.mean() >= _RECTANGLE:
        return True
    rows, columns = np.mgrid[:h, :w]
    ellipse = (2 * (columns + 0.5) / w - 1) ** 2 + (2 * (rows + 0.5) / h - 1) ** 2 <= 1
    return bool((ellipse & within).sum() >= _ELLIPSE * (ellipse | within).sum())


def _without_tails(
    part: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.uint8], tuple[int, int]] | None:
    """Cut off soft surroundings that a mark runs into; None if no drawn outline is left.

    They are thinner than the mark: an opening takes them away, and leaves rectangles and ellipses.
    """
    import cv2

    for form, share in _OPENINGS:
        side = round(share * min(part.shape))
        kernel = cv2.getStructuringElement(form, (side, side))
        opened = cv2.morphologyEx(np.pad(part, side), cv2.MORPH_OPEN, kernel)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
        largest = 1 + int(np.argmax(stats[1:, 4])) if len(stats) > 1 else 0
        x, y, w, h, area = (int(value) for value in stats[largest])
        if not largest or min(w, h) < _LEAST_SIDE or area < _KEPT * part.sum():
            continue
        kept = (labels[y : y + h, x : x + w] == largest).astype(np.uint8)
        if _is_drawn(kept > 0):
            return kept, (x - side, y - side)
    return None


def _ends_at_once(
    part: npt.NDArray[np.uint8], at: tuple[int, int], sharp: npt.NDArray[np.bool_]
) -> bool:
    """Tell whether the ring around a part is sharp."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    wide = np.pad(part, 5)
    # The ring leaves out the places at the outline itself: they are half one, half the other.
    inner, outer = cv2.dilate(wide, kernel), cv2.dilate(wide, kernel, iterations=4)
    rows, columns = np.nonzero((outer > 0) & (inner == 0))
    rows, columns = rows + at[1] - 5, columns + at[0] - 5
    seen = (rows >= 0) & (columns >= 0) & (rows < sharp.shape[0]) & (columns < sharp.shape[1])
    return bool(seen.any() and sharp[rows[seen], columns[seen]].mean() >= _RING)


def blur_sigma(
    gray: Floats, box: tuple[int, int, int, int], part: npt.NDArray[np.uint8] | None = None
) -> float:
    """Estimate how strong a blur is, by blurring it twice more.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        The picture.
    box : (int, int, int, int)
        The blurred part.
    part : ndarray, shape (h / 4, w / 4), uint8, optional
        Which places of the box are blurred; those at their outline are left out.

    Returns
    -------
    float
        Standard deviation in pixels. At an edge that a Gaussian of sigma blurred, a second one of s
        makes the gradient 1 / sqrt(sigma^2 + s^2) of the step [1]_, so two of them, s and t, have
        gradients whose ratio gives sigma; the strongest tenth of the gradients are taken for edges.
        The first evens out rounding and coding.

    References
    ----------
    .. [1] Zhuo, Sim: Defocus map estimation from a single image, Pattern Recognition 44, 2011,
       DOI 10.1016/j.patcog.2011.03.009, section 3.
    """
    import cv2

    x1, y1, x2, y2 = box
    crop = np.ascontiguousarray(gray[y1:y2, x1:x2])
    first, second = (
        np.hypot(*np.gradient(cv2.GaussianBlur(crop, (0, 0), sigma))[:2])
        for sigma in _REBLUR_SIGMAS
    )
    within = np.ones(crop.shape, bool)
    if part is not None:
        inner = cv2.erode(np.pad(part, 1), np.ones((3, 3), np.uint8))[1:-1, 1:-1]
        inner = inner if inner.any() else part
        within = np.kron(inner, np.ones((_GRID, _GRID), np.uint8))[: y2 - y1, : x2 - x1] > 0
    strong = within & (first >= np.percentile(first[within], 90))
    ratio = float(first[strong].mean() / max(float(second[strong].mean()), 1e-6)) ** 2
    near, far = (sigma**2 for sigma in _REBLUR_SIGMAS)
    return float(np.sqrt(max(0.0, (far - ratio * near) / max(ratio - 1, 1e-3))))
