"""Hidden data (HD) that is no trace of a file: names of files, channels of publication, drafts, overlays."""

import re
from collections.abc import Iterator

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.traces import judge
from saferedact.report import Level

__all__: list[str] = []

_TELLING_NAME = re.compile(
    r"(?<![a-z])(?:suspect|victim|complainant|witness|offender|accused|informant|custody|"
    r"child|nominal|statement of)s?(?![a-z])",
    re.IGNORECASE,
)
_URN = re.compile(r"\b\d{2}[A-Z]{2}\d{5,7}\b|\b[A-Z]{2}[/-]\d{3,6}[/-]\d{2}\b")
"""Unique reference numbers: the CPS form (force, area, number, year) and the usual written form."""

_DRAFT = re.compile(
    r"official[- ]?sensitive|not for publication|background only|off the record|"
    r"\bembargoed? until\b|for internal use|\bdraft\b[ ]+(?:v|version|not|only)|"
    r"-{2,} ?original message|begin forwarded message|^from: .+\n(?:sent|date|to): ",
    re.IGNORECASE | re.MULTILINE,
)
_OVERLAY = re.compile(
    r"\b\d{1,3}[.,]\d{3,7}\s*[NS°,]\s*-?\d{1,3}[.,]\d{3,7}|"  # degrees of a position
    r"\b(?:axon|body ?\d|x\d{7,}|cam(?:era)?\s*\d+|ch(?:annel)?\s*\d+|unit\s*\d+)\b|"
    r"\b\d{4}[-/.]\d{2}[-/.]\d{2}[ T]\d{2}:\d{2}:\d{2}|\b\d{2}[-/.]\d{2}[-/.]\d{4} \d{2}:\d{2}:\d{2}",
    re.IGNORECASE,
)
"""What cameras burn into pictures: serial and channel numbers, positions, dates with seconds."""


@trigger("HD-07")
def _file_names(context: Context) -> Iterator[Hit]:
    for material in context.current:
        for position, segment in enumerate(material.segments):
            if segment.origin != "name":
                continue
            mentions = context.mentions.get((material.id, position), ())
            people = [p for m in mentions if (p := context.person(m.ref)) is not None]
            protected = [p for p in people if not p.may_publish("name")]
            place = (Place(material, segment),)
            if protected:
                text = "the name of the file names a protected person"
                yield Hit(text, place, level="BLOCK", person=protected[0].ref)
            elif people or _TELLING_NAME.search(segment.text) or _URN.search(segment.text):
                text = "the name of the file says who or what it is about"
                yield Hit(text, place, level="WARN")


@trigger("HD-10", "case")
def _live(context: Context) -> Iterator[Hit]:
    for number, channel in enumerate(context.the_case.release.channels, 1):
        if channel.live:
            level: Level = "BLOCK" if context.proceedings.active else "WARN"
            yield Hit(f"channel {number} is live: it cannot be checked before", level=level)
        if channel.geotag:
            yield Hit(f"channel {number} adds a position", level="WARN")
        if channel.comments_on:
            yield Hit(f"channel {number} is open for comments", level="WARN")


@trigger("HD-11")
def _threads(context: Context) -> Iterator[Hit]:
    yield from judge("HD-11", context)
    for place, _ in context.texts():
        if place.segment is None or place.segment.origin == "hidden":
            continue
        match = _DRAFT.search(place.segment.text)
        if match:
            where = Place(place.material, place.segment, match.start(), match.end())
            yield Hit("words of a draft or of an earlier mail", (where,), level="WARN")


@trigger("HD-12", "ocr")
def _overlays(context: Context) -> Iterator[Hit]:
    for place, _ in context.texts():
        if place.segment is not None and place.segment.origin == "ocr":
            match = _OVERLAY.search(place.segment.text)
            if match:
                where = Place(place.material, place.segment, match.start(), match.end())
                yield Hit("a camera's overlay: serial, position or time", (where,))
