"""The second look at whole clips: what it sees, how far it goes, and what it takes for our own cover."""

import numpy as np
import pytest

from saferedact.media.video_read import open_video
from saferedact.pipeline import detect, redact_with_plan, verify, video
from saferedact.pipeline.medium import Search
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import FixedDetector, PlantedDetector, plant, walking_marks
from saferedact.testing.videos import Clip, write_clip

FACES = load_policy("faces")
SIZE = (192, 128)
WALK = walking_marks([[(20 + i, 70)] for i in range(40)])


def film(path, draw=WALK):
    write_clip(path, Clip(size_wh=SIZE, pts=tuple(range(0, 40 * 512, 512)), draw=draw))
    return path


@pytest.fixture
def source(tmp_path):
    return film(tmp_path / "source.mp4")


class Weak(FixedDetector):
    """Sees something at one place on the output alone, weakly, once."""

    def __init__(self, score):
        super().__init__(np.array([[140, 20, 170, 50]]), score=score)
        self.calls = 0

    def boxes_in(self, image):
        self.calls += 1
        scale = image.shape[1] / SIZE[0]
        return self._boxes * scale if self.calls == 1 else self._boxes[:0]


def test_what_is_seen_once_and_weakly_is_a_warning(source):
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    resolved = resolve_plan(plan, policy=FACES)
    out = source.with_name("out.mp4")
    video.carry_out(source, resolved, out)
    for score, regions, warnings in ((0.9, 1, 0), (0.2, 0, 1)):
        remains = video.look_again(source, out, resolved, Search(FACES, [Weak(score)]))
        assert (len(remains.regions), len(remains.warnings)) == (regions, warnings)
    assert remains.warnings[0].location.frame is not None


class Glimpse(FixedDetector):
    """Finds something in the one frame of the output that is bright."""

    def boxes_in(self, image):
        return self._boxes * (image.shape[1] / SIZE[0]) if image.mean() > 200 else self._boxes[:0]


def flashing(index):
    """Draw a clip that stands still and is bright in one frame."""

    def draw(size_wh, at):
        return np.full((size_wh[1], size_wh[0], 3), 255 if at == index else 60, np.uint8)

    return draw


BETWEEN_LOOKS = (1, 11, 21, 22, 23, 38)
"""Frames of a clip of 40 that a second look skips: it looks at 0, 4, 12, 20 and so on, and at 39."""


@pytest.mark.parametrize("index", [0, 1, 11, 21, 22, 23, 38, 39])
def test_a_thorough_second_look_sees_what_shows_in_one_frame(tmp_path, monkeypatch, index):
    """Comparing frames would find a flash, or a cut: only the rule of skipping is in question."""
    source, out = tmp_path / "source.mp4", tmp_path / "out.mp4"
    film(source, flashing(index))
    monkeypatch.setattr("saferedact.tracking.CutFinder.is_cut", lambda *_: False)
    monkeypatch.setattr("saferedact.pipeline.video.watch.flash_in", lambda *_: None)
    plan = detect(source, policy=FACES, detectors=[FixedDetector([])])
    resolved = resolve_plan(plan, policy=FACES)
    video.carry_out(source, resolved, out)
    glimpse = Glimpse([[20, 20, 60, 60]])
    search = Search(FACES, [glimpse], thorough=True)
    (region,) = video.look_again(source, out, resolved, search).regions
    assert region.frame[0] <= index <= region.frame[-1]
    quick = verify(source, out, plan, policy=FACES, detectors=[glimpse])
    thorough = verify(source, out, plan, policy=FACES, detectors=[glimpse], thorough=True)
    assert thorough.verdict == "blocked"
    if index in BETWEEN_LOOKS:
        assert quick.verdict == "no_finding"


@pytest.mark.parametrize("index", [11, 22])
def test_a_flash_between_looks_is_seen_by_every_second_look(tmp_path, monkeypatch, index):
    source, out = tmp_path / "source.mp4", tmp_path / "out.mp4"
    film(source, flashing(index))
    monkeypatch.setattr("saferedact.tracking.CutFinder.is_cut", lambda *_: False)
    plan = detect(source, policy=FACES, detectors=[FixedDetector([])])
    video.carry_out(source, resolve_plan(plan, policy=FACES), out)
    report = verify(source, out, plan, policy=FACES, detectors=[Glimpse([[20, 20, 60, 60]])])
    assert report.verdict == "blocked"


