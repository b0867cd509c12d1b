"""Words of programs and formats: MIME_TYPE_OFFSET, asn1_read_tag, fileName. They have the form of user names.

One such word says nothing. A manual has families of them, words that begin or end alike, which people's
names for themselves hardly do.
"""

import re
from collections.abc import Iterable

from saferedact.text.lexicon import Strength, is_ordinary, strength_of, words

__all__ = ["code_words"]

_FAMILY = 6
"""Different words that begin or end alike and make a text a technical one. Groups of people who call
themselves alike ("watch_dan", "watch_bev") are smaller, or have listed names in it."""

_LEAST_ENDING = 3  # letters of an ending that makes a family: kez_x, liv_x and tash_x are people

_JOINED = re.compile(
    r"(?<![\w@/.])(?=\w{0,40}[A-Za-z])[A-Za-z0-9]{1,30}(?:_{1,2}[A-Za-z0-9]{1,30}){1,6}(?![\w@])(?P<sent>[ ]?:[ ]|[ ]\u2014)?"
)
_CAMEL_WORD = re.compile(r"(?<![\w@/.])[a-z]{2,20}(?:[A-Z][a-z]{1,20}){1,4}(?![\w@])")
_CAMEL_PART = re.compile(r"[A-Z]?[a-z]+")
_LEAST_NAME = 3  # letters; shorter parts are names by chance


def code_words(text: str) -> frozenset[str]:
    """Find the words of a technical text that are of its programs and formats, not people's.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    frozenset of str
        As they are written; empty for a text without a family of such words. A word that is seen to send
        a message, or that has a name or a number for a part, is never among them.
    """
    parts: dict[str, list[str]] = {}
    senders: set[str] = set()
    for match in _JOINED.finditer(text):
        word = match[0][: len(match[0]) - len(match["sent"] or "")]
        if match["sent"]:
            senders.add(word)
        elif word not in parts:
            parts[word] = [part.casefold() for part in word.split("_") if part]
    known = {
        word: those for word, those in parts.items() if word not in senders and _are_things(those)
    }
    relatives = _families(known.values())
    if not relatives:
        return frozenset()
    code = {
        word
        for word, those in known.items()
        if those[0] in relatives or those[-1] in relatives or word.isupper()
    }
    for match in _CAMEL_WORD.finditer(text):
        if all(is_ordinary(part) for part in _CAMEL_PART.findall(match[0])):
            code.add(match[0])
    return frozenset(code)


def _families(words_in_parts: Iterable[list[str]]) -> frozenset[str]:
    """Return the beginnings and ends that many words share."""
    beginnings: dict[str, int] = {}
    ends: dict[str, int] = {}
    for parts in words_in_parts:
        beginnings[parts[0]] = beginnings.get(parts[0], 0) + 1
        if len(parts[-1]) >= _LEAST_ENDING:
            ends[parts[-1]] = ends.get(parts[-1], 0) + 1
    return frozenset(
        part for counts in (beginnings, ends) for part, count in counts.items() if count >= _FAMILY
    )


def _are_things(parts: list[str]) -> bool:
    """Say whether no part is a number alone, or surely a name."""
    known = words()
    return not any(
        part.isdigit()
        or (len(part) >= _LEAST_NAME and strength_of(known.get(part, 0)) == Strength.STRONG)
        for part in parts
    )
