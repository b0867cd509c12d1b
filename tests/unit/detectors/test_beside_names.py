"""Places of work and schools are divided at the names of people."""

import pytest

from saferedact.detectors.beside_names import divided_at_names
from saferedact.text.spans import TextSpan


def span(text, part, kind, score=0.6, ref=None):
    at = text.index(part)
    label = "name" if kind == "person" else "identifier"
    return TextSpan(at, at + len(part), label, kind, score, "test", ref)


@pytest.mark.parametrize(
    ("place", "names", "left"),
    [
        ("Westbury Infirmary", [], ["Westbury Infirmary"]),
        ("Priya Nair of Westbury Infirmary", ["Priya Nair"], ["Westbury Infirmary"]),
        ("Nair and Dr Hall of Westbury Hospital", ["Nair", "Hall"], ["Westbury Hospital"]),
        ("Priya Nair of the Westbury School", ["Priya Nair"], ["Westbury School"]),
        ("Acme Ltd and Tom Hall of Priory School", ["Tom Hall"], ["Acme Ltd", "Priory School"]),
        ("Tom Hall and Sons", ["Tom Hall"], ["Tom Hall and Sons"]),
        ("St Mary Hospital", ["Mary"], ["St Mary Hospital"]),
        ("Hall Road School", ["Hall"], ["Hall Road School"]),
    ],
)
def test_divided(place, names, left):
    text = f"Then {place} said so."
    spans = [span(text, place, "workplace"), *(span(text, name, "person") for name in names)]
    found = divided_at_names(text, spans, least=0.5)
    places = [text[one.start : one.end] for one in found if one.kind == "workplace"]
    assert [one for one in places if one != "Dr"] == left
    assert sum(one.kind == "person" for one in found) == len(names)


def test_nothing_is_divided_at_what_is_hardly_a_name_nor_what_is_known_to_be_a_place():
    text = "Priya Nair of Westbury Infirmary"
    name = span(text, "Priya Nair", "person", 0.4)
    place = span(text, text, "workplace")
    assert divided_at_names(text, [place, name], least=0.5) == [place, name]
    listed = span(text, text, "school", ref="C1")
    sure = span(text, "Priya Nair", "person", 0.9)
    assert divided_at_names(text, [listed, sure], least=0.5) == [listed, sure]


def test_only_joining_words_are_covered_no_more():
    text = "Anna Bell and Dr Carl Dunn of Westbury Hospital"
    spans = [
        span(text, "Bell and Dr Carl Dunn of Westbury Hospital", "workplace"),
        span(text, "Anna Bell", "person"),
        span(text, "Carl Dunn", "person"),
    ]
    covered = {
        at for one in divided_at_names(text, spans, least=0.5) for at in range(one.start, one.end)
    }
    bare = "".join(char if at not in covered else " " for at, char in enumerate(text)).split()
    assert bare == ["and", "Dr", "of"]
