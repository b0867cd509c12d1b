"""The entry points: arguments, channel order, and what each operator leaves behind."""

import av
import numpy as np
import pytest

from saferedact.errors import InputError, UnsupportedFormatError
from saferedact.frames import REVERSIBLE, planes_of, redact_planes, redact_regions

BOX = [[8, 8, 24, 24]]


def noise(*shape, dtype=np.uint8):
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max, shape, dtype=dtype)


def test_default_is_solid_black():
    array = noise(32, 32, 3)
    redact_regions(array, BOX)
    assert not array[8:24, 8:24].any()
    assert array[:8].any()


@pytest.mark.parametrize("shape", [(32, 32, 3), (32, 32, 4)])
def test_color_is_in_the_order_of_the_array(shape):
    array = noise(*shape)
    redact_regions(array, BOX, color=(10, 20, 30))
    assert array[10, 10].tolist() == [10, 20, 30, 255][: shape[2]]


def test_16_bit_colors_use_the_whole_range():
    array = noise(32, 32, 3, dtype=np.uint16)
    redact_regions(array, BOX, color=(255, 0, 1))
    assert array[10, 10].tolist() == [65535, 0, 257]


def test_color_of_a_video_frame_is_rgb():
    video = av.VideoFrame(32, 32, "bgr24")
    redact_regions(video, BOX, color=(10, 20, 30))
    assert video.to_ndarray(format="rgb24")[10, 10].tolist() == [10, 20, 30]


def test_a_yuv_frame_converts_back_to_the_color():
    video = av.VideoFrame(32, 32, "yuv444p")
    video.colorspace = 1  # BT.709
    redact_regions(video, [[0, 0, 32, 32]], color=(200, 60, 30))
    pixel = video.to_ndarray(format="rgb24", src_colorspace="ITU709")[10, 10].astype(int)
    assert np.abs(pixel - [200, 60, 30]).max() <= 3


@pytest.mark.parametrize("operator", ["solid", "frost", "mosaic", "blur"])
@pytest.mark.parametrize("boxes", [[], np.empty((0, 4)), [[5, 5, 5, 9]], [[90, 90, 99, 99]]])
def test_nothing_to_hide_changes_nothing(operator, boxes):
    array = noise(32, 32, 3)
    before = array.copy()
    redact_regions(array, boxes, operator=operator, allow_reversible=True)
    np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("operator", sorted(REVERSIBLE))
def test_reversible_operators_must_be_allowed(operator):
    array = noise(32, 32)
    before = array.copy()
    with pytest.raises(InputError, match="reversed"):
        redact_regions(array, BOX, operator=operator)
    np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize(
    "options",
    [
        {"operator": "pixelate"},
        {"operator": None},
        {"operator": []},
        {"shape": "circle"},
        {"color": (0, 0, 300)},
        {"color": 0},
        {"seeds": [1, 2]},
        {"seeds": 1},
        {"seeds": [-1]},
        {"seeds": [2**64]},
        {"seeds": ["x"]},
        {"seeds": [1.5]},
        {"seeds": [float("nan")]},
        {"seeds": [[1, 2]]},
        {"xyxy": [[1, 2, 3]]},
        {"xyxy": [[9, 0, 3, 3]]},
        {"xyxy": [[0, 0, np.inf, 3]]},
    ],
)
def test_invalid_arguments_leave_the_frame_alone(options):
    array = noise(32, 32, 3)
    before = array.copy()
    with pytest.raises(InputError):
        redact_regions(array, **{"xyxy": BOX, **options})
    np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("keep_out", [[[1, 2, 3]], [[0, 0, -1, 1]]])
def test_invalid_keep_out(keep_out):
    array = noise(32, 32)
    before = array.copy()
    with pytest.raises(InputError):
        redact_planes(planes_of(array), BOX, operator="frost", keep_out=keep_out)
    np.testing.assert_array_equal(array, before)


def test_unsupported_video_frames():
    with pytest.raises(UnsupportedFormatError, match="pal8"):
        redact_regions(av.VideoFrame(8, 8, "pal8"), BOX)


def test_mosaic_is_the_means_of_squares():
    array = noise(32, 32)
    source = array.astype(np.int64)
    redact_regions(array, BOX, operator="mosaic", allow_reversible=True)
    for y in range(8, 24, 2):
        for x in range(8, 24, 2):
            mean = (int(source[y : y + 2, x : x + 2].sum()) + 2) // 4
            assert (array[y : y + 2, x : x + 2] == mean).all()


def test_mosaic_squares_grow_with_the_region():
    array = noise(80, 160)
    redact_regions(array, [[0, 0, 160, 80]], operator="mosaic", allow_reversible=True)
    assert np.flatnonzero(np.diff(array[0].astype(int))).size <= 7
    assert np.flatnonzero(np.diff(array[:, 0].astype(int))).size <= 3
    assert (array[:20, :20] == array[0, 0]).all()


def test_blur_is_smooth_and_keeps_the_mean():
    array = noise(120, 120)
    mean = array.mean()
    redact_regions(array, [[0, 0, 120, 120]], operator="blur", allow_reversible=True)
    assert np.abs(np.diff(array.astype(int), axis=0)).max() <= 4
    assert abs(array.mean() - mean) < 3


@pytest.mark.parametrize("operator", ["mosaic", "blur"])
@pytest.mark.parametrize("box", [[3, 3, 4, 4], [0, 0, 1, 32], [0, 5, 32, 6], [0, 0, 32, 32]])
def test_thin_regions_are_coarsened(operator, box):
    array = np.full((32, 32), 77, dtype=np.uint8)
    redact_regions(array, [box], operator=operator, allow_reversible=True)
    assert (array == 77).all()
