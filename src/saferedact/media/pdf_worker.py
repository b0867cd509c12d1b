"""A process of its own for everything that parses PDFs.

A hostile file may crash a parser or keep it busy for ever. Then the worker ends, the file has an
error, and the program goes on. The worker is started at the first PDF and serves one document at a
time; what goes to and fro are calls of `saferedact.media.pdf_session.PdfSession` and their answers.

The worker is started as a program and not by `multiprocessing`, which would run a caller's script
a second time. It is not a sandbox: it has the rights of the program.
"""

import contextlib
import hashlib
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any

from saferedact.errors import (
    DEBUG_VARIABLE,
    DamagedInputError,
    LimitExceededError,
    RedactionError,
    SaferedactError,
    describe_bug,
)
from saferedact.limits import Limits

__all__ = [
    "PdfProxy",
    "audit_pdf",
    "current_password",
    "open_pdf",
    "search_pdf",
    "set_password",
    "use_password",
]

_SECONDS = 600.0
"""For one call, which handles a page, or writes a document at ten pages a second."""

_SECONDS_PER_PAGE = 10.0

_OPEN = 2
"""Documents that a worker holds: a source, and what was made of it."""

_MEMORY = 6 * 1024**3
"""Address space of a worker, where the system can limit it: parsers reserve more than they use."""

_START = (
    "import sys; sys.path[:] = {path!r}; from saferedact.media.pdf_worker import serve; serve()"
)

_password: ContextVar[str] = ContextVar("pdf_password", default="")


@contextlib.contextmanager
def use_password(password: str) -> Iterator[None]:
    """Open encrypted documents with a password for as long as the block runs."""
    token = _password.set(password)
    try:
        yield
    finally:
        _password.reset(token)


def set_password(password: str) -> None:
    """Open encrypted documents with a password from now on: for a process that does nothing else."""
    _password.set(password)


def current_password() -> str:
    """Return the password of `use_password`; empty if there is none."""
    return _password.get()


class _Worker:
    """The process and the pipe to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter with a constant program
            [sys.executable, "-c", _START.format(path=[p for p in sys.path if p])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get(DEBUG_VARIABLE) == "1" else subprocess.DEVNULL,
        )
        if self._process.stdin is None or self._process.stdout is None:
            msg = "a pipe that was asked for is there"
            raise AssertionError(msg)
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._answers: queue.SimpleQueue[tuple[bool, Any] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            answer = _receive(self._replies)
            self._answers.put(answer)
            if answer is None:
                return

    def call(self, name: str, *args: Any, seconds: float = _SECONDS) -> Any:
        try:
            with self._lock:  # one call at a time: answers carry no names
                _send(self._requests, (name, args))
                answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.end()
            msg = "the document keeps its reader busy for too long"
            raise LimitExceededError(msg) from None
        except (BrokenPipeError, OSError):
            answer = None
        if answer is None:
            self.end()
            msg = "the document is damaged: its reader crashed"
            raise DamagedInputError(msg)
        done, value = answer
        if not done:
            raise value
        return value

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                stream.close()


_worker: _Worker | None = None


def _running() -> _Worker:
    global _worker  # noqa: PLW0603  one worker per process, started when it is needed
    if _worker is None or not _worker.alive:
        _worker = _Worker()
    return _worker


class PdfProxy:
    """An open document in the worker; offers the methods of `PdfSession`.

    Parameters
    ----------
    worker : object
        The worker that holds it.
    number : int
        Its number there.
    facts : PdfFacts
        What it is.
    """

    def __init__(self, worker: Any, number: int, facts: Any) -> None:
        self._worker = worker
        self._number = number
        self.facts = facts

    def page(self, index: int) -> Any:
        """Read a page; see `PdfSession.page`."""
        return self._worker.call("page", self._number, index)

    def picture(self, index: int, dpi: float) -> Any:
        """Render a page; see `PdfSession.picture`."""
        return self._worker.call("picture", self._number, index, dpi)

    def covers(self, index: int, regions: Any, *, raster: bool) -> Any:
        """Say where covers stand on the new page; see `PdfSession.covers`."""
        return self._worker.call("covers", self._number, index, regions, raster)

    def write(self, destination: Path, regions: Any, raster: frozenset[int]) -> Any:
        """Write the new document; see `PdfSession.write`."""
        seconds = _SECONDS + _SECONDS_PER_PAGE * len(self.facts.sizes)
        return self._worker.call(
            "write", self._number, destination, regions, raster, seconds=seconds
        )


@contextlib.contextmanager
def open_pdf(path: Path, *, limits: Limits) -> Iterator[PdfProxy]:
    """Open a document in the worker.

    Parameters
    ----------
    path : Path
        The document. Opened read-only, with the password of `use_password`.
    limits : Limits
        Size limits.

    Yields
    ------
    PdfProxy
        The open document.

    Raises
    ------
    InputError, LimitExceededError
        If it cannot be read.
    """
    worker = _running()
    number, facts = worker.call("open", path, current_password(), limits)
    yield PdfProxy(worker, number, facts)


def search_pdf(path: Path, needles: list[str], *, pages: int) -> Any:
    """Read a written document with other engines and search it; see `pdf_search`.

    Returns
    -------
    texts : list of dict of str to str
        Text of each page by engine.
    leaks : list of Leak
        Where a needle was found.
    """
    return _running().call("search", path, needles, seconds=_SECONDS + _SECONDS_PER_PAGE * pages)


def audit_pdf(path: Path) -> list[str]:
    """List what a written document holds beside pages; see `pdf_audit`."""
    channels: list[str] = _running().call("audit", path)
    return channels


# In the worker


def serve() -> None:
    """Answer calls until the pipe ends."""
    requests = sys.stdin.buffer
    # Libraries print to standard output; the pipe is kept from them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    server = _Server()
    while (request := _receive(requests)) is not None:
        name, args = request
        _send(answers, _answered(server, name, args))


def _answered(server: "_Server", name: str, args: tuple[Any, ...]) -> tuple[bool, Any]:
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


class _Server:
    """What the worker does."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[Any, tuple[int, Any]] = OrderedDict()
        self._count = 0

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

    def close(self) -> None:
        while self._sessions:
            self._sessions.popitem()[1][1].close()

    def page(self, number: int, index: int) -> Any:
        return self._session(number).page(index)

    def picture(self, number: int, index: int, dpi: float) -> Any:
        return self._session(number).picture(index, dpi)

    def covers(self, number: int, index: int, regions: Any, raster: bool) -> Any:
        return self._session(number).covers(index, regions, raster=raster)

    def audit(self, path: Path) -> list[str]:
        from saferedact.media.pdf_audit import audit

        return audit(path)

    def write(self, number: int, destination: Path, regions: Any, raster: frozenset[int]) -> Any:
        return self._session(number).write(destination, regions, raster)

    def search(self, path: Path, needles: list[str]) -> Any:
        from saferedact.media.pdf_search import extracted, leaks

        texts = extracted(path)
        return texts, leaks(path, needles, texts)


_HEAD = struct.Struct("<Q")


def _send(stream: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, protocol=5)
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """Read one message; None at the end of the pipe."""
    try:
        head = _read(stream, _HEAD.size)
        return None if head is None else pickle.loads(_read(stream, _HEAD.unpack(head)[0]) or b"")  # noqa: S301  both ends are this module
    except (OSError, ValueError, EOFError, pickle.UnpicklingError):
        return None


def _read(stream: IO[bytes], count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = stream.read(min(count - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
