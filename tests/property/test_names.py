"""What holds for the names of any text: places in range, more opinions never cover less."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from saferedact.detectors.names import NameDetector, rule_recognisers
from saferedact.text.evidence import combine
from saferedact.text.spans import TextSpan

PIECES = st.sampled_from(
    [
        "Sarah", "WHITFIELD", "o'neill", "Rose", "may", "DC", "Mr", "PC 4471", "Name:", "the", "said", "A.", "J0hn",
        "12", "@", "x@y.example", "user_1", "\n", "\t", ", ", ": ", "'s", "\u2019", "\u200b", "\u00ad", "\ufb01",
        "\u0421arah", "Si\u00e2n", "van der", "al-", "Close", "my name is", "Regards,\n", "(14)", ", 47,",
        "[12/03/2024, 10:22]", " - ", "\ud800", "\U0001f600", "\u0627\u0628",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map(" ".join)


def covered(spans, least=0.0):
    return {i for span in spans if span.score >= least for i in range(span.start, span.end)}


@given(text=TEXTS)
def test_spans_are_in_range_in_order_and_scored(text):
    spans = NameDetector(rule_recognisers()).detect(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(0 <= span.score <= 1 for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(text=TEXTS)
def test_one_recogniser_more_never_covers_less(text):
    gazetteer, cues = rule_recognisers()
    both = NameDetector([gazetteer, cues]).detect(text)
    for least in (0.2, 0.5, 0.85):
        for alone in (gazetteer, cues):
            assert covered(NameDetector([alone]).detect(text), least) <= covered(both, least)


@st.composite
def opinions(draw):
    text = draw(TEXTS.filter(bool))
    spans = [
        TextSpan(
            start,
            draw(st.integers(start + 1, len(text))),
            "name",
            "person",
            draw(st.floats(0, 1)),
            draw(st.sampled_from(["a", "b", "c:mended", "cues"])),
        )
        for start in draw(st.lists(st.integers(0, len(text) - 1), max_size=8))
    ]
    return text, spans


@given(case=opinions(), cut=st.integers(0, 8))
def test_fewer_opinions_never_cover_more(case, cut):
    text, spans = case
    for least in (0.2, 0.5, 0.85):
        assert covered(combine(text, spans[:cut]), least) <= covered(combine(text, spans), least)


@given(case=opinions())
def test_combining_is_of_no_order(case):
    text, spans = case
    assert [(s.start, s.end, s.score) for s in combine(text, spans)] == [
        (s.start, s.end, s.score) for s in combine(text, spans[::-1])
    ]
