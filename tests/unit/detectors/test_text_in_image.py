import logging
from dataclasses import replace

import numpy as np
import pytest

from saferedact.detectors.base import GlancingDetector, ImageDetector
from saferedact.detectors.picture_text import TextLine
from saferedact.detectors.registry import resolve_detectors
from saferedact.detectors.text_in_image import UNREAD, TextInImageDetector
from saferedact.errors import DetectorError, DetectorModelMissing, InputError
from saferedact.policy import Policy
from saferedact.text.spans import TextSpan

PICTURE = np.zeros((1, 200, 400, 3), np.uint8)


class FakeReader:
    """Reads the same lines from every picture, and counts."""

    def __init__(self, *lines):
        self.lines = lines
        self.reads = 0

    def read_lines(self, image):
        assert image.shape[2] == 3
        self.reads += 1
        return list(self.lines)


def line(text, x, y, score=0.97):
    """A line of characters 10 px wide and 20 px high."""
    starts = [i for i, sign in enumerate(text) if sign != " " and (i == 0 or text[i - 1] == " ")]
    ends = [start + len(text[start:].split(" ")[0]) for start in starts]
    right = x + 10 * max(len(text), 5)
    quad = np.array([[x, y], [right, y], [right, y + 20], [x, y + 20]], np.float32)
    along = np.array([starts, ends], np.float32).T * 10 / (right - x)
    return TextLine(
        quad,
        text,
        score,
        np.array(starts, np.int64),
        np.array(ends, np.int64),
        along.reshape(-1, 2),
    )


def finder(*wanted, label="name", score=0.8):
    """Finds words."""

    def find(text):
        return [
            TextSpan(text.index(word), text.index(word) + len(word), label, "person", score, "test")
            for word in wanted
            if word in text
        ]

    return find


def nothing(text):
    assert text
    return []


def detected(find, *lines, min_score=0.2, picture=PICTURE):
    detector = TextInImageDetector(find, reader=FakeReader(*lines))
    (found,) = detector.detect(picture, min_score=min_score, orientation_known=False)
    return [
        (found.labels[label], round(float(score), 3), box.round().astype(int).tolist())
        for label, score, box in zip(found.label_id, found.score, found.xyxy, strict=True)
    ]


class GlancingFakeReader(FakeReader):
    """Says where its lines are, and is not asked to read them."""

    def glance(self, _image):
        return np.array([[10, 20, 60, 30]], np.float32)

    def read_lines(self, _image):
        raise AssertionError


def test_a_glance_asks_the_reader_where_lines_are_and_reads_none():
    detector = TextInImageDetector(nothing, reader=GlancingFakeReader())
    assert isinstance(detector, GlancingDetector)
    assert detector.glance(PICTURE).tolist() == [[10, 20, 60, 30]]
    assert len(TextInImageDetector(nothing, reader=FakeReader()).glance(PICTURE)) == 0


def test_it_is_a_detector_that_says_who_it_is():
    detector = TextInImageDetector(nothing, reader=FakeReader())
    assert isinstance(detector, ImageDetector)
    assert detector.info.name == "text"
    assert detector.info.labels == ("name", "identifier", "plate")
    assert len(detector.info.weights_sha256) == 64


def test_a_single_sign_that_was_not_read_is_no_text_and_one_that_was_is():
    ornament = line("A", 50, 20, score=0.5)
    square = replace(ornament, quad=np.array([[0, 0], [100, 0], [100, 100], [0, 100]], np.float32))
    assert detected(finder("A"), square) == []
    assert len(detected(finder("A"), replace(square, score=0.7))) == 1
    assert len(detected(finder("AB"), replace(square, text="AB", end=square.end + 1))) == 1
    assert detected(finder("A"), ornament) != []  # with room for more: perhaps a part of a name


