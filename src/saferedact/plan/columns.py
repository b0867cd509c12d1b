"""Columns of a plan: many boxes in one region, checked all at once.

A video has a hundred thousand boxes. As one region each they take twice the room and nine times as
long to validate as in columns that numpy looks at as a whole.
"""

from itertools import pairwise
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field

from saferedact.documents import at_most, rule
from saferedact.geometry.boxes import MAX_COORDINATE

__all__ = ["GRID_PER_PIXEL", "BoxColumn", "FrameColumn"]

GRID_PER_PIXEL = 8
"""Plan coordinates are multiples of 1/8 px: exact in float32 and in JSON, finer than any codec."""

_MAX_ROWS = 1_000_000  # of one track: nine hours in which every frame has a box of its own

_Row = tuple[float, float, float, float]


def _rising(frames: tuple[int, ...]) -> tuple[int, ...]:
    if not frames:
        text = "must have at least one entry"
        raise rule(text)
    if frames[0] < 0 or frames[-1] > 2**31 or any(b <= a for a, b in pairwise(frames)):
        text = "must rise strictly from 0 on"
        raise rule(text)
    return frames


def _boxes(rows: tuple[_Row, ...]) -> tuple[_Row, ...]:
    boxes = np.array(rows, dtype=np.float64).reshape(-1, 4)
    if bool((np.abs(boxes) > MAX_COORDINATE).any()):
        text = f"must be within +-{MAX_COORDINATE:.0f}"
        raise rule(text)
    steps = boxes * GRID_PER_PIXEL
    if bool((steps != np.rint(steps)).any()):
        text = f"must be multiples of 1/{GRID_PER_PIXEL}"
        raise rule(text)
    if not bool((boxes[:, :2] < boxes[:, 2:]).all()):
        text = "must have x1 < x2 and y1 < y2"
        raise rule(text)
    if bool((np.signbit(boxes) & (boxes == 0)).any()):  # so that equal plans are equal bytes
        return tuple(map(tuple, (boxes + 0.0).tolist()))
    return rows


FrameColumn = Annotated[
    tuple[int, ...], Field(strict=False), at_most(_MAX_ROWS), AfterValidator(_rising)
]
"""Ordinals of frames, strictly rising, at least one."""

BoxColumn = Annotated[
    tuple[Annotated[_Row, Field(strict=False)], ...],
    Field(strict=False),
    at_most(_MAX_ROWS),
    AfterValidator(_boxes),
]
"""Boxes in upright pixels, half-open, in multiples of 1/8."""
