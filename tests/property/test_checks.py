"""Invariants of the checks: stages, jigsaw, overrides, and no secret in anything that is written."""

import json
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from saferedact.casefile import load_case
from saferedact.checks.catalogue import catalogue
from saferedact.checks.overrides import STATUTORY
from saferedact.checks.sentences import sentences_of
from saferedact.errors import CaseFileInvalidError
from saferedact.pipeline.check import check
from saferedact.report import dump_report, load_report
from saferedact.testing.cases import case_toml, case_trees
from saferedact.testing.checks import OPTIONS, base_case, case_of, checked, picture, text

RANK = {None: 0, "INFO": 1, "WARN": 2, "BLOCK": 3}
INACTIVE = ["not_arrested"]
ACTIVE = ["arrested", "charged", "trial"]
CLAUSES = st.sampled_from(
    [
        "Stuart Kemble has two previous convictions.",
        "The paedophile Stuart Kemble was caught.",
        "He is expected to plead guilty.",
        "Share this and find him.",
        "The victim told officers that he grabbed her.",
        "There is overwhelming evidence against him.",
        "DNA on the knife matched Stuart Kemble.",
        "Priya Nair, 24, a student nurse, is his lodger.",
        "She works at Westbury Infirmary.",
        "A man was charged with fraud.",
        "Call 07700 900345.",
        "[NAME] was there.",
        "He faces life in prison.",
        "The family court met.",
    ]
)
TEXTS = st.lists(CLAUSES, min_size=1, max_size=5).map(" ".join)


def stage_tree(stage):
    tree = base_case(case={"stage": stage, "charged_on": None, "arrested_on": None})
    tree["people"][0]["role"] = "suspect"
    tree["people"][0]["publishable"] = False
    return tree


def worst(report, group):
    ids = {rule.id for rule in catalogue().rules if rule.group == group}
    found = {}
    for finding in report.findings:
        # that somebody "was charged" is wrong in one stage and right in the next
        if finding.rule_id in ids and "a stage is told" not in finding.message:
            old = found.get(finding.rule_id)
            found[finding.rule_id] = max(old, finding.level, key=RANK.get)
    return found


@settings(max_examples=50)
@given(TEXTS, st.sampled_from(INACTIVE), st.sampled_from(ACTIVE))
def test_severity_never_falls_when_proceedings_become_active(words, before, after):
    earlier = worst(checked(text(words), case=stage_tree(before)), "prejudice")
    later = worst(checked(text(words), case=stage_tree(after)), "prejudice")
    for rule, level in earlier.items():
        assert RANK[later.get(rule)] >= RANK[level], rule


def test_the_catalogue_itself_is_never_milder_once_active():
    for rule in catalogue().rules:
        for active in ("arrested", "charged"):
            assert RANK[rule.level_in(active)] >= RANK[rule.level_in("not_arrested")], rule.id


@settings(max_examples=50)
@given(
    TEXTS,
    TEXTS,
    st.booleans(),
    st.sampled_from(["sexual", "fraud", "child"]),
)
def test_one_more_file_never_removes_a_jigsaw_finding(words, more, earlier, category):
    tree = base_case(case={"offence_category": category})
    tree["people"][1]["relation_to"] = {"D1": "lodger"}
    alone = checked(text(words), case=tree)
    joined = checked(text(words), text(more, asset_id="s2", earlier=earlier), case=tree)

    def persons(report):
        return {
            (f.rule_id, f.person)
            for f in report.findings
            if f.rule_id in {"JG-01", "JG-02", "JG-03", "JG-04", "JG-05", "JG-06", "JG-08", "JG-10"}
        }

    assert persons(alone) <= persons(joined)
    for rule, level in worst(alone, "jigsaw").items():
        if rule != "JG-07":
            assert RANK[worst(joined, "jigsaw")[rule]] >= RANK[level]


EVIDENCE = [
    "court_direction",
    "order_ended",
    "written_waiver",
    "decision_log",
    "legal_advice",
    "other",
]


