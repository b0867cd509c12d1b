"""Attributes of one protected person, collected over all files, and who can be told from them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from saferedact.casefile import Person
from saferedact.checks.base import Context, Place
from saferedact.checks.identity import NAME_KINDS
from saferedact.checks.sentences import sentences_of

__all__ = ["WEIGHTS", "Attribute", "accused_identifiable", "attributes_of", "relation_places"]

Attribute = Literal[
    "age",
    "sex",
    "street",
    "village",
    "school",
    "school year",
    "employer",
    "job",
    "club",
    "date of the incident",
    "family",
    "ethnicity or language",
    "injury or mark",
    "relation to the accused",
]

WEIGHTS: dict[Attribute, float] = {
    "age": 1.0,
    "sex": 0.5,
    "street": 1.0,
    "village": 1.0,
    "school": 2.0,
    "school year": 1.0,
    "employer": 2.0,
    "job": 1.0,
    "club": 1.5,
    "date of the incident": 0.5,
    "family": 1.0,
    "ethnicity or language": 0.5,
    "injury or mark": 1.0,
    "relation to the accused": 3.0,
}
"""How much each attribute narrows down who is meant; starting points of the rule base."""

_KINDS: dict[str, Attribute] = {
    "street": "street",
    "address": "street",
    "school": "school",
    "workplace": "employer",
    "club": "club",
    "mark": "injury or mark",
}
_QUASI: dict[str, Attribute] = {
    "job": "job",
    "employer": "employer",
    "village": "village",
    "street": "street",
    "school": "school",
    "school_year": "school year",
    "club": "club",
    "hobby": "club",
    "family_shape": "family",
    "ethnicity": "ethnicity or language",
    "nationality": "ethnicity or language",
    "language": "ethnicity or language",
    "faith": "ethnicity or language",
    "injury": "injury or mark",
    "mark": "injury or mark",
    "incident_date": "date of the incident",
    "other": "injury or mark",
}

_GENERIC_RELATION = re.compile(
    r"\b(?:family members?|child family member|relatives? of (?:the )?(?:accused|defendant|suspect)|"
    r"known to (?:him|her|the (?:defendant|accused|suspect)|each other|one another)|someone (?:he|she) "
    r"knew|position of trust)\b",
    re.IGNORECASE,
)


def accused_identifiable(context: Context) -> dict[str, list[Place]]:
    """List where each accused is named or shown, over this release and earlier ones."""
    found: dict[str, list[Place]] = defaultdict(list)
    accused = {person.ref for person in context.case.accused} if context.case else set()
    for mention, place in context.mentioned(earlier=True):
        if mention.ref in accused and (mention.kind in NAME_KINDS or mention.label == "name"):
            found[str(mention.ref)].append(place)
    for material in context.materials:
        for ref in material.record.shows if material.record else ():
            if ref in accused and any(sight.label == "face" for sight in material.sights):
                found[ref].append(Place(material))
    return dict(found)


def relation_places(context: Context, person: Person) -> Iterator[Place]:
    """Yield where the relation of a person to an accused is told, in any file.

    That is the word the case file gives, or one that tells of a relation in general, as the wording
    of a charge may do.
    """
    accused = {other.ref for other in context.case.accused} if context.case else set()
    words = [word for ref, word in person.relation_to.items() if ref in accused]
    if not words:
        return
    own = re.compile(
        r"\b(?:step[- ]?)?(?:" + "|".join(re.escape(word) for word in words) + r")s?\b",
        re.IGNORECASE,
    )
    for place, _ in context.texts(earlier=True, names=True):
        text = place.segment.text if place.segment else ""
        for pattern in (own, _GENERIC_RELATION):
            for match in pattern.finditer(text):
                yield Place(place.material, place.segment, match.start(), match.end())


def attributes_of(context: Context, person: Person) -> dict[Attribute, list[Place]]:
    """Collect what all files tell about a person.

    Returns
    -------
    dict of str to list of Place
        Only what is found; each attribute once, however often it is told.
    """
    found: dict[Attribute, list[Place]] = defaultdict(list)
    for mention, place in context.mentioned(earlier=True):
        if mention.ref == person.ref and mention.kind in _KINDS:
            found[_KINDS[mention.kind]].append(place)
    patterns = list(_patterns(person))
    for place, _ in context.texts(earlier=True):
        text = place.segment.text if place.segment else ""
        for attribute, pattern in patterns:
            for match in pattern.finditer(text):
                spot = Place(place.material, place.segment, match.start(), match.end())
                found[attribute].append(spot)
    if accused_identifiable(context):
        for place in relation_places(context, person):
            found["relation to the accused"].append(place)
    if found and person.sex in {"female", "male"}:
        found_sex = list(_sex_places(context, person))
        if found_sex:
            found["sex"] = found_sex
    return dict(found)


def _patterns(person: Person) -> Iterator[tuple[Attribute, re.Pattern[str]]]:
    ages = {person.age, person.quasi_identifiers.get("age")} - {None}
    for age in ages:
        shown = re.escape(str(age))
        yield (
            "age",
            re.compile(
                rf"\b{shown}[- ]years?[- ]olds?\b|\baged? (?:of )?{shown}\b|,\s*{shown}\s*[,.)]",
                re.IGNORECASE,
            ),
        )
    for key, value in person.quasi_identifiers.items():
        if key in _QUASI:
            loose = re.escape(str(value)).replace(r"\ ", r"[\s-]+")
            yield _QUASI[key], re.compile(rf"(?<!\w){loose}(?!\w)", re.IGNORECASE)


def _sex_places(context: Context, person: Person) -> Iterator[Place]:
    words = "girl|woman|female|her daughter" if person.sex == "female" else "boy|man|male"
    pattern = re.compile(
        rf"\b(?:the|a|this|young|teenage)\s+(?:\w+\s+)?(?:victim|complainant|witness|child|{words})\b",
        re.IGNORECASE,
    )
    only = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for place, _ in context.texts(earlier=True):
        for sentence in sentences_of(place.segment.text if place.segment else ""):
            match = pattern.search(sentence.text)
            if match and only.search(match[0]):
                at = sentence.start + match.start()
                yield Place(place.material, place.segment, at, at + len(match[0]))
                break
