"""The spellings of a person's name: whole, reversed, shortened, with initials, by one part alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from saferedact.text.diminutives import related_forenames
from saferedact.text.fold import fold
from saferedact.text.lexicon import is_ordinary

__all__ = ["Form", "name_forms"]

_PART = re.compile(r"[^\s,;/()\"]+")
_PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "von",
        "und",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "bint",
        "ibn",
        "ap",
        "ab",
        "ferch",
        "mac",
        "nic",
        "da",
        "do",
        "dos",
        "du",
        "di",
        "del",
        "della",
        "st",
        "ben",
        "ter",
        "ten",
        "abu",
        "y",
        "ul",
        "ur",
        "ud",
    ]
)
"""Words that belong to a surname and are no name alone."""

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "rev",
        "prof",
        "pc",
        "dc",
        "ds",
        "ps",
        "di",
        "dci",
        "sgt",
        "insp",
        "supt",
        "cllr",
        "judge",
        "hhj",
        "kc",
        "qc",
        "jr",
        "snr",
    ]
)


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling, folded to letters and digits without blanks.

    Parameters
    ----------
    text : str
        What is looked for.
    words : int
        Words that it is made of: one blank less may stand in it.
    score : float
        Confidence that it means the person.
    in_small_letters : float
        The same when it stands in small letters only; lower for what is an ordinary word too.
    """

    text: str
    words: int
    score: float
    in_small_letters: float


def name_forms(name: str, *, surname_alone: bool = True) -> Iterator[Form]:
    """Spell a name in every way that texts do.

    Parameters
    ----------
    name : str
        As "Priya Nair", "NAIR, Priya" or a nickname.
    surname_alone : bool
        Whether the surname by itself means the person.

    Yields
    ------
    Form
        The whole name, in both orders, with and without middle names; initials or a short form
        before the surname; forename, surname and each half of a double one alone. Case, accents,
        blanks, hyphens and apostrophes need no forms: `fold` drops them.
    """
    parts = _parts(name)
    if not parts:
        return
    if len(parts) == 1:
        yield _alone(parts[0], 0.95)
        return
    forename, surname = parts[0], parts[-1]
    middle = parts[1:-1]
    full_surnames = _surnames(name, parts)
    extra = len(_PART.findall(name)) - len(parts)  # words of the surname beside its last
    yield _joined(parts, 0.97, extra)
    yield _joined([*parts[-1:], *parts[:-1]], 0.97, extra)
    for last in full_surnames:
        for form in _with_surname(forename, middle, last):
            yield replace(form, words=form.words + extra)
        if surname_alone:
            yield replace(_alone(last, 0.9), words=1 + (extra if last == surname else 0))
    yield _alone(forename, 0.85)
    for short in related_forenames(forename):
        yield _alone(short, 0.6)
    for half in re.split(r"[\-\u2010\u2011]", name.rsplit(None, 1)[-1]):
        if surname_alone and len(fold(half)) > 2 and fold(half) != surname:
            yield _alone(fold(half), 0.75)


def _parts(name: str) -> list[str]:
    """Split a name into folded parts, forename first; particles go with the part after them."""
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    words = [fold(word) for word in _PART.findall(name)]
    while words and words[0] in _TITLES:
        del words[0]
    parts: list[str] = []
    pending = ""
    for word in filter(None, words):
        if word in _PARTICLES and parts:
            pending += word
        else:
            parts.append(pending + word)
            pending = ""
    if pending:
        parts.append(pending)
    return parts


def _surnames(name: str, parts: list[str]) -> list[str]:
    """Return the surname as it is, without its particles, and with Mac and Mc exchanged."""
    surname = parts[-1]
    found = [surname]
    bare = fold(_PART.findall(name.split(",", maxsplit=1)[0] if name.count(",") == 1 else name)[-1])
    if bare != surname and len(bare) > 2:
        found.append(bare)
    if surname.startswith("mac") and len(surname) > 5:
        found.append("mc" + surname[3:])
    elif surname.startswith("mc") and len(surname) > 4:
        found.append("mac" + surname[2:])
    return found


def _with_surname(forename: str, middle: list[str], surname: str) -> Iterator[Form]:
    initials = [part[0] for part in (forename, *middle)]
    yield _joined([forename, surname], 0.97)
    yield _joined([surname, forename], 0.97)
    yield _joined([forename[0], surname], 0.9)
    yield _joined([surname, forename[0]], 0.6)
    if middle:
        yield _joined([forename, *initials[1:], surname], 0.97)
        yield _joined([*initials, surname], 0.9)
        yield _joined([middle[0], surname], 0.8)
        yield _joined([surname, forename, *initials[1:]], 0.97)
    for short in related_forenames(forename):
        yield _joined([short, surname], 0.95)
        yield _joined([surname, short], 0.95)


def _joined(parts: list[str], score: float, extra_words: int = 0) -> Form:
    return Form("".join(parts), len(parts) + extra_words, score, score)


def _alone(word: str, score: float) -> Form:
    if is_ordinary(word):
        return Form(word, 1, score - 0.1, 0.25)
    return Form(word, 1, score, score)
