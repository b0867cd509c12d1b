"""Words of programs and formats: MIME_TYPE_OFFSET, asn1_read_tag, fileName. They have the form of user names.

One such word says nothing. A manual has families of them, words that begin or end alike, or many signs of
programs beside them, which people's names for themselves hardly do.
"""

from collections.abc import Iterable

from saferedact.text.technical import TechnicalText, are_things, humped_words, joined_words

__all__ = ["code_words"]

_FAMILY = 6
"""Different words that begin or end alike and make a text a technical one. Groups of people who call
themselves alike ("watch_dan", "watch_bev") are smaller, or have listed names in it."""

_FAMILY_IN_MANUAL = 2
"""The same where many other signs of programs are around."""

_LEAST_ENDING = 3  # letters of an ending that makes a family: kez_x, liv_x and tash_x are people


def code_words(text: str) -> frozenset[str]:
    """Find the words of a technical text that are of its programs and formats, not people's.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    frozenset of str
        As they are written; empty for a text that is not technical. A word that is seen to send a
        message, or that has a name or a number for a part, is never among them.
    """
    places: dict[str, int] = {}
    senders: set[str] = set()
    for at, word, sends in joined_words(text):
        if sends:
            senders.add(word)
        places.setdefault(word, at)
    parts = {
        word: [part.casefold() for part in word.split("_") if part]
        for word in places
        if word not in senders
    }
    known = {word: those for word, those in parts.items() if are_things(those)}
    relatives = _families(known.values(), _FAMILY)
    alike = _families(known.values(), _FAMILY_IN_MANUAL)
    code = {
        word
        for word, those in known.items()
        if those[0] in relatives or those[-1] in relatives or (relatives and word.isupper())
    }
    asked = [
        word
        for word, those in known.items()
        if word not in code and (word.isupper() or those[0] in alike or those[-1] in alike)
    ]
    if asked:
        technical = TechnicalText(text)
        code.update(word for word in asked if technical.around(places[word]))
    if relatives:
        code.update(word for _, word in humped_words(text) if word[0].islower())
    return frozenset(code)


def _families(words_in_parts: Iterable[list[str]], least: int) -> frozenset[str]:
    """Return the beginnings and ends that at least so many words share."""
    beginnings: dict[str, int] = {}
    ends: dict[str, int] = {}
    for parts in words_in_parts:
        beginnings[parts[0]] = beginnings.get(parts[0], 0) + 1
        if len(parts[-1]) >= _LEAST_ENDING:
            ends[parts[-1]] = ends.get(parts[-1], 0) + 1
    return frozenset(
        part for counts in (beginnings, ends) for part, count in counts.items() if count >= least
    )
