"""The process that looks into files: what it answers, and how it dies."""

import io
import subprocess
import sys

import pytest

from saferedact.limits import Limits
from saferedact.media.contents import Passage
from saferedact.pipeline.inspection import Inspection, Inspector
from saferedact.pipeline.inspection import serve as serve_module
from saferedact.pipeline.inspection import worker as worker_module
from saferedact.pipeline.inspection.serve import answer, receive, send, serve
from saferedact.testing.leaks import LEAKS
from saferedact.traces import Trace


@pytest.fixture
def rectangle(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(LEAKS["rectangle.pdf"]())
    return path


def test_one_process_looks_into_many_files(rectangle, tmp_path):
    other = tmp_path / "b.bin"
    other.write_bytes(b"")
    with Inspector() as inspector:
        first = inspector.inspect(rectangle)
        nothing = inspector.inspect(other)
        again = inspector.inspect(rectangle)
    assert first == again
    assert [trace.channel for trace in first.traces] == ["covered-text"]
    assert not nothing.inspected
    assert nothing.unread


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(rectangle):
    with Inspector(seconds=0.01) as inspector:
        found = inspector.inspect(rectangle)
        assert found == Inspection.failed("looking into it took too long")
        inspector._seconds = 60
        assert inspector.inspect(rectangle).inspected


def test_a_process_that_dies_is_a_failed_look(rectangle):
    with Inspector() as inspector:
        assert inspector.inspect(rectangle).inspected
        inspector._process.kill()
        inspector._process.wait()
        found = inspector.inspect(rectangle)
        assert not found.inspected
        assert "ended the process" in found.unread[0]
        assert inspector.inspect(rectangle).inspected


class _Interrupt(Exception):
    """As of Ctrl-C, or of a time limit that a server sets for a task."""


def test_an_answer_that_nobody_waited_for_is_not_that_of_the_next_file(rectangle, tmp_path):
    other = tmp_path / "page.html"
    other.write_text("<!doctype html><p hidden>Unseen words</p>")

    def interrupted(_pipe):
        raise _Interrupt

    with Inspector() as inspector:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("saferedact.pipeline.inspection.worker.receive", interrupted)
            with pytest.raises(_Interrupt):
                inspector.inspect(rectangle)
        assert [t.text for t in inspector.inspect(other).traces] == ["Unseen words"]


def test_an_inspector_that_was_not_used_ends_quietly():
    with Inspector() as inspector:
        assert inspector._process is None
    assert inspector._process is None


def test_an_inspection_goes_through_json():
    whole = Inspection(
        "pdf",
        (Passage("a ü", "page 1", 0),),
        (Trace("gps", ""), Trace("blur", "x", "t", 1, (0.0, 1.0, 2.0, 3.5), 0.5, 2.0)),
        ("why",),
    )
    assert Inspection.from_json(whole.to_json()) == whole


def test_too_many_traces_are_told():
    found = Inspection("other", traces=(Trace("hidden-cells", ""),) * 50_001)
    read = Inspection.from_json(found.to_json())
    assert len(read.traces) == 50_000
    assert read.unread == ("only 50000 of 50001 traces are listed",)


def test_serving_in_this_process(rectangle):
    requests, answers = io.BytesIO(), io.BytesIO()
    send(requests, b" ".join(str(v).encode() for v in (10**9, *[10**6] * 3)))
    send(requests, str(2**62).encode())
    send(requests, str(rectangle).encode())
    send(requests, b"")
    requests.write(b"\0\0")
    requests.seek(0)
    serve(requests, answers)
    answers.seek(0)
    assert Inspection.from_json(receive(answers)).inspected


@pytest.mark.parametrize("messages", [[], [b"1"]])
def test_serving_nobody(messages):
    requests, answers = io.BytesIO(), io.BytesIO()
    for message in messages:
        send(requests, message)
    requests.seek(0)
    serve(requests, answers)
    assert answers.getvalue() == b""


@pytest.mark.parametrize(
    ("error", "words"), [(MemoryError, "memory"), (RecursionError, "nested too deeply")]
)
def test_what_runs_out_is_told(monkeypatch, rectangle, error, words):
    def look(*_):
        raise error

    monkeypatch.setattr("saferedact.pipeline.inspection.look_into.look_into", look)
    assert words in answer(rectangle, Limits()).unread[0]


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0", (2**40).to_bytes(8, "big"), b"\0" * 7 + b"\x05ab"]
)
def test_messages_that_break_off(data):
    assert receive(io.BytesIO(data)) is None


class Bounds:
    """Stands for the module `resource` of another system."""

    RLIM_INFINITY, RLIMIT_AS = -1, 9

    def __init__(self, most, error=None):
        self.most = most
        self.error = error
        self.set = []

    def getrlimit(self, _what):
        return 0, self.most

    def setrlimit(self, what, bounds):
        if self.error is not None:
            raise self.error
        self.set.append((what, bounds))


@pytest.mark.parametrize(
    ("most", "expected"), [(-1, (500, -1)), (300, (300, 300)), (900, (500, 900))]
)
def test_memory_is_bounded_within_what_the_system_allows(monkeypatch, most, expected):
    bounds = Bounds(most)
    monkeypatch.setitem(sys.modules, "resource", bounds)
    serve_module._bound_memory(500)
    assert bounds.set == [(9, expected)]


@pytest.mark.parametrize("bounds", [None, Bounds(-1, OSError()), Bounds(-1, ValueError())])
def test_systems_that_cannot_bound_memory_go_on_without(monkeypatch, bounds):
    monkeypatch.setitem(sys.modules, "resource", bounds)
    serve_module._bound_memory(500)
    assert bounds is None or bounds.set == []


def test_a_process_that_does_not_end_when_asked_is_ended(monkeypatch):
    monkeypatch.setattr(worker_module, "_LEAVE_SECONDS", 0.05)
    inspector = Inspector()
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    inspector._process = process
    inspector.close()
    assert process.poll() is not None
    assert process.stdout.closed
    inspector.close()  # twice does no harm
