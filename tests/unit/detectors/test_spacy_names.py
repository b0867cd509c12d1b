"""spaCy's persons, their places in long texts, and their weight; on a rule-based pipeline."""

import pytest

from saferedact.detectors import spacy_names
from saferedact.detectors.spacy_names import MODEL, SCORE, SpacyNames
from saferedact.errors import DetectorError


@pytest.fixture
def pipeline(tmp_path, monkeypatch):
    """A spaCy model directory that knows Sarah Whitfield, Alder and Leeds."""
    import spacy

    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Sarah Whitfield"},
            {"label": "PERSON", "pattern": "Alder"},
            {"label": "GPE", "pattern": "Leeds"},
        ]
    )
    made.to_disk(tmp_path / "model")
    monkeypatch.setattr(spacy_names, "model_path", lambda _: tmp_path / "model" / "config.cfg")
    spacy_names._load.cache_clear()
    yield tmp_path / "model"
    spacy_names._load.cache_clear()


def seen(text):
    return [(text[span.start : span.end], span.score) for span in SpacyNames().find(text)]


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("text", ["", " ", "in Leeds", "\x00"])
def test_no_names(text):
    assert seen(text) == []


@pytest.mark.usefixtures("pipeline")
def test_persons():
    assert seen("Then Sarah Whitfield left") == [("Sarah Whitfield", SCORE)]


@pytest.mark.usefixtures("pipeline")
def test_the_name_of_a_street_counts_less():
    assert seen("on Alder Close") == [("Alder", pytest.approx(0.35 * SCORE))]


@pytest.mark.usefixtures("pipeline")
def test_a_name_in_every_window_is_found_in_its_place():
    text = "".join(f"line {i} is of no note. Sarah Whitfield said so.\n" for i in range(400))
    places = {(span.start, span.end) for span in SpacyNames().find(text)}
    assert len(places) == 400
    assert {text[start:end] for start, end in places} == {"Sarah Whitfield"}


def test_a_directory_that_is_no_model(pipeline):
    (pipeline / "config.cfg").write_text("nonsense")
    with pytest.raises(DetectorError, match="cannot be loaded"):
        SpacyNames()


@pytest.mark.usefixtures("pipeline")
def test_a_pipeline_that_fails_says_nothing_of_the_text():
    names = SpacyNames()

    class Broken:
        def memory_zone(self):
            raise RuntimeError("Sarah")

    names._pipeline = Broken()
    with pytest.raises(DetectorError, match=MODEL) as caught:
        names.find("Sarah")
    assert "Sarah" not in caught.value.message
