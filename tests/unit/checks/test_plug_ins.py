"""Checks of other packages: listed without being loaded, run only when named."""

import sys
from pathlib import Path

import pytest

from saferedact.checks.base import Hit, Place
from saferedact.checks.plug_ins import ExtraCheck, extra_check_names, load_extra_checks
from saferedact.errors import DetectorError, InputError
from saferedact.pipeline.check import check

MODULE = """\
from saferedact.checks.base import Hit, Place
from saferedact.checks.plug_ins import ExtraCheck

LOADED = True


def _run(context):
    for material in context.current:
        for segment in material.segments:
            at = segment.text.find("Operation Plum")
            if at >= 0:
                place = Place(material, segment, at, at + 14)
                yield Hit(segment.text, (place,))


def make():
    return ExtraCheck("XF-01", "An operation is named", "Leave its name out.", "BLOCK", _run)


NOT_ONE = 7


def breaks():
    raise RuntimeError("Operation Plum")
"""

ENTRY_POINTS = """\
[saferedact.checks]
force-words = force_words_plug_in:make
not-one = force_words_plug_in:NOT_ONE
breaks = force_words_plug_in:breaks
missing = no_such_module_at_all:make
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    site = tmp_path / "site"
    info = site / "force_words-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "force_words_plug_in.py").write_text(MODULE, "utf-8")
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: force-words\nVersion: 1.0\n", "utf-8"
    )
    (info / "entry_points.txt").write_text(ENTRY_POINTS, "utf-8")
    monkeypatch.syspath_prepend(site)
    yield
    sys.modules.pop("force_words_plug_in", None)


@pytest.fixture
def release(tmp_path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "statement.txt").write_text("A man was arrested in Operation Plum.", "utf-8")
    return folder


def _checked(folder, extra):
    return check(folder, extra=extra, finder=None, detectors=(), image_text=None, parser=None)


@pytest.mark.usefixtures("installed")
def test_listing_loads_nothing():
    assert {"force-words", "not-one"} <= set(extra_check_names())
    assert "force_words_plug_in" not in sys.modules


@pytest.mark.usefixtures("installed")
def test_what_is_not_named_does_not_run(release):
    report = _checked(release, ())
    assert "force_words_plug_in" not in sys.modules
    assert all(run.name != "XF-01" for run in report.checks_run)


@pytest.mark.usefixtures("installed")
def test_a_named_one_runs_and_blocks(release):
    report = _checked(release, ["force-words"])
    found = [finding for finding in report.findings if finding.rule_id == "XF-01"]
    assert [finding.level for finding in found] == ["BLOCK"]
    assert found[0].location.start == 22
    assert report.verdict == "blocked"
    assert "Plum" not in report.model_dump_json()  # its hits quote the text


def test_one_that_is_handed_over_runs(release):
    def run(context):
        yield Hit("", (Place(context.current[0]),), level="INFO")

    report = _checked(release, [ExtraCheck("XA-01", "Seen", "Look.", "WARN", run)])
    assert [f.level for f in report.findings if f.rule_id == "XA-01"] == ["INFO"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["not-one", "breaks", "missing"])
def test_what_is_no_check_is_told_by_name_alone(name):
    with pytest.raises(DetectorError) as caught:
        load_extra_checks([name])
    assert "Plum" not in str(caught.value)


@pytest.mark.usefixtures("installed")
def test_an_unknown_name_is_refused():
    with pytest.raises(InputError, match="force-words"):
        load_extra_checks(["nobody"])


def test_one_name_is_no_list():
    with pytest.raises(InputError):
        load_extra_checks("force-words")


def test_two_of_one_id_are_refused():
    one = ExtraCheck("XA-01", "Seen", "Look.", "WARN", lambda _: ())
    with pytest.raises(InputError):
        load_extra_checks([one, one])


@pytest.mark.parametrize(
    "changed", [{"id": "PJ-01"}, {"level": "HIGH"}, {"title": ""}, {"title": "x" * 201}, {"run": 3}]
)
def test_a_check_that_no_report_can_hold_is_refused(changed):
    fields = {"id": "XA-01", "title": "Seen", "next_step": "Look.", "level": "WARN"}
    with pytest.raises(DetectorError):
        load_extra_checks([ExtraCheck(**{"run": lambda _: (), **fields, **changed})])


def test_one_that_fails_stops_the_check(release):
    def run(context):
        raise RuntimeError(context.current[0].segments[0].text)

    with pytest.raises(DetectorError, match="XA-01") as caught:
        _checked(release, [ExtraCheck("XA-01", "Seen", "Look.", "WARN", run)])
    assert "Plum" not in str(caught.value)
