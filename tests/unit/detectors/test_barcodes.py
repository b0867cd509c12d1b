from types import SimpleNamespace

import numpy as np
import pytest

from saferedact.detectors.barcodes import CodeDetector
from saferedact.detectors.base import ImageDetector
from saferedact.errors import DetectorError, InputError, LimitExceededError
from saferedact.text.spans import TextSpan

FORMS = ["QRCode", "DataMatrix", "EAN13", "Code128", "Code39", "PDF417", "ITF"]


def drawn(form, text="50123456", *, at=(300, 200), scale=3):
    """A code on white, and the box of its ink without the figures below it."""
    import zxingcpp

    if form == "EAN13":
        text = "501234567890"
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form))
    ink = np.array(code.to_image(scale=scale, add_quiet_zones=False))
    picture = np.full((1, 700, 900, 3), 255, dtype=np.uint8)
    x, y = at
    picture[0, y : y + ink.shape[0], x : x + ink.shape[1]] = ink[:, :, None]
    return picture, (x, y, x + ink.shape[1], y + ink.shape[0])


def found(picture, min_score=0.25):
    (answer,) = CodeDetector().detect(picture, min_score=min_score, orientation_known=True)
    return answer


def test_it_is_a_detector_that_says_who_it_is():
    assert isinstance(CodeDetector(), ImageDetector)
    assert CodeDetector().info.labels == ("code",)


def test_a_picture_without_codes():
    answer = found(np.full((1, 50, 60, 3), 128, dtype=np.uint8))
    assert len(answer) == 0
    assert answer.labels == ("code",)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("turn", [0, 1])
def test_a_code_is_found_where_it_is(form, turn):
    picture, (x1, y1, x2, y2) = drawn(form)
    if turn:
        picture = np.ascontiguousarray(np.rot90(picture, axes=(1, 2)))
        x1, y1, x2, y2 = y1, 900 - x2, y2, 900 - x1
    answer = found(picture)
    assert len(answer) == 1
    box = answer.xyxy[0]
    # Bars of one row may be found a little short: the policy's margins are for that.
    margin = 0.15 * max(box[2] - box[0], box[3] - box[1])
    assert (box[:2] <= np.array([x1, y1]) + margin).all()
    assert (box[2:] >= np.array([x2, y2]) - margin).all()
    assert (box[:2] >= np.array([x1, y1]) - margin).all()
    assert (box[2:] <= np.array([x2, y2]) + margin).all()
    assert answer.score[0] == np.float32(0.95)


def test_a_damaged_code_is_proposed_with_a_low_score():
    picture, (x1, y1, x2, y2) = drawn("QRCode", "a longer text so that the code is large", scale=4)
    rng = np.random.default_rng(0)
    middle = picture[0, y1 + 40 : y2, x1 + 40 : x2]
    cells = rng.integers(0, 2, (middle.shape[0] // 4 + 1, middle.shape[1] // 4 + 1), dtype=np.uint8)
    middle[:] = np.kron(cells * 255, np.ones((4, 4), np.uint8))[
        : middle.shape[0], : middle.shape[1], None
    ]
    answer = found(picture, 0.25)
    assert (answer.score == np.float32(0.4)).all()
    whole = np.abs(answer.xyxy - np.array([x1, y1, x2, y2])).max(axis=1) <= 8
    assert whole.any()


def test_scores_below_what_is_asked_are_left_out():
    picture, _ = drawn("QRCode")
    assert len(found(picture, 0.96)) == 0


@pytest.mark.parametrize(
    "picture",
    [np.zeros((5, 5, 3), np.uint8), np.zeros((1, 5, 5, 4), np.uint8), np.zeros((1, 5, 5, 3))],
)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(InputError, match="uint8"):
        found(picture)


def test_a_failing_library_is_a_detector_error_without_its_words(monkeypatch):
    import zxingcpp

    def fail(*_, **__):
        raise RuntimeError("secret payload")

    monkeypatch.setattr(zxingcpp, "read_barcodes", fail)
    with pytest.raises(DetectorError) as caught:
        found(np.zeros((1, 20, 20, 3), np.uint8))
    assert "secret" not in str(caught.value)


def test_want_of_memory_is_not_hidden(monkeypatch):
    import zxingcpp

    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr(zxingcpp, "read_barcodes", fail)
    with pytest.raises(MemoryError):
        found(np.zeros((1, 20, 20, 3), np.uint8))


def test_what_a_code_says_is_in_no_answer():
    picture, _ = drawn("QRCode", "SECRET-PAYLOAD")
    assert "SECRET" not in repr(found(picture))


def naming(*wanted, ref="P1"):
    def find(text):
        return [
            TextSpan(
                text.index(word), text.index(word) + len(word), "name", "person", 0.9, "t", ref
            )
            for word in wanted
            if word in text
        ]

    return find


def people(picture, finder, min_score=0.25):
    (answer,) = CodeDetector(finder).detect(picture, min_score=min_score, orientation_known=True)
    return answer.people


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("see Sarah Whitfield", ("P1",)),
        ("https://x.example/?who=Sarah%20Whitfield", ("P1",)),
        ("MECARD:N:Whitfield,Sarah;;", (None,)),
        ("nobody", (None,)),
    ],
)
def test_a_code_that_names_a_person_of_the_case_says_who(says, expected):
    picture, _ = drawn("QRCode", says)
    assert people(picture, naming("Sarah Whitfield")) == expected


def test_a_code_that_names_two_people_is_nobodys():
    picture, _ = drawn("QRCode", "Sarah and Omar")
    find = naming("Sarah")
    other = naming("Omar", ref="P2")
    assert people(picture, lambda text: find(text) + other(text)) == (None,)
    assert people(picture, None) == (None,)


def test_what_a_damaged_code_seems_to_say_is_not_believed(monkeypatch):
    import zxingcpp

    picture, _ = drawn("QRCode", "Sarah Whitfield")
    (code,) = zxingcpp.read_barcodes(picture[0])
    damaged = SimpleNamespace(
        text=code.text, valid=False, position=code.position, format=code.format
    )
    monkeypatch.setattr(zxingcpp, "read_barcodes", lambda *_, **__: [damaged])
    assert people(picture, naming("Sarah Whitfield")) == (None,)


def test_a_failing_finder_is_a_detector_error_without_the_payload():
    def fail(text):
        raise RuntimeError(text)

    picture, _ = drawn("QRCode", "SECRET-PAYLOAD")
    with pytest.raises(DetectorError) as caught:
        people(picture, fail)
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_errors_of_a_finder_that_say_what_to_do_pass():
    def fail(_):
        raise LimitExceededError("too long")

    picture, _ = drawn("QRCode", "text")
    with pytest.raises(LimitExceededError):
        people(picture, fail)
