"""Laws of check digits, of the sweep, and of redacted texts."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from saferedact.casefile import load_case
from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.identities import find_identities
from saferedact.detectors.replace_text import redact_text
from saferedact.policy import load_policy
from saferedact.text.fold import fold
from saferedact.text.identifiers import checks, find_identifiers
from saferedact.text.sweep import Seed, sweep

DIGITS = "0123456789"
LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def digits(count):
    return st.text(DIGITS, min_size=count, max_size=count)


def mod11(body):
    return (11 - sum(w * int(d) for w, d in zip(range(10, 1, -1), body, strict=True)) % 11) % 11


def luhn(body):
    total = 0
    for place, char in enumerate(reversed(body)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def utr(body):
    return "21987654321"[
        sum(w * int(d) for w, d in zip((6, 7, 8, 9, 10, 5, 4, 3, 2), body, strict=True)) % 11
    ]


def upn(body):
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    return letters[sum(w * int(d) for w, d in zip(range(2, 14), body, strict=True)) % 23]


@st.composite
def numbers(draw):
    """A kind of check, a number that its definition accepts, and one with one digit changed."""
    kind = draw(st.sampled_from(["nhs", "luhn", "utr", "upn", "uln", "pnc", "cro", "iban"]))
    if kind in {"nhs", "uln"}:
        body = draw(digits(9))
        check = mod11(body)
        assume(check != 10)
        if kind == "uln":  # 10 less the remainder: one less than the NHS number's
            remainder = sum(w * int(d) for w, d in zip(range(10, 1, -1), body, strict=True)) % 11
            assume(remainder != 0)
            check = 10 - remainder
        number = body + str(check)
    elif kind == "luhn":
        body = draw(digits(draw(st.integers(10, 18))))
        number = body + luhn(body)
    elif kind == "utr":
        body = draw(digits(9))
        number = utr(body) + body
    elif kind == "upn":
        body = "801" + draw(digits(9))  # a local authority that exists
        number = upn(body) + body
    elif kind == "pnc":
        year, serial = draw(digits(2)), draw(digits(7))
        number = f"20{year}/{serial}{LETTERS[int(year + serial) % 23]}"
    elif kind == "cro":
        year, serial = draw(digits(2)), draw(digits(6))
        number = f"{serial}/{year}{LETTERS[int(year + serial) % 23]}"
    else:
        account = draw(digits(14))
        rest = f"WEST{account}"
        turned = "".join(str(int(char, 36)) for char in f"{rest}GB00")
        number = f"GB{98 - int(turned) % 97:02}{rest}"
    place = draw(st.sampled_from([i for i, c in enumerate(number) if c.isdigit() and i >= 2]))
    other = draw(st.sampled_from([d for d in DIGITS if d != number[place]]))
    return kind, number, number[:place] + other + number[place + 1 :]


CHECKS = {
    "nhs": checks.nhs_check,
    "luhn": checks.luhn_check,
    "utr": checks.utr_check,
    "upn": checks.upn_check,
    "uln": checks.uln_check,
    "pnc": checks.pnc_check,
    "cro": checks.cro_check,
    "iban": checks.iban_check,
}
ONE_DIGIT_SAFE = {"nhs", "luhn", "uln", "pnc", "cro", "iban"}
"""Schemes that tell every changed digit. Those modulo 11 or 23 with prime weights do; UTR maps two
remainders to one digit, and UPN's weights repeat the modulus nowhere but its letters do not."""


@given(numbers())
def test_a_check_accepts_what_its_definition_accepts(drawn):
    kind, number, _ = drawn
    assert CHECKS[kind](number)
    if kind not in {"pnc", "cro"}:  # their strokes are part of them
        assert CHECKS[kind](" ".join(number).lower())


@given(numbers())
def test_a_changed_digit_is_refused(drawn):
    kind, _, changed = drawn
    assume(kind in ONE_DIGIT_SAFE)
    assert not CHECKS[kind](changed)


