"""Entry points of the core: hide regions of one frame in place."""

from collections.abc import Iterable, Sequence
from operator import index
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.frames.coarse import blur, mosaic
from saferedact.frames.color import as_color, sample_values
from saferedact.frames.frost import frost
from saferedact.frames.masks import Cover, Shape, cover_of
from saferedact.frames.planes import FramePlanes, planes_of
from saferedact.frames.solid import fill
from saferedact.geometry import BoxesXYXY, Grid, as_boxes

__all__ = ["REVERSIBLE", "Operator", "redact_planes", "redact_regions"]

Operator: TypeAlias = Literal["solid", "frost", "mosaic", "blur"]

REVERSIBLE = frozenset({"mosaic", "blur"})
"""Operators that keep a coarse picture of what they hide."""

_PIXELS = Grid()


def redact_regions(
    frame: Any,
    xyxy: npt.ArrayLike,
    *,
    operator: Operator = "solid",
    shape: Shape = "rectangle",
    color: Sequence[int] = (0, 0, 0),
    seeds: Iterable[int] | None = None,
    allow_reversible: bool = False,
) -> None:
    """Hide regions of one frame in place.

    Parameters
    ----------
    frame : ndarray or av.VideoFrame
        Written in place. Shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4), uint8 or uint16 over its
        whole range, or a PyAV frame. See `saferedact.frames.planes_of`.
    xyxy : array_like, shape (n, 4)
        Regions, in pixels, half-open; they grow outward to whole pixels and chroma samples. Parts
        outside the frame are ignored.
    operator : str
        ``"solid"`` fills with `color`. ``"frost"`` looks like frosted glass and is computed only
        from samples beside the regions; where there are none it is ``"solid"``. ``"mosaic"`` and
        ``"blur"`` are reversible.
    shape : str
        ``"rectangle"``, or ``"ellipse"`` for the ellipse inscribed in each box.
    color : sequence of 3 int
        0 to 255, in the channel order of an array (so BGR for a BGR array); red, green, blue for
        gray arrays and PyAV frames.
    seeds : iterable of n int, optional
        0 to 2**64 - 1: choose the grain of each region; pass the same number for the same track on every frame.
    allow_reversible : bool
        Permit ``"mosaic"`` and ``"blur"``.

    Raises
    ------
    InputError
        If an argument is not valid, the frame is read-only, or the operator is reversible and that
        was not allowed. The frame is unchanged then.
    UnsupportedFormatError
        If the pixel format of a PyAV frame is not supported.

    Notes
    -----
    Alpha becomes opaque within regions, with every operator: the outline of a cut-out is a
    silhouette. Colors under alpha 0 outside of regions are not touched, and ``"frost"`` reads them
    like any other; clear them first if nobody may see them.
    """
    redact_planes(
        planes_of(frame),
        xyxy,
        operator=operator,
        shape=shape,
        color=color,
        seeds=seeds,
        allow_reversible=allow_reversible,
    )


def redact_planes(
    frame: FramePlanes,
    xyxy: npt.ArrayLike,
    *,
    operator: Operator,
    shape: Shape = "rectangle",
    grid: Grid = _PIXELS,
    color: Sequence[int] = (0, 0, 0),
    seeds: Iterable[int] | None = None,
    keep_out: npt.ArrayLike | None = None,
    allow_reversible: bool = False,
) -> None:
    """Hide regions of the planes of one frame in place.

    Parameters
    ----------
    frame : FramePlanes
        Written in place.
    xyxy : array_like, shape (n, 4)
        Regions, in pixels of the frame, half-open.
    operator, shape, color, seeds, allow_reversible
        As of `redact_regions`.
    grid : Grid
        Block grid of the source; regions grow outward to whole cells of it, so that what a codec
        smeared around the hidden content is hidden too.
    keep_out : array_like, shape (m, 4), optional
        What other calls on this frame hide: ``"frost"`` reads nothing there. Taken as rectangles,
        grown like regions.

    Raises
    ------
    InputError
        If an argument is not valid, or the operator is reversible and that was not allowed. The
        frame is unchanged then.
    """
    boxes = as_boxes(xyxy)
    _check_operator(operator, allow_reversible)
    rgb = as_color(color)
    grains = _as_seeds(seeds, len(boxes))
    cover = _cover(frame, boxes, shape, grid)
    hidden = cover.boxes[:0]
    if keep_out is not None:
        hidden = _cover(frame, as_boxes(keep_out), "rectangle", grid).boxes
    if not cover.index.size:
        return
    values = sample_values(frame, rgb)
    if operator == "solid":
        fill(frame, cover.rectangles, values)
    elif operator == "frost":
        frost(frame, cover, seeds=grains[cover.index], hidden=hidden, fallback=values)
    elif operator == "mosaic":
        mosaic(frame, cover, values)
    else:
        blur(frame, cover, values)


def _cover(frame: FramePlanes, boxes: BoxesXYXY, shape: Shape, grid: Grid) -> Cover:
    return cover_of(frame.size_wh, boxes, shape=shape, grid=grid, subsampling=frame.subsampling)


def _check_operator(operator: Operator, allow_reversible: bool) -> None:
    if operator not in get_args(Operator):
        msg = f"operator must be one of {', '.join(get_args(Operator))}, not {operator!r}"
        raise InputError(msg)
    if operator in REVERSIBLE and not allow_reversible:
        msg = f"{operator} can be reversed: pass allow_reversible=True to use it all the same"
        raise InputError(msg)


def _as_seeds(seeds: Iterable[int] | None, count: int) -> npt.NDArray[np.uint64]:
    if seeds is None:
        return np.arange(count, dtype=np.uint64)
    try:
        whole = [index(seed) for seed in seeds]
    except TypeError:
        msg = "seeds must be integers"
        raise InputError(msg) from None
    if len(whole) != count:
        msg = f"there must be one seed per box, but there are {len(whole)} for {count}"
        raise InputError(msg)
    if not all(0 <= seed < 2**64 for seed in whole):
        msg = "seeds must lie between 0 and 2**64 - 1"
        raise InputError(msg)
    return np.array(whole, dtype=np.uint64)
