"""Repaired times increase, and no time is changed that need not be."""

from fractions import Fraction
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from saferedact.media.video_times import TimeRepair, decoding_times, nominal_step

SET_BACK = 1000
TIMES = st.lists(st.none() | st.integers(-(10**6), 10**6) | st.integers(0, 5), max_size=50)


@given(TIMES, st.integers(0, 5000))
def test_times_increase_strictly(times, step):
    repair = TimeRepair(step, SET_BACK)
    found = [repair.next(time) for time in times]
    assert all(a < b for a, b in pairwise(found))
    assert repair.repaired == sum(a != b for a, b in zip(times, found, strict=True))


@given(st.sets(st.integers(-(10**9), 10**9), max_size=50), st.integers(1, 5000))
def test_increasing_times_are_left_alone(times, step):
    repair = TimeRepair(step, SET_BACK)
    assert [repair.next(time) for time in sorted(times)] == sorted(times)
    assert repair.repaired == 0


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=20),
    st.lists(st.integers(1, 300), max_size=20),
    st.integers(SET_BACK + 1, 10**6),
    st.integers(1, 500),
)
def test_a_clock_that_is_set_back_goes_on_at_its_own_pace(first, second, back, step):
    """What is joined behind keeps its distances, whatever its clock says."""
    before = list(accumulate(first))
    after = [before[-1] - back + time for time in accumulate([0, *second])]
    repair = TimeRepair(step, SET_BACK)
    found = [repair.next(time) for time in (*before, *after)]
    assert found[: len(before)] == before
    assert found[len(before)] == before[-1] + step
    assert [b - a for a, b in pairwise(found[len(before) :])] == second


@given(st.lists(st.integers(-SET_BACK, SET_BACK), max_size=30), st.integers(1, 50))
def test_frames_out_of_order_do_not_set_the_clock_back(times, step):
    repair = TimeRepair(step, 2 * SET_BACK + len(times))
    found = [repair.next(time) for time in times]
    assert repair.next(10**6) == 10**6
    assert all(
        b == max(time, a + 1) for a, b, time in zip(found, found[1:], times[1:], strict=False)
    )


@given(TIMES, st.integers(1, 5000))
def test_repair_is_idempotent(times, step):
    first = TimeRepair(step, SET_BACK)
    once = [first.next(time) for time in times]
    second = TimeRepair(step, SET_BACK)
    assert [second.next(time) for time in once] == once


@given(st.integers(1, 40), st.integers(1, 1000))
def test_without_times_frames_are_a_step_apart(count, step):
    repair = TimeRepair(step, SET_BACK)
    assert [repair.next(None) for _ in range(count)] == [step * index for index in range(count)]


@given(st.sets(st.integers(-(10**6), 10**6), max_size=30), st.randoms(), st.integers(1, 1000))
def test_decoding_comes_before_display(times, random, step):
    shuffled = list(times)
    random.shuffle(shuffled)
    found = list(decoding_times(shuffled, step))
    assert len(found) == len(shuffled)
    assert all(a < b for a, b in pairwise(found))
    assert all(dts <= pts for dts, pts in zip(found, shuffled, strict=True))


@given(st.sets(st.integers(-(10**6), 10**6), max_size=30))
def test_frames_decoded_in_order_of_display_are_not_delayed(times):
    assert list(decoding_times(sorted(times), 1)) == sorted(times)


def test_nominal_step():
    assert nominal_step(Fraction(25), Fraction(1, 90000)) == 3600
    assert nominal_step(Fraction(30000, 1001), Fraction(1, 1000)) == 33
    assert nominal_step(None, Fraction(1, 1000)) == 1
    assert nominal_step(Fraction(0), Fraction(1, 1000)) == 1
    assert nominal_step(Fraction(1000), Fraction(1, 25)) == 1
