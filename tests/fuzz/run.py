"""Fuzz one target with atheris (extra ``fuzz``), or all of them one after another.

    python tests/fuzz/run.py container -max_total_time=1200 [CORPUS]
    python tests/fuzz/run.py all -max_total_time=5

Options are libFuzzer's. Inputs that break a target are written to the working folder as ``crash-...``;
put a shrunk one into ``tests/fuzz/crashes/TARGET`` when its fault is mended.
"""

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

from saferedact.testing.fuzzing import TARGETS, feed


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in {"all", *TARGETS}:
        sys.stderr.write(f"usage: run.py all|{'|'.join(TARGETS)} [libFuzzer options] [CORPUS]\n")
        return 2
    name, *options = sys.argv[1:]
    if name == "all":  # libFuzzer ends its process, so each has one of its own
        commands = [[sys.executable, __file__, target, *options] for target in TARGETS]
        return max(subprocess.run(command, check=False).returncode for command in commands)
    with tempfile.TemporaryDirectory() as folder:
        # Modules are imported where they are used: what is imported in here is watched.
        with atheris.instrument_imports(include=["saferedact"]):
            for number, seed in enumerate(TARGETS[name].seeds()):
                (Path(folder) / f"seed-{number}").write_bytes(seed)
                feed(name, seed)
        atheris.Setup(
            [sys.argv[0], "-timeout=60", "-rss_limit_mb=4096", *options, folder],
            lambda data: feed(name, data),
        )
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
