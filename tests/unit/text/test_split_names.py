"""Names that a reader of scans took apart."""

import pytest

from saferedact.text.split_names import find_split_names


def found(text):
    return [text[start:end] for start, end, _ in find_split_names(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("A b", []),
        ("Ki ng", ["Ki ng"]),
        ("PS Ki ng to con tact Pedl ey", ["Ki ng", "Pedl ey"]),
        ("A. Tho mpson, J. P. Sw ift", ["A. Tho mpson", "J. P. Sw ift"]),
        ("Cla rke and Havercr oft", ["Cla rke"]),  # no list knows the other
        ("Mark said", []),
        ("May be so", []),
        ("I an sure", []),  # an is a word of its own
        ("He is in", []),
        ("KI NG", []),
    ],
)
def test_halves_that_are_a_name_together(text, names):
    assert found(text) == names


def test_long_texts_come_to_an_end():
    assert found("A b " * 50_000) == []
