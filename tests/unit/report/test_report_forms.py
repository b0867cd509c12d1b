"""The page and the SARIF log: everything told, everything escaped, nothing loaded."""

import re
from html.parser import HTMLParser

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.report import (
    AssetRecord,
    CheckNotRun,
    CheckRun,
    Finding,
    Location,
    OverrideNote,
    Report,
    RuleRecord,
    dump_report,
    load_report,
)
from saferedact.report.places import place_text, timecode

NASTY = "<script>alert(1)</script>\"'&"

SARIF = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": {"$ref": "#/$defs/text"},
                                                "fullDescription": {"$ref": "#/$defs/text"},
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "properties": {
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["message"],
                                        "properties": {
                                            "message": {"$ref": "#/$defs/text"},
                                            "level": {"enum": ["none", "note", "warning", "error"]},
                                        },
                                    },
                                }
                            },
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"$ref": "#/$defs/text"},
                                "properties": {"type": "object"},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "locations": {
                                    "type": "array",
                                    "items": {"$ref": "#/$defs/location"},
                                },
                                "suppressions": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["kind"],
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "status": {
                                                "enum": ["accepted", "underReview", "rejected"]
                                            },
                                            "justification": {"type": "string"},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
    "$defs": {
        "text": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "location": {
            "type": "object",
            "properties": {
                "message": {"$ref": "#/$defs/text"},
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation"],
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                        },
                        "region": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {
                                "startLine": {"type": "integer", "minimum": 1},
                                "charOffset": {"type": "integer", "minimum": 0},
                                "charLength": {"type": "integer", "minimum": 0},
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What SARIF 2.1.0 says of the parts that are written."""


def finding(level="BLOCK", rule_id="ID-03", **more):
    fields = {"message": NASTY, "next_step": NASTY, "source": "identity", **more}
    return Finding(rule_id=rule_id, level=level, **fields)


def report(*findings, **more):
    return Report(
        artifact_sha256="0" * 64,
        checks_run=(CheckRun(name="ID-03", detail=NASTY),),
        checks_not_run=(CheckNotRun(name="ID-01", reason=NASTY),),
        findings=findings,
        assets=(
            AssetRecord(id="i1", kind="image", sha256="1" * 64, name=NASTY),
            AssetRecord(id="s1", kind="text", sha256="2" * 64),
        ),
        rules=(
            RuleRecord(id="ID-03", title=NASTY, reason=NASTY, sources=(NASTY,), unverified=True),
        ),
        case_sha256="3" * 64,
        notes=(NASTY,),
        **more,
    )


WHOLE = report(
    finding(location=Location(asset="i1", frame=2, xyxy=(1, 2, 3.5, 4)), person="C1"),
    finding(
        "WARN",
        location=Location(asset="s1", channel="subtitle", time=3661.25, line=4, start=3, end=9),
        also_at=tuple(Location(asset="s1", line=n + 5, start=n, end=n + 1) for n in range(20)),
    ),
    finding("INFO", rule_id="CF-02"),
    finding(override=OverrideNote(authority=NASTY, reason=NASTY, evidence=NASTY)),
)


class Page(HTMLParser):
    VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.words = [], [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given_ = dict(attrs)
        self.ids.append(given_.get("id"))
        if tag == "a":
            self.links.append(given_["href"])
        assert not {"src", "onload", "onclick"} & set(given_)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_is_whole_loads_nothing_and_escapes_everything():
    html = WHOLE.to_html()
    page = Page(html)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "<script" not in html
    assert not re.search(r"https?:|url\(|@import", html)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    words = " ".join(page.words)
    for told in (
        "Do not publish",
        "1:01:01.2",
        "line 4",
        "characters 3-9",
        "and 9 more",
        "C1",
        "Lifted by",
        "not fully verified",
        "0" * 64,
        "1" * 64,
        "3" * 64,
        "What did not run",
        NASTY,
    ):
        assert told in words, told


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (report(), "No finding from the checks that ran"),
        (report(finding("WARN")), "A person must decide"),
        (report(finding()), "Do not publish"),
        (
            report(finding(override=OverrideNote(authority="Supt", reason="x"))),
            "A person must decide",
        ),
    ],
)
def test_the_verdict_comes_first(made, told):
    words = [word for word in Page(made.to_html()).words if word.strip()]
    assert told in words[2:5]


def test_a_page_of_one_file_has_no_assets():
    alone = Report(artifact_sha256="0" * 64, findings=(finding(),))
    assert "Every check ran" in alone.to_html()


def test_sarif_is_valid_and_tells_what_was_lifted():
    log = WHOLE.to_sarif()
    jsonschema.Draft202012Validator(SARIF).validate(log)
    run = log["runs"][0]
    assert [r["level"] for r in run["results"]] == ["error", "warning", "note", "error"]
    assert "suppressions" in run["results"][3]
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 4,
        "charOffset": 3,
        "charLength": 6,
    }
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(ids[r["ruleIndex"]] == r["ruleId"] for r in run["results"])
    assert run["properties"]["verdict"] == "blocked"


def test_a_report_comes_back_as_it_went():
    assert load_report(dump_report(WHOLE)) == WHOLE


def test_an_override_lifts_the_verdict():
    note = OverrideNote(authority="Supt", reason="x")
    assert report(finding(override=note)).verdict == "review"
    assert report(finding(override=note), finding()).verdict == "blocked"
    report(finding(override=note)).raise_for_findings()


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Location(), ""),
        (Location(asset="a"), "a"),
        (Location(asset="a", channel="name", start=0, end=3), "a, file name, characters 0-3"),
        (Location(frame=0, xyxy=(0, 0, 1, 1)), "frame 0, box 0,0,1,1"),
        (Location(time=0.0), "at 0:00:00.0"),
    ],
)
def test_places_in_words(place, text):
    assert place_text(place) == text


@given(st.floats(0, 1e6))
def test_time_codes(seconds):
    hours, minutes, rest = timecode(seconds).split(":")
    again = int(hours) * 3600 + int(minutes) * 60 + float(rest)
    assert abs(again - seconds) <= 0.0501
    assert int(minutes) < 60 > float(rest)


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]),
        min_size=1,
        max_size=40,
    )
)
def test_no_text_can_leave_its_place(words):
    made = report(finding(message=words, next_step=words))
    html = made.to_html()
    assert words in " ".join(Page(html).words)
    jsonschema.Draft202012Validator(SARIF).validate(made.to_sarif())


def test_an_asset_that_a_finding_is_about_too_is_not_among_those_without_one():
    assets = tuple(AssetRecord(id=f"s{n}", kind="text", sha256="0" * 64) for n in (1, 2, 3))
    finding = Finding(
        rule_id="RR-01",
        level="BLOCK",
        message="m",
        next_step="n",
        source="restrictions",
        location=Location(asset="s1"),
        also_at=(Location(asset="s2"),),
    )
    page = Report(artifact_sha256="0" * 64, assets=assets, findings=(finding,)).to_html()
    _, too, clean = re.split(
        "Assets that a finding above is about too|Assets without a finding", page
    )
    assert "<li>s2 " in too
    assert "<li>s3 " in clean
    assert "<li>s2 " not in clean
