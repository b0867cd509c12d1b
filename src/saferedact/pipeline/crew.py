"""A crew: a few processes that work on the files of a release abreast, through all of its steps.

A release takes each file three times: it reads it for names, redacts it, and checks what came out.
What networks answered is remembered by the process that asked them, so each file comes back to the
process that had it before, unless that one is busy and another has nothing to do. The answers are the
same wherever they are given; a file that moves only costs a second look.

For work that stands or falls as a whole: the first error ends it. Where one bad file must not stop
the others there is `saferedact.pipeline.batch`.
"""

import os
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Self, TypeVar

from saferedact.errors import RedactionError
from saferedact.pipeline.processes import hear_interrupts, interrupts_held, pool_of

__all__ = ["Crew", "threads_each"]

T = TypeVar("T")


def threads_each(jobs: int) -> int:
    """Return the threads of an engine in each of several processes, so that no core is asked twice."""
    return max(1, (os.cpu_count() or 1) // jobs)


class Crew:
    """Processes that are kept from one step to the next; a context manager.

    Parameters
    ----------
    jobs : int
        Processes, >= 1. They are started with their first task.

    Attributes
    ----------
    jobs : int
        Processes.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pools: list[ProcessPoolExecutor] = []
        self._homes: dict[Hashable, int] = {}

    def __enter__(self) -> Self:
        """Begin."""
        # A pool of one process each: who takes a task is for us to say.
        self._pools = [pool_of(1) for _ in range(self.jobs)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """End the processes, and wait: no file appears after the end."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)
        self._pools = []

    def do(
        self,
        work: Callable[..., T],
        tasks: Sequence[tuple[Any, ...]],
        *,
        prepare: Callable[..., None],
        known: tuple[Any, ...],
        order: Sequence[int],
        keys: Sequence[Hashable],
    ) -> Iterator[tuple[int, T]]:
        """Do one step.

        Parameters
        ----------
        work : callable
            Of a module; called with the parts of a task.
        tasks : sequence of tuple
            What is done.
        prepare : callable
            Of a module; called with `known` in each process before its first task of this step.
        known : tuple
            What is the same for all tasks.
        order : sequence of int
            Positions of the tasks in the order in which they are begun: the longest first, so that no
            process is left with one at the end.
        keys : sequence of hashable
            What each task is about. Tasks about the same thing go to the same process.

        Yields
        ------
        (int, object)
            Position of a task and its result, as they end.

        Raises
        ------
        RedactionError
            If a process died.
        """
        waiting = _Waiting(order, [self._homes.get(key) for key in keys])
        asked: dict[Future[T], tuple[int, int]] = {}
        ready: set[int] = set()

        def give(worker: int) -> None:
            at = waiting.take(worker)
            if at is None:
                return
            with interrupts_held():
                pool = self._pools[worker]
                if worker not in ready:
                    pool.submit(_heard, _prepared, (prepare, known))
                    ready.add(worker)
                asked[pool.submit(_heard, _worked, (work, tasks[at]))] = worker, at
            self._homes[keys[at]] = worker

        try:
            for worker in range(self.jobs):
                give(worker)
            while asked:
                done, _ = wait(asked, return_when=FIRST_COMPLETED)
                for future in done:
                    worker, at = asked.pop(future)
                    result = future.result()
                    give(worker)
                    yield at, result
        except BrokenProcessPool:
            msg = "a process died while it worked on the files"
            raise RedactionError(msg) from None


class _Waiting:
    """Tasks that are waiting: each at the process that had its file, or at none."""

    def __init__(self, order: Sequence[int], homes: Sequence[int | None]) -> None:
        self._queues: dict[int | None, deque[int]] = {}
        for at in order:
            self._queues.setdefault(homes[at], deque()).append(at)

    def take(self, worker: int) -> int | None:
        """Return the next task of a process: its own, one of nobody, else the last of the longest row."""
        for home in (worker, None):
            if self._queues.get(home):
                return self._queues[home].popleft()
        longest = max(self._queues.values(), key=len, default=None)
        return longest.pop() if longest else None


class _Here:
    """What went wrong when this process was prepared, to be told with its first task."""

    failure: BaseException | None = None


def _prepared(prepare: Callable[..., None], known: tuple[Any, ...]) -> None:
    _Here.failure = None
    try:
        prepare(*known)
    except Exception as error:  # noqa: BLE001  the first task raises it where somebody waits for it
        _Here.failure = error


def _worked(work: Callable[..., T], task: tuple[Any, ...]) -> T:
    if _Here.failure is not None:
        raise _Here.failure
    return work(*task)


def _heard(work: Callable[..., T], task: tuple[Any, ...]) -> T:
    try:
        hear_interrupts()
        return work(*task)
    except SystemExit:
        os._exit(1)  # the pool would take the exception for an answer and wait for more work
