"""Prejudice (PJ): wording that could harm a fair trial, sentence by sentence.

Three judges: patterns over clauses in their plain form, lists of words, and learned weights that can
find by themselves and keep the others from crying wolf. Names of the accused are masked by a sign of
the same length, quoted charges and the names of offences are blanked, since to say what somebody is
charged with is fair. "Alleged" cures PJ-05 alone.

It is a filter, not a reader: some paraphrases pass, and the report says so.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.clause_patterns import clause_patterns
from saferedact.checks.reading import Read, readings
from saferedact.checks.reference import ACCUSED, Masked
from saferedact.checks.wording_model import wording_model
from saferedact.documents import Document
from saferedact.report import Level

__all__ = ["PARTLY", "Lexicon", "lexicon"]

PARTLY = "some wording passes, paraphrases above all: a person must read the text"


class Wording(Document):
    """What one rule looks for."""

    scope: Literal["sentence", "near", "beside", "any"]
    court: bool = False
    what: str
    patterns: Annotated[tuple[str, ...], Field(strict=False)]
    beside: Annotated[tuple[str, ...], Field(strict=False)] = ()
    anywhere: Annotated[tuple[str, ...], Field(strict=False)] = ()
    exempt: Annotated[tuple[str, ...], Field(strict=False)]


class _File(Document):
    schema_id: Literal["saferedact.lexicons/1"] = Field(alias="schema")
    words: dict[str, str]
    rules: dict[str, Wording]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled lists of one rule.

    Parameters
    ----------
    scope : str
        Where the accused must be referred to.
    court : bool
        Whether what was said in open court is exempt.
    what : str
        What the wording is about.
    patterns, beside, anywhere, exempt : tuple of re.Pattern
        A sentence counts if one of `patterns` matches and none of `exempt`. Those `beside` count
        also if a sentence beside it is about the accused, those `anywhere` always.
    """

    scope: str
    court: bool
    what: str
    patterns: tuple[re.Pattern[str], ...]
    beside: tuple[re.Pattern[str], ...]
    anywhere: tuple[re.Pattern[str], ...]
    exempt: tuple[re.Pattern[str], ...]

    def find(self, sentence: Masked) -> tuple[int, int] | None:
        """Find the stretch of a sentence that breaks the rule; None if there is none."""
        reach = {
            "any": True,
            "sentence": sentence.refers,
            "near": sentence.near,
            "beside": sentence.beside,
        }
        patterns = (
            (self.patterns if reach[self.scope] else ())
            + (self.beside if sentence.beside else ())
            + self.anywhere
        )
        if not patterns or any(pattern.search(sentence.text) for pattern in self.exempt):
            return None
        found = (match for pattern in patterns if (match := pattern.search(sentence.text)))
        spans = (
            match.span("hit") if "hit" in match.re.groupindex else match.span() for match in found
        )
        return min((span for span in spans if span[1] > span[0]), default=None)


@cache
def lexicon() -> dict[str, Lexicon]:
    """Read and compile the lists that come with the package."""
    data = resources.files("saferedact.checks").joinpath("lexicons.toml").read_bytes()
    file = _File.model_validate(tomllib.loads(data.decode("utf-8")))
    words = {**file.words, **ACCUSED}

    def compiled(pattern: str) -> re.Pattern[str]:
        for _ in range(2):  # words may use words
            pattern = re.sub(r"\{([A-Za-z]+)\}", lambda match: f"(?:{words[match[1]]})", pattern)
        return re.compile(pattern, re.IGNORECASE)

    return {
        rule_id: Lexicon(
            wording.scope,
            wording.court,
            wording.what,
            tuple(map(compiled, wording.patterns)),
            tuple(map(compiled, wording.beside)),
            tuple(map(compiled, wording.anywhere)),
            tuple(map(compiled, wording.exempt)),
        )
        for rule_id, wording in file.rules.items()
    }


