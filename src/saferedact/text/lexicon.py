"""The packed list of name words: how it is folded, packed and read.

Made by ``tools/build_gazetteer.py``; docs/licences.md names its sources. A word is kept in small
ASCII letters with what is known of it; nothing in it is the name of a whole person.
"""

import unicodedata
import zlib
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files

__all__ = [
    "Entry",
    "Strength",
    "fold",
    "is_ordinary",
    "keeps_small",
    "pack",
    "strength_of",
    "unpack",
    "words",
]

_MAGIC = b"saferedact names 1\n"

_LETTERS = str.maketrans(
    {
        "\u0142": "l",
        "\u0141": "L",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0111": "d",
        "\u0110": "D",
        "\u00e6": "ae",
        "\u00c6": "AE",
        "\u0153": "oe",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u0131": "i",
        **dict.fromkeys("'\u2019\u2018\u02bc`\u00b4", ""),
    }
)
"""Letters that Unicode does not decompose, as they are written without an accent, and apostrophes."""

FORENAME, SURNAME, _STRENGTH_SHIFT, ORDINARY, PLACE = 1, 2, 2, 16, 32
NAME = FORENAME | SURNAME


class Strength(IntEnum):
    """How surely a word with a capital is a name."""

    NONE = 0
    FAINT = 1  # Will, May, Field: an ordinary word first
    WEAK = 2  # Rose, Young, Bath: either
    STRONG = 3  # Sarah, Okonkwo: hardly anything else


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a word.

    Parameters
    ----------
    forename, surname : bool
        Whether people bear it.
    strength : Strength
        How surely a capital makes it a name.
    ordinary, place : bool
        Whether it is an ordinary English word more than a name; whether it is a place.
    """

    forename: bool
    surname: bool
    strength: Strength
    ordinary: bool
    place: bool

    @property
    def flags(self) -> int:
        """All of it in one byte."""
        return (
            FORENAME * self.forename
            | SURNAME * self.surname
            | self.strength << _STRENGTH_SHIFT
            | ORDINARY * self.ordinary
            | PLACE * self.place
        )


def strength_of(flags: int) -> int:
    """Return the `Strength` in a word's byte."""
    return flags >> _STRENGTH_SHIFT & 3


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Spell a word as the list does: small letters, no accents, no apostrophes."""
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def pack(entries: dict[str, Entry]) -> bytes:
    """Pack a list: each word without what it shares with the one before, deflated.

    Words are of small ASCII letters. The same list always gives the same bytes.
    """
    lines = bytearray()
    before = ""
    for word in sorted(entries):
        shared = 0
        while shared < min(len(word), len(before), 60) and word[shared] == before[shared]:
            shared += 1
        lines += bytes((33 + shared, 64 + entries[word].flags)) + word[shared:].encode() + b"\n"
        before = word
    return _MAGIC + zlib.compress(bytes(lines), 9)


def unpack(data: bytes) -> dict[str, int]:
    """Read a packed list: each word with its byte."""
    words: dict[str, int] = {}
    word = ""
    # the file is our own and ships with the package; its tests compare its digest
    for line in zlib.decompress(data[len(_MAGIC) :]).decode("ascii").splitlines():
        word = word[: ord(line[0]) - 33] + line[2:]
        words[word] = ord(line[1]) - 64
    return words


@lru_cache(maxsize=1)
def words() -> dict[str, int]:
    """Return the list that ships with the package, read once per process."""
    return unpack(files("saferedact.text").joinpath("names.bin").read_bytes())


def is_ordinary(word: str) -> bool:
    """Say whether a word is an ordinary English one more than a name.

    Parameters
    ----------
    word : str
        One word in any case.
    """
    return bool(words().get(fold(word), 0) & ORDINARY)


def keeps_small(word: str) -> bool:
    """Say whether a word of a text without capitals is written small when its case is mended.

    Ordinary words are, but for those that are forenames about as often: "rose was upset".

    Parameters
    ----------
    word : str
        One word in any case.
    """
    flags = words().get(fold(word), 0)
    if flags & FORENAME and strength_of(flags) == Strength.WEAK:
        return False
    return bool(flags & ORDINARY)
