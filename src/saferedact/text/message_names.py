"""Names in lines without capitals: "who told spud", "at kezs yard", "big ade legged it", "its del from work".

A list cannot hold nicknames, for they are ordinary words, and without a capital nothing marks them but the
place in the sentence where only a person can stand. So they are no more than possible. In lines with a
capital, where a nickname has one too, only what is hardly anything but a name is found small.
"""

import re
from collections.abc import Iterator

from saferedact.text.chat_lines import ChatLine, chat_lines
from saferedact.text.gazetteer import name_strength
from saferedact.text.lexicon import (
    FORENAME,
    NAME,
    ORDINARY,
    SURNAME,
    Strength,
    is_ordinary,
    strength_of,
    words,
)
from saferedact.text.not_names import is_title, never_in_name

__all__ = ["find_message_names"]

SCORE = 0.2
"""Possible: half of the words in such places, in messages of our own, were names."""

_EPITHET = r"big|lil|little|wee|mad|fat|tiny|young|old|baby|lanky|skinny|jonny|johnny|uncle|mc|dj"
_NAME = rf"(?P<name>(?:(?:{_EPITHET}|(?![aiurn][ ])[a-z])[ ])?[a-z][a-z]{{2,15}})"
_SHORTEST = 3  # code points of what is said

_ANYBODY = (
    # somebody to whom one speaks; what follows is what is said
    (
        rf"(?<![^\W_])(?:told|tell|ask|asked|txt|text|texted|belled|rang|ring|messaged|msg)[ ]{_NAME}"
        r"(?=[ ](?:he|hes|he's|she|shes|she's|they|that|about|abt|to|if|wot|what|where|why|how|when|i|im|not|this|its|u|ur)\b"
        r"|[ ]?[.,!?]|[ ]?$)"
    ),
    # somebody who speaks, owes, betrays, is caught
    (
        rf"(?:^|(?<=[.,!?][ ])|(?<=\b(?:and|but|cos|coz|nah|yeh)[ ])|(?<=\b(?:that|then|yeah|says|said)[ ])|(?<=\b(?:if|yo|oi|ye)[ ])|(?<=\bn[ ])){_NAME}[ ]"
        r"(?:reckons|recons|said|says|sez|told|owes|owed|wants|snitched|grassed|nicked|stole|sold|robbed|sorted|rang|phoned"
        r"|messaged|texted|legged|got (?:nicked|shift|lifted|arrested|done|jumped|battered|stabbed)|done it|did it|isnt|aint"
        r"|wont|cant|hates|blocked|thinks|knows|was there|is here|has it|got it|saw him|saw her|saw it|is in (?:hmp|jail|prison|hospital|there|on it))(?![^\W_])"
    ),
    # somebody after whom one asks
    rf"(?<![^\W_])(?:is|was|are)[ ]{_NAME}[ ](?:coming|comin|gonna|home|alright|awake|inside|nicked|out yet|about yet)(?![^\W_])",
    # somebody of whom it is said
    rf"(?<![^\W_])(?:says|said|sez|reckons|swears|heard|thinks)[ ]{_NAME}[ ](?:did|didnt|has|hasnt|was|wasnt|wont|might)(?![^\W_])",
    # somebody who has a home and a family
    rf"(?<![^\W_]){_NAME}(?:'s|(?<=s))[ ](?:yard|gaff|crib|drum|mum|mam|dad|nan|missus|bird|brother|bro|sister|cousin|mate|mates|phone|house|flat|lot)(?![^\W_])",
    # somebody who is looked for
    rf"(?<![^\W_])where(?:'?s|[ ]is)[ ]{_NAME}(?=[ ](?:at|gone|now|to|tonight|living|staying)\b|[ ]?\?|$)",
    rf"(?<![^\W_])where[ ](?:does|did|do)[ ]{_NAME}(?=[ ](?:live|stay|go|work|hang|get|come|keep|park))",
    # somebody whom a stranger names
    rf"(?<![^\W_])(?:lad|bloke|guy|geezer|man|woman|girl|boy|kid|fella|male|female|one|someone|somebody|mate|dealer)[ ](?:called|named)[ ]{_NAME}(?![^\W_])",
    # somebody who says who it is
    rf"(?<![^\W_])(?:it's|its|this is|i'm|im|i am)[ ]{_NAME}(?=[ ](?:from[ ]\w|off[ ]the|here\b|speaking|again\b|innit|bro\b|mate\b))",
)
_NOT_ORDINARY = (
    # the same as may be said of things, or asked of anybody: for words that are no ordinary ones
    rf"(?<![^\W_])(?:who's|whos|who is|who was|known|knows|knew|know|met|with|through|thru|seen|mean|from|love|mate|called|ask|asked|tell|told|and|n|or)[ ]{_NAME}(?![^\W_])",
    (
        rf"(?<![^\W_])(?:did|does|is|was|has|had|can|will|but|cos|when|while|if|so|that|then|where|before|after|until|said|says|reckons|think|thinks)[ ]{_NAME}[ ]"
        r"(?:and|know|have|get|got|live|go|say|do|is|was|has|had|did|will|came|come|went|took|gave|saw|hit|hasnt|wasnt|didnt|wont|still|just|never)(?![^\W_])"
    ),
    rf"(?:^|(?<=[.,!?][ ])){_NAME}[ ](?:was|is|did|has|had|got|came|went|took|gave|saw|hit|knows|thinks|lives|will|wont|didnt|hasnt|wasnt|put|pulled|from)(?![^\W_])",
    # two words that say it by themselves, "big ade"
    r"(?:^|(?<=[.,!?][ ]))(?P<name>(?:big|lil|mad|fat|wee)[ ](?!(?:deal|time|day|bit|one|ones|thing|ting|chance|up|man|house|dog[ ]is)(?![^\W_]))[a-z]{3,12})(?![^\W_])",
)
_FRAMES = tuple(
    (re.compile(frame), anybody)
    for frames, anybody in ((_ANYBODY, True), (_NOT_ORDINARY, False))
    for frame in frames
)

