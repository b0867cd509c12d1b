"""The process that parses: whatever goes wrong in it is one clear error, and the next file works."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary

from saferedact.errors import DamagedInputError, LimitExceededError, RedactionError
from saferedact.limits import Limits
from saferedact.media import pdf_pipe, pdf_server, pdf_session, pdf_worker
from saferedact.media.pdf_audit import audit
from saferedact.media.pdf_session import PdfSession
from saferedact.media.pdf_views import KeptViews, PageRegionSpec
from saferedact.pipeline.pdf.regions import as_text, as_wanted, is_pixels
from saferedact.pipeline.redact import redact_with_plan
from saferedact.policy import load_policy
from saferedact.testing.pdfs import Paper, Secrets, make_channel


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "a.pdf"
    make_channel("plain-text", path)
    return path


def test_a_reader_that_keeps_busy_is_ended(source):
    pdf_worker.end_worker()  # the one that is ended by force does not write down what it ran
    worker = pdf_worker._running()
    with pytest.raises(LimitExceededError, match="busy"):
        worker.call("open", source, "", Limits(), seconds=0.0)
    assert not worker.alive
    with pdf_worker.open_pdf(source, limits=Limits()) as document:
        assert len(document.facts.sizes) == 1


def test_a_call_on_a_worker_that_has_gone_is_an_error(source):
    worker = pdf_worker._running()
    pdf_worker.end_worker()
    with pytest.raises(DamagedInputError):
        worker.call("audit", source)
    pdf_worker.end_worker()  # nothing to end


class _Interrupt(Exception):
    """As of Ctrl-C, or of a time limit that a server sets for a task."""


class _InterruptedOnce:
    """Answers of a worker; whoever waits for the first is interrupted."""

    def __init__(self, answers):
        self._answers = answers
        self.put = answers.put
        self._is_first = True

    def get(self, timeout):
        if self._is_first:
            self._is_first = False
            raise _Interrupt
        return self._answers.get(timeout=timeout)


def test_an_answer_that_nobody_waited_for_is_no_answer_to_the_next_call(source):
    pdf_worker.end_worker()
    worker = pdf_worker._running()
    worker._answers = _InterruptedOnce(worker._answers)
    with pytest.raises(_Interrupt):
        worker.call("open", source, "", Limits())
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    paper.add_page()
    other = source.with_name("two-pages.pdf")
    other.write_bytes(paper.saved())
    with pdf_worker.open_pdf(other, limits=Limits()) as document:
        assert len(document.facts.sizes) == 2


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (MemoryError(), LimitExceededError),
        (RecursionError(), DamagedInputError),
        (KeyError("Harriet"), RedactionError),
        (LimitExceededError("too much"), LimitExceededError),
    ],
)
def test_errors_are_answers_that_quote_nothing(raised, expected):
    class Broken:
        def page(self):
            raise raised

    done, error = pdf_server._answered(Broken(), "page", ())
    assert not done
    assert type(error) is expected
    assert "Harriet" not in error.message


def test_what_is_not_open_cannot_be_asked_for():
    server = pdf_server._Server()
    with pytest.raises(RedactionError, match="not open"):
        server.page(7, 0)
    with pytest.raises(RedactionError, match="searched"):
        server.search_page(0)


def test_the_oldest_document_is_given_back(tmp_path):
    server = pdf_server._Server()
    numbers = []
    for seed in range(3):
        path = tmp_path / f"{seed}.pdf"
        make_channel("plain-text", path, seed=seed)
        numbers.append(server.open(path, "", Limits())[0])
    with pytest.raises(RedactionError):
        server.page(numbers[0], 0)
    assert server.page(numbers[2], 0).layers
    assert server.open(tmp_path / "2.pdf", "", Limits())[0] == numbers[2]
    with pytest.raises(RuntimeError, match="begun"):
        server.add(numbers[2], 0, (), "", False)
    with pytest.raises(RuntimeError, match="begun"):
        server.finish(numbers[2], tmp_path / "out.pdf")


def test_messages_that_break_off_are_the_end():
    pipe = io.BytesIO()
    pdf_pipe.send(pipe, ("page", (1, 2)))
    whole = pipe.getvalue()
    assert pdf_pipe.receive(io.BytesIO(whole)) == ("page", (1, 2))
    for kept in range(len(whole)):
        assert pdf_pipe.receive(io.BytesIO(whole[:kept])) is None


def test_a_page_that_was_read_is_not_read_again(tmp_path):
    path = tmp_path / "a.pdf"
    make_channel("table-cells", path)
    server = pdf_server._Server()
    number, _ = server.open(path, "", Limits())
    first = server.page(number, 0)
    server._session(number)._models.clear()
    server._session(number)._interpret = None  # it would fail
    again = server.page(number, 0)
    assert [layer.text for layer in again.layers] == [layer.text for layer in first.layers]


_SPOILT = {
    "catalog": ("pdf-catalog", lambda pdf: pdf.Root.__setitem__("/Lang", pikepdf.String("en"))),
    "tree": ("pdf-catalog", lambda pdf: pdf.Root.Pages.__setitem__("/X", 1)),
    "page": ("pdf-page", lambda pdf: pdf.pages[0].obj.__setitem__("/Annots", Array())),
    "resources": (
        "pdf-page",
        lambda pdf: pdf.pages[0].obj.Resources.__setitem__("/Properties", Dictionary()),
    ),
    "no resources": ("pdf-syntax", lambda pdf: pdf.pages[0].obj.__delitem__("/Resources")),
    "font": (
        "pdf-font",
        lambda pdf: next(iter(pdf.pages[0].obj.Resources.Font.values())).__setitem__("/X", 1),
    ),
    "two descendants": (
        "pdf-font",
        lambda pdf: next(iter(pdf.pages[0].obj.Resources.Font.values())).__setitem__(
            "/DescendantFonts", Array()
        ),
    ),
    "a page twice": (
        "pdf-syntax",
        lambda pdf: pdf.Root.Pages.Kids.append(pdf.Root.Pages.Kids[0]),
    ),
    "object": ("pdf-object", lambda pdf: pdf.Root.Pages.__setitem__("/X", pdf.make_stream(b"x"))),
    "image": (
        "pdf-image",
        lambda pdf: pdf.pages[0].obj.Resources.__setitem__(
            "/XObject", Dictionary(I1=pdf.make_stream(b"x", Alternates=Array()))
        ),
    ),
}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("what", _SPOILT)
def test_the_audit_finds_what_is_not_ours(tmp_path, source, what):
    target = tmp_path / "b.pdf"
    redact_with_plan(source, target, detectors=[])
    assert audit(target) == []
    channel, spoil = _SPOILT[what]
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        spoil(pdf)
        pdf.save(target, deterministic_id=True, min_version="1.7")
    assert channel in audit(target)


@pytest.mark.usefixtures("engine")
def test_the_audit_finds_bytes_and_revisions(tmp_path, source):
    target = tmp_path / "b.pdf"
    redact_with_plan(source, target, detectors=[])
    data = target.read_bytes()
    target.write_bytes(data + b"\nstartxref\n0\n%%EOF\n")
    assert "pdf-revision" in audit(target)
    target.write_bytes(data + b"more")
    assert "pdf-bytes" in audit(target)
    target.write_bytes(b"no document")
    assert audit(target) == ["pdf-syntax"]


def proposal(box):
    return {"label": "name", "detector": "text", "score": 0.9, "page": 0, "xyxy": box}


def test_a_box_that_was_seen_on_text_becomes_the_words_that_it_holds(source):
    server = pdf_server._Server()
    number, _ = server.open(source, "", Limits())
    view = server.page(number, 0)
    layer = view.layers[0]
    start = layer.text.index("witness")
    x1, y1 = layer.boxes[start, :2].tolist()
    x2, y2 = layer.boxes[start + len("witness") - 1, 2:].tolist()
    seen = proposal((x1 - 4, y1 - 1, x2 + 4, y2 + 1))
    assert not is_pixels(view, seen)
    found, *again = as_text(view, seen, [])
    assert all(item == found for item in again)  # one for each order of reading
    release = load_policy("release")
    to_the_end = release.labels["name"].model_copy(update={"on_pages": "line"})
    for policy, operator in (
        (release, "label"),
        (release.model_copy(update={"labels": {"name": to_the_end}}), "line"),
    ):
        assert as_wanted(view, found, policy) == {**found, "operator": operator}
    assert found["xyxy"] == pytest.approx((x1, y1, x2, y2), abs=0.13)
    assert list(as_text(view, seen, [(x1, y1, x2, y2)])) == []  # gone already
    bare = proposal((5.0, 5.0, 30.0, 20.0))
    assert list(as_text(view, bare, [])) == [bare]


def test_a_box_on_pixels_stays_a_box(tmp_path):
    path = tmp_path / "a.pdf"
    make_channel("scan-flate", path)
    server = pdf_server._Server()
    number, _ = server.open(path, "", Limits())
    view = server.page(number, 0)
    seen = proposal((60.0, 110.0, 160.0, 130.0))
    assert is_pixels(view, seen)
    assert list(as_text(view, seen, [])) == [seen]


def test_paths_are_those_of_the_folder_that_the_program_is_in(tmp_path, source, monkeypatch):
    with pdf_worker.open_pdf(source, limits=Limits()):
        pass  # the process runs, and was started elsewhere
    monkeypatch.chdir(tmp_path)
    with pdf_worker.open_pdf(source.relative_to(tmp_path), limits=Limits()) as document:
        assert len(document.facts.sizes) == 1


def spec(mode):
    return PageRegionSpec((38, 85, 200, 105), mode, "solid", "rectangle", (0, 0, 0), 0, "name", "")


class TestSession:
    """What is kept between two looks at a page is only a matter of time."""

    @pytest.fixture
    def opened(self, tmp_path):
        sessions = []

        def run(*channels):
            pdf = pikepdf.new()
            for number, channel in enumerate(channels):
                make_channel(channel, tmp_path / f"{number}.pdf")
                with pikepdf.open(tmp_path / f"{number}.pdf") as part:
                    pdf.pages.extend(part.pages)
            target = io.BytesIO()
            pdf.save(target)
            sessions.append(PdfSession(target.getvalue(), password="", limits=Limits()))
            return sessions[-1]

        yield run
        for session in sessions:
            session.close()

    @pytest.mark.parametrize("kept", ["_KEPT_PAGES", "_KEPT_GLYPHS"])
    def test_pages_that_were_forgotten_are_written_the_same(
        self, opened, monkeypatch, tmp_path, kept
    ):
        channels = ("plain-text", "white-text", "table-cells", "plain-text")
        region = spec("label")

        def written(session, path):
            for _ in range(2):
                for page in range(len(channels)):
                    session.page(page)
                    session._views = KeptViews()
            session.begin()
            for page in range(len(channels)):
                session.add(page, [region], raster="", spoken=False)
            session.finish(path)
            return path.read_bytes()

        whole = written(opened(*channels), tmp_path / "whole.pdf")
        monkeypatch.setattr(pdf_session, kept, 1)
        session = opened(*channels)
        assert written(session, tmp_path / "forgot.pdf") == whole
        assert len(session._models if kept == "_KEPT_PAGES" else session._found) <= 1

    def test_a_page_that_becomes_a_picture_has_its_covers_where_the_regions_are(self, opened):
        session = opened("plain-text")
        region = spec("line")
        assert session.covers(0, [region], raster=True) == [region.xyxy]
        assert session.covers(0, [region], raster=False) != [region.xyxy]

    def test_steps_out_of_order_are_our_fault(self, opened, tmp_path):
        session = opened("plain-text")
        with pytest.raises(RuntimeError, match="no new document"):
            session.add(0, [], raster="", spoken=False)
        with pytest.raises(RuntimeError, match="no new document"):
            session.finish(tmp_path / "x.pdf")
