"""How far long work has come, told to whoever listens.

Steps tell it by walking through `told`; nothing is passed through the functions between them and
whoever shows it. Without a listener it costs nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Progress", "listening", "told"]

T = TypeVar("T")

_EVERY_S = 0.2  # faster than people read


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come.

    Parameters
    ----------
    step : str
        What is being done: ``"look"``, ``"write"``, ``"prove"``, ``"look again"``,
        ``"prove, look again"``.
    done : int
        Frames or pages that are done.
    total : int or None
        How many there are, as far as that is known; more may come.
    """

    step: str
    done: int
    total: int | None


_listener: ContextVar[Callable[[Progress], None] | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Callable[[Progress], None]) -> Iterator[None]:
    """Have the work that is done within the block tell a listener, in this thread."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def told(step: str, items: Iterable[T], total: int | None) -> Iterator[T]:
    """Walk through the items of a step, and tell how many were handed out."""
    listener = _listener.get()
    if listener is None:
        yield from items
        return
    count, last = 0, 0.0
    for item in items:
        if time.monotonic() - last >= _EVERY_S:
            listener(Progress(step, count, total))
            last = time.monotonic()
        yield item
        count += 1
    listener(Progress(step, count, total))
