"""Small parts of the way of a video: sums of two readings, the inside of covers, the contact sheet."""

from types import SimpleNamespace

import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.limits import DEFAULT_LIMITS
from saferedact.media.video_read import open_video
from saferedact.pipeline import detect
from saferedact.pipeline.medium import Search
from saferedact.pipeline.video.checksums import CHECKSUM_FRAMES, FrameSums
from saferedact.pipeline.video.looking import Looker
from saferedact.pipeline.video.passing import PassingFrame
from saferedact.pipeline.video.prove import _interiors
from saferedact.pipeline.video.show import tiles
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, plant, walking_marks
from saferedact.testing.videos import Clip, write_clip


def frames(count, *, changed=None, late=None, suspect=()):
    for index in range(count):
        yield SimpleNamespace(
            suspect=index in suspect,
            pts=index * 10 + (index == late),
            checksum=lambda index=index: index + 1_000 * (index == changed),
        )


def sums(reading, expected=None):
    kept = FrameSums(expected)
    for frame in reading:
        kept.add(frame)
    return kept.finish()


class TestSums:
    @pytest.mark.parametrize("stretches", [0, 1, 2])
    @pytest.mark.parametrize("more", [0, 1])
    def test_as_many_as_stretches_were_begun(self, stretches, more):
        count = stretches * CHECKSUM_FRAMES + more
        assert len(sums(frames(count))) == stretches + more
        assert sums(frames(count), sums(frames(count))) == sums(frames(count))

    @pytest.mark.parametrize("fault", [{"changed": 1}, {"late": 1}, {"suspect": {1}}])
    @pytest.mark.parametrize("count", [2, CHECKSUM_FRAMES, CHECKSUM_FRAMES + 1])
    def test_another_picture_time_or_state_is_seen(self, fault, count):
        with pytest.raises(InputError, match="does not decode to the frames"):
            sums(frames(count, **fault), sums(frames(count)))

    def test_a_reading_that_ends_early_or_goes_on_is_seen(self):
        count = 2 * CHECKSUM_FRAMES
        for other in (0, count - 1, count - CHECKSUM_FRAMES, count + 1, count + CHECKSUM_FRAMES):
            with pytest.raises(InputError):
                sums(frames(other), sums(frames(count)))

    def test_what_a_damaged_frame_shows_does_not_count(self):
        damaged = sums(frames(5, suspect={3}))
        assert sums(frames(5, suspect={3}, changed=3), damaged) == damaged


@pytest.fixture
def info(tmp_path):
    path = tmp_path / "a.mp4"
    write_clip(path, Clip(size_wh=(192, 128)))
    with open_video(path) as video:
        return video.info


@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
@pytest.mark.parametrize(
    "box", [(20, 20, 100, 80), (-30, -30, 60, 60), (150, 90, 230, 170), (5, 5, 13, 13)]
)
def test_the_inside_of_a_cover_is_covered_and_in_the_frame(info, shape, box):
    ((x1, y1, x2, y2),) = _interiors(np.array([box], np.float32), info, shape)
    assert 0 <= x1 < x2 <= 192
    assert 0 <= y1 < y2 <= 128
    left, top, right, bottom = box
    for x in (x1, x2):
        for y in (y1, y2):
            if shape == "rectangle":
                assert left <= x <= right
                assert top <= y <= bottom
            else:
                a, b = (right - left) / 2, (bottom - top) / 2
                assert ((x - left - a) / a) ** 2 + ((y - top - b) / b) ** 2 <= 1 + 1e-6


def test_a_cover_beside_the_frame_has_no_inside(info):
    ((x1, y1, x2, y2),) = _interiors(np.array([[300, 20, 400, 60]], np.float32), info, "ellipse")
    assert x2 <= x1 or y2 <= y1


@pytest.mark.parametrize(("marks", "shown"), [([], 1), ([[(20, 70)] * 6], 1)])
def test_a_sheet_shows_a_frame_also_where_nothing_was_found(tmp_path, marks, shown):
    path = tmp_path / "a.mp4"
    write_clip(
        path, Clip(size_wh=(192, 128), pts=tuple(range(0, 6 * 512, 512)), draw=walking_marks(marks))
    )
    plan = detect(path, policy=load_policy("faces"), detectors=[PlantedDetector()])
    made = list(tiles(path, plan, limits=DEFAULT_LIMITS))
    assert len(made) == shown
    assert all(tile.pixels.shape == (128, 192, 3) for tile in made)
    assert [len(tile.outlines) for tile in made] == [len(marks)]


class GlancingMarks(PlantedDetector):
    """Looks seldom, and can say quickly where marks are."""

    every_s = 1.6

    def glance(self, image):
        return self.boxes_in(image)


def test_a_glance_gives_places_in_pixels_of_the_frame():
    size_wh = (1920, 1080)
    picture = np.full((1080, 1920, 3), 90, np.uint8)
    plant(picture, [(600, 300, 900, 600)])
    frame = PassingFrame(picture, 0, 0.0, "rgb")
    looker = Looker(Search(load_policy("faces"), [GlancingMarks()]), size_wh)
    (box,) = looker.glance(frame)
    assert np.abs(box - [600, 300, 900, 600]).max() <= 6
    # Whoever looks at every look anyway need not glance, nor those who cannot.
    assert Looker(Search(load_policy("faces"), [PlantedDetector()]), size_wh).glance is None