_NOBODY = frozenset(
    "people police everyone everybody someone somebody nobody noone anyone anybody whoever mum mam dad nan nana gran "
    "grandad bro bruv sis son lad lads boy boys girl girls man men woman women mate mates kid kids parents teacher teachers "
    "staff doctor nurse officer officers friend friends family brother sister cousin neighbour neighbours landlord boss "
    "work school solicitor lawyer court one two both all some most none nothing anything something everything who which "
    "what that this these those there here money stuff things thing lies questions truth time way day today yesterday "
    "tomorrow home house car phone gear food other others another guy guys bloke geezer feds copper coppers babe love "
    "please sorry really just only still also even maybe sure then than now his hers its yours ours theirs yes yeah "
    "straight fuck fucking shit bitch idiot everyones peoples baby".split()
)
"""Who stands in such a place and is nobody's name."""

_DOING = re.compile(r"[a-z]{3,}ing")  # "its raining from"
_WORD = re.compile(r"[^\W_]{1,40}")
_PAIR = re.compile(r"(?<![^\W_])([a-z]{3,15})(?=[ ]([a-z]{3,15})(?![^\W_])(?!'))")
_AT_SOMEBODYS = re.compile(
    r"(?<![^\W_])(?:at|round|outside|from)[ ]([a-z]{3,15})s(?=[ ]?[.,!?]|[ ]?$)"
)


def find_message_names(text: str) -> Iterator[tuple[int, int, float]]:
    """Find words in small letters that stand where people do.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    (int, int, float)
        Place, half-open, and score.
    """
    lines: list[ChatLine] = []
    others: list[ChatLine] = []
    for line in chat_lines(text):
        (lines if _is_small(text, line) else others).append(line)
    places = {
        (line.start + first, line.start + last)
        for line in lines
        for said in (text[line.start : line.end],)
        for first, last in (
            *_by_frames(said),
            *_surnames(said),
            *_beside_known(said),
            *_owners(said),
        )
    }
    known = {text[start:end] for start, end in places}
    for line in lines if known else ():
        places.update(_again(text, line, known))
    for line in others:
        places.update(_listed(text, line))
    for start, end in sorted(places):
        yield start, end, SCORE


