"""Restrictions (RR): anonymity by law and by order, naming before charge, pictures, jurisdiction.

A court's order is applied through the people it lists; its exact terms stay for a person to read.
"""

import re
from collections.abc import Iterator
from datetime import date

from saferedact.casefile import Person, Restriction
from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.catalogue import rule_named
from saferedact.checks.identity import IDENTITY_KINDS
from saferedact.checks.jigsaw import relation_hits, score_hits
from saferedact.checks.sentences import sentences_of
from saferedact.report import Level

__all__ = ["identifying", "in_force"]

_PICTURES = frozenset({"image", "video"})

_PROCEEDINGS = re.compile(
    r"\b(?:court|trial|jury|jurors?|charged?|plead\w*|pleaded|verdict|hearing|defendants?|"
    r"prosecut\w+|sentenc\w+|judge)\b",
    re.IGNORECASE,
)
_DISPOSAL = re.compile(
    r"\b(?:(?:conditional|police|simple|adult|youth)\s+cautions?|(?:accepted|given|received|issued"
    r"(?:\s+with)?)\s+(?:a\s+)?(?:caution|fixed[- ]penalty|penalty notice|community resolution)|"
    r"fixed[- ]penalty(?:\s+notices?)?|FPN|community resolutions?|penalty notices?)\b",
    re.IGNORECASE,
)
_HEARING = re.compile(
    r"\b(?:hearing|appeared|magistrates['\u2019]?\s+court|in the dock|first appearance)\b",
    re.IGNORECASE,
)
_BEYOND_LIST = re.compile(
    r"\b(?:bail was (?:refused|opposed|denied)|(?:refused|denied|opposed|objected to) bail|"
    r"the (?:court|bench|magistrates) (?:heard|were told|was told)|prosecut(?:or|ion) (?:said|told)|"
    r"it was alleged in court|evidence)\b",
    re.IGNORECASE,
)
_ENGLISH_TERMS = re.compile(
    r"\b(?:crown court|magistrates['\u2019]? court|crown prosecution service|CPS|youth court)\b",
    re.IGNORECASE,
)
_SCOTS_TERMS = re.compile(
    r"\b(?:procurator fiscal|sheriff court|COPFS|high court of justiciary|complainer)\b",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r"\b(?:family (?:court|proceedings)|care (?:order|proceedings)|contact order|child arrangements"
    r"(?: order)?|adoption order|placement order|cafcass)\b",
    re.IGNORECASE,
)
_TEACHER = re.compile(
    r"\b(?:teacher|headteacher|head teacher|tutor|teaching assistant|school|college|academy)\b",
    re.IGNORECASE,
)


def identifying(context: Context, person: Person) -> Iterator[Place]:
    """Yield every place of this release that identifies a person by itself."""
    for mention, place in context.mentioned():
        if mention.ref == person.ref and (
            mention.kind in IDENTITY_KINDS
            or (mention.label == "name" and mention.kind not in {"forename", "shared-surname"})
        ):
            yield place
    for material in context.current:
        shown = material.record is not None and person.ref in material.record.shows
        if shown and material.has_pictures and _visible_faces(material.sights):
            yield Place(material)


def _visible_faces(sights: tuple[object, ...]) -> bool:
    return any(getattr(sight, "label", "") == "face" for sight in sights)


def in_force(restriction: Restriction, today: date) -> bool:
    """Tell whether an order holds on a day; one that ends in words alone holds."""
    if restriction.lifted_on is not None and restriction.lifted_on <= today:
        return False
    return not (isinstance(restriction.expires, date) and restriction.expires < today)


def _identified(context: Context, people: list[Person], detail: str) -> Iterator[Hit]:
    for person in people:
        places = tuple(identifying(context, person))
        if places:
            yield Hit(detail, places, person=person.ref)


def _by_order(context: Context, *types: str) -> list[Person]:
    refs = {
        ref
        for restriction in context.the_case.restrictions
        if restriction.type in types and in_force(restriction, context.today)
        for ref in restriction.protects
    }
    return [person for person in context.the_case.people if person.ref in refs]


def _complainants(context: Context, rule_id: str, orders: frozenset[str]) -> list[Person]:
    """List whom the offence gives anonymity, and whom a recorded order does."""
    by_law = context.the_case.case.offence_category in rule_named(rule_id).offences
    people = [p for p in context.the_case.people if by_law and p.role == "complainant"]
    return [*people, *(p for p in _by_order(context, *orders) if p not in people)]


