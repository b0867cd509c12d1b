"""Who and what of the case file a text names, as it is written there or nearly so.

Exact matching of what the case lists: any case, possessive, spaces and hyphens alike, initials with
surname, surname alone. The text engine, where there is one, adds what nobody listed, and spellings
damaged by character recognition; both are united, and neither vetoes.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from saferedact.casefile import CaseFile, Person
from saferedact.detections import TextSpan
from saferedact.text.name_forms import plain_name

__all__ = ["POSTCODE", "Mention", "find_mentions", "merge_spans"]

_NAME_PARTICLES = frozenset({"de", "da", "van", "von", "der", "den", "di", "al", "bin", "ap", "o"})

_LEAST = {"plate": 0.7, "identifier": 0.5, "name": 0.3}
"""Score from which a find of the text engine that no case file lists is told: below, "call 101" is a
number plate and a house number an account. What is left out is still redacted by `redact`."""

_ANYONE = ""  # no ref is empty

_LISTED = {"vrm": "vehicle"}
"""What the case file calls a kind of the text engine, of somebody of the case."""

_BARE = frozenset({"surname", "shared-surname"})
_LEAST_FORENAME = 2
"""Code points before a surname, the blank included: an initial of its bearer is found with it."""

_WHOLE = frozenset({"full-name", "alias"})

_NEIGHBOURS = 8
"""Full names that begin before a place and may still reach over it: they overlap hardly ever."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A place of a text that names or identifies somebody. It holds no text.

    Parameters
    ----------
    start, end : int
        Code points, half-open.
    kind : str
        ``full-name``, ``alias``, ``surname``, ``forename``, ``handle``, ``address``, ``street``,
        ``school``, ``workplace``, ``club``, ``phone``, ``email``, ``vehicle``, ``mark``; or what
        the text engine calls it.
    ref : str or None
        Whom, as a ref of the case file.
    label : str
        Label of the text engine: ``name``, ``identifier`` or ``plate``.
    score : float
        Confidence.
    """

    start: int
    end: int
    kind: str
    ref: str | None = None
    label: str = "name"
    score: float = 1.0


def find_mentions(case: CaseFile) -> "_Finder":
    """Prepare the search for everything that a case lists about its people."""
    return _Finder(case)


class _Finder:
    """Compiled patterns of a case; call it with a text."""

    def __init__(self, case: CaseFile) -> None:
        self._patterns: list[tuple[re.Pattern[str], str, str, str]] = []
        surnames = [words[-1].casefold() for p in case.people if (words := _words(p.name))[1:]]
        for person in case.people:
            for kind, label, value in _values(person):
                self._add(_loose(value), kind, label, person.ref)
            for address in person.addresses:
                for code in POSTCODE.findall(address):
                    spaced = r"\s*".join("".join(code.split()))
                    self._add(spaced, "address", "identifier", person.ref)
            words = _words(person.name)
            if len(words) < 2:
                continue
            surname = words[-1]
            self._add(_loose(" ".join(words)), "full-name", "name", person.ref)
            initials = r"(?:%s[.\s]+)(?:[A-Z][.\s]+)?" % re.escape(words[0][0])  # noqa: UP031
            self._add(initials + _loose(surname), "full-name", "name", person.ref)
            self._add(_loose(surname) + r",\s+" + _loose(words[0]), "full-name", "name", person.ref)
            middle = rf"(?:\s+(?!{_loose(surname)}\b)(?:[^\W\d_][\w'-]*|[a-z]\.)){{1,2}}\s+"
            self._add(_loose(words[0]) + middle + _loose(surname), "full-name", "name", person.ref)
            if surnames.count(surname.casefold()) == 1:
                self._add(_loose(surname), "surname", "name", person.ref, exact_case=True)
                self._add(_loose(surname.upper()), "surname", "name", person.ref, exact_case=True)
            else:
                self._add(_loose(surname), "shared-surname", "name", person.ref, exact_case=True)
            if not person.is_accused and len(words[0]) > 2:
                self._add(_loose(words[0]), "forename", "name", person.ref, exact_case=True)

    def _add(
        self, pattern: str, kind: str, label: str, ref: str, *, exact_case: bool = False
    ) -> None:
        flags = re.NOFLAG if exact_case else re.IGNORECASE
        self._patterns.append((re.compile(rf"(?<!\w){pattern}(?!\w)", flags), kind, label, ref))

    def __call__(self, text: str) -> list[Mention]:
        """Find everything of the case in a text.

        Returns
        -------
        list of Mention
            Sorted; of nested ones of one person only the longest.
        """
        found = [
            Mention(match.start(), match.end(), kind, ref, label)
            for pattern, kind, label, ref in self._patterns
            for match in pattern.finditer(text)
        ]
        return _outermost(found)


def merge_spans(
    mentions: Sequence[Mention], spans: Iterable[TextSpan], case: CaseFile | None = None
) -> list[Mention]:
    """Add what the text engine found.

    Where it found the same stretch, what the case file says of it stays; of its own finds that
    overlap the surest stays. Who has a forename before a surname of the case that is not that of its
    bearer is somebody else, and told: the accused's wife. A protected person's name within the longer
    one of somebody who may be named is none: the accused is not the witness of the same family. Of
    two people of the same whole name nobody knows which is meant: both stay.

    Returns
    -------
    list of Mention
        Sorted by place.
    """
    known = _Stretches(mentions)
    taken = _Stretches(())
    in_full = _Stretches(m for m in mentions if m.kind not in _BARE)
    bare = sorted(m.start for m in mentions if m.kind in _BARE)
    for span in sorted(spans, key=lambda s: (-s.score, s.start - s.end)):
        if span.person_ref is None and span.score < _LEAST.get(span.label, 0.5):
            continue
        kind = span.kind if span.person_ref is None else _LISTED.get(span.kind, span.kind)
        mention = Mention(span.start, span.end, kind, span.person_ref, span.label, span.score)
        found = known.touch(mention, anyone=span.person_ref is None)
        if found and span.person_ref is None and span.label == "name":
            within = bisect_left(bare, span.start + _LEAST_FORENAME)
            namesake = within < len(bare) and bare[within] < span.end
            found = not namesake or in_full.touch(mention, anyone=True)
        if not found and not taken.touch(mention):
            taken.add(mention)
    every = _without_namesakes([*mentions, *taken.all], case)
    return sorted(every, key=lambda m: (m.start, -m.end, m.kind))


class _Stretches:
    """Mentions, asked for what they overlap; the time does not grow with their number."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.all: list[Mention] = []
        self._of: dict[str | None, list[tuple[int, int]]] = {}
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        self.all.append(mention)
        for key in (mention.ref, _ANYONE):
            _join(self._of.setdefault(key, []), mention.start, mention.end)

    def touch(self, mention: Mention, *, anyone: bool = False) -> bool:
        """Tell whether a mention overlaps one of the same person, or of anyone."""
        found = self._of.get(_ANYONE if anyone else mention.ref, [])
        at = bisect_left(found, (mention.end,))
        return at > 0 and found[at - 1][1] > mention.start


