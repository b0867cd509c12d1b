"""Sentences with their grammar: whom each word means, and what each clause says.

Only sentences near the accused, or with a word that some rule asks for whoever it is about, are
parsed; the others cannot break a rule of wording.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from saferedact.checks.antecedents import Parsed, accused_words
from saferedact.checks.base import Context
from saferedact.checks.clause_patterns import clause_patterns, speaks_of_accused
from saferedact.checks.clauses import Line, lines_of
from saferedact.checks.lexicon import lexicon
from saferedact.checks.reference import NAME_SIGN, Masked, masked_texts
from saferedact.checks.surroundings import surroundings
from saferedact.checks.wording_model import Opinion, signs_of, wording_model
from saferedact.text.grammar import Word

__all__ = ["Read", "readings"]

_ASKED_FOR = re.compile(
    r"\b(?:victims?|survivors?|crimes?|criminals?|offenders?|perpetrators?|culprits?|jur(?:y|ors?)|"
    r"judge|ruled|ruling|evidence|share|find|address|revenge|justice|guilty|convict\w*)\b",
    re.IGNORECASE,
)
"""Words of rules that ask for no accused in the sentence."""

_SMALL = 600
"""Code points of a post or a caption, which is parsed whole: it may call the accused anything."""

_SHORT = 9
"""Words of a piece without a subject of its own, which speaks of whom its neighbours speak of."""

_NAME = re.compile(f"{NAME_SIGN}+")
_MONTH_BEFORE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?=\s+Jo*n?\b)"
)
"""A month before a name, which the parser would take for a part of it."""


_IN_COURT = re.compile(
    r"\b(?:told|tells|heard by|shown to|read to|read (?:out )?to) (?:the |a )?(?:jur\w+|court|judge|"
    r"trial|\w+ (?:\w+ )?(?:crown|magistrates'?|sheriff) court)\b|\bjur(?:y|ors?) (?:was|were|has been|"
    r"have been|heard|hears|saw|watched)\b|\b(?:court|trial) (?:heard|hears|was told|was shown|has "
    r"heard|continues|goes on)\b|\bgiving evidence\b|\bgave evidence\b|\bopening the case\b|\bin "
    r"(?:cross-?examination|the witness box|evidence)\b|\bunder cross-?examination\b|\bopening for the (?:crown|prosecution)\b|\bprosecut(?:ion|or|ors|ing) (?:told|said|say|"
    r"says|alleged|alleges|claimed)\b|\b(?:KC|QC|counsel)\b[^.]{0,40}\b(?:said|told|alleged|asked)\b",
    re.IGNORECASE,
)
"""What is told as said or shown in open court."""

_HEARD = frozenset({"trial", "convicted_awaiting_sentence", "sentenced"})
"""Stages in which a court may have heard it."""

_OTHERS = re.compile(
    r"\b[A-Z][\w'-]+ [A-Z][\w'-]+, \d\d\b|\b(?:jailed|sentenced|convicted)\b[^.]{0,40}\b(?:today|yesterday|last)\b"
    r"|\bwas sentenced\b"
)
"""Somebody else, or a case that is over: such a post is not about the accused."""


@dataclass(frozen=True)  # no slots: an opinion is worked out once
class Read:
    """A sentence and its clauses.

    Parameters
    ----------
    sentence : Masked
        The sentence; whether it refers to the accused is known from its grammar, if it was parsed.
    lines : tuple of Line
        Its clauses; empty if nobody parsed it.
    near : bool
        Whether it is a short piece beside a sentence about the accused.
    in_court : bool
        Whether it tells of what a court heard.
    around : tuple of str
        What stands in it and around it that tells how to read it.
    words : tuple of Word
        Its words but those that mean an accused and the wording of a charge.
    """

    sentence: Masked
    lines: tuple[Line, ...] = ()
    near: bool = False
    in_court: bool = False
    around: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()

    @cached_property
    def listed(self) -> dict[str, tuple[int, int]]:
        """For each rule whose lists of words find something, the stretch of the sentence."""
        return {
            rule_id: span
            for rule_id, words in lexicon().items()
            if not (words.court and self.in_court) and (span := words.find(self.sentence))
        }

    @cached_property
    def by_grammar(self) -> dict[str, tuple[int, int]]:
        """For each rule whose patterns over clauses find something, the stretch of the sentence."""
        return {
            rule_id: span
            for rule_id, patterns in clause_patterns().items()
            if not (lexicon()[rule_id].court and self.in_court)
            and (span := patterns.find(self.lines, near=self.near))
        }

    @property
    def context(self) -> str:
        """Whether the accused is in the sentence, beside it, or in neither."""
        if any(speaks_of_accused(line) for line in self.lines):
            return "about"
        return "near" if self.sentence.beside else "none"

    @property
    def signs(self) -> list[str]:
        """What patterns found in it, as features of the model."""
        return signs_of(
            self.listed,
            self.by_grammar,
            context=self.context,
            reminder=self.sentence.reminder,
            around=self.around,
        )

    @cached_property
    def opinion(self) -> Opinion:
        """What the model of wording makes of it."""
        return wording_model().opinion(
            self.lines, context=self.context, signs=self.signs, words=self.words
        )

    @property
    def worst(self) -> tuple[int, int]:
        """The stretch of the words that weighed most; all of it if none did."""
        opinion = self.opinion
        return (opinion.start, opinion.end) if opinion.end else (0, len(self.sentence.text))


def readings(context: Context) -> list[Read]:
    """List every sentence of the release with its clauses; worked out once."""
    known: list[Read] | None = context.memo.get("readings")
    if known is None:
        known = context.memo["readings"] = list(_readings(context))
    return known


def _readings(context: Context) -> Iterator[Read]:
    genders = frozenset(
        person.sex for person in (context.case.accused if context.case else ()) if person.sex
    )
    for _, group in groupby(
        masked_texts(context), key=lambda s: (s.place.material.id, id(s.place.segment))
    ):
        yield from _read_text(context, list(group), genders)


def _read_text(
    context: Context, sentences: list[Masked], genders: frozenset[str]
) -> Iterator[Read]:
    small = sum(len(s.text) for s in sentences) <= _SMALL
    wanted = [small or s.beside or bool(_ASKED_FOR.search(s.text)) for s in sentences]
    if context.parser is None or not any(wanted):
        yield from map(Read, sentences)
        return
    words = iter(
        context.parser([_spelled(s) for s, want in zip(sentences, wanted, strict=True) if want])
    )
    parsed = []
    for sentence, want in zip(sentences, wanted, strict=True):
        found = next(words) if want else ()
        named = frozenset(
            at for at, word in enumerate(found) if NAME_SIGN in sentence.text[word.start : word.end]
        )
        parsed.append(Parsed(sentence.plain, found, named))
    meant = accused_words(parsed, genders)
    about = [
        bool(accused) if want else sentence.refers
        for sentence, want, accused in zip(sentences, wanted, meant, strict=True)
    ]
    # a post of its own, without a word for whom it speaks of
    adrift = small and not any(about) and not any(_OTHERS.search(s.text) for s in sentences)
    heard = context.case is not None and context.case.case.stage in _HEARD
    for at, (sentence, accused) in enumerate(zip(sentences, meant, strict=True)):
        left_out = _left_out(sentence, parsed[at])
        lines = tuple(lines_of(parsed[at].words, accused, left_out)) if wanted[at] else ()
        counted = tuple(
            word
            for i, word in enumerate(parsed[at].words)
            if i not in left_out and i not in accused
        )
        around = any(about[max(0, at - 1) : at + 2])
        short = bool(lines) and all(len(line.text.split()) <= _SHORT for line in lines)
        known = replace(
            sentence,
            refers=about[at],
            near=about[at] or (sentence.near and around) or adrift,
            beside=around,
        )
        in_court = heard and bool(_IN_COURT.search(sentence.text))
        tone = tuple(surroundings(sentences, at)) if lines else ()
        yield Read(known, lines, short and around, in_court, tone, counted)


def _left_out(sentence: Masked, parsed: Parsed) -> frozenset[int]:
    return frozenset(
        at
        for at, word in enumerate(parsed.words)
        if not sentence.text[word.start : word.end].strip()
    )


def _spelled(sentence: Masked) -> str:
    """Write a sentence with one made-up word for each name, which no parser takes apart."""
    text = sentence.plain
    for match in _NAME.finditer(sentence.text):
        length = match.end() - match.start()
        text = (
            text[: match.start()] + ("J" + "o" * (length - 2) + "n")[:length] + text[match.end() :]
        )
    return text
