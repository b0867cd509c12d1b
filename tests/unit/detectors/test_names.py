"""Names by four recognisers: what is handed to whom, and how their answers come back."""

import re

import pytest

from saferedact.detectors.base import TextDetector
from saferedact.detectors.names import (
    NAME_MODELS,
    NameDetector,
    _Mended,
    rule_recognisers,
)
from saferedact.errors import DetectorError, DetectorModelMissing, InputError
from saferedact.models import model_spec
from saferedact.text.spans import TextSpan


class Finder:
    """Finds the words it was given, and remembers what it read."""

    def __init__(self, words, *, score=0.9, case="ignored", name="finder"):
        self.words, self.score, self.case, self.name = words, score, case, name
        self.read = []

    def find(self, text):
        self.read.append(text)
        return [
            TextSpan(match.start(), match.end(), "name", "person", self.score, self.name)
            for word in self.words
            for match in re.finditer(word, text)
        ]


def found(text, *recognisers):
    return [(text[s.start : s.end], s.score) for s in NameDetector(recognisers).detect(text)]


@pytest.mark.parametrize("text", ["", " ", "\n", "\ud800", "\x00" * 50, "1234 5678"])
def test_no_names(text):
    assert NameDetector(rule_recognisers()).detect(text) == []


def test_spans_are_of_the_source():
    text = "then Sa\u200brah and Bob"
    assert found(text, Finder(["Sarah"])) == [("Sa\u200brah", 0.9)]


def test_halves_of_characters_reach_no_model():
    finder = Finder(["Sarah"])
    assert found("\ud83d Sarah \ude00", finder) == [("Sarah", 0.9)]
    assert finder.read == ["\ufffd Sarah \ufffd"]


def test_who_ignores_case_reads_once():
    finder = Finder([])
    found("SARAH WHITFIELD IS HERE", finder)
    assert finder.read == ["SARAH WHITFIELD IS HERE"]


def test_who_needs_case_reads_the_mended_copy_too():
    finder = Finder([], case="mended")
    found("SARAH WHITFIELD IS HERE", finder)
    assert finder.read == ["SARAH WHITFIELD IS HERE", "Sarah Whitfield is here"]


def test_prose_is_read_once():
    finder = Finder([], case="mended")
    found("Sarah is here", finder)
    assert finder.read == ["Sarah is here"]


def test_what_was_seen_in_capitals_counts_half_for_who_needs_case():
    text = "SARAH IS HERE\nThen Sarah left"
    scores = dict(found(text, Finder(["SARAH", "Sarah left"], score=0.8, case="mended")))
    assert scores["SARAH"] == pytest.approx(0.4)
    assert dict(found(text, Finder(["SARAH"], score=0.8, case="shown")))["SARAH"] == 0.8


def test_another_language_is_refused():
    with pytest.raises(InputError, match="languages alone: en"):
        NameDetector([]).detect("", language="fr")


def test_a_recogniser_that_fails_is_an_error():
    class Broken(Finder):
        def find(self, text):
            raise DetectorError("broken")

    with pytest.raises(DetectorError):
        NameDetector([*rule_recognisers(), Broken([])]).detect("Sarah")


def test_info():
    rules = NameDetector(rule_recognisers()).info
    assert (rules.name, rules.labels, rules.weights_sha256) == ("names", ("name",), None)


def test_is_a_text_detector():
    assert isinstance(NameDetector([]), TextDetector)


def test_models_are_of_the_catalogue():
    assert [model_spec(name).name for name in NAME_MODELS] == ["spacy-en-md", "rampart-ner"]


def test_missing_models_are_said(monkeypatch, tmp_path):
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path)
    monkeypatch.delenv("SAFEREDACT_MODELS", raising=False)
    with pytest.raises(DetectorModelMissing, match="saferedact models fetch spacy-en-md"):
        NameDetector()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('right mate what\'s your name? "Graham Pike"', ["Graham Pike"]),
        ("ARRESTING OFFICER: PC 4471 HUSSAIN", ["HUSSAIN"]),
        ("mister singh look jaspreet is my cousin", ["singh", "jaspreet"]),
        ("12/03/2024, 10:22 - Kayleigh: tell Reece", ["Kayleigh", "Reece"]),
        ("Mark Field, 47, left. Field's car was found.", ["Mark Field", "Field"]),
        ("Def endant: Rache1 Brad1ey", ["Rache1 Brad1ey"]),
    ],
)
def test_rules_alone(text, names):
    spans = NameDetector(rule_recognisers()).detect(text)
    covered = {i for span in spans for i in range(span.start, span.end)}
    for name in names:
        start = text.index(name)
        assert all(i in covered or text[i] == " " for i in range(start, start + len(name)))


@pytest.mark.model
@pytest.mark.usefixtures("name_models")
def test_the_pinned_models_see_what_they_saw():
    detector = NameDetector(threads=1)
    assert len(detector.info.weights_sha256) == 64
    text = (
        "Detectives named the man as Ifan ap Gwilym, 31. His partner Bethan Rees-Hughes, of "
        "12 Alder Close, was told by PC 2045 Rose.\n"
        "okay so me and jaspreet kaur were with mister oyelowo when it happened\n"
        "SHANE MCGRATH IS DEALING FROM THE GARAGE"
    )
    spans = detector.detect(text)
    covered = {i for span in spans if span.score >= 0.5 for i in range(span.start, span.end)}
    for name in (
        "Ifan ap Gwilym",
        "Bethan Rees-Hughes",
        "Rose",
        "jaspreet kaur",
        "oyelowo",
        "SHANE MCGRATH",
    ):
        start = text.index(name)
        missing = [
            i for i in range(start, start + len(name)) if i not in covered and text[i] not in " -"
        ]
        assert missing == [], name
    said = "".join(text[i] for i in sorted(covered))
    for word in ("Detectives", "Alder", "garage", "okay", "DEALING", "PC"):
        assert word not in said


def test_only_mended_lines_are_read_again_with_their_neighbours():
    finder = Finder(["Sarah"], case="mended")
    plain = "".join(f"It is line {number}.\n" for number in range(20))
    text = plain + "sarah was there\n" + plain + "SARAH"
    spans = NameDetector([finder]).detect(text)
    assert [span.start for span in spans] == [text.index("sarah"), text.index("SARAH")]
    again = finder.read[1]
    assert again.count("Sarah") == 2
    assert again.count("It is line") == 9  # three before and after the first, three before the last


def test_a_find_over_two_mended_places_ends_with_the_first():
    finder = Finder([r"Sarah(?s:.*)Omar"], case="mended")
    plain = "".join(f"It is line {number}.\n" for number in range(20))
    text = "sarah\n" + plain + "omar\n"
    mended = _Mended(text, text.replace("sarah", "Sarah").replace("omar", "Omar"))
    (span,) = mended.seen_by(finder)
    assert text[span.start : span.end].startswith("sarah\nIt is line 0.")
    assert span.end < text.index("It is line 5")
