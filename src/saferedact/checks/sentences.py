"""Sentences of a text with their places, and words of lists in them.

Press releases, captions and chats are cut at full stops, question and exclamation marks before a
capital, quote or digit, and at line ends. Abbreviations of the field (Mr., Det. Insp.) do not
end a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Sentence", "sentences_of"]

_END = re.compile(
    r"(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]?[A-Z0-9@#])|\n\s*\n|\n(?=[-*\u2022#>])|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|sgt|insp|supt|det|cons|vs?|p\.?c|d\.?[cis]|rev|prof|approx|e\.g|i\.e)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)


_LONGEST = 2_000
"""Code points of a sentence; longer ones are cut, so that no pattern can take for ever."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text.

    Parameters
    ----------
    text : str
        Its words.
    start : int
        Code point of the whole text at which it begins.
    """

    text: str
    start: int


def sentences_of(text: str) -> Iterator[Sentence]:
    """Cut a text into sentences; none is empty."""
    begin = 0
    for match in _END.finditer(text):
        piece = text[begin : match.start()]
        wrapped = match[0] == "\n" and _goes_on(piece, text[match.end() : match.end() + 1])
        if wrapped or ("\n" not in match[0] and _ABBREVIATION.search(piece)):
            continue
        yield from _trimmed(piece, begin)
        begin = match.end()
    yield from _trimmed(text[begin:], begin)


def _goes_on(piece: str, after: str) -> bool:
    """Tell whether a single line end stands within a sentence that was wrapped."""
    return bool(piece.strip()) and piece.rstrip()[-1:] not in ".!?:" and after.islower()


def _trimmed(piece: str, begin: int) -> Iterator[Sentence]:
    stripped = piece.strip()
    if not stripped:
        return
    begin += piece.index(stripped[0])
    while len(stripped) > _LONGEST:
        cut = stripped.rfind(" ", _LONGEST // 2, _LONGEST) + 1 or _LONGEST
        yield Sentence(stripped[:cut].rstrip(), begin)
        begin, stripped = begin + cut, stripped[cut:]
    yield Sentence(stripped, begin)
