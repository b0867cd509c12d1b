"""Nicknames in messages without capitals, by the place that only a person can have."""

import pytest

from saferedact.text.message_names import find_message_names


def found(text):
    return sorted({text[start:end] for start, end, _ in find_message_names(text)})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("spud", []),
        ("who told spud about it", ["spud"]),
        ("jay: who told spud about it", ["spud"]),
        ("JAY: ask biggie hes at home", ["biggie"]),
        ("meet at kezs yard", ["kezs"]),
        ("t bone owes me", ["t bone"]),
        ("but smudge wants paying", ["smudge"]),
        ("wheres grub at", ["grub"]),
        ("dont tell shanks.", ["shanks"]),
        ("tell everyone about it", []),
        ("people said so", []),
        ("told police to go", []),
        ("where is he now", []),
        ("his yard", []),
        ("fingers got lifted last night", ["fingers"]),
        ("yo fingers got nicked\nthey took fingers away", ["fingers"]),  # hidden twice
        ("say hi to big ade he legged it", ["big ade"]),
        ("and big ade legged it", ["big ade"]),
        ("mad dog. he saw", ["mad dog"]),
        ("big deal. he saw", []),
        ("where does imy live", ["imy"]),
        ("who's imy then", ["imy"]),
        ("who's there then", []),
        ("its del from the shop", ["del"]),
        ("its raining from the roof", []),
        ("a lad called spider was", ["spider"]),
        ("it's hayley hayley strong okay", ["hayley", "strong"]),
        ("it's hayley hayley said okay", ["hayley"]),
        ("no hes at shells", ["shells"]),
        ("no hes at weekends", []),
        ("with frm and aswell", []),
        ("kieron said t bone did", ["kieron", "t bone"]),
        ("spike hates me", ["spike"]),
        ("lol big phil and pike and strong are here", ["big phil", "pike", "strong"]),
        ("yo is stitch coming", ["stitch"]),
        ("nah trevs missus took it to Shirls", ["trevs"]),
        ("Ask trev@otter.example or /home/trev", []),
        ("He'd trevor-like ways, o'neill", []),
        ("Who told spud about it", []),  # written with capitals: a name would have one
    ],
)
def test_places_of_people(text, names):
    assert found(text) == names


def test_an_interview_in_one_line_is_looked_at():
    words = "and then we went to the shop "
    assert found(words * 60 + "and i asked imy about it") == ["imy"]


def test_a_line_of_any_length_is_looked_at():
    words = "and then we went to the shop "
    assert found(words * 5_000 + "and i asked imy about it") == ["imy"]
