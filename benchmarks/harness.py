"""Timing by ratios, and the machine that they were taken on.

A number of milliseconds says little on another machine, or on the same one an hour later. So a thing
is always timed together with a reference: both run in turn, round after round, and what is told is the
median over the rounds of *thing over reference*, with the smallest and the largest. Time is processor
time of this process, all its threads, and of the child processes that have ended.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata

try:
    import resource
except ImportError:  # Windows has no such module, and children do not count there
    resource = None

LEAST_S = 0.02
"""A call that takes less is repeated within a round until it takes this: clocks tick in milliseconds."""

GROWS = 1.2
"""Cost that does not reach so many times its first value is called constant."""

MOST_CALLS = 10_000
"""Of one thing within a round."""

FLAGS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "sha_ni", "asimd", "bf16")
"""Features of processors that decide which engine is the faster one, and by how much."""

PACKAGES = (
    "numpy",
    "opencv-python-headless",
    "av",
    "onnxruntime",
    "openvino",
    "pymupdf",
    "spacy",
    "pillow",
)

Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one thing costs beside a reference.

    Parameters
    ----------
    ratio, low, high : float
        Median, smallest and largest ratio of one round.
    seconds : float
        Median time of one call.
    reference_seconds : float
        That of the reference.
    rounds : int
        How many rounds there were.
    """

    ratio: float
    low: float
    high: float
    seconds: float
    reference_seconds: float
    rounds: int

    def cell(self, digits: int = 2) -> str:
        """Write as a cell of a table: ``1.84 (1.80-1.91)``."""
        if self.rounds == 1:
            return f"{self.ratio:.{digits}f}"
        return f"{self.ratio:.{digits}f} ({self.low:.{digits}f}-{self.high:.{digits}f})"


def cpu_clock() -> float:
    """Seconds of processor that this process and its ended children have taken."""
    if resource is None:
        return time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def spent(call: Call, clock: Callable[[], float] = cpu_clock) -> float:
    """Seconds that one call takes."""
    before = clock()
    call()
    return clock() - before


def per_call(call: Call, calls: int, clock: Callable[[], float] = cpu_clock) -> float:
    """Seconds of one call, a mean of several in a row."""
    before = clock()
    for _ in range(calls):
        call()
    return (clock() - before) / calls


def alternate(
    reference: Call,
    things: Mapping[str, Call],
    *,
    rounds: int,
    least_s: float = LEAST_S,
    warm: bool = True,
    clock: Callable[[], float] = cpu_clock,
) -> dict[str, Comparison]:
    """Time things against a reference, in turn.

    Parameters
    ----------
    reference : callable
        What everything is compared with.
    things : mapping of str to callable
        By the names that they have in the answer.
    rounds : int
        How often each is timed; every second round goes through them backwards, so that none always
        has the warmer processor.
    least_s : float
        Shorter calls are repeated until a timing takes this long, in seconds.
    warm : bool
        Call the things once before, untimed: models load, caches fill. The reference always is.
    clock : callable
        Seconds; processor time by default.

    Returns
    -------
    dict of str to Comparison
        One for each of `things`.
    """
    floor_calls = _calls_for(reference, least_s, clock)
    calls = {key: _calls_for(call, least_s, clock) if warm else 1 for key, call in things.items()}
    order = list(things.items())
    taken: dict[str, list[float]] = {name: [] for name in things}
    floor: list[float] = []
    for number in range(rounds):
        floor.append(per_call(reference, floor_calls, clock))
        for name, call in order[:: -1 if number % 2 else 1]:
            taken[name].append(per_call(call, calls[name], clock))
    return {name: compare(seconds, floor) for name, seconds in taken.items()}


def _calls_for(call: Call, least_s: float, clock: Callable[[], float]) -> int:
    call()
    once = spent(call, clock)
    return max(1, min(MOST_CALLS, round(least_s / max(once, 1e-7))))


def compare(seconds: list[float], reference: list[float]) -> Comparison:
    """Take ratios round by round, and their median.

    Parameters
    ----------
    seconds, reference : list of float
        Of the same rounds, at least one.

    Raises
    ------
    ValueError
        If there are no rounds, or not as many of both.
    """
    if not seconds or len(seconds) != len(reference):
        msg = (
            "a comparison needs as many timings of the reference as of the thing, and at least one"
        )
        raise ValueError(msg)
    ratios = [a / max(b, 1e-9) for a, b in zip(seconds, reference, strict=True)]
    return Comparison(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(seconds),
        statistics.median(reference),
        len(ratios),
    )


def slope_of(x: list[float], y: list[float]) -> dict[str, float]:
    """Fit a line by least squares, and tell whether it is one.

    Returns
    -------
    dict
        ``slope`` and ``intercept`` of y = intercept + slope x; and ``exponent``: the power by which what is
        added to the first y grows with what is added to the first x, 1 where cost grows linearly; nan if it
        does not grow.
    """
    import numpy as np

    slope, intercept = np.polyfit(np.asarray(x, float), np.asarray(y, float), 1)
    dx, dy = np.asarray(x[1:], float) - x[0], np.asarray(y[1:], float) - y[0]
    # What hardly grows has no power: noise would be told as one.
    growing = (dx > 0) & (dy > 0) & (max(y) > GROWS * y[0])
    exponent = (
        float(np.polyfit(np.log(dx[growing]), np.log(dy[growing]), 1)[0])
        if growing.sum() >= 3
        else float("nan")
    )
    return {"slope": float(slope), "intercept": float(intercept), "exponent": exponent}


def peak_mib() -> float | None:
    """Largest memory that this process has had so far, in MiB; None where that cannot be told."""
    if resource is None:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> dict[str, object]:
    """Describe the machine: processor, cores, features that matter, and versions."""
    model, flags = _processor()
    return {
        "processor": model,
        "cores": os.cpu_count() or 0,
        "flags": [flag for flag in FLAGS if flag in flags],
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "versions": {name: _version(name) for name in ("saferedact", *PACKAGES)},
    }


def _processor() -> tuple[str, set[str]]:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123  not a real file
            lines = dict(
                (part.strip() for part in line.split(":", 1)) for line in file if ":" in line
            )
    except OSError:
        return platform.processor() or platform.machine(), set()
    flags = lines.get("flags") or lines.get("Features") or ""
    return lines.get("model name", platform.machine()), set(flags.split())


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        if name != "saferedact":
            return None
        from saferedact.version import __version__

        return __version__
