"""A process of its own for everything that parses PDFs.

A hostile file may crash a parser or keep it busy for ever. Then the worker ends, the file has an
error, and the program goes on. The worker is started at the first PDF and serves one document at a
time; what goes to and fro are calls of what `saferedact.media.pdf_server` holds, and their answers.

The worker is started as a program and not by `multiprocessing`, which would run a caller's script
a second time. It is not a sandbox: it has the rights of the program.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from saferedact.errors import DEBUG_VARIABLE, DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.media.pdf_pipe import receive, send

__all__ = [
    "PdfProxy",
    "audit_pdf",
    "current_password",
    "end_worker",
    "open_pdf",
    "search_pdf",
    "set_password",
    "use_password",
]

_SECONDS = 600.0
"""For one call, which handles a page, or all of a document at ten pages a second."""

_SECONDS_PER_PAGE = 10.0

_LEAVE_SECONDS = 5.0  # for a worker that is asked to end: it closes libraries

_START = (
    "import sys; sys.path[:] = {path!r}; from saferedact.media.pdf_server import serve; serve()"
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
            answer = receive(self._replies)
            self._answers.put(answer)
            if answer is None:
                return

    def call(self, name: str, *args: Any, seconds: float = _SECONDS) -> Any:
        # It was started in some folder, and stays there while this program may go elsewhere.
        args = tuple(arg.absolute() if isinstance(arg, Path) else arg for arg in args)
        try:
            with self._lock:  # one call at a time: answers carry no names
                send(self._requests, (name, args))
                answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.end()
            msg = "the document keeps its reader busy for too long"
            raise LimitExceededError(msg) from None
        except (OSError, ValueError):  # ValueError: another thread has closed the pipe
            answer = None
        except BaseException:
            # Who was interrupted does not take the answer: the next call would take it for its own.
            self.end()
            raise
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

    def close(self) -> None:
        """Let it end by itself, as it does when nobody can ask any more."""
        with contextlib.suppress(OSError):
            self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVE_SECONDS)
        self.end()

    def end(self) -> None:
        """End it, whatever it does."""
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

    def picture(self, index: int, dpi: float, clip: Any = None, *, bare: bool = False) -> Any:
        """Render a page, or a part of it; see `PdfSession.picture`."""
        return self._worker.call("picture", self._number, index, dpi, clip, bare)

    def covers(self, index: int, regions: Any, *, raster: bool) -> Any:
        """Say where covers stand on the new page; see `PdfSession.covers`."""
        return self._worker.call("covers", self._number, index, regions, raster)

    def covers_alone(self, index: int, regions: Any, dpi: float) -> Any:
        """Render what covers of a page should look like; see `saferedact.media.pdf_compose.covers_alone`."""
        return self._worker.call("covers_alone", self.facts.sizes[index], regions, dpi)

    def write(
        self,
        destination: Path,
        regions: Mapping[int, Any],
        raster: Mapping[int, str],
        *,
        spoken: Collection[int] = (),
    ) -> Iterator[str]:
        """Write the new document while it is iterated over.

        Parameters
        ----------
        destination : Path
            The new file; there is none before the end.
        regions : mapping of int to sequence of PageRegionSpec
            Regions by page.
        raster : mapping of int to str
            Pages that have to become pictures, and why.
        spoken : collection of int
            Pages whose redacted text is added if they become pictures.

        Yields
        ------
        str
            For each page, why it became a picture; empty if it did not.
        """
        pages = len(self.facts.sizes)
        self._worker.call("begin", self._number)
        for page in range(pages):
            mine = regions.get(page, ())
            why, said = raster.get(page, ""), page in spoken
            yield self._worker.call("add", self._number, page, mine, why, said)
        seconds = _SECONDS + _SECONDS_PER_PAGE * pages
        self._worker.call("finish", self._number, destination, seconds=seconds)


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


def search_pdf(path: Path, needles: list[str], *, pages: int) -> Iterator[Any]:
    """Read a written document with other engines and search it; see `pdf_search`.

    Yields
    ------
    texts : dict of str to str
        Text of each page by engine; none for the file as a whole, which comes last.
    leaks : list of Leak
        Where a needle was found.
    """
    worker = _running()
    worker.call("search", path, needles)
    try:
        for page in range(pages):
            yield worker.call("search_page", page)
        yield {}, worker.call("search_rest", path, seconds=_SECONDS + _SECONDS_PER_PAGE * pages)
    finally:
        if worker.alive:
            worker.call("search_end")


def audit_pdf(path: Path) -> list[str]:
    """List what a written document holds beside pages; see `pdf_audit`."""
    channels: list[str] = _running().call("audit", path)
    return channels


def end_worker() -> None:
    """End the worker; the next document starts another one."""
    global _worker  # noqa: PLW0603  as above
    if _worker is not None:
        _worker.close()
    _worker = None
