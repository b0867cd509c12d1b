"""What a network says of people who are described, and of what is legible in pictures."""

import numpy as np
import pytest

from saferedact.checks.base import Judges
from saferedact.checks.corrections import correction
from saferedact.checks.identifying import ANSWERS, picture_texts
from saferedact.checks.material import Material, Segment
from saferedact.checks.passages import WORDS
from saferedact.testing.checks import base_case, checked, picture, text


class Planted:
    """Answers by the words that are known to it; of several, the most."""

    def __init__(self, **odds):
        self.odds, self.asked = odds, []

    def __call__(self, texts):
        self.asked += texts
        answers = np.full((len(texts), len(ANSWERS)), -5.0, np.float32)
        for at, words in enumerate(texts):
            for word, own in self.odds.items():
                if word in words.split():
                    answers[at] = np.maximum(answers[at], own)
        return answers


LOOKS, RARE, BOTH, READ = (5, -5, -5), (-5, 5, -5), (5, 5, -5), (-5, -5, 5)


JOINED = Material("s1", "text", "0" * 64, (Segment("These are four words", joined=True),))


def told(judge, *materials, rules=("ID-08", "JG-05", "ID-10")):
    """Return what is found: rules, levels, and how many places each has."""
    judges = Judges(identifying=judge)
    report = checked(*materials, case=base_case(), rules=rules, judges=judges)
    return sorted((f.rule_id, f.level, 1 + len(f.also_at)) for f in report.findings)


def places(judge, material):
    """Return the stretches that are told."""
    report = checked(material, case=base_case(), judges=Judges(identifying=judge))
    (finding,) = (f for f in report.findings if f.rule_id in ANSWERS)
    return [(place.line, place.start, place.end) for place in (finding.location, *finding.also_at)]


def test_each_answer_is_of_its_rule():
    words = [text(f"It is one {word} thing.") for word in ("looks", "rare", "both", "read")]
    judge = Planted(looks=LOOKS, rare=RARE, both=BOTH, read=READ)
    found = [told(judge, material) for material in words]
    looks, rare = ("ID-08", "WARN", 1), ("JG-05", "WARN", 1)
    assert found == [[looks], [rare], [looks, rare], []]


def test_the_worst_sentence_is_told_and_each_that_counts_alone():
    words = "Nothing is here at all.\nHere is a rare thing.\nThere is a rare one."
    assert places(Planted(rare=RARE), text(words)) == [(2, 24, 45), (3, 46, 66)]
    parted = Planted(rare=(-5, -1, -5), thing=(-5, -2, -5))
    parted.odds["Nothing"] = (-5, -3, -5)

    def together(texts):
        answers = parted(texts)
        answers[[len(words.split()) > 9 for words in texts]] = RARE
        return answers

    assert places(together, text("Nothing is here. Here is the thing. There is a rare one.")) == [
        (1, 36, 56)
    ]


def test_passages_are_of_three_sentences_and_each_is_asked_once():
    judge = Planted()
    lines = [f"This is sentence number {at}." for at in range(7)]
    assert told(judge, text("\n".join(lines)), text("\n".join(lines), asset_id="s2")) == []
    assert judge.asked == [" ".join(lines[:2]), " ".join(lines[2:4]), " ".join(lines[4:])]


@pytest.mark.parametrize(
    ("material", "asked"),
    [
        (text(""), 0),
        (text("Only three words"), 0),
        (text("These are four words"), 1),
        (text("These are four words", origin="subtitle"), 1),
        (text("These are four words", origin="hidden"), 0),
        (text("These are four words", earlier=True), 0),
        (JOINED, 0),
        (picture(ocr=["word"]), 0),
        (picture(ocr=["two", "words"]), 1),
        (picture(ocr=["two", "words"], kind="video"), 1),
        (picture(ocr=["two", "words"], kind="pdf"), 0),
        (picture(), 0),
    ],
)
def test_what_the_network_reads(material, asked):
    judge = Planted()
    told(judge, material)
    assert len(judge.asked) == asked


