"""Stages, mentions, sentences, overrides and texts of files, each on its own."""

import pytest

from saferedact.casefile import Override
from saferedact.checks.catalogue import catalogue, rule_named
from saferedact.checks.lexicon import lexicon
from saferedact.checks.overrides import counts, without_names
from saferedact.checks.reference import NAME_SIGN, masked_text
from saferedact.checks.sentences import sentences_of
from saferedact.checks.stage import proceedings_of
from saferedact.errors import InputError
from saferedact.testing.checks import base_case, case_of, checked, picture, text


@pytest.mark.parametrize(
    ("facts", "linked", "phase", "wording", "active"),
    [
        ({"stage": "not_arrested"}, None, "not_arrested", "not_arrested", False),
        ({"stage": "not_arrested", "warrant_or_summons": True}, None, "arrested", "arrested", True),
        (
            {"stage": "not_arrested", "custody_status": "released_under_investigation"},
            None,
            "arrested",
            "arrested",
            True,
        ),
        ({"stage": "arrested"}, None, "arrested", "arrested", True),
        ({"stage": "charged"}, None, "charged", "charged", True),
        ({"stage": "convicted_awaiting_sentence"}, None, "convicted", "convicted", True),
        ({"stage": "convicted_awaiting_sentence"}, "trial", "convicted", "charged", True),
        (
            {"stage": "convicted_awaiting_sentence", "jury_out": True},
            None,
            "convicted",
            "charged",
            True,
        ),
        ({"stage": "sentenced"}, None, "closed", "closed", False),
        ({"stage": "sentenced"}, "arrested", "closed", "charged", True),
        ({"stage": "sentenced"}, "sentenced", "closed", "closed", False),
        ({"stage": "acquitted", "retrial_ordered": True}, None, "closed", "charged", True),
        ({"stage": None}, None, "charged", "charged", True),
    ],
)
def test_stages(facts, linked, phase, wording, active):
    tree = base_case(case={"custody_status": "n/a", **facts})
    if linked:
        tree["linked_cases"] = [{"urn": "1", "stage": linked}]
    found = proceedings_of(case_of(tree))
    assert (found.phase, found.prejudice_phase, found.active) == (phase, wording, active)
    assert proceedings_of(None).active
    assert proceedings_of(None).before_charge


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("  ", []),
        ("One. Two", ["One.", "Two"]),
        ("Mr. Smith came. He left!", ["Mr. Smith came.", "He left!"]),
        ("A line\nwrapped here", ["A line\nwrapped here"]),
        ("Title\nNext", ["Title", "Next"]),
        ('He said "no." Then', ['He said "no.', "Then"]),
        ("a\n\nb", ["a", "b"]),
        ("x" * 5_000, ["x" * 2_000, "x" * 2_000, "x" * 1_000]),
    ],
)
def test_sentences(words, expected):
    assert [s.text.rstrip('" ') for s in sentences_of(words)] == expected


def test_masks_keep_their_length():
    words = "Stuart Kemble is charged with being a thief, and he ran."
    masked = masked_text(words, [(0, 13)])
    assert len(masked) == len(words)
    assert masked.startswith(NAME_SIGN * 13)
    assert "thief" not in masked
    assert "he ran" in masked


@pytest.mark.parametrize("rule", sorted(lexicon()))
def test_every_list_is_told_in_words(rule):
    words = lexicon()[rule]
    assert words.what
    assert words.patterns
    assert rule_named(rule).group == "prejudice"


def test_alleged_cures_guilt_as_a_fact_and_nothing_else():
    tree = base_case()
    for words, expected in (
        ("Stuart Kemble allegedly stole the money.", set()),
        ("The alleged paedophile Stuart Kemble left.", {"PJ-04"}),
        ("Stuart Kemble, who allegedly has two previous convictions, left.", {"PJ-01"}),
    ):
        report = checked(text(words), case=tree, rules=["PJ-01", "PJ-04", "PJ-05"])
        assert {finding.rule_id for finding in report.findings} == expected, words


