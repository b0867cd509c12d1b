"""A fictional case file, and random ones, for tests of whatever reads case files."""

import json
from typing import Any

from hypothesis import strategies as st

__all__ = ["CASE_TOML", "SECRETS", "case_toml", "case_trees"]

CASE_TOML = """\
schema = "saferedact.case/1"
[case]
urn = "NM/0512/26"
force = "Northmoor Police"
jurisdiction = "england_wales"
offence_category = "sexual"
offence_text = "voyeurism"
stage = "charged"
custody_status = "post_charge_bail"
arrested_on = 2026-10-02
charged_on = 2026-11-18
stage_confirmed_at = 2026-11-20T08:00:00Z
court_type = "magistrates"
[case.next_hearing]
court = "Northmoor Magistrates' Court"
date = 2026-11-24
[[linked_cases]]
urn = "NM/0513/26"
stage = "arrested"
[release]
type = "charge"
policing_purpose = "inform the public of a charge"
channels = [{ name = "force website" }]
embargo_until = 2026-11-20T10:00:00Z
takedown_review_on = 2027-02-20
conditions_of_use = "Police copyright"
prior_releases = ["NM/0512/26-R1", { id = "R2", path = "earlier" }]
[[restrictions]]
type = "s45"
court = "Northmoor Magistrates' Court"
made_on = 2026-11-19
terms = "nothing to identify W1"
protects = ["W1"]
expires = "W1 reaches 18"
[[people]]
ref = "D1"
role = "defendant"
name = "Stuart Kemble"
aliases = ["Stu"]
age = 52
sex = "male"
publishable = true
publishable_fields = ["name", "age", "town"]
town = "Westbury Cross"
addresses = ["27 Fuller Street, Westbury Cross"]
vehicles = ["YN99 KTB"]
handles = ["@stu_kemble_wx"]
[[people]]
ref = "C1"
role = "complainant"
name = "Priya Nair"
aliases = ["Pri"]
under_18 = false
relation_to = { D1 = "lodger" }
schools = ["Westbury College"]
workplaces = ["Westbury Infirmary"]
phones = ["07700 900345"]
quasi_identifiers = { age = 24, job = "student nurse" }
consent = { naming = "not_applicable", waiver_document = "" }
[[people]]
ref = "W1"
role = "witness"
name = "Oscar Tennyson"
under_18 = true
relation_to = { D1 = "neighbour" }
consent = { naming = "not_given" }
[[assets]]
id = "i1"
path = "assets/street.jpg"
source = "bwv"
original_sha256 = ""
[[approvals]]
role = "SIO"
name = "DI R. Osei"
at = 2026-11-20T08:10:00Z
[[overrides]]
rule = "PV-02"
reason = "the log is kept on paper"
authority = "Supt A. Example"
evidence = "decision log 4"
"""
"""A case in which every table of the schema is used."""

SECRETS = (
    "Stuart Kemble",
    "Priya Nair",
    "Oscar Tennyson",
    "07700 900345",
    "27 Fuller Street",
    "Westbury College",
    "@stu_kemble_wx",
    "YN99 KTB",
)
"""What no message, log or report about `CASE_TOML` may show."""


def case_toml(tree: dict[str, Any]) -> bytes:
    """Write a tree of tables, lists, texts, numbers and truth values as TOML.

    Parameters
    ----------
    tree : dict
        Days and times are given as texts that begin with ``date:``.
    """
    return "".join(f"{key} = {_inline(value)}\n" for key, value in tree.items()).encode()


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str) and value.startswith("date:"):
        return value.removeprefix("date:")
    return json.dumps(value, ensure_ascii=False)


_FORENAMES = ("Ifan", "Zeeshan", "Mhairi", "Gurpreet", "Olivia", "Will", "Bartosz")
_SURNAMES = ("Kemble", "Oyelowo", "Dabrowska", "Penhaligon", "Field", "Brathwaite")
_STREETS = ("Fuller Street", "Orchard Way", "Tanyard Lane")


@st.composite
def case_trees(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a valid case as a tree for `case_toml`: an accused and one to three protected people."""
    names = draw(
        st.lists(
            st.tuples(st.sampled_from(_FORENAMES), st.sampled_from(_SURNAMES)),
            min_size=2,
            max_size=4,
            unique_by=(lambda name: name[0], lambda name: name[1]),
        )
    )
    people: list[dict[str, Any]] = []
    for number, (forename, surname) in enumerate(names):
        role = "defendant" if number == 0 else draw(st.sampled_from(["complainant", "witness"]))
        phone = f"07700 900{draw(st.integers(0, 999)):03d}"
        street = f"{draw(st.integers(2, 98))} {draw(st.sampled_from(_STREETS))}"
        people.append(
            {
                "ref": f"P{number}",
                "role": role,
                "name": f"{forename} {surname}",
                "phones": [phone],
                "addresses": [street],
                "publishable": number == 0,
            }
        )
    return {
        "schema": "saferedact.case/1",
        "case": {
            "jurisdiction": "england_wales",
            "offence_category": draw(st.sampled_from(["sexual", "violence", "fraud"])),
            "stage": draw(st.sampled_from(["arrested", "charged", "trial", "sentenced"])),
        },
        "people": people,
    }
