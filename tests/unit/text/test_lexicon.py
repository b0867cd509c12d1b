"""Folding, packing, and what the shipped list knows of names and words."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.text import lexicon
from saferedact.text.lexicon import Entry, Strength, fold, is_ordinary, keeps_small, pack, unpack

ENTRIES = st.builds(
    Entry,
    forename=st.booleans(),
    surname=st.booleans(),
    strength=st.sampled_from(Strength),
    ordinary=st.booleans(),
    place=st.booleans(),
)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=80)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("", ""),
        ("Sarah", "sarah"),
        ("O'Neill", "oneill"),
        ("O\u2019Neill", "oneill"),
        ("Si\u00f4n", "sion"),
        ("\u0141ukasz", "lukasz"),
        ("S\u00f8ren", "soren"),
        ("\u00c6lfric", "aelfric"),
        ("Jo\u0308rg", "jorg"),
    ],
)
def test_fold(word, folded):
    assert fold(word) == folded


@given(entries=st.dictionaries(WORDS, ENTRIES, max_size=30))
def test_unpack_returns_what_was_packed(entries):
    packed = pack(entries)
    assert unpack(packed) == {word: entry.flags for word, entry in entries.items()}
    assert pack(dict(reversed(entries.items()))) == packed


@given(entry=ENTRIES)
def test_flags_hold_the_strength(entry):
    assert lexicon.strength_of(entry.flags) == entry.strength


@pytest.mark.parametrize(
    ("word", "strength"),
    [
        ("sarah", Strength.STRONG),
        ("okonkwo", Strength.STRONG),
        ("gwilym", Strength.STRONG),
        ("mhairi", Strength.STRONG),
        ("zeeshan", Strength.STRONG),
        ("gurpreet", Strength.STRONG),
        ("oyelowo", Strength.STRONG),
        ("dabrowska", Strength.STRONG),
        ("daz", Strength.STRONG),
        ("rose", Strength.WEAK),
        ("lincoln", Strength.WEAK),
        ("may", Strength.FAINT),
        ("field", Strength.FAINT),
        ("jt", Strength.FAINT),
        ("detective", Strength.NONE),
    ],
)
def test_strengths_of_the_shipped_list(word, strength):
    assert lexicon.strength_of(lexicon.words()[word]) == strength


def test_the_shipped_list_is_small_and_clean():
    listed = lexicon.words()
    assert 200_000 < len(listed) < 400_000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in listed)
    assert list(listed) == sorted(listed)


def test_the_shipped_list_is_the_one_that_was_measured():
    data = lexicon.files("saferedact.text").joinpath("names.bin").read_bytes()
    assert len(data) < 700_000
    assert hashlib.sha256(data).hexdigest() == lexicon_sha256()


def lexicon_sha256():
    """Change it together with tools/build_gazetteer.py, after measuring again."""
    return "4fff42d191fbcb50ed91c3ddee9ec0bc09828d35ea5bb6b9e501f9185f72af42"


@pytest.mark.parametrize(
    ("word", "ordinary", "small"),
    [
        ("obliged", True, True),
        ("Rose", True, False),
        ("sarah", False, False),
        ("will", True, True),
        ("xyzzyq", False, False),
        ("", False, False),
    ],
)
def test_ordinary_words(word, ordinary, small):
    assert is_ordinary(word) is ordinary
    assert keeps_small(word) is small
