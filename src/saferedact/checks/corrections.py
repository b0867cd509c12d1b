"""Corrections that come with the package, by which a language network is turned to a task of the checks.

They are fitted by `tools/fit_network.py` on the texts for development alone.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["correction"]


@cache
def correction(task: Literal["wording", "identifying"]) -> Mapping[str, npt.NDArray[np.float16]]:
    """Read a correction.

    Parameters
    ----------
    task : {"wording", "identifying"}
        What the network is to judge: `saferedact.checks.verdicts`, or `saferedact.checks.identifying`.

    Returns
    -------
    mapping of str to ndarray
        As `saferedact.detectors.minilm.MiniLM` takes it.
    """
    with resources.files("saferedact.checks").joinpath(f"{task}.npz").open("rb") as file:
        arrays = np.load(file, allow_pickle=False)
        return {name: arrays[name] for name in arrays.files}
