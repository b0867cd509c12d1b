"""Redacting many files: one bad file does not stop the others, and nothing is passed over.

With several workers each file is handled in a process of its own pool, so that a crash inside a
codec is an error for one file and not the end of the run.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from saferedact.casefile import CaseFile
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import (
    EXIT_BUG,
    LimitExceededError,
    RedactionError,
    SaferedactError,
    describe_bug,
)
from saferedact.media.kinds import kind_of
from saferedact.pipeline.jobs import Job
from saferedact.pipeline.processes import hear_interrupts, interrupts_held, pool_of
from saferedact.pipeline.redact import Redaction, redact_with_plan
from saferedact.policy import Policy

__all__ = ["Failure", "Outcome", "redact_many"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file has no result.

    Parameters
    ----------
    code, message : str
        Of the error; no content of the material.
    exit_code : int
        Exit code that this error means.
    """

    code: str
    message: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job.

    Parameters
    ----------
    job : Job
        The job.
    result : Redaction or Failure
        What was made, or why nothing was.
    """

    job: Job
    result: Redaction | Failure


def redact_many(
    jobs: Sequence[Job],
    *,
    policy: Policy,
    case: CaseFile | None = None,
    overwrite: bool = False,
    workers: int = 1,
) -> Iterator[Outcome]:
    """Redact files, one after the other or side by side.

    Parameters
    ----------
    jobs : sequence of Job
        From `saferedact.pipeline.jobs.plan_jobs`.
    policy : Policy
        For all of them.
    case : CaseFile or None
        For all of them.
    overwrite : bool
        Whether existing destinations may be replaced.
    workers : int
        Processes; 1 works in this one. With one file, the pages of a document are looked at side by
        side.

    Yields
    ------
    Outcome
        One for each job, as they end.
    """
    if workers <= 1 or len(jobs) <= 1:
        for job in jobs:
            yield Outcome(job, _redact_one(job, policy, case, overwrite, None, pages=workers))
        return
    yield from _side_by_side(jobs, policy, case, overwrite, workers)


def _redact_one(
    job: Job,
    policy: Policy,
    case: CaseFile | None,
    overwrite: bool,
    threads: int | None,
    *,
    pages: int = 1,
) -> Redaction | Failure:
    try:
        job.destination.parent.mkdir(parents=True, exist_ok=True)
        apart = pages > 1 and kind_of(job.source) == "pdf"  # each process loads its own detectors
        return redact_with_plan(
            job.source,
            job.destination,
            policy=policy,
            case=case,
            detectors=None if apart else _detectors(policy, case, threads),
            overwrite=overwrite,
            part=job.part,
            resume=job.resume,
            thorough=job.thorough,
            jobs=pages if apart else 1,
        )
    except SaferedactError as error:
        return Failure(error.code, error.message + _what_is_left(job, overwrite), error.exit_code)
    except OSError as error:
        text = f"the folder of the destination cannot be made: {error.strerror or 'refused'}"
        return Failure(RedactionError.code, text, RedactionError.exit_code)
    except MemoryError:
        text = "there is not enough memory for this file"
        return Failure(LimitExceededError.code, text, LimitExceededError.exit_code)
    except Exception as error:  # noqa: BLE001  a bug on one file must not stop the others
        return Failure("bug", describe_bug(error), EXIT_BUG)


def _what_is_left(job: Job, overwrite: bool) -> str:
    """Warn of an earlier output that stays where the new one should have been."""
    if overwrite and os.path.lexists(job.destination):
        return "; the earlier file at its destination is still there"
    return ""


_cache: dict[tuple[str, str, int | None], list[ImageDetector]] = {}
"""Detectors of this process, by policy digest, case file and threads: a network takes a while to
load."""


def _detectors(policy: Policy, case: CaseFile | None, threads: int | None) -> list[ImageDetector]:
    # As text: every file of a worker comes with a copy of the case file.
    key = (policy.sha256, "" if case is None else case.model_dump_json(), threads)
    if key not in _cache:
        _cache.clear()  # one policy and case at a time
        _cache[key] = resolve_detectors(None, policy, case=case, threads=threads)
    return _cache[key]


def _in_worker(
    job: Job, policy: Policy, case: CaseFile | None, overwrite: bool, threads: int | None
) -> Redaction | Failure:
    try:
        hear_interrupts()
        return _redact_one(job, policy, case, overwrite, threads)
    except SystemExit:
        # Temporary files are gone by now. The pool would take the exception for an answer, wait for
        # more work, and its owner would wait for the worker's end.
        os._exit(1)


def _side_by_side(
    jobs: Sequence[Job],
    policy: Policy,
    case: CaseFile | None,
    overwrite: bool,
    workers: int,
) -> Iterator[Outcome]:
    """Keep as many files under way as there are workers, so that a crash leaves few suspects."""
    threads = max(1, (os.cpu_count() or 1) // workers)
    waiting = list(reversed(jobs))
    suspects: list[Job] = []
    unwritten: set[Path] = set()
    while waiting:
        under_way: dict[Future[Redaction | Failure], Job] = {}
        with pool_of(workers) as pool:
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < workers:
                        if not os.path.lexists(waiting[-1].destination):
                            unwritten.add(waiting[-1].destination)
                        with interrupts_held():
                            future = pool.submit(
                                _in_worker, waiting[-1], policy, case, overwrite, threads
                            )
                        under_way[future] = waiting.pop()
                    wait(under_way, return_when=FIRST_COMPLETED)
                    yield from _finished(under_way)
            except BrokenProcessPool:
                suspects += under_way.values()
            except BaseException:
                pool.shutdown(cancel_futures=True)  # and wait: no file appears after the end
                raise
    for job in suspects:
        # A worker that was ended may have made its file and not lived to say so: what was not there
        # before is ours to make again.
        again = overwrite or job.destination in unwritten
        yield Outcome(job, _alone(job, policy, case, again))


def _finished(under_way: dict[Future[Redaction | Failure], Job]) -> Iterator[Outcome]:
    """Take what has ended out of `under_way`; a crash is raised only after all that ended well."""
    done = [future for future in under_way if future.done()]
    for future in sorted(done, key=lambda future: future.exception() is not None):
        result = future.result()
        yield Outcome(under_way.pop(future), result)


def _alone(job: Job, policy: Policy, case: CaseFile | None, overwrite: bool) -> Redaction | Failure:
    """Try a file that was under way when a worker died, where it can harm no other."""
    with pool_of(1) as pool:
        try:
            with interrupts_held():
                future = pool.submit(_in_worker, job, policy, case, overwrite, None)
            return future.result()
        except BrokenProcessPool:
            text = "the process died while it worked on this file"
            return Failure(RedactionError.code, text, RedactionError.exit_code)
