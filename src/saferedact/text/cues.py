"""Names by what stands beside them: titles, ranks, form fields, senders, sign-offs, introductions.

Works on names that no list holds. A cue is found by a pattern (`saferedact.text.cue_patterns`), the
name is the run of capitals (`saferedact.text.runs`) that begins where the cue ends, or ends where it
begins.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from saferedact.text.beside_word import is_in_address
from saferedact.text.cue_patterns import (
    AFTER,
    CIPHER,
    CIPHER_WORDS,
    CUES_OF,
    EPITHET,
    FIELD,
    FIELD_END,
    FIELDS,
    FIRST_WORD,
    HANDLE_LIKE,
    LONE_LINE,
    QUOTED,
    SENDER_AFTER_STAMP,
    SENDER_BEFORE_STAMP,
    SENDER_LINE,
    SIGN_OFF,
    SIGN_OFF_WORDS,
    SURNAME_FIRST,
    SURNAME_INITIAL,
    SURNAME_LAST,
    VALUE_STOP,
    Cue,
)
from saferedact.text.gazetteer import (
    MIN_SCORE,
    NOT_A_PERSON,
    name_strength,
    names_a_place,
    stands_before_place,
)
from saferedact.text.lexicon import FORENAME, ORDINARY, fold, is_ordinary
from saferedact.text.message_names import find_message_names
from saferedact.text.nicknames import NICKNAMED, may_be_nickname, nickname_at, said_again
from saferedact.text.not_names import is_title, never_in_name
from saferedact.text.runs import RUN, words_of
from saferedact.text.spans import TextSpan
from saferedact.text.split_names import find_split_names

__all__ = ["find_cued_names"]

SOURCE = "cues"

LIKELY_CUE = 0.5
"""Cues below this (greetings, "with", "our") say less than a street's or a company's word after."""

_NOT_LETTER = re.compile(r"[^a-z]+")


def find_cued_names(text: str, *, source: str = SOURCE) -> list[TextSpan]:
    """Find names by their surroundings.

    Parameters
    ----------
    text : str
        Normalised text, or its truecased copy.
    source : str
        Name of the recogniser in the spans.

    Returns
    -------
    list of TextSpan
        In order of their start. A stretch may be found more than once.
    """
    found = [
        *_after_cues(text),
        *_before_cues(text),
        *_fields(text),
        *_surnames_in_capitals(text),
        *_senders(text),
        *_called_big(text),
        *_in_quotes(text),
        *find_message_names(text),
        *find_split_names(text),
    ]
    return [
        TextSpan(start, end, "name", "person", score, source)
        for start, end, score in sorted(set(found))
    ]


_Found = tuple[int, int, float]


def _run_at(text: str, position: int, *, titled: bool = False) -> tuple[int, int, int] | None:
    """Take the run that begins at a position: where it ends, and the best strength of its words."""
    match = RUN.match(text, position)
    if match is None:
        return _small_word_at(text, position)
    end = start = position
    best = 0
    first = True
    run = list(words_of(text, position, match.end()))
    for word in run:
        if first and word is not run[-1] and is_title(word.text):
            continue
        flags, strength = (0, 1) if word.is_initial else name_strength(word.text)
        if (strength == 0 and flags & ORDINARY) or never_in_name(word.text):
            break
        initial = titled and word is run[0] and len(run) > 1  # Mr A Day
        if word.text in {"A", "I"} and text[word.end : word.end + 1] != "." and not initial:
            break
        if first:
            start, first = word.start, False
        end, best = word.end, max(best, strength)
        if word.is_owner(text):
            break
    return (start, end, best) if end > position else None


_SMALL = re.compile(r"[^\W\d_]{2,20}(?:'[^\W\d_]+)?(?:[ \t-][^\W\d_]{2,20}){0,1}")


def _small_word_at(text: str, position: int) -> tuple[int, int, int] | None:
    """Take a name in small letters: the truecased copy leaves Rose and Green small."""
    word = next(words_of(text, position, min(position + 24, len(text))), None)
    if word is None or word.start != position or not word.text.islower():
        return None
    _, strength = name_strength(word.text)
    if never_in_name(word.text):
        return None
    return (word.start, word.end, strength - 1) if strength else None


_ABBREVIATED = 4  # letters of the longest title that is written with a dot (Supt., Insp., Prof.)


def _ends_early(text: str, cue: re.Match[str]) -> bool:
    """Say whether a cue ends within a word ("ask" of "asked"), or with its sentence ("the Canon. Her")."""
    end = cue.end()
    if text[end - 1].isalnum() and text[end : end + 1].isalnum():
        return True
    dot = cue[0].rstrip().endswith(".")
    return dot and len(cue[0].split()[-1]) > _ABBREVIATED + 1


def _sign_off_at(text: str, position: int) -> Iterator[_Found]:
    """Take who signs a letter whose last words begin here, if they begin the line."""
    line = text.rfind("\n", max(position - _INDENT, 0), position) + 1
    start = line if not text[line:position].strip(" \t") else position
    sign_off = SIGN_OFF.match(text, start)
    run = None if sign_off is None else _run_at(text, sign_off.end())
    if run is not None and text[run[0]].isupper():
        office = stands_before_place(text, run[1])  # Many thanks, Witness Care Unit
        yield run[0], run[1], 0.8 * (NOT_A_PERSON if office else 1.0)


_INDENT = 80  # code points before the last words of a letter


def _called_big(text: str) -> Iterator[_Found]:
    """Take what people call somebody by size or age: Big Col, Tiny K, Lil Man."""
    for match in EPITHET.finditer(text):
        word = match["word"]
        if never_in_name(word) and len(word) > 1:
            continue
        if stands_before_place(text, match.end()):
            continue
        flags, strength = name_strength(word)
        known = strength or len(word) == 1
        if known or not flags & ORDINARY or match["big"] in {"Lil", "Lil'", "Wee"}:
            yield *match.span(), 0.4 if known else MIN_SCORE


def _in_quotes(text: str) -> Iterator[_Found]:
    for match in QUOTED.finditer(text):
        if not never_in_name(match[1]):
            yield *match.span(1), MIN_SCORE


def _cipher_at(text: str, position: int, ciphers: set[str]) -> Iterator[_Found]:
    cipher = CIPHER.match(text, position)
    if cipher is not None and text[cipher.start(1)].isupper():
        ciphers.add(cipher[1])
        yield *cipher.span(1), MIN_SCORE


def _ciphers_again(text: str, ciphers: set[str]) -> Iterator[_Found]:
    """Find Witness B where only the letter stands: "I know B"."""
    letters = "".join(sorted(ciphers - {"A", "I"}))
    if letters:
        for match in re.finditer(rf"(?<![^\W_])[{letters}](?![^\W_])", text):
            yield *match.span(), MIN_SCORE


def _after_cues(text: str) -> Iterator[_Found]:
    nicknames: dict[str, int] = {}  # where each was first said
    ciphers: set[str] = set()
    for word in FIRST_WORD.finditer(text):
        key = word[0].lower()
        if key in SIGN_OFF_WORDS:
            yield from _sign_off_at(text, word.start())
        if key in CIPHER_WORDS:
            yield from _cipher_at(text, word.start(), ciphers)
        for cue in CUES_OF.get(key, ()):
            match = cue.pattern.match(text, word.start())
            if match is None or _ends_early(text, match):
                continue
            run = _run_at(text, match.end(), titled=not cue.known_only)
            if may_be_nickname(text, run) and NICKNAMED.search(match[0]):
                for found in nickname_at(text, match.end()):
                    nicknames.setdefault(text[found[0] : found[1]], found[1])
                    yield found
                continue
            if run is None:
                continue
            start, end, best = run
            score = _score_after(cue, text, run)
            if score >= MIN_SCORE and (text[start].isupper() or best or not cue.known_only):
                yield start, end, min(score, 0.95)
    yield from said_again(text, nicknames)
    yield from _ciphers_again(text, ciphers)


def _score_after(cue: Cue, text: str, run: tuple[int, int, int]) -> float:
    """Weigh a run by the cue before it and by what is known of its words."""
    start, end, best = run
    if not cue.known_only:
        # in small letters, "pc field asked" is possibly a name, and "pc said" too
        return cue.score if best or text[start].isupper() else MIN_SCORE
    if is_title(text[start:end]):
        return 0.0
    score = round(
        cue.score + (-0.2, 0.0, 0.25, 0.25)[best], 3
    )  # .7 - .2 is likely, not a little less
    place = (
        names_a_place(text, start, end)
        if cue.score < LIKELY_CUE
        else stands_before_place(text, end)  # Witness Care Unit, Driver Training School
    )
    if place:
        score *= NOT_A_PERSON
    return score


_MONTHS_FIRST = frozenset({"March", "August"})
"""Months that few are called by without a forename or a title: "March was cold"."""


def _before_cues(text: str) -> Iterator[_Found]:
    for run in RUN.finditer(text):
        cue = AFTER.match(text, run.end())
        if cue is None:
            continue
        words = list(words_of(text, run.start(), run.end()))
        kept: list[int] = []
        best = 0
        end = 0
        borne = 0
        for word in reversed(words):
            flags, strength = (0, 1) if word.is_initial else name_strength(word.text)
            if (strength == 0 and flags & ORDINARY) or never_in_name(word.text):
                break
            kept.append(word.start)
            end = end or word.end
            best = max(best, strength)
            borne |= flags
        if not kept:
            continue
        if best == 1 and not borne & FORENAME:  # Police said
            continue
        if cue["weak"] and len(kept) == 1 and words[-1].text in _MONTHS_FIRST:
            continue
        score = _score_before(cue, best)
        if score >= MIN_SCORE:
            yield kept[-1], end, score


def _score_before(cue: re.Match[str], best: int) -> float:
    """Weigh a run by the cue after it and by what is known of its words."""
    if cue["weak"]:
        return (0.0, 0.2, 0.3, 0.4)[best]
    if "@" in cue[0] or cue[0].lstrip()[0] in ",(":
        return 0.85 if best >= 2 else 0.6
    return (0.0, 0.25, 0.6, 0.7)[best]


def _fields(text: str) -> Iterator[_Found]:
    known = [
        field for field in FIELD.finditer(text) if _NOT_LETTER.sub("", fold(field[1])) in FIELDS
    ]
    # a value ends where the next field begins, so that nothing is read twice
    for field, following in zip_longest(known, known[1:]):
        last = len(text) if following is None else following.start()
        end = FIELD_END.search(text, field.end(), last)
        yield from _names_in_value(text, field.end(), end.start() if end else last)


def _names_in_value(text: str, start: int, end: int) -> Iterator[_Found]:
    """Take every run of a field's value, until prose begins."""
    position = start
    while position < end:
        run = RUN.search(text, position, end)
        gap = text[position : run.start() if run else end]
        if run is None:
            break
        if sum(map(str.islower, gap)) > 6:  # a sentence, not a list of names
            break
        taken = _run_at(text, run.start())
        position = run.end()
        if run.start() > start and (
            names_a_place(text, *run.span()) or is_in_address(text, *run.span())
        ):
            continue
        if taken is None or fold(text[taken[0] : taken[1]]) in VALUE_STOP:
            continue
        if HANDLE_LIKE.match(text, taken[1]):
            continue
        yield taken[0], min(taken[1], end), 0.85 if taken[2] >= 2 else 0.7 if taken[2] else 0.5


