"""Technical places of a text, and what is no name or number there."""

import pytest

from saferedact.text.evidence import combine
from saferedact.text.identifiers import find_identifiers
from saferedact.text.spans import TextSpan
from saferedact.text.technical import TechnicalText

MANUAL = "read_value fileName <entry> /usr/share/mime text/plain find_node parserTree then newflag"


def names(text, word, score=0.4, source="spacy"):
    start = text.index(word)
    span = TextSpan(start, start + len(word), "name", "person", score, source)
    return [text[s.start : s.end] for s in combine(text, [span])]


@pytest.mark.parametrize(
    ("text", "technical"),
    [
        ("", False),
        ("x", False),
        (MANUAL, True),
        ("file_name " * 20, False),  # one sign
        ("otter_pop: yo\nbadger_x: yo\nghost_r: yo\nfox_cub: yo\nred_kite: yo\nhare_y: yo", False),
        ("sarah_x kez_x daz_x liv_x tash_x bex_x chloe_x", False),  # names
        (MANUAL.replace(" ", " word " * 60), False),  # far apart
        ("He said he saw nothing and went home. " * 20, False),
    ],
)
def test_technical_places(text, technical):
    assert TechnicalText(text).around(len(text) // 2) is technical


def test_a_doubtful_word_is_no_name_in_a_technical_place():
    assert names(MANUAL, "newflag") == []
    assert names("then newflag", "newflag") == ["newflag"]  # possible elsewhere


def test_a_part_of_a_word_of_programs_is_no_name():
    words = "str_len bit_len tag_len der_len key_len max_len"
    assert names(words, "len", 0.9) == []
    assert names("str_len", "len", 0.9) == ["len"]  # one such word may be somebody


@pytest.mark.parametrize(
    ("word", "score"), [("Priya", 0.5), ("priya", 0.5), ("Havercroft", 0.5), ("newflag", 0.9)]
)
def test_what_is_written_as_a_name_or_sure_stays_in_a_technical_place(word, score):
    assert names(f"{MANUAL} by {word}", word, score)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4 4 4 4 4 4 4 4", []),
        ("2 2 4 4 4 4 4 4 4 4 4", []),
        ("0 7 7 0 0 9 0 0 4 8 2", ["0 7 7 0 0 9 0 0 4 8 2"]),
        ("00000020 00000030 00000040", []),
        ("00000020\n00000030", []),
        ("account 00000020", ["00000020"]),
    ],
)
def test_columns_of_sizes_and_places_of_listings_are_no_numbers(text, numbers):
    found = {text[s.start : s.end] for s in find_identifiers(text) if s.score >= 0.35}
    assert sorted(found) == numbers
