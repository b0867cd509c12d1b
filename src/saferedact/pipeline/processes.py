"""Processes that work for this one: started alike everywhere, and ended without a word."""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from saferedact.media.pdf_worker import current_password, set_password

__all__ = ["hear_interrupts", "interrupts_held", "leave_when_told", "pool_of"]


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
    return ProcessPoolExecutor(
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