def test_pending_identification_makes_pictures_of_the_accused_block():
    words = text("Stuart Kemble was picked out at an identity parade.")
    for fact, level in (
        ("identity_in_issue", "BLOCK"),
        ("id_procedure_pending", "BLOCK"),
        ("appeal_lodged", "WARN"),
    ):
        report = checked(words, case=base_case(case={fact: True}), rules=["PJ-08"])
        assert {finding.level for finding in report.findings} == {level}


def test_other_proceedings_that_are_named_make_more_victims_block():
    words = text("We believe Stuart Kemble is linked to other burglaries.")
    tree = base_case(linked_cases=[{"urn": "2", "stage": "trial"}])
    assert checked(words, case=tree, rules=["PJ-13"]).verdict == "blocked"
    assert checked(words, case=base_case(), rules=["PJ-13"]).verdict == "review"


@pytest.mark.parametrize(
    ("override", "why"),
    [
        ({}, ""),
        ({"reason": "…"}, "it has no reason"),
        ({"authority": ""}, "it has no authority"),
        ({"evidence": ""}, "it has no evidence"),
        ({"rule": "RR-01"}, "anonymity by law needs"),
        ({"rule": "RR-01", "evidence_kind": "written_waiver"}, ""),
        ({"rule": "RR-07"}, ""),
    ],
)
def test_overrides_that_count(override, why):
    fields = {"rule": "ID-03", "reason": "agreed", "authority": "Supt", "evidence": "log"}
    found = counts(Override(**{**fields, **override}))
    assert found.startswith(why)
    assert bool(found) == bool(why)


def test_an_override_is_for_whom_and_where_it_says():
    tree = base_case()
    entry = {"rule": "ID-03", "reason": "ok", "authority": "Supt", "evidence": "log"}
    words = text("Priya Nair was there.")
    for scope, verdict in (
        ({}, "review"),
        ({"person": "C1"}, "review"),
        ({"person": "D1"}, "blocked"),
        ({"asset": "s1"}, "review"),
        ({"asset": "s9"}, "blocked"),
    ):
        report = checked(words, case={**tree, "overrides": [{**entry, **scope}]}, rules=["ID-03"])
        assert report.verdict == verdict, scope


def test_an_override_for_one_file_leaves_the_others():
    """One finding can be about several files; a decision about one of them lifts it nowhere."""
    entry = {
        "rule": "RR-01", "reason": "ok", "authority": "HHJ", "evidence": "order",
        "evidence_kind": "court_direction",
    }  # fmt: skip
    words = [text("Priya Nair was there.", asset_id=f"s{n}") for n in (1, 2)]
    for assets, verdict in ((("s1",), "blocked"), (("s1", "s2"), "review"), ((None,), "review")):
        overrides = [{**entry, **({"asset": one} if one else {})} for one in assets]
        tree = base_case(case={"offence_category": "sexual"}, overrides=overrides)
        report = checked(*words, case=tree, rules=["RR-01"])
        assert report.verdict == verdict, assets


def test_words_for_people_lose_their_names():
    case = case_of(base_case())
    assert without_names("told Priya Nair on 07700 900345", case) == "told [C1] on [C1]"


def test_words_for_people_lose_names_that_overlap():
    people = [
        *base_case()["people"],
        {"ref": "W-1234", "role": "witness", "name": "Priya Singh"},
        {"ref": "W2", "role": "witness", "name": "Nair Patel"},
    ]
    case = case_of(base_case(people=people))
    assert without_names("told Priya Nair Patel today", case) == "told [C1][W2] today"


def _signed(*digests):
    return [
        {
            "role": role, "name": "A. Example", "at": "date:2026-11-20T08:10:00Z",
            **({"approves_sha256": digest} if digest else {}),
        }
        for role in ("SIO", "second_reader")
        for digest in digests
    ]  # fmt: skip


