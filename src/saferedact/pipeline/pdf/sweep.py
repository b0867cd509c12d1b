"""The sweep: what was found on one page is looked for on all of them, in any spelling.

The engine sees a page at a time and may know a name on one page and not on the next. A string that
was found once is hidden wherever it stands: without regard to case, accents, blanks and line breaks.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import numpy as np

from saferedact.detections import TextSpan

__all__ = ["Sweep"]

_WHOLE = 6
"""Squashed characters from which a string is found across blanks and line breaks; shorter ones only
as words, since four letters in a row stand inside of many words."""

_NAME_PART = 4
"""Letters from which one word of a full name is looked for alone, with a capital."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


class Sweep:
    """Strings that were found, and who they are.

    Parameters
    ----------
    ordinary : iterable of str
        Words that are no names by themselves, in small letters; parts of names that are among them
        ("Mark", "Will") are hidden within the full name only.
    """

    def __init__(self, ordinary: Iterable[str] = ()) -> None:
        self._ordinary = frozenset(ordinary)
        self._whole: dict[str, TextSpan] = {}
        self._parts: dict[str, TextSpan] = {}

    def __len__(self) -> int:
        """Return the number of strings."""
        return len(self._whole) + len(self._parts)

    def add(self, text: str, span: TextSpan) -> None:
        """Remember what a span of a text says."""
        found = text[span.start : span.end]
        squashed, _ = squash_places(found)
        if len(squashed) >= 3:
            self._whole.setdefault(squashed, span)
        words = _WORD.findall(found)
        if span.label != "name" or not 2 <= len(words) <= 5:
            return
        for word in words:
            if len(word) >= _NAME_PART and word[:1].isupper() and word.casefold() not in self._ordinary:
                self._parts.setdefault(squash_places(word)[0], span)

    def spans(self, text: str) -> Iterator[TextSpan]:
        """Find the strings in a text.

        Parameters
        ----------
        text : str
            Any text.

        Yields
        ------
        TextSpan
            May overlap one another.
        """
        if not len(self):
            return
        squashed, places = squash_places(text)
        for needle, span in self._whole.items():
            if len(needle) < _WHOLE:
                continue
            at = squashed.find(needle)
            while at >= 0:
                last = int(places[at + len(needle) - 1])
                yield _moved(span, int(places[at]), last + 1)
                at = squashed.find(needle, at + 1)
        for match in _WORD.finditer(text):
            word = squash_places(match[0])[0]
            span_of = self._whole.get(word)
            if span_of is None and match[0][:1].isupper():
                span_of = self._parts.get(word)
            if span_of is not None:
                yield _moved(span_of, match.start(), match.end())


def _moved(span: TextSpan, start: int, end: int) -> TextSpan:
    return TextSpan(start, end, span.label, span.kind, span.score, "sweep", span.person_ref)


def squash_places(text: str) -> tuple[str, np.ndarray]:
    """Write letters and digits alone, without case and accents, and where each of them stood."""
    if text.isascii():
        kept = [(char, place) for place, char in enumerate(text.lower()) if char.isalnum()]
    else:
        kept = [
            (part, place)
            for place, char in enumerate(text)
            for part in unicodedata.normalize("NFKD", char).casefold()
            if part.isalnum()
        ]
    return "".join(char for char, _ in kept), np.array([place for _, place in kept], dtype=np.int64)
