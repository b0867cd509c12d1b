"""One look at all words of a text for every rule that begins with a certain word.

A matcher asks a pattern of thirty alternatives at every letter; a dictionary is asked once for each
word, whatever the number of rules.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Places", "WordIndex", "matches_at"]

Places = list[tuple[int, int]]
"""Where words are: code points, half-open, in order."""

_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{1,16}(?![^\W_])")
"""A word of letters alone. No leading word is longer."""


class WordIndex:
    """Which words which groups of rules begin with.

    Parameters
    ----------
    groups : mapping of str to iterable of str
        Of each group, its words in small letters.
    """

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._groups = tuple(groups)
        self._of: dict[str, tuple[str, ...]] = {}
        for group, words in groups.items():
            for word in words:
                self._of[word] = (*self._of.get(word, ()), group)

    def places(self, text: str) -> dict[str, Places]:
        """Find the words of every group.

        Parameters
        ----------
        text : str
            Normalised text.

        Returns
        -------
        dict
            For every group the places of its words; a list may be empty.
        """
        found: dict[str, Places] = {group: [] for group in self._groups}
        known = self._of.get
        for word in _WORD.finditer(text):
            for group in known(word[0].lower(), ()):
                found[group].append(word.span())
        return found


def matches_at(
    text: str, regex: re.Pattern[str], places: Iterable[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    """Match an expression where some words begin; what one match took is no beginning of another.

    Parameters
    ----------
    text : str
        Normalised text.
    regex : Pattern
        Begins with one of the words.
    places : iterable of (int, int)
        Where the words are, in order.
    """
    after = 0
    for start, _ in places:
        match = regex.match(text, start) if start >= after else None
        if match is not None:
            after = match.end()
            yield match
