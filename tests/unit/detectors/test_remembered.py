"""Answers are those to the same pixels, or asked for anew; memory is bounded."""

import threading

import numpy as np
import pytest

from saferedact.detectors.remembered import Remembered

PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


class Asked:
    """Counts, and answers with a number of its own each time."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return self.times


def make(max_bytes=10_000, size=1):
    return Remembered(lambda _: size, max_bytes=max_bytes)


def test_the_same_pixels_are_asked_about_once():
    memory, ask = make(), Asked()
    assert [memory.answer(PICTURE, ask), memory.answer(PICTURE.copy(), ask)] == [1, 1]
    assert ask.times == 1


@pytest.mark.parametrize(
    "other",
    [
        PICTURE + np.uint8(1),
        PICTURE[::-1],
        PICTURE.reshape(2, 8, 3),
        PICTURE.astype(np.uint16),
        PICTURE[:, :, :1],
        PICTURE[:0],
    ],
    ids=["a sample", "order", "shape", "type", "channels", "empty"],
)
def test_other_pixels_are_asked_about(other):
    memory, ask = make(), Asked()
    memory.answer(PICTURE, ask)
    assert memory.answer(other, ask) == 2


def test_one_sample_among_many_counts():
    memory, ask = make(), Asked()
    large = np.zeros((300, 400, 3), dtype=np.uint8)
    memory.answer(large, ask)
    large[299, 399, 2] = 1
    assert memory.answer(large, ask) == 2


def test_what_is_asked_counts():
    memory, ask = make(), Asked()
    assert memory.answer(PICTURE, ask, asked=((640, 480), 0.04)) == 1
    assert memory.answer(PICTURE, ask, asked=((640, 480), 0.03)) == 2
    assert memory.answer(PICTURE, ask, asked=((640, 480), 0.04)) == 1


def test_a_turned_view_is_told_by_what_it_shows():
    memory, ask = make(), Asked()
    turned = np.rot90(PICTURE)
    assert memory.answer(turned, ask) == 1
    assert memory.answer(np.ascontiguousarray(turned), ask) == 1


def test_the_least_recently_used_is_forgotten_first():
    memory, ask = make(max_bytes=700, size=100), Asked()  # room for two
    first, second, third = (np.full(4, n, np.uint8) for n in range(3))
    memory.answer(first, ask)
    memory.answer(second, ask)
    memory.answer(first, ask)
    memory.answer(third, ask)
    assert memory.answer(first, ask) == 1
    assert memory.answer(second, ask) == 4


def test_an_answer_that_is_too_large_is_given_and_not_kept():
    memory, ask = make(max_bytes=700, size=1_000), Asked()
    assert [memory.answer(PICTURE, ask), memory.answer(PICTURE, ask)] == [1, 2]


def test_nothing_is_remembered_of_a_failure():
    memory, ask = make(), Asked()

    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        memory.answer(PICTURE, fail)
    assert memory.answer(PICTURE, ask) == 1


def test_threads_share_it():
    memory, ask = make(max_bytes=3_000), Asked()
    wrong = []

    def work(seed):
        rng = np.random.default_rng(seed)
        for _ in range(300):
            value = int(rng.integers(20))
            pixels = np.full(8, value, np.uint8)
            if memory.answer(pixels, lambda value=value: (ask(), value)[1]) != value:
                wrong.append(value)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
