"""What a recogniser of identifiers is: one row of a table, and how its finds are scored."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from saferedact.text.identifiers.words import matches_at
from saferedact.text.spans import TextSpan

__all__ = ["CUE_REACH", "MANY_DIGITS", "Recogniser", "cue", "pattern"]

CUE_REACH = 48
"""Code points before a find in which a cue word counts: about eight words, the width of a form's
label column."""

MANY_DIGITS = 6
"""What the rows for long numbers ask for: sums, ages, times and house numbers stay below."""

_CUE_REACH_AFTER = 16
"""Code points after a find in which a cue word counts ("12345678 (NHS no)")."""


def pattern(expression: str, *, any_case: bool = True, gaps: bool = True) -> re.Pattern[str]:
    r"""Compile an expression that may not begin or end within a word or number.

    ``~`` in it stands for what may stand between two groups of an identifier: nothing, a blank, a
    dash, a dot, a slash or one line break; unless `gaps` is false.
    """
    body = expression.replace("~", r"[ \t./\-]{0,2}\n?[ \t]{0,2}") if gaps else expression
    return re.compile(rf"(?<![^\W_])(?:{body})(?![^\W_])", re.IGNORECASE if any_case else 0)


def cue(words: str) -> re.Pattern[str]:
    """Compile cue words, an alternation, that must stand as words of their own in any case."""
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _id_groups(regex: re.Pattern[str]) -> tuple[str, ...]:
    """Return the groups that hold the identifier itself."""
    return tuple(name for name in regex.groupindex if name.startswith("id"))


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One kind of identifier in one spelling.

    Parameters
    ----------
    kind : str
        What it is, as ``"nhs"``.
    regex : Pattern
        Its form. The span is a group whose name begins with ``id`` if one took part, else the
        whole.
    score : float
        Confidence in the form alone; in a form that fails its `check`, it is the score as well.
    reference : str
        Source of the form and of the check.
    cued : float or None
        Confidence with a cue word beside it; None: as `score`.
    cue : Pattern or None
        Cue words.
    check : callable or None
        Says whether the check digit, or what serves as one, fits. A failed check lowers the score
        and never drops the find: a scan misreads digits.
    checked : float
        Confidence when `check` fits.
    accept : callable or None
        Says whether a match is one at all, for forms that an expression cannot say.
    label : str
        Label of the policy.
    reach : int
        Code points before the find in which a cue counts.
    digits : int
        Digits that every form has, at least: what has fewer nearby is not looked at.
    leads : frozenset of str
        Words in small letters, one of which every match begins with; empty if it may begin otherwise.
    signs : tuple of str
        Signs, one of which every match has: lines without are not looked at. No match reaches over
        a line's end then. Empty if it may be without.
    """

    kind: str
    regex: re.Pattern[str]
    score: float
    reference: str
    cued: float | None = None
    cue: re.Pattern[str] | None = None
    check: Callable[[str], bool] | None = None
    checked: float = 0.9
    accept: Callable[[str], bool] | None = None
    label: str = "identifier"
    reach: int = CUE_REACH
    digits: int = 1
    leads: frozenset[str] = frozenset()
    signs: tuple[str, ...] = ()

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[TextSpan]:
        """Look at a stretch of a text.

        Parameters
        ----------
        text : str
            Normalised text.
        start, end : int
            The stretch, half-open.

        Returns
        -------
        list of TextSpan
            In positions of `text`, in order.
        """
        return [
            span
            for match in self.regex.finditer(text, start, len(text) if end is None else end)
            if (span := self._span(text, match)) is not None
        ]

    def find_at(self, text: str, places: Iterable[tuple[int, int]]) -> Iterator[TextSpan]:
        """Look where some words begin.

        Parameters
        ----------
        text : str
            Normalised text.
        places : iterable of (int, int)
            Places of its `leads`, in order.
        """
        for match in matches_at(text, self.regex, places):
            span = self._span(text, match)
            if span is not None:
                yield span

    def _span(self, text: str, match: re.Match[str]) -> TextSpan | None:
        groups = _id_groups(self.regex)
        group = next((name for name in groups if match[name]), 0)
        found = match[group]
        if not found or (self.accept is not None and not self.accept(found)):
            return None
        first, last = match.span(group)
        score = self.score_of(text, first, last)
        return TextSpan(first, last, self.label, self.kind, score, "identifiers")

    def score_of(self, text: str, start: int, end: int) -> float:
        """Score a stretch by its check and the cue words around it."""
        score = self.score
        if self.check is not None and self.check(text[start:end]):
            score = max(score, self.checked)
        if self.cue is not None and self.cued is not None and self.cued > score:
            before = text[max(0, start - self.reach) : start]
            after = text[end : end + _CUE_REACH_AFTER]
            if self.cue.search(before) or self.cue.search(after):
                score = self.cued
        return score
