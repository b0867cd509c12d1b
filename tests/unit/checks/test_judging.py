"""Wording judged by grammar and by the fitted weights, as a check does it."""

from types import SimpleNamespace

import pytest

from saferedact.checks.prejudice import _judged
from saferedact.checks.verdicts import Verdict
from saferedact.pipeline.check import check_text
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import base_case


def places(text, stage="charged"):
    """The rules of wording that fire on a text."""
    report = check_text(text, case=case_toml(base_case(case={"stage": stage})), finder=None)
    return {f.rule_id for f in report.findings if f.rule_id.startswith("PJ-")}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Stuart Kemble told detectives in interview that he did it.", "PJ-03"),
        (
            "Stuart Kemble, charged with causing death by careless driving, faces five years in jail.",
            "PJ-14",
        ),
        (
            '"We have got him bang to rights," an officer said of Stuart Kemble after the charge.',
            "PJ-06",
        ),
        ("Stuart Kemble is an old lag who belongs in a cell.", "PJ-01"),
        ("He is guilty.", "PJ-06"),
        ("Stuart Kemble confessed", "PJ-03"),
    ],
)
def test_what_is_said_beside_a_charge_is_found(text, rule):
    assert rule in places(text)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "",
        "The library opens at nine on Saturday.",
        "Stuart Kemble, 52, has been charged with fraud and will appear before magistrates on Monday.",
        "Please do not speculate about Stuart Kemble: there has been no trial and the jury will decide.",
        "Stuart Kemble denies the charge and was granted bail.",
        "Witness statement",
        "Man charged",
        "Kemble charged",
    ],
)
def test_what_is_fair_passes(text):
    assert places(text) == set()


def read(*, lines=True, listed=(), by_grammar=(), believed=True, in_court=False):
    return SimpleNamespace(
        lines=lines,
        listed=dict.fromkeys(listed, (0, 1)),
        by_grammar=dict.fromkeys(by_grammar, (2, 3)),
        verdict=Verdict(believed=believed, rules=frozenset({"PJ-02", "PJ-07", "PJ-11"})),
        worst=(4, 5),
        in_court=in_court,
    )


@pytest.mark.parametrize(
    ("sentence", "rule", "place"),
    [
        (read(), "PJ-01", None),
        (read(), "PJ-02", (4, 5)),  # by the verdict alone
        (read(), "PJ-07", (4, 5)),
        (read(in_court=True), "PJ-07", None),  # a court heard it
        (read(in_court=True), "PJ-11", (4, 5)),
        (read(listed=["PJ-01"]), "PJ-02", (4, 5)),
        (read(listed=["PJ-01"]), "PJ-01", (0, 1)),
        (read(listed=["PJ-01"], by_grammar=["PJ-01"]), "PJ-01", (2, 3)),
        (read(listed=["PJ-01"], believed=False), "PJ-01", None),
        (read(lines=False, listed=["PJ-01"], believed=False), "PJ-01", (0, 1)),  # nobody parsed it
    ],
)
def test_patterns_find_and_the_verdict_decides(sentence, rule, place):
    assert _judged(sentence, sentence.verdict, rule) == place


@pytest.mark.parametrize("rule", ["ID-08", "JG-05", "PJ-01"])
def test_rules_that_know_some_wordings_alone_say_so(rule):
    case = case_toml(base_case(case={"stage": "charged"}))
    report = check_text(
        "The library opens at nine.", case=case, finder=None, parser=None, rules=[rule]
    )
    assert report.findings == ()
    assert any(
        note.name == rule and "a person must" in note.reason for note in report.checks_not_run
    )
