"""Box arrays: validation, format conversion, clipping and growing."""

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError

__all__ = [
    "BoxesXYXY",
    "area",
    "as_boxes",
    "clip",
    "cxcywh_to_xyxy",
    "dilate",
    "round_outward",
    "xywh_to_xyxy",
    "xyxy_to_cxcywh",
    "xyxy_to_xywh",
]

BoxesXYXY = npt.NDArray[np.float32]
"""Boxes, shape (n, 4), float32: x1, y1, x2, y2, half-open."""

FloatArray = npt.NDArray[np.float32]

MAX_COORDINATE = 2.0**20
"""Largest coordinate accepted, in pixels. Multiples of 1/8 px are exact in float32 up to 2**21
(24-bit significand), and no supported image is wider than 65,535 px, so this leaves room for boxes
that stick out of the frame."""


def _four_columns(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        given = np.asarray(values)
    except (TypeError, ValueError):  # rows of different lengths
        given = np.empty(1, dtype=np.object_)
    if given.dtype.kind not in "biuf":
        msg = "boxes must be an array of numbers of shape (n, 4)"
        raise InputError(msg)
    if given.size == 0:
        return np.empty((0, 4), dtype=np.float64)
    if given.ndim != 2 or given.shape[-1] != 4:
        msg = f"boxes must have shape (n, 4), but got shape {given.shape}"
        raise InputError(msg)
    with np.errstate(over="ignore"):  # a long double that becomes infinite is refused later
        return given.astype(np.float64)


def as_boxes(xyxy: npt.ArrayLike) -> BoxesXYXY:
    """Check boxes and copy them into the one array type that the core uses.

    Parameters
    ----------
    xyxy : array_like, shape (n, 4) or empty
        Boxes. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New, C-contiguous array, owned by the caller. Values that float32 does not have are
        rounded outward.

    Raises
    ------
    InputError
        If the shape is not (n, 4), a value is not finite or beyond `MAX_COORDINATE`, or a box has
        its right edge left of its left edge or its bottom above its top.
    """
    wide = _four_columns(xyxy)
    # NaN fails this comparison too.
    if not bool((np.abs(wide) <= MAX_COORDINATE).all()):
        msg = f"box coordinates must be finite and within +-{MAX_COORDINATE:.0f} px"
        raise InputError(msg)
    if bool((wide[:, 2:] < wide[:, :2]).any()):
        msg = "boxes must have x1 <= x2 and y1 <= y2"
        raise InputError(msg)
    return _to_float32_outward(wide)


def _to_float32_outward(wide: npt.NDArray[np.float64]) -> BoxesXYXY:
    """Round to float32 so that no edge moves inward."""
    out = wide.astype(np.float32, order="C")
    low, high = out[:, :2], out[:, 2:]
    np.copyto(low, np.nextafter(low, np.float32(-np.inf)), where=low > wide[:, :2])
    np.copyto(high, np.nextafter(high, np.float32(np.inf)), where=high < wide[:, 2:])
    return out


def xywh_to_xyxy(xywh: npt.ArrayLike) -> BoxesXYXY:
    """Convert corner and size to two corners.

    Parameters
    ----------
    xywh : array_like, shape (n, 4)
        Left, top, width, height. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array.

    Raises
    ------
    InputError
        As `as_boxes`; a negative width or height is such a fault.
    """
    wide = _four_columns(xywh)
    with np.errstate(over="ignore", invalid="ignore"):  # as_boxes refuses what is not finite
        high = wide[:, :2] + wide[:, 2:]
    return as_boxes(np.concatenate([wide[:, :2], high], axis=1))


def xyxy_to_xywh(xyxy: BoxesXYXY) -> FloatArray:
    """Convert two corners to corner and size; new (n, 4) float32 array."""
    return np.concatenate([xyxy[:, :2], xyxy[:, 2:] - xyxy[:, :2]], axis=1)


def cxcywh_to_xyxy(cxcywh: npt.ArrayLike) -> BoxesXYXY:
    """Convert center and size to two corners.

    Parameters
    ----------
    cxcywh : array_like, shape (n, 4)
        Center x, center y, width, height. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array.

    Raises
    ------
    InputError
        As `as_boxes`; a negative width or height is such a fault.
    """
    wide = _four_columns(cxcywh)
    half = wide[:, 2:] / 2
    with np.errstate(over="ignore", invalid="ignore"):  # as_boxes refuses what is not finite
        low, high = wide[:, :2] - half, wide[:, :2] + half
    return as_boxes(np.concatenate([low, high], axis=1))


def xyxy_to_cxcywh(xyxy: BoxesXYXY) -> FloatArray:
    """Convert two corners to center and size; new (n, 4) float32 array."""
    size = xyxy[:, 2:] - xyxy[:, :2]
    return np.concatenate([xyxy[:, :2] + size / np.float32(2), size], axis=1)


def area(xyxy: BoxesXYXY) -> FloatArray:
    """Areas of boxes, shape (n,), float32, in square pixels."""
    size = np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0)
    out: FloatArray = size[:, 0] * size[:, 1]
    return out