@given(numbers())
def test_a_changed_digit_lowers_the_score_and_is_still_found(drawn):
    kind, number, changed = drawn
    assume(kind in {"nhs", "pnc", "cro", "iban"})

    def best(text):
        return max(
            (span.score for span in find_identifiers(f"it is {text} here") if span.kind == kind),
            default=0,
        )

    assert best(number) > best(changed) > 0


# --- the sweep ---------------------------------------------------------------------------------

FORENAMES = st.sampled_from(["Priya", "Oscar", "Siobh\u00e1n", "Zo\u00eb", "Gwilym", "Jo"])
SURNAMES = st.sampled_from(
    ["Nair", "Kemble", "O'Neill", "Havercroft", "Llewellyn-Pugh", "D\u0105browska", "van der Berg"]
)


def plain(text):
    """Without accents, in a way of its own."""
    table = str.maketrans("\u00e1\u00eb\u0105\u00ed", "aeai")
    return text.translate(table)


@st.composite
def variants(draw):
    """A name and one of the spellings that the sweep promises to find."""
    first, last = draw(FORENAMES), draw(SURNAMES)
    spelling = draw(
        st.sampled_from(
            [
                f"{first} {last}",
                f"{last}, {first}",
                f"{last.upper()} {first}",
                f"{last.upper()}, {first}",
                f"{first[0]}. {last}",
                f"{first[0]} {last}",
                last,
                first,
                f"{first}\n{last}",
                f"{first}  {last}",
                f"{first}-{last}",
                f"{first}{last}",
                f"{first.lower()}.{last.lower()}",
                f"{first}_{last}",
            ]
        )
    )
    change = draw(
        st.sampled_from(
            [
                lambda t: t,
                str.upper,
                str.lower,
                str.title,
                plain,
                lambda t: t.replace("'", "\u2019"),
                lambda t: t.replace("'", ""),
                lambda t: t.replace("-", " "),
                lambda t: t.replace("-", ""),
                lambda t: " ".join(t.replace(" ", "  ")) if len(t) > 4 else t,
                "\u200b".join,
                lambda t: t.replace("o", "0") if len(t) > 4 else t,
                lambda t: t.replace("l", "1") if len(t) > 4 else t,
                lambda t: t.replace("m", "rn") if len(t) > 4 else t,
            ]
        )
    )
    tail = draw(st.sampled_from(["", "'s", "\u2019s", ".", ",", "!", ")", " "]))
    return f"{first} {last}", change(spelling), tail


@given(variants(), st.sampled_from(["", "saw ", "(", "\u201c", "\n", "to: "]))
def test_the_sweep_finds_every_variant(drawn, head):
    name, spelling, tail = drawn
    text = f"{head}{spelling}{tail}"
    spans = sweep(text, [Seed(name, "person", "C1")])
    assert all(span.person_ref == "C1" for span in spans)
    points = {point for span in spans for point in range(span.start, span.end)}
    wanted = range(len(head), len(head) + len(spelling))
    missing = [text[at] for at in wanted if text[at].isalnum() and at not in points]
    assert not missing


@given(st.text(alphabet="bcdfg .\n", max_size=60))
def test_the_sweep_finds_nothing_where_nothing_is(text):
    assert sweep(text, [Seed("Priya Nair", "person", "C1")]) == []


# --- redacted texts ----------------------------------------------------------------------------


class NoNames:
    """Sees nothing: what is found is found by identifiers and the case file."""

    info = DetectorInfo("no-names", "1", ("name",))

    def detect(self, text, *, language="en"):
        return []


NOBODY = [NoNames()]
CASE = load_case(
    b"""
schema = "saferedact.case/1"
[case]
stage = "charged"
jurisdiction = "england_wales"
[[people]]
ref = "C1"
role = "complainant"
name = "Priya Havercroft"
aliases = ["Pri"]
phones = ["07700 900345"]
vehicles = ["YN99 KTB"]
handles = ["@priya_hx"]
addresses = ["27 Fuller Street, Westbury Cross"]
[[people]]
ref = "D1"
role = "defendant"
name = "Stuart Kemble"
publishable = true
publishable_fields = ["name"]
"""
)

