"""Jigsaw identification (JG): what identifies a person when all files are put side by side.

Attributes of one protected person are collected over every file of the release and of earlier ones
and scored together; a file that is harmless alone counts with the rest.
"""

import re
from collections.abc import Iterator, Mapping

from saferedact.casefile import Person
from saferedact.checks.attributes import (
    WEIGHTS,
    Attribute,
    accused_identifiable,
    attributes_of,
    relation_places,
)
from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.identity import CONTACT_KINDS, NAME_KINDS
from saferedact.checks.open_justice import REDACTION_MARK
from saferedact.report import Level
from saferedact.text.name_forms import plain_name

__all__ = ["relation_hits", "score_hits"]

_BLOCK_SCORE = 4.0
_SMALL_PLACE_SCORE = 3.0
_WARN_SCORE = 2.0
"""Scores of attributes together; starting points of the rule base, to be tuned by each force."""

_HOUSE_NUMBER = re.compile(r"^\W*(?:no\.?\s*)?(\d{1,4}[a-z]?)\W*$", re.IGNORECASE)
_STREET_NAME = re.compile(
    r"\b(?:[A-Z][\w'.-]*\s+){1,3}(?:Street|Road|Lane|Avenue|Close|Drive|Way|Terrace|Crescent|"
    r"Gardens|Grove|Hill|Row|Square|Mews|Walk|Rise)\b"
)
_RELATION_BEFORE = re.compile(
    r"\b(?:wife|husband|partner|girlfriend|boyfriend|mother|father|mum|dad|sister|brother|son|"
    r"daughter|niece|nephew|uncle|aunt|cousin|step\w+|grand\w+|fianc\w+|pupil|lodger)\b"
    r"(?:\W+\w+){0,5}?\W*$",
    re.IGNORECASE,
)
_RELATION_AFTER = re.compile(
    r"^(?:\W+\w+){0,5}?\W+(?:wife|husband|partner|girlfriend|boyfriend|mother|father|sister|brother|"
    r"son|daughter|niece|nephew|uncle|aunt|cousin|step\w+|grand\w+|fianc\w+)\b",
    re.IGNORECASE,
)
_PSEUDONYM = re.compile(
    r"\b(?:girl|boy|child|woman|man|witness|victim|complainant|person|mrs?|ms|miss)\s+([A-Z])\b"
    r"(?!['\u2019]\w)|\b([A-Z])[-\u2013_*.]{3,}|\bknown as ([A-Z])\b",
    re.IGNORECASE,
)


def relation_hits(context: Context) -> Iterator[Hit]:
    """Yield where the relation of a protected person to an identifiable accused is told."""
    if context.case is None:
        return
    named = accused_identifiable(context)
    for person in context.case.people:
        if person.is_accused or person.may_publish("name") or person.role == "officer":
            continue
        related = [ref for ref in person.relation_to if ref in named]
        if not related:
            continue
        places = tuple(relation_places(context, person))
        if places and any(not place.material.earlier for place in (*places, *named[related[0]])):
            level: Level = "BLOCK" if context.sensitive else "WARN"
            yield Hit(
                "the accused can be identified, and the relation to a protected person is told",
                (*places, *named[related[0]][:1]),
                level=level,
                person=person.ref,
            )


def score_hits(context: Context) -> Iterator[Hit]:
    """Yield protected people whose attributes, over all files, add up."""
    if context.case is None:
        return
    for person in context.case.people:
        if person.is_accused or person.may_publish("name") or person.role == "officer":
            continue
        found = attributes_of(context, person)
        score = sum(WEIGHTS[attribute] for attribute in found)
        level = _score_level(found, score)
        if level is None:
            continue
        ordered = sorted(found, key=lambda attribute: WEIGHTS[attribute])
        cheapest = _to_generalise(ordered, score)
        yield Hit(
            f"told of one person: {', '.join(ordered)} (together {score:g}; {_block_score(found):g} forbids); "
            f"make less exact: {cheapest}",
            tuple(place for attribute in ordered for place in found[attribute][:5]),
            level=level,
            person=person.ref,
        )