def _anonymous(context: Context, rule_id: str, orders: frozenset[str]) -> Iterator[Hit]:
    people = _complainants(context, rule_id, orders)
    yield from _identified(context, people, "the release identifies the complainant")
    refs = {person.ref for person in people}
    for hit in (*relation_hits(context), *score_hits(context)):
        if hit.person in refs and hit.level == "BLOCK":
            text = "details together are likely to identify the complainant"
            yield Hit(text, hit.places, person=hit.person)


_SEXUAL = frozenset({"soaa92"})
_FGM = frozenset({"fgm", "forced_marriage"})
_COURT_ORDERS = frozenset(
    {"s45", "s45a", "s39", "s47_scot", "firearms_officer", "injunction", "other"}
)
"""Restrictions by what rule applies them. Orders that have no rule of their own are judged with those
for young people: whom they protect may not be identified, whatever the law behind them."""


@trigger("RR-01", "case", helped_by=("faces", "ocr"), orders=_SEXUAL)
def _sexual(context: Context) -> Iterator[Hit]:
    yield from _anonymous(context, "RR-01", _SEXUAL)


@trigger("RR-02", "case", helped_by=("faces", "ocr"), orders=_FGM)
def _fgm(context: Context) -> Iterator[Hit]:
    yield from _anonymous(context, "RR-02", _FGM)


@trigger("RR-03", "case", helped_by=("faces", "ocr"), orders=("s49",))
def _youth(context: Context) -> Iterator[Hit]:
    case = context.the_case
    people = _by_order(context, "s49")
    if case.case.court_type == "youth":
        people += [p for p in case.people if p.is_child and p not in people]
    yield from _identified(context, people, "the release identifies a child of the youth court")


@trigger("RR-04", "case", helped_by=("faces", "ocr"), orders=_COURT_ORDERS)
def _order(context: Context) -> Iterator[Hit]:
    people = _by_order(context, *_COURT_ORDERS)
    yield from _identified(context, people, "the release identifies a person under an order")


@trigger("RR-05", "case", helped_by=("faces", "ocr"), orders=("s46",))
def _s46(context: Context) -> Iterator[Hit]:
    people = _by_order(context, "s46")
    yield from _identified(context, people, "the release identifies a witness under an order")


@trigger("RR-06", "case", "text")
def _postponed(context: Context) -> Iterator[Hit]:
    for restriction in context.the_case.restrictions:
        if not in_force(restriction, context.today):
            continue
        if restriction.type == "s4_2":
            places = tuple(_matches(context, _PROCEEDINGS))
            if places:
                yield Hit("the release reports proceedings that an order postpones", places)
        if restriction.type == "s11":
            for matter in restriction.matters:
                words = r"\s+".join(map(re.escape, matter.split()))
                places = tuple(_matches(context, re.compile(words, re.IGNORECASE)))
                if places:
                    yield Hit("a matter that the court withheld is mentioned", places)
            withheld = _by_order(context, "s11")
            yield from _identified(context, withheld, "a name that the court withheld is mentioned")


def _matches(context: Context, pattern: re.Pattern[str]) -> Iterator[Place]:
    for place, _ in context.texts(names=True):
        for match in pattern.finditer(place.segment.text if place.segment else ""):
            yield Place(place.material, place.segment, match.start(), match.end())


@trigger("RR-07", "case", orders=("s141f",))
def _teacher(context: Context) -> Iterator[Hit]:
    case = context.the_case
    ordered = _by_order(context, "s141f")
    yield from _identified(context, ordered, "the release identifies a teacher under an order")
    if not case.case.teacher_allegation or not context.proceedings.before_charge:
        return
    yield from _identified(context, list(case.accused), "the release identifies the teacher")
    schools = {p.ref for p in case.people if p.schools or p.workplaces}
    for mention, place in context.mentioned():
        if mention.kind in {"school", "workplace"} and mention.ref in schools:
            yield Hit("the release names the school", (place,), person=mention.ref)
    places = tuple(_matches(context, _TEACHER))
    if places:
        text = "the release tells that the accused teaches; with a place or subject that is enough"
        yield Hit(text, places, level="WARN")


@trigger("RR-08", "case")
def _family(context: Context) -> Iterator[Hit]:
    children = [person for person in context.the_case.people if person.is_child]
    if context.the_case.case.family_proceedings:
        yield from _identified(context, children, "the release identifies a child")
    ordered = [p for p in _by_order(context, "s97", "s12_aja") if p not in children]
    yield from _identified(context, ordered, "the release identifies a person under an order")
    places = tuple(_matches(context, _FAMILY))
    if places:
        yield Hit("the release mentions a family court or its orders", places)


