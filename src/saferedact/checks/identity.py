"""Identity residue (ID): who can still be recognised in a release, protected people first."""

import re
from collections.abc import Iterator

from saferedact.casefile import Person
from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.report import Level

__all__ = ["CONTACT_KINDS", "IDENTITY_KINDS", "NAME_KINDS"]

NAME_KINDS = frozenset({"full-name", "alias", "surname", "handle"})
"""Kinds of mention that name a person of the case for certain."""

_WEAK_NAME_KINDS = frozenset({"forename", "shared-surname"})
CONTACT_KINDS = frozenset({"address", "street", "school", "workplace", "club", "phone", "email"})
_SIGN_KINDS = CONTACT_KINDS - {"phone", "email"}
IDENTITY_KINDS = NAME_KINDS | CONTACT_KINDS | {"vehicle"}
"""What identifies by itself: names, and the matters that anonymity by law lists."""

_COLLAR = re.compile(
    r"\b(?:W?PC|PS|DC|DS|PCSO|Sgt|(?:collar|warrant|shoulder)\s+(?:number|no\.?))\s*"
    r"[A-Z]{0,2}\d{3,6}[A-Z]{0,2}\b"
)
_SIGN = re.compile(
    r"^\W*(?:\d{1,4}[a-z]?|(?:[A-Z][\w'.-]*\s+){1,3}(?:street|st|road|rd|lane|avenue|close|drive|"
    r"school|college|academy|surgery|clinic))\W*$",
    re.IGNORECASE,
)
_SERIOUS_KINDS = frozenset(
    {"nhs", "chi", "hc-number", "nino", "passport", "dvla", "brp", "share-code", "card", "iban"}
    | {"bank-account", "utr", "upn", "uln", "pnc", "cro", "custody", "social-care", "imei", "imsi"}
    | {"iccid"}
)
_REFERENCE_KINDS = frozenset({"urn", "crime-ref", "court-case"})
_PLACE_KINDS = frozenset(
    {"address", "postcode", "street", "phone", "email", "school", "workplace", "lat-long"}
    | {"os-grid", "what3words"}
)
"""Kinds of the text engine: what no release needs, references of a case, places and contacts."""

_OFFICIAL_CONTACT = re.compile(
    r"(?:\b(?:101|999|111|116\s?\d{3}|0800\s?555\s?111|0300[\d\s]+|18001\s?\d+)\b"
    r"|police\.uk\b|\.gov\.(?:uk|scot)\b|crimestoppers-uk\.org)",
    re.IGNORECASE,
)


@trigger("ID-02", "pictures", "faces")
def _faces(context: Context) -> Iterator[Hit]:
    for material in context.current:
        faces = [Place(material, sight=s) for s in material.sights if s.label == "face"]
        if not faces:
            continue
        shown = material.record.shows if material.record else ()
        people = [context.person(ref) for ref in shown]
        allowed = bool(people) and all(p is not None and p.may_publish("face") for p in people)
        level: Level | None = "INFO" if allowed and len(faces) <= len(people) else None
        yield Hit("faces are visible; nobody compared them with anyone", tuple(faces), level=level)


@trigger("ID-03", "case", helped_by=("finder", "ocr"))
def _names(context: Context) -> Iterator[Hit]:
    for mention, place in context.mentioned():
        person = context.person(mention.ref)
        if person is None or person.role == "officer" or person.may_publish("name"):
            continue
        if mention.label != "name" and mention.kind != "handle":
            continue
        if mention.kind in _WEAK_NAME_KINDS:
            text = "a forename or a surname that others share may mean a protected person"
            yield Hit(text, (place,), level="WARN", person=person.ref)
        else:
            yield Hit("a protected person is named", (place,), person=person.ref)


@trigger("ID-04", helped_by=("finder", "ocr"))
def _contacts(context: Context) -> Iterator[Hit]:
    shared = _addresses_of_protected(context)
    for mention, place in context.mentioned():
        person = context.person(mention.ref)
        if person is None:
            if mention.kind in _PLACE_KINDS and not _official(place):
                yield Hit("an address, telephone number or e-mail address", (place,), level="WARN")
        elif mention.kind in CONTACT_KINDS and not _may_show(person, mention.kind):
            protected = not person.is_accused and not person.may_publish("name")
            home = person.is_accused and mention.kind in {"address", "street"}
            also = home and not shared.isdisjoint(a.casefold() for a in person.addresses)
            serious = protected or (home and context.proceedings.before_charge) or also
            yield Hit(
                f"{mention.kind} of a person of the case",
                (place,),
                level="BLOCK" if serious else "WARN",
                person=person.ref,
            )


