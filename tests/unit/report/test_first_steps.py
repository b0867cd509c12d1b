"""What to do first: the same step once, with links to where it is to be done."""

import re

from saferedact.report import AssetRecord, Finding, Location, OverrideNote, Report
from saferedact.report.first_steps import first_steps, group_words

LIFTED = OverrideNote(authority="DI R. Example", reason="waived", evidence="a waiver")


def finding(step, *, level="BLOCK", asset=None, **more):
    return Finding(
        rule_id="ID-03",
        level=level,
        message="Protected name: somebody is named",
        next_step=step,
        source="identity",
        location=Location(asset=asset),
        **more,
    )


def steps(*findings):
    report = Report(
        artifact_sha256="0" * 64,
        findings=findings,
        assets=(
            AssetRecord(id="a1", kind="text", sha256="1" * 64, name="one & two.txt"),
            AssetRecord(id="a2", kind="text", sha256="2" * 64),
        ),
    )
    anchors = {id(f): f"finding-{n}" for n, f in enumerate(report.findings)}
    html = first_steps(report, anchors)
    return html, re.findall(r'<a href="#([^"]+)">([^<]*)</a>', html)


def test_nothing_to_do():
    assert steps() == ("", [])
    assert steps(finding("Confirm it.", level="INFO")) == ("", [])


def test_the_same_step_in_several_files_is_one():
    html, links = steps(
        finding("Take it out.", asset="a1"),
        finding("Take it out.", asset="a1"),
        finding("Take it out.", asset="a2"),
        finding("Sign it."),
    )
    assert "before this can be published" in html
    assert html.count("<li>") == 2
    assert links == [
        ("finding-0", "one &amp; two.txt"),
        ("finding-2", "a2"),
        ("finding-3", "the release as a whole"),
    ]


def test_what_is_lifted_or_weaker_is_no_first_step():
    html, _ = steps(
        finding("Lifted.", override=LIFTED),
        finding("Look.", level="WARN"),
        finding("Take it out."),
    )
    assert "Take it out." in html
    assert "Look." not in html
    assert "Lifted." not in html


def test_warnings_are_told_where_nothing_forbids():
    html, _ = steps(finding("Lifted.", override=LIFTED), finding("Look.", level="WARN"))
    assert "a person must look at" in html
    assert "Look." in html


def test_many_steps_are_counted():
    html, links = steps(*(finding(f"Step {n}.") for n in range(11)))
    assert len(links) == 8
    assert "and 3 more, below" in html


def test_many_files_are_counted():
    html, links = steps(*(finding("Take it out.", asset=f"x{n}") for n in range(10)))
    assert len(links) == 8
    assert "and 2 more" in html


def test_letters_of_rules():
    assert group_words("PJ") == "wording that prejudices a trial"
    assert group_words("ZZ") == ""
