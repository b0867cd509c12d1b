"""What tells how a sentence is to be read."""

import pytest

from saferedact.checks.base import Place
from saferedact.checks.material import Material
from saferedact.checks.reference import NAME_SIGN, Masked
from saferedact.checks.surroundings import surroundings

NOWHERE = Place(Material("text", "text", "0" * 64, ()))


def signs(*texts, at=-1, reminder=()):
    """The signs of one of some sentences, the last by default; N is the accused."""
    sentences = [
        Masked(t.replace("N ", f"{NAME_SIGN * 3} "), t, 0, NOWHERE, False, reminder=n in reminder)
        for n, t in enumerate(texts)
    ]
    return set(surroundings(sentences, at % len(texts)))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["N was charged."], {"named"}),
        (["The dog was found."], {"unnamed"}),
        (["N was charged.", "It is cold.", "It rains.", "He left."], {"named near"}),
        (["N was charged.", "A.", "B.", "C.", "He left."], {"unnamed"}),
        (["N was jailed on Monday."], {"named", "over"}),
        (["N was jailed in 2019."], {"named"}),
        (["He was jailed at Leeds Crown Court.", "N wept."], {"named", "over"}),
        (["All charges against N have been dropped."], {"named", "over"}),
        (["Nobody should assume a conviction of N today."], {"named", "denial of law"}),
        (["N did not run."], {"named", "denial"}),
        (["The jury must not guess.", "N ran."], {"named", "denial of law near"}),
        (["Is N guilty?"], {"named", "question"}),
        (['"Done," said N to us.'], {"named", "quote"}),
        (["Call us about N please."], {"named", "appeal"}),
    ],
)
def test_how_a_sentence_is_to_be_read(texts, expected):
    assert signs(*texts) == expected


def test_a_reminder_counts_for_the_sentence_beside_it():
    assert "reminder near" in signs("We cannot say.", "N ran.", reminder={0})
    assert "reminder near" not in signs("We cannot say.", "N ran.", at=0, reminder={0})
