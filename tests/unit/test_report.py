"""A report follows from its findings, and never says that a file is safe."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.errors import FindingsError, InputError
from saferedact.report import (
    CheckNotRun,
    CheckRun,
    Finding,
    Location,
    Report,
    dump_report,
    load_report,
)


def finding(level="BLOCK", rule_id="HD-02", message="a preview is left", **location):
    return Finding(
        rule_id=rule_id,
        level=level,
        message=message,
        location=Location(**location),
        next_step="make the file again",
        source="hidden-data",
    )


def report(*findings, not_run=()):
    return Report(
        artifact_sha256="c" * 64,
        checks_run=(CheckRun(name="hidden-data", detail="3 frames"),),
        checks_not_run=tuple(CheckNotRun(name=name, reason="no detector") for name in not_run),
        findings=findings,
    )


boxes = st.none() | st.tuples(*[st.integers(0, 100)] * 2).map(
    lambda p: (p[0] / 8, p[1] / 8, p[0] / 8 + 1, p[1] / 8 + 1)
)
findings = st.builds(
    finding,
    level=st.sampled_from(["BLOCK", "WARN", "INFO"]),
    rule_id=st.sampled_from(["HD-02", "ID-08", "VF-REDETECT-01"]),
    message=st.sampled_from(["one", "zwei é"]),
    asset=st.none() | st.just("A1"),
    frame=st.none() | st.integers(0, 9),
    xyxy=boxes,
    channel=st.none() | st.just("exif"),
)


@given(st.lists(findings, max_size=5))
def test_the_worst_level_makes_the_verdict(items):
    made = report(*items)
    levels = [item.level for item in items]
    assert (made.verdict == "blocked") == ("BLOCK" in levels)
    assert (made.verdict == "no_finding") == (not {"BLOCK", "WARN"} & set(levels))
    assert report(*items[::-1]).verdict == made.verdict
    assert "safe" not in made.summary()


@given(st.lists(findings, max_size=5))
def test_a_report_comes_back_as_it_was(items):
    made = report(*items, not_run=["plates"])
    data = dump_report(made)
    assert load_report(data) == made
    tree = json.loads(data)
    assert tree["verdict"] == made.verdict
    assert [entry["fingerprint"] for entry in tree["findings"]] == [i.fingerprint for i in items]


@given(findings, findings)
def test_a_fingerprint_tells_rule_and_place_apart_and_nothing_else(one, two):
    same = one.rule_id == two.rule_id and one.location == two.location
    assert (one.fingerprint == two.fingerprint) == same


def test_a_fingerprint_stays_the_same_between_versions():
    # Written down once: scripts that compare reports of different days depend on it.
    assert finding(frame=2, channel="exif").fingerprint == "a3385e0478099ea9ddd3f7d881627c4a"


def test_only_a_block_raises():
    report(finding("WARN"), finding("INFO")).raise_for_findings()
    with pytest.raises(FindingsError, match="blocked: 1 BLOCK"):
        report(finding("BLOCK")).raise_for_findings()


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (report(), "no finding from the checks that ran (hidden-data); not run: none"),
        (
            report(not_run=["plates"]),
            "no finding from the checks that ran (hidden-data); not run: plates (no detector)",
        ),
        (
            report(finding("INFO")),
            "no finding (1 INFO) from the checks that ran (hidden-data); not run: none",
        ),
        (
            report(finding(), finding("WARN", "ID-08"), finding()),
            "blocked: 2 BLOCK, 1 WARN (HD-02, ID-08) from the checks that ran (hidden-data); not run: none",
        ),
        (
            report(finding("WARN", "ID-08")),
            "review: 1 WARN (ID-08) from the checks that ran (hidden-data); not run: none",
        ),
        (
            Report(artifact_sha256="c" * 64),
            "no finding from the checks that ran (none); not run: none",
        ),
    ],
)
def test_the_summary_names_what_ran_and_what_did_not(made, text):
    assert made.summary() == text


def changed(change):
    tree = json.loads(dump_report(report(finding())))
    change(tree)
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"\$: is not JSON"),
        (b'{"findings": [], "findings": []}', r"\$\.findings: comes more than once"),
        (changed(lambda t: t.update(verdict="no_finding")), "verdict or fingerprint"),
        (changed(lambda t: t.pop("verdict")), "verdict or fingerprint"),
        (changed(lambda t: t["findings"][0].update(fingerprint="0" * 32)), "fingerprint"),
        (changed(lambda t: t["findings"].clear()), "verdict or fingerprint"),
        (changed(lambda t: t.update(findings=3)), r"\$\.findings: must be a list"),
        (changed(lambda t: t.update(findings=[3])), r"\$\.findings\[0\]: must be an object"),
        (changed(lambda t: t.pop("schema")), r"\$\.schema: must be 'saferedact.report/1'"),
        (changed(lambda t: t.update(Jane=1)), r"\$: has an unknown key"),
        (
            changed(lambda t: t["findings"][0]["location"].update(xyxy=[2, 0, 1, 1])),
            r"\$\.findings\[0\]\.location\.xyxy: must have x1 <= x2",
        ),
    ],
)
def test_a_report_that_does_not_hold_together_is_refused(data, message):
    with pytest.raises(InputError, match=message) as caught:
        load_report(data)
    assert "Jane" not in str(caught.value)


def test_a_report_is_read_from_a_file(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(dump_report(report(finding())))
    assert load_report(path) == load_report(str(path)) == report(finding())
