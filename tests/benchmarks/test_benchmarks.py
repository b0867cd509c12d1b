"""The tool that measures: its arithmetic, what it writes, and what it lists. No time is asserted."""

import json
import math
import subprocess
from collections import OrderedDict
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import numpy as np
import pytest
from benchmarks.forget import forget
from benchmarks.harness import Comparison, alternate, compare, machine, slope_of
from benchmarks.results import (
    Plot,
    Section,
    Series,
    Table,
    as_tree,
    load,
    markdown,
    number,
    save,
)
from benchmarks.sections import NAMES, Setup
from benchmarks.sections.peers import who_is_ahead
from benchmarks.sections.peers.calls import Score
from PIL import Image

from benchmarks import __main__ as command
from benchmarks import page, peers, plots
from saferedact.detectors.remembered import Remembered

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "benchmarks" / "schema.json").read_text("utf-8"))
MACHINE = {
    "processor": "an abacus",
    "cores": 2,
    "flags": ["avx2"],
    "system": "Linux",
    "architecture": "x86_64",
    "python": "3.11.7",
    "load": 0.5,
    "versions": {"numpy": "2.4.6", "openvino": None},
}


class Clock:
    """A clock that calls move forward by a known time."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def takes(self, *seconds):
        """Make a call that takes these times in turn, the last one for ever."""
        waiting = list(seconds)

        def call():
            self.now += waiting.pop(0) if len(waiting) > 1 else waiting[0]

        return call


def plot_of(kind, **changes):
    x = ["64 px", "256 px"] if kind == "bar" else [1.0, 2.0, 4.0]
    series = [
        Series(name, x, [float(i + k) for i in range(1, len(x) + 1)], labels=[str(v) for v in x])
        for k, name in enumerate(("ours", "theirs"))
    ]
    options = {"fit": kind == "line", **changes}
    return Plot(f"a-{kind}.png", kind, "A title", "across", "up", series, **options)


def section_of(name="frames"):
    table = Table("Times", ["what", "ms"], note="A note.")
    table.add("a | b", 1.5)
    return Section(name, name.title(), "An intro.", [table], [plot_of("line")], 1.0)


# --- ratios


@pytest.mark.parametrize(
    ("seconds", "reference", "expected"),
    [
        ([3.0], [2.0], (1.5, 1.5, 1.5, 3.0, 2.0, 1)),
        ([2.0, 8.0], [1.0, 2.0], (3.0, 2.0, 4.0, 5.0, 1.5, 2)),
        # Round by round: the slow round is slow for both, so the ratio is the same.
        ([1.0, 10.0, 2.0], [1.0, 10.0, 2.0], (1.0, 1.0, 1.0, 2.0, 2.0, 3)),
        ([1.0, 9.0, 2.0], [1.0, 1.0, 1.0], (2.0, 1.0, 9.0, 2.0, 1.0, 3)),
    ],
)
def test_ratios_are_taken_round_by_round(seconds, reference, expected):
    assert compare(seconds, reference) == Comparison(*expected)


@pytest.mark.parametrize(("seconds", "reference"), [([], []), ([1.0], []), ([1.0], [1.0, 2.0])])
def test_a_ratio_needs_both_sides(seconds, reference):
    with pytest.raises(ValueError, match="as many timings"):
        compare(seconds, reference)


def test_things_alternate_with_the_reference():
    clock, said = Clock(), []

    def call(name, seconds):
        def run():
            said.append(name)
            clock.now += seconds

        return run

    found = alternate(
        call("r", 2.0),
        {"a": call("a", 3.0), "b": call("b", 1.0)},
        rounds=3,
        least_s=0,
        warm=False,
        clock=clock,
    )
    assert "".join(said) == "rr" + "rab" + "rba" + "rab"  # the reference is warmed first
    assert found["a"].ratio == pytest.approx(1.5)
    assert found["b"].ratio == pytest.approx(0.5)


def test_short_calls_are_repeated_and_told_per_call():
    clock = Clock()
    calls = []

    def short():
        calls.append(1)
        clock.now += 0.001

    found = alternate(clock.takes(0.1), {"short": short}, rounds=1, least_s=0.02, clock=clock)
    assert len(calls) == 2 + 20  # warmed, timed once, then 20 in the round
    assert found["short"].seconds == pytest.approx(0.001)
    assert found["short"].ratio == pytest.approx(0.01)


def test_a_slow_first_call_does_not_count():
    clock = Clock()
    slow_first = clock.takes(50.0, 1.0)
    found = alternate(clock.takes(1.0), {"a": slow_first}, rounds=3, least_s=0, clock=clock)
    assert found["a"].high == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("y", "slope", "exponent"),
    [
        ([10.0, 12.0, 16.0, 24.0], 2.0, 1.0),
        ([1.0, 4.0, 16.0, 64.0], 9.26, None),
        ([5.0, 5.0, 5.0, 5.0], 0.0, math.nan),
    ],
    ids=["linear", "quadratic", "flat"],
)
def test_slopes(y, slope, exponent):
    found = slope_of([1.0, 2.0, 4.0, 8.0], y)
    assert found["slope"] == pytest.approx(slope, abs=0.01)
    if exponent is None:
        assert found["exponent"] > 1.4
    else:
        assert found["exponent"] == pytest.approx(exponent, nan_ok=True)


# --- tables and files


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (12345, "12,345"),
        (0.12345, "0.123"),
        (1.2345, "1.23"),
        (12.345, "12.3"),
        (1234.5, "1,234"),
        (True, "yes"),
        (None, "-"),
        ("as it is", "as it is"),
    ],
)
def test_numbers_are_written_with_three_figures(value, text):
    assert number(value) == text


def test_a_table_is_markdown():
    table = Table("T", ["name", "x"])
    table.add("a|b\nc", 2.0)
    assert markdown(table).splitlines() == ["| name | x |", "|---|---|", "| a\\|b c | 2.00 |"]


def test_a_row_that_does_not_fit_is_refused():
    table = Table("T", ["name", "x"])
    table.add("only one")
    with pytest.raises(ValueError, match="1 cells, not 2"):
        markdown(table)


def test_results_are_of_the_schema_and_come_back(tmp_path):
    section = section_of()
    section.plots[0].series[0].y[0] = math.nan
    save(tmp_path / "a.json", as_tree(machine(), "quick", [section]))
    text = (tmp_path / "a.json").read_text("utf-8")
    assert "NaN" not in text
    jsonschema.validate(json.loads(text), SCHEMA)
    tree, (back,) = load(tmp_path / "a.json")
    assert tree["mode"] == "quick"
    assert back.tables == section.tables
    assert back.plots[0].series[1] == section.plots[0].series[1]


def test_the_schema_refuses_what_is_no_result():
    tree = as_tree(MACHINE, "quick", [section_of()])
    jsonschema.validate(tree, SCHEMA)
    tree["sections"][0]["plots"][0]["file"] = "../elsewhere.png"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tree, SCHEMA)


def test_a_file_of_another_schema_is_refused(tmp_path):
    (tmp_path / "a.json").write_text('{"schema": "other/1"}', "utf-8")
    with pytest.raises(ValueError, match="no file of benchmarks"):
        load(tmp_path / "a.json")


# --- plots


@pytest.mark.parametrize("kind", ["line", "front", "bar"])
@pytest.mark.parametrize("bars", [False, True])
def test_a_plot_is_a_png_that_shows_something(tmp_path, kind, bars):
    pytest.importorskip("matplotlib")
    plot = plot_of(kind)
    if bars:
        for series in plot.series:
            series.low = [y - 0.5 for y in series.y]
            series.high = [y + 0.5 for y in series.y]
    path = tmp_path / "deep" / plot.file
    plots.draw(plot, path)
    with Image.open(path) as image:
        assert image.format == "PNG"
        pixels = np.asarray(image.convert("RGB"))
    for color in plots.COLORS[: len(plot.series)]:
        rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])
        assert (np.abs(pixels.astype(int) - rgb).max(axis=2) < 12).sum() > 20


def test_other_data_is_another_picture(tmp_path):
    pytest.importorskip("matplotlib")
    plot = plot_of("line")
    plots.draw(plot, tmp_path / "a.png")
    plots.draw(plot, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    plot.series[0].y[1] += 1
    plots.draw(plot, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()


def test_an_unknown_kind_of_plot_is_refused(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(ValueError, match="pie"):
        plots.draw(Plot("a.png", "pie", "", "", "", []), tmp_path / "a.png")


# --- the page and the command


def test_the_page_links_every_plot_and_says_what_is_missing(tmp_path):
    pytest.importorskip("matplotlib")
    sections = [section_of("frames"), section_of("faces")]
    sections[1].plots[0].file = "b-line.png"
    page.write(tmp_path, as_tree(MACHINE, "quick", sections), sections)
    text = (tmp_path / "benchmarks.md").read_text("utf-8")
    for name in ("a-line.png", "b-line.png"):
        assert f"(images/benchmarks/{name})" in text
        assert (tmp_path / "images" / "benchmarks" / name).exists()
    assert "an abacus, 2 cores (avx2)" in text
    assert "openvino None" not in text
    assert "Not measured in this run: images, video, pdf, text, check, peers." in text
    assert "a \\| b" in text


def test_all_asks_for_every_section_in_quick_mode(monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    asked = []

    def run(arguments, **_):
        words = [str(word) for word in arguments]
        name = words[words.index("benchmarks") + 1]
        asked.append((name, "--quick" in words))
        save(tmp_path / f"{name}.json", as_tree(MACHINE, "quick", [section_of(name)]))
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(command.subprocess, "run", run)
    command.main(["all", "--quick", "--out", str(tmp_path), "--docs", str(tmp_path / "docs")])
    assert asked == [(name, True) for name in NAMES]
    jsonschema.validate(
        json.loads((tmp_path / "docs" / "benchmarks.json").read_text("utf-8")), SCHEMA
    )
    text = (tmp_path / "docs" / "benchmarks.md").read_text("utf-8")
    assert "Not measured" not in text
    assert "benchmarks all --quick`" in text


def test_a_section_that_fails_is_not_told_from_an_earlier_run(monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    for name in NAMES:
        save(tmp_path / f"{name}.json", as_tree(MACHINE, "full", [section_of(name)]))
    monkeypatch.setattr(
        command.subprocess,
        "run",
        lambda arguments, **_: subprocess.CompletedProcess(arguments, int("video" in arguments)),
    )
    command.main(["all", "--out", str(tmp_path), "--docs", str(tmp_path)])
    text = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert "Not measured in this run: video." in text


def test_every_section_can_be_run():
    for name in NAMES:
        assert callable(import_module(f"benchmarks.sections.{name}").run)


def test_a_whole_section_runs(tmp_path, monkeypatch):
    from benchmarks.sections import frames

    monkeypatch.setattr(frames, "SIDES", (16, 32))
    monkeypatch.setattr(frames, "FORMAT_NAMES", ("gray", "nv12"))
    monkeypatch.setattr(frames, "SIZES", {"720p": (160, 90), "1080p": (192, 108)})
    section = frames.run(Setup(tmp_path, quick=True))
    tree = json.loads(json.dumps(as_tree(MACHINE, "quick", [section])))
    jsonschema.validate(tree, SCHEMA)
    text = page.section_text(section)
    assert "cv2.GaussianBlur" in text
    assert len(section.plots) == 2


# --- other programs


def test_peers_are_pinned_and_told_when_they_are_not_there(tmp_path):
    known = peers.peers()
    assert {"deface", "presidio", "xray", "blankout", "openscrub", "pymupdf"} <= set(known)
    for name, peer in known.items():
        assert all("==" in requirement for requirement in peer.requirements)
        assert f"peers make {name}" in peer.missing(tmp_path)


def test_a_peer_without_a_program_it_needs_says_so(tmp_path, monkeypatch):
    peer = peers.peers()["presidio"]
    python = peer.python(tmp_path)
    python.parent.mkdir(parents=True)
    python.write_text("")
    monkeypatch.setattr(peers.shutil, "which", lambda _: None)
    assert peer.missing(tmp_path) == "needs tesseract on this machine"
    monkeypatch.setattr(peers.shutil, "which", lambda name: name)
    assert peer.missing(tmp_path) is None


def test_who_is_ahead_is_told_also_where_it_is_not_us():
    table = who_is_ahead(
        [
            Score("a", "time", {"saferedact": 2.0, "saferedact, fast": 1.5, "x": 1.0}, True),
            Score("a", "found", {"saferedact": 0.9, "x": 0.5}),
            Score("b", "found", {"saferedact": 0.9, "x": 0.9}),
            Score("c", "found", {"saferedact": 0.9}),
        ]
    )
    assert [(row[0], row[2], row[-1]) for row in table.rows] == [
        ("a", "x", "**behind**"),
        ("a", "saferedact", "ahead"),
        ("b", "saferedact and x", "equal"),
    ]


def test_what_is_forgotten_is_asked_again():
    memory = Remembered(lambda _: 1, max_bytes=10_000)
    reader = SimpleNamespace(_maps=memory)
    detector = SimpleNamespace(_reader=reader, _remembered=OrderedDict(a=1))
    pixels = np.zeros((2, 2), np.uint8)
    memory.answer(pixels, lambda: "old")
    forget(detector)
    assert memory.answer(pixels, lambda: "new") == "new"
    assert not detector._remembered