def _addresses_of_protected(context: Context) -> set[str]:
    people = context.case.protected if context.case else ()
    return {a.casefold() for p in people if not p.is_accused for a in p.addresses}


def _may_show(person: Person, kind: str) -> bool:
    if kind in {"address", "street"}:
        return person.may_publish("address")
    return kind in {"workplace", "school", "club"} and person.may_publish("job")


def _official(place: Place) -> bool:
    text = place.segment.text if place.segment else ""
    around = text[max(0, place.start - 1) : place.end + 1]
    return bool(_OFFICIAL_CONTACT.search(around))


@trigger("ID-05", helped_by=("finder", "ocr"))
def _plates(context: Context) -> Iterator[Hit]:
    for mention, place in context.mentioned():
        person = context.person(mention.ref)
        if person is not None and mention.kind == "vehicle":
            if not person.may_publish("vehicle"):
                yield Hit("the plate of a vehicle of the case", (place,), person=person.ref)
        elif mention.label == "plate":
            yield Hit("a number plate", (place,), level="WARN")
    for material in context.current:
        plates = tuple(Place(material, sight=s) for s in material.sights if s.label == "plate")
        if plates:
            yield Hit("a number plate is visible", plates, level="WARN")


@trigger("ID-06", helped_by=("finder", "ocr"))
def _identifiers(context: Context) -> Iterator[Hit]:
    for mention, place in context.mentioned():
        if mention.label != "identifier" or mention.kind in IDENTITY_KINDS:
            continue
        if mention.kind in _SERIOUS_KINDS:
            yield Hit("an official identifier", (place,), person=mention.ref)
        elif mention.kind in _REFERENCE_KINDS:
            yield Hit("a case or crime reference", (place,), level="WARN")
    if context.case is not None and context.case.case.urn:
        urn = re.escape(context.case.case.urn)
        for place, _ in context.texts(names=True):
            for match in re.finditer(urn, place.segment.text if place.segment else ""):
                spot = Place(place.material, place.segment, match.start(), match.end())
                yield Hit("the reference number of the case", (spot,), level="WARN")


@trigger("ID-07", "case", partly="voices are not compared: there is no voice matcher yet")
def _spoken(context: Context) -> Iterator[Hit]:
    for mention, place in context.mentioned(names=False):
        person = context.person(mention.ref)
        spoken = place.segment is not None and place.segment.origin == "subtitle"
        named = mention.kind in NAME_KINDS or mention.label == "name"
        if spoken and named and person is not None and not person.may_publish("name"):
            yield Hit("the transcript has a protected name", (place,), person=person.ref)


@trigger("ID-09", "pictures", "ocr")
def _signs(context: Context) -> Iterator[Hit]:
    for place, position in context.texts():
        if place.segment is None or place.segment.origin != "ocr":
            continue
        found = False
        for mention in context.mentions.get((place.material.id, position), ()):
            person = context.person(mention.ref)
            if person is None or mention.kind not in _SIGN_KINDS:
                continue
            if not _may_show(person, mention.kind):
                found = True
                level: Level = "WARN" if person.may_publish("name") else "BLOCK"
                spot = Place(place.material, place.segment, mention.start, mention.end)
                yield Hit("a sign tells of a place", (spot,), level=level, person=person.ref)
        if not found and _SIGN.match(place.segment.text):
            yield Hit("a house number or sign is legible", (place,), level="WARN")


@trigger("ID-13", helped_by=("ocr",))
def _officers(context: Context) -> Iterator[Hit]:
    for mention, place in context.mentioned():
        person = context.person(mention.ref)
        if person is not None and person.role == "officer" and not person.may_publish("name"):
            level: Level = "BLOCK" if person.covert or person.under_order else "WARN"
            yield Hit("an officer of the case is named", (place,), level=level, person=person.ref)
    for place, _ in context.texts():
        for match in _COLLAR.finditer(place.segment.text if place.segment else ""):
            spot = Place(place.material, place.segment, match.start(), match.end())
            yield Hit("a collar or warrant number", (spot,), level="WARN")