@pytest.mark.parametrize("thorough", [True, False])
def test_the_report_says_how_far_the_second_look_went(source, tmp_path, thorough):
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    out = tmp_path / "out.mp4"
    video.carry_out(source, resolve_plan(plan, policy=FACES), out)
    options = {"policy": FACES, "detectors": [PlantedDetector()], "thorough": thorough}
    report = verify(source, out, plan, **options)
    ran = {check.name: check.detail for check in report.checks_run}
    assert ("thorough" in ran) == thorough
    assert ran["look-again-planted"].endswith("40 of 40 frames") == thorough


def test_a_thorough_second_look_shows_each_frame_once_even_if_nothing_changes(tmp_path):
    source = film(tmp_path / "source.mp4", walking_marks([[(80, 70)]] * 40))

    class Counting(PlantedDetector):
        calls = 0

        def boxes_in(self, image):
            self.calls += 1
            return super().boxes_in(image)

    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    resolved = resolve_plan(plan, policy=FACES)
    out = source.with_name("out.mp4")
    video.carry_out(source, resolved, out)
    counting = Counting()
    remains = video.look_again(source, out, resolved, Search(FACES, [counting], thorough=True))
    assert counting.calls == 40
    assert remains.regions == remains.warnings == ()


def test_redact_covers_what_only_a_thorough_second_look_sees(tmp_path, monkeypatch):
    source = film(tmp_path / "source.mp4", flashing(22))
    monkeypatch.setattr("saferedact.tracking.CutFinder.is_cut", lambda *_: False)
    monkeypatch.setattr("saferedact.pipeline.video.watch.flash_in", lambda *_: None)

    def redacted(name, **options):
        return redact_with_plan(
            source,
            tmp_path / name,
            policy=FACES,
            detectors=[Glimpse([[20, 20, 60, 60]])],
            **options,
        )

    assert redacted("quick.mp4").plan.visible_regions() == ()
    done = redacted("thorough.mp4", thorough=True)
    (region,) = done.plan.visible_regions()
    assert done.repairs == 1
    assert region.frame[0] <= 22 <= region.frame[-1]
    with open_video(tmp_path / "thorough.mp4") as opened:
        frames = [frame.luma(SIZE)[40, 40] for frame in opened.frames()]
    assert frames[22] < 24


def test_our_own_cover_is_no_find_but_something_beside_it_is(tmp_path):
    """A detector that takes covers for heads sees a box that is half cover, half wall."""
    source = film(tmp_path / "source.mp4", walking_marks([[(80, 70)]] * 40))
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])

    class Fooled(PlantedDetector):
        def boxes_in(self, image):
            scale = image.shape[1] / SIZE[0]
            x, y = round(92 * scale), round(80 * scale)
            if image[y, x].max() < 40:  # a cover
                return np.array([[70, 60, 140, 110]], np.float32) * np.float32(scale)
            return super().boxes_in(image)

    out = tmp_path / "out.mp4"
    resolved = resolve_plan(plan, policy=FACES)
    video.carry_out(source, resolved, out)
    remains = video.look_again(source, out, resolved, Search(FACES, [Fooled()]))
    assert remains.regions == ()
    report = verify(source, out, plan, policy=FACES, detectors=[Fooled()])
    assert report.verdict == "no_finding"

    # The same box counts where the original shows something that is not hidden.
    def beside(size_wh, index):
        picture = walking_marks([[(80, 70)]] * 40)(size_wh, index)
        plant(picture, [(112, 62, 140, 110)])
        return picture

    film(source, beside)
    other = plan.model_copy(update={"source_sha256": detect_digest(source)})
    remains = video.look_again(
        source, out, resolve_plan(other, policy=FACES), Search(FACES, [Fooled()])
    )
    assert len(remains.regions) == 1


def detect_digest(path):
    from saferedact.files import sha256_file

    return sha256_file(path)