def clip(xyxy: BoxesXYXY, size_wh: tuple[int, int]) -> BoxesXYXY:
    """Cut boxes at the edges of a frame.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.
    size_wh : (int, int)
        Frame width and height, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array of the same length; a box outside the frame has zero area on the frame's edge.
    """
    width, height = size_wh
    upper = np.array([width, height, width, height], dtype=np.float32)
    out: BoxesXYXY = np.minimum(np.maximum(xyxy, np.float32(0)), upper)
    return out


def dilate(
    xyxy: BoxesXYXY,
    fractions: tuple[float, float, float, float],
    *,
    minimum: float = 0.0,
) -> BoxesXYXY:
    """Grow each box by a share of its own size on each side.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.
    fractions : (float, float, float, float)
        Margins left, top, right, bottom; left and right in box widths, top and bottom in box
        heights. Each in [0, `MAX_COORDINATE`].
    minimum : float
        Least margin on every side, in pixels, in [0, `MAX_COORDINATE`]. Keeps the margin of tiny
        boxes useful.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array, not clipped.

    Raises
    ------
    InputError
        If a margin is negative, too large or not finite.
    """
    if not all(0 <= value <= MAX_COORDINATE for value in (*fractions, minimum)):
        msg = f"margins must be within 0 to {MAX_COORDINATE:.0f}"
        raise InputError(msg)
    left, top, right, bottom = (np.float32(value) for value in fractions)
    size = xyxy[:, 2:] - xyxy[:, :2]
    floor = np.float32(minimum)
    out = xyxy.copy()
    out[:, 0] -= np.maximum(size[:, 0] * left, floor)
    out[:, 1] -= np.maximum(size[:, 1] * top, floor)
    out[:, 2] += np.maximum(size[:, 0] * right, floor)
    out[:, 3] += np.maximum(size[:, 1] * bottom, floor)
    return out


def widen(xyxy: BoxesXYXY, heights: float, *, size_wh: tuple[int, int]) -> BoxesXYXY:
    """Make each box a whole multiple of so many of its heights wide, so that width tells little.

    Boxes grow to the right, and to the left where the frame ends.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.
    heights : float
        Step of the widths, in heights of the box, above 0 and at most `MAX_COORDINATE`.
    size_wh : (int, int)
        Frame width and height, in pixels.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array; each box contains its original. Not clipped: what is wider than the frame stays so.

    Raises
    ------
    InputError
        If `heights` is no such number.
    """
    if not 0 < heights <= MAX_COORDINATE:
        msg = f"the step must be above 0 and at most {MAX_COORDINATE:.0f} heights"
        raise InputError(msg)
    wide = xyxy.astype(np.float64)
    step = np.maximum((wide[:, 3] - wide[:, 1]) * heights, 1.0)
    # A box that is a hair wider than a multiple, by rounding alone, is that multiple.
    count = np.maximum(np.ceil((wide[:, 2] - wide[:, 0]) / step - 1e-6), 1)
    width = np.maximum(count * step, wide[:, 2] - wide[:, 0])
    start = np.minimum(wide[:, 0], np.maximum(size_wh[0] - width, 0.0))
    out = wide.copy()
    out[:, 0] = start
    out[:, 2] = np.maximum(start + width, wide[:, 2])
    return _to_float32_outward(out)


def round_outward(xyxy: BoxesXYXY) -> BoxesXYXY:
    """Move each edge outward to the next eighth of a pixel, the resolution of plans.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array; each box contains its original.
    """
    eighth = np.float32(8)  # a power of two: scaling by it is exact; and short in JSON
    low = np.floor(xyxy[:, :2] * eighth) / eighth
    high = np.ceil(xyxy[:, 2:] * eighth) / eighth
    outward: BoxesXYXY = np.concatenate([low, high], axis=1, dtype=np.float32)
    return outward
