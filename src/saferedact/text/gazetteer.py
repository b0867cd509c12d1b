"""Names by list: which runs of capitals are made of known forenames and surnames.

Fast and blind to meaning. Two known words together are likely a name, a lone one is possibly one; a
word that is also an ordinary one (Will, May, Grace, Field) needs a second one beside it.
"""

import re
from functools import lru_cache

from saferedact.text.beside_word import is_feast, is_place, is_thing
from saferedact.text.lexicon import (
    FORENAME,
    NAME,
    ORDINARY,
    PLACE,
    Strength,
    fold,
    strength_of,
    words,
)
from saferedact.text.not_names import in_welsh, is_title, never_in_name
from saferedact.text.runs import PARTICLES, RUN, UPPER, Word, starts_sentence, words_of
from saferedact.text.spans import TextSpan

__all__ = [
    "FAINT",
    "MIN_SCORE",
    "NOT_A_PERSON",
    "find_listed_names",
    "name_strength",
    "names_a_place",
    "stands_before_place",
]

SOURCE = "gazetteer"

MIN_SCORE = 0.2  # what is less sure is no proposal: the least tier, possible, begins here

STRONG, WEAK, FAINT = int(Strength.STRONG), int(Strength.WEAK), int(Strength.FAINT)

_PARTICLE_WORDS = frozenset(PARTICLES.split("|"))

_STREET = re.compile(
    rf"(?:['\u2019]s)?[ \t]*(?:(?:CE|RC|C of E|[{UPPER}][^\W_]{{2,14}})[ \t]+){{0,2}}"
    r"(?:Road|Rd|Street|St(?![^\W_.])|Lane|Close|Court|Avenue|Ave|Drive|Way|Grove|Crescent|Gardens|Terrace|"
    r"Place|Square|Hill|Row|Walk|Mews|Park|Green|Estate|House|Magistrates|Gate|Bridge|Farm|Steps|Roundabout|"
    r"School|Primary|Juniors|Infants|Academy|College|University|Hospital|Infirmary|Ward|Clinic|Surgery|"
    r"Police|Constabulary|Council|Church|Centre|Center|Station|Services|Hotel|Inn|Arms|Garage|Bakery|Market|"
    r"Exchange|Castle|Quarry|Central|Unit|Team|Fire|Trust|Ltd|Limited|PLC|LLP|Inc|Day|Eve|Night|Cup|Rovers|Harbour|Homes|Tyres|Express|Holiday|Retail|"
    r"Relief|Ambulance|Rescue|Society|Housing|Holdings|Motors|Taxis|Cabs|Supermarket|Stores|Building|Tavern|Stadium|"
    r"Arena|Bypass|Junction|Industrial|Leisure|Partnership|Association|Foundation|Project|Programme|Centre|Department)"
    r"(?![^\W_])"
)
"""What follows the name of a street, a school or a company rather than that of a person."""

_PLACE_WORD = re.compile(
    r"[^\W_][ \t](?:road|rd|street|lane|close|court|avenue|drive|way|crescent|gardens|terrace|place|square|"
    r"mews|school|academy|college|university|hospital|centre|center|station|church|estate|police|council|"
    r"tor|moor|quarry|harbour|bridewell|roundabout|services|inn|arms|clinic|infirmary|juniors|infants)$",
    re.IGNORECASE,
)
"""The same as the last word of a stretch."""

_HOUSE_NUMBER = re.compile(r"(?<!\d)(?<![A-Z]{2}[ ])\d{1,4}[A-Za-z]?,?[ \t]$")
"""But "CDO 9921 Rigby" is an officer."""

_DIGIT_LETTERS = (
    str.maketrans("01345689$|", "olasbgbgsl"),
    str.maketrans("01345689$|", "oieasbbgsi"),
)
"""What scanned digits stand for within a word; a one is an l or an i, a three or four an a or e."""

_CONFUSED = (("l", "i"), ("i", "l"), ("c", "e"), ("e", "c"), ("rn", "m"), ("vv", "w"), ("ii", "u"))
"""Letters that readers of scans mistake for each other."""

_MIN_REPAIRED = 4  # letters; shorter words with a changed letter are names by chance


