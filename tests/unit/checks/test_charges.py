"""The wording of charges is left out of what is judged, and nothing that is told beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.checks.charges import charges_in, quoted_charges
from saferedact.checks.reference import masked_text


def left(text):
    """What is judged of a text."""
    return " ".join(masked_text(text, []).split())


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("", ""),
        ("charged with", "charged with"),
        ("He is charged with theft.", "He is charged with ."),
        (
            "The man, charged with causing death by careless driving, faces five years.",
            "The man, charged with , faces five years.",
        ),
        (
            "She is charged with one fraud and facing fresh claims.",
            "She is charged with and facing fresh claims.",
        ),
        (
            "He is charged with murder, rape and false imprisonment, police said.",
            "He is charged with , police said.",
        ),
        (
            "Accused of stealing cash, hiding receipts and lying to auditors, who found it.",
            "Accused of , who found it.",
        ),
        (
            "Charged with theft and has two convictions for fraud.",
            "Charged with and has two convictions for fraud.",
        ),
        (
            "Charged with possession of a knife because he is a killer.",
            "Charged with because he is a killer.",
        ),
        (
            "Offences of this kind can be reported.",
            "Offences of this kind can be reported.",
        ),
        (
            "The case is that he took the car. He did.",
            "The case is that . He did.",
        ),
    ],
)
def test_only_the_offence_is_left_out(text, judged):
    assert left(text) == judged


def test_a_charge_of_any_length_ends():
    text = "charged with " + "theft and " * 200
    (end,) = (end for start, end in charges_in(text) if start == len("charged with"))
    assert len("charged with ") + 380 < end <= len("charged with") + 400


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ('The charge reads "fraud by false representation".', ['"fraud by false representation"']),
        ('The count is "theft" and "fraud".', ['"theft"', '"fraud"']),
        ('"We have got him bang to rights," an officer said after the charge.', []),
        ('"Bang to rights," an officer said after the charge.', []),
        ('On the charge sheet: "he did it".', []),
        ('They call it "theft".', []),
    ],
)
def test_what_an_indictment_says_is_no_opinion(sentence, quoted):
    assert [sentence[start:end] for start, end in quoted_charges(sentence)] == quoted


@given(
    st.lists(
        st.sampled_from(
            "charged with theft , and . \n who has convictions for possession of a knife case is that "
            "counts denies driving \u2014".split(" ")
        ),
        max_size=30,
    )
)
def test_masking_keeps_every_place(words):
    text = " ".join(words)
    masked = masked_text(text, [])
    assert len(masked) == len(text)
    assert all(new in {old, " "} for new, old in zip(masked, text, strict=True))
    assert all(0 <= start <= end <= len(text) for start, end in charges_in(text))
