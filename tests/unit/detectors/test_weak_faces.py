"""A closer look: what is large, weak and no face by itself is in doubt, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.detectors import weak_faces
from saferedact.detectors.centerface import CenterFace
from saferedact.detectors.weak_faces import is_doubtful
from saferedact.models import model_path

BOX = np.float32([100, 60, 148, 108])


class Answers:
    """A network whose answers to view and mirror are given; it keeps what it is shown."""

    def __init__(self, *scores, shift=0.0):
        self.scores = list(scores)
        self.shown = []
        self.shift = shift

    def detect(self, images, min_score):
        self.shown.append(images[0].copy())
        score = self.scores[len(self.shown) - 1]
        middle = images.shape[1] / 2 + self.shift
        box = np.float32([[middle - 24, middle - 24, middle + 24, middle + 24]])
        some = np.full(int(score >= min_score), score, np.float32)
        return [(box[: len(some)], some)]


def picture(size_hw=(200, 300)):
    return np.random.default_rng(1).integers(0, 255, (*size_hw, 3), np.uint8)


@pytest.mark.parametrize(
    ("score", "side", "asked"),
    [(0.24, 24, True), (0.25, 24, False), (0.24, 23.9, False), (0.1, 150, True), (0.9, 150, False)],
)
def test_only_weak_large_finds_are_looked_at_again(score, side, asked):
    network = Answers(0.0, 0.0)
    box = np.float32([20, 20, 20 + side, 20 + 1.3 * side])
    assert is_doubtful(network, picture(), box, score) == asked
    assert bool(network.shown) == asked


@pytest.mark.parametrize(
    ("scores", "doubtful"),
    [
        ((0.0, 0.0), True),
        ((0.14, 0.14), True),
        ((0.16, 0.16), False),
        ((0.0, 0.29), True),
        ((0.0, 0.31), False),
        ((0.29, 0.0), True),
        ((0.31,), False),  # the mirror is not asked
    ],
)
def test_the_mean_of_view_and_mirror_decides(scores, doubtful):
    network = Answers(*scores)
    assert is_doubtful(network, picture(), BOX, 0.2) == doubtful
    assert len(network.shown) == len(scores)


def test_an_answer_beside_the_find_is_none_about_it():
    assert is_doubtful(Answers(0.9, 0.9, shift=45.0), picture(), BOX, 0.2)
    assert not is_doubtful(Answers(0.9, 0.9, shift=20.0), picture(), BOX, 0.2)


def test_the_second_view_is_the_mirror_of_the_first():
    network = Answers(0.0, 0.0)
    is_doubtful(network, picture(), BOX, 0.2)
    first, second = network.shown
    assert first.shape == (160, 160, 3)
    np.testing.assert_array_equal(first[:, ::-1], second)


@given(
    st.tuples(st.integers(1, 400), st.integers(1, 400)),
    st.tuples(st.floats(-60, 400), st.floats(-60, 400)),
    st.tuples(st.floats(24, 500), st.floats(24, 500)),
)
def test_what_is_shown_has_the_find_in_its_middle_wherever_it_is(size_hw, corner, sides):
    """Whatever lies beyond the picture."""
    box = np.float32([*corner, corner[0] + sides[0], corner[1] + sides[1]])
    shown, there = weak_faces._by_itself(np.zeros((*size_hw, 3), np.uint8), box)
    assert shown.shape == (160, 160, 3)
    np.testing.assert_allclose((there[:2] + there[2:]) / 2, 80, atol=2.5)
    assert (there[2:] - there[:2]).max() == pytest.approx(48, abs=1)


def test_what_is_shown_is_what_is_there():
    image = np.zeros((200, 300, 3), np.uint8)
    image[60:108, 100:148] = 255
    shown, there = weak_faces._by_itself(image, BOX)
    x1, y1, x2, y2 = np.round(there).astype(int)
    assert shown[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2].min() == 255
    shown[y1 - 2 : y2 + 2, x1 - 2 : x2 + 2] = 0
    assert shown.max() == 0


@pytest.fixture(scope="module")
def network(face_model):  # noqa: ARG001  the weights are there
    return CenterFace(model_path("centerface"), engine="onnxruntime", threads=1)


@pytest.mark.model
@pytest.mark.parametrize("side", [24, 48, 96, 240])
@pytest.mark.parametrize("light", [1.0, 0.1])
def test_a_face_is_not_doubted_whatever_it_scored(network, side, light):
    import cv2

    portrait = pytest.importorskip("skimage.data").astronaut()
    scale = side / 96
    image = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    box = np.float32([176, 58, 272, 180]) * np.float32(scale)
    assert not is_doubtful(network, (image * light).astype(np.uint8), box, 0.15)


@pytest.mark.model
def test_texture_is_doubted(network):
    grain = np.random.default_rng(2).integers(90, 150, (300, 300, 3), np.uint8)
    assert is_doubtful(network, grain, BOX, 0.2)
