"""Whom and what a text mentions: people of a case, and what a text engine adds."""

import pytest

from saferedact.checks.mentions import find_mentions, merge_spans
from saferedact.detections import TextSpan
from saferedact.testing.checks import base_case, case_of, checked, text


def mentioned(words, **person):
    tree = base_case()
    tree["people"][1].update(person)
    return [(m.kind, words[m.start : m.end]) for m in find_mentions(case_of(tree))(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("PRIYA NAIR", ("full-name", "PRIYA NAIR")),
        ("Priya Anne Nair's", ("full-name", "Priya Anne Nair")),
        ("P. Nair", ("full-name", "P. Nair")),
        ("Nair, Priya", ("full-name", "Nair, Priya")),
        ("NAIR", ("surname", "NAIR")),
        ("Priya", ("forename", "Priya")),
        ("priya_nair", ("full-name", "priya_nair")),
        ("+44 7700 900345", ("phone", "+44 7700 900345")),
        ("07700-900-345", ("phone", "07700-900-345")),
        ("07700 9003456", []),
        ("Prialla Nairobi", []),
        ("westbury  infirmary", ("workplace", "westbury  infirmary")),
        ("of WS1 2AB", ("address", "WS1 2AB")),
        ("ws12ab", ("address", "ws12ab")),
        ("WS1 2AC", []),
    ],
)
def test_mentions(words, expected):
    found = mentioned(words, addresses=["4 Elm Road, Westbury, WS1 2AB"])
    assert (expected in found) if expected else found == []


def test_addresses_are_found_by_their_street():
    case = case_of(base_case())
    kinds = {m.kind for m in find_mentions(case)("27 Fuller Street. In Fuller Street.")}
    assert kinds == {"address", "street"}


def test_a_surname_that_two_share_is_weak():
    tree = base_case()
    tree["people"].append({"ref": "W1", "role": "witness", "name": "Oscar Kemble"})
    case = case_of(tree)
    find = find_mentions(case)
    assert {m.kind for m in find("Kemble")} == {"shared-surname"}
    words = "Stuart Kemble left. Kemble came."
    kept = merge_spans(find(words), [], case)
    assert [(m.ref, m.start) for m in kept if m.ref == "W1"] == [("W1", 20)]


def test_what_the_engine_adds():
    case = case_of(base_case())
    words = "Priya Nair, SW1A 1AA, call 101"
    spans = [
        TextSpan(0, 10, "name", "person", 0.9, "t"),
        TextSpan(12, 20, "identifier", "postcode", 0.8, "t"),
        TextSpan(12, 20, "identifier", "number", 0.6, "t"),
        TextSpan(22, 30, "plate", "vrm", 0.5, "t"),
        TextSpan(0, 5, "name", "person", 0.8, "t", "D1"),
    ]
    found = merge_spans(find_mentions(case)(words), spans, case)
    assert [(m.kind, m.ref) for m in found] == [
        ("full-name", "C1"),
        ("person", "D1"),
        ("postcode", None),
    ]


@pytest.mark.parametrize(
    ("words", "name", "told"),
    [
        ("His wife, Marjorie Kemble, left.", "Marjorie Kemble", True),
        ("His wife, M. Kemble, left.", "M. Kemble", True),
        ("His wife, Marjorie Tansley, left.", "Marjorie Tansley", True),
        ("His wife told Kemble.", "Kemble", False),
        ("His wife told Stuart Kemble.", "Stuart Kemble", False),
        ("His wife told Stuart James Kemble.", "James Kemble", False),
        ("His wife told S. Kemble.", "S. Kemble", False),
    ],
)
def test_a_relative_of_the_same_surname_is_somebody_else(words, name, told):
    at = words.index(name)
    spans = {words: [TextSpan(at, at + len(name), "name", "person", 0.9, "t")]}
    report = checked(text(words), case=base_case(), rules=["JG-04", "VP-02"], spans=spans)
    assert {f.rule_id for f in report.findings} == ({"JG-04", "VP-02"} if told else set())


def test_a_plate_of_the_case_in_another_spelling_is_a_plate_of_the_case():
    people = base_case()["people"]
    people[1]["vehicles"] = ["YN99 KTB"]
    words = "in YN 99 KTB"
    for ref, level in (("C1", "BLOCK"), (None, "WARN")):
        spans = {words: [TextSpan(3, 12, "plate", "vrm", 0.9, "sweep", ref)]}
        report = checked(text(words), case=base_case(people=people), rules=["ID-05"], spans=spans)
        assert [(f.level, f.person) for f in report.findings] == [(level, ref)]


def test_people_of_the_same_whole_name_are_both_meant():
    people = base_case()["people"]
    people.append({"ref": "V1", "role": "victim", "name": "Stuart Kemble", "under_18": True})
    tree = base_case(people=people)
    named = {
        words: [f.person for f in checked(text(words), case=tree, rules=["ID-03"]).findings]
        for words in ("Stuart Kemble was there.", "A man was there.")
    }
    assert named == {"Stuart Kemble was there.": ["V1"], "A man was there.": []}


@pytest.mark.parametrize(
    ("name", "words", "kind"),
    [
        ("Sarah Jones OBE", "Sarah Jones", "full-name"),
        ("Sarah Jones OBE", "Jones", "surname"),
        ("NAIR, Priya", "Priya Nair", "full-name"),
        ("NAIR, Priya", "Nair", "surname"),
        ("NAIR, Priya", "NAIR", "surname"),
        ("PRIYA NAIR", "Priya", "forename"),
        ("Dr Priya Nair", "P. Nair", "full-name"),
        ("Priya Nair (n\u00e9e Patel)", "Priya Nair", "full-name"),
    ],
)
def test_mentions_of_names_that_are_listed_with_more(name, words, kind):
    assert (kind, words) in mentioned(f"{words} came", name=name)