_IN_COURT = re.compile(
    r"\b(?:told|tells|heard by|shown to|read to|read (?:out )?to) (?:the |a )?(?:jur\w+|court|judge|"
    r"trial|\w+ (?:\w+ )?(?:crown|magistrates'?|sheriff) court)\b|\bjur(?:y|ors?) (?:was|were|has been|"
    r"have been|heard|hears|saw|watched)\b|\b(?:court|trial) (?:heard|hears|was told|was shown|has "
    r"heard|continues|goes on)\b|\bgiving evidence\b|\bgave evidence\b|\bopening the case\b|\bin "
    r"(?:cross-?examination|the witness box|evidence)\b|\bprosecut(?:ion|or|ors|ing) (?:told|said|say|"
    r"says|alleged|alleges|claimed)\b|\b(?:KC|QC|counsel)\b[^.]{0,40}\b(?:said|told|alleged|asked)\b",
    re.IGNORECASE,
)


def hits_of(context: Context, rule_id: str) -> Iterator[tuple[Masked, Place]]:
    """Yield each sentence that breaks a rule, and the stretch of it that does."""
    words = lexicon()[rule_id]
    heard = context.case is not None and context.case.case.stage in {
        "trial",
        "convicted_awaiting_sentence",
        "sentenced",
    }
    for read in readings(context):
        sentence = read.sentence
        if words.court and heard and _IN_COURT.search(sentence.text):
            continue
        span = _judged(read, rule_id, heard=heard)
        if span is not None:
            start = sentence.start + span[0]
            spot = Place(
                sentence.place.material, sentence.place.segment, start, sentence.start + span[1]
            )
            yield sentence, spot


def _judged(read: Read, rule_id: str, *, heard: bool) -> tuple[int, int] | None:
    """Find what breaks a rule by grammar, by lists that the model believes, or by the model."""
    listed = lexicon()[rule_id].find(read.sentence)
    if not read.lines:
        return listed
    by_grammar = clause_patterns()[rule_id].find(read.lines, near=read.near)
    model, opinion = wording_model(), read.opinion
    if by_grammar is not None and opinion.score >= model.doubts:
        return by_grammar
    if listed is not None and opinion.score >= model.keeps:
        return listed
    if opinion.rule_id == rule_id and opinion.score >= model.finds:
        in_court = heard and _IN_COURT.search(read.sentence.text)
        return None if in_court else (opinion.start, opinion.end)
    return None


def _level(context: Context, rule_id: str) -> Level | None:
    if rule_id == "PJ-08" and context.case is not None:
        details = context.case.case
        if details.id_procedure_pending or details.identity_in_issue:
            return "BLOCK"
    if rule_id == "PJ-13" and context.proceedings.active and context.case is not None:
        return "BLOCK" if context.case.linked_cases else None
    return None


def _simple(rule_id: str) -> None:
    @trigger(rule_id, "text", helped_by=("grammar",), partly=PARTLY)
    def run(context: Context) -> Iterator[Hit]:
        what = lexicon()[rule_id].what
        for _, place in hits_of(context, rule_id):
            yield Hit(what, (place,), level=_level(context, rule_id))


for _rule_id in ("PJ-01", "PJ-02", "PJ-03", "PJ-04", "PJ-05", "PJ-06", "PJ-07", "PJ-08"):
    _simple(_rule_id)
for _rule_id in ("PJ-10", "PJ-11", "PJ-13", "PJ-14", "PJ-15"):
    _simple(_rule_id)


@trigger("PJ-09", "text", helped_by=("grammar",), partly=PARTLY)
def _plea(context: Context) -> Iterator[Hit]:
    if context.case is not None and context.case.case.plea_entered:
        return
    for _, place in hits_of(context, "PJ-09"):
        yield Hit(lexicon()["PJ-09"].what, (place,))


@trigger("PJ-12", "text", helped_by=("grammar",), partly=PARTLY)
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


@trigger("PJ-16", "text", helped_by=("grammar",), partly=PARTLY)
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