def test_an_approval_is_of_the_release_or_of_all_its_files():
    one, other = (picture("face", asset_id=asset_id) for asset_id in ("i1", "i2"))
    for digests, found in (
        ((one.sha256,), "of some files only"),
        (("1" * 64,), "changed after"),
        ((one.sha256, other.sha256), None),
        (("0" * 64,), None),  # that of the release
        ((None,), "names no digest"),
    ):
        tree = base_case(approvals=_signed(*digests))
        findings = checked(one, other, case=tree, rules=["PV-03"]).findings
        assert len(findings) == (2 if found else 0), digests
        assert all(found in finding.message for finding in findings)


@pytest.mark.parametrize("jurisdiction", ["england_wales", "scotland", "northern_ireland"])
@pytest.mark.parametrize(
    "order",
    "soaa92 fgm forced_marriage s49 s45 s45a s46 s141f s97 s12_aja s39 s47_scot firearms_officer "
    "injunction other s11".split(),
)
def test_every_order_protects_whom_it_lists(order, jurisdiction):
    """Whatever its law, the offence and the jurisdiction, and though the person is publishable."""
    witness = {
        "ref": "W1", "role": "witness", "name": "Oscar Tennyson", "publishable": True,
        "consent": {"naming": "given"},
    }  # fmt: skip
    entry = {
        "type": order, "court": "X", "made_on": "date:2026-11-19", "terms": "t",
        "protects": ["W1"], "expires": "never",
    }  # fmt: skip
    people = [*base_case()["people"], witness]

    def findings(**changes):
        tree = base_case(
            case={"jurisdiction": jurisdiction},
            people=people,
            restrictions=[{**entry, **changes}],
        )
        report = checked(text("Oscar Tennyson saw Priya Nair."), case=tree)
        return {(f.level, f.person) for f in report.findings if f.rule_id.startswith("RR")}

    assert findings() == {("BLOCK", "W1")}
    assert findings(lifted_on="date:2026-11-19") == set()


def test_an_order_that_lists_nobody_is_told():
    entry = {"court": "X", "made_on": "date:2026-11-19", "terms": "t", "expires": "never"}
    for kind, more, told in (
        ("s45", {}, True),
        ("injunction", {}, True),
        ("s45", {"protects": ["C1"]}, False),
        ("s11", {"matters": ["a name"]}, False),
        ("s4_2", {}, False),
        ("soaa92", {}, False),
        ("none_checked", {}, False),
    ):
        tree = base_case(restrictions=[{"type": kind, **entry, **more}])
        findings = checked(text("A man was charged."), case=tree, rules=["CF-05"]).findings
        assert any("lists nobody" in f.message for f in findings) is told, kind


def test_a_withheld_matter_may_go_over_a_line():
    entry = {
        "type": "s11", "court": "X", "made_on": "date:2026-11-19", "terms": "t",
        "matters": ["Operation Falcon"], "expires": "never",
    }  # fmt: skip
    tree = base_case(restrictions=[entry])
    for words, verdict in (
        ("the operation\n  falcon team", "blocked"),
        ("Operation Fal", "no_finding"),
    ):
        assert checked(text(words), case=tree, rules=["RR-06"]).verdict == verdict


def test_a_rule_that_is_none():
    with pytest.raises(InputError, match="no such rule"):
        rule_named("PJ-99")


def test_every_source_that_a_rule_names_is_there():
    sources = catalogue().sources
    assert all(key in sources for rule in catalogue().rules for key in rule.sources)
    assert sources["VCODE"].unverified
    assert not sources["ENG"].unverified


def test_pages_are_named_as_readers_count_them():
    def places(kind):
        report = checked(picture("face", ocr=["AB12 3CD"], kind=kind))
        return {f.location.part for f in report.findings if f.location.xyxy is not None}

    assert places("pdf") == {"page 1"}
    assert places("image") == {None}
