"""Passages: sentences that are read together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.checks.passages import SENTENCES, passage_text, passages
from saferedact.checks.reference import NAME_SIGN, Masked


@given(st.integers(0, 200))
def test_every_sentence_is_in_one_passage_and_passages_are_of_like_length(count):
    ranges = list(passages(count))
    assert [at for one in ranges for at in one] == list(range(count))
    lengths = {len(one) for one in ranges}
    assert not lengths or (max(lengths) <= SENTENCES and max(lengths) - min(lengths) <= 1)


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
