"""Vulnerable people (VP): children, relatives, witnesses, health, risk of harm, distress."""

import re
from collections.abc import Iterator

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.identity import CONTACT_KINDS
from saferedact.checks.restrictions import identifying
from saferedact.report import Level

__all__: list[str] = []

_SENSITIVE = re.compile(
    r"\b(?:autis\w+|adhd|bipolar|schizophreni\w+|depress(?:ion|ed)|anxiety|dementia|alzheimer\w*|"
    r"epilep\w+|diabet\w+|hiv|aids|cancer|disab(?:led|ility|ilities)|wheelchair|learning difficult\w+|"
    r"mental health|self[- ]harm\w*|suicid\w+|medication|pregnan\w+|miscarriage|abortion|"
    r"muslim|jewish|christian|catholic|hindu|sikh|buddhist|jehovah\w*|mosque|synagogue|"
    r"(?:white|black|asian|mixed[- ]race|romany|gypsy|traveller|afro[- ]?caribbean|south asian)"
    r"(?=\s+(?:man|woman|male|female|boy|girl|teenager|person|suspect|youth|heritage|british))|"
    r"ethnicit\w+|asylum[- ]seekers?|refugee|illegal immigrant|overstayer|immigration status|visa|"
    r"gay|lesbian|bisexual|homosexual|transgender|trans (?:man|woman)|sexuality|trade union)\b"
    r"(?!(?:[\s-]+\w+)?[\s-]+(?:charit\w+|research|centres?|services?|teams?|awareness|communit\w+|museum|cards?|"
    r"names?|units?|helplines?|week|month|day|trust|fund|hub|campaigns?|groups?|network|festival|nurses?|"
    r"act|policy|training|support|wards?|clinics?|friendly|access|users? (?:are|can|may)|bays?|parking|"
    r"leaders?|schools?|cemetery|aid|relief|confetti|market)\b)",
    re.IGNORECASE,
)
"""Of a person; not of a service, a place or a day that is called so."""

_ACTIVISTS = re.compile(
    r"\b(?:pa?edo(?:phile)?|predator)[- ]?hunt(?:er|ers|ing)\b|\bonline child abuse activist\w*|"
    r"\b(?:vigilante|sting) (?:group|team|video|operation)\b|\bchild protection (?:group|team)s? "
    r"(?:filmed|livestreamed|streamed|confronted)\b|\blive[- ]?stream(?:ed)? sting\b|"
    r"(?:facebook\.com|fb\.watch|tiktok\.com|youtu\.be|youtube\.com)/\S+",
    re.IGNORECASE,
)
_MEDICAL = re.compile(
    r"\b(?:medication|medical condition|mental health|dementia|epilep\w+|diabet\w+|insulin|"
    r"autis\w+|suicid\w+|self[- ]harm\w*|pregnan\w+)\b",
    re.IGNORECASE,
)
_DISTRESS = re.compile(
    r"\b(?:blood(?:stained|ied|y)?|corpse|dead body|(?:his|her|the|a) body (?:was|were|has been) "
    r"(?:found|recovered|discovered)|mutilat\w+|decapitat\w+|funeral|graphic (?:images|footage)|"
    r"fatal(?:ly)? (?:injur\w+|wound\w*))\b",
    re.IGNORECASE,
)
_RELATION_NAME = re.compile(
    r"\b(?:his|her|their|(?:the )?(?:suspect|defendant|accused)['\u2019]s)\s+(?:ex[- ]?|former |late |"
    r"estranged )?(?:wife|husband|partner|girlfriend|boyfriend|fianc\w+|mother|father|mum|dad|sister|"
    r"brother|son|daughter|uncle|aunt|cousin|friend|neighbour|colleague|stepson|stepdaughter|"
    r"stepfather|stepmother|grandmother|grandfather),?\s+$",
    re.IGNORECASE,
)


def _search(context: Context, pattern: re.Pattern[str]) -> Iterator[Place]:
    for place, _ in context.texts():
        for match in pattern.finditer(place.segment.text if place.segment else ""):
            yield Place(place.material, place.segment, match.start(), match.end())