@lru_cache(maxsize=16_384)
def name_strength(word: str) -> tuple[int, int]:
    """Look a word up, also as a scan may have spelled it.

    Parameters
    ----------
    word : str
        One word.

    Returns
    -------
    (int, int)
        Flags and strength; zeros for a word that is no name. A repaired word is one step weaker than its name.
    """
    key = fold(word)
    flags = words().get(key, 0)
    if flags:
        return flags, strength_of(flags)
    if not key.isascii() or len(key) < _MIN_REPAIRED:
        return 0, 0
    for candidate in _repairs(key):
        flags = words().get(candidate, 0)
        if flags & NAME and strength_of(flags) == STRONG:
            return flags, WEAK
        if flags & NAME and strength_of(flags) == WEAK and not key.isalpha():  # Mi11s, 8axter
            return flags, FAINT
    return 0, 0


def _repairs(key: str) -> list[str]:
    if not key.isalpha():
        letters = sum(map(str.isalpha, key))
        return [key.translate(table) for table in _DIGIT_LETTERS] if 2 * letters > len(key) else []
    found = []
    for wrong, right in _CONFUSED:
        at = key.find(wrong, 1)
        while at > 0:
            found.append(key[:at] + right + key[at + len(wrong) :])
            at = key.find(wrong, at + 1)
    # Daz, Smithy, Pikey, Dannys: what the list does not hold, but a name's short or owned form
    found += [
        key.removesuffix(ending)
        for ending in ("s", "y", "ey", "ie", "o")
        if key.endswith(ending) and len(key) - len(ending) >= _MIN_REPAIRED - (ending == "s")
    ]
    return found


def find_listed_names(text: str, *, source: str = SOURCE) -> list[TextSpan]:
    """Find runs of capitals that are made of known name words.

    Parameters
    ----------
    text : str
        Normalised text, or its truecased copy.
    source : str
        Name of the recogniser in the spans.

    Returns
    -------
    list of TextSpan
        In order; ``score`` as the module says.
    """
    spans: list[TextSpan] = []
    for match in RUN.finditer(text):
        for group in _groups(text, match.start(), match.end()):
            score = _score(text, group)
            if score >= MIN_SCORE:
                first, last = group[0][0], group[-1][0]
                spans.append(TextSpan(first.start, last.end, "name", "person", score, source))
                before = _unknown_before(text, match.start(), first.start)
                if before is not None:
                    spans.append(TextSpan(before, first.start, "name", "person", MIN_SCORE, source))
    return spans


def _unknown_before(text: str, start: int, end: int) -> int | None:
    """Find a word that nobody knows right before a known name: Rościsław Dudek."""
    words_before = list(words_of(text, start, end))
    if not words_before or text[words_before[-1].end : end] not in {" ", "-"}:
        return None
    word = words_before[-1]
    if name_strength(word.text) != (0, 0) or never_in_name(word.text) or is_title(word.text):
        return None
    return word.start if word.text[-1].islower() else None


_Known = tuple[Word, int, int]  # with flags and strength


def _groups(text: str, start: int, end: int) -> list[list[_Known]]:
    """Divide a run at the words that are in no name."""
    groups: list[list[_Known]] = []
    group: list[_Known] = []
    for word in words_of(text, start, end):
        flags, strength = (0, 0) if word.is_initial else name_strength(word.text)
        if word.text in {"A", "I"} and text[word.end : word.end + 1] != ".":
            groups.append(group)
            group = []
            continue
        particle = word.text.casefold() in _PARTICLE_WORDS
        part_of_name = word.is_initial or particle or strength or not flags & ORDINARY
        if (
            not part_of_name
            or never_in_name(word.text)
            or (not group and is_title(word.text))
            or (strength == FAINT and not group and starts_sentence(text, word.start))
        ):
            groups.append(group)
            group = []
        else:
            group.append((word, flags, strength if not particle else min(strength, FAINT)))
            if word.is_owner(text):
                groups.append(group)
                group = []
    groups.append(group)
    return [trimmed for group in groups if (trimmed := _trimmed(group))]


