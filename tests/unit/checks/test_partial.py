"""Parts of identifiers that are left beside a mask, or said."""

import pytest

from saferedact.checks.partial import find_fragments
from saferedact.testing.checks import base_case, case_of


@pytest.fixture(scope="module")
def case():
    people = [
        {
            "ref": "C1",
            "role": "complainant",
            "name": "Imogen Hartwell",
            "phones": ["07700 900321"],
            "vehicles": ["YN99 KTB"],
            "addresses": ["4 Mill Row, Bexham BX4 7QD"],
        },
        {"ref": "D1", "role": "defendant", "name": "Peter Quill", "publishable": True},
    ]
    return case_of(base_case(people=people))


@pytest.mark.parametrize("phone", ["+44 7700 900321", "0044 (0)7700 900321", "447700900321"])
def test_a_number_is_listed_with_the_code_of_the_country(phone):
    people = [{"ref": "C1", "role": "complainant", "name": "Imogen Hartwell", "phones": [phone]}]
    found = find_fragments("Call 07700 9***** today", case_of(base_case(people=people)))
    assert [fragment.ref for fragment in found] == ["C1"]


@pytest.mark.parametrize(
    "text",
    [
        "The witness, Ms H---, saw it.",
        "Imo██████ was there",
        "Call 07700 9***** today",
        "a car, registration YN99 ███",
        "a silver car, plate ending KTB",
        "the partial plate YN99 was given",
        "*****0321 is her number",
        "of BX4 7 in the town",
    ],
)
def test_a_part_is_found(text, case):
    (fragment,) = find_fragments(text, case)
    assert fragment.ref == "C1"
    assert 0 <= fragment.start < fragment.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ms Q--- saw it.",  # he may be named
        "---",
        "h--- is no name",
        "the sum ending 321 and a plate ending ZZZ",
        "call 07700 900321 or see YN99 KTB",  # whole: another rule
        "BX4 7QD",
        "ten *** stars",
        "a headline ---- and a rule",
        "XXX",
    ],
)
def test_what_is_no_part(text, case):
    assert find_fragments(text, case) == []
