"""Threads beside the work: order, exceptions, an end without leftovers."""

import threading
import time
import weakref

import pytest

from saferedact.media.background import Consumer, prefetch


def numbers(count, closed=None, error=None):
    try:
        yield from range(count)
        if error is not None:
            raise error
    finally:
        if closed is not None:
            closed.set()


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.parametrize("depth", [1, 3])
def test_order_is_kept(count, depth):
    assert list(prefetch(numbers(count), depth)) == list(range(count))


def test_exceptions_come_after_the_items_before_them():
    items = prefetch(numbers(3, error=KeyError("x")), 2)
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError):
        next(items)


def test_closing_stops_and_closes_the_generator():
    before, closed = threading.active_count(), threading.Event()
    items = prefetch(numbers(10**9, closed), 2)
    assert next(items) == 0
    items.close()
    assert closed.is_set()
    assert threading.active_count() == before


def test_no_more_wait_than_the_depth():
    made = []

    def counted():
        for number in range(100):
            made.append(number)
            yield number

    items = prefetch(counted(), 2)
    next(items)
    time.sleep(0.1)
    assert len(made) <= 1 + 2 + 2  # handed over, waiting, in hand
    items.close()


class _Thing:
    pass


def test_items_that_were_used_are_let_go():
    def things():
        for _ in range(3):
            yield _Thing()

    items = prefetch(things(), 1)
    seen = weakref.ref(next(items))
    next(items)
    next(items)
    assert seen() is None
    items.close()


def test_consumer_handles_all_in_order():
    handled = []
    consumer = Consumer(handled.append, 2)
    for number in range(20):
        consumer.put(number)
    consumer.finish()
    assert handled == list(range(20))
    assert not consumer._thread.is_alive()


def fail(_):
    raise KeyError


def test_consumer_errors_are_raised_where_items_are_handed_over():
    consumer = Consumer(fail, 1)
    with pytest.raises(KeyError):  # noqa: PT012
        for _ in range(10):
            consumer.put(1)
    with pytest.raises(KeyError):
        consumer.finish()


def test_consumer_abort_drops_what_waits():
    handled = []
    go = threading.Event()

    def slow(number):
        go.wait()
        handled.append(number)

    consumer = Consumer(slow, 5)
    for number in range(4):
        consumer.put(number)
    threading.Timer(0.05, go.set).start()
    consumer.abort()
    assert handled in ([], [0])
