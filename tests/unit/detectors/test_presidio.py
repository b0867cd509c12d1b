"""Both directions between presidio and us: with stand-ins for its classes, and with the real ones."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from saferedact.detectors import presidio
from saferedact.detectors.identities import find_identities
from saferedact.detectors.names import NameDetector
from saferedact.detectors.presidio import PresidioNames, entity_of, entity_recognizer
from saferedact.errors import DependencyMissingError, DetectorError, LimitExceededError

TEXT = "Sarah Whitfield, NHS 943 476 5919, of 12 Alder Close, Leeds, crime ref 44240012345"


class Engine:
    """Finds one word, as presidio's engine answers."""

    def __init__(self, word, *, score=0.85, shift=0):
        self.word, self.score, self.shift, self.asked = word, score, shift, []

    def analyze(self, text, language, *, entities, score_threshold):
        self.asked.append((text, language, entities, score_threshold))
        at = text.find(self.word)
        while at >= 0:
            start = at + self.shift
            yield SimpleNamespace(start=start, end=start + len(self.word), score=self.score)
            at = text.find(self.word, at + 1)


@pytest.mark.parametrize("text", ["", "nobody"])
def test_no_names(text):
    assert PresidioNames(Engine("Sarah")).find(text) == []


def test_an_engine_is_a_recogniser_of_names():
    engine = Engine("Sarah")
    spans = NameDetector([PresidioNames(engine)]).detect("then Sa\u200brah came")
    assert [(span.start, span.end, span.label, span.score) for span in spans] == [
        (5, 11, "name", 0.85)
    ]
    assert spans[0].source == "presidio"
    assert engine.asked == [("then Sarah came", "en", ["PERSON"], 0.0)]


def test_a_long_text_is_read_in_windows():
    engine = Engine("Sarah")
    text = "some words " * 2_000 + "Sarah"
    spans = PresidioNames(engine, language="cy", entities=["PERSON", "NAME"]).find(text)
    assert [text[span.start : span.end] for span in spans] == ["Sarah"]
    assert all(len(asked[0]) <= presidio.WINDOW for asked in engine.asked)
    assert {(asked[1], *asked[2]) for asked in engine.asked} == {("cy", "PERSON", "NAME")}


@pytest.mark.parametrize("score", [-0.5, 1.5])
def test_scores_are_brought_within_0_and_1(score):
    (span,) = PresidioNames(Engine("Sarah", score=score)).find("Sarah")
    assert span.score == min(max(score, 0), 1)


@pytest.mark.parametrize("shift", [-10, 10])
def test_a_result_outside_of_the_text_is_an_error(shift):
    with pytest.raises(DetectorError, match="ValueError"):
        PresidioNames(Engine("Sarah", shift=shift)).find("Sarah")


def test_a_failing_engine_is_an_error_without_its_words():
    class Broken:
        def analyze(self, text, language, *, entities, score_threshold):
            raise RuntimeError(text)

    with pytest.raises(DetectorError) as caught:
        PresidioNames(Broken()).find("Sarah Whitfield")
    assert "Sarah" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_want_of_memory_is_not_hidden():
    class Hungry:
        def analyze(self, text, language, *, entities, score_threshold):
            raise MemoryError

    with pytest.raises(MemoryError):
        PresidioNames(Hungry()).find("Sarah")


@pytest.mark.parametrize(
    ("kind", "entity"),
    [("person", "PERSON"), ("nhs", "UK_NHS"), ("crime-ref", "SR_CRIME_REF"), ("dob", "SR_DOB")],
)
def test_what_presidio_calls_a_kind(kind, entity):
    assert entity_of(kind) == entity


@pytest.fixture
def stand_in(monkeypatch):
    """A module with the two classes that are used of presidio's."""
    module = ModuleType("presidio_analyzer")

    class EntityRecognizer:
        def __init__(self, *, supported_entities, name, supported_language):
            self.supported_entities = supported_entities
            self.name, self.supported_language = name, supported_language
            self.load()

    class RecognizerResult:
        def __init__(self, entity_type, start, end, score):
            self.entity_type, self.start, self.end, self.score = entity_type, start, end, score

    module.EntityRecognizer, module.RecognizerResult = EntityRecognizer, RecognizerResult
    monkeypatch.setitem(sys.modules, "presidio_analyzer", module)
    presidio._recognizer_class.cache_clear()
    yield module
    presidio._recognizer_class.cache_clear()


def test_without_presidio_the_error_says_what_is_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    presidio._recognizer_class.cache_clear()
    with pytest.raises(DependencyMissingError, match="presidio-analyzer"):
        entity_recognizer(detectors=())


@pytest.mark.usefixtures("stand_in")
def test_a_recogniser_offers_what_find_identities_finds():
    recogniser = entity_recognizer(detectors=())
    assert (recogniser.name, recogniser.supported_language) == ("saferedact", "en")
    results = recogniser.analyze(TEXT, None)
    spans = find_identities(TEXT, detectors=())
    assert {(r.entity_type, r.start, r.end, r.score) for r in results} == {
        (entity_of(s.kind), s.start, s.end, s.score) for s in spans
    }
    assert {r.entity_type for r in results} >= {"UK_NHS", "SR_ADDRESS", "SR_CRIME_REF"}
    assert {r.entity_type for r in results} <= set(recogniser.supported_entities)


@pytest.mark.usefixtures("stand_in")
def test_only_wanted_entities_are_returned():
    results = entity_recognizer(detectors=()).analyze(TEXT, ["UK_NHS"])
    assert {r.entity_type for r in results} == {"UK_NHS"}


@pytest.mark.usefixtures("stand_in")
def test_limits_of_the_policy_hold(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'schema = "saferedact.policy/1"\nname = "own"\nextends = "release"\n'
        "[limits]\nmax_text_chars = 10\n"
    )
    with pytest.raises(LimitExceededError):
        entity_recognizer(policy=path, detectors=()).analyze(TEXT, None)


@pytest.mark.slow
def test_the_real_presidio_takes_the_recogniser():
    analyzer = pytest.importorskip("presidio_analyzer")
    nlp = pytest.importorskip("presidio_analyzer.nlp_engine")

    class NoModel(nlp.NlpEngine):
        """An engine for language without a model, so that nothing is loaded or asked for."""

        def load(self):
            pass

        def is_loaded(self):
            return True

        def process_text(self, text, language):
            return nlp.NlpArtifacts([], [], [], [], self, language)

        def process_batch(self, texts, language, **_):
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word, language):
            return False

        def is_punct(self, word, language):
            return False

        def get_supported_entities(self):
            return []

        def get_supported_languages(self):
            return ["en"]

    registry = analyzer.RecognizerRegistry(supported_languages=["en"])
    registry.add_recognizer(entity_recognizer(detectors=()))
    engine = analyzer.AnalyzerEngine(
        registry=registry, nlp_engine=NoModel(), supported_languages=["en"]
    )
    results = engine.analyze(TEXT, "en")
    assert {TEXT[r.start : r.end] for r in results if r.entity_type == "UK_NHS"} == {"943 476 5919"}
    assert any(r.entity_type == "SR_ADDRESS" for r in results)
    pattern = analyzer.Pattern("sarah", r"Sarah \w+", 0.7)
    registry.add_recognizer(analyzer.PatternRecognizer("PERSON", patterns=[pattern]))
    (name,) = NameDetector([PresidioNames(engine)]).detect(TEXT)
    assert TEXT[name.start : name.end] == "Sarah Whitfield"
