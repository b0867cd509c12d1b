"""Every rule: one release that triggers it, and one as like it as can be that does not."""

import pytest
from rules_that_fire import CASES, PLAIN
from rules_that_stay_quiet import QUIET

from saferedact.checks import engine  # noqa: F401  registers the triggers
from saferedact.checks.base import TRIGGERS
from saferedact.checks.catalogue import catalogue
from saferedact.checks.material import Sight
from saferedact.checks.traces import JUDGED_BY
from saferedact.testing.checks import base_case, checked, holding, picture, text
from saferedact.traces import Trace

# What each rule of traces tells, by one channel; it is quiet on a channel of another rule.
TOLD = {
    "HD-01": "gps",
    "HD-02": "preview-differs",
    "HD-03": "author",
    "HD-04": "comment",
    "HD-05": "hidden-sheet",
    "HD-06": "earlier-revision",
    "HD-08": "extra-track",
    "HD-09": "jumbf",
    "ID-12": "uncovered-frame",
    "WR-01": "covered-text",
    "WR-02": "mosaic",
    "WR-03": "box-on-ink",
    "WR-05": "see-through-box",
    "WR-06": "cropped-kept",
    "WR-07": "moving-mosaic",
    "WR-10": "color-on-color",
}
for _rule, _channel in TOLD.items():
    _other = "time" if _rule != "HD-03" else "gps"
    CASES[_rule] = [(None, [holding(Trace(_channel, ""))])]
    QUIET[_rule] = [(None, [holding(Trace(_other, ""))]), (None, [holding()])]
CASES |= {
    "WR-09": [(base_case(), [text("The witness, Ms N---, spoke to us.")])],
    "HD-07": [
        (None, [text("News.", name="suspect statement.txt")]),
        (base_case(), [text("News.", name="Priya Nair.txt")]),
    ],
    "HD-10": [
        (base_case(release={"channels": [{"name": "a", "live": True}]}), [PLAIN]),
        (base_case(release={"channels": [{"name": "a", "geotag": True}]}), [PLAIN]),
        (base_case(release={"channels": [{"name": "a", "comments_on": True}]}), [PLAIN]),
    ],
    "HD-11": [
        (None, [holding(Trace("quoted-thread", "part 1", "Earlier."))]),
        (None, [text("OFFICIAL-SENSITIVE. A man has been charged.")]),
    ],
    "HD-12": [(None, [picture(ocr=["AXON BODY 3 X60301234"])])],
}
QUIET |= {
    "WR-09": [(base_case(), [text("The witness, Ms M---, spoke to us.")])],
    "HD-07": [(None, [text("News.", name="statement.txt")])],
    "HD-10": [(base_case(release={"channels": [{"name": "a"}]}), [PLAIN])],
    "HD-11": [(None, [holding(), text("A man was off to the record shop.")])],
    "HD-12": [(None, [picture(ocr=["High Street"])])],
}


def test_hidden_text_that_names_a_protected_person_blocks():
    trace = Trace("navigation-text", "bookmarks", "Statement of Priya Nair")
    report = checked(holding(trace), case=base_case(), rules=["HD-04"])
    assert [(f.level, f.person) for f in report.findings] == [("BLOCK", "C1")]
    assert "Priya" not in report.model_dump_json()


def test_a_mark_on_a_plate_blocks():
    mark = Trace("blur", "", "", 0, (0.0, 0.0, 50.0, 50.0), strength=4.0)
    plate = Sight("plate", 0.9, 0, (10.0, 10.0, 30.0, 20.0))
    elsewhere = Sight("plate", 0.9, 0, (60.0, 10.0, 90.0, 20.0))
    for sights, level in (((plate,), "BLOCK"), ((elsewhere,), "WARN"), ((), "WARN")):
        report = checked(holding(mark, sights=sights), rules=["WR-02"])
        assert [f.level for f in report.findings] == [level]
    assert report.findings[0].location.xyxy == mark.xyxy


def test_every_channel_can_be_told():
    for channel, judgement in JUDGED_BY.items():
        report = checked(holding(Trace(channel, "page 1", page=0)), rules=[judgement.rule_id])
        assert [f.level for f in report.findings] == [judgement.level]
        assert report.findings[0].location.channel == channel
        assert report.findings[0].location.part == "page 1"


def test_files_that_nobody_looked_into():
    report = checked(PLAIN, rules=["HD-01"])
    assert [check.name for check in report.checks_not_run] == ["HD-01"]


def ids(rule, tree, materials, spans=None):
    report = checked(*materials, case=tree, spans=spans, rules=[rule])
    ran = {check.name for check in report.checks_run}
    return {finding.rule_id for finding in report.findings}, ran


@pytest.mark.parametrize(("rule", "row"), [(r, row) for r, every in CASES.items() for row in every])
def test_a_rule_fires(rule, row):
    found, ran = ids(rule, *row)
    assert rule in ran
    assert found == {rule}


@pytest.mark.parametrize(("rule", "row"), [(r, row) for r, every in QUIET.items() for row in every])
def test_a_rule_stays_quiet(rule, row):
    found, ran = ids(rule, *row)
    assert rule in ran
    assert found == set()


def test_every_rule_has_a_trigger_or_a_reason_and_examples_of_both_kinds():
    for rule in catalogue().rules:
        assert (rule.id in TRIGGERS) != bool(rule.not_run), rule.id
        if rule.id in TRIGGERS:
            assert CASES.get(rule.id), rule.id
            assert QUIET.get(rule.id), rule.id
    assert len(catalogue().rules) == 102
    assert set(CASES) == set(QUIET) == set(TRIGGERS)
