"""Case files: the whole schema, every fault at once, and no name in anything that is shown."""

import pickle
import re
from datetime import date

import pytest

from saferedact.casefile import CaseFile, load_case
from saferedact.errors import CaseFileInvalidError, InputError
from saferedact.testing.cases import CASE_TOML, SECRETS

MINIMAL = 'schema = "saferedact.case/1"\n[case]\njurisdiction = "scotland"\n'
PERSON = MINIMAL + '[[people]]\nref = "C1"\nrole = "complainant"\n'


def load(text):
    return load_case(text if isinstance(text, bytes) else text.encode())


def problems(text):
    with pytest.raises(CaseFileInvalidError) as caught:
        load(text)
    return list(caught.value.problems)


def test_the_smallest_case_says_whose_law_applies():
    case = load(MINIMAL)
    assert (case.people, case.case.stage, case.before_charge) == ((), None, True)
    assert case.warnings() == []


def test_every_table_is_read():
    case = load(CASE_TOML)
    accused, complainant, witness = case.people
    assert case.person("C1") is complainant
    assert case.person("nobody") is None
    assert case.accused == (accused,)
    assert case.protected == (complainant, witness)
    assert [person.is_child for person in case.people] == [False, False, True]
    assert [prior.path for prior in case.release.prior_releases] == [None, "earlier"]
    assert case.restrictions[0].made_on == date(2026, 11, 19)
    assert case.assets[0].original_sha256 is None
    assert not case.before_charge


