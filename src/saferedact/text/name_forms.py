"""The spellings of a person's name: whole, reversed, shortened, with initials, by one part alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from saferedact.text.diminutives import related_forenames
from saferedact.text.fold import fold
from saferedact.text.lexicon import is_ordinary

__all__ = ["Form", "name_forms", "plain_name"]

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


_AFTER_NAME = frozenset(
    (
        "jr jnr sr snr junior senior ii iii esq obe mbe cbe kbe dbe bem kc qc jp mp msp mbbs mbchb phd dphil bsc "
        "msc llb llm frcp frcs qpm kpm rn"
    ).split()
)
"""What stands behind a name and is none: generation, honours, offices, degrees."""

_SHORTEST_WITH_LETTERS = 2
"""Words of a name from which nothing is taken off: John Senior and Sandeep KC are called so."""


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


def name_forms(name: str, *, surname_alone: bool = True, pet_forms: bool = True) -> Iterator[Form]:
    """Spell a name in every way that texts do.

    Parameters
    ----------
    name : str
        As "Priya Nair", "NAIR, Priya" or a nickname.
    surname_alone : bool
        Whether the surname by itself means the person.
    pet_forms : bool
        Whether short and pet forms of the forename do, alone or with the surname.

    Yields
    ------
    Form
        The whole name, in both orders, with and without middle names; initials or a short form
        before the surname; forename, surname and each half of a double one alone. Case, accents,
        blanks, hyphens and apostrophes need no forms: `fold` drops them.
    """
    for reading in _readings(name):
        yield from _forms(reading, surname_alone=surname_alone, pet_forms=pet_forms)
    for nickname in _NICKNAME.findall(name):
        words = [word for word in _PART.findall(nickname) if fold(word)]
        if len(words) == 1:
            yield _alone(fold(words[0]), 0.85)


def plain_name(name: str) -> str:
    """Write a name forename first, without titles before it and letters after it.

    Parameters
    ----------
    name : str
        As "NAIR, Priya", "Dr Priya Nair MBBS" or "Priya Nair (n\u00e9e Patel)".

    Returns
    -------
    str
        As "Priya NAIR"; of several names of one person the first.
    """
    return " ".join(_words(next(iter(_readings(name)), "")))


_FORMER = re.compile(
    r"[\s,;/(]+(?:n[e\u00e9]e|formerly|previously|a\.?k\.?a\.?|alias|also known as)(?![^\W_])[\s:]*",
    re.IGNORECASE,
)
"""What stands between two names of one person."""

_NICKNAME = re.compile(r"[(\"\u201c]([^()\"\u201c\u201d]{2,40})[)\"\u201d]")
"""A short name within or behind the name: Robert "Spud" Jones, Priya Nair (Pri)."""

_BEHIND = re.compile(r"\s*\([^()]{0,40}\)\s*$")


def _readings(name: str) -> Iterator[str]:
    """Yield the names that are written as one: of "Priya Nair (n\u00e9e Patel)", also Priya Patel."""
    first, *others = _FORMER.split(name)
    first = _BEHIND.sub("", first) or first
    words = _words(first)
    if words or not others:
        yield first
    for other in others:
        alone = len(_words(other)) == 1
        yield f"{words[0]} {other}" if alone and words else other


def _forms(name: str, *, surname_alone: bool, pet_forms: bool) -> Iterator[Form]:
    words = _words(name)
    parts = _parts(words)
    if not parts:
        return
    if len(parts) == 1:
        yield _alone(parts[0], 0.95)
        return
    forename, surname = parts[0], parts[-1]
    middle = parts[1:-1]
    full_surnames = _surnames(surname, fold(words[-1]))
    extra = len(words) - len(parts)  # words of the surname beside its last
    yield _joined(parts, 0.97, extra)
    yield _joined([*parts[-1:], *parts[:-1]], 0.97, extra)
    for last in full_surnames:
        for form in _with_surname(forename, middle, last, pet_forms=pet_forms):
            yield replace(form, words=form.words + extra)
        if surname_alone:
            yield replace(_alone(last, 0.9), words=1 + (extra if last == surname else 0))
    yield _alone(forename, 0.85)
    for short in related_forenames(forename) if pet_forms else ():
        yield _alone(short, 0.6)
    for half in re.split(r"[\-\u2010\u2011]", words[-1]):
        if surname_alone and len(fold(half)) > 2 and fold(half) != surname:
            yield _alone(fold(half), 0.75)


def _words(name: str) -> list[str]:
    """Split a name into words, forename first, without titles before it and letters after it."""
    if name.count(",") == 1:
        last, first = name.split(",")
        if fold(first) not in _AFTER_NAME:
            name = f"{first} {last}"
    words = [word for word in _PART.findall(name) if fold(word)]
    while words and _is_title(words[0]):
        del words[0]
    while len(words) > _SHORTEST_WITH_LETTERS and fold(words[-1]) in _AFTER_NAME:
        del words[-1]
    return words


def _is_title(word: str) -> bool:
    # Di Marsh is called so; DI Marsh is an inspector
    return fold(word) in _TITLES and word != "Di"


def _parts(words: list[str]) -> list[str]:
    """Fold the words of a name; particles go with the part after them."""
    parts: list[str] = []
    pending = ""
    for word in map(fold, words):
        if word in _PARTICLES and parts:
            pending += word
        else:
            parts.append(pending + word)
            pending = ""
    if pending:
        parts.append(pending)
    return parts


def _surnames(surname: str, bare: str) -> list[str]:
    """Return the surname as it is, without its particles, and with Mac and Mc exchanged."""
    found = [surname]
    if bare != surname and len(bare) > 2:
        found.append(bare)
    if surname.startswith("mac") and len(surname) > 5:
        found.append("mc" + surname[3:])
    elif surname.startswith("mc") and len(surname) > 4:
        found.append("mac" + surname[2:])
    return found


def _with_surname(
    forename: str, middle: list[str], surname: str, *, pet_forms: bool
) -> Iterator[Form]:
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
    for short in related_forenames(forename) if pet_forms else ():
        yield _joined([short, surname], 0.95)
        yield _joined([surname, short], 0.95)


def _joined(parts: list[str], score: float, extra_words: int = 0) -> Form:
    return Form("".join(parts), len(parts) + extra_words, score, score)


def _alone(word: str, score: float) -> Form:
    if is_ordinary(word):
        return Form(word, 1, score - 0.1, 0.25)
    return Form(word, 1, score, score)
