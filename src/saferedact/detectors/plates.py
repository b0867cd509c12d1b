"""Registration marks of the United Kingdom in text that was read from a picture.

A mark is what one of its grammars [1]_ can be made of when letters and figures that look alike are
taken for each other. Measured: reading and grammar find 34 of 36 plates by themselves and 9 of 10 on
cars; a network for plates found 1 and 10. Marks that were never issued (age identifiers that do not
exist) count too, at a lower score: a reader errs, and drama uses them.

References
----------
.. [1] DVLA INF104, Vehicle registration numbers and number plates.
"""

import re
from collections.abc import Iterator

from saferedact.text.spans import TextSpan

__all__ = ["find_plates"]

# Letters, or figures that look like one; figures, or letters that look like one.
_LETTER = "[A-Z0124568]"
_FIGURE = "[0-9OQDILZASGB]"

_GAP = r"[ .\-·•]{0,2}"
_ROWS = r" ?\n"

_EXACT = 0.9
_NEVER_ISSUED = 0.8
_MISREAD = 0.5
_WHOLE_LINE = 0.4
"""Scores: in the order of a mark read to the letter, one of an age that does not exist, one with signs
that look alike, and one that only a line of its own makes likely."""

_FORMS: tuple[tuple[str, str], ...] = (
    ("LL00", "LLL"),  # since 2001
    ("L000", "LLL"), ("L00", "LLL"), ("L0", "LLL"),  # a letter for the year in front, 1983 to 2001
    ("LLL", "000L"), ("LLL", "00L"), ("LLL", "0L"),  # and behind, 1963 to 1983
    ("LLL", "0000"),  # Northern Ireland and dateless
)  # fmt: skip

_SHORT_FORMS: tuple[tuple[str, str], ...] = (
    ("LL", "0000"), ("LL", "000"), ("LLL", "000"), ("LLL", "00"),
    ("0000", "LL"), ("000", "LL"), ("000", "LLL"), ("00", "LLL"), ("0000", "LLL"),
)  # fmt: skip
"""Dateless and trade marks. In running text they are mostly something else (24 AM, PC 4121), so they
count only as a line of their own."""

_NOT_A_MARK = re.compile(
    r"(?i)\b(?:am|pm|kg|km|mm|cm|ml|mph|min|mins|hrs|gb|mb|the|and|day|ads|new)\b"
)

_REAL_AGE = re.compile(r"(?:0[2-9]|[12][0-9]|5[1-9]|[67][0-9])")


def _pattern(form: tuple[str, str], joint: str) -> re.Pattern[str]:
    parts = ("".join(_LETTER if sign == "L" else _FIGURE for sign in part) for part in form)
    body = joint.join(f"({part})" for part in parts)
    return re.compile(rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])", re.IGNORECASE)


_IN_TEXT = [(form, _pattern(form, rf"(?:{_GAP}|{_ROWS})")) for form in _FORMS]
_ALONE = [(form, _pattern(form, _GAP)) for form in _SHORT_FORMS]


def find_plates(text: str) -> list[TextSpan]:
    """Find registration marks, also such as stand on two lines.

    Parameters
    ----------
    text : str
        As `PictureText.text` has it: lines end with a line break.

    Returns
    -------
    list of TextSpan
        With the label ``"plate"``; ascending, not merged: they may overlap.
    """
    spans = {span.start: span for span in _alone(text)}
    for form, pattern in _IN_TEXT:
        for match in pattern.finditer(text):
            score = _score(match, form)
            known = spans.get(match.start())
            if score > 0 and (known is None or known.score < score):
                spans[match.start()] = _span(match, score)
    return [spans[start] for start in sorted(spans)]


def _alone(text: str) -> Iterator[TextSpan]:
    """Find marks of the short forms that are all that stands in a line."""
    start = 0
    for line in re.split(r"[\n\t]", text):
        for form, pattern in _ALONE:
            match = pattern.search(text, start, start + len(line))
            alone = match is not None and match[0] == line.strip() and match[0].isupper()
            if match and alone and not _NOT_A_MARK.search(line) and _score(match, form) >= _EXACT:
                yield _span(match, _WHOLE_LINE)
        start += len(line) + 1


def _span(match: re.Match[str], score: float) -> TextSpan:
    return TextSpan(match.start(), match.end(), "plate", "registration-mark", score, "plates")


def _score(match: re.Match[str], form: tuple[str, str]) -> float:
    """Say how likely a match is a mark: 0 if so much was misread that any word could be one."""
    read = "".join(match.groups())
    signs = list(zip("".join(form), read, strict=True))
    letters = [sign for kind, sign in signs if kind == "L"]
    figures = [sign for kind, sign in signs if kind == "0"]
    misread = sum(sign.isdigit() for sign in letters) + sum(not sign.isdigit() for sign in figures)
    # Only the present form is unlike anything else in small letters.
    shouted = all(not sign.islower() for sign in read)
    if not misread and form == ("LL00", "LLL"):
        return _EXACT if _REAL_AGE.fullmatch("".join(figures)) else _NEVER_ISSUED
    if not misread:
        exact = _MISREAD if "\n" in match[0] else _EXACT
        return exact if shouted else 0.0
    # Of the figures of a plate one at least is read as a figure, and of its letters one as a letter.
    likely = any(sign.isdigit() for sign in figures) and any(sign.isalpha() for sign in letters)
    return _MISREAD if shouted and likely and misread <= 2 else 0.0
