"""Words that belong to no name, and those that do."""

import re

import pytest

from saferedact.text.not_names import (
    in_welsh,
    is_code,
    is_head,
    is_month_of_date,
    is_title,
    never_in_name,
)


@pytest.mark.parametrize(
    "word", ["your", "NINO", "dob", "mae", "a", "1", "GB29", "B0098123", "L8", "to", "0ver", "8xq"]
)
def test_never(word):
    assert never_in_name(word)


@pytest.mark.parametrize(
    "word",
    [
        "A",
        "o",
        "0kafor",
        "Hu9hes",
        "Will",
        "May",
        "To",
        "An",
        "Hi11",
        "Rache1",
        "0'Brien",
        "Jan",
        "Ng",
        "Major",
        "N\u00ed",
    ],
)
def test_may_be(word):
    assert not never_in_name(word)


def test_titles_and_heads():
    assert is_title("Judge")
    assert not is_title("Sarah")
    assert is_head("To")
    assert is_head("SGT")
    assert not is_head("Sarah")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("", False),
        ("abc", False),
        ("AL1", False),
        ("1x", True),
        ("a999", True),
        ("J0hn", False),
        ("ab134cd", True),
    ],
)
def test_codes(word, code):
    assert is_code(word) is code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 9 May I was", True),
        ("the third of June nineteen eighty", True),
        ("since June 2020", True),
        ("may pray in May.", True),
        ("since April 2021", True),
        ("the death of April Jones", False),
        ("seen in June's house", False),
        ("seen with June Whitfield", False),
        ("May said", False),
        ("May 3 at noon", True),
        ("May 3 said", False),
        ("May 07700 900345", False),
        ("from May to July", True),
        ("between March and May", True),
        ("May-June", True),
        ("May and Tom", False),
        ("the sisters May and June", False),
        ("April", False),
    ],
)
def test_months_of_dates(text, expected):
    match = re.search(r"\b(?:May|June|April)", text)
    assert is_month_of_date(text, *match.span()) is expected


@pytest.mark.parametrize("word", ["Todayat", "todayat", "Tesco", "xxx", "Labrador", "Witness"])
def test_goods_and_misread_words_are_in_no_name(word):
    assert never_in_name(word)


@pytest.mark.parametrize("word", ["Mercedes", "Ford", "Renault", "Service", "Christmas", "Clio"])
def test_goods_that_people_are_called_are_not_left_out(word):
    assert not never_in_name(word)


@pytest.mark.parametrize("word", ["Mac", "Nino", "Sim"])
def test_fields_that_are_names_with_one_capital(word):
    assert not never_in_name(word)
    assert never_in_name(word.upper())


@pytest.mark.parametrize("word", ["Di", "Col"])
def test_ranks_that_are_names_with_one_capital(word):
    assert not is_title(word)
    assert is_title(word.upper())


def test_spellings_of_messages_are_no_names_in_small_letters():
    assert never_in_name("yeh")
    assert not never_in_name("Yeh")


@pytest.mark.parametrize(
    ("text", "welsh"),
    [
        ("Dywedodd ei chwaer fod Lleucu wedi bod yn gwylio", True),
        ("His sister said that Lleucu had been watching", False),
        ("Lleucu", False),
        ("yn yn yn yn", False),
    ],
)
def test_sentences_in_welsh(text, welsh):
    assert in_welsh(text, text.find("Lleucu")) is welsh