def test_a_path_a_text_and_a_case_are_taken(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(CASE_TOML, encoding="utf-8")
    case = load_case(path)
    assert case == load_case(str(path)) == load(CASE_TOML)
    assert load_case(case) is case
    assert case.sha256 == load(CASE_TOML + "# a note\n").sha256
    assert case.sha256 != load(CASE_TOML.replace("52", "53")).sha256
    assert pickle.loads(pickle.dumps(case)) == case


def test_what_may_be_published_must_be_said():
    case = load(CASE_TOML)
    accused, complainant, _ = case.people
    assert accused.may_publish("town")
    assert not accused.may_publish("address")
    assert not complainant.may_publish("name")
    hidden = load(CASE_TOML.replace("publishable = true", "publishable = true\nunder_order = true"))
    assert not hidden.people[0].may_publish("name")
    assert load(PERSON + "publishable = true").people[0].may_publish("name")


def test_a_name_of_one_letter_is_a_warning():
    case = load(PERSON + 'name = "Al Ng"\naliases = ["J", "J.", "Jo"]\n')
    assert case.people[0].names == ("Al Ng", "Jo")
    assert [where for where, _ in case.warnings()] == [
        "$.people[0].aliases[0]",
        "$.people[0].aliases[1]",
    ]


def test_a_mark_that_an_editor_puts_in_front_is_none_of_the_file():
    assert load(b"\xef\xbb\xbf" + CASE_TOML.encode()) == load(CASE_TOML)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("$.schema", "must be 'saferedact.case/1'")),
        ("", ("$.case", "is missing")),
        ("x = \n", ("$", "is not TOML (line 1)")),
        ("a = 1\nb = 'Jane", ("$", "is not TOML (it ends too early)")),
        (b"\xff", ("$", "is not valid UTF-8")),
        ("x = " + "1" * 10_000, ("$", "is not TOML that can be read")),
        ("#" * 3_000_000, ("$", "is larger than 2097152 bytes")),
        (MINIMAL.replace("case/1", "case/2"), ("$.schema", "must be 'saferedact.case/1'")),
        (MINIMAL.replace("scotland", "Jane"), ("$.case.jurisdiction", "must be 'england_wales'")),
        (MINIMAL + "Jane = 1", ("$.case", "has an unknown key")),
        (MINIMAL + "stage = 'convicted'", ("$.case.stage", "must be 'not_arrested'")),
        (MINIMAL + "arrested_on = '2026-01-01'", ("$.case.arrested_on", "must be a day")),
        (
            MINIMAL + "stage_confirmed_at = 2026-01-01T10:00:00",
            ("$.case.stage_confirmed_at", "must have a time zone"),
        ),
        (MINIMAL + "appeal_lodged = 1", ("$.case.appeal_lodged", "must be true or false")),
        (PERSON + 'Jane = "x"', ("$.people[0]", "has an unknown key")),
        (PERSON + 'age = "52"', ("$.people[0].age", "must be a whole number")),
        (PERSON + "age = 200", ("$.people[0].age", "must be at most 130")),
        (PERSON + 'aliases = "Jane"', ("$.people[0].aliases", "must be a list")),
        (PERSON + 'aliases = [""]', ("$.people[0].aliases[0]", "must have at least 1 char")),
        (PERSON + 'name = "a\\nb"', ("$.people[0].name", "must be one line of printable")),
        (PERSON + "aliases = [" + "'a'," * 201 + "]", ("$.people[0].aliases", "must have at mo")),
        (
            MINIMAL + '[[people]]\nref = "Jane"\nrole = "complainant"\n',
            ("$.people[0].ref", "must match the pattern"),
        ),
        (PERSON + 'relation_to = { Jane = "x" }', ("$.people[0].relation_to", "must have refs")),
        (
            PERSON + 'quasi_identifiers = { Jane = "x" }',
            ("$.people[0].quasi_identifiers", "has an unknown key"),
        ),
        (PERSON + PERSON[len(MINIMAL) :], ("$.people[1].ref", "comes more than once")),
        (PERSON.replace("C1", "Jane Doe"), ("$.people[0].ref", "must match the pattern")),
        (
            MINIMAL + '[[restrictions]]\ntype = "s45"\nprotects = ["Jane"]',
            ("$.restrictions[0].protects[0]", "must be the ref of one of the people"),
        ),
        (
            MINIMAL + '[[linked_cases]]\nurn = "1"\nstage = "trial"\npeople = ["Jane"]',
            ("$.linked_cases[0].people[0]", "must be the ref of one of the people"),
        ),
        (
            MINIMAL + '[[assets]]\nid = "a"\npath = "x.jpg"\nshows = ["Jane"]',
            ("$.assets[0].shows[0]", "must be the ref of one of the people"),
        ),
        (
            MINIMAL + '[[assets]]\nid = "a"\npath = "../x.jpg"',
            ("$.assets[0].path", "must be a path below the release's folder"),
        ),
        (
            MINIMAL + '[[assets]]\nid = "a"\npath = "C:\\\\x.jpg"',
            ("$.assets[0].path", "must be a path below the release's folder"),
        ),
        (
            MINIMAL + '[[assets]]\nid = "a"\npath = "x"\noriginal_sha256 = "Jane"',
            ("$.assets[0].original_sha256", "must match the pattern"),
        ),
        (
            MINIMAL + '[[overrides]]\nrule = "PJ-1"\nreason = "x"\nauthority = "y"',
            ("$.overrides[0].rule", "must match the pattern"),
        ),
        (
            PERSON + '[[overrides]]\nrule="PJ-01"\nreason="x"\nauthority="y"\nperson="Jane"',
            ("$.overrides[0].person", "must be the ref of one of the people"),
        ),
    ],
)
def test_faults_are_worded_without_content(text, expected):
    found = problems(text)
    assert any(where == expected[0] and what.startswith(expected[1]) for where, what in found), (
        found
    )
    assert not any("Jane" in f"{where}{what}" for where, what in found)


def test_every_fault_is_listed():
    broken = CASE_TOML.replace("age = 52", "age = 'old'").replace('"s45"', '"s99"')
    assert len(problems(broken.replace('stage = "charged"', "stage = 3"))) == 3


def test_a_hostile_file_lists_a_thousand_faults_at_most():
    people = "people = [" + "{}," * 2_000 + "]"
    assert len(problems("schema = 1\n" + people)) == 1_000


def test_nothing_that_is_printed_shows_what_is_in_it():
    case = load(CASE_TOML)
    shown = f"{case!r}{case!s}{case.people!r}{case.people[0]!s}{case.restrictions[0]!r}"
    assert not any(secret in shown for secret in (*SECRETS, "Kemble", "W1 reaches"))


@pytest.mark.parametrize("path", ["missing.toml", "null\0character.toml"])
def test_a_file_that_is_not_there_is_our_error(tmp_path, path):
    with pytest.raises(InputError, match="the case file cannot be read") as caught:
        load_case(tmp_path / path)
    assert not re.search(re.escape(str(tmp_path)), str(caught.value))


def test_a_model_given_in_code_is_judged_as_a_file_is():
    case = load(CASE_TOML)
    with pytest.raises(ValueError, match="comes more than once"):
        CaseFile(case=case.case, people=(case.people[0], case.people[0]))
