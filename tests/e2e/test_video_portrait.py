"""A real face, found by the real network, that moves through a clip."""

import cv2
import numpy as np
import pytest

from saferedact import StreamRedactor
from saferedact.detectors.faces import FaceDetector
from saferedact.media.video_read import open_video
from saferedact.pipeline import redact_with_plan
from saferedact.testing.images import sample_pixels
from saferedact.testing.videos import Clip, write_clip

pytestmark = pytest.mark.model

SIZE = (320, 240)
COUNT = 40


@pytest.fixture(scope="module")
def draw():
    from skimage import data

    head = cv2.resize(data.astronaut()[0:230, 130:320], (80, 97), interpolation=cv2.INTER_AREA)

    def picture(size_wh, index):
        pixels = sample_pixels(size_wh, seed=1)
        x, y = 10 + 4 * index, 60 + index
        pixels[y : y + 97, x : x + 80] = head
        return pixels

    return picture


def faces_in(pictures):
    """Frames in which the detector for pictures, from several sizes, surely sees a face."""
    detector = FaceDetector(orientations="upright", threads=1)
    found = []
    for index, picture in enumerate(pictures):
        (seen,) = detector.detect(picture[None], min_score=0.5, orientation_known=True)
        if len(seen):
            found.append(index)
    return found


def test_a_moving_face_is_covered_in_every_frame(tmp_path, draw):
    source, destination = tmp_path / "source.mp4", tmp_path / "redacted.mp4"
    write_clip(source, Clip(size_wh=SIZE, pts=tuple(range(0, COUNT * 512, 512)), draw=draw))
    done = redact_with_plan(source, destination, policy="faces")
    assert done.report.verdict != "blocked"
    with open_video(destination) as video:
        shown = [frame.small(SIZE) for frame in video.frames()]
    assert len(shown) == COUNT
    assert faces_in([draw(SIZE, 0)]) == [0]
    assert faces_in(shown[::5]) == []
    tracks = [region for region in done.plan.visible_regions() if region.score > 0.5]
    assert [(track.frame[0], track.frame[-1]) for track in tracks] == [(0, COUNT - 1)]


def test_a_moving_face_is_covered_in_a_stream(draw):
    frames = [np.ascontiguousarray(draw(SIZE, index)) for index in range(COUNT)]
    with StreamRedactor(policy="faces", order="rgb") as redactor:
        shown = list(redactor.redact(frames))
    assert faces_in(shown[::5]) == []
