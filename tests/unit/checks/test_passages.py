"""Passages: sentences that are read together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.checks.passages import SENTENCES, WORDS, meant, passage_text, passages
from saferedact.checks.reference import NAME_SIGN, Masked


@given(st.lists(st.integers(0, WORDS // SENTENCES), max_size=200))
def test_every_sentence_is_in_one_passage_and_passages_are_of_like_length(words):
    ranges = list(passages(words))
    assert [at for one in ranges for at in one] == list(range(len(words)))
    lengths = {len(one) for one in ranges}
    assert not lengths or (max(lengths) <= SENTENCES and max(lengths) - min(lengths) <= 1)


@given(st.lists(st.integers(0, 3 * WORDS), max_size=50))
def test_long_sentences_are_read_by_themselves_so_that_none_is_cut(words):
    ranges = list(passages(words))
    assert [at for one in ranges for at in one] == list(range(len(words)))
    assert all(len(one) == 1 or sum(words[at] for at in one) <= WORDS for one in ranges)


def masked(text, plain):
    return Masked(text.replace("*", NAME_SIGN), plain, 0, None, refers=False)


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        ([], ""),
        ([masked("It is late.", "It is late.")], "It is late."),
        ([masked("***'s dog", "Kim's dog")], "Abrams's dog"),
        (
            [masked("Mr ** and ****   ", "Mr Li and Jo P hid"), masked("*", "X")],
            "Mr Abrams and Abrams hid Abrams",
        ),
    ],
)
def test_names_are_one_name_and_what_lists_leave_out_is_read(sentences, text):
    assert passage_text(sentences) == text


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ([-3.0], [True]),
        ([-3.0, -2.0, -4.0], [False, True, False]),
        ([0.5, 1.0, -4.0], [True, True, False]),
        ([0.5, -1.0, 0.49], [True, False, False]),
        ([-1.0, -1.0], [True, False]),
    ],
)
def test_the_worst_sentence_is_meant_and_each_that_counts_alone(scores, told):
    assert meant(scores, 0.5) == told
