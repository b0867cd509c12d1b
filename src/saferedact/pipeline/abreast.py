"""Work on many files abreast: each file in one of a few processes, answers in the order asked.

For work that stands or falls as a whole, as a release does: the first error ends it. Where one bad
file must not stop the others there is `saferedact.pipeline.batch`.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from saferedact.errors import RedactionError
from saferedact.pipeline.processes import hear_interrupts, interrupts_held, pool_of

__all__ = ["abreast", "threads_each"]

T = TypeVar("T")


def threads_each(jobs: int) -> int:
    """Return the threads of an engine in each of several processes, so that no core is asked twice."""
    return max(1, (os.cpu_count() or 1) // jobs)


def abreast(
    jobs: int,
    work: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    *,
    prepare: Callable[..., None],
    known: tuple[Any, ...],
    order: Sequence[int],
) -> Iterator[tuple[int, T]]:
    """Do tasks in several processes.

    Parameters
    ----------
    jobs : int
        Processes; one each for as many tasks at most.
    work : callable
        Of a module; called with the parts of a task.
    tasks : sequence of tuple
        What is done.
    prepare : callable
        Called with `known` in each process before its first task.
    known : tuple
        What is the same for all tasks.
    order : sequence of int
        Positions of the tasks in the order in which they are begun: the longest first, so that no
        process is left with one at the end.

    Yields
    ------
    (int, object)
        Position of a task and its result, as they end.

    Raises
    ------
    RedactionError
        If a process died.
    """
    with pool_of(min(jobs, len(tasks)), prepare, *known) as pool:
        try:
            with interrupts_held():
                asked: dict[Future[T], int] = {
                    pool.submit(_heard, work, tasks[at]): at for at in order
                }
            for future in as_completed(asked):
                yield asked[future], future.result()
        except BrokenProcessPool:
            msg = "a process died while it worked on the files"
            raise RedactionError(msg) from None
        except BaseException:
            pool.shutdown(cancel_futures=True)  # and wait: no file appears after the end
            raise


def _heard(work: Callable[..., T], task: tuple[Any, ...]) -> T:
    try:
        hear_interrupts()
        return work(*task)
    except SystemExit:
        os._exit(1)  # the pool would take the exception for an answer and wait for more work