def _listed(text: str, line: ChatLine) -> Iterator[tuple[int, int]]:
    """Find what is hardly anything but a name, in small letters beside capitals: "trevs at Shirl's"."""
    known = words()
    for match in _SMALL.finditer(text, line.start, line.end):
        flags = known.get(match[0]) or known.get(match[0].removesuffix("s"), 0)
        if flags & ORDINARY or not flags & NAME or strength_of(flags) < Strength.STRONG:
            continue
        if not never_in_name(match[0]):
            yield match.span()


_SMALL = re.compile(r"(?<![\w@./:'\-])[a-z]{3,16}(?![\w@/:\-]|\.\w|'[a-rt-z])")


def _again(text: str, line: ChatLine, known: set[str]) -> Iterator[tuple[int, int]]:
    """Find names elsewhere in lines without capitals: what is hidden once must not stand further on."""
    before = line.start
    for word in _WORD.finditer(text, line.start, line.end):
        start, end = word.span()
        if not known.isdisjoint((word[0], word[0].removesuffix("s"))):
            yield start, end
        elif not known.isdisjoint((text[before:end], text[before : end - (text[end - 1] == "s")])):
            yield before, end
        before = start


def _is_small(text: str, line: ChatLine) -> bool:
    return line.end - line.start >= _SHORTEST and text[line.start : line.end].islower()


def _by_frames(said: str) -> Iterator[tuple[int, int]]:
    for frame, anybody in _FRAMES:
        for match in frame.finditer(said):
            before, _, name = match["name"].rpartition(" ")
            if name in _NOBODY or never_in_name(name) or is_title(name) or _DOING.fullmatch(name):
                continue
            if anybody or before or _is_strange(name):
                yield match.span("name")


def _is_strange(word: str) -> bool:
    """Say whether a word is a forename too, or neither an ordinary one nor one in another spelling or form."""
    if is_ordinary(word) and not _is_forename(word):
        return False
    return not any(
        word.endswith(end)
        and len(word) - len(end) >= _LEAST_STEM
        and is_ordinary(word.removesuffix(end))
        for end in ("s", "d", "ed", "ing", "in", "er", "y", "z")
    )


_LEAST_STEM = 3  # letters


def _is_forename(word: str) -> bool:
    flags, strength = name_strength(word)
    return bool(flags & FORENAME) and strength >= Strength.WEAK


_BIG = re.compile(r"(?<![^\W_])(?:big|lil|wee|mad|fat|little)[ ]([a-z]{3,15})(?![^\W_])")
_COUPLE = re.compile(
    r"(?<![^\W_])([a-z]{3,15})[ ](?:and|n|or)[ ]([a-z]{3,15})(?![^\W_]|'|[ ](?:and|n)[ ])"
)


def _beside_known(said: str) -> Iterator[tuple[int, int]]:
    """Find what is said of a listed name: "big phil", "pike and strong"."""
    for match in _BIG.finditer(said):
        if _is_listed(match[1]):
            yield match.span()
    for match in _COUPLE.finditer(said):
        flags, strength = name_strength(match[2])
        if _is_listed(match[1]) and flags & NAME and strength and not never_in_name(match[2]):
            yield match.span(2)


def _is_listed(word: str) -> bool:
    flags, strength = name_strength(word)
    return bool(flags & NAME) and strength >= Strength.WEAK and not never_in_name(word)


def _surnames(said: str) -> Iterator[tuple[int, int]]:
    """Find ordinary words that are surnames too, after a forename: "hayley strong"."""
    for pair in _PAIR.finditer(said):
        if name_strength(pair[1])[1] < Strength.STRONG or not name_strength(pair[1])[0] & FORENAME:
            continue
        flags, strength = name_strength(pair[2])
        if flags & SURNAME and strength >= Strength.WEAK and not never_in_name(pair[2]):
            yield pair.span(2)


def _owners(said: str) -> Iterator[tuple[int, int]]:
    """Find whose home it is: "hes at shells"."""
    for match in _AT_SOMEBODYS.finditer(said):
        if _is_forename(match[1]):
            yield match.start(1), match.end(1) + 1
