"""Union and merge of spans."""

import pytest

from saferedact.text.spans import TextSpan, merge, union


def span(start, end, kind="person", *, score=0.5, source="cues", ref=None):
    label = "name" if kind == "person" else "identifier"
    return TextSpan(start, end, label, kind, score, source, ref)


@pytest.mark.parametrize("join", [union, merge])
def test_nothing_stays_nothing(join):
    assert join([]) == []


@pytest.mark.parametrize("join", [union, merge])
def test_touching_spans_stay_apart(join):
    assert join([span(3, 5), span(0, 3)]) == [span(0, 3), span(3, 5)]


@pytest.mark.parametrize("join", [union, merge])
def test_overlapping_spans_of_a_kind_become_their_hull_with_the_best_score(join):
    found = join([span(0, 4, score=0.3, source="a"), span(2, 9, score=0.9, source="b")])
    assert found == [span(0, 9, score=0.9, source="b")]


def test_union_keeps_kinds_and_people_apart():
    both = [span(0, 4), span(0, 4, "phone")]
    assert sorted(union(both)) == sorted(both)
    people = [span(0, 4, ref="C1"), span(2, 6, ref="W1"), span(3, 5)]
    assert sorted(union(people), key=str) == sorted(people, key=str)


def test_merge_is_called_after_the_longest_and_knows_one_person_only():
    assert merge([span(0, 4, ref="C1"), span(2, 12, "email")]) == [span(0, 12, "email", ref="C1")]
    assert merge([span(0, 4, ref="C1"), span(2, 12, ref="W1")]) == [span(0, 12)]


def test_merge_joins_a_chain():
    assert merge([span(0, 3), span(2, 5), span(4, 8), span(9, 10)]) == [span(0, 8), span(9, 10)]
