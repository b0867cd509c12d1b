"""Registration marks of the United Kingdom, of all eras, Northern Ireland and trade plates."""

import re

from saferedact.text.identifiers.recogniser import Recogniser, cue, pattern

__all__ = ["VEHICLE"]

_CUE = cue(
    r"vrms?|vrn|index|reg(?:istration)?s?(?: (?:no\.?|number|mark|plate))?|plates?|number ?plates?"
    r"|vehicles?|cars?|vans?|motor(?:bike|cycle)?|lorr(?:y|ies)|trucks?|taxi|moped|anpr|driv(?:es?|ing|en)"
    r"|drove|keeper|dvla|trade|ford|vauxhall|bmw|audi|volkswagen|vw|golf|corsa|fiesta|focus|astra"
    r"|transit|mercedes|toyota|nissan|qashqai|peugeot|renault|kia|hyundai|skoda|seat|honda|mini"
    r"|land ?rover|range ?rover|tesla|volvo|mazda|citroen|fiat|dacia|jaguar|cerbyd|car"
)
_REACH = 96  # a list of vehicles has its heading once


_NO_MARK = re.compile(
    r"[ABM]\d{1,4}(?:\(M\))?|MG ?\d{1,2}|\d{1,4} ?(?:AM|PM|MPH|KM|CM|MM|KG|HRS?|MINS?|ST|ND|RD|TH|NO|TO)"
    r"|(?:IN|IS|IT|IF|NO|TO|ON|AT|OF|BY|AS|OR|AND|THE|FOR|AGE|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) ?\d{1,4}",
    re.IGNORECASE,
)
"""Roads, forms, words before a number, times and measures: no dateless marks."""


def _mark(
    expression: str, score: float, cued: float, *, any_case: bool = False, confused: bool = False
) -> Recogniser:
    return Recogniser(
        "vrm",
        pattern(expression, any_case=any_case),
        score=score,
        cued=cued,
        cue=_CUE,
        label="plate",
        reach=_REACH,
        accept=_has_digit if confused else _is_no_road,
        reference="DVLA INF104, vehicle registration numbers and number plates",
    )


def _has_digit(found: str) -> bool:
    return any(char.isdigit() for char in found)


def _is_no_road(found: str) -> bool:
    return _NO_MARK.fullmatch(found) is None


VEHICLE: tuple[Recogniser, ...] = (
    # current, since 2001: two letters, two digits, three letters
    _mark(r"[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}[ \-]?[A-HJ-PR-Z]{3}", 0.75, 0.95),
    _mark(r"[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}[A-HJ-PR-Z]{3}", 0.6, 0.9, any_case=True),
    _mark(r"[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}[ \-][A-HJ-PR-Z]{3}", 0.3, 0.85, any_case=True),
    _mark(r"[A-HJ-PR-Y] ?[A-HJ-PR-Y] ?\d ?\d {1,2}[A-HJ-PR-Z] ?[A-HJ-PR-Z] ?[A-HJ-PR-Z]", 0.4, 0.9),
    # current, read with errors: each place takes what a camera or a scan makes of it
    _mark(
        r"[A-Z0158][A-Z0158][\dOQDISBZGL]{2}[ \-]?[A-Z01582]{3}",
        0.25,
        0.6,
        any_case=True,
        confused=True,
    ),
    # prefix, 1983 to 2001
    _mark(r"[A-HJ-NPR-TV-Y]\d{1,3}[ \-]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}", 0.6, 0.9),
    _mark(r"[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Y][A-HJ-PR-Z]{2}", 0.2, 0.7, any_case=True),
    # suffix, 1963 to 1983
    _mark(r"[A-HJ-PR-Y][A-HJ-PR-Z]{2}[ \-]?\d{1,3}[ ]?[A-HJ-NPR-TV-Y]", 0.6, 0.9),
    _mark(r"[A-HJ-PR-Y][A-HJ-PR-Z]{2}[ \-]?\d{1,3}[A-HJ-NPR-TV-Y]", 0.2, 0.7, any_case=True),
    # Northern Ireland: three letters with I or Z, up to four digits
    _mark(r"(?:[A-Z]?[IZ][A-Z]|[A-Z]{1,2}[IZ])[ \-]?\d{1,4}", 0.6, 0.9),
    # dateless, and trade plates (three digits, one to three letters)
    _mark(r"[A-Z]{1,3}[ ]?\d{1,4}|\d{1,4}[ ]?[A-Z]{1,3}", 0.15, 0.65),
)
