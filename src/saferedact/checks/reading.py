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
from saferedact.checks.clause_patterns import speaks_of_accused
from saferedact.checks.clauses import Line, lines_of
from saferedact.checks.reference import NAME_SIGN, Masked, masked_texts
from saferedact.checks.wording_model import Opinion, wording_model

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
    """

    sentence: Masked
    lines: tuple[Line, ...] = ()
    near: bool = False

    @cached_property
    def opinion(self) -> Opinion:
        """What the model of wording makes of it."""
        about = any(speaks_of_accused(line) for line in self.lines)
        context = "about" if about else "near" if self.sentence.beside else "none"
        return wording_model().opinion(self.lines, context=context)


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
    adrift = small and not any(about)  # a post of its own, without a word for whom it speaks of
    for at, (sentence, accused) in enumerate(zip(sentences, meant, strict=True)):
        lines = _lines(sentence, parsed[at], accused) if wanted[at] else ()
        around = any(about[max(0, at - 1) : at + 2])
        short = bool(lines) and all(len(line.text.split()) <= _SHORT for line in lines)
        known = replace(
            sentence,
            refers=about[at],
            near=about[at] or (sentence.near and around) or adrift,
            beside=around,
        )
        yield Read(known, lines, short and around)


def _lines(sentence: Masked, parsed: Parsed, accused: frozenset[int]) -> tuple[Line, ...]:
    left_out = frozenset(
        at
        for at, word in enumerate(parsed.words)
        if not sentence.text[word.start : word.end].strip()
    )
    return tuple(lines_of(parsed.words, accused, left_out))


def _spelled(sentence: Masked) -> str:
    """Write a sentence with one made-up word for each name, which no parser takes apart."""
    text = sentence.plain
    for match in _NAME.finditer(sentence.text):
        length = match.end() - match.start()
        text = (
            text[: match.start()] + ("J" + "o" * (length - 2) + "n")[:length] + text[match.end() :]
        )
    return text
