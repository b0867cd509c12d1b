"""Lone capitals beside addresses, places, colors, numbers and feasts."""

import pytest

from saferedact.text.beside_word import is_feast, is_in_address, is_place, is_thing
from saferedact.text.gazetteer import find_listed_names


def place(text, word):
    at = text.index(word)
    return text, at, at + len(word)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Ford", "Ford", False),
        ("the Castle", "Castle", True),
        ("the Castle family", "Castle", False),
        ("a blue Ford Transit", "Ford", True),
        ("a dark grey Astra", "Astra", True),
        ("Ward 12", "Ward", True),
        ("Seal B0098123", "Seal", True),
        ("Ward 4471", "Ward", False),
        ("Ward 12:30", "Ward", False),
    ],
)
def test_things(text, word, expected):
    assert is_thing(*place(text, word)) is expected


@pytest.mark.parametrize(
    ("text", "word", "known_place", "known_name", "expected"),
    [
        ("Penmoor", "Penmoor", False, False, False),
        ("12 Alder Way, Penmoor.", "Penmoor", False, False, True),
        ("12 Alder Way\nMorley", "Morley", True, True, True),
        ("Morley, LS99 7WB", "Morley", True, True, True),
        ("lives in Glasgow", "Glasgow", True, True, True),
        ("in Glasgow's car", "Glasgow", True, True, False),
        ("believes in Rose", "Rose", False, True, False),
        ("drove to Wythenshawe", "Wythenshawe", False, False, True),
        ("a text from Penmoor", "Penmoor", False, False, True),
        ("a text from Chester", "Chester", True, True, False),
        ("#Tadbrook", "Tadbrook", False, False, True),
        ("gave it to Tadbrook", "Tadbrook", False, False, False),
    ],
)
def test_places(text, word, known_place, known_name, expected):
    found = is_place(*place(text, word), known_place=known_place, known_name=known_name)
    assert found is expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Day", "Day", False),
        ("Boxing Day", "Day", True),
        ("Christmas Eve", "Eve", True),
        ("Christmas Eve", "Christmas", True),
        ("St. Patrick's Day", "Day", True),
        ("Mr Day", "Day", False),
        ("Eve said", "Eve", False),
        ("Daylight", "Daylight", False),
    ],
)
def test_feasts(text, word, expected):
    assert is_feast(*place(text, word)) is expected


def test_addresses():
    assert is_in_address(*place("31 Sorrel Close, Ludstone", "Ludstone"))
    assert not is_in_address(*place("Mr Close, Ludstone", "Mr"))


@pytest.mark.parametrize(
    "text",
    ["of 12 Alder Way, Penmoor.", "in a white Ford Transit", "on Boxing Day.", "near Penmoor"],
)
def test_they_are_no_names_by_list(text):
    assert find_listed_names(f"She was seen {text}") == []


@pytest.mark.parametrize("text", ["12 Alder Way, Sarah.", "in Sarah", "a blue Sarah"])
def test_what_is_surely_a_name_stays(text):
    assert [text[span.start : span.end] for span in find_listed_names(text)] == ["Sarah"]
