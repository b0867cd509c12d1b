"""What stands for a removed identity: ``[NAME]``, ``[PHONE]``; the same width whatever it hides."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from saferedact.policy import Policy
from saferedact.text.fold import fold, skeleton
from saferedact.text.identifiers import RECOGNISERS
from saferedact.text.normalize import says_something
from saferedact.text.spans import TextSpan

__all__ = ["Placeholders"]

_NAMES = {"person": "NAME", "vrm": "PLATE"}
_OTHER_KINDS = ("address", "email", "number", "school", "workplace", "collar", "place")

_MASK = "\ue000"
"""Stands for each character of a placeholder while recognisers read: no letter, digit, blank or sign,
so that a row of it is one token to a model. (Boxes were a token each to spaCy, which took twice the
time, and half as many words again were taken for names beside them.)"""


class Placeholders:
    """Writes placeholders, knows them again, and numbers people if the policy asks.

    Parameters
    ----------
    policy : Policy
        Its patterns have placeholders of their own.
    """

    def __init__(self, policy: Policy) -> None:
        self._known = _placeholders(
            tuple(pattern.name for pattern in policy.patterns),
            tuple(pattern.name for pattern in policy.patterns if pattern.label == "name"),
        )
        self._numbered = policy.text.replacement == "numbered"
        self._numbers: dict[str, int] = {}

    def mask(self, text: str) -> str:
        """Return the text with every placeholder blanked out, each character in its place."""
        return self._known.sub(lambda match: _MASK * len(match[0]), text)

    def spare(self, spans: Iterable[TextSpan], masked: str) -> Iterator[TextSpan]:
        """Leave out of spans the placeholders at their ends; what is nothing else is no find.

        Without this, a field that a placeholder fills (``School: [SCHOOL]``) would be found for ever.

        Parameters
        ----------
        spans : iterable of TextSpan
            What was found.
        masked : str
            The text as `mask` returned it.
        """
        for span in spans:
            start, end = span.start, span.end
            if _MASK not in masked[start:end]:
                yield span
                continue
            while start < end and not says_something(masked[start]):
                start += 1
            while end > start and not says_something(masked[end - 1]):
                end -= 1
            if start < end:
                yield replace(span, start=start, end=end)

    def write(self, span: TextSpan, text: str) -> str:
        """Return what stands for a span.

        Parameters
        ----------
        span : TextSpan
            What is removed.
        text : str
            The text that it is of: names without a reference are numbered by how they are spelled.
        """
        word = _word(span.kind)
        if not self._numbered or span.label != "name":
            return f"[{word}]"
        whom = span.person_ref or skeleton(fold(text[span.start : span.end]))
        number = self._numbers.setdefault(whom, len(self._numbers) + 1)
        return f"[{word} {number:02}]"


@lru_cache(maxsize=16)
def _placeholders(more: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the form of every placeholder; what else stands in brackets is text."""
    kinds = {recogniser.kind for recogniser in RECOGNISERS} | {*_NAMES, *_OTHER_KINDS, *more}
    words = "|".join(sorted({_word(kind) for kind in kinds}, reverse=True))
    numbered = "|".join(sorted({_word(kind) for kind in ("person", *names)}, reverse=True))
    # names alone are numbered: what stands in [DOB 010190] is nothing of ours
    return re.compile(rf"\[(?:(?:{words})|(?:{numbered}) \d{{2,6}})\]")


def _word(kind: str) -> str:
    return _NAMES.get(kind, kind.upper())
