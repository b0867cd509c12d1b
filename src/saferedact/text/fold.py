"""A text as letters and digits alone, with the way back: what spellings of a name have in common.

`fold` drops case, accents, spaces and marks. `skeleton` also makes one letter of those that a scan
or a disguise takes for each other.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Folded", "fold", "fold_text", "skeleton", "skeleton_text"]

_UNDECOMPOSED = {
    "\u00f8": "o",
    "\u0142": "l",
    "\u0111": "d",
    "\u00f0": "d",
    "\u00fe": "th",
    "\u00e6": "ae",
    "\u0153": "oe",
    "\u0131": "i",
    "\u0127": "h",
}
"""Letters that Unicode does not take apart into letter and accent (after case folding)."""

_CONFUSED = str.maketrans("015$@8|!i", "olssablll")
"""Single signs that scans and disguises put for letters; i and l become one."""

_PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
_PAIR = re.compile("|".join(_PAIRS))


@lru_cache(maxsize=2048)
def _fold_char(char: str) -> str:
    folded = ""
    for part in unicodedata.normalize("NFKD", char.casefold()):
        folded += _UNDECOMPOSED.get(part, part if part.isalnum() else "")
    return folded


def fold(text: str) -> str:
    """Return a text's letters and digits in small letters without accents."""
    return "".join(map(_fold_char, text))


def skeleton(folded: str) -> str:
    """Make one letter of letters, digits and signs that are read for each other.

    Parameters
    ----------
    folded : str
        One word, as `fold` returns it.

    Returns
    -------
    str
        Equal for words that a scan may confuse; never longer than `folded`.
    """
    return _PAIR.sub(lambda pair: _PAIRS[pair[0]], folded.translate(_CONFUSED))


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A folded text and where each of its characters came from.

    Parameters
    ----------
    text : str
        Letters and digits alone.
    places : list of int
        Position in the source of each character of `text`, never decreasing.
    starts : list of int
        Positions in `text` at which a word of the source begins, a word being letters and digits
        in a row.
    lasts : list of int
        Position in the source after each character of `text`.
    """

    text: str
    places: list[int]
    starts: list[int]
    lasts: list[int]

    def is_end(self, position: int) -> bool:
        """Say whether a word of the source ends before a position of `text`."""
        return position >= len(self.places) or self.places[position] > self.lasts[position - 1]


def fold_text(text: str) -> Folded:
    """Fold a text and keep the way back.

    Parameters
    ----------
    text : str
        Normalised text.
    """
    parts: list[str] = []
    places: list[int] = []
    starts: list[int] = []
    last = -2
    for position, char in enumerate(text):
        folded = _fold_char(char)
        if not folded:
            if unicodedata.combining(char):
                last = position
            continue
        if position > last + 1:
            starts.append(len(places))
        last = position
        parts.append(folded)
        places += [position] * len(folded)
    return Folded("".join(parts), places, starts, [place + 1 for place in places])


def skeleton_text(folded: Folded) -> Folded:
    """Return the skeleton of a folded text, word by word, with the way back."""
    parts: list[str] = []
    places: list[int] = []
    lasts: list[int] = []
    starts: list[int] = []
    ends = [*folded.starts[1:], len(folded.text)]
    for start, end in zip(folded.starts, ends, strict=False):
        starts.append(len(places))
        word = folded.text[start:end].translate(_CONFUSED)
        last = 0
        for pair in _PAIR.finditer(word):
            parts.append(word[last : pair.start()] + _PAIRS[pair[0]])
            places += folded.places[start + last : start + pair.start() + 1]
            lasts += folded.lasts[start + last : start + pair.start()]
            lasts.append(folded.lasts[start + pair.end() - 1])
            last = pair.end()
        parts.append(word[last:])
        places += folded.places[start + last : end]
        lasts += folded.lasts[start + last : end]
    return Folded("".join(parts), places, starts, lasts)
