"""Work in a thread of its own, with bounded queues: order is kept, exceptions propagate.

FFmpeg releases the interpreter while it decodes and encodes, so reading, looking and encoding run
side by side. No wait here is without end: on Windows only a wait that ends lets Ctrl-C through.
"""

import queue
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Generic, TypeVar

__all__ = ["Consumer", "prefetch"]

T = TypeVar("T")

_WAIT_S = 0.2  # how late a stop is noticed; costs nothing while items flow


def prefetch(items: Generator[T], depth: int) -> Generator[T]:
    """Run a generator ahead in a thread.

    Parameters
    ----------
    items : generator
        Runs wholly in the thread, and is closed there.
    depth : int
        How many items may wait, >= 1.

    Yields
    ------
    object
        The items in order. What the generator raises is raised here. Closing this iterator stops
        the thread before it returns.
    """
    waiting: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(depth)
    stop = threading.Event()
    thread = threading.Thread(
        target=_produce, args=(items, waiting, stop), name="saferedact-read", daemon=True
    )
    thread.start()
    try:
        while True:
            with suppress(queue.Empty):
                message = waiting.get(timeout=_WAIT_S)
                if message is None:
                    return
                if isinstance(message, BaseException):
                    raise message
                yield message[0]
                del message  # or the last item would stay alive while the next is waited for
    finally:
        stop.set()
        thread.join()


def _produce(
    items: Generator[T],
    waiting: "queue.Queue[tuple[T] | BaseException | None]",
    stop: threading.Event,
) -> None:
    end: BaseException | None = None
    try:
        try:
            for item in items:
                if not _put(waiting, (item,), stop):
                    break
        finally:
            items.close()
    except BaseException as error:  # noqa: BLE001 - it is raised where the items are used
        end = error
    _put(waiting, end, stop)


def _put(waiting: "queue.Queue[T]", message: T, stop: threading.Event) -> bool:
    """Hand over a message; False if nobody wants it any more."""
    while not stop.is_set():
        try:
            waiting.put(message, timeout=_WAIT_S)
        except queue.Full:
            continue
        return True
    return False


class Consumer(Generic[T]):
    """A thread that handles items in order.

    Parameters
    ----------
    handle : callable
        Called in the thread with each item.
    depth : int
        How many items may wait, >= 1.
    """

    def __init__(self, handle: Callable[[T], None], depth: int) -> None:
        self._waiting: queue.Queue[tuple[T] | None] = queue.Queue(depth)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        # A thread forgets its arguments when it ends. Kept here, a method of the owner would make a
        # cycle, and the owner's memory would wait for a collection.
        self._thread = threading.Thread(
            target=self._run, args=(handle,), name="saferedact-write", daemon=True
        )
        self._thread.start()

    def put(self, item: T) -> None:
        """Hand over an item; waits while the queue is full.

        Raises
        ------
        Exception
            What handling an earlier item raised.
        """
        if not _put(self._waiting, (item,), self._stop):
            self._raise()

    def finish(self) -> None:
        """Wait until all items are handled; raises what handling one raised."""
        _put(self._waiting, None, self._stop)
        while self._thread.is_alive():
            self._thread.join(_WAIT_S)
        self._raise()

    def abort(self) -> None:
        """Stop without handling what waits; never raises."""
        self._stop.set()
        self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self, handle: Callable[[T], None]) -> None:
        try:
            while not self._stop.is_set():
                with suppress(queue.Empty):
                    message = self._waiting.get(timeout=_WAIT_S)
                    if message is None:
                        return
                    handle(message[0])
                    del message
        except BaseException as error:  # noqa: BLE001 - it is raised where items are handed over
            self._error = error
            self._stop.set()
