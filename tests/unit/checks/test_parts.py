"""Stages, mentions, sentences, overrides and texts of files, each on its own."""

import pytest

from saferedact.casefile import Override
from saferedact.checks.catalogue import catalogue, rule_named
from saferedact.checks.lexicon import lexicon
from saferedact.checks.mentions import find_mentions, merge_spans
from saferedact.checks.overrides import counts, without_names
from saferedact.checks.reference import NAME_SIGN, masked_text
from saferedact.checks.sentences import sentences_of
from saferedact.checks.stage import proceedings_of
from saferedact.detections import TextSpan
from saferedact.errors import InputError, LimitExceededError
from saferedact.pipeline.text_segments import text_segments
from saferedact.testing.checks import base_case, case_of, checked, picture, text
from saferedact.text.sweep import Seed, sweep


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


def mentioned(words, **person):
    tree = base_case()
    tree["people"][1].update(person)
    return [(m.kind, words[m.start : m.end]) for m in find_mentions(case_of(tree))(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("PRIYA NAIR", ("full-name", "PRIYA NAIR")),
        ("Priya Anne Nair's", ("full-name", "Priya Anne Nair")),
        ("P. Nair", ("full-name", "P. Nair")),
        ("Nair, Priya", ("full-name", "Nair, Priya")),
        ("NAIR", ("surname", "NAIR")),
        ("Priya", ("forename", "Priya")),
        ("priya_nair", ("full-name", "priya_nair")),
        ("+44 7700 900345", ("phone", "+44 7700 900345")),
        ("07700-900-345", ("phone", "07700-900-345")),
        ("07700 9003456", []),
        ("Prialla Nairobi", []),
        ("westbury  infirmary", ("workplace", "westbury  infirmary")),
        ("of WS1 2AB", ("address", "WS1 2AB")),
        ("ws12ab", ("address", "ws12ab")),
        ("WS1 2AC", []),
    ],
)
def test_mentions(words, expected):
    found = mentioned(words, addresses=["4 Elm Road, Westbury, WS1 2AB"])
    assert (expected in found) if expected else found == []


def test_addresses_are_found_by_their_street():
    case = case_of(base_case())
    kinds = {m.kind for m in find_mentions(case)("27 Fuller Street. In Fuller Street.")}
    assert kinds == {"address", "street"}


def test_a_surname_that_two_share_is_weak():
    tree = base_case()
    tree["people"].append({"ref": "W1", "role": "witness", "name": "Oscar Kemble"})
    case = case_of(tree)
    find = find_mentions(case)
    assert {m.kind for m in find("Kemble")} == {"shared-surname"}
    words = "Stuart Kemble left. Kemble came."
    kept = merge_spans(find(words), [], case)
    assert [(m.ref, m.start) for m in kept if m.ref == "W1"] == [("W1", 20)]


def test_what_the_engine_adds():
    case = case_of(base_case())
    words = "Priya Nair, SW1A 1AA, call 101"
    spans = [
        TextSpan(0, 10, "name", "person", 0.9, "t"),
        TextSpan(12, 20, "identifier", "postcode", 0.8, "t"),
        TextSpan(12, 20, "identifier", "number", 0.6, "t"),
        TextSpan(22, 30, "plate", "vrm", 0.5, "t"),
        TextSpan(0, 5, "name", "person", 0.8, "t", "D1"),
    ]
    found = merge_spans(find_mentions(case)(words), spans, case)
    assert [(m.kind, m.ref) for m in found] == [
        ("full-name", "C1"),
        ("person", "D1"),
        ("postcode", None),
    ]


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


@pytest.mark.parametrize(
    ("words", "name", "told"),
    [
        ("His wife, Marjorie Kemble, left.", "Marjorie Kemble", True),
        ("His wife, M. Kemble, left.", "M. Kemble", True),
        ("His wife, Marjorie Tansley, left.", "Marjorie Tansley", True),
        ("His wife told Kemble.", "Kemble", False),
        ("His wife told Stuart Kemble.", "Stuart Kemble", False),
        ("His wife told Stuart James Kemble.", "James Kemble", False),
        ("His wife told S. Kemble.", "S. Kemble", False),
    ],
)
def test_a_relative_of_the_same_surname_is_somebody_else(words, name, told):
    at = words.index(name)
    spans = {words: [TextSpan(at, at + len(name), "name", "person", 0.9, "t")]}
    report = checked(text(words), case=base_case(), rules=["JG-04", "VP-02"], spans=spans)
    assert {f.rule_id for f in report.findings} == ({"JG-04", "VP-02"} if told else set())