def test_text_that_cannot_be_read_has_the_label_that_is_asked_for():
    unread = line("Srh Tck", 20, 20, score=0.4)
    for label in ("name", "identifier", "plate"):
        detector = TextInImageDetector(nothing, reader=FakeReader(unread), unread_as=label)
        (found,) = detector.detect(PICTURE, min_score=0.2, orientation_known=False)
        assert [found.labels[at] for at in found.label_id] == [label]
    with pytest.raises(InputError, match="unread_as"):
        TextInImageDetector(nothing, reader=FakeReader(), unread_as="face")


@pytest.mark.parametrize("label", ["identifier", "plate"])
def test_what_cannot_be_read_is_told_under_a_label_of_the_policy(monkeypatch, label):
    reader = FakeReader(line("Srh Tck", 20, 20, score=0.4))
    monkeypatch.setattr("saferedact.detectors.ocr.shared_reader", lambda _threads: reader)
    rule = {"operator": "solid", "min_score": 0.2, "review_below": 0.5}
    policy = Policy.model_validate(
        {
            "schema": "saferedact.policy/1",
            "name": "a",
            "undecided": "redact",
            "labels": {label: rule},
        }
    )
    (detector,) = resolve_detectors(["text"], policy)
    (found,) = detector.detect(PICTURE, min_score=0.2, orientation_known=False)
    assert [found.labels[at] for at in found.label_id] == [label]


def test_a_picture_without_text_is_not_searched():
    def fail(text):
        raise AssertionError(text)

    assert detected(fail) == []


def test_exactly_the_words_that_matter_are_proposed():
    lines = line("ask Sarah Tuck", 20, 20), line("nothing here", 20, 60)
    assert detected(finder("Sarah Tuck"), *lines) == [("name", 0.8, [54, 20, 166, 40])]


def test_a_name_over_two_lines_is_one_find_with_two_boxes():
    lines = line("ask Sarah", 20, 20), line("Tuck now", 20, 46)
    found = detected(finder("Sarah\nTuck"), *lines)
    assert [box for _, _, box in found] == [[54, 20, 116, 40], [14, 46, 66, 66]]


def test_a_name_that_is_whole_in_one_column_only_is_found():
    lines = (
        line("ask Sarah", 20, 20), line("Tuck now", 20, 46),
        line("Item", 250, 20), line("Price", 250, 46),
    )  # fmt: skip
    assert len(detected(finder("Sarah\nTuck"), *lines)) == 2
    assert len(detected(finder("Sarah\tItem"), *lines)) == 2  # as a label and its value


def test_what_is_found_in_both_orders_is_proposed_once_with_its_better_score():
    lines = (
        line("Sarah", 20, 20),
        line("Tuck", 20, 46),
        line("Item", 250, 20),
        line("Price", 250, 46),
    )

    def find(text):
        at = text.index("Price")
        score = 0.6 if "\n\n" in text else 0.4
        return [TextSpan(at, at + 5, "name", "person", score, "test")]

    assert detected(find, *lines) == [("name", 0.6, [244, 46, 306, 66])]


def test_boxes_end_at_the_picture():
    ((_, _, box),) = detected(finder("Sarah"), line("Sarah", -20, -5))
    assert box[:2] == [0, 0]


def test_scores_below_what_is_asked_are_left_out():
    assert detected(finder("Sarah", score=0.3), line("Sarah", 20, 20), min_score=0.31) == []
    assert len(detected(finder("Sarah", score=0.3), line("Sarah", 20, 20), min_score=0.3)) == 1


def test_labels_that_no_policy_has_for_text_are_left_out():
    assert detected(finder("Sarah", label="face"), line("Sarah", 20, 20)) == []


def test_a_mark_is_found_without_the_finder_also_on_two_lines():
    ((label, score, _),) = detected(nothing, line("YN99 KTB", 20, 20))
    assert (label, score) == ("plate", 0.8)
    found = detected(nothing, line("YN99", 20, 20), line("KTB", 24, 46))
    assert [label for label, _, _ in found] == ["plate", "plate"]


