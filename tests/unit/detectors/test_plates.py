import pytest

from saferedact.detectors.plates import find_plates


def best(text):
    spans = find_plates(text)
    return max(spans, key=lambda span: span.score, default=None)


@pytest.mark.parametrize(
    "text", ["", "\n", "no mark here", "BOSSING", "the 12 AM train", "£45", "PC 4121 said"]
)
def test_no_mark(text):
    assert find_plates(text) == []


@pytest.mark.parametrize(
    ("text", "found", "score"),
    [
        ("the car was YN99 KTB I think", "YN99 KTB", 0.8),
        ("YN99KTB", "YN99KTB", 0.8),
        ("AB51 KTB", "AB51 KTB", 0.9),  # an age identifier that exists
        ("ab51 ktb was outside", "ab51 ktb", 0.9),
        ("YN99·KTB", "YN99·KTB", 0.8),
        ("YN99\nKTB", "YN99\nKTB", 0.8),  # on two lines
        ("M123 ABC", "M123 ABC", 0.9),
        ("ABC 123M", "ABC 123M", 0.9),
        ("IAZ 1234", "IAZ 1234", 0.9),
        ("YN9G KTB", "YN9G KTB", 0.5),
        ("YNO9 KTB", "YNO9 KTB", 0.5),
        ("YN99 KT8", "YN99 KT8", 0.5),
        ("1\n1234 AB\n2", "1234 AB", 0.4),
        ("garage\n397 GRT", "397 GRT", 0.4),
    ],
)
def test_a_mark(text, found, score):
    span = best(text)
    assert text[span.start : span.end] == found
    assert span.score == score
    assert span.label == "plate"


@pytest.mark.parametrize("text", ["Lou 3417", "at 1234 ab on", "10 AM", "24\tMIN", "I am 12 and"])
def test_what_could_be_a_short_mark_is_none_inside_a_sentence_or_in_small_letters(text):
    assert find_plates(text) == []


def test_a_mark_is_a_word_of_its_own():
    assert find_plates("XYN99 KTB") == []
    assert find_plates("YN99 KTBX") == []
