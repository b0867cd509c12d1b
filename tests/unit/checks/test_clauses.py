"""Clauses in their plain form, and whom pronouns and descriptions mean."""

import math
from dataclasses import replace

import numpy as np
import pytest

from saferedact.checks.antecedents import Parsed, accused_words
from saferedact.checks.clause_patterns import clause_patterns
from saferedact.checks.clauses import lines_of
from saferedact.checks.wording_model import WordingModel, meaning_of, signs_of, wording_model
from saferedact.detectors.spacy_grammar import parse
from saferedact.text.grammar import Word

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


def opinion_of(sentence, **found):
    return wording_model().opinion(
        lines(sentence),
        context="about",
        signs=signs_of(found.get("listed", ()), found.get("by_grammar", ()), context="about"),
        words=parsed(sentence)[0].words,
    )


def test_the_model_is_sure_of_what_it_was_shown():
    bad = opinion_of(
        "Kemble has two previous convictions and is known to police.",
        listed=["PJ-01"],
        by_grammar=["PJ-01"],
    )
    fair = opinion_of("Kemble will appear in court on Monday.")
    assert bad.score > 0 > fair.score
    assert bad.rule_id == "PJ-01"
    assert 0 <= bad.start < bad.end


def model_of(**weights):
    return WordingModel(
        0.0,
        ("PJ-01", "PJ-02"),
        np.array([1.0, 0.0, 0.0]),
        np.zeros(3),
        weights.get("words", {}),
        weights.get("signs", {}),
        np.array(weights.get("meaning", [[0.0] * 3] * 2)),
    )


def word(start, vector):
    vector = None if vector is None else np.array(vector, np.float32)
    return Word(start, start + 3, "w", "NOUN", "NN", "dobj", 0, vector)


def test_nothing_known_scores_the_bias():
    opinion = model_of().opinion([], context="none", signs=("list PJ-01",))
    assert opinion.score == pytest.approx(math.log(2) - 1)
    assert (opinion.start, opinion.end) == (0, 0)


def test_a_sign_speaks_for_its_rule():
    signs = {"list PJ-02": np.array([0.0, 0.0, 5.0])}
    opinion = model_of(signs=signs).opinion([], context="none", signs=("list PJ-02",))
    assert opinion.rule_id == "PJ-02"
    assert opinion.score > 0


def test_the_word_that_means_it_is_told():
    model = model_of(meaning=[[0.0, 9.0, 0.0], [0.0, 0.0, 0.0]])
    words = [word(0, [0.0, 1.0]), word(10, [1.0, 0.0]), word(20, None)]
    opinion = model.opinion([], context="none", signs=(), words=words)
    assert (opinion.rule_id, opinion.start, opinion.end) == ("PJ-01", 10, 13)
    assert opinion.score > model.opinion([], context="none", signs=(), words=words[:1]).score


def test_a_sentence_without_vectors_counts_as_a_usual_one():
    without = replace(model_of(), without_meaning=np.array([0.0, 2.0, 0.0]))
    assert without.opinion([], context="none", signs=()).rule_id == "PJ-01"
    assert meaning_of([word(0, None)]) is None
    assert meaning_of([word(0, [0.0, 0.0])]) is None
    assert np.allclose(meaning_of([word(0, [3.0, 0.0]), word(4, [0.0, 3.0])]), 0.5**0.5)
