"""Clauses in their plain form, and whom pronouns and descriptions mean."""

import pytest

from saferedact.checks.antecedents import Parsed, accused_words
from saferedact.checks.clause_patterns import clause_patterns
from saferedact.checks.clauses import lines_of
from saferedact.checks.wording_model import WordingModel, signs_of, wording_model
from saferedact.detectors.spacy_grammar import parse

pytestmark = pytest.mark.model  # wording is judged by grammar


NAME = "Kemble"


def parsed(*sentences):
    return [
        Parsed(
            text,
            words,
            frozenset(at for at, w in enumerate(words) if text[w.start : w.end] == NAME),
        )
        for text, words in zip(sentences, parse(sentences), strict=True)
    ]


def lines(*sentences, genders=frozenset()):
    """Return the lines of the last sentence."""
    read = parsed(*sentences)
    meant = accused_words(read, genders)
    return lines_of(read[-1].words, meant[-1], frozenset())


def texts(*sentences, **options):
    return [line.text for line in lines(*sentences, **options)]


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("Kemble served four years for wounding.", "N | PAST serve | four year for wounding"),
        ("Kemble, a loner, was arrested.", "N | be | a loner"),
        ("The loner Kemble was arrested.", "N | be | loner"),
        ("Kemble was jailed in 2019.", "N | PASS jail | in 2019"),
        ("Kemble did not confess.", "N | NEG confess |"),
        ("Kemble will plead guilty.", "N | FUT plead | guilty"),
        ("Kemble allegedly attacked a boy.", "N | ALLEGED PAST attack | allegedly a boy"),
    ],
)
def test_a_clause_is_written_in_one_way(sentence, line):
    assert line in texts(sentence)


def test_who_acts_in_a_relative_clause():
    assert "N | PAST serve | four year" in texts("Kemble, who served four years, was bailed.")


def test_nobody_denies_for_the_accused():
    assert any(t.startswith("nobody | NEG") for t in texts("Nobody was convicted."))


@pytest.mark.parametrize(
    ("before", "sentence", "is_accused"),
    [
        ("Kemble was charged on Monday.", "He confessed.", True),
        ("The mother wept. ", "She confessed.", False),
        ("Kemble was charged.", "The inspector said he had no view.", False),
        ("", "The defendant confessed.", True),
        ("", "The man who died knew many people.", False),
        ("Kemble was charged.", "The man confessed.", True),
        ("", "The organist confessed.", True),
        ("", "Another man was arrested.", False),
    ],
)
def test_whom_a_word_means(before, sentence, is_accused):
    found = texts(*filter(None, (before.strip(), sentence)))
    assert any("N" in text.split() for text in found) == is_accused, found


def test_the_case_file_says_which_pronoun_it_can_be():
    both = ("Kemble was charged.", "She confessed.")
    assert texts(*both, genders=frozenset({"male"})) == ["she | PAST confess |"]
    assert texts(*both, genders=frozenset({"female"})) == ["N | PAST confess |"]


def test_a_stretch_leads_back_to_the_sentence():
    sentence = "On Monday Kemble, 52, confessed to a cellmate."
    line = next(line for line in lines(sentence) if line.text.startswith("N | PAST confess"))
    found = clause_patterns()["PJ-03"].find([line], near=False)
    assert found is not None
    assert "confessed" in sentence[found[0] : found[1]]


def test_no_words_no_lines():
    assert lines_of((), frozenset(), frozenset()) == []
    assert parse([]) == []


def test_every_pattern_is_of_a_rule_with_a_list_of_words():
    from saferedact.checks.lexicon import lexicon

    assert set(clause_patterns()) == set(lexicon())


def test_the_model_is_sure_of_what_it_was_shown():
    model = wording_model()
    bad = model.opinion(
        lines("Kemble has two previous convictions and is known to police."),
        context="about",
        signs=signs_of(["PJ-01"], ["PJ-01"]),
    )
    fair = model.opinion(lines("Kemble will appear in court on Monday."), context="about", signs=())
    assert bad.score > 0 > fair.score
    assert 0 <= bad.start < bad.end


def test_nothing_known_scores_the_bias():
    model = WordingModel(-1.0, 2.0, ("PJ-01",), {})
    opinion = model.opinion([], context="none", signs=("list PJ-01",))
    assert (opinion.score, opinion.start, opinion.end) == (-1.0, 0, 0)