@given(
    st.sampled_from(sorted(STATUTORY)),
    st.sampled_from(EVIDENCE),
    st.sampled_from(["", "…", "log 4"]),
    st.sampled_from(["…", "the order has ended"]),
)
def test_anonymity_by_law_is_lifted_by_evidence_alone(rule, kind, evidence, reason):
    restriction = {"type": {"RR-04": "s45", "RR-05": "s46"}.get(rule, "s11"), "protects": ["C1"]}
    category = {"RR-01": "sexual", "RR-02": "fgm"}.get(rule, "fraud")
    tree = base_case(
        case={"offence_category": category, "court_type": "youth"},
        restrictions=[restriction],
        overrides=[
            {
                "rule": rule,
                "reason": reason,
                "authority": "Supt A. Example",
                "evidence": evidence,
                "evidence_kind": kind,
            }
        ],
    )
    tree["people"][1]["under_18"] = True
    report = checked(text("Priya Nair was there."), case=tree, rules=[rule])
    blocks = [f for f in report.findings if f.level == "BLOCK"]
    assert blocks
    enough = kind in EVIDENCE[:3] and evidence == "log 4" and reason != "…"
    assert all((f.override is not None) == enough for f in blocks)
    assert (report.verdict == "blocked") == (not enough)
    assert bool(report.notes) == (not enough)


def secrets_of(tree):
    for person in tree["people"]:
        yield person["name"]
        yield person["name"].split()[-1]
        yield from person["phones"]
        yield from (address.split(" ", 1)[1] for address in person["addresses"])


def assert_no_secret(written, tree):
    for secret in secrets_of(tree):
        assert secret.casefold() not in written.casefold(), secret


@settings(max_examples=40)
@given(case_trees(), st.data())
def test_nothing_that_is_written_names_anybody(tree, data):
    case = load_case(case_toml(tree))
    secrets = list(secrets_of(tree))
    words = " ".join(
        data.draw(
            st.sampled_from(["His wife {} told officers.", "{}", "Call {} now.", "Ms {}, 24,"])
        ).format(secret)
        for secret in secrets
    )
    tree["overrides"] = [
        {
            "rule": "ID-03",
            "reason": f"agreed with {secrets[0]}",
            "authority": "Supt A. Example",
            "evidence": f"letter of {secrets[-1]}",
        }
    ]
    case = load_case(case_toml(tree))
    report = checked(text(words, name=f"{secrets[0]}.txt"), picture("face", ocr=secrets), case=case)
    assert report.findings
    written = dump_report(report).decode() + report.to_html() + json.dumps(report.to_sarif())
    assert_no_secret(written + report.summary() + repr(report), tree)
    assert load_report(dump_report(report)) == report


@settings(max_examples=25)
@given(case_trees())
def test_neither_does_a_path_or_an_error(tmp_path_factory, tree):
    folder = tmp_path_factory.mktemp("release")
    name = tree["people"][1]["name"]
    (folder / f"{name}.txt").write_text("nothing", encoding="utf-8")
    (folder / f"{name}.bin").write_bytes(b"nothing")
    report = check(
        folder, case=case_of(tree), detectors=[], finder=None, image_text=None, options=OPTIONS
    )
    written = dump_report(report).decode() + report.to_html() + json.dumps(report.to_sarif())
    assert_no_secret(written, tree)
    broken = dict(tree, people=[{**tree["people"][1], "age": name}, *tree["people"]])
    with pytest.raises(CaseFileInvalidError) as caught:
        case_of(broken)
    assert_no_secret(str(caught.value), tree)


@given(st.text(alphabet=st.sampled_from("Aab. !?\n\"')\u201d1-"), max_size=60))
def test_sentences_stay_in_their_places_and_lose_no_word(words):
    found = list(sentences_of(words))
    assert all(words[s.start : s.start + len(s.text)] == s.text for s in found)
    assert all(a.start + len(a.text) <= b.start for a, b in pairwise(found))
    kept = "".join(c for s in found for c in s.text if c.isalnum())
    assert kept == "".join(c for c in words if c.isalnum())


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_gives_a_report(words):
    assume(words.strip())
    report = checked(text(words), case=base_case())
    assert load_report(dump_report(report)) == report
