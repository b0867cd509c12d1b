"""Blur: a compact part without any fine detail that ends at once, with fine detail all around it.

Lenses blur by depth: their blur ends softly or at the outline of a thing, and reaches the edge of the
picture. A mark is a rectangle or an ellipse inside it.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["blur_sigma", "find_blurs"]

Floats = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]

_BLOCK = 8
_FINE_SIGMA = 1.2
"""Detail finer than this is gone after any blur that is meant to hide."""

_SMOOTH = 0.28
_SMOOTH_LEVELS = 0.9
"""A block is smooth if its fine detail is below this share of the picture's usual, and in levels of 255 at
most about that of JPEG at quality 85 in a blurred part."""

_SHADED = 2.5
"""Spread of a smooth block and its neighbors, in levels of 255, from which it is no flat wall or sky."""

_LEAST_BLOCKS = 9
_FILLED = 0.62
"""Share of its box that a mark fills; an ellipse fills 0.785."""

_CONTRAST = 3.0
_SIDES = 0.6
"""Detail just outside over detail just inside, and the share of the outline where it is so."""

_REBLUR_SIGMA = 2.0

_LEAST_SIGMA = 2.0
"""Weaker blurs hide nothing. Smooth parts of photographs come to 0.5 to 1.8."""


def find_blurs(gray: Floats) -> list[tuple[Box, float]]:
    """Find blurred parts.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        Levels 0 to 255.

    Returns
    -------
    list of (box, sigma)
        Box in pixels, to a block of 8, and the standard deviation of the blur in pixels.
    """
    import cv2

    fine = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), _FINE_SIGMA))
    detail = _blocks(fine)
    if min(detail.shape) < 6:
        return []
    usual = float(np.median(detail[detail > np.percentile(detail, 30)], axis=None)) or 1.0
    smooth = detail < max(min(_SMOOTH * usual, 4 * _SMOOTH_LEVELS), 0.35)
    level = _blocks(gray)
    around = np.ones((5, 5), np.float32) / 25
    mean = cv2.filter2D(level, -1, around)
    spread = np.sqrt(np.maximum(cv2.filter2D(level * level, -1, around) - mean * mean, 0))
    shaded = (smooth & (spread > _SHADED)).astype(np.uint8)
    shaded = cv2.morphologyEx(shaded, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    shaded = cv2.morphologyEx(shaded, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(shaded, connectivity=4)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area < _LEAST_BLOCKS or area < _FILLED * w * h or min(w, h) < 3:
            continue
        if sum((x == 0, y == 0, x + w == labels.shape[1], y + h == labels.shape[0])) > 1:
            continue
        part = (labels == label).astype(np.uint8)
        if _ends_at_once(part, detail):
            box = (x * _BLOCK, y * _BLOCK, (x + w) * _BLOCK, (y + h) * _BLOCK)
            sigma = blur_sigma(gray, box)
            if sigma >= _LEAST_SIGMA:
                found.append((tuple(map(float, box)), sigma))
    return found  # type: ignore[return-value]


def _ends_at_once(part: npt.NDArray[np.uint8], detail: Floats) -> bool:
    """Tell whether most of the outline has detail right outside and none right inside."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    inside = float(np.median(detail[part > 0]))
    near = (cv2.dilate(part, kernel) > 0) & (part == 0)
    # The ring is two blocks wide: the outline may run through the middle of the first.
    wide = (cv2.dilate(part, kernel, iterations=2) > 0) & (part == 0)
    strongest = cv2.dilate(np.where(wide, detail, 0).astype(np.float32), kernel)
    return float((strongest[near] > _CONTRAST * max(inside, 0.12)).mean()) >= _SIDES


def _blocks(values: Floats) -> Floats:
    rows, columns = values.shape[0] // _BLOCK, values.shape[1] // _BLOCK
    cut = values[: rows * _BLOCK, : columns * _BLOCK]
    means: Floats = cut.reshape(rows, _BLOCK, columns, _BLOCK).mean((1, 3))
    return means


def blur_sigma(gray: Floats, box: tuple[int, int, int, int]) -> float:
    """Estimate how strong a blur is, by blurring it once more.

    Parameters
    ----------
    gray : ndarray, shape (h, w), float32
        The picture.
    box : (int, int, int, int)
        The blurred part.

    Returns
    -------
    float
        Standard deviation in pixels. At an edge that a Gaussian of sigma blurred, a second one of s
        lowers the gradient by sqrt(sigma^2 + s^2) / sigma [1]_; the strongest tenth of the part's
        gradients are taken for edges.

    References
    ----------
    .. [1] Zhuo, Sim: Defocus map estimation from a single image, Pattern Recognition 44, 2011,
       DOI 10.1016/j.patcog.2011.03.009, section 3.
    """
    import cv2

    x1, y1, x2, y2 = box
    part = np.ascontiguousarray(gray[y1:y2, x1:x2])
    again = cv2.GaussianBlur(part, (0, 0), _REBLUR_SIGMA)
    first, second = (np.hypot(*np.gradient(p)[:2])[2:-2, 2:-2] for p in (part, again))
    if first.size == 0:
        return 0.0
    strong = first >= np.percentile(first, 90)
    ratio = float(first[strong].mean() / max(float(second[strong].mean()), 1e-6))
    return float(_REBLUR_SIGMA / np.sqrt(max(ratio * ratio - 1, 1e-3)))
