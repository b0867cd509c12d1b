"""Asking the text engine and the detectors about pages: in this process, or side by side in others.

Pages are read and shown by one process, which alone parses the document; what takes long is to look
at them. Answers come in the order of the questions and are the same for every number of processes.
"""

import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from saferedact.casefile import CaseFile
from saferedact.detectors.base import ImageDetector
from saferedact.errors import DetectorError, InputError
from saferedact.pipeline.look import Hits, look
from saferedact.pipeline.medium import Search, make_search
from saferedact.pipeline.pdf.finder import Finder, finder_for
from saferedact.pipeline.processes import hear_interrupts, interrupts_held, pool_of
from saferedact.policy import Policy
from saferedact.text.spans import TextSpan

__all__ = ["Answer", "Question", "answers", "side_by_side"]

K = TypeVar("K")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is to be looked at.

    Parameters
    ----------
    texts : sequence of str
        Texts for the engine.
    pictures : sequence of ndarray, shape (h, w, 3), uint8
        Pictures for the detectors, the whole page first; none if nobody need look.
    upright : bool
        Whether the page says which way is up.
    share : float
        As of `saferedact.pipeline.look.look`.
    """

    texts: Sequence[str]
    pictures: Sequence[npt.NDArray[np.uint8]] = ()
    upright: bool = True
    share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was found.

    Parameters
    ----------
    spans : sequence of sequence of TextSpan
        In each text.
    hits : sequence of sequence of Hits
        In each picture.
    """

    spans: Sequence[Sequence[TextSpan]]
    hits: Sequence[Sequence[Hits]]


_pool: ContextVar[tuple[ProcessPoolExecutor, int] | None] = ContextVar("page_pool", default=None)


@contextmanager
def side_by_side(
    jobs: int,
    policy: Policy,
    case: CaseFile | None,
    detectors: Sequence[ImageDetector | str] | None,
) -> Iterator[None]:
    """Look at pages in several processes within the block; `detectors` as of `saferedact.detect`.

    Raises
    ------
    InputError
        If a detector that was passed in cannot be sent to another process.
    """
    if jobs <= 1:
        yield
        return
    try:
        pickle.dumps(detectors)
    except Exception:  # noqa: BLE001  objects of others raise anything
        msg = "these detectors cannot work in other processes: use one job"
        raise InputError(msg) from None
    threads = max(1, (os.cpu_count() or 1) // jobs)
    with pool_of(jobs, _prepare, policy, case, detectors, threads) as pool:
        token = _pool.set((pool, jobs))
        try:
            yield
        finally:
            _pool.reset(token)
            pool.shutdown(cancel_futures=True)


def answers(
    questions: Iterable[tuple[K, Question]], search: Search, finder: Finder | None
) -> Iterator[tuple[K, Answer]]:
    """Answer questions about pages in their order; few are under way at a time.

    Parameters
    ----------
    questions : iterable of (key, Question)
        The keys come back with the answers.
    search : Search
        Who looks in this process.
    finder : Finder or None
        The text engine of this process.

    Raises
    ------
    DetectorError
        If a detector fails, or a process dies.
    """
    side = _pool.get()
    if side is None:
        for key, question in questions:
            yield key, _answer(question, search, finder)
        return
    pool, jobs = side
    under_way: deque[tuple[K, Future[Answer]]] = deque()
    try:
        for key, question in questions:
            with interrupts_held():
                under_way.append((key, pool.submit(_in_worker, question)))
            if len(under_way) > 2 * jobs:  # enough that nobody waits, and bounded
                first, answer = under_way.popleft()
                yield first, answer.result()
        while under_way:
            first, answer = under_way.popleft()
            yield first, answer.result()
    except BrokenProcessPool:
        msg = "a process died while it looked at pages"
        raise DetectorError(msg) from None


def _answer(question: Question, search: Search, finder: Finder | None) -> Answer:
    spans = [() if finder is None else finder(text) for text in question.texts]
    hits = []
    for place, picture in enumerate(question.pictures):
        # Text is read on the page as a whole; what is looked at closely are photographs.
        eyes = [item for item in search.detectors if not place or _sees_no_text(item)]
        known = question.upright
        found = look(picture, eyes, search.policy, orientation_known=known, share=question.share)
        hits.append(list(found))
    return Answer(spans, hits)


def _sees_no_text(detector: ImageDetector) -> bool:
    return not {"name", "identifier"} & set(detector.info.labels)


_here: list[tuple[Search, Finder | None]] = []
"""What a process of `side_by_side` looks with."""


def _prepare(
    policy: Policy,
    case: CaseFile | None,
    detectors: Sequence[ImageDetector | str] | None,
    threads: int,
) -> None:
    search = make_search(policy, case, detectors, threads=threads)
    _here[:] = [(search, finder_for(search))]


def _in_worker(question: Question) -> Answer:
    hear_interrupts()
    search, finder = _here[0]
    return _answer(question, search, finder)
