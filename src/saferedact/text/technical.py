"""Where a text speaks of programs and formats: tags, paths, functions, words joined as programs join them.

There, words that are not written as names are none, although models take every third for one.
"""

import re
from bisect import bisect_left, bisect_right

from saferedact.text.lexicon import Strength, is_ordinary, strength_of, words

__all__ = ["JOINED", "TechnicalText", "are_things"]

JOINED = re.compile(
    r"(?<![\w@/.])(?=\w{0,40}[A-Za-z])[A-Za-z0-9]{1,30}(?:_{1,2}[A-Za-z0-9]{1,30}){1,6}(?![\w@])(?P<sent>[ ]?:[ ]|[ ]\u2014)?"
)
"""Words joined by underscores; one that sends a message is somebody."""

_CAMEL = re.compile(
    r"(?<![\w@/.])(?:[a-z]{2,20}|[A-Z][a-z]{1,20})(?:[A-Z][a-z]{1,20}){1,4}(?![\w@])"
)
_CAMEL_PART = re.compile(r"[A-Z]?[a-z]+")
_OTHER = re.compile(
    r"</?[a-zA-Z][\w:\-]{0,40}(?:[ ][^<>\n]{0,200})?/?>|\b[a-z]\w{1,40}\(\)|(?<![\w/:.])/(?:usr|etc|bin|lib|home|var|tmp|opt|dev|proc)(?:/[\w.\-]{1,40})+"
    r"|(?<![\w/.])(?:text|image|audio|video|application|inode|multipart|message|x-content)/[a-z*][\w.+\-]{1,40}"
    r"|(?<![\w])0x[\da-fA-F]{2,16}(?!\w)|(?<!\w)(?:CARD|INT|UINT|int|uint)(?:8|16|32|64)(?:_t)?(?!\w)|::=|-->|#include|\bxmlns\b"
)

_AROUND, _LEAST = 600, 6
"""Code points to each side, and different signs among them, that make a place technical. Messages have one
or two: user names, which count only if they neither send nor hold a name."""

_LEAST_NAME = 3  # letters; shorter parts are names by chance


class TechnicalText:
    """Tells technical places of a text from others.

    Parameters
    ----------
    text : str
        Normalised text.
    """

    def __init__(self, text: str) -> None:
        found: list[tuple[int, str]] = []
        senders: set[str] = set()
        for match in JOINED.finditer(text):
            if match["sent"]:
                senders.add(match[0][: -len(match["sent"])])
            elif are_things(match[0].casefold().split("_")):
                found.append((match.start(), match[0]))
        found += [
            (match.start(), match[0])
            for match in _CAMEL.finditer(text)
            if all(map(is_ordinary, _CAMEL_PART.findall(match[0])))
        ]
        found += [(match.start(), match[0]) for match in _OTHER.finditer(text)]
        self._signs = sorted((at, sign) for at, sign in found if sign not in senders)
        self._places = [at for at, _ in self._signs]

    def around(self, position: int) -> bool:
        """Say whether many different signs of programs are around a place."""
        first = bisect_left(self._places, position - _AROUND)
        last = bisect_right(self._places, position + _AROUND)
        if last - first < _LEAST:
            return False
        return len({sign for _, sign in self._signs[first:last]}) >= _LEAST


def are_things(parts: list[str]) -> bool:
    """Say whether no part of a joined word is a number alone, or surely a name.

    Parameters
    ----------
    parts : list of str
        In small letters.
    """
    known = words()
    return not any(
        part.isdigit()
        or (len(part) >= _LEAST_NAME and strength_of(known.get(part, 0)) == Strength.STRONG)
        for part in parts
    )
