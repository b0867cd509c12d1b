"""Towns and places named alone, by the word before them: looked for only if a policy asks.

A release normally names the town, so that by default only an address with a street is an identifier.
Where even the town gives somebody away (a village, an island, a witness who moved), a policy says so.
"""

import re

from saferedact.text.identifiers.recogniser import Recogniser
from saferedact.text.lexicon import NAME, ORDINARY, PLACE, fold, words
from saferedact.text.not_names import never_in_name

__all__ = ["TOWNS"]

_SCORE = 0.35
"""The tier that is redacted and shown to a person: people and firms stand in the same places."""

_NO_PLACE = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul"
    r"|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?(?![^\W_])"
    r"|(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|PS|DS|DI|DCI|Judge|Magistrates|Recorder|God|Court|English|Welsh|Polish)(?![^\W_])"
)
_SHOUTED = r"(?:AND|OR|BUT|AT|WITH|WHO|WHEN|WHERE|IS|WAS|ARE|WERE|HE|SHE|THEY|ON|IN|TO|FOR|FROM|BY|AS|HAS|HAD|THE)(?![^\W_])"
"""Words that end a place where every word is of capitals: "IN WIDNES AND WORKS"."""

_WORD = rf"(?!{_SHOUTED})[A-Z\u00c0-\u00de][^\W\d_]+(?:['\u2019][^\W\d_]+)?"
_PLACE = rf"(?!{_NO_PLACE}){_WORD}(?:(?:[ \-]|[ ](?:of|on|upon|under|by|in|le|the|y|yr)[ ]|-(?:on|upon|under|by|in|le|la|y)-){_WORD}){{0,4}}"

_PART = (
    r"new|old|long|great|little|north|south|east|west|upper|lower|high|market|kings?|king's|saint|st|royal|castle|stoke"
    r"|milton|ashby|burton|newcastle|stratford|bishops?|bishop's|port|isle of|kingston upon"
)
"""First words of places of two, as they are written small."""

_SMALL_PLACE = rf"(?P<id>(?:(?:{_PART})[ ])?[a-z]{{3,24}})(?![\w'\u2019-])"

_CALLED = frozenset({"hull", "uk", "usa", "bradford", "sunderland", "wolverhampton"})
"""Towns in small letters that the list knows by another name, or as people's."""


def _is_town(found: str) -> bool:
    """Say whether words in small letters are a place on the list, or one of two words that begins as they do."""
    *first, last = found.split()
    flags = words().get(fold(last), 0)
    if first:
        return bool(flags & PLACE) or not flags & ORDINARY
    return (bool(flags & PLACE) or last in _CALLED) and not never_in_name(last)


def _may_be_town(found: str) -> bool:
    """Say whether it is a town, or no ordinary word: the part of a town ("from stonebridge")."""
    last = found.rpartition(" ")[2]
    if len(last) < _LEAST_UNKNOWN or never_in_name(last):
        return _is_town(found)
    return _is_town(found) or not words().get(fold(last), 0) & ORDINARY


_LEAST_UNKNOWN = 6  # letters; shorter ones are slips and spellings of messages


def _is_only_town(found: str) -> bool:
    """Say whether a word is a place and neither an ordinary word nor a name: "to widnes", not "to bury"."""
    flags = words().get(fold(found.rpartition(" ")[2]), 0)
    return (" " in found and _is_town(found)) or (
        bool(flags & PLACE) and not flags & (ORDINARY | NAME)
    )


TOWNS: tuple[Recogniser, ...] = (
    Recogniser(
        "place",
        re.compile(
            r"(?<![^\W_])(?i:of|from|in|at|near|to|towards|around|outside|via|lives?|moved|seen|visited|HMP|o|yn|ger|i)[ ]"
            rf"(?P<id>(?:the[ ])?(?:Isle[ ]of[ ])?{_PLACE}(?:,[ ](?:Isle[ ]of[ ])?{_PLACE}(?=[,.;:)\n]|$)){{0,2}})"
        ),
        score=_SCORE,
        reference="A capital after a word of place",
    ),
    Recogniser(
        "place",
        re.compile(
            rf"(?<![^\W_])(?:from|lives?[ ]in|living[ ]in|moved[ ]to|over[ ]in|near|hmp)[ ]{_SMALL_PLACE}"
        ),
        score=_SCORE,
        accept=_may_be_town,
        reference="Small letters after words of where somebody lives or comes from",
    ),
    Recogniser(
        "place",
        re.compile(
            r"(?<![^\W_])(?:in|at|around|outside|towards|(?:went|going|gone|go|back|over|down|up|drove|train|bus)[ ](?:to|from))[ ]"
            rf"{_SMALL_PLACE}"
        ),
        score=_SCORE,
        accept=_is_town,
        reference="Small letters after a word of place",
    ),
    Recogniser(
        "place",
        re.compile(rf"(?<![^\W_])(?:of|to|via)[ ]{_SMALL_PLACE}"),
        score=_SCORE,
        accept=_is_only_town,
        reference="Small letters after a word that other words follow more often",
    ),
)
"""Rows for places, each with the words that stand before them."""
