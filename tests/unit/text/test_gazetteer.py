"""Which runs of capitals are made of known names, and how sure that is."""

import pytest

from saferedact.text.gazetteer import find_listed_names, name_strength, names_a_place


def found(text):
    return {text[span.start : span.end]: span.score for span in find_listed_names(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nothing here",
        "The officer said that it was so.",
        "He was seen on Alder Close again.",
        "at 22 Alder Street",
        "PC NHS CCTV",
        "A man. A car.",
        "Qvxorel: none",
        "Qvxoring is fine",
        "QvxoFile is fine",
        "Qvx. Occ",
        "Canmolodd y heddlu y dyn yn y llys",
        "8am 5mg 0ver",
        "\ud800 \u0000 ''''",
    ],
)
def test_no_names(text):
    assert found(text) == {}


@pytest.mark.parametrize(
    ("text", "name", "least"),
    [
        ("Then Sarah Whitfield left.", "Sarah Whitfield", 0.85),
        ("Then Sarah left.", "Sarah", 0.5),
        ("Then Whitfield left.", "Whitfield", 0.4),
        ("with Rose Dean", "Rose Dean", 0.5),
        ("with Rose again", "Rose", 0.2),
        ("when May rang", "May", 0.2),
        ("with Mark Field", "Mark Field", 0.35),
        ("Rhys Llewellyn-Pugh, 19", "Rhys Llewellyn-Pugh", 0.85),
        ("named Ifan ap Gwilym", "Ifan ap Gwilym", 0.8),
        ("wife of Peter van der Berg", "Peter van der Berg", 0.6),
        ("by S. Banerjee today", "S. Banerjee", 0.5),
        ("by A.J. Thorne today", "A.J. Thorne", 0.5),
        ("Sean O'Neill", "Sean O'Neill", 0.8),
        ("saw Sarah's car", "Sarah", 0.5),
        ("met Jes\u00fas Garc\u00eda-M\u00e1rquez", "Jes\u00fas Garc\u00eda-M\u00e1rquez", 0.8),
        ("that J0hn did", "J0hn", 0.2),
        ("that Brad1ey did", "Brad1ey", 0.2),
        ("said Fitzpatrlck again", "Fitzpatrlck", 0.2),
        ("said Ahmcd again", "Ahmcd", 0.2),
        ("the lad Qvxorel ran", "Qvxorel", 0.2),
        ("He left. Qvxorel ran", "Qvxorel", 0.2),
        ("to see P. 0kafor now", "P. 0kafor", 0.2),
    ],
)
def test_names(text, name, least):
    assert found(text).get(name, 0) >= least


def test_an_unknown_word_before_a_known_name():
    assert set(found("yesterday Ro\u015bcis\u0142aw Dudek")) == {"Ro\u015bcis\u0142aw ", "Dudek"}


def test_a_possessive_ends_a_name():
    assert set(found("then Sarah's Whitfield")) == {"Sarah", "Whitfield"}


def test_a_faint_word_that_begins_a_sentence_begins_no_name():
    assert set(found("Will Sarah come?")) == {"Sarah"}
    assert set(found("then Will Sarah left")) == {"Will Sarah"}


def test_a_repaired_word_is_never_strong():
    assert name_strength("Sarah")[1] == 3
    assert name_strength("5arah")[1] == 2
    assert name_strength("Dannyy")[1] == 2
    assert name_strength("qqqq") == (0, 0)
    assert name_strength("4471") == (0, 0)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[Alder] Close", True),
        ("[Ludstone] Park Primary School", True),
        ("[Peter]'s Hill", True),
        ("[Windmill Court]", True),
        ("22 [Elm]", True),
        ("[John Smith], Police Constable", False),
        ("[Close] to home", False),
        ("[Sarah]", False),
    ],
)
def test_places(text, place):
    start, end = text.index("["), text.index("]") - 1
    assert names_a_place(text.replace("[", "").replace("]", ""), start, end) is place


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("met at the Castle", "Castle", False),
        ("the Field family left", "Field", True),
        ("he saw Qwerowski there", "Qwerowski", True),
        ("a flat in Qwerowski that", "Qwerowski", False),
        ("he hit the Rose twins", "Rose", True),
        ("he hit the Rose", "Rose", False),
        ("he drove the Sarah", "Sarah", True),
    ],
)
def test_articles_and_words_of_place_before_a_lone_word(text, word, found):
    seen = {text[span.start : span.end] for span in find_listed_names(text)}
    assert (word in seen) is found
