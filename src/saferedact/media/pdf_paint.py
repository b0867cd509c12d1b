"""Covering regions in the pixels of a page, with the operators of the frame core."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_model import Box

__all__ = ["Painted", "paint"]


_BLEND = 1
"""Pixels that are covered beyond a region: a renderer that scales an image blends neighbors."""


class Painted(NamedTuple):
    """A region of a picture.

    Parameters
    ----------
    xyxy : Box
        In points, y down.
    operator : {"solid", "frost", "mosaic", "blur"}
        What hides it.
    shape : {"rectangle", "ellipse"}
        Its form.
    rgb : (int, int, int)
        Color of `solid`.
    seed : int
        Of the grain of `frost`.
    """

    xyxy: Box
    operator: Literal["solid", "frost", "mosaic", "blur"]
    shape: Literal["rectangle", "ellipse"]
    rgb: tuple[int, int, int]
    seed: int


def paint(
    pixels: npt.NDArray[np.uint8],
    regions: Sequence[Painted],
    origin: tuple[float, float],
    dpi: float,
) -> None:
    """Cover regions in place.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 3), uint8
        A part of a page, as `Renderer.render` gives it. Changed.
    regions : sequence of Painted
        Of the page; those outside of the part change nothing.
    origin : (float, float)
        Upper left corner of the part, in points, y down.
    dpi : float
        Pixels per inch.
    """
    from saferedact.frames import REVERSIBLE, planes_of, redact_planes

    scale = dpi / 72
    boxes = np.array([region.xyxy for region in regions], dtype=np.float64).reshape(-1, 4) * scale
    boxes[:, :2], boxes[:, 2:] = np.floor(boxes[:, :2]) - _BLEND, np.ceil(boxes[:, 2:]) + _BLEND
    # A part begins on a whole pixel of the page, not where its corner says.
    boxes -= np.floor(np.array([*origin, *origin]) * scale)
    planes = planes_of(pixels)

    def rank(number: int) -> tuple[bool, bool, int]:
        # Frost first, solid over it; what can be undone reads nothing that the safe ones hide.
        operator = regions[number].operator
        return (operator in REVERSIBLE, operator == "solid", number)

    order = sorted(range(len(regions)), key=rank)
    safe = [number for number in order if regions[number].operator not in REVERSIBLE]
    for number in [*order, *(safe if len(safe) < len(order) else ())]:
        region = regions[number]
        others = np.delete(boxes, number, axis=0).astype(np.float32)
        redact_planes(
            planes,
            boxes[number : number + 1].astype(np.float32),
            operator=region.operator,
            shape=region.shape,
            color=region.rgb,
            seeds=[region.seed],
            keep_out=others if len(others) else None,
            allow_reversible=region.operator in REVERSIBLE,
        )
