"""Names that a reader of scans took apart: "Mor gan", "Anth ony Brad ley", "J. Sw ift"."""

import re
from collections.abc import Iterator

from saferedact.text.lexicon import NAME, Strength, fold, is_ordinary, strength_of, words
from saferedact.text.not_names import never_in_name
from saferedact.text.runs import UPPER

__all__ = ["find_split_names"]

SCORE = 0.5
"""Likely: together they are a name, and the second half is no ordinary word."""

_LEAST = 4  # letters of the whole; shorter ones are names by chance
_HALVES = re.compile(
    rf"(?<![^\W_])(?P<first>[{UPPER}][a-z\u00df-\u00ff]{{0,8}})[ ](?P<last>[a-z\u00df-\u00ff]{{1,9}})(?![^\W_])"
)
_INITIALS = re.compile(rf"(?:(?<![^\W_])[{UPPER}]\.[ ]?){{1,3}}$")
_REACH = 12  # code points before a name that may hold its initials


def find_split_names(text: str) -> Iterator[tuple[int, int, float]]:
    """Find a capital and small letters apart that are a known name together.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    (int, int, float)
        Place, half-open, with initials before it, and score.
    """
    known = words()
    for halves in _HALVES.finditer(text):
        first, last = halves["first"], halves["last"]
        flags = known.get(fold(first + last), 0)
        if (
            len(first) + len(last) < _LEAST
            or not flags & NAME
            or strength_of(flags) < Strength.WEAK
            or is_ordinary(last)
            or never_in_name(last)
        ):
            continue
        whole = strength_of(known.get(fold(first), 0)) == Strength.STRONG
        if whole and strength_of(flags) < Strength.STRONG:  # "Sam mo" may be Sam and another word
            continue
        initials = _INITIALS.search(text, max(0, halves.start() - _REACH), halves.start())
        yield initials.start() if initials else halves.start(), halves.end(), SCORE
