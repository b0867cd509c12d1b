"""Runs of capitals: what is one, and where its words lie."""

import pytest

from saferedact.text.runs import RUN, starts_sentence, words_of


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("no capitals", []),
        ("Sarah", ["Sarah"]),
        ("Dr S. Banerjee left", ["Dr S. Banerjee"]),
        ("Ifan ap Gwilym", ["Ifan ap Gwilym"]),
        ("Abdul-Rahman al-Hashimi", ["Abdul-Rahman al-Hashimi"]),
        ('Robert "Bob" Stone', ['Robert "Bob" Stone']),
        ("T. 0'Brien", ["T. 0'Brien"]),
        ("P. 0kafor", ["P. 0kafor"]),
        ("9am 8pm 1st", []),
        ("Sarah\nWhitfield", ["Sarah", "Whitfield"]),
        ("Sarah, Ann", ["Sarah", "Ann"]),
        ("anh \u1ea0nh", ["\u1ea0nh"]),
        ("\u015etefan \u0141uk", ["\u015etefan \u0141uk"]),
    ],
)
def test_runs(text, runs):
    assert [match[0] for match in RUN.finditer(text)] == runs


def test_words_have_no_possessive():
    text = "O'Shaughnessy-Bell's and Jess\u2019s"
    words = list(words_of(text, 0, len(text)))
    assert [word.text for word in words] == ["O'Shaughnessy", "Bell", "and", "Jess"]
    assert all(text[word.start : word.end] == word.text for word in words)
    assert [word.is_owner(text) for word in words] == [False, True, False, True]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Rose", True),
        ("  Rose", True),
        ("a Rose", False),
        ("a. Rose", True),
        ("a\nRose", True),
        ('"Rose', True),
        ("a, Rose", False),
    ],
)
def test_starts_sentence(text, starts):
    assert starts_sentence(text, text.index("R")) is starts