def _surnames_in_capitals(text: str) -> Iterator[_Found]:
    for match in SURNAME_FIRST.finditer(text):
        surname = list(words_of(text, *match.span(1)))
        forename = list(words_of(text, *match.span(2)))
        if any(never_in_name(word.text) or is_title(word.text) for word in (*surname, forename[0])):
            continue
        known = name_strength(forename[0].text)[1]
        flags = [name_strength(word.text) for word in surname]
        if any(flag & ORDINARY and strength < 2 for flag, strength in flags):
            continue
        borne = max(strength for _, strength in flags)
        if known + borne >= 3:
            yield match.start(), match.end(), 0.85
        elif known + borne:
            yield match.start(), match.end(), 0.4
    for match in SURNAME_INITIAL.finditer(text):
        flag, strength = name_strength(match[1])
        if strength >= 2 or not flag & ORDINARY:
            yield match.start(), match.end(2), 0.4 if strength >= 2 else MIN_SCORE
    for match in SURNAME_LAST.finditer(text):
        if any(name_strength(word.text)[1] >= 2 for word in words_of(text, *match.span(1))):
            words = [w for w in words_of(text, *match.span()) if name_strength(w.text)[1]]
            yield words[0].start, match.end(), 0.8


def _senders(text: str) -> Iterator[_Found]:
    for pattern in (SENDER_AFTER_STAMP, SENDER_BEFORE_STAMP):
        for match in pattern.finditer(text):
            yield from _sender(text, match, 0.6)
    lines: dict[str, list[re.Match[str]]] = {}
    for match in SENDER_LINE.finditer(text):
        lines.setdefault(fold(match[1]), []).append(match)
    spoken = {
        sender: matches
        for sender, matches in lines.items()
        if _NOT_LETTER.sub("", sender) not in FIELDS
    }
    # one line with a colon is a heading or a note; the same twice is somebody who speaks, to somebody
    talk = any(len(matches) > 1 and not is_ordinary(sender) for sender, matches in spoken.items())
    for matches in spoken.values():
        for match in matches:
            if len(matches) > 1 or match[1][0].isupper():
                yield from _sender(text, match, 0.5 if talk or len(matches) > 1 else 0.2)
    for match in LONE_LINE.finditer(text):
        yield from _sender(text, match, 0.3)


def _sender(text: str, match: re.Match[str], score: float) -> Iterator[_Found]:
    name = match[1]
    if HANDLE_LIKE.search(name) or len(name.split()) > 4:
        return
    found = [name_strength(word.text) for word in words_of(text, *match.span(1))]
    if not found:
        return
    if names_a_place(text, *match.span(1)):
        return
    if max(strength for _, strength in found) >= (2 if score >= 0.5 else 3):
        yield *match.span(1), min(score + 0.3, 0.9)
    elif not any(flags & ORDINARY for flags, _ in found):
        yield *match.span(1), score - 0.1
    elif score >= LIKELY_CUE and any(flags & FORENAME for flags, _ in found):
        yield *match.span(1), score - 0.2  # Col, Spike: ordinary words, but they send messages
