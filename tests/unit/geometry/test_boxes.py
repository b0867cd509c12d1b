import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.geometry import (
    area,
    as_boxes,
    clip,
    cxcywh_to_xyxy,
    dilate,
    round_outward,
    widen,
    xywh_to_xyxy,
    xyxy_to_cxcywh,
    xyxy_to_xywh,
)
from saferedact.geometry.boxes import MAX_COORDINATE


def boxes(*rows):
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


@pytest.mark.parametrize("empty", [[], (), [[]], np.empty((0, 4)), np.empty((3, 0))])
@pytest.mark.parametrize("convert", [as_boxes, xywh_to_xyxy, cxcywh_to_xyxy])
def test_no_boxes_in_any_form_are_an_array_of_none(convert, empty):
    out = convert(empty)
    assert out.shape == (0, 4)
    assert out.dtype == np.float32


@pytest.mark.parametrize(
    "values",
    [
        5.0,
        [1, 2, 3, 4],
        [[1, 2, 3]],
        [[1, 2, 3, 4, 5]],
        [[[1, 2, 3, 4]]],
        [[1, 2, 3, 4], [1, 2, 3]],
        [[None] * 4],
        [["1", "2", "3", "4"]],
        "abcd",
        {1: 2},
        [[1 + 0j, 2, 3, 4]],
        np.zeros((1, 4), dtype=np.complex128),
        np.zeros((1, 4), dtype="M8[s]"),
        [[10**400] * 4],
        [[np.nan, 0, 1, 1]],
        [[0, 0, np.inf, 1]],
        [[-np.inf, 0, 1, 1]],
        [[0, 0, 1, np.nextafter(MAX_COORDINATE, np.inf)]],
        [[1e300, 0, 1e300, 1]],
        [[2, 0, 1, 1]],
        [[0, 2, 1, 1]],
        [[0, 0, 1, 1], [0, 1, 1, np.nextafter(1, 0)]],
    ],
)
def test_what_is_no_box_is_refused(values):
    with pytest.raises(InputError):
        as_boxes(values)


@pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(float).max, reason="no long double")
def test_a_long_double_beyond_float64_is_refused():
    with pytest.raises(InputError, match="finite"):
        as_boxes(np.full((1, 4), np.longdouble("1e4000")))


@pytest.mark.parametrize("convert", [xywh_to_xyxy, cxcywh_to_xyxy])
@pytest.mark.parametrize(
    "values",
    [
        [[0, 0, -1, 1]],
        [[0, 0, 1, -1]],
        [[1.7e308, 0, 1.7e308, 1]],
        [[-1.7e308, 0, 1.7e308, 1]],
        [[np.inf, 0, -np.inf, 1]],
        [[np.inf, 0, np.inf, 1]],
        [[np.nan, 0, 1, 1]],
        [[0, 0, 2 * MAX_COORDINATE + 1, 1]],
        [[0, 0, 1]],
    ],
)
def test_what_becomes_no_box_is_refused_without_a_warning(convert, values):
    with pytest.raises(InputError):
        convert(values)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.float16, np.float64, np.bool_])
def test_any_kind_of_number_is_taken(dtype):
    out = as_boxes(np.array([[0, 0, 1, 1]], dtype=dtype))
    np.testing.assert_array_equal(out, boxes((0, 0, 1, 1)))
    assert out.dtype == np.float32


def test_the_result_is_a_copy_in_c_order():
    given = boxes((1, 2, 3, 4), (5, 6, 7, 8))
    for source in (given, np.asfortranarray(given), given[::-1]):
        out = as_boxes(source)
        assert out.flags.c_contiguous
        assert not np.shares_memory(out, source)


def test_values_that_float32_does_not_have_move_outward():
    out = as_boxes([[1 / 3, -1 / 3, 1 / 3, 1 / 3]]).astype(np.float64)[0]
    assert out[0] < 1 / 3 < out[2]
    assert out[1] < -1 / 3
    assert out[3] > 1 / 3
    assert (np.abs(out - [1 / 3, -1 / 3, 1 / 3, 1 / 3]) < 2**-24).all()