@trigger("RR-09", "case")
def _before_charge(context: Context) -> Iterator[Hit]:
    case = context.the_case
    ended = case.case.stage in {"acquitted", "discontinued"} or case.case.custody_status == "nfa"
    if not ended and not context.proceedings.before_charge:
        return
    recorded = (
        case.release.type in {"wanted", "missing"}
        and bool(case.release.policing_purpose)
        and any(approval.role in {"SIO", "OIC"} for approval in case.approvals)
    )
    level: Level = "WARN" if ended or recorded else "BLOCK"
    text = (
        "a person who is no longer accused is identified"
        if ended
        else "a suspect is identified before any charge"
    )
    for person in case.accused:
        places = tuple(identifying(context, person))
        if places:
            yield Hit(text, places, level=level, person=person.ref)


@trigger("RR-10", "case", "text")
def _allocation(context: Context) -> Iterator[Hit]:
    case = context.the_case.case
    if case.stage != "charged" or case.court_type not in {"magistrates", "youth", None}:
        return
    for place, _ in context.texts():
        text = place.segment.text if place.segment else ""
        if not _HEARING.search(text):
            continue
        for match in _BEYOND_LIST.finditer(text):
            spot = Place(place.material, place.segment, match.start(), match.end())
            yield Hit("more than the listed facts of an early hearing", (spot,))


@trigger("RR-11", "case")
def _court_pictures(context: Context) -> Iterator[Hit]:
    for material in context.current:
        if material.record is not None and material.record.at_court:
            yield Hit("the asset was taken at a court", (Place(material),))


@trigger("RR-12", "case", "text", helped_by=("finder",))
def _disposals(context: Context) -> Iterator[Hit]:
    named = context.the_case.release.type == "out_of_court"
    for place, position in context.texts():
        text = place.segment.text if place.segment else ""
        names = [
            mention.start
            for mention in context.mentions.get((place.material.id, position), ())
            if mention.label == "name" and mention.kind != "handle"
        ]
        for sentence in sentences_of(text):
            match = _DISPOSAL.search(sentence.text)
            end = sentence.start + len(sentence.text)
            if (match or named) and any(sentence.start <= at < end for at in names):
                spot = Place(place.material, place.segment, sentence.start, end)
                yield Hit("a person is named with an out-of-court disposal", (spot,))


@trigger("RR-13", "case")
def _jurisdiction(context: Context) -> Iterator[Hit]:
    case = context.the_case
    scots = case.case.jurisdiction == "scotland"
    foreign = _ENGLISH_TERMS if scots else _SCOTS_TERMS
    places = tuple(_matches(context, foreign))
    if places:
        yield Hit("words of another jurisdiction are used", places)
    if any(channel.cross_border for channel in case.release.channels):
        yield Hit("a channel reaches another jurisdiction")
    if not scots or not context.proceedings.active:
        return
    accused = {person.ref for person in case.accused}
    for material in context.current:
        shown = set(material.record.shows) if material.record else set()
        if material.kind in _PICTURES and shown & accused:
            text = "a picture of an accused in Scotland before the trial has ended"
            yield Hit(text, (Place(material),), level="BLOCK")


@trigger("RR-14", "case")
def _custody_image(context: Context) -> Iterator[Hit]:
    case = context.the_case
    approved = any(approval.role in {"SIO", "OIC"} for approval in case.approvals)
    for material in context.current:
        record = material.record
        custody = record is not None and record.source == "custody"
        whole = case.release.type == "custody_image" and material.kind in _PICTURES
        if not custody and not whole:
            continue
        shown = [context.person(ref) for ref in record.shows] if record else []
        place = (Place(material),)
        if any(person is not None and person.is_child for person in shown):
            yield Hit("a custody picture of somebody under 18", place, level="BLOCK")
        elif context.proceedings.phase not in {"convicted", "closed"}:
            level: Level = "WARN" if approved else "BLOCK"
            yield Hit("a custody picture before conviction", place, level=level)
        elif case.case.stage in {"acquitted", "discontinued"}:
            yield Hit("a custody picture of somebody who was not convicted", place, level="BLOCK")
        elif context.options.custody_image_needs == "custody" and case.case.stage != "sentenced":
            yield Hit("a custody picture before the sentence that the force waits for", place)


@trigger("RR-15", "case")
def _retraction(context: Context) -> Iterator[Hit]:
    for prior in context.the_case.release.prior_releases:
        if prior.taken_down:
            continue
        if prior.resolved:
            yield Hit("the person of an earlier appeal was found, and it is still published")
        elif prior.takedown_review_on is not None and prior.takedown_review_on < context.today:
            yield Hit("the review of an earlier release is overdue")
