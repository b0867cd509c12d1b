"""What people are recognised by beside their faces: marks, uniforms, badges, clothes (ID-08).

Three things give it away: a text that describes somebody so (by lists of words, and as a language network reads it:
`identifying`), letters that are read on what somebody
wears, and a picture that shows somebody of whom the case file lists marks. Skin and clothes without
letters are not looked for: where a picture shows a protected person, a person has to look.
"""

import re
from collections.abc import Iterator, Sequence

from saferedact.casefile import Person
from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.identifying import described
from saferedact.checks.material import Material, Segment, Sight
from saferedact.checks.sentences import Sentence, sentences_of
from saferedact.report import Level

__all__: list[str] = []

_PARTLY = "some descriptions pass, and what pictures show without letters is not judged: a person must look"
"""Figures are in docs/accuracy.md."""

_TOLD = "clothes or marks are described by which somebody can be recognised"

_MARK = re.compile(
    r"\b(?:tattoos?|tattooed|birthmarks?|port[- ]wine stain|(?:facial |distinctive )?scars?|scarred|scarring|"
    r"piercings?|prosthe(?:tic|sis)\w*|amputee|false (?:eye|leg|arm)|hearing aids?|cleft lip|stammer|"
    r"(?:school|work|nurse's|company|army|cadet|scout|guide|football|netball|rugby|team) (?:uniform|tie|blazer|"
    r"jumper|sweatshirt|shirt|kit|bag)|blazer|lanyard|(?:name|id|staff|prefect) badge|hi-?vis|leavers'? hoodie|"
    r"(?:bright|shocking|neon) (?:pink|blue|green|purple|red) hair|"
    r"(?:distinctive|unusual|hand-?made|personalised|monogrammed|embroidered) (?:\w+ ){0,2}(?:coat|jacket|hoodie|"
    r"dress|hat|shoes|trainers|bag|backpack|necklace|ring|bracelet|glasses|walking stick|wheelchair))\b",
    re.IGNORECASE,
)
"""What sets somebody apart, or says to which school or work they go."""

_PROTECTED_WORD = re.compile(
    r"\b(?:complainants?|complainers?|victims?|survivors?|witness(?:es)?|"
    r"(?:the|a|this|young|teenage|injured|missing) (?:[\w-]+ )?(?:girl|boy|child|schoolgirl|schoolboy|teenager|"
    r"toddler|woman|pupil|student|patient))\b",
    re.IGNORECASE,
)
"""Words for those who are not to be recognised."""

_SOUGHT = re.compile(
    r"\b(?:appeal\w*|missing|wanted|trace|tracing|identify|seen|recognise|looking for|search(?:ing)? for|"
    r"described as|description of|suspects?|defendants?|accused|offenders?|charged|arrested|officers? w(?:ear|ore))\b",
    re.IGNORECASE,
)
"""Of somebody who is looked for or charged, a description is what the release is for; other rules judge it."""

_WORN = re.compile(
    r"^\W*(?:(?:official |temporary |press |day )?visitor|staff|student|pupil|prefect|head (?:boy|girl)|head student|"
    r"(?:fire )?steward|volunteer|contractor|security|chaplain|first aider|trainee|"
    r"(?:student |staff |senior )?nurse|doctor|paramedic|leavers? (?:20)?\d\d|class of (?:20)?\d\d|"
    r"(?:hello[,!]? )?my name is\b.*)\W*$",
    re.IGNORECASE,
)
"""A whole line as badges, lanyards and hoodies have them."""

_SCHOOL_LINE = re.compile(
    r"\b(?:academy|school|college|high|primary|grammar|nursery|university|cadets?|scouts?|guides|brownies)\b",
    re.IGNORECASE,
)
_CHEST_HEIGHTS = 4.0
_CHEST_WIDTHS = 1.5
"""Heights of a face below it, and widths to its sides, within which lettering is worn: a standing person's
face is a seventh of their height, and a lanyard hangs to the waist."""


@trigger("ID-08", "case", helped_by=("ocr", "faces", "describer"), partly=_PARTLY)
def _appearance(context: Context) -> Iterator[Hit]:
    yield from _listed_marks(context)
    in_words = list(_in_listed_words(context))
    yield from (hit for hit in in_words if hit.level == "BLOCK")  # whatever a network says of it
    for found in described(context, "ID-08", [hit for hit in in_words if hit.level != "BLOCK"]):
        yield found if isinstance(found, Hit) else Hit(_TOLD, (found,), level="WARN")
    for material in context.current:
        if material.has_pictures:
            yield from _worn(context, material)
            yield from _shown(context, material)


