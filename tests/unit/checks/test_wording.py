"""Sentences that were found or let pass stay so."""

import re
import tomllib
from pathlib import Path

import pytest

from saferedact.testing.checks import base_case, checked, text

SENTENCES = tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))


def rules_of(words, stage="charged"):
    tree = base_case(case={"stage": stage})
    report = checked(text(re.sub(r"\bN\b", "Stuart Kemble", words)), case=tree)
    return {f.rule_id for f in report.findings if f.rule_id.startswith("PJ-")}


@pytest.mark.parametrize("words", SENTENCES["unfair"])
def test_what_could_harm_a_trial_is_found(words):
    assert rules_of(words)


@pytest.mark.parametrize("words", SENTENCES["fair"])
def test_what_is_fair_passes(words):
    # what jurors hear may be told only once there is a trial
    assert rules_of(words, "trial" if "jury" in words else "charged") == set()
