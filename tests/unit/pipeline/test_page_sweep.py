"""What was found on one page is looked for on all, unless it means something else elsewhere."""

import pytest

from saferedact.pipeline.pdf.sweep import Sweep
from saferedact.policy import load_policy
from saferedact.text.spans import TextSpan


def found_elsewhere(value, label, kind, *, score=0.9, person_ref=None):
    sweep = Sweep(load_policy("release"))
    sweep.add(value, TextSpan(0, len(value), label, kind, score, "test", person_ref))
    text = f"Something else: {value}, and so on."
    return [text[span.start : span.end] for span in sweep.spans(text)]


@pytest.mark.parametrize(
    ("value", "label", "kind"),
    [
        ("Priya Nair", "name", "person"),
        ("Nair", "name", "person"),
        ("NAIR", "name", "person"),
        ("priya", "name", "person"),
        ("Oyelowo", "name", "person"),
        ("07700 900123", "identifier", "phone"),
        ("YN99 KTB", "plate", "vrm"),
        ("CR/1234/26", "identifier", "case"),
        ("kemble_92", "identifier", "handle"),
    ],
)
def test_a_value_is_found_on_other_pages(value, label, kind):
    assert found_elsewhere(value, label, kind) == [value]


@pytest.mark.parametrize(
    ("value", "label", "kind"),
    [
        ("50", "identifier", "age"),
        ("aged 50", "identifier", "age"),
        ("14", "identifier", "collar"),
        ("4", "identifier", "number"),
        ("content", "identifier", "handle"),
        ("comment", "name", "person"),
        ("Xu", "name", "person"),
    ],
)
def test_a_value_that_means_other_things_is_not(value, label, kind):
    assert found_elsewhere(value, label, kind) == []


def test_the_last_of_thousands_of_values_is_looked_for_as_well():
    sweep = Sweep(load_policy("release"))
    for number in range(2_400):
        value = f"0770090{number:04}"
        sweep.add(value, TextSpan(0, len(value), "identifier", "phone", 0.9, "test"))
        assert number or sweep.spans(f"ring {value}")  # one that was asked already learns more
    text = "ring 07700902399"
    assert [text[span.start : span.end] for span in sweep.spans(text)] == ["07700902399"]


def test_a_person_of_the_case_is_found_however_short_the_name():
    assert found_elsewhere("Xu", "name", "person", person_ref="W1") == ["Xu"]


def test_what_is_only_possible_is_no_reason_to_look():
    assert found_elsewhere("Priya Nair", "name", "person", score=0.4) == []


@pytest.mark.parametrize("value", ["xml", "SVG"])
def test_an_abbreviation_is_no_name_unless_the_sentence_is_sure(value):
    assert found_elsewhere(value, "name", "person", score=0.8) == []
    assert found_elsewhere(value, "name", "person", score=0.9) == [value]


def test_a_word_of_programs_is_not_looked_for_on_other_pages():
    page = (
        "read_value fileName <entry> /usr/share/mime text/plain find_node then len by Fabio Fiorina"
    )
    sweep = Sweep(load_policy("release"))
    for value, ref in (("len", None), ("Fabio Fiorina", None), ("fileName", "W1")):
        start = page.index(value)
        span = TextSpan(start, start + len(value), "name", "person", 0.9, "test", ref)
        sweep.add(page, span)
    text = "the len of Fiorina fileName"
    assert [text[s.start : s.end] for s in sweep.spans(text)] == ["Fiorina", "fileName"]


@pytest.mark.parametrize(
    ("listings", "found"), [(2, ["kezzo", "sarah_len", "Fiorina"]), (3, ["sarah_len", "Fiorina"])]
)
def test_in_a_manual_words_without_capitals_are_not_looked_for(listings, found):
    prose = "Prose of kezzo and sarah_len by Fabio Fiorina."
    page = "read_value fileName <entry> /usr/share/mime text/plain find_node then zorq {}"
    sweep = Sweep(load_policy("release"))
    for text in (prose, *map(page.format, range(listings))):
        for value, kind in (
            ("kezzo", "person"),
            ("Fabio Fiorina", "person"),
            ("zorq", "person"),
            ("sarah_len", "username"),
        ):
            if (start := text.find(value)) >= 0:
                label = "name" if kind == "person" else "identifier"
                sweep.add(text, TextSpan(start, start + len(value), label, kind, 0.9, "test"))
    text = "the kezzo of sarah_len, Fiorina, zorq"
    assert [text[span.start : span.end] for span in sweep.spans(text)] == found
