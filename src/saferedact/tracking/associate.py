"""Which of the boxes of one look is which of another."""

import numpy as np
import numpy.typing as npt

__all__ = ["associate"]


def associate(
    affinity: npt.NDArray[np.float32], least: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pair rows with columns so that the sum of their affinities is largest.

    Parameters
    ----------
    affinity : ndarray, shape (n, m), float32
        How well a row fits a column, such as an IoU; 0 where they cannot belong together.
    least : float
        Pairs below this are not made, > 0.

    Returns
    -------
    rows, columns : ndarray, shape (k,), int64
        The pairs; each row and each column at most once.

    References
    ----------
    .. [1] Crouse, On implementing 2D rectangular assignment algorithms, IEEE Transactions on
       Aerospace and Electronic Systems 52(4), 2016: the algorithm of scipy's
       ``linear_sum_assignment``.
    """
    if 0 in affinity.shape:
        none = np.empty(0, dtype=np.int64)
        return none, none
    from scipy.optimize import linear_sum_assignment

    # What is below the bound counts as nothing, or it could push a good pair aside.
    kept = np.where(affinity >= least, affinity, 0)
    rows, columns = linear_sum_assignment(kept, maximize=True)
    good = kept[rows, columns] > 0
    return rows[good].astype(np.int64), columns[good].astype(np.int64)
