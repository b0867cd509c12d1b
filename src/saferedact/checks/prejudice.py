"""Prejudice (PJ): wording that could harm a fair trial, sentence by sentence.

Patterns over clauses in their plain form and lists of words find it; a model of words and a language
network judge how far to believe each of them beside the sentence's other words, and can find by themselves. Names of the accused are masked by a sign of
the same length, quoted charges and the names of offences are blanked, since to say what somebody is
charged with is fair. "Alleged" cures PJ-05 alone.

It is a filter, not a reader: some paraphrases pass, and the report says so.
"""

import re
from collections.abc import Iterator

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.lexicon import lexicon
from saferedact.checks.reading import Read, readings
from saferedact.checks.reference import Masked
from saferedact.checks.verdicts import Verdict, judged
from saferedact.report import Level

__all__ = ["PARTLY"]

PARTLY = "some wording passes, paraphrases above all: a person must read the text"


def hits_of(context: Context, rule_id: str) -> Iterator[tuple[Masked, Place]]:
    """Yield each sentence that breaks a rule, and the stretch of it that does."""
    for read, verdict in judged(context):
        span = _judged(read, verdict, rule_id)
        if span is not None:
            sentence = read.sentence
            start = sentence.start + span[0]
            spot = Place(
                sentence.place.material, sentence.place.segment, start, sentence.start + span[1]
            )
            yield sentence, spot


def _judged(read: Read, verdict: Verdict, rule_id: str) -> tuple[int, int] | None:
    """Find what breaks a rule: what its patterns found and the model believes, or what it says itself."""
    listed = read.listed.get(rule_id)
    if not read.lines:
        return listed
    if not verdict.believed:
        return None
    found = read.by_grammar.get(rule_id, listed)
    if found is None and rule_id in verdict.rules and not _heard(read, rule_id):
        found = read.worst
    return found


def _heard(read: Read, rule_id: str) -> bool:
    """Tell whether a court heard it, and the rule lets it be told then."""
    return read.in_court and lexicon()[rule_id].court


def _level(context: Context, rule_id: str) -> Level | None:
    if rule_id == "PJ-08" and context.case is not None:
        details = context.case.case
        if details.id_procedure_pending or details.identity_in_issue:
            return "BLOCK"
    if rule_id == "PJ-13" and context.proceedings.active and context.case is not None:
        return "BLOCK" if context.case.linked_cases else None
    return None


def _simple(rule_id: str) -> None:
    @trigger(rule_id, "text", helped_by=("grammar", "judge"), partly=PARTLY)
    def run(context: Context) -> Iterator[Hit]:
        what = lexicon()[rule_id].what
        for _, place in hits_of(context, rule_id):
            yield Hit(what, (place,), level=_level(context, rule_id))


for _rule_id in ("PJ-01", "PJ-02", "PJ-03", "PJ-04", "PJ-05", "PJ-06", "PJ-07", "PJ-08"):
    _simple(_rule_id)
for _rule_id in ("PJ-10", "PJ-11", "PJ-13", "PJ-14", "PJ-15"):
    _simple(_rule_id)


@trigger("PJ-09", "text", helped_by=("grammar", "judge"), partly=PARTLY)
def _plea(context: Context) -> Iterator[Hit]:
    if context.case is not None and context.case.case.plea_entered:
        return
    for _, place in hits_of(context, "PJ-09"):
        yield Hit(lexicon()["PJ-09"].what, (place,))


@trigger("PJ-12", "text", helped_by=("grammar", "judge"), partly=PARTLY)
def _spent(context: Context) -> Iterator[Hit]:
    marked = context.case is not None and any(
        person.spent_convictions for person in context.case.people
    )
    seen = []
    for _, place in hits_of(context, "PJ-12"):
        seen.append((place.material.id, place.start))
        certain = marked or "spent" in _text(place).casefold()
        yield Hit(
            lexicon()["PJ-12"].what,
            (place,),
            level="BLOCK" if certain else "WARN",
        )
    if marked:
        for _, place in hits_of(context, "PJ-01"):
            if (place.material.id, place.start) not in seen:
                yield Hit("a conviction of somebody with spent ones", (place,))


def _text(place: Place) -> str:
    return place.segment.text[place.start : place.end] if place.segment else ""


_CONVICTED = re.compile(
    r"\b(?:was|been|is|stands) (?:\w+ )?(?:convicted|found guilty)\b", re.IGNORECASE
)
_CHARGED = re.compile(
    r"\b(?:has|have|had|was|were|is|been) (?:\w+ )?charged\b(?! with the)", re.IGNORECASE
)
_VICTIM = re.compile(r"victim|survivor|injured", re.IGNORECASE)


@trigger("PJ-16", "text", helped_by=("grammar", "judge"), partly=PARTLY)
def _status(context: Context) -> Iterator[Hit]:
    for _, place in hits_of(context, "PJ-16"):
        if context.options.victim_word_allowed and _VICTIM.search(_text(place)):
            continue
        yield Hit(lexicon()["PJ-16"].what, (place,))
    if not context.proceedings.known:
        return
    wrong = {"arrested": _CHARGED, "not_arrested": _CHARGED, "charged": _CONVICTED}
    pattern = wrong.get(context.proceedings.phase)
    for read in readings(context) if pattern else ():
        sentence = read.sentence
        match = pattern.search(sentence.text) if pattern and sentence.near else None
        if match:
            start = sentence.start + match.start()
            spot = Place(
                sentence.place.material,
                sentence.place.segment,
                start,
                sentence.start + match.end(),
            )
            yield Hit("a stage is told that the case file does not have", (spot,))
