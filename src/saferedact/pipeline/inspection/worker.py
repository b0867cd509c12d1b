"""A process that looks into files, so that a hostile one takes down no more than itself.

It is a Python of its own, has an upper bound of memory where the system can set one, and is killed when a
file takes too long. What it answers is JSON: nothing of a hostile file is run here, even if one should
take the process over.
"""

import contextlib
import os
import subprocess
import sys
import threading
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Self

from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.pipeline.inspection.findings import Inspection
from saferedact.pipeline.inspection.serve import receive, send

__all__ = ["Inspector"]

_SECONDS = 300.0
"""For one file. A page of a PDF takes 0.02 to 0.2 s."""

_MEMORY_BYTES = 6 * 1024**3
"""Address space: 200 megapixels as floats three times are 2.4 GB, libraries 1 GB."""

_LEAVE_SECONDS = 5.0  # for a process that is asked to end: it closes libraries

_SERVE = "saferedact.pipeline.inspection.serve"


class Inspector:
    """Looks into one file after another; a context manager.

    Parameters
    ----------
    limits : Limits
        Bounds of each file.
    seconds : float
        Most time for one file.
    memory_bytes : int
        Most address space of the process, where the system can bound it (not on Windows).
    """

    def __init__(
        self,
        limits: Limits = DEFAULT_LIMITS,
        *,
        seconds: float = _SECONDS,
        memory_bytes: int = _MEMORY_BYTES,
    ) -> None:
        self._limits = limits
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Enter a block at whose end the process ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process."""
        self.close()

    def inspect(self, path: Path, folder: Path | None = None) -> Inspection:
        """Look into a file.

        Parameters
        ----------
        path : Path
            The file. Opened read-only.
        folder : Path, optional
            An empty folder that pictures, documents and films inside are put into.

        Returns
        -------
        Inspection
            Where it could not be looked into, one that says why; never an error for one file.
        """
        process = self._process or self._started()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.start()
        try:
            assert process.stdin is not None  # noqa: S101  opened as pipes
            assert process.stdout is not None  # noqa: S101
            send(process.stdin, os.fsencode(path.absolute()))
            send(process.stdin, b"" if folder is None else os.fsencode(folder.absolute()))
            message = receive(process.stdout)
        except OSError:  # it ended while it was asked
            message = None
        except BaseException:
            # Who was interrupted does not take the answer: the next file would be given it.
            process.kill()
            self.close()
            raise
        finally:
            timer.cancel()
        if message is not None:
            with contextlib.suppress(ValueError, TypeError, KeyError):
                return Inspection.from_json(message)
        self.close()
        if late.is_set():
            return Inspection.failed("looking into it took too long")
        return Inspection.failed("looking into it ended the process: it is damaged or too large")

    def close(self) -> None:
        """End the process, if one runs."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(_LEAVE_SECONDS)  # with nothing left to read it ends by itself
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            with contextlib.suppress(OSError):
                process.stdout.close()

    def _started(self) -> subprocess.Popen[bytes]:
        # The package is found as it was here, however this Python found it.
        home = str(Path(__file__).resolve().parents[3])
        paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(  # noqa: S603  this Python, with arguments of ours
            [sys.executable, "-m", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._process = process
        assert process.stdin is not None  # noqa: S101  opened as a pipe
        with contextlib.suppress(OSError):  # it ended at once: the first answer will tell
            send(process.stdin, " ".join(map(str, astuple(self._limits))).encode())
            send(process.stdin, str(self._memory_bytes).encode())
        return process
