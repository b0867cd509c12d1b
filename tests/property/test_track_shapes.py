"""The forms of tracks: smoothed, extended, bridged and thinned boxes contain what they are made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.errors import InputError
from saferedact.testing.boxes import contains
from saferedact.tracking import (
    Track,
    associate,
    boxes_between,
    extend,
    fill_gap,
    simplify,
    smooth_outward,
    steady,
)

COORDINATES = st.integers(-400, 4_000).map(lambda value: value / 8)


@st.composite
def boxes(draw, min_size=1, max_size=30):
    """Boxes of consecutive frames: jumps, stillness and steady motion."""
    count = draw(st.integers(min_size, max_size))
    rows = []
    for _ in range(count):
        if rows and draw(st.booleans()):
            x, y = draw(st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
            rows.append([rows[-1][0] + x, rows[-1][1] + y, rows[-1][2] + x, rows[-1][3] + y])
            continue
        x1, x2 = sorted(draw(st.tuples(COORDINATES, COORDINATES)))
        y1, y2 = sorted(draw(st.tuples(COORDINATES, COORDINATES)))
        rows.append([x1, y1, x2 + 1, y2 + 1])
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


@given(boxes(), st.integers(0, 8), st.integers(0, 8))
def test_extension_adds_frames_and_never_shrinks(xyxy, before, after):
    longer = extend(xyxy, before, after)
    assert len(longer) == before + len(xyxy) + after
    assert np.array_equal(longer[before : before + len(xyxy)], xyxy)
    head = longer[:before][::-1]
    tail = longer[before + len(xyxy) :]
    assert contains(head, np.repeat(xyxy[:1], before, axis=0))
    assert contains(tail, np.repeat(xyxy[-1:], after, axis=0))
    # Each added box contains the one nearer to the track: what is not known only grows.
    assert contains(tail[1:], tail[:-1])
    assert contains(head[1:], head[:-1])


@given(boxes())
def test_a_smoothed_box_contains_its_own_and_stays_near(xyxy):
    smooth = smooth_outward(xyxy)
    assert contains(smooth, xyxy)
    for i in range(len(xyxy)):
        near = xyxy[max(0, i - 2) : i + 3]
        assert (smooth[i, :2] >= near[:, :2].min(axis=0) - 0.01).all()
        assert (smooth[i, 2:] <= near[:, 2:].max(axis=0) + 0.01).all()


@given(boxes(), st.floats(0, 20))
def test_what_is_left_after_thinning_still_contains_every_box(xyxy, tolerance):
    index, kept = simplify(xyxy, tolerance)
    assert index[0] == 0
    assert index[-1] == len(xyxy) - 1
    assert (np.diff(index) > 0).all()
    between = boxes_between(index, kept, np.arange(len(xyxy)))
    assert contains(between, xyxy, slack=0.001)
    assert contains(xyxy[index], kept, slack=tolerance + 0.01)


@given(boxes())
def test_what_is_kept_steady_contains_every_box_and_moves_little(xyxy):
    kept = steady(xyxy)
    side = np.tile(xyxy[:, 2:] - xyxy[:, :2], 2)
    assert contains(kept, xyxy)
    assert (np.abs(kept - xyxy) <= 0.1 * side + 0.01).all()


@given(st.integers(1, 12), st.integers(0, 3), st.floats(1, 9), st.integers(-5, 5))
def test_an_edge_that_draws_back_for_some_frames_stays(count, edge, by, drift):
    """Before and after it the box is the same, but for a drift of the whole."""
    xyxy = np.tile(np.array([100, 100, 200, 200], np.float32), (40, 1))
    dip = xyxy.copy()
    dip[14 : 14 + count, edge] += by if edge < 2 else -by
    moved = np.arange(40, dtype=np.float32)[:, None] * np.array([drift] * 4, np.float32)
    assert np.allclose(steady(dip), xyxy)
    assert np.allclose(steady(xyxy + moved), xyxy + moved)  # what moves one way is left alone


@given(st.integers(2, 200))
def test_steady_motion_is_thinned_to_its_ends(count):
    step = np.arange(count, dtype=np.float32)[:, None] * np.array([1.5, -0.5, 1.5, -0.5])
    index, _ = simplify((step + np.array([10, 200, 50, 260])).astype(np.float32), 1.0)
    assert index.tolist() == [0, count - 1]


@given(boxes(2, 2), st.integers(0, 30))
def test_a_bridge_lies_around_the_straight_way(ends, count):
    bridge = fill_gap(ends[0], ends[1], count)
    asked = np.arange(1, count + 1)
    straight = boxes_between(np.array([0, count + 1]), ends, asked)
    assert bridge.shape == (count, 4)
    assert contains(bridge, straight)


@given(boxes(1, 6), st.data())
def test_a_track_gives_its_own_boxes_and_between_them_the_hull(xyxy, data):
    gaps = data.draw(st.lists(st.integers(1, 9), min_size=len(xyxy), max_size=len(xyxy)))
    frame = np.cumsum(gaps)
    track = Track("face", "faces", 0.9, frame, xyxy)
    got, present = track.boxes_at(frame)
    assert present.all()
    assert np.array_equal(got, xyxy)
    asked = np.arange(frame[0] - 2, frame[-1] + 3)
    got, present = track.boxes_at(asked)
    assert np.array_equal(present, (asked >= frame[0]) & (asked <= frame[-1]))
    for at, box in zip(asked[present], got[present], strict=True):
        after = int(np.searchsorted(frame, at))
        pair = xyxy[[max(after - 1, 0) if frame[after] != at else after, after]]
        assert (box >= pair.min(axis=0) - 0.001).all()
        assert (box <= pair.max(axis=0) + 0.001).all()


@pytest.mark.parametrize(
    "frame", [[], [1, 1], [2, 1], [1, 2, 3]], ids=["none", "equal", "falling", "too many"]
)
def test_a_track_of_other_frames_is_refused(frame):
    with pytest.raises(InputError, match="one box for each"):
        Track("face", "faces", 0.9, np.array(frame), np.array([[0, 0, 1, 1], [0, 0, 1, 1]]))


@given(
    st.integers(0, 6),
    st.integers(0, 6),
    st.data(),
)
def test_pairs_use_each_row_and_column_once_and_keep_the_bound(n, m, data):
    value = st.floats(0, 1, width=32)
    affinity = np.array(
        data.draw(st.lists(value, min_size=n * m, max_size=n * m)), dtype=np.float32
    ).reshape(n, m)
    rows, columns = associate(affinity, 0.3)
    assert len(set(rows.tolist())) == len(rows) == len(set(columns.tolist()))
    assert (affinity[rows, columns] >= np.float32(0.3)).all()
    free_rows = np.setdiff1d(np.arange(n), rows)
    free_columns = np.setdiff1d(np.arange(m), columns)
    assert not (affinity[np.ix_(free_rows, free_columns)] >= np.float32(0.3)).any()