def _score_level(found: Mapping[Attribute, list[Place]], score: float) -> Level | None:
    if score >= _block_score(found):
        return "BLOCK"
    return "WARN" if score >= _WARN_SCORE else None


def _block_score(found: Mapping[Attribute, list[Place]]) -> float:
    return _SMALL_PLACE_SCORE if "village" in found else _BLOCK_SCORE


def _to_generalise(ordered: list[Attribute], score: float) -> str:
    """Name the fewest attributes whose removal brings the score below the warning."""
    left, chosen = score, []
    for attribute in reversed(ordered):
        if left < _WARN_SCORE:
            break
        chosen.append(attribute)
        left -= WEIGHTS[attribute]
    return " and ".join(chosen)


@trigger("JG-01", "case", "text")
def _relation(context: Context) -> Iterator[Hit]:
    yield from relation_hits(context)


@trigger("JG-02", "case", helped_by=("ocr",))
def _score(context: Context) -> Iterator[Hit]:
    yield from score_hits(context)


@trigger("JG-03", "pictures", "ocr")
def _street_and_number(context: Context) -> Iterator[Hit]:
    streets: list[Place] = []
    numbers: list[Place] = []
    for place, _ in context.texts(earlier=True):
        if place.segment is None:
            continue
        match = _HOUSE_NUMBER.match(place.segment.text)
        if place.segment.origin == "ocr" and match:
            numbers.append(place)
        streets += [
            Place(place.material, place.segment, street.start(), street.end())
            for street in _STREET_NAME.finditer(place.segment.text)
        ]
    if not streets or not numbers:
        return
    homes = [
        (person, address)
        for person in (context.case.people if context.case else ())
        if not person.may_publish("address")
        for address in person.addresses
    ]
    for number in numbers:
        digits = _HOUSE_NUMBER.match(number.segment.text) if number.segment else None
        written = digits[1].casefold() if digits else ""
        owner = next(
            (
                person
                for person, address in homes
                if re.match(rf"\W*{re.escape(written)}\b", address.casefold())
                and any(_text(street).casefold() in address.casefold() for street in streets)
            ),
            None,
        )
        yield Hit(
            "a street in a text and a house number in a picture make an address",
            (number, streets[0]),
            level="BLOCK" if owner else "WARN",
            person=owner.ref if owner else None,
        )


def _text(place: Place) -> str:
    return place.segment.text[place.start : place.end] if place.segment else ""


@trigger("JG-04", "case", "text", helped_by=("finder",))
def _named_relative(context: Context) -> Iterator[Hit]:
    uncharged = context.proceedings.before_charge
    for place, position in context.texts():
        text = place.segment.text if place.segment else ""
        for mention in context.mentions.get((place.material.id, position), ()):
            if mention.label != "name" or mention.kind in {"handle", "shared-surname"}:
                continue
            person = context.person(mention.ref)
            if person is not None and person.may_publish("name"):
                continue
            before = text[max(0, mention.start - 60) : mention.start]
            after = text[mention.end : mention.end + 60]
            if _RELATION_BEFORE.search(before) or _RELATION_AFTER.search(after):
                spot = Place(place.material, place.segment, mention.start, mention.end)
                level: Level = "BLOCK" if person is not None or uncharged else "WARN"
                yield Hit(
                    "a relation is told beside a name", (spot,), level=level, person=mention.ref
                )