def _join(stretches: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a stretch to disjoint ones in order."""
    at = bisect_left(stretches, (start,))
    if at > 0 and stretches[at - 1][1] >= start:
        at -= 1
        start = stretches[at][0]
    until = at
    while until < len(stretches) and stretches[until][0] <= end:
        end = max(end, stretches[until][1])
        until += 1
    stretches[at:until] = [(start, end)]


def _without_namesakes(mentions: list[Mention], case: CaseFile | None) -> list[Mention]:
    may_be_named = {p.ref for p in case.people if p.may_publish("name")} if case else set()
    full = sorted(
        (m.start, m.end, m.ref) for m in mentions if m.ref in may_be_named and m.kind in _WHOLE
    )

    def within(mention: Mention) -> bool:
        at = bisect_left(full, (mention.start + 1,))
        return any(
            start <= mention.start
            and mention.end <= end
            and ref != mention.ref
            and not (mention.kind in _WHOLE and mention.end - mention.start == end - start)
            for start, end, ref in full[max(0, at - _NEIGHBOURS) : at]
        )

    return [mention for mention in mentions if mention.label != "name" or not within(mention)]


def _values(person: Person) -> Iterator[tuple[str, str, str]]:
    """Yield kind, label and value of all that the case lists literally."""
    for name in person.names:
        yield ("full-name" if name == person.name else "alias"), "name", name
    for kind, label, values in (
        ("handle", "identifier", person.handles),
        ("address", "identifier", person.addresses),
        ("school", "identifier", person.schools),
        ("workplace", "identifier", person.workplaces),
        ("club", "identifier", person.clubs),
        ("email", "identifier", person.emails),
        ("mark", "identifier", person.distinctive_marks),
    ):
        for value in values:
            yield kind, label, value
    for value in person.addresses:
        yield from (("address", "identifier", part) for part in _street_parts(value))
        yield from (("street", "identifier", street) for street in _streets(value))
    for value in person.phones:
        yield "phone", "identifier", value
    for value in person.vehicles:
        yield "vehicle", "plate", value


_STREET = re.compile(
    r"(?P<number>\d+[a-z]?)[\s,]+(?P<street>(?:[^\W\d_][\w'.-]*\s+){1,4}?"
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|way|court|place|terrace|crescent|"
    r"gardens|grove|hill|row|square|mews|walk|rise|park|view|green))\b",
    re.IGNORECASE,
)


POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
"""A whole postcode (BS 7666): fifteen homes on average."""


def _street_parts(address: str) -> Iterator[str]:
    """Yield number and street of an address that goes on with a town."""
    match = _STREET.search(address)
    if match and match[0] != address:
        yield match[0]


def _streets(address: str) -> Iterator[str]:
    match = _STREET.search(address)
    if match:
        yield match["street"]


def _words(name: str) -> list[str]:
    """Split a name into words; those that the case writes in capitals as texts write them."""
    return [word.title() if word.isupper() else word for word in plain_name(name).split()]


def _loose(value: str) -> str:
    """Write a pattern in which spaces, hyphens and apostrophes may differ.

    Digits with digits around them may be written with any spaces, as phones and plates are.
    """
    pieces = _WORD.findall(value)
    if not pieces:
        return r"(?!)"
    if all(piece.isdigit() for piece in pieces) and sum(map(len, pieces)) >= 6:
        digits = "".join(pieces)
        local = digits.removeprefix("44").removeprefix("0")
        spaced = r"[\s().-]*".join(local)
        return rf"(?:\+?44[\s().-]*0?|0)?[\s().-]*{spaced}"
    parts = [re.escape(pieces[0])]
    for before, piece in pairwise(pieces):
        gap = r"[\W_]*" if before[-1:].isdigit() != piece[:1].isdigit() else r"[\W_]+"
        parts.append(gap + re.escape(piece))
    prefix = "@?" if value.startswith("@") else ""
    return prefix + "".join(parts)


def _outermost(found: list[Mention]) -> list[Mention]:
    ordered = sorted(set(found), key=lambda m: (m.start, -m.end, m.kind))
    kept: list[Mention] = []
    reach: dict[str | None, int] = {}
    for mention in ordered:
        if mention.end > reach.get(mention.ref, 0):
            kept.append(mention)
            reach[mention.ref] = mention.end
    return kept
