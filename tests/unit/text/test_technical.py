"""Technical places of a text, and what is no name or number there."""

import pytest

from saferedact.text.evidence import combine
from saferedact.text.identifiers import find_identifiers
from saferedact.text.spans import TextSpan
from saferedact.text.technical import TechnicalText, reads_as_name

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


PAGE = " ".join(
    f"read_{word} {word}File <{word}> /usr/share/{word}" for word in ("entry", "node", "list")
)


def test_a_page_of_listings_is_technical_where_it_is_prose_too():
    prose = "The library reads it all. " * 100
    assert TechnicalText(PAGE + " " + prose[:2000]).around(len(PAGE) + 2000)
    assert not TechnicalText(PAGE + " " + prose * 3).around(len(PAGE) + 7000)


def test_a_word_joined_by_programs_holds_no_name_in_a_technical_place():
    text = MANUAL + " sarah_len and sarah.len@otter.example"
    assert names(text, "sarah") == []
    assert names("then sarah_len", "sarah") == ["sarah"]
    at = text.index("sarah.len@")
    (mail,) = combine(text, [TextSpan(at, at + 5, "name", "person", 0.9, "spacy")])
    assert mail.start == at


@pytest.mark.parametrize(
    ("word", "score", "name"),
    [
        ("Fabio Fiorina", 0.99, True),
        ("Fabio Fiorina", 0.6, False),
        ("len", 0.9, False),
        ("BER", 0.9, False),
        ("str_len", 0.9, False),
        ("sarah_len", 0.5, True),
    ],
)
def test_what_reads_as_a_name_in_a_manual(word, score, name):
    assert reads_as_name(word, score) is name


@pytest.mark.parametrize(
    ("text", "technical"), [("", False), ("file_name", False), ("Hello. " * 300 + MANUAL, True)]
)
def test_technical_places_anywhere(text, technical):
    assert TechnicalText(text).anywhere() is technical


def test_a_short_name_without_its_capital_is_no_name_in_a_technical_place():
    assert names(MANUAL + " len", "len", 0.9) == []
    assert names(MANUAL + " LEN", "LEN", 0.9) == []
    assert names(MANUAL + " Len", "Len", 0.9) == ["Len"]
    assert names(MANUAL + " darren", "darren", 0.9) == ["darren"]
    assert names("tell len", "len", 0.9) == ["len"]
