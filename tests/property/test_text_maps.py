"""Laws of normalised text and of spans."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from saferedact.text.normalize import normalize, truecase
from saferedact.text.offsets import apply_edits
from saferedact.text.spans import TextSpan, merge, union

# What normalisation acts on, more often than chance would bring it.
PARTS = st.sampled_from(
    [*"abK7 .-\n\r\t_'", "\u00ad", "\u200b", "\u0301", "\ufb03", "\u2019", "\u0430", "\u0421",
     "\u03bf", "\uff21", "\u1100\u1161", "\ud800", "\u00a0", "\u2026", "\u0130", "\u0644\u0627"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PARTS, max_size=40).map("".join))


@given(TEXTS)
@example("\u0301")
@example("\u00ad")
@example("a\u00ad\u0301")
def test_maps_are_monotone_stay_inside_and_cover_in_order(source):
    mapped = normalize(source)
    last_start = last_end = 0
    for position in range(len(mapped.text)):
        start, end = mapped.to_source(position, position + 1)
        assert 0 <= start < end <= len(source) == mapped.source_length
        assert last_start <= start
        assert last_end <= end
        last_start, last_end = start, end


@given(TEXTS, st.data())
def test_a_stretch_maps_to_the_hull_of_its_code_points(source, data):
    mapped = normalize(source)
    if not mapped.text:
        return
    start = data.draw(st.integers(0, len(mapped.text) - 1))
    end = data.draw(st.integers(start + 1, len(mapped.text)))
    singles = [mapped.to_source(at, at + 1) for at in range(start, end)]
    assert mapped.to_source(start, end) == (singles[0][0], singles[-1][1])


@given(TEXTS)
def test_code_points_that_no_edit_touches_map_to_themselves(source):
    """The unedited alphabet is exact: a letter of the result that was kept is the source's own."""
    mapped = normalize(source)
    for position, char in enumerate(mapped.text):
        start, end = mapped.to_source(position, position + 1)
        if end - start == 1 and source[start].isascii() and char.isascii():
            assert source[start] == char


@given(st.text(alphabet="abcdef", min_size=1), st.data())
def test_edits_and_their_map(source, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(source)), max_size=6)))
    edits = [
        (start, end, data.draw(st.text(alphabet="XYZ", max_size=3)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    mapped = apply_edits(source, edits)
    expected = list(source)
    for start, end, new in reversed(edits):
        expected[start:end] = new
    assert mapped.text == "".join(expected)
    for position, char in enumerate(mapped.text):
        start, end = mapped.to_source(position, position + 1)
        if char in "XYZ":
            assert any((start, end) == edit[:2] and char in edit[2] for edit in edits)
        else:
            assert source[start:end] == char


@given(TEXTS)
def test_plain_text_stays_as_it_is(source):
    once = normalize(source).text
    if source.isascii() and not any(char in source for char in "-. \t_*"):
        assert once == source


@given(TEXTS)
def test_truecase_changes_nothing_but_case(source):
    cased = truecase(source)
    assert len(cased) == len(source)
    assert [char.casefold() for char in cased] == [char.casefold() for char in source]


SPANS = st.lists(
    st.builds(
        lambda start, length, kind, score, ref: TextSpan(
            start, start + length, "name", kind, score, "cues", ref
        ),
        st.integers(0, 30),
        st.integers(1, 8),
        st.sampled_from(["person", "phone"]),
        st.sampled_from([0.2, 0.5, 0.9]),
        st.sampled_from([None, "C1", "W1"]),
    ),
    max_size=12,
)


def points(spans):
    return {point for span in spans for point in range(span.start, span.end)}


@given(SPANS)
def test_union_and_merge_cover_the_same_and_are_idempotent(spans):
    for join in (union, merge):
        joined = join(spans)
        assert points(joined) == points(spans)
        assert join(joined) == joined
        assert join(list(reversed(spans))) == joined
        assert max((s.score for s in joined), default=0) == max((s.score for s in spans), default=0)
    merged = merge(spans)
    assert all(a.end <= b.start for a, b in pairwise(merged))


@given(SPANS)
def test_union_keeps_every_kind_and_person(spans):
    joined = union(spans)
    for span in spans:
        assert any(
            one.start <= span.start
            and span.end <= one.end
            and one.score >= span.score
            and (one.kind, one.person_ref) == (span.kind, span.person_ref)
            for one in joined
        )
