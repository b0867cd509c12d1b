"""Laws of the views that the face detector looks at: no pixel and no small face is left out."""

import math
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from saferedact.detectors.passes import OVERLAP, RUNGS, TILE, plan_views

SIZES = st.tuples(st.integers(1, 6_000), st.integers(1, 6_000)) | st.sampled_from(
    [(1, 1), (1920, 1), (1921, 1), (1, 1921), (65_500, 2), (2, 65_535), (1536, 1921), (1537, 1921)]
)


def tile_spans(size_wh):
    """The spans of the tiles along each axis, sorted."""
    views = plan_views(size_wh)[len(plan_views(size_wh, tiles=False)) :]
    crops = [view.crop_xyxy for view in views]
    spans = [sorted({(crop[axis], crop[axis + 2]) for crop in crops}) for axis in (0, 1)]
    # Every span of one axis meets every one of the other, once.
    assert len(crops) == len(set(crops)) == len(spans[0]) * len(spans[1])
    return spans


@given(SIZES)
def test_whole_views_show_the_whole_picture_at_a_few_sizes(size_wh):
    views = plan_views(size_wh, tiles=False)
    long_side = max(size_wh)
    shown = [max(view.size_wh) for view in views]
    assert [view.crop_xyxy for view in views] == [(0, 0, *size_wh)] * len(views)
    assert shown[0] == RUNGS[0]
    assert set(shown) <= set(RUNGS)
    assert shown == sorted(set(shown))
    assert shown[-1] >= 2 * long_side or shown[-1] == RUNGS[-1]
    # No rung lower than the last one would do.
    assert all(rung < 2 * long_side for rung in RUNGS if rung < shown[-1])


@given(SIZES)
def test_scaled_views_keep_the_shape_of_the_picture(size_wh):
    for view in plan_views(size_wh):
        x1, y1, x2, y2 = view.crop_xyxy
        for given_side, shown_side in zip((x2 - x1, y2 - y1), view.size_wh, strict=True):
            assert 1 <= shown_side <= RUNGS[-1]
            assert abs(shown_side - given_side * view.scale) <= max(0.5, 1 - view.scale)


@given(SIZES)
@example((1920, 1920))
@example((1921, 1921))
def test_tiles_begin_where_whole_views_stop_enlarging(size_wh):
    views = plan_views(size_wh)
    whole = plan_views(size_wh, tiles=False)
    assert views[: len(whole)] == whole
    assert (len(views) > len(whole)) == (max(size_wh) > 1920)


@given(SIZES.filter(lambda size: max(size) > 1920))
def test_tiles_cover_every_pixel_and_overlap_enough(size_wh):
    for side, spans in zip(size_wh, tile_spans(size_wh), strict=True):
        assert spans[0][0] == 0
        assert spans[-1][1] == side
        assert {end - start for start, end in spans} == {min(TILE, side)}  # one shape only
        for (_, end), (start, _) in pairwise(spans):
            assert end - start >= OVERLAP


@given(SIZES.filter(lambda size: max(size) > 1920))
def test_there_are_no_more_tiles_than_needed(size_wh):
    for side, spans in zip(size_wh, tile_spans(size_wh), strict=True):
        fewer = len(spans) - 1
        reach = fewer * TILE - (fewer - 1) * OVERLAP if fewer else 0
        assert reach < side


@given(SIZES.filter(lambda size: max(size) > 1920), st.floats(0, 1), st.integers(1, 256))
@example((2944, 300), 1336.5 / (2944 - 256), 256)  # two tiles would overlap by 128 px
def test_a_face_of_up_to_256_px_is_whole_in_some_tile(size_wh, place, face):
    for side, spans in zip(size_wh, tile_spans(size_wh), strict=True):
        length = min(face, side)
        start = math.floor(place * (side - length))
        assert any(low <= start and start + length <= high for low, high in spans)
