"""Nicknames that are ordinary words, by the cue before them: "known as Spud", "everyone calls him spud"."""

import re
from collections.abc import Iterator

from saferedact.text.gazetteer import MIN_SCORE
from saferedact.text.not_names import is_title, never_in_name
from saferedact.text.runs import RUN, UPPER, words_of

__all__ = ["NICKNAMED", "may_be_nickname", "nickname_at", "said_again"]

NICKNAMED = re.compile(
    r"(?:as|alias|a\.?k\.?a\.?|nicknamed|nickname is|called|calls? (?:me|him|her|them|us)|calls? (?:him|her|them)sel(?:f|ves)|goes by)"
    r"(?:[ ]the)?[^\w]*$",
    re.IGNORECASE,
)
"""The end of a cue after which a nickname follows."""

_SAID, _AGAIN = 0.5, 0.3
"""Scores of a nickname with a capital after its cue, and of the same word further on."""


def nickname_at(text: str, position: int) -> Iterator[tuple[int, int, float]]:
    """Take an ordinary word where a nickname is said to follow: known as Spud, everyone calls him spud."""
    run = RUN.match(text, position)
    if run is None:
        word = next(words_of(text, position, min(position + 24, len(text))), None)
        small = word is not None and word.start == position and word.text.isalpha()
        if word is not None and small and not never_in_name(word.text) and len(word.text) > 2:
            yield word.start, word.end, MIN_SCORE
        return
    word = next(words_of(text, position, run.end()), None)
    if word is not None and not never_in_name(word.text) and not is_title(word.text):
        yield word.start, word.end, _SAID


_CLAUSE_END = re.compile(r"[ ]?(?:[.,;!?)\n]|$)|[ ](?:and|who|on|in|by|but)(?![^\W_])")


def may_be_nickname(text: str, run: tuple[int, int, int] | None) -> bool:
    """Say whether what follows is no known name: "goes by stretch", but not "known as county lines"."""
    if run is None:
        return True
    _, end, best = run
    return not best and text[run[0]].islower() and _CLAUSE_END.match(text, end) is not None


def said_again(text: str, nicknames: dict[str, int]) -> Iterator[tuple[int, int, float]]:
    """Find nicknames with their capital in the rest of the text: "Spud said"."""
    if not nicknames:
        return
    for match in _CAPITAL_WORD.finditer(text):
        if nicknames.get(match[0], len(text)) <= match.start():
            yield *match.span(), _AGAIN


_CAPITAL_WORD = re.compile(rf"(?<![^\W_])[{UPPER}][^\W_]{{1,24}}(?![^\W_])")
