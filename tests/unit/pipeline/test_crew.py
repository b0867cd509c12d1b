"""Processes that keep the files they know from one step of a release to the next."""

import os

import pytest

from saferedact.errors import DetectorError, InputError, RedactionError
from saferedact.pipeline.crew import Crew, _Waiting, threads_each


class Told:
    """What this process was prepared with."""

    word = ""


def tell(word):
    Told.word = word


def refuse(_word):
    raise DetectorError("a network cannot be loaded")


def who(value):
    return os.getpid(), Told.word, value


def fail(value):
    raise InputError(f"no good: {value}")


def die(_value):
    os._exit(9)


def step(crew, work, tasks, word="a", *, prepare=tell, keys=None):
    order = range(len(tasks))
    keys = keys or [task[0] for task in tasks]
    return dict(crew.do(work, tasks, prepare=prepare, known=(word,), order=order, keys=keys))


def test_threads_are_shared_out():
    assert threads_each(10_000) == 1


def test_nothing_to_do():
    with Crew(2) as crew:
        assert step(crew, who, []) == {}


def test_files_go_back_to_the_process_that_knows_them_and_each_step_is_prepared_anew():
    with Crew(2) as crew:
        first = step(crew, who, [(0,), (1,)], "first")
        second = step(crew, who, [(1,), (0,)], "second")
    assert first[0][0] != first[1][0]
    assert [second[1][0], second[0][0]] == [first[0][0], first[1][0]]
    assert [told[1:] for told in (first[0], second[0])] == [("first", 0), ("second", 1)]


def test_a_process_that_has_nothing_of_its_own_helps_the_other():
    with Crew(2) as crew:
        step(crew, who, [(0,)], keys=["one"])
        done = step(crew, who, [(0,), (1,)], keys=["one", "one"])
    assert len({pid for pid, *_ in done.values()}) == 2


def test_who_takes_what():
    waiting = _Waiting([0, 1, 2, 3, 4], [1, None, 1, 0, 1])
    assert [waiting.take(0) for _ in range(3)] == [3, 1, 4]  # own, nobody's, the other's last
    assert [waiting.take(1) for _ in range(3)] == [0, 2, None]
    assert waiting.take(0) is None


def test_the_first_error_ends_a_step_and_the_crew_can_go_on():
    with Crew(1) as crew:
        with pytest.raises(InputError, match="no good"):
            step(crew, fail, [(1,), (2,)])
        with pytest.raises(DetectorError, match="cannot be loaded"):
            step(crew, who, [(1,)], prepare=refuse)
        assert step(crew, who, [(1,)], "again")[0][1:] == ("again", 1)


def test_a_process_that_dies_is_an_error():
    with Crew(1) as crew, pytest.raises(RedactionError, match="died"):
        step(crew, die, [(1,)])
