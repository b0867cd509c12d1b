"""Comparisons of boxes, for tests."""

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY

__all__ = ["contains"]


def contains(outer: BoxesXYXY, inner: npt.ArrayLike, slack: float = 0.0) -> bool:
    """Tell whether each box lies within the one beside it, but for some pixels.

    Parameters
    ----------
    outer, inner : ndarray, shape (n, 4)
        Boxes, or one that is compared with all.
    slack : float
        Pixels by which an inner box may reach out.
    """
    outer, inner = np.asarray(outer), np.asarray(inner)
    low = (outer[..., :2] <= inner[..., :2] + slack).all()
    return bool(low and (outer[..., 2:] >= inner[..., 2:] - slack).all())
