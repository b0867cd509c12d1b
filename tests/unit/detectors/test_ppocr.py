import numpy as np
import pytest

from saferedact.detectors import ppocr
from saferedact.detectors.ppocr import LINE_HEIGHT, TextFinder, TextRecognizer
from saferedact.errors import DetectorError


@pytest.fixture
def network(monkeypatch, tmp_path):
    """Replace both networks by an answer, and the recogniser's characters by three."""

    def install(answer):
        class Fake:
            engine = "fake"

            def __init__(self, graph, **_):
                pass

            def __call__(self, batch):
                self.batch = batch
                return [answer(batch) if callable(answer) else answer]

        (tmp_path / "weights.onnx").write_bytes(b"weights")
        (tmp_path / ppocr._RECOGNIZER).write_bytes(b"weights")
        monkeypatch.setattr(ppocr, "model_path", lambda _: tmp_path / "weights.onnx")
        monkeypatch.setattr(ppocr, "Network", Fake)
        monkeypatch.setattr(ppocr, "_characters", lambda _: ["a", "b", "c"])

    return install


def answer_of(columns, probability=0.9):
    """Answer of the recogniser: a class for each column; 0 is none, 4 the blank between words."""
    answer = np.full((1, len(columns), 5), (1 - probability) / 4, dtype=np.float32)
    answer[0, np.arange(len(columns)), columns] = probability
    return answer


@pytest.mark.parametrize("size_hw", [(1, 1), (32, 32), (33, 50)])
def test_the_finder_pads_to_what_its_network_takes_and_cuts_its_answer(network, size_hw):
    shapes = []

    def answer(batch):
        shapes.append(batch.shape)
        return batch[:, :1] / 2 + 0.5  # blue, as a share

    network(answer)
    picture = np.random.default_rng(0).integers(0, 256, (*size_hw, 3), dtype=np.uint8)
    found = TextFinder()(picture)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, picture[:, :, 2])
    assert all(side % 32 == 0 for side in shapes[0][2:])


def test_a_finder_that_answers_with_another_size_is_an_error(network):
    network(np.zeros((1, 1, 8, 8), np.float32))
    with pytest.raises(DetectorError, match="another size"):
        TextFinder()(np.zeros((32, 32, 3), np.uint8))


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ([0] * 40, ""),
        ([1] * 40, "a"),
        ([1, 0, 1, 1, 0, 2, 4, 4, 3] + [0] * 31, "aab c"),
        ([0, 0, 3] + [0] * 36 + [2], "cb"),
    ],
)
def test_repeated_characters_count_once_unless_nothing_is_between(network, columns, text):
    network(answer_of(columns))
    read = TextRecognizer()(np.zeros((LINE_HEIGHT, 320, 3), np.uint8))
    assert read.text == text
    assert len(read.middle) == len(read.probability) == len(text)
    assert read.score == pytest.approx(0.9 if text else 0.0)


def test_characters_are_located_along_the_line_not_along_its_padding(network):
    network(answer_of([0, 1, 0, 0, 0, 2, 0] + [0] * 33))
    read = TextRecognizer()(np.zeros((LINE_HEIGHT, 80, 3), np.uint8))  # padded to 320
    np.testing.assert_allclose(read.middle, [0.15, 0.55])


def test_a_recogniser_with_other_characters_is_an_error(network):
    network(np.zeros((1, 40, 7), np.float32))
    with pytest.raises(DetectorError, match="another form"):
        TextRecognizer()(np.zeros((LINE_HEIGHT, 320, 3), np.uint8))


def test_a_file_without_characters_is_a_detector_error(tmp_path):
    path = tmp_path / "weights.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(DetectorError, match="cannot be read") as caught:
        ppocr._characters(path)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.model
def test_the_real_weights_know_their_characters(text_model):
    characters = ppocr._characters(text_model.with_name(ppocr._RECOGNIZER))
    assert len(characters) == 18_708
    assert all(len(character) == 1 for character in characters)
    assert set("ABCxyz0189@.,£'-") <= set(characters)
