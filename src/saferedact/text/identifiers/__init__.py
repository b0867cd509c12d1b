"""Identifiers in a text: numbers of people, cases, devices, accounts, vehicles, and places.

One table of recognisers (`RECOGNISERS`) and a few finders for what no single expression can say.
Nothing vetoes: a failed check digit lowers a score, a second recogniser adds its own span.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from saferedact.text.identifiers.code_words import code_words
from saferedact.text.identifiers.contact import (
    CONTACT,
    CONTACT_WITHOUT_DIGITS,
    find_disguised_emails,
    find_senders,
)
from saferedact.text.identifiers.dates import DATES, DATES_IN_WORDS
from saferedact.text.identifiers.device import DEVICE
from saferedact.text.identifiers.justice import JUSTICE
from saferedact.text.identifiers.money import MONEY
from saferedact.text.identifiers.organisations import ORGANISATION_WORDS, find_organisations
from saferedact.text.identifiers.people import PEOPLE
from saferedact.text.identifiers.place import (
    ADDRESS_WORDS,
    PLACE,
    PLACE_WITHOUT_DIGITS,
    find_addresses,
)
from saferedact.text.identifiers.recogniser import (
    MANY_DIGITS,
    Recogniser,
    cue,
    pattern,
)
from saferedact.text.identifiers.spoken import (
    RADIO_WORDS,
    SPOKEN_DIGITS,
    find_radio_letters,
    find_spoken_numbers,
)
from saferedact.text.identifiers.tables import find_in_columns
from saferedact.text.identifiers.vehicle import VEHICLE
from saferedact.text.identifiers.words import WordIndex
from saferedact.text.normalize import normalize
from saferedact.text.spans import TextSpan, union

__all__ = ["RECOGNISERS", "Recogniser", "cue", "find_identifiers", "pattern"]

_DATE = re.compile(
    r"[0-3]?\d[/\-][01]?\d[/\-](?:19|20)\d\d|(?:19|20)\d\d[/\-][01]\d(?:[/\-][0-3]\d)?"
)


def _is_long_number(found: str) -> bool:
    digits = sum(char.isdigit() for char in found)
    return digits >= _LONG_NUMBER and _DATE.fullmatch(found.strip()) is None


_LONG_NUMBER = 7
"""Shorter ones are sums, years, shop and room numbers; most references are longer."""

_ANY_NUMBER = Recogniser(
    "number",
    digits=MANY_DIGITS,
    regex=pattern(
        r"(?:[A-Z]{1,4}[ /\-]?)?\d{2,}(?:[ /\-]\d{2,}){0,6}(?:[/\-]?[A-Z])?", any_case=False
    ),
    score=0.4,
    accept=_is_long_number,
    reference="Seven digits or more are a reference of somebody, whoever gave it",
)

_WITH_DIGITS: tuple[Recogniser, ...] = (
    *PEOPLE,
    *JUSTICE,
    *CONTACT,
    *MONEY,
    *DEVICE,
    *PLACE,
    *VEHICLE,
    *DATES,
    _ANY_NUMBER,
)
_WITHOUT_DIGITS: tuple[Recogniser, ...] = (
    *CONTACT_WITHOUT_DIGITS,
    *PLACE_WITHOUT_DIGITS,
    *DATES_IN_WORDS,
)

RECOGNISERS: tuple[Recogniser, ...] = (*_WITH_DIGITS, *_WITHOUT_DIGITS)
"""Every row of the table."""

_LED = {str(number): one for number, one in enumerate(_WITHOUT_DIGITS) if one.leads}
_ANYWHERE = tuple(one for one in _WITHOUT_DIGITS if not one.leads)
_WORDS = WordIndex(
    {
        "spoken": SPOKEN_DIGITS,
        "radio": RADIO_WORDS,
        **ADDRESS_WORDS,
        **ORGANISATION_WORDS,
        **{group: one.leads for group, one in _LED.items()},
    }
)
"""Words that some rule begins with: all are looked up in one pass."""

_DIGITS = re.compile(r"\d(?:\D{0,60}\d)*")
_MARGIN = 30
"""Recognisers whose form has a digit look only near digits. No form reaches further from its
nearest digit than a margin; clusters further apart than two margins are looked at one by one."""

_MANY_DIGITS = re.compile(rf"\d(?:\D{{0,8}}\d){{{MANY_DIGITS - 1},}}")
"""Places with many digits: between two of one number stand separators, or the letters of a bank."""

_DIGIT_LIKE = str.maketrans("OoQDIl|!ZzSsBGg", "000011112255866")
_MISREAD = re.compile(
    r"(?<![^\W_])(?=[OoQDIl|!ZzSsBGg/.\-]*\d)[\dOoQDIl|!ZzSsBGg]+(?:[/.\-][\dOoQDIl|!ZzSsBGg]+)*(?![^\W_])"
)
_MISREAD_LENGTH = 2
"""An age or a day has two digits."""

_MISREAD_FACTOR = 0.85
"""A number that was read only after letters were taken for digits is a little less sure."""


def find_identifiers(text: str, *, more: Iterable[Recogniser] = ()) -> list[TextSpan]:
    """Find identifiers in a text.

    Parameters
    ----------
    text : str
        Any text as it is; it is normalised here.
    more : iterable of Recogniser
        Rows beside the built-in table, as those of a policy.

    Returns
    -------
    list of TextSpan
        In code points of `text`, sorted by start. Spans of one kind do not overlap; spans of
        different kinds may.
    """
    mapped = normalize(text)
    spans = []
    for span in _find(mapped.text, tuple(more)):
        place = mapped.to_source(span.start, span.end)
        if _COLUMN.fullmatch(text, *place) and len(set(text[slice(*place)])) <= _MOST_ALIKE:
            continue
        spans.append(TextSpan(*place, span.label, span.kind, span.score, span.source))
    return _without_covered_numbers(union(spans))


_HEX_LINE = re.compile(
    r"(?<![^\W_])(?:[\da-fA-F]{8}:?\s{1,3})?[\da-fA-F]{2}(?:\s{1,2}[\da-fA-F]{2}){7,63}(?![^\W_])"
)
_ZEROS = re.compile(r"(?<![^\W_])0{5}[\da-fA-F]{3}(?:\s{1,3}0{5}[\da-fA-F]{3}){1,63}(?![^\W_])")
"""Places of such a listing, one below the other: 00000010 00000020."""

_COLUMN = re.compile(r"\d(?:\s\d){3,}")
_MOST_ALIKE = 4
"""Different signs, two of them blank and line end, of a column of sizes read downward, "4 4 4 2 4 4 4": a
number that somebody spells out has more digits."""

_HEX_PAIR = re.compile(
    r"(?<![^\W_])(?:\d[a-f]|[a-f]\d|[a-f]{2}|\d[A-F]|[A-F]\d|[A-F]{2})(?![^\W_])"
)
_SAID_TO_BE = 0.85
"""Score of a user name beside the word for one: it is one in a technical text too."""

_HEX_KINDS = frozenset(("phone", "number", "card", "imei"))


def _hex_listings(text: str) -> list[tuple[int, int]]:
    """Find listings of bytes: eight pairs and more, one of them with a letter, so that they are no number."""
    lines = [
        match.span() for match in _HEX_LINE.finditer(text) if _HEX_PAIR.search(match[0]) is not None
    ]
    return lines + [match.span() for match in _ZEROS.finditer(text)]


def _without_covered_numbers(spans: list[TextSpan]) -> list[TextSpan]:
    """Leave out numbers of no known kind that a span of a known kind covers as surely."""
    kept: list[TextSpan] = []
    known = [span for span in spans if span.kind != _ANY_NUMBER.kind]
    starts = [span.start for span in known]
    at = 0
    for span in spans:
        if span.kind == _ANY_NUMBER.kind:
            while at < len(known) and known[at].end < span.start - _LONGEST_IDENTIFIER:
                at += 1
            if any(
                span.end <= known[place].end and known[place].score >= span.score
                for place in range(at, bisect_right(starts, span.start))
            ):
                continue
        kept.append(span)
    return kept


_LONGEST_IDENTIFIER = 300  # code points; only addresses and URLs are longer, and cover no numbers


def _find(text: str, more: tuple[Recogniser, ...]) -> Iterator[TextSpan]:
    listings = _hex_listings(text)
    code = code_words(text) if "_" in text else frozenset()
    for span in _find_anything(text, more):
        if (
            code
            and span.kind == "username"
            and span.score < _SAID_TO_BE
            and text[span.start : span.end] in code
        ):
            continue
        if span.kind in _HEX_KINDS:
            before = bisect_right(listings, (span.start, len(text))) - 1
            if before >= 0 and span.end <= listings[before][1]:
                continue
        yield span


def _find_anything(text: str, more: tuple[Recogniser, ...]) -> Iterator[TextSpan]:
    windows = _joined_windows(_DIGITS.finditer(text), len(text))
    rich = _joined_windows(_MANY_DIGITS.finditer(text), len(text)) if windows else []
    for recogniser in _WITH_DIGITS:
        for start, end in rich if recogniser.digits >= MANY_DIGITS else windows:
            yield from recogniser.find(text, start, end)
    if windows:
        yield from _find_misread(text, windows)
    for recogniser in (*_ANYWHERE, *more):
        for start, end in _lines_with(text, recogniser.signs):
            yield from recogniser.find(text, start, end)
    places = _WORDS.places(text)
    for group, recogniser in _LED.items():
        yield from recogniser.find_at(text, places[group])
    yield from find_disguised_emails(text)
    yield from find_spoken_numbers(text, places["spoken"])
    yield from find_radio_letters(text, places["radio"])
    yield from find_senders(text)
    yield from find_in_columns(text)
    yield from find_addresses(text, places)
    yield from find_organisations(text, places)


def _lines_with(text: str, signs: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold one of some signs, neighbours together; without signs, all of them."""
    if not signs:
        yield 0, len(text)
        return
    start = end = 0
    for at in sorted(_found_anywhere(text, signs)):
        if at < end:
            continue
        first = text.rfind("\n", end, at) + 1 or end
        if first > end:
            if end > start:
                yield start, end
            start = first
        end = text.find("\n", at) + 1 or len(text)
    if end > start:
        yield start, end