@trigger("VP-01", "case")
def _young_accused(context: Context) -> Iterator[Hit]:
    for person in context.the_case.accused:
        places = tuple(identifying(context, person)) if person.is_child else ()
        if places:
            yield Hit("an accused under 18 is identified", places, person=person.ref)


@trigger("VP-02", "case", helped_by=("finder",))
def _relatives(context: Context) -> Iterator[Hit]:
    case = context.the_case
    accused = {person.ref for person in case.accused}
    for person in case.people:
        related = person.role == "relative_of_accused" or (
            person.role in {"child", "bystander"} and accused.intersection(person.relation_to)
        )
        places = tuple(identifying(context, person)) if related else ()
        if places and not (person.may_publish("name") and person.consent.naming == "given"):
            yield Hit("a relative of the accused is identified", places, person=person.ref)
    for place, position in context.texts():
        text = place.segment.text if place.segment else ""
        for mention in context.mentions.get((place.material.id, position), ()):
            if mention.ref is None and mention.label == "name":
                before = text[max(0, mention.start - 60) : mention.start]
                if _RELATION_NAME.search(before):
                    spot = Place(place.material, place.segment, mention.start, mention.end)
                    yield Hit("somebody related is named", (spot,), level="WARN")


@trigger("VP-03", "case")
def _consent(context: Context) -> Iterator[Hit]:
    for person in context.the_case.people:
        if person.role not in {"victim", "witness", "deceased"} or person.consent.naming == "given":
            continue
        if person.role == "deceased" and person.may_publish("name"):
            continue
        places = tuple(identifying(context, person))
        if places:
            yield Hit("no consent to be named is recorded", places, person=person.ref)


@trigger("VP-04", "text")
def _special_category(context: Context) -> Iterator[Hit]:
    places = tuple(_search(context, _SENSITIVE))
    if places:
        yield Hit("words for health, faith, ethnicity, sexuality or immigration status", places)


@trigger("VP-05", "case")
def _self_harm(context: Context) -> Iterator[Hit]:
    case = context.the_case
    confronted = any(
        material.record is not None and material.record.source == "ocag"
        for material in context.current
    )
    if "self_harm" not in case.case.risk_flags and not confronted:
        return
    yield Hit("the accused may harm themselves when this is published")
    accused = {person.ref for person in case.accused}
    for mention, place in context.mentioned():
        if mention.ref in accused and mention.kind in CONTACT_KINDS:
            text = "a place where the accused can be found"
            yield Hit(text, (place,), level="BLOCK", person=mention.ref)
    if any(channel.live for channel in case.release.channels):
        yield Hit("the release is live", level="BLOCK")


@trigger("VP-06", "case")
def _confrontation(context: Context) -> Iterator[Hit]:
    active = context.proceedings.active
    level: Level = "BLOCK" if active else "WARN"
    for material in context.current:
        if material.record is not None and material.record.source == "ocag":
            yield Hit("the asset was made by an activist group", (Place(material),), level=level)
        elif material.record is not None and material.record.source == "social":
            yield Hit("the asset is from social media", (Place(material),), level="WARN")
    places = tuple(_search(context, _ACTIVISTS))
    if places:
        yield Hit("an activist group or a link to its material", places, level=level)


@trigger("VP-07", "case")
def _missing_person(context: Context) -> Iterator[Hit]:
    case = context.the_case
    if case.release.type != "missing":
        return
    for material in context.current:
        if material.record is not None and material.record.source == "custody":
            yield Hit("a custody picture of a missing person", (Place(material),))
    places = tuple(_search(context, _MEDICAL))
    if places:
        yield Hit("medical details of a missing person", places)
    family = {p.ref for p in case.people if p.role != "officer"}
    for mention, place in context.mentioned():
        if mention.kind == "phone" and mention.ref in family:
            yield Hit("a private telephone number", (place,), person=mention.ref)


@trigger("VP-08")
def _distress(context: Context) -> Iterator[Hit]:
    for material in context.current:
        if material.record is not None and material.record.distressing:
            yield Hit("the case file marks the asset as distressing", (Place(material),))
    places = tuple(_search(context, _DISTRESS))
    if places:
        yield Hit("words on injury or death", places)
