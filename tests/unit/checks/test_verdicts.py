"""Sentences judged by a network and a model of words."""

from types import SimpleNamespace

import numpy as np
import pytest

from saferedact.checks.corrections import correction
from saferedact.checks.reference import Masked
from saferedact.checks.verdicts import Verdict, verdicts
from saferedact.checks.wording_model import Opinion, wording_model

PASSED = Verdict()


@pytest.fixture(autouse=True)
def _short_ones_count(monkeypatch):
    monkeypatch.setattr("saferedact.checks.verdicts._LEAST_WORDS", 1)


def read(text, words=0.0, *, parsed=True, origin="body"):
    """A sentence of which the model of words says so much."""
    place = SimpleNamespace(segment=SimpleNamespace(origin=origin))
    return SimpleNamespace(
        sentence=Masked(text, text, 0, place, refers=True),
        lines=("clause",) if parsed else (),
        opinion=Opinion(words, "PJ-05", 0, 1),
    )


def told(**rules):
    return Verdict(believed=True, rules=frozenset(name.replace("_", "-") for name in rules))


class Planted:
    """Answers by the first words of a passage that are known to it."""

    def __init__(self, **odds):
        self.odds, self.asked = odds, []

    def __call__(self, texts):
        self.asked += texts
        answers = np.full((len(texts), 17), -5.0, np.float32)
        for at, text in enumerate(texts):
            for word, (score, *rules) in self.odds.items():
                if word in text:
                    answers[at, 0] = max(answers[at, 0], score)
                    answers[at, rules] = score
        return answers


def test_without_a_network_words_decide_alone():
    finds = wording_model().finds
    sentences = [read("a", finds), read("b", finds - 0.01), read("c", 99.0, parsed=False)]
    assert verdicts(sentences, None) == [told(PJ_05=1), PASSED, PASSED]


def test_an_empty_text_asks_nothing():
    judge = Planted()
    assert verdicts([], judge) == []
    assert verdicts([read("bad", parsed=False)], judge) == [PASSED]
    assert judge.asked == []


@pytest.mark.parametrize(
    ("network", "words", "counts"),
    [
        (1.0, 0.0, True),
        (-0.1, 0.0, False),
        (-1.0, 2.0, True),
        (1.0, -2.1, False),
        (-2.0, 3.9, False),
    ],
)
def test_the_network_counts_once_and_words_half(network, words, counts):
    (verdict,) = verdicts([read("bad", words)], Planted(bad=(network, 3)))
    assert verdict.believed is counts


def test_a_sentence_breaks_the_likeliest_rule_and_each_that_is_likely():
    assert verdicts([read("bad")], Planted(bad=(2.0, 3, 16))) == [told(PJ_03=1, PJ_16=1)]
    answers = np.full((1, 17), -3.0, np.float32)
    answers[0, [0, 9]] = 0.5, -1.0
    assert verdicts([read("bad")], lambda _: answers) == [told(PJ_09=1)]


def test_of_a_passage_the_worst_sentence_is_told_even_if_alone_it_is_not():
    judge = Planted(**{"one two": (1.0, 4), "two": (-0.5, 2), "one": (-2.0, 1)})
    assert verdicts([read("one"), read("two")], judge) == [PASSED, told(PJ_04=1)]


def test_each_sentence_of_a_passage_that_counts_alone_is_told():
    judge = Planted(one=(3.0, 1), two=(2.0, 2))
    sentences = [read("one"), read("fine"), read("two")]
    assert verdicts(sentences, judge) == [told(PJ_01=1, PJ_02=1), PASSED, told(PJ_02=1)]


def test_a_passage_that_does_not_count_tells_nothing():
    judge = Planted(one=(-1.0, 1))
    assert verdicts([read("one"), read("fine")], judge) == [PASSED, PASSED]
    assert judge.asked == ["one fine"]


def test_sentences_that_nobody_parsed_are_read_but_not_told():
    judge = Planted(one=(3.0, 1))
    sentences = [read("one", parsed=False), read("fine")]
    assert verdicts(sentences, judge)[0] == PASSED
    assert judge.asked[0] == "one fine"


def test_long_texts_are_read_in_passages_and_nothing_twice():
    judge = Planted()
    sentences = [read(f"s{at}.") for at in range(7)]
    assert verdicts(sentences, judge) == [PASSED] * 7
    assert " ".join(judge.asked) == " ".join(r.sentence.plain for r in sentences)


@pytest.fixture
def _four_words(monkeypatch):
    monkeypatch.setattr("saferedact.checks.verdicts._LEAST_WORDS", 4)


@pytest.mark.usefixtures("_four_words")
@pytest.mark.parametrize(
    ("text", "asked"), [("", 0), ("Bad", 0), ("Bad bad bad", 0), ("Bad bad bad bad", 1)]
)
def test_scraps_of_pictures_are_judged_by_words(text, asked):
    judge = Planted(Bad=(-2.0, 3), bad=(-2.0, 3))
    verdict = verdicts([read(text, words=wording_model().finds, origin="ocr")], judge)
    assert verdict == [PASSED if asked else told(PJ_05=1)]
    assert len(judge.asked) == asked


@pytest.mark.usefixtures("_four_words")
@pytest.mark.parametrize(
    ("network", "words", "expected"),
    [
        (6.1, 0.0, told(PJ_03=1)),
        (5.9, 0.0, PASSED),
        (6.3, -0.5, told(PJ_03=1)),
        (9.0, -0.6, PASSED),
        (-9.0, 1.0, told(PJ_05=1)),
    ],
)
def test_a_few_words_count_by_words_or_where_both_are_sure(network, words, expected):
    reads = [read("Bad.", words), read("So.", parsed=False)]
    assert verdicts(reads, Planted(Bad=(network, 3))) == [expected, PASSED]


@pytest.mark.usefixtures("_four_words")
def test_the_title_of_a_form_says_nothing():
    assert verdicts([read("Witness Statement:", 9.0)], Planted(Witness=(9.0, 3))) == [PASSED]


def test_the_correction_fits_the_network_and_the_rules():
    arrays = correction("wording")
    assert arrays["head.weight"].shape == (1 + len(wording_model().rules), 384)
    for name, array in arrays.items():
        assert np.isfinite(array).all(), name
        if name.endswith(".up"):
            assert array.shape[1] == arrays[name.removesuffix("up") + "down"].shape[0]
    assert len(arrays) == 2 + 2 * 6 * 6
