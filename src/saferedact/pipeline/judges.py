"""The language networks that a check asks, each loaded when it is asked for the first time."""

from collections.abc import Sequence
from functools import cache, partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from saferedact.checks.base import Judge, Judges
from saferedact.checks.corrections import correction

__all__ = ["judges_for"]

_Task = Literal["wording", "identifying"]


def judges_for(asked: Judges | Literal["auto"] | None) -> Judges:
    """Return the judges that are asked for: those of the package, others, or none."""
    if asked == "auto":
        return Judges(partial(_ask, "wording"), partial(_ask, "identifying"))
    return asked or Judges()


def _ask(task: _Task, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    return _network(task)(texts)


@cache
def _network(task: _Task) -> Judge:
    from saferedact.detectors.minilm import MiniLM

    return MiniLM(correction(task))
