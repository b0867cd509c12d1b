"""Check digits and letters. Spaces, dashes and case of the identifier do not matter.

Of python-stdnum where it has the scheme; each other one names its source.
"""

import re
from importlib import import_module

__all__ = [
    "chi_check",
    "cro_check",
    "dvla_check",
    "hc_check",
    "iban_check",
    "luhn_check",
    "nhs_check",
    "nino_check",
    "phone_check",
    "pnc_check",
    "uln_check",
    "upn_check",
    "utr_check",
]

_JUNK = re.compile(r"[^0-9A-Za-z]")

_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""Check letters of PNC and CRO numbers: number modulo 23 (ministryofjustice/hmpps-person-record,
PNCIdentifier.kt and CROIdentifier.kt)."""

_NINO_REFUSED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
"""Prefixes that are not given out (HMRC manual NIM39110)."""


def _compact(text: str) -> str:
    return _JUNK.sub("", text).upper()


def _stdnum(module: str, text: str) -> bool:
    valid = import_module(f"stdnum.{module}").is_valid(_compact(text))
    return bool(valid)


def nhs_check(text: str) -> bool:
    """Check an NHS number: ten digits, modulo 11."""
    return _stdnum("gb.nhs", text)


def chi_check(text: str) -> bool:
    """Check a CHI number: a date of birth DDMMYY, and modulo 11 as the NHS number."""
    number = _compact(text)
    return 1 <= int(number[:2]) <= 31 and 1 <= int(number[2:4]) <= 12 and nhs_check(number)


def hc_check(text: str) -> bool:
    """Check a Health and Care number of Northern Ireland: 320 000 001 to 399 999 999, modulo 11."""
    number = _compact(text)
    return "320000001" <= number[:9] <= "399999999" and nhs_check(number)


def utr_check(text: str) -> bool:
    """Check a Unique Taxpayer Reference: ten digits, the first the check digit."""
    return _stdnum("gb.utr", text)


def upn_check(text: str) -> bool:
    """Check a Unique Pupil Number: letter, eleven digits, digit or letter, modulo 23."""
    return _stdnum("gb.upn", text)


def uln_check(text: str) -> bool:
    """Check a Unique Learner Number: ten digits, modulo 11, weights 10 to 2.

    References
    ----------
    .. [1] Learning Records Service, ULN validation: remainder 0 is not used, the check digit is
       10 less the remainder.
    """
    digits = [int(char) for char in _compact(text)]
    remainder = sum(w * d for w, d in zip(range(10, 1, -1), digits[:9], strict=True)) % 11
    return remainder != 0 and 10 - remainder == digits[9]


def luhn_check(text: str) -> bool:
    """Check a card, IMEI or ICCID by Luhn's formula (ISO/IEC 7812-1)."""
    return _stdnum("luhn", text)


def iban_check(text: str) -> bool:
    """Check an IBAN: modulo 97, and length and form of its country."""
    return _stdnum("iban", text)


def nino_check(text: str) -> bool:
    """Check the letters of a National Insurance number (HMRC manual NIM39110)."""
    number = _compact(text)
    if number[0] in "DFIQUV" or number[1] in "DFIOQUV" or number[:2] in _NINO_REFUSED:
        return False
    return len(number) == 8 or number[8] in "ABCD"


def pnc_check(text: str) -> bool:
    """Check a PNC ID: (YY)YY/serial and letter, by year and serial of seven digits modulo 23."""
    year, _, rest = text.strip().partition("/")
    serial, letter = rest[:-1].strip(), rest[-1:].upper()
    if not (year.isascii() and year.isdigit() and serial.isascii() and serial.isdigit()):
        return False
    return _PNC_LETTERS[int(year[-2:] + serial.zfill(7)) % 23] == letter


def cro_check(text: str) -> bool:
    """Check a CRO number: serial/YY and letter, or SFYY/serial and letter, modulo 23."""
    head, _, tail = text.strip().upper().partition("/")
    body, letter = tail[:-1], tail[-1:]
    if head.startswith("SF"):
        year, serial = head[2:], body
    else:
        year, serial = body, head.zfill(6)
    number = year + serial
    if not (number.isascii() and number.isdigit()):
        return False
    return _PNC_LETTERS[int(number) % 23] == letter


def dvla_check(text: str) -> bool:
    """Check month and day in a driver number of Great Britain (DVLA, D740 notes)."""
    number = _compact(text)
    month, day = int(number[6:8]), int(number[8:10])
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


def phone_check(text: str) -> bool:
    """Say whether a number could be dialled from Great Britain (ITU and Ofcom plans)."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)