def test_what_cannot_be_read_is_proposed_for_review():
    assert detected(nothing, line("scrawl", 20, 20, score=0.3)) == [
        ("name", UNREAD, [14, 20, 86, 40])
    ]


def test_the_score_of_the_unread_asks_for_review_under_the_built_in_policy():
    from saferedact.policy import load_policy

    rule = load_policy("release").labels["name"]
    assert rule.min_score <= UNREAD < rule.review_below


def test_the_same_pixels_are_read_once_and_other_pixels_anew():
    reader = FakeReader(line("Sarah", 20, 20))
    detector = TextInImageDetector(finder("Sarah"), reader=reader)
    other = PICTURE + 1
    for picture in (PICTURE, PICTURE.copy(), other, PICTURE):
        detector.detect(picture, min_score=0.2, orientation_known=True)
    assert reader.reads == 2
    for value in range(2, 7):  # more pictures than are remembered
        detector.detect(PICTURE + np.uint8(value), min_score=0.2, orientation_known=True)
    detector.detect(other, min_score=0.2, orientation_known=True)
    assert reader.reads == 8


def test_pictures_of_another_shape_with_the_same_bytes_are_others():
    reader = FakeReader()
    detector = TextInImageDetector(nothing, reader=reader)
    detector.detect(PICTURE, min_score=0.2, orientation_known=True)
    detector.detect(PICTURE.reshape(1, 400, 200, 3), min_score=0.2, orientation_known=True)
    assert reader.reads == 2


def test_a_batch_has_one_answer_for_each_picture():
    detector = TextInImageDetector(finder("Sarah"), reader=FakeReader(line("Sarah", 20, 20)))
    pictures = np.concatenate([PICTURE, PICTURE + 1])
    assert [len(found) for found in detector.detect(pictures, min_score=0.2, orientation_known=True)] == [1, 1]  # fmt: skip


def test_a_failing_finder_is_a_detector_error_without_the_text(caplog):
    def fail(text):
        raise ValueError(text)

    with caplog.at_level(logging.DEBUG), pytest.raises(DetectorError) as caught:
        detected(fail, line("Sarah", 20, 20))
    assert "Sarah" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "Sarah" not in caplog.text


@pytest.mark.parametrize("error", [DetectorModelMissing("fetch it"), MemoryError()])
def test_errors_that_say_what_to_do_pass(error):
    def fail(_):
        raise error

    with pytest.raises(type(error)):
        detected(fail, line("Sarah", 20, 20))


@pytest.mark.parametrize("min_score", [0.0, 1.1, float("nan")])
def test_a_score_outside_its_range_is_refused(min_score):
    with pytest.raises(InputError, match="min_score"):
        detected(nothing, min_score=min_score)


def test_a_single_picture_is_refused():
    with pytest.raises(InputError, match="shape"):
        detected(nothing, picture=PICTURE[0])


def test_boxes_of_a_person_of_the_case_say_who():
    def find(text):
        spans = []
        for word, ref in (("Sarah", "P1"), ("Omar", "P2"), ("Tuesday", None)):
            if word in text:
                at = text.index(word)
                spans.append(TextSpan(at, at + len(word), "name", "person", 0.8, "test", ref))
        return spans

    detector = TextInImageDetector(
        find, reader=FakeReader(line("Sarah saw Omar on Tuesday", 20, 20))
    )
    (found,) = detector.detect(PICTURE, min_score=0.5, orientation_known=True)
    assert sorted(map(str, found.people)) == ["None", "P1", "P2"]


def test_words_of_two_people_are_nobodys():
    def find(text):
        return [TextSpan(0, 5, "name", "person", 0.8, "test", ref) for ref in ("P1", "P2") if text]

    detector = TextInImageDetector(find, reader=FakeReader(line("Sarah", 20, 20)))
    (found,) = detector.detect(PICTURE, min_score=0.5, orientation_known=True)
    assert found.people == (None,)
