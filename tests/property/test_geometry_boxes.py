"""Laws of box arrays: no edge ever moves inward."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from saferedact.geometry import (
    as_boxes,
    clip,
    cxcywh_to_xyxy,
    dilate,
    round_outward,
    xywh_to_xyxy,
    xyxy_to_cxcywh,
    xyxy_to_xywh,
)
from saferedact.geometry.boxes import MAX_COORDINATE
from saferedact.testing.frames import box_arrays

SIZES = st.tuples(st.integers(1, 70_000), st.integers(1, 70_000))
COORDINATES = st.floats(-MAX_COORDINATE, MAX_COORDINATE)


def ordered(corners):
    """Boxes of any two corners, shape (n, 2, 2)."""
    return np.sort(corners, axis=1).reshape(-1, 4)


WIDE = hnp.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(2), st.just(2)),
                  elements=COORDINATES).map(ordered)  # fmt: skip
NARROW = WIDE.map(as_boxes)
MARGINS = st.tuples(*[st.floats(0, 4)] * 4)


def contains(outer, inner):
    outer, inner = outer.astype(np.float64), inner.astype(np.float64)
    return bool((outer[:, :2] <= inner[:, :2]).all() and (outer[:, 2:] >= inner[:, 2:]).all())


@given(WIDE)
@example(np.array([[1e-60, -1e-60, 1e-60, 1e-60]]))
@example(np.array([[0.1, 0.1, 0.1, 0.1]]))
@example(np.array([[0, 0, np.nextafter(MAX_COORDINATE, 0), 1]]))
def test_checked_boxes_contain_what_was_given_within_one_step_of_float32(wide):
    found = as_boxes(wide)
    assert contains(found, wide)
    inward = np.concatenate(
        [
            np.nextafter(found[:, :2], np.float32(np.inf)),
            np.nextafter(found[:, 2:], np.float32(-np.inf)),
        ],
        axis=1,
    )
    exact = found == wide
    moved = np.concatenate([inward[:, :2] > wide[:, :2], inward[:, 2:] < wide[:, 2:]], axis=1)
    assert (exact | moved).all()


@given(NARROW)
def test_checking_twice_changes_nothing(xyxy):
    np.testing.assert_array_equal(as_boxes(xyxy), xyxy)


@given(st.data(), SIZES)
def test_conversions_of_eighths_round_trip_exactly(data, size_wh):
    xyxy = data.draw(box_arrays(size_wh))
    np.testing.assert_array_equal(xywh_to_xyxy(xyxy_to_xywh(xyxy)), xyxy)
    # Halves of eighths are sixteenths: still exact below 2**20.
    np.testing.assert_array_equal(cxcywh_to_xyxy(xyxy_to_cxcywh(xyxy)), xyxy)


@given(WIDE)
def test_conversions_round_outward_only_at_the_end(wide):
    exact = wide / 2  # leaves room for rounding at both ends
    size = exact[:, 2:] - exact[:, :2]
    corner = exact[:, :2]
    np.testing.assert_array_equal(
        xywh_to_xyxy(np.concatenate([corner, size], axis=1)),
        as_boxes(np.concatenate([corner, corner + size], axis=1)),
    )
    np.testing.assert_array_equal(
        cxcywh_to_xyxy(np.concatenate([corner, size], axis=1)),
        as_boxes(np.concatenate([corner - size / 2, corner + size / 2], axis=1)),
    )


@given(NARROW, SIZES)
def test_clipping_stays_in_the_frame_and_in_the_box_and_is_idempotent(xyxy, size_wh):
    cut = clip(xyxy, size_wh)
    assert (cut >= 0).all()
    assert (cut[:, [0, 2]] <= size_wh[0]).all()
    assert (cut[:, [1, 3]] <= size_wh[1]).all()
    assert (cut[:, :2] <= cut[:, 2:]).all()
    np.testing.assert_array_equal(clip(cut, size_wh), cut)
    meets = ((xyxy[:, 2:] >= 0) & (xyxy[:, :2] <= np.array(size_wh))).all(axis=1)
    assert contains(xyxy[meets], cut[meets])


@given(NARROW, SIZES)
def test_clipping_moves_only_edges_that_were_outside(xyxy, size_wh):
    limits = np.array([*size_wh, *size_wh], dtype=np.float32)
    inside = (xyxy >= 0) & (xyxy <= limits)
    np.testing.assert_array_equal(clip(xyxy, size_wh)[inside], xyxy[inside])


@given(NARROW, MARGINS, st.floats(0, 100))
def test_a_grown_box_contains_the_box_and_its_least_margin(xyxy, fractions, minimum):
    grown = dilate(xyxy, fractions, minimum=minimum)
    assert contains(grown, xyxy)
    assert contains(grown, dilate(xyxy, (0, 0, 0, 0), minimum=minimum))
    assert contains(grown, dilate(xyxy, fractions))


@given(NARROW, MARGINS, st.integers(0, 3), st.floats(0, 4))
def test_a_larger_margin_gives_a_larger_box(xyxy, fractions, side, more):
    wider = list(fractions)
    wider[side] += more
    assert contains(dilate(xyxy, tuple(wider)), dilate(xyxy, fractions))


@given(NARROW)
def test_rounding_outward_is_tight_and_in_eighths(xyxy):
    found = round_outward(xyxy)
    assert contains(found, xyxy)
    wide = found.astype(np.float64)
    assert (wide[:, :2] + 0.125 > xyxy[:, :2]).all()
    assert (wide[:, 2:] - 0.125 < xyxy[:, 2:]).all()
    np.testing.assert_array_equal(np.round(wide * 8), wide * 8)
    np.testing.assert_array_equal(round_outward(found), found)
