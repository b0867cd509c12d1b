"""A region of a plan covers its track, with the policy's margins, along the edges of the picture too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.geometry import clip, dilate
from saferedact.pipeline.video.detect import region_of
from saferedact.policy import load_policy
from saferedact.testing.boxes import contains
from saferedact.tracking import Track, boxes_between


@given(
    st.floats(-200, 600), st.floats(30, 300), st.floats(-12, 12), st.floats(0, 340),
    st.integers(2, 60),
)  # fmt: skip
def test_a_region_contains_every_box_of_its_track_also_along_the_edges(
    start, width, step, y, count
):
    size_wh = (640, 360)
    jitter = np.random.default_rng(count).normal(0, 1, count)
    left = start + step * np.arange(count) + jitter
    xyxy = np.stack([left, np.full(count, y), left + width, np.full(count, y + 16)], axis=1)
    track = Track("name", "text", 0.9, np.arange(count), xyxy)
    rule = load_policy("release").labels["name"]
    region = region_of(track, rule, number=1, size_wh=size_wh, times=range(count))
    frames, boxes = np.array(region.frame), np.array(region.xyxy, np.float32)
    got = boxes_between(frames, boxes, np.arange(count))
    shown = clip(dilate(track.xyxy, rule.dilate, minimum=2.0), size_wh)
    inside = (shown[:, 2:] > shown[:, :2]).all(axis=1)
    assert contains(got[inside], shown[inside])


@pytest.mark.parametrize(("left", "step"), [(40, 0), (40, 3), (500, 0), (-20, 5)])
@pytest.mark.parametrize("width", [30, 100, 200])
def test_covers_of_fixed_width_do_not_tell_the_length_of_what_moves(left, step, width):
    size_wh, count = (640, 360), 20
    jitter = np.random.default_rng(width).normal(0, 1, (count, 1))
    start = left + step * np.arange(count)[:, None] + jitter
    xyxy = np.concatenate(
        [start, np.full((count, 1), 50.0), start + width, 70 + jitter / 3], axis=1
    )
    track = Track("name", "text", 0.9, np.arange(count), xyxy)
    rule = load_policy("release").labels["name"].model_copy(update={"fixed_width": 12.0})
    region = region_of(track, rule, number=1, size_wh=size_wh, times=range(count))
    frames, boxes = np.array(region.frame), np.array(region.xyxy, np.float32)
    got = boxes_between(frames, boxes, np.arange(count))
    assert contains(got, clip(dilate(track.xyxy, rule.dilate, minimum=2.0), size_wh))
    whole = got[(got[:, 0] > 8) & (got[:, 2] < 632)]
    assert ((whole[:, 2] - whole[:, 0]) / 24 == pytest.approx(12, abs=1)) or not len(whole)
