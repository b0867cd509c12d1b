"""EXIF orientation and quarter turns, for arrays, boxes and block grids.

The eight orientations are the symmetries of the rectangle. Each is written as "transpose first, if
at all, then flip columns and rows", so that one short rule serves arrays and boxes alike.

References
----------
.. [1] CIPA DC-008-2023 (Exif 3.0), section 4.6.4, tag 274 "Orientation".
"""

from enum import IntEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from saferedact.geometry.boxes import BoxesXYXY
from saferedact.geometry.grid import Grid

__all__ = [
    "Orientation",
    "boxes_to_stored",
    "boxes_to_upright",
    "grid_to_upright",
    "orientation_of_matrix",
    "rotate_boxes_back",
    "size_upright",
    "to_upright",
]


T = TypeVar("T", bound=np.generic)


class Orientation(IntEnum):
    """EXIF tag 274: where row 0 and column 0 of the stored picture are when seen upright."""

    TOP_LEFT = 1
    TOP_RIGHT = 2
    BOTTOM_RIGHT = 3
    BOTTOM_LEFT = 4
    LEFT_TOP = 5
    RIGHT_TOP = 6
    RIGHT_BOTTOM = 7
    LEFT_BOTTOM = 8


# stored -> upright: (transpose, then flip x, then flip y), read off the definition in [1].
_STEPS: dict[Orientation, tuple[bool, bool, bool]] = {
    Orientation.TOP_LEFT: (False, False, False),
    Orientation.TOP_RIGHT: (False, True, False),
    Orientation.BOTTOM_RIGHT: (False, True, True),
    Orientation.BOTTOM_LEFT: (False, False, True),
    Orientation.LEFT_TOP: (True, False, False),
    Orientation.RIGHT_TOP: (True, True, False),
    Orientation.RIGHT_BOTTOM: (True, True, True),
    Orientation.LEFT_BOTTOM: (True, False, True),
}

_QUARTER_TURNS: dict[int, Orientation] = {
    0: Orientation.TOP_LEFT,
    90: Orientation.LEFT_BOTTOM,
    180: Orientation.BOTTOM_RIGHT,
    270: Orientation.RIGHT_TOP,
}


def orientation_of_matrix(x_by_x: int, y_by_x: int, x_by_y: int, y_by_y: int) -> int | None:
    """Name the orientation that a display matrix amounts to.

    Parameters
    ----------
    x_by_x, y_by_x : int
        What a step to the right in the stored picture adds to x and to y of the upright one
        (``a`` and ``b`` of the matrix); only signs and zeros matter.
    x_by_y, y_by_y : int
        The same of a step down (``c`` and ``d``).

    Returns
    -------
    int or None
        1 to 8; None for any other turn, and for a matrix that maps the picture to a line.

    References
    ----------
    .. [1] ISO/IEC 14496-12:2022, section 6.2.2.
    """
    straight = x_by_x != 0 and y_by_y != 0 and y_by_x == x_by_y == 0
    transposed = y_by_x != 0 and x_by_y != 0 and x_by_x == y_by_y == 0
    if straight == transposed:
        return None
    flip_x, flip_y = (x_by_y < 0, y_by_x < 0) if transposed else (x_by_x < 0, y_by_y < 0)
    steps = (transposed, flip_x, flip_y)
    return next(orientation for orientation, its in _STEPS.items() if its == steps)


def size_upright(size_wh: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height seen upright, from those stored, in pixels."""
    width, height = size_wh
    return (height, width) if _STEPS[Orientation(orientation)][0] else (width, height)


def to_upright(pixels: npt.NDArray[T], orientation: int) -> npt.NDArray[T]:
    """Turn a stored picture upright.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, c)
        Stored picture. Not modified.
    orientation : int
        1 to 8.

    Returns
    -------
    ndarray, shape (h, w) or (w, h), and c
        A view where no copy is needed; use `numpy.ascontiguousarray` to own it.
    """
    transpose, flip_x, flip_y = _STEPS[Orientation(orientation)]
    out = pixels.swapaxes(0, 1) if transpose else pixels
    return out[:: -1 if flip_y else 1, :: -1 if flip_x else 1]


def _flip(xyxy: BoxesXYXY, size_wh: tuple[int, int], flip_x: bool, flip_y: bool) -> BoxesXYXY:
    width, height = (np.float32(side) for side in size_wh)
    out = xyxy.copy()
    if flip_x:
        out[:, [0, 2]] = width - xyxy[:, [2, 0]]
    if flip_y:
        out[:, [1, 3]] = height - xyxy[:, [3, 1]]
    return out


def boxes_to_upright(
    xyxy: BoxesXYXY, orientation: int, stored_size_wh: tuple[int, int]
) -> BoxesXYXY:
    """Carry boxes from the stored picture to the upright one.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes in stored pixels. Not modified.
    orientation : int
        1 to 8.
    stored_size_wh : (int, int)
        Width and height as stored, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array, boxes in upright pixels.
    """
    transpose, flip_x, flip_y = _STEPS[Orientation(orientation)]
    out = xyxy[:, [1, 0, 3, 2]] if transpose else xyxy
    return _flip(out, size_upright(stored_size_wh, orientation), flip_x, flip_y)


def boxes_to_stored(
    xyxy: BoxesXYXY, orientation: int, stored_size_wh: tuple[int, int]
) -> BoxesXYXY:
    """Carry boxes from the upright picture back to the stored one.

    The inverse of `boxes_to_upright`, with the same parameters.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes in upright pixels. Not modified.
    orientation : int
        1 to 8.
    stored_size_wh : (int, int)
        Width and height as stored, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array, boxes in stored pixels.
    """
    transpose, flip_x, flip_y = _STEPS[Orientation(orientation)]
    out = _flip(xyxy, size_upright(stored_size_wh, orientation), flip_x, flip_y)
    return out[:, [1, 0, 3, 2]] if transpose else out


def grid_to_upright(grid: Grid, orientation: int, stored_size_wh: tuple[int, int]) -> Grid:
    """Carry a block grid from the stored picture to the upright one.

    Parameters
    ----------
    grid : Grid
        Cells in stored pixels.
    orientation : int
        1 to 8.
    stored_size_wh : (int, int)
        Width and height as stored, in pixels.

    Returns
    -------
    Grid
        The same cells in upright pixels; a flip moves the cut-off last cell to the front.
    """
    cell = np.array([[*grid.origin_xy, *grid.origin_xy]], dtype=np.float32)
    cell[:, 2:] += np.array(grid.size_wh, dtype=np.float32)
    x1, y1, x2, y2 = (
        int(value) for value in boxes_to_upright(cell, orientation, stored_size_wh)[0]
    )
    return Grid((x2 - x1, y2 - y1), (x1, y1), size_upright(grid.reach_wh, orientation))


def rotate_boxes_back(xyxy: BoxesXYXY, degrees: int, size_wh: tuple[int, int]) -> BoxesXYXY:
    """Carry boxes found on a picture turned counter-clockwise back to the picture itself.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes in pixels of the turned picture, ``numpy.rot90(picture, degrees // 90)``.
    degrees : {0, 90, 180, 270}
        Counter-clockwise turn that was applied.
    size_wh : (int, int)
        Width and height of the picture before the turn, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array, boxes in pixels of the picture before the turn.
    """
    return boxes_to_stored(xyxy, _QUARTER_TURNS[degrees], size_wh)