def test_the_lines_of_a_picture_are_read_together():
    judge = Planted(read=READ, looks=BOTH)
    assert told(judge, picture(ocr=["To be", "read", "by few"])) == [("ID-10", "WARN", 1)]
    assert judge.asked == ["To be\nread\nby few"]
    assert told(judge, picture(ocr=["Good", "looks"])) == []


def test_a_picture_with_much_text_is_read_in_pieces_and_told_once():
    lines = ["@shop " + "word " * 30] * 7  # lists take it for something public
    judge = Planted(word=READ)
    assert told(judge, picture(ocr=lines)) == [("ID-10", "WARN", 1)]
    assert [len(words.split("\n")) for words in picture_texts(lines)] == [2, 2, 2, 1]


def test_no_piece_is_longer_than_a_passage_unless_a_line_is():
    assert picture_texts([]) == []
    long = "word " * (WORDS + 1)
    assert picture_texts(["a b", long, "c"]) == ["a b", long, "c"]
    assert picture_texts(["word " * (WORDS - 1), "c"]) == ["word " * (WORDS - 1) + "\nc"]


def test_what_lists_know_of_a_picture_is_told_by_its_own_words():
    judge = Planted(code=READ)
    report = checked(
        picture(ocr=["wifi key: h7Tz-99q", "code"]),
        rules=["ID-10"],
        judges=Judges(identifying=judge),
    )
    assert [f.message.partition(": ")[2] for f in report.findings] == [
        "a password or a code for access is legible"
    ]
    assert judge.asked == []


def test_a_sentence_that_lists_know_is_told_once():
    words = "The complainant has a tattoo of a swallow.\nShe is the only doctor in the village."
    judge = Planted(tattoo=LOOKS, doctor=RARE)
    assert told(judge, text(words)) == [("ID-08", "WARN", 1), ("JG-05", "WARN", 1)]
    assert told(Planted(**{"has": LOOKS, "is": BOTH}), text(words)) == [
        ("ID-08", "WARN", 2),
        ("JG-05", "WARN", 1),
    ]


@pytest.mark.parametrize(("odds", "counts"), [(-2.1, False), (-1.9, True)])
def test_what_lists_find_counts_unless_the_network_surely_calls_it_fair(odds, counts):
    judge = Planted(tattoo=(odds, -5, -5), doctor=(-5, odds, -5))
    looks = text("The complainant has a tattoo of a swallow.")
    rare = text("She is the only doctor in the village.")
    assert told(judge, looks) == [("ID-08", "WARN", 1)] * counts
    assert told(judge, rare) == [("JG-05", "WARN", 1)] * counts


def test_what_the_case_lists_counts_whatever_the_network_says():
    people = [
        *base_case()["people"],
        {
            "ref": "K1",
            "role": "complainant",
            "name": "Elin Vaughan",
            "age": 12,
            "schools": ["Millbrook Academy"],
        },
    ]
    report = checked(
        text("She had the Millbrook Academy blazer over her arm."),
        case=base_case(people=people),
        rules=["ID-08"],
        judges=Judges(identifying=Planted()),
    )
    assert [(f.level, f.person) for f in report.findings] == [("BLOCK", "K1")]


@pytest.mark.parametrize("rule", ["ID-08", "JG-05", "ID-10"])
def test_without_a_network_lists_judge_and_the_report_says_so(rule):
    report = checked(text("A text."), picture(ocr=["Two words"]), case=base_case(), rules=[rule])
    reasons = [note.reason for note in report.checks_not_run if note.name == rule]
    assert any("no language network" in reason for reason in reasons)


def test_the_correction_fits_the_network_and_the_rules():
    arrays = correction("identifying")
    assert arrays["head.weight"].shape == (len(ANSWERS), 384)
    assert all(np.isfinite(array).all() for array in arrays.values())
