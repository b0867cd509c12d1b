"""Text on pages that become pictures: searchable, redacted, and no measure of what was hidden."""

import re

import oracle
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saferedact.pipeline.pdf import finder
from saferedact.pipeline.redact import redact_with_plan
from saferedact.policy import load_policy
from saferedact.testing.pdfs import Paper, Secrets, make_channel
from saferedact.testing.pdfs.paper import escaped, say


def policy_with(**documents):
    release = load_policy("release")
    return release.model_copy(update={"documents": release.documents.model_copy(update=documents)})


TOLD = policy_with(pages="raster", text_on_pictures=True)


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage().get_text_range()
    document.close()
    return " ".join(text.split())


def drawing_of(path):
    """Content of the first page: everything but pixels and fonts."""
    with pikepdf.open(path) as pdf:
        return pdf.pages[0].Contents.read_bytes()


def test_the_redacted_text_can_be_read_and_the_secret_cannot(tmp_path, engine):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("table-cells", source)
    engine.know(secrets.name, phones=[secrets.phone])
    result = redact_with_plan(source, target, detectors=[], policy=TOLD)
    text = text_of(target)
    assert "Minutes of the parish meeting held in March" in text
    assert "[NAME]" in text
    assert oracle.leaks(target, secrets.all) == set()
    assert "1 page became a picture (1): the policy asks for it" in result.report.notes


def test_nothing_of_it_is_drawn(tmp_path, engine):
    source = tmp_path / "a.pdf"
    engine.know(make_channel("plain-text", source).name)
    pictures = []
    for number, told in enumerate((False, True)):
        target = tmp_path / f"{number}.pdf"
        policy = policy_with(pages="raster", text_on_pictures=told)
        redact_with_plan(source, target, detectors=[], policy=policy)
        document = pypdfium2.PdfDocument(target)
        pictures.append(document[0].render(scale=2).to_numpy().copy())
        document.close()
        assert ("Minutes" in text_of(target)) is told
    assert (pictures[0] == pictures[1]).all()


@pytest.mark.parametrize("channel", ["unicode-lies", "under-text"])
def test_text_that_is_not_what_is_seen_is_not_told(tmp_path, engine, channel):
    """Letters that lie, and text upon text: nobody knows which words the picture shows."""
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel(channel, source)
    engine.know(secrets.name, phones=[secrets.phone])
    redact_with_plan(source, target, detectors=[], policy=TOLD)
    assert "Minutes" not in text_of(target)


def test_a_page_that_could_not_be_proven_clean_tells_nothing(tmp_path, engine, monkeypatch):
    import sys

    from saferedact.media.pdf_search import Leak

    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    engine.know(make_channel("plain-text", source).name)
    answers = [[Leak(0, "text-pdfium")], [], []]
    module = sys.modules["saferedact.pipeline.pdf.carry_out"]
    monkeypatch.setattr(module, "search_pdf", lambda *_, **__: iter([({}, answers.pop(0))]))
    redact_with_plan(source, target, detectors=[], policy=TOLD)
    assert text_of(target) == "[NAME]"  # on the cover


_NAMES = st.text("abcdefghijklmnopqrstuvwxyzILMW", min_size=2, max_size=12)


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@settings(max_examples=6)
@given(one=_NAMES, other=_NAMES)
def test_what_is_told_does_not_depend_on_what_was_hidden(tmp_path_factory, place, one, other):
    lines = {
        "first": "{} went home by the river",
        "middle": "Later {} went home by the river",
        "last": "Home by the river went {}",
    }
    folder = tmp_path_factory.mktemp("told")
    drawings = []
    for name in (one, other):
        full = f"Qu{name} Vy{name}"
        paper = Paper(Secrets("Harriet", "Osgathorp", ""))
        paper.content(say(lines[place].format(escaped(full)), 40.3, 200.7))
        (folder / "a.pdf").write_bytes(paper.saved())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(finder, "text_engine", lambda _search, full=full: _Knows(full))
            redact_with_plan(
                folder / "a.pdf", folder / "b.pdf", detectors=[], policy=TOLD, overwrite=True
            )
        assert "[NAME]" in text_of(folder / "b.pdf")
        # Covers are pixels; the word on one is drawn as large as there is room for.
        told = re.findall(rb"q BT [^\n]* ET Q", drawing_of(folder / "b.pdf"))
        assert len(told) == 2  # the heading, and the line
        drawings.append(told)
    assert drawings[0] == drawings[1]


class _Knows:
    def __init__(self, name):
        from saferedact.text.sweep import Seed

        self._seeds = [Seed(name, "person")]

    def __call__(self, text):
        from saferedact.text.sweep import sweep

        return sweep(text, self._seeds)