@trigger("JG-06", "case", partly="faces and voices are not compared between files")
def _redacted_and_visible(context: Context) -> Iterator[Hit]:
    marked = [
        Place(place.material, place.segment, match.start(), match.end())
        for place, _ in context.texts(earlier=True)
        for match in REDACTION_MARK.finditer(place.segment.text if place.segment else "")
    ]
    for person in context.the_case.people:
        if person.may_publish("name"):
            continue
        seen = [
            place
            for mention, place in context.mentioned()
            if mention.ref == person.ref
            and mention.kind in NAME_KINDS | CONTACT_KINDS | {"vehicle"}
        ]
        visible = {place.material.id for place in seen}
        hidden = [place for place in marked if place.material.id not in visible]
        hidden += [
            Place(material)
            for material in context.current
            if material.record is not None
            and person.ref in material.record.shows
            and material.id not in visible
            and not any(sight.label == "face" for sight in material.sights)
        ]
        if seen and hidden:
            text = "redacted in one file and readable in another"
            level: Level = "WARN" if person.is_accused else "BLOCK"
            yield Hit(text, (seen[0], hidden[0], *seen[1:]), level=level, person=person.ref)


@trigger("JG-07", "case", "earlier", partly="what the press published is not searched")
def _conflict(context: Context) -> Iterator[Hit]:
    earlier = {
        m.ref for m, p in context.mentioned(earlier=True) if p.material.earlier and _is_name(m.kind)
    }
    current = {m.ref for m, p in context.mentioned() if _is_name(m.kind)}
    for person in context.the_case.people:
        relations = list(relation_places(context, person))
        then = any(place.material.earlier for place in relations)
        now = any(not place.material.earlier for place in relations)
        for ref in person.relation_to:
            crossed = (ref in current and then and not now) or (
                ref in earlier and now and ref not in current
            )
            if crossed:
                text = "one release names, another gives the relation"
                yield Hit(text, tuple(relations), person=person.ref)
        if (person.ref in earlier) != (person.ref in current) and not person.is_accused:
            yield Hit("named in one release and not in another", person=person.ref)


def _is_name(kind: str) -> bool:
    return kind in NAME_KINDS


@trigger("JG-08", "case")
def _public_original(context: Context) -> Iterator[Hit]:
    complainants = {p.ref for p in context.the_case.people if p.role == "complainant"}
    for material in context.current:
        record = material.record
        if record is None or material.kind not in {"image", "video"}:
            continue
        if record.public_original or record.source in {"social", "press"}:
            inside = complainants.intersection(record.shows)
            level: Level | None = "BLOCK" if inside else None
            yield Hit(
                "an unaltered original can be found in public", (Place(material),), level=level
            )


@trigger("JG-09", "case")
def _shared_surname(context: Context) -> Iterator[Hit]:
    named = accused_identifiable(context)
    protected = [
        person
        for person in context.the_case.people
        if person.role in {"complainant", "victim", "witness", "child"}
        and not person.may_publish("name")
    ]
    for ref, places in named.items():
        accused = context.person(ref)
        for person in protected:
            if accused is not None and _surname(accused) == _surname(person) != "":
                hinted = bool(attributes_of(context, person))
                yield Hit(
                    "the accused is named and shares a surname with a protected person",
                    tuple(places[:1]),
                    level="BLOCK" if context.sensitive and hinted else "WARN",
                    person=person.ref,
                )


def _surname(person: Person) -> str:
    words = plain_name(person.name).split()
    return words[-1].casefold() if len(words) > 1 else ""


@trigger("JG-10", "case", "text")
def _pseudonym(context: Context) -> Iterator[Hit]:
    people = [
        (person, {word[0].upper() for word in person.name.split()})
        for person in context.the_case.people
        if person.name and not person.may_publish("name")
    ]
    for place, _ in context.texts():
        for match in _PSEUDONYM.finditer(place.segment.text if place.segment else ""):
            letter = next(filter(None, match.groups()))
            for person, initials in people:
                if letter.isupper() and letter in initials:
                    spot = Place(place.material, place.segment, match.start(), match.end())
                    yield Hit(
                        "a letter that stands for a person is their initial",
                        (spot,),
                        person=person.ref,
                    )
