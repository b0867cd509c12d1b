"""Identifiers of the case of which a part is left (WR-09): "Mr H---", "07700 ******", "ending KTB"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.casefile import CaseFile
from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.mentions import POSTCODE

__all__ = ["Fragment", "find_fragments"]

_MASK = r"(?:[█▓▒░■▮●•*_#]{2,}|[-–—]{3,}|[Xx]{3,}|\[(?i:redacted|removed)\])"  # noqa: RUF001
_MASKED = re.compile(rf"(?P<before>[^\W_]{{0,12}}(?:[^\S\n][^\W_]{{1,5}})?)[ ]?{_MASK}")
_MASKED_BEFORE = re.compile(rf"{_MASK}[ ]?(?P<after>[^\W_]{{1,12}}(?:[^\S\n][^\W_]{{1,5}})?)")
"""What people put in place of letters, and the letters and digits left before and after it."""

_SAID = re.compile(
    r"\b(?P<end>ending(?: in| with)?|ends(?: in| with)|last (?:two|three|four|few|\d) "
    r"(?:digits|letters|characters)(?: (?:of|are|were|being))?|beginning(?: with)?|starting(?: with)?|"
    r"partial(?: index| plate| registration)?)"
    r"[:\s]+[\"“']?(?P<part>[A-Z0-9]{2,4}(?:[ ][A-Z0-9]{1,4})?)\b"
)
"""Words that introduce a part of a number or a plate; the part in capitals and digits."""

_SECTOR = re.compile(r"\b(?P<part>[A-Z]{1,2}\d[A-Z\d]?[ ]\d)\b(?![A-Z]{2})")
"""A postcode without its last two letters: the sector (BS 7666)."""

_LEAST_SHARE = 0.36
_LEAST_LETTERS = 3
"""Share of an identifier, and letters and digits of it, that tell it: three of a plate's seven, four of a
number's eleven. Of a name beside a mask one letter does."""

_WHOLE_NAME = 0.99
"""Share of a name from which it is no fragment: that is found as a name."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of an identifier.

    Parameters
    ----------
    start, end : int
        Code points, half-open.
    ref : str
        Whose.
    """

    start: int
    end: int
    ref: str


def find_fragments(text: str, case: CaseFile) -> list[Fragment]:
    """Find parts of identifiers of people who may not be identified.

    Parameters
    ----------
    text : str
        The text.
    case : CaseFile
        Who they are.

    Returns
    -------
    list of Fragment
        Sorted, of each place one.
    """
    numbers, names = _listed(case)
    found: dict[tuple[int, int], Fragment] = {}
    for part, start, end, at_start in _candidates(text):
        squashed = _squashed(part)
        for value, ref in numbers:
            fits = value.startswith(squashed) if at_start else value.endswith(squashed)
            share = len(squashed) / len(value)
            if fits and len(squashed) >= _LEAST_LETTERS and _LEAST_SHARE <= share < 1:
                found.setdefault((start, end), Fragment(start, end, ref))
    for match in _MASKED.finditer(text):
        before = match["before"].split(" ")[-1]
        squashed = before.casefold()
        for name, ref in names:
            capital = before[:1].isupper() and name.startswith(squashed)
            if capital and len(squashed) < _WHOLE_NAME * len(name):
                found.setdefault(match.span(), Fragment(*match.span(), ref))
    return sorted(found.values(), key=lambda fragment: fragment.start)


def _candidates(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield parts with their places and whether they begin what they are a part of."""
    for match in _MASKED.finditer(text):
        for part in {match["before"], match["before"].split(" ")[-1]}:
            yield part, *match.span(), True
    for match in _MASKED_BEFORE.finditer(text):
        for part in {match["after"], match["after"].split(" ")[0]}:
            yield part, *match.span(), False
    for match in _SAID.finditer(text):
        begins = match["end"].lower().startswith(("begin", "start"))
        yield match["part"], *match.span("part"), begins
        if match["end"].lower().startswith("partial"):
            yield match["part"], *match.span("part"), True
    for match in _SECTOR.finditer(text):
        yield match["part"], *match.span("part"), True


def _listed(case: CaseFile) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return numbers, marks and postcodes, and words of names, of people who may not be identified."""
    numbers: list[tuple[str, str]] = []
    names: list[tuple[str, str]] = []
    for person in case.people:
        if person.may_publish("name"):
            continue
        values = [*person.phones, *person.vehicles]
        for address in person.addresses:
            values += POSTCODE.findall(address)
        values += [national for phone in person.phones if (national := _national(phone))]
        numbers += [(_squashed(value), person.ref) for value in values if _squashed(value)]
        words = (word for name in person.names for word in re.findall(r"[^\W\d_]{2,}", name))
        names += [(word.casefold(), person.ref) for word in words]
    return numbers, names


def _national(phone: str) -> str:
    """Write a number with the country's code as it is written at home; empty if it has none."""
    digits = _squashed(phone).removeprefix("00")
    return f"0{digits[2:].removeprefix('0')}" if digits.startswith("44") else ""


def _squashed(value: str) -> str:
    return "".join(c for c in value.casefold() if c.isalnum())


@trigger("WR-09", "case")
def _fragments(context: Context) -> Iterator[Hit]:
    for place, _ in context.texts(names=True):
        segment = place.segment
        if segment is None or segment.joined:
            continue
        for fragment in find_fragments(segment.text, context.the_case):
            where = Place(place.material, segment, fragment.start, fragment.end)
            yield Hit(
                "a part of a name or number of the case is left", (where,), person=fragment.ref
            )
