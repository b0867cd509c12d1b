"""Pools of processes."""

import multiprocessing
import os
from concurrent.futures.process import BrokenProcessPool

import pytest

from saferedact.pipeline.processes import EndingPool

LARGE = bytes(1 << 24)
"""More than a pipe holds: somebody is still writing when the worker dies."""


def die(_):
    os._exit(1)


def size_of(data):
    return len(data)


def pool():
    return EndingPool(1, mp_context=multiprocessing.get_context("spawn"))


def test_a_pool_works():
    with pool() as workers:
        assert list(workers.map(size_of, [b"", b"a", LARGE])) == [0, 1, len(LARGE)]


def test_a_pool_ends_when_a_worker_dies_while_it_is_written_to():
    with pool() as workers:
        tasks = [workers.submit(die, LARGE) for _ in range(3)]
        with pytest.raises(BrokenProcessPool):
            tasks[-1].result()
