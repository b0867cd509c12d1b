"""Runs of words that are written as a name is: capitals, initials, particles, a nickname in quotes.

What a run may be is said here once; the gazetteer asks of every run whether its words are names,
the cue rules take the run that follows a cue.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["RUN", "UPPER", "Word", "starts_sentence", "words_of"]

UPPER = "A-Z" + "".join(
    chr(code)
    for first, last in ((0xC0, 0x250), (0x1E00, 0x1F00))
    for code in range(first, last)
    if chr(code).isupper()
)
"""Capitals of the Latin script, for the inside of a character class."""

PARTICLES = (
    "van|von|de|der|den|del|della|di|da|dos|du|bin|bint|ibn|ben|ap|ab|al|el|ul|ur|le|la|st|ter|ten"
    "|af|zu|abu|mac|née|nee|o"
)
"""Small words within names, Dutch to Arabic and Welsh."""

_APOSTROPHE = "['\u2019]"

# a zero in front is how a reader of scans spells O'Brien, an 8 how it spells Baxter
_WORD = rf"(?:[{UPPER}][^\W_]*|0(?={_APOSTROPHE})|[01568][a-z]{{3,}})(?:{_APOSTROPHE}[^\W_]+)*"
_INITIAL = rf"(?:[{UPPER}]\.)+(?:-?[{UPPER}]\.)*|[{UPPER}](?![^\W_]|['\u2019][^\W_])"
_PARTICLE = rf"(?:(?i:{PARTICLES})(?:[ \t]+|-|\.[ \t]*))"
_NICKNAME = rf"""["\u201c'\u2018(][{UPPER}][^\W_]{{1,20}}(?:[ ][{UPPER}]?[^\W_]{{1,20}})?["\u201d'\u2019)]"""
_JOINT = (
    rf"(?:[ \t]{{1,3}}{_NICKNAME}[ \t]{{1,3}}|[ \t]{{1,3}}|-|[ \t]?(?<=\.)|(?<=')(?=[{UPPER}]))"
)

RUN = re.compile(
    rf"(?<![^\W_])(?:(?:{_INITIAL})[ \t]?){{0,3}}(?<![^\W_]){_PARTICLE}{{0,2}}(?:{_WORD})"
    rf"(?:{_JOINT}{_PARTICLE}{{0,2}}(?:{_INITIAL}|{_WORD})){{0,5}}"
)
"""A run: up to three initials, particles, and up to six words with a capital. Bounded everywhere, so
that no text makes it slow."""

_WORD_IN_RUN = re.compile(rf"[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*")
_POSSESSIVE_NEXT = re.compile(rf"{_APOSTROPHE}[sS](?![^\W_])")
_POSSESSIVE = re.compile(rf"{_APOSTROPHE}[sS]$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a run.

    Parameters
    ----------
    start, end : int
        Code points, half-open, without a possessive 's.
    text : str
        The word.
    """

    start: int
    end: int
    text: str

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter."""
        return self.end - self.start == 1

    def is_owner(self, text: str) -> bool:
        """Say whether a possessive 's follows, with which a name ends."""
        return _POSSESSIVE_NEXT.match(text, self.end) is not None


def words_of(text: str, start: int, end: int) -> Iterator[Word]:
    """Yield the words of a stretch; parts of a hyphenated name are words of their own."""
    for match in _WORD_IN_RUN.finditer(text, start, end):
        word = _POSSESSIVE.sub("", match[0])
        yield Word(match.start(), match.start() + len(word), word)


_SENTENCE_END = frozenset(".!?\n\r:;\u2022*|>\"\u201c'\u2018(")


def starts_sentence(text: str, position: int) -> bool:
    """Say whether a capital at `position` may be there because a sentence or a line begins."""
    for index in range(position - 1, max(position - 4, -1), -1):
        if text[index] not in " \t":
            return text[index] in _SENTENCE_END
    return position < 4 or text[position - 1] in " \t"