SECRETS = {
    "Priya Havercroft": ["Priya Havercroft", "PRIYA HAVERCROFT", "priya havercroft", "P. Havercroft",
                         "Havercroft, Priya", "Priya's", "Priya Haver-\ncroft"],
    "07700 900345": ["07700 900345", "07700900345", "+44 7700 900 345", "07700-900345"],
    "YN99 KTB": ["YN99 KTB", "YN99KTB", "yn99 ktb"],
    "@priya_hx": ["@priya_hx", "@PRIYA_HX"],
    "27 Fuller Street": ["27 Fuller Street", "27 FULLER STREET", "27 Fuller St"],
    "943 476 5919": ["943 476 5919", "9434765919"],
    "priya.h@northmoor.example": ["priya.h@northmoor.example"],
}  # fmt: skip
WORDS = st.sampled_from(
    [
        "the",
        "court",
        "heard",
        "that",
        "on",
        "Monday",
        "and",
        "said",
        ".",
        ",",
        "\n",
        ":",
        "-",
        "(",
        ")",
    ]
)


@st.composite
def documents(draw):
    """A text of ordinary words with planted secrets; and the secrets."""
    parts, planted = [], []
    for _ in range(draw(st.integers(1, 5))):
        parts += draw(st.lists(WORDS, max_size=5))
        secret = draw(st.sampled_from(sorted(SECRETS)))
        planted.append(secret)
        parts.append(draw(st.sampled_from(SECRETS[secret])))
    parts += draw(st.lists(WORDS, max_size=5))
    return " ".join(parts), planted


@given(documents())
def test_a_redacted_text_holds_no_planted_secret(drawn):
    text, planted = drawn
    redacted, spans = redact_text(text, case=CASE, detectors=NOBODY)
    left = fold(redacted)
    for secret in planted:
        for part in re.findall(r"[^\W_]{3,}", secret):
            if fold(part) not in {"street", "example", "northmoor"}:
                assert fold(part) not in left
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(documents())
@example(("07700 900345 12", ["07700 900345"]))
def test_redaction_twice_is_redaction_once(drawn):
    once, _ = redact_text(drawn[0], case=CASE, detectors=NOBODY)
    assert redact_text(once, case=CASE, detectors=NOBODY) == (once, [])


@given(st.text(max_size=80))
def test_any_text_is_redacted_once(text):
    once, spans = redact_text(text, case=CASE, detectors=NOBODY)
    assert redact_text(once, case=CASE, detectors=NOBODY)[0] == once
    if not spans:
        assert once == text


@given(st.sampled_from(sorted(SECRETS)))
def test_what_stands_for_a_secret_does_not_depend_on_it(secret):
    results = {
        redact_text(f"the note: {spelling}", case=CASE, detectors=NOBODY)[0]
        for spelling in SECRETS[secret]
        if not spelling.endswith("'s")
    }
    assert len(results) == 1


@pytest.mark.parametrize("name", ["Jo Ng", "Bartholomew Featherstonehaugh-Cholmondeley"])
@pytest.mark.parametrize("replacement", ["label", "numbered"])
def test_a_placeholder_has_the_same_width_whatever_it_hides(name, replacement):
    case = load_case(
        f"""
schema = "saferedact.case/1"
[case]
stage = "charged"
jurisdiction = "england_wales"
[[people]]
ref = "C1"
role = "complainant"
name = "{name}"
""".encode()
    )
    policy = load_policy()
    policy = policy.model_copy(
        update={"text": policy.text.model_copy(update={"replacement": replacement})}
    )
    redacted, _ = redact_text(f"saw {name} there", policy=policy, case=case, detectors=NOBODY)
    assert redacted == ("saw [NAME] there" if replacement == "label" else "saw [NAME 01] there")


@given(documents())
def test_every_span_of_a_listed_person_says_who(drawn):
    text, planted = drawn
    spans = find_identities(text, case=CASE, detectors=NOBODY)
    if set(planted) & {"Priya Havercroft", "07700 900345", "YN99 KTB", "@priya_hx"}:
        assert "C1" in {span.person_ref for span in spans}
    assert {span.person_ref for span in spans} <= {None, "C1"}
