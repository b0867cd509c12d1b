"""Bank accounts and cards."""

from saferedact.text.identifiers.checks import iban_check, luhn_check
from saferedact.text.identifiers.recogniser import MANY_DIGITS, Recogniser, cue, pattern

__all__ = ["MONEY"]

_BANK = r"sort ?code|s/c|bank|account|acc(?:t|ount)?\.?(?: ?(?:no\.?|number))?|a/c|paid|transfer(?:red)?"

MONEY: tuple[Recogniser, ...] = (
    Recogniser(
        "iban",
        digits=MANY_DIGITS,
        regex=pattern(r"[A-Z]{2}\d{2}(?:[ \-]?[A-Z\d]{4}){2,7}(?:[ \-]?[A-Z\d]{1,3})?"),
        score=0.5,
        cued=0.9,
        cue=cue(r"iban|bank|account"),
        check=iban_check,
        checked=0.95,
        reference="ISO 13616; python-stdnum iban",
    ),
    Recogniser(
        "card",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{4}(?:[ \-]?\d{4}){2}[ \-]?\d{1,7}|3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5}"),
        score=0.45,
        cued=0.85,
        cue=cue(r"cards?|visa|mastercard|amex|debit|credit|barclaycard|pan"),
        check=luhn_check,
        reference="ISO/IEC 7812-1",
    ),
    Recogniser(
        "bank-account",
        digits=MANY_DIGITS,
        regex=pattern(
            r"\d{2}[ \-]?\d{2}[ \-]?\d{2}(?:[ \t,;/|]{1,3}|[ ]and[ ])(?:the[ ])?(?:(?:a/?c|acc(?:ount|t)?)\.?[ \t]*"
            r"(?:no\.?|number)?[ \t]*[:#]?[ \t]*)?\d{8}"
        ),
        score=0.7,
        cued=0.9,
        cue=cue(_BANK),
        reference="UK Payments: six-digit sort code and eight-digit account number",
    ),
    Recogniser(
        "bank-account",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{2}-\d{2}-\d{2}|\d{2} \d{2} \d{2}|\d{6}"),
        score=0.2,
        cued=0.85,
        cue=cue(r"sort ?codes?|s/c|sc"),
        reference="UK Payments, sort code",
    ),
    Recogniser(
        "bank-account",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{8}|\d{4}[ \-]\d{4}"),
        score=0.3,
        cued=0.85,
        cue=cue(_BANK),
        reference="UK Payments, account number",
    ),
)