def test_a_plate_of_the_case_in_another_spelling_is_a_plate_of_the_case():
    people = base_case()["people"]
    people[1]["vehicles"] = ["YN99 KTB"]
    words = "in YN 99 KTB"
    for ref, level in (("C1", "BLOCK"), (None, "WARN")):
        spans = {words: [TextSpan(3, 12, "plate", "vrm", 0.9, "sweep", ref)]}
        report = checked(text(words), case=base_case(people=people), rules=["ID-05"], spans=spans)
        assert [(f.level, f.person) for f in report.findings] == [(level, ref)]


def test_people_of_the_same_whole_name_are_both_meant():
    people = base_case()["people"]
    people.append({"ref": "V1", "role": "victim", "name": "Stuart Kemble", "under_18": True})
    tree = base_case(people=people)
    named = {
        words: [f.person for f in checked(text(words), case=tree, rules=["ID-03"]).findings]
        for words in ("Stuart Kemble was there.", "A man was there.")
    }
    assert named == {"Stuart Kemble was there.": ["V1"], "A man was there.": []}


@pytest.mark.parametrize(
    ("name", "words", "kind"),
    [
        ("Sarah Jones OBE", "Sarah Jones", "full-name"),
        ("Sarah Jones OBE", "Jones", "surname"),
        ("NAIR, Priya", "Priya Nair", "full-name"),
        ("NAIR, Priya", "Nair", "surname"),
        ("NAIR, Priya", "NAIR", "surname"),
        ("PRIYA NAIR", "Priya", "forename"),
        ("Dr Priya Nair", "P. Nair", "full-name"),
        ("Priya Nair (n\u00e9e Patel)", "Priya Nair", "full-name"),
    ],
)
def test_mentions_of_names_that_are_listed_with_more(name, words, kind):
    assert (kind, words) in mentioned(f"{words} came", name=name)


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


def segments(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return text_segments(path)


def test_captions_have_times_and_are_read_together(tmp_path):
    found = segments(
        tmp_path,
        "a.vtt",
        "WEBVTT\n\n1\n00:01.500 --> 00:02.000\n<v Jo>Priya\n\n2\n01:00:03,000 --> 01:00:04,000\nNair\n",
    )
    assert [s.time for s in found] == [None, 1.5, 3603.0, None]
    assert "Priya" in found[1].text
    assert found[1].first_line == 4
    assert "Priya Nair" in " ".join(found[-1].text.split())


@pytest.mark.parametrize(
    ("settings", "read"), [("", ""), (" align:start X1:20", ""), (" region:Nair", "region:Nair")]
)
def test_what_stands_behind_times_and_says_more_than_where_is_read(tmp_path, settings, read):
    caption = f"00:01.500 --> 00:02.000{settings}\nHello\n"
    found = segments(tmp_path, "a.vtt", f"WEBVTT\n\n{caption}\n{caption}")
    assert [" ".join(s.text.split()) for s in found[1:3]] == [f"{read} Hello".strip()] * 2
    assert found[3].text == " ".join([f"{read} Hello".strip()] * 2)


def test_an_entity_parts_no_word(tmp_path):
    (found,) = segments(tmp_path, "a.vtt", "00:01.500 --> 00:02.000\nN&#97;ir &amp; co\n")
    (name,) = sweep(found.text, [Seed("Nair", "person")])
    assert found.text[name.start : name.end].replace("\u200b", "") == "Nair"
    assert "& " in found.text


def test_markup_keeps_places_and_what_is_hidden(tmp_path):
    page = '<p title="Jo">A&amp;B</p><!-- Priya --><script>x="Nair"</script>'
    found, read = segments(tmp_path, "a.html", page)
    assert "A&B" in read.text
    assert len(found.text) == len(page)
    assert found.text.index("Jo") == page.index("Jo")
    assert "A&" in found.text
    assert "Priya" in found.text
    assert "Nair" in found.text
    assert "<p" not in found.text


def test_a_text_that_is_too_long(tmp_path):
    with pytest.raises(LimitExceededError):
        segments(tmp_path, "a.txt", b"a" * (10 * 1024**2 + 1))


def test_json_that_is_none_is_read_as_it_is(tmp_path):
    (found,) = segments(tmp_path, "a.json", '{"a": "\\u0041",')
    assert found.text.startswith("{")


def test_pages_are_named_as_readers_count_them():
    def places(kind):
        report = checked(picture("face", ocr=["AB12 3CD"], kind=kind))
        return {f.location.part for f in report.findings if f.location.xyxy is not None}

    assert places("pdf") == {"page 1"}
    assert places("image") == {None}
