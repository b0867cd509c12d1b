"""Running other programs, and what they score."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import cpu_clock

from benchmarks import peers as programs

HERE = Path(programs.__file__).parent
OURS = "saferedact"
OFFLINE = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
"""Environment in which fetching fails at once: a program that wants the network would wait for it, and
no measurement may depend on what it gets."""

LONGEST_S = 900  # of one call of another program; one that hangs must not hang the rest


_START: dict[tuple[str, ...], float] = {}


@dataclass(slots=True)
class Score:
    """A measure of several programs, for the table of who is ahead."""

    topic: str
    measure: str
    values: dict[str, float]
    lower_is_better: bool = False


def child(command):
    """Run another program; processor time, or None if it failed."""
    before = cpu_clock()
    try:
        subprocess.run(
            [*map(str, command)],
            check=True,
            capture_output=True,
            timeout=LONGEST_S,
            env=os.environ | OFFLINE,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return cpu_clock() - before


def net(command, empty):
    """Processor time of a command without that of an empty job.

    What an empty job takes is measured once for a program and its options.
    """
    key = tuple(map(str, empty))
    if key not in _START:
        _START[key] = child(empty) or 0.0
    whole = child(command)
    return None if whole is None else max(whole - _START[key], 1e-3)


def seconds(value):
    """Write a time, or that there is none."""
    return "failed" if value is None else f"{value:.2f}"
