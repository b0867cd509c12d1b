"""Numbers that authorities give to people: health, tax, schooling, driving, borders, care."""

from saferedact.text.identifiers.checks import (
    chi_check,
    dvla_check,
    hc_check,
    nhs_check,
    nino_check,
    uln_check,
    upn_check,
    utr_check,
)
from saferedact.text.identifiers.recogniser import MANY_DIGITS, Recogniser, cue, pattern

__all__ = ["PEOPLE"]

_HEALTH = r"nhs|n\.h\.s\.?|patient|hospital|medical|health|gp"
_INSURANCE = r"nino?|n\.?i\.?(?: ?(?:no\.?|number))?|national insurance(?: (?:no\.?|number))?"
_DRIVER = r"licen[cs]e|driver|driving|dvla|dln"
_TAX = r"utr|tax|taxpayer|self[ -]?assessment|hmrc"

PEOPLE: tuple[Recogniser, ...] = (
    Recogniser(
        "nhs",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{3}~\d{3}~\d{4}"),
        score=0.3,
        cued=0.8,
        cue=cue(_HEALTH),
        check=nhs_check,
        reference="NHS Data Dictionary, NHS NUMBER",
    ),
    Recogniser(
        "chi",
        digits=MANY_DIGITS,
        regex=pattern(r"[0-3]\d[01]\d\d\d~\d{4}"),
        score=0.3,
        cued=0.8,
        cue=cue(r"chi|community health index"),
        check=chi_check,
        reference="NHS Scotland, Community Health Index",
    ),
    Recogniser(
        "hc-number",
        digits=MANY_DIGITS,
        regex=pattern(r"3[2-9]\d~\d{3}~\d{4}"),
        score=0.3,
        cued=0.8,
        cue=cue(r"h ?(?:&|and|\+) ?c|hcn|health and care|health & care"),
        check=hc_check,
        reference="Business Services Organisation, Health and Care Number",
    ),
    Recogniser(
        "nino",
        digits=MANY_DIGITS,
        regex=pattern(
            r"[A-Z]{2}[ ]{0,2}\d{2}[ ]{0,2}\d{2}[ ]{0,2}\d{2}(?:[ ]{0,2}[A-D])?"
            r"|[A-Z]{2}(?P<nino_gap>[\-./])\d{2}(?P=nino_gap)\d{2}(?P=nino_gap)\d{2}(?P=nino_gap)[A-D]"
            r"|[A-Za-z]{2}\d{6}[A-Da-d]?",
            any_case=False,
        ),
        score=0.45,
        cued=0.85,
        cue=cue(_INSURANCE),
        check=nino_check,
        checked=0.8,
        reference="HMRC National Insurance Manual NIM39110",
    ),
    Recogniser(
        "nino",  # in small letters, as in a transcript
        digits=MANY_DIGITS,
        regex=pattern(r"[A-Z]{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]"),
        score=0.3,
        cued=0.85,
        cue=cue(_INSURANCE),
        reference="HMRC National Insurance Manual NIM39110",
    ),
    Recogniser(
        "utr",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{5}~\d{5}"),
        score=0.3,
        cued=0.85,
        cue=cue(_TAX),
        check=utr_check,
        checked=0.5,  # one ten-digit number in eleven passes by chance
        reference="HMRC; python-stdnum gb.utr",
    ),
    Recogniser(
        "upn",
        digits=MANY_DIGITS,
        regex=pattern(r"[A-Z]~\d{3}~\d{4}~\d{4}[\dA-Z]"),
        score=0.45,
        cued=0.85,
        cue=cue(r"upn|pupil|unique pupil number"),
        check=upn_check,
        reference="UK Government Data Standards Catalogue, Unique Pupil Number",
    ),
    Recogniser(
        "uln",
        digits=MANY_DIGITS,
        regex=pattern(r"[1-9]\d{2}~\d{3}~\d{4}"),
        score=0.3,
        cued=0.85,
        cue=cue(r"uln|learner|unique learner number"),
        check=uln_check,
        checked=0.5,
        reference="Learning Records Service, Unique Learner Number",
    ),
    Recogniser(
        "dvla",
        pattern(r"[A-Z9]{5}~\d{6}~[A-Z9]{2}~[\dA-Z]~[A-Z]{2}(?:~\d{2})?", any_case=False),
        score=0.65,
        cued=0.95,
        cue=cue(_DRIVER),
        check=dvla_check,
        checked=0.9,
        reference="DVLA, driver number: name, birth date, initials, check letters, issue",
    ),
    Recogniser(
        "dvla",  # small letters, or read with errors in the digits
        pattern(r"[A-Z9]{5}[\dOISBZLG]{6}[A-Z9]{2}[\dA-Z][A-Z]{2}(?:~\d{2})?"),
        score=0.6,
        cued=0.9,
        cue=cue(_DRIVER),
        accept=lambda found: any(char.isdigit() for char in found),
        reference="DVLA, driver number",
    ),
    Recogniser(
        "dvla",
        pattern(r"\d{8}"),
        score=0.3,
        cued=0.8,
        cue=cue(r"licen[cs]e(?: (?:no\.?|number))?|dva|driver (?:no\.?|number)"),
        reference="DVA Northern Ireland, driver number",
    ),
    Recogniser(
        "passport",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{9}|[A-Z]{1,2}[ ]?\d{7}|[A-Za-z]{1,2}\d{7}", any_case=False),
        score=0.36,
        cued=0.85,
        cue=cue(r"passports?|pass ?port (?:no\.?|number)|travel document"),
        reference="HM Passport Office; ICAO 9303 document number",
    ),
    Recogniser(
        "brp",
        digits=MANY_DIGITS,
        regex=pattern(r"[A-Z]{2}[ ]?[X\d][ ]?\d{6}", any_case=False),
        score=0.4,
        cued=0.85,
        cue=cue(r"brp|biometric|residence (?:permit|card)|permit"),
        reference="Home Office, biometric residence permits",
    ),
    Recogniser(
        "share-code",
        pattern(r"[WRS][A-Z\d]{2}(?P<gap>[ \-]?)[A-Z\d]{3}(?P=gap)[A-Z\d]{3}"),
        score=0.1,
        cued=0.85,
        cue=cue(r"share ?codes?|right to (?:work|rent)|settled status|euss"),
        accept=lambda found: any(char.isdigit() for char in found),
        reference="Home Office, view and prove your immigration status",
    ),
    Recogniser(
        "social-care",
        pattern(
            r"(?:liquid ?logic|mosaic|care ?first|lcs|ics|frameworki|social (?:care|services|work)"
            r"|client|service user|child id)[ \t]*(?:id|no\.?|number|ref(?:erence)?\.?|record)?"
            r"[ \t]*[:#=\-]?[ \t]*(?:id|no\.?|number|ref\.?)?[ \t]*[:#]?[ \t]*(?P<id>(?:[A-Z]{1,3}[ \-]?)?\d{5,9})"
        ),
        score=0.8,
        reference="Records systems of children's services; form from practice",
    ),
)
