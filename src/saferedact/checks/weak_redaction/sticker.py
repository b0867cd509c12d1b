"""Drawn faces laid over faces: a yellow disc with two eyes. They hide, but rarely all of a head, and slip.

Only the yellow faces of the usual sets are known, not animals, hearts or other colors.
"""

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box

__all__ = ["find_drawn_faces"]

_LEAST_SIDE = 18
"""Pixels of the shorter side: eyes of smaller ones run into each other."""

_RED = 165
_GREEN_OF_RED = (0.58, 0.97)
_BLUE_OF_RED = 0.55
"""Least red, of 255, green as a share of it, and most blue: the yellows of drawn faces (255, 204, 50 and
their shades) from orange skin to lemon."""

_ROUND = 0.86
"""Overlap over union with the ellipse in its box. Drawn discs have .93 and more, of a half covered one the
box is no square."""

_SQUARE = 0.75
"""Shorter side of the box over the longer."""

_EYES = (0.004, 0.08)
_ALIKE = 0.5
"""Area of an eye as a share of the disc, and of the smaller eye over the larger. A wink has a line."""

_APART = (0.18, 0.62)
_LEVEL = 0.12
_UPPER = 0.62
"""Distance of the eyes along the width and across it, and how far down they may lie, as shares of the box."""


def find_drawn_faces(pixels: npt.NDArray[np.uint8]) -> list[Box]:
    """Find yellow discs with two eyes.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 3), uint8
        RGB.

    Returns
    -------
    list of box
        In pixels.
    """
    import cv2

    red, green, blue = (pixels[..., n].astype(np.float32) for n in range(3))
    yellow = (
        (red >= _RED)
        & (green >= _GREEN_OF_RED[0] * red)
        & (green <= _GREEN_OF_RED[1] * red)
        & (blue <= _BLUE_OF_RED * red)
    ).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(yellow, connectivity=4)
    found: list[Box] = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if min(w, h) < _LEAST_SIDE or min(w, h) < _SQUARE * max(w, h) or area < 0.4 * w * h:
            continue
        if _is_face(labels[y : y + h, x : x + w] == label):
            found.append((float(x), float(y), float(x + w), float(y + h)))
    return found


def _is_face(part: npt.NDArray[np.bool_]) -> bool:
    """Tell whether a part is a disc with two holes that lie as eyes do."""
    import cv2

    h, w = part.shape
    outlines, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    disc = np.zeros(part.shape, np.uint8)
    cv2.drawContours(disc, outlines, -1, 1, -1)
    rows, columns = np.mgrid[:h, :w]
    ellipse = (2 * (columns + 0.5) / w - 1) ** 2 + (2 * (rows + 0.5) / h - 1) ** 2 <= 1
    filled = disc > 0
    if (ellipse & filled).sum() < _ROUND * (ellipse | filled).sum():
        return False
    holes = (filled & ~part).astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(holes, connectivity=4)
    least, most = (share * float(filled.sum()) for share in _EYES)
    eyes = [
        (float(middles[n][0]) / w, float(middles[n][1]) / h, int(stats[n][4]))
        for n in range(1, count)
        if least <= stats[n][4] <= most and middles[n][1] <= _UPPER * h
    ]
    return any(
        _APART[0] <= abs(one[0] - other[0]) <= _APART[1]
        and abs(one[1] - other[1]) <= _LEVEL
        and min(one[2], other[2]) >= _ALIKE * max(one[2], other[2])
        and min(one[0], other[0]) < 0.5 < max(one[0], other[0])
        for n, one in enumerate(eyes)
        for other in eyes[:n]
    )
