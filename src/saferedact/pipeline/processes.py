"""Processes that work for this one: started alike everywhere, and ended without a word."""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from saferedact.media.pdf_worker import current_password, set_password

__all__ = ["hear_interrupts", "interrupts_held", "leave_when_told", "pool_of"]


class EndingPool(ProcessPoolExecutor):
    """A pool that ends when a worker dies while something large is written to it.

    Before 3.11.5, Python waits forever for what it writes into a pipe that nobody reads any more
    (https://github.com/python/cpython/issues/94777): the pipe is closed first here, as it does since.
    """

    def _start_executor_manager_thread(self) -> None:
        is_new = self._executor_manager_thread is None
        super()._start_executor_manager_thread()
        manager: Any = self._executor_manager_thread
        if is_new:
            end = manager.terminate_broken
            queue: Any = manager.call_queue

            def terminate_broken(cause: object) -> None:
                with suppress(OSError):
                    queue._reader.close()  # noqa: SLF001
                    if sys.platform == "win32":
                        queue._writer.close()  # noqa: SLF001
                end(cause)

            manager.terminate_broken = terminate_broken


_Pool = ProcessPoolExecutor if sys.version_info >= (3, 11, 5) else EndingPool


def pool_of(
    workers: int, prepare: Callable[..., None] | None = None, *args: Any
) -> ProcessPoolExecutor:
    """Make a pool of processes.

    Parameters
    ----------
    workers : int
        How many.
    prepare : callable, optional
        Called in each at its start, with `args`.
    """
    # "spawn" everywhere: forking a process that holds an engine's threads can deadlock, and Windows
    # has nothing else.
    return _Pool(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(current_password(), prepare, args),
    )


def _begin(password: str, prepare: Callable[..., None] | None, args: tuple[Any, ...]) -> None:
    """Take over what the owner of the pool knows."""
    set_password(password)
    leave_when_told()
    if prepare is not None:
        prepare(*args)


def leave_when_told() -> None:
    """Let a worker clean up when it is told to end: where one dies, the pool ends the others.

    Ctrl-C on a terminal reaches the workers as well; the owner of the pool says what there is to say.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(1))


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Start workers deaf to Ctrl-C: one that is still importing would show a traceback.

    With its first task a worker begins to listen, and hears then what came before. Windows has no
    such masks.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_interrupts() -> None:
    """Listen to Ctrl-C again, in a worker that was started within `interrupts_held`."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