def test_the_largest_coordinates_are_taken_exactly():
    extreme = [[-MAX_COORDINATE, -MAX_COORDINATE, MAX_COORDINATE, MAX_COORDINATE]]
    np.testing.assert_array_equal(as_boxes(extreme), extreme)


def test_conversions_of_a_known_box():
    xyxy = boxes((10, 20, 14, 26))
    np.testing.assert_array_equal(xywh_to_xyxy([[10, 20, 4, 6]]), xyxy)
    np.testing.assert_array_equal(cxcywh_to_xyxy([[12, 23, 4, 6]]), xyxy)
    np.testing.assert_array_equal(xyxy_to_xywh(xyxy), boxes((10, 20, 4, 6)))
    np.testing.assert_array_equal(xyxy_to_cxcywh(xyxy), boxes((12, 23, 4, 6)))


def test_area():
    found = area(boxes((0, 0, 2, 3), (5, 5, 5, 9), (4, 0, 1, 3)))
    np.testing.assert_array_equal(found, [6, 0, 0])


def test_a_box_outside_the_frame_is_cut_to_nothing_on_its_edge():
    found = clip(boxes((-5, -5, 3, 2), (10, 1, 12, 2), (-3, -3, -1, -1), (1, 9, 2, 12)), (8, 6))
    np.testing.assert_array_equal(
        found, boxes((0, 0, 3, 2), (8, 1, 8, 2), (0, 0, 0, 0), (1, 6, 2, 6))
    )


def test_margins_are_shares_of_the_box_left_top_right_bottom():
    found = dilate(boxes((100, 100, 110, 120)), (0.1, 0.2, 0.3, 0.4))
    np.testing.assert_allclose(found, [[99, 96, 113, 128]], rtol=1e-6)


def test_the_least_margin_holds_on_each_side_alone():
    found = dilate(boxes((10, 10, 12, 40), (5, 5, 5, 5)), (0.5, 0.5, 0, 0), minimum=3)
    np.testing.assert_array_equal(found, boxes((7, -5, 15, 43), (2, 2, 8, 8)))


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), -float("inf"), 1e39])
def test_impossible_margins_are_refused(value):
    for side in range(4):
        fractions = [0.0] * 4
        fractions[side] = value
        with pytest.raises(InputError, match="margins"):
            dilate(boxes((0, 0, 1, 1)), tuple(fractions))
    with pytest.raises(InputError, match="margins"):
        dilate(boxes((0, 0, 1, 1)), (0, 0, 0, 0), minimum=value)


def test_rounding_outward_to_eighths():
    found = round_outward(boxes((0.1, -0.1, 0.1, 0.126), (0.125, 0.25, 0.375, 0.5)))
    np.testing.assert_array_equal(found, boxes((0, -0.125, 0.125, 0.25), (0.125, 0.25, 0.375, 0.5)))


def test_functions_leave_their_input_alone():
    given = boxes((-1.03, 2, 30.07, 44))
    given.setflags(write=False)
    for out in (
        clip(given, (10, 10)),
        dilate(given, (1, 1, 1, 1)),
        round_outward(given),
        xyxy_to_xywh(given),
        xyxy_to_cxcywh(given),
    ):
        assert out.dtype == np.float32
        assert not np.shares_memory(out, given)


@pytest.mark.parametrize("heights", [0, -1, float("nan"), float("inf"), MAX_COORDINATE * 2])
def test_a_step_of_no_width_is_refused(heights):
    with pytest.raises(InputError, match="step"):
        widen(np.zeros((1, 4), np.float32), heights, size_wh=(10, 10))


def test_widths_become_whole_steps_inside_the_frame():
    boxes = np.array([[0, 0, 11, 10], [80, 0, 95, 10]], np.float32)
    assert widen(boxes, 2, size_wh=(100, 100)).tolist() == [[0, 0, 20, 10], [80, 0, 100, 10]]
    assert widen(boxes[:0], 2, size_wh=(100, 100)).shape == (0, 4)
