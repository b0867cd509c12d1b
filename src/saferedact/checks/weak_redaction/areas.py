"""Boxes of marks: whether two are in the same place."""

import numpy as np
import numpy.typing as npt

__all__ = ["Box", "Floats", "share_within", "touch"]

Floats = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]


def touch(one: Box, other: Box) -> bool:
    """Tell whether two boxes have any pixel in common."""
    return share_within(one, other) > 0


def share_within(one: Box, other: Box) -> float:
    """Return the share of the first box that lies in the second."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(0.0, wide) * max(0.0, high) / area if area > 0 else 0.0