def _listed_marks(context: Context) -> Iterator[Hit]:
    for mention, place in context.mentioned(names=False):
        person = context.person(mention.ref)
        if person is not None and mention.kind == "mark" and not person.may_publish("face"):
            level: Level = "BLOCK" if person.is_child else "WARN"
            yield Hit("a distinctive mark is described", (place,), level=level, person=person.ref)


def _in_listed_words(context: Context) -> Iterator[Hit]:
    """Find sentences that say how somebody looks who is not to be recognised."""
    for place, position in context.texts():
        segment = place.segment
        if segment is None or segment.origin not in {"body", "subtitle"}:
            continue
        known = context.mentions.get((place.material.id, position), ())
        for sentence in sentences_of(segment.text):
            mark = _MARK.search(sentence.text)
            if mark is None or any(
                m.kind == "mark" and sentence.start <= m.start < sentence.start + len(sentence.text)
                for m in known
            ):
                continue
            child = _child_of_school(context, place, position, sentence)
            if child is None and (
                _SOUGHT.search(sentence.text) or not _PROTECTED_WORD.search(sentence.text)
            ):
                continue
            start = sentence.start + mark.start()
            spot = Place(place.material, segment, start, start + len(mark[0]))
            yield Hit(
                _TOLD,
                (spot,),
                level="BLOCK" if child else "WARN",
                person=child,
            )


def _child_of_school(
    context: Context, place: Place, position: int, sentence: Sentence
) -> str | None:
    """Return the protected child whose school a sentence names."""
    for mention in context.mentions.get((place.material.id, position), ()):
        person = context.person(mention.ref)
        within = sentence.start <= mention.start < sentence.start + len(sentence.text)
        if within and mention.kind == "school" and _is_protected_child(person):
            return person.ref if person else None
    return None


def _is_protected_child(person: Person | None) -> bool:
    return person is not None and person.is_child and not person.may_publish("name")


def _worn(context: Context, material: Material) -> Iterator[Hit]:
    """Find letters on badges and clothes: by what they say, or by where they are."""
    faces = [sight for sight in material.sights if sight.label == "face"]
    for position, segment in enumerate(material.segments):
        if segment.origin != "ocr" or segment.joined:
            continue
        place = Place(material, segment)
        below = any(_is_below(face, segment) for face in faces)
        child = _school_of_child(context, material, position) if below else None
        if child is not None:
            text = "what a protected child wears tells the school"
            yield Hit(text, (place,), level="BLOCK", person=child)
        elif _WORN.match(segment.text) or (below and _SCHOOL_LINE.search(segment.text)):
            yield Hit("a badge, a lanyard or lettering on clothes is legible", (place,))


def _school_of_child(context: Context, material: Material, position: int) -> str | None:
    for mention in context.mentions.get((material.id, position), ()):
        person = context.person(mention.ref)
        if mention.kind in {"school", "club"} and _is_protected_child(person):
            return person.ref if person else None
    return None


def _is_below(face: Sight, segment: Segment) -> bool:
    """Tell whether lettering is where the owner of a face wears it."""
    if segment.xyxy is None or (segment.frame or 0, segment.part) != (face.frame, face.part):
        return False
    x1, y1, x2, y2 = face.xyxy
    width, height = x2 - x1, y2 - y1
    x, y = (segment.xyxy[0] + segment.xyxy[2]) / 2, (segment.xyxy[1] + segment.xyxy[3]) / 2
    aside = x1 - _CHEST_WIDTHS * width <= x <= x2 + _CHEST_WIDTHS * width
    return aside and y2 < y <= y2 + _CHEST_HEIGHTS * height


def _shown(context: Context, material: Material) -> Iterator[Hit]:
    """Ask a person to look where a picture shows somebody who is not to be recognised."""
    shown: Sequence[str] = material.record.shows if material.record else ()
    for ref in shown:
        person = context.person(ref)
        if person is None or person.may_publish("face") or person.is_accused:
            continue
        if person.distinctive_marks:
            text = "the picture shows a person with listed marks; look for them"
        elif _is_protected_child(person):
            text = "the picture shows a protected child; look for a badge, a tie or a blazer"
        else:
            continue
        yield Hit(text, (Place(material),), level="WARN", person=ref)
