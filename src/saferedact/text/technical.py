"""Where a text speaks of programs and formats: tags, paths, functions, words joined as programs join them.

There, words that are not written as names are none, although models take every third for one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from saferedact.text.lexicon import Strength, is_ordinary, strength_of, words

__all__ = ["TechnicalText", "are_things", "humped_words", "joined_words", "reads_as_name"]

_JOINED = re.compile(
    r"(?<![\w@/.])(?=\w{0,40}[A-Za-z])[A-Za-z0-9]{1,30}(?:_{1,2}[A-Za-z0-9]{1,30}){1,6}(?![\w@])(?P<sent>[ ]?:[ ]|[ ]\u2014)?"
)
_HUMP = re.compile(r"[a-z](?=[A-Z])")
_CAMEL = re.compile(
    r"(?<![\w@/.])(?:[a-z]{2,20}|[A-Z][a-z]{1,20})(?:[A-Z][a-z]{1,20}){1,4}(?![\w@])"
)
_CAMEL_PART = re.compile(r"[A-Z]?[a-z]+")
_LONGEST = 130  # code points of a joined word

_OTHER = (
    ("<", re.compile(r"</?[a-zA-Z][\w:\-]{0,40}(?:[ ][^<>\n]{0,200})?/?>")),
    ("()", re.compile(r"\w{1,40}\(\)")),
    ("/", re.compile(r"/(?:usr|etc|bin|lib|home|var|tmp|opt|dev|proc)(?:/[\w.\-]{1,40})+")),
    ("ion/", re.compile(r"application/[a-z*][\w.+\-]{1,40}")),
    ("text/", re.compile(r"text/[a-z*][\w.+\-]{1,40}")),
    ("e/", re.compile(r"(?:image|inode|message)/[a-z*][\w.+\-]{1,40}")),
    ("0x", re.compile(r"0x[\da-fA-F]{2,16}(?!\w)")),
    ("CARD", re.compile(r"CARD(?:8|16|32)(?!\w)")),
    ("int", re.compile(r"u?int(?:8|16|32|64)(?:_t)?(?!\w)")),
    ("::=", re.compile("::=")),
    ("xmlns", re.compile("xmlns")),
)
"""Other signs: each form with letters without which a text is not searched for it."""

_AROUND, _LEAST = 600, 6
"""Code points to each side, and different signs among them, that make a place technical. Messages have one
or two: user names, which count only if they neither send nor hold a name."""

_THROUGHOUT, _PER_SIGN = 12, 400
"""Different signs of a text that is technical everywhere, and its most code points for each: pages of a manual
have prose between their listings, a case file has three or four signs."""

_SURE = 0.85
"""Score from which a word written as a name is one in technical text too."""

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
        for at, word, sends in joined_words(text):
            if sends:
                senders.add(word)
            elif are_things(word.casefold().split("_")):
                found.append((at, word))
        found += humped_words(text)
        for sign, form in _OTHER:
            if sign in text:
                found += [(match.start(), match[0]) for match in form.finditer(text)]
        self._signs = sorted((at, sign) for at, sign in found if sign not in senders)
        self._places = [at for at, _ in self._signs]
        different = len({sign for _, sign in self._signs})
        self._throughout = different >= _THROUGHOUT and len(text) <= _PER_SIGN * len(self._signs)

    def around(self, position: int) -> bool:
        """Say whether many different signs of programs are around a place, or in all of the text."""
        if self._throughout:
            return True
        first = bisect_left(self._places, position - _AROUND)
        last = bisect_right(self._places, position + _AROUND)
        if last - first < _LEAST:
            return False
        return len({sign for _, sign in self._signs[first:last]}) >= _LEAST

    def anywhere(self) -> bool:
        """Say whether some place of the text is technical."""
        return self._throughout or any(map(self.around, self._places))


_LETTERS = re.compile(r"[^\W_]+")


def reads_as_name(value: str, score: float) -> bool:
    """Say whether a find is surely a name and written as one, or has one in it: it is one in a manual too.

    Parameters
    ----------
    value : str
        A name or user name that was found.
    score : float
        Of the find.
    """
    parts = _LETTERS.findall(value)
    if score >= _SURE and all(part[0].isupper() and not part.isupper() for part in parts):
        return True
    return "_" in value and not are_things([part.casefold() for part in parts])


def joined_words(text: str) -> Iterator[tuple[int, str, bool]]:
    """Find words joined by underscores.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    (int, str, bool)
        Place, the word, and whether it sends a message: then it is somebody.
    """
    after = 0
    at = text.find("_")
    while at >= 0:
        start = at
        while start > max(after, at - _LONGEST) and text[start - 1].isalnum():
            start -= 1
        match = _JOINED.match(text, start)
        if match is not None:
            sent = match["sent"]
            yield start, match[0][: len(match[0]) - len(sent or "")], sent is not None
        after = max(at + 1, match.end() if match else 0)
        at = text.find("_", after)


def humped_words(text: str) -> Iterator[tuple[int, str]]:
    """Find ordinary words joined by capitals: fileName.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    (int, str)
        Place and the word.
    """
    after = 0
    for hump in _HUMP.finditer(text):
        if hump.start() < after:
            continue
        start = hump.start()
        while start > max(after, hump.start() - _LONGEST) and text[start - 1].isalnum():
            start -= 1
        match = _CAMEL.match(text, start)
        if match is not None:
            after = match.end()
            if all(map(is_ordinary, _CAMEL_PART.findall(match[0]))):
                yield start, match[0]


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
