"""The side of the process that parses PDFs: it answers calls until nobody asks any more.

Started by `saferedact.media.pdf_worker`. It holds open documents between calls, since the steps of
the pipeline go through the same two files one after another.
"""

import contextlib
import hashlib
import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

from saferedact.errors import (
    DamagedInputError,
    LimitExceededError,
    RedactionError,
    SaferedactError,
    describe_bug,
)
from saferedact.limits import Limits
from saferedact.media.pdf_pipe import receive, send

__all__ = ["serve"]

_OPEN = 2
"""Documents that a worker holds: a source, and what was made of it."""

_MEMORY = 6 * 1024**3
"""Address space of a worker, where the system can limit it: parsers reserve more than they use."""


class _Server:
    """What the worker does."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[Any, tuple[int, Any]] = OrderedDict()
        self._count = 0
        self._reading: Any = None

    def open(self, path: Path, password: str, limits: Limits) -> tuple[int, Any]:
        """Open a document, or go on with it: the steps of the pipeline follow one another."""
        from saferedact.media.pdf_open import read_pdf
        from saferedact.media.pdf_session import PdfSession

        data = read_pdf(path, limits)
        # By its content: a file may have been replaced by another one of its name, size and time.
        key = (hashlib.sha256(data).digest(), password, limits)
        if key not in self._sessions:
            while len(self._sessions) >= _OPEN:
                _, (_, oldest) = self._sessions.popitem(last=False)
                oldest.close()
            session = PdfSession(data, password=password, limits=limits)
            self._count += 1
            self._sessions[key] = (self._count, session)
        self._sessions.move_to_end(key)
        number, session = self._sessions[key]
        return number, session.facts

    def _session(self, number: int) -> Any:
        for found, session in self._sessions.values():
            if found == number:
                return session
        msg = "the document is not open any more"
        raise RedactionError(msg)

    def page(self, number: int, index: int) -> Any:
        return self._session(number).page(index)

    def picture(self, number: int, index: int, dpi: float, clip: Any, bare: bool) -> Any:
        return self._session(number).picture(index, dpi, clip, bare=bare)

    def covers(self, number: int, index: int, regions: Any, raster: bool) -> Any:
        return self._session(number).covers(index, regions, raster=raster)

    def covers_alone(self, size: Any, regions: Any, dpi: float) -> Any:
        from saferedact.media.pdf_compose import covers_alone

        return covers_alone(size, regions, dpi)

    def audit(self, path: Path) -> list[str]:
        from saferedact.media.pdf_audit import audit

        return audit(path)

    def begin(self, number: int) -> None:
        self._session(number).begin()

    def add(self, number: int, index: int, regions: Any, raster: str, spoken: bool) -> Any:
        return self._session(number).add(index, regions, raster=raster, spoken=spoken)

    def finish(self, number: int, destination: Path) -> None:
        self._session(number).finish(destination)

    def search(self, path: Path, needles: list[str]) -> None:
        from saferedact.media.pdf_search import Reading

        # Each step of the pipeline searches the same file: it is read once.
        if self._reading is None or not self._reading.is_of(path):
            self._reading = Reading(path)
        self._reading.look_for(needles)

    def search_page(self, index: int) -> Any:
        return self._read().page(index)

    def search_rest(self, path: Path) -> Any:
        return self._read().rest(path)

    def search_end(self) -> None:
        self._read().close()

    def _read(self) -> Any:
        if self._reading is None:
            msg = "no document is being searched"
            raise RedactionError(msg)
        return self._reading


def serve() -> None:
    """Answer calls until the pipe ends."""
    requests = sys.stdin.buffer
    # Libraries print to standard output; the pipe is kept from them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    server = _Server()
    while (request := receive(requests)) is not None:
        name, args = request
        send(answers, _answered(server, name, args))


def _answered(server: _Server, name: str, args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, getattr(server, name)(*args)
    except SaferedactError as error:
        return False, error
    except MemoryError:
        return False, LimitExceededError("the document needs more memory than it may have")
    except RecursionError:
        return False, DamagedInputError("the document is damaged: it is nested too deeply")
    except Exception as error:  # noqa: BLE001  the program on the other side must get an answer
        return False, RedactionError(describe_bug(error))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