def _found_anywhere(text: str, signs: tuple[str, ...]) -> Iterator[int]:
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            yield at
            at = text.find(sign, at + 1)


def _find_misread(text: str, windows: list[tuple[int, int]]) -> Iterator[TextSpan]:
    """Read numbers in which a scan took digits for letters: "O7700 9OO482"."""
    misread = [match for start, end in windows for match in _MISREAD.finditer(text, start, end)]
    misread = [
        match
        for match in misread
        if any(char.isalpha() for char in match[0]) and len(match[0]) >= _MISREAD_LENGTH
    ]
    if not misread:
        return
    letters = list(text)
    for match in misread:
        letters[match.start() : match.end()] = match[0].translate(_DIGIT_LIKE)
    folded = "".join(letters)
    for start, end in _joined_windows(misread, len(text)):
        for recogniser in _WITH_DIGITS:
            for span in recogniser.find(folded, start, end):
                if folded[span.start : span.end] != text[span.start : span.end]:
                    yield replace(
                        span, score=span.score * _MISREAD_FACTOR, source="identifiers-misread"
                    )


def _joined_windows(matches: Iterable[re.Match[str]], length: int) -> list[tuple[int, int]]:
    """Return the surroundings of matches; those that touch are one."""
    windows: list[tuple[int, int]] = []
    for match in matches:
        start, end = max(0, match.start() - _MARGIN), min(length, match.end() + _MARGIN)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows
