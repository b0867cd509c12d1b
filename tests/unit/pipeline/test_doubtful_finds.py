"""What a detector doubts when it looks closer is not hidden in a file, and is in a stream."""

import av
import numpy as np
import pytest

from saferedact import StreamRedactor, detect, redact
from saferedact.errors import DetectorError
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, walking_marks
from saferedact.testing.videos import Clip, write_clip

FACES = load_policy("faces")
SIZE = (192, 128)
COUNT = 40
LEFT, RIGHT = (20, 40), (130, 60)
BOTH = walking_marks([[LEFT, RIGHT]] * COUNT)


class Doubting(PlantedDetector):
    """Finds marks, and doubts those on the right."""

    def doubts(self, image, box, score):
        return bool((box[0] + box[2]) / 2 > image.shape[1] / 2)


class Broken(PlantedDetector):
    def doubts(self, image, box, score):
        raise RuntimeError("SECRET")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "clip.mp4"
    write_clip(path, Clip(size_wh=SIZE, pts=tuple(range(0, COUNT * 512, 512)), draw=BOTH))
    return path


def test_a_plan_has_what_is_believed_alone(source):
    plan = detect(source, policy=FACES, detectors=[Doubting()])
    assert len(plan.visible_regions()) == 1
    assert plan.visible_regions()[0].xyxy[0][2] < SIZE[0] / 2
    assert len(detect(source, policy=FACES, detectors=[PlantedDetector()]).visible_regions()) == 2


def test_the_second_look_tells_of_what_was_left_in_doubt_and_covers_nothing_more(source, tmp_path):
    report = redact(source, tmp_path / "out.mp4", policy=FACES, detectors=[Doubting()])
    (told,) = [finding for finding in report.findings if finding.rule_id == "VF-04"]
    assert told.level == "WARN"
    assert told.location.xyxy[0] > SIZE[0] / 2
    with av.open(tmp_path / "out.mp4") as file:
        frame = next(file.decode(video=0)).to_ndarray(format="gray")
    for (x, y), covered in ((LEFT, True), (RIGHT, False)):
        assert bool(frame[y + 4 : y + 20, x + 4 : x + 20].std() < 4) is covered


def test_a_stream_covers_what_later_looks_may_believe():
    with StreamRedactor(policy=FACES, detectors=[Doubting()], lookahead_s=0.5) as redactor:
        ready = []
        for index in range(COUNT):
            ready += redactor.push(np.ascontiguousarray(BOTH(SIZE, index)[:, :, ::-1]))
        ready += redactor.flush()
    for frame in ready:
        for x, y in (LEFT, RIGHT):
            assert (frame[y : y + 24, x : x + 24] == 0).all()


def test_a_closer_look_that_fails_is_told_without_its_words(source):
    with pytest.raises(DetectorError) as told:
        detect(source, policy=FACES, detectors=[Broken()])
    assert "SECRET" not in str(told.value)
    assert "RuntimeError" in str(told.value)
