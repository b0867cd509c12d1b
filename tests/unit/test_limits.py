import dataclasses

import pytest

from saferedact.errors import LimitExceededError
from saferedact.limits import DEFAULT_LIMITS, Limits

SMALL = Limits(max_file_bytes=100, max_pixels=60, max_side=20, max_frames=3, max_total_pixels=90)


@pytest.mark.parametrize("size_wh", [(1, 1), (20, 3), (3, 20), (6, 10)])
def test_a_picture_exactly_at_the_limits_is_taken(size_wh):
    SMALL.check_size_wh(*size_wh)


@pytest.mark.parametrize("size_wh", [(21, 1), (1, 21), (20, 4), (61, 1)])
def test_a_picture_over_a_limit_is_refused(size_wh):
    with pytest.raises(LimitExceededError, match="over the limit"):
        SMALL.check_size_wh(*size_wh)


def test_the_message_of_a_long_side_names_the_longer_one():
    with pytest.raises(LimitExceededError, match="a side of 22 px is over the limit of 20 px"):
        SMALL.check_size_wh(21, 22)


def test_a_file_exactly_at_the_limit_is_taken_and_one_byte_more_is_not():
    SMALL.check_file_bytes(100)
    with pytest.raises(LimitExceededError, match="101 bytes"):
        SMALL.check_file_bytes(101)


def test_frames_are_bounded_by_number_and_by_their_pixels_together():
    SMALL.check_frames(3, 6, 5)
    with pytest.raises(LimitExceededError, match="4 frames"):
        SMALL.check_frames(4, 1, 1)
    for size_wh in ((31, 1), (1, 31), (7, 5)):
        with pytest.raises(LimitExceededError, match="limit of all pixels"):
            SMALL.check_frames(3, *size_wh)


def test_videos_are_bounded_by_bytes_frames_and_length():
    small = Limits(max_video_bytes=100, max_video_frames=3, max_video_seconds=10)
    small.check_video_bytes(100)
    small.check_video(3, 10.0)
    with pytest.raises(LimitExceededError, match="101 bytes"):
        small.check_video_bytes(101)
    with pytest.raises(LimitExceededError, match="4 frames"):
        small.check_video(4, 0)
    with pytest.raises(LimitExceededError, match="11 s"):
        small.check_video(1, 11)


def test_the_defaults_let_the_documented_extremes_through():
    DEFAULT_LIMITS.check_size_wh(65_500, 2)
    DEFAULT_LIMITS.check_size_wh(8_688, 5_792)  # a 50-megapixel photograph
    DEFAULT_LIMITS.check_file_bytes(2 * 1024**3)
    with pytest.raises(LimitExceededError):
        DEFAULT_LIMITS.check_size_wh(65_536, 1)
    with pytest.raises(LimitExceededError):
        DEFAULT_LIMITS.check_size_wh(20_000, 10_001)


def test_limits_do_not_change_under_a_running_job():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT_LIMITS.max_side = 1