def _trimmed(group: list[_Known]) -> list[_Known]:
    """Drop unknown words and lone particles at the ends, unless a strong forename leads to them."""
    while len(group) > 1 and not group[0][0].is_initial and group[0][2] == 0:
        group = group[1:]
    while len(group) > 1 and group[-1][2] == 0 and group[-2][2] < STRONG:
        group = group[:-1]
    return group


NOT_A_PERSON = 0.35
"""Share of a score that is left in the name of a street, a school or a company: below every tier,
unless another recogniser says person too, or the words are hardly anything but names."""


def names_a_place(text: str, start: int, end: int) -> bool:
    """Say whether a stretch stands as the name of a street, a school or a company does."""
    return (
        stands_before_place(text, end)
        or _PLACE_WORD.search(text, start, end) is not None
        or _HOUSE_NUMBER.search(text, max(start - 12, 0), start) is not None
    )


def stands_before_place(text: str, end: int) -> bool:
    """Say whether the word for a street, a school or a company follows."""
    return _STREET.match(text, end) is not None


# The scores below were set on the half of the police texts for tuning.

_TWO_WORDS = {
    (STRONG, STRONG): 0.9,
    (STRONG, WEAK): 0.8,
    (STRONG, FAINT): 0.65,
    (STRONG, 0): 0.5,
    (WEAK, WEAK): 0.6,
    (WEAK, FAINT): 0.35,
    (WEAK, 0): 0.25,
}
"""Scores of two words and more, by the strengths of the two strongest."""

_WITH_INITIAL = (0.1, 0.3, 0.55, 0.7)
"""Scores of initials and one word, by its strength."""


def _score(text: str, group: list[_Known]) -> float:
    """Weigh a group of name words by how many there are, how strong, and where they stand."""
    strengths = sorted((s for word, _, s in group if not word.is_initial), reverse=True)
    first, last = group[0][0], group[-1][0]
    if len(strengths) > 1 and is_feast(text, last.start, last.end):
        score = 0.0
    elif len(strengths) > 1:
        score = _TWO_WORDS.get((strengths[0], strengths[1]), 0.1)
    elif len(strengths) < len(group):
        score = _WITH_INITIAL[strengths[0] if strengths else 0]
    else:
        score = _lone_word(text, *group[0])
    return score * NOT_A_PERSON if names_a_place(text, first.start, last.end) else score


def _lone_word(text: str, word: Word, flags: int, strength: int) -> float:
    if strength == STRONG:
        return 0.5 if flags & FORENAME else 0.4
    if _is_something_else(text, word, flags):
        return 0.0
    first = starts_sentence(text, word.start)
    if strength == WEAK:
        return MIN_SCORE if first else 0.3
    if first:
        unknown = not flags and _is_unknown_name(word) and _may_begin(text, word)
        return MIN_SCORE if unknown else 0.0
    if strength == FAINT:  # May, Will
        named = flags & FORENAME or not word.text.isalpha()  # Mu1l: no ordinary word has a digit
        return MIN_SCORE if named else 0.0
    return MIN_SCORE if not flags and _is_unknown_name(word) else 0.0


_SHORT_UNKNOWN = 3  # letters; short ones at a sentence's beginning are abbreviations (Occ, Thx)


def _may_begin(text: str, word: Word) -> bool:
    """Say whether a word that no list holds may be a name at a sentence's beginning: no head, no verb, not Welsh."""
    plain = word.text[1:].islower() and not word.text.endswith("ing")
    return (
        plain
        and len(word.text) > _SHORT_UNKNOWN
        and not text.startswith((":", "-"), word.end)
        and not in_welsh(text, word.start)
    )


def _is_something_else(text: str, word: Word, flags: int) -> bool:
    place = (text, word.start, word.end)
    if is_thing(*place) or is_feast(*place):
        return True
    return is_place(*place, known_place=bool(flags & PLACE), known_name=bool(flags & NAME))


def _is_unknown_name(word: Word) -> bool:
    """Say whether a word that no list holds may be a name: no sentence's beginning explains its capital."""
    if len(word.text) < 3 or not word.text[-1].islower():
        return False
    return word.text.casefold() not in _PARTICLE_WORDS
