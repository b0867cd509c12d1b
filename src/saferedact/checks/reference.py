"""Who a sentence is about: the accused by name, pronoun or description, or nobody of the case.

Names are masked by a private sign of the same length, so that offsets stay those of the text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from saferedact.checks.base import Context, Place
from saferedact.checks.charges import charges_in, quoted_charges
from saferedact.checks.sentences import sentences_of

__all__ = ["ACCUSED", "NAME_SIGN", "Masked", "masked_text", "masked_texts"]

NAME_SIGN = "\ua66e"
"""Stands for each character of a name of the accused: a letter, so that words end beside it, and one
of which a single use in one old manuscript is known."""

_NAME = rf"{NAME_SIGN}+(?:'s)?"
_DESCRIPTION = (
    r"(?:the|this|that)\s+(?:\w+\s+){0,2}?(?:suspect|defendant|accused|arrested (?:man|woman)|man|"
    r"woman|teenager|pensioner|youth|driver|\d{1,2}[- ]year[- ]old|treasurer|teacher|officer|pair|"
    r"couple|father|mother|boy|girl)|(?:a|an|the|this)?\s*\d{1,2}[- ]year[- ]old(?:\s+\w+)?"
)
ACCUSED = {"N": _NAME, "A": rf"{_NAME}|\b(?:he|she)\b|\b(?:{_DESCRIPTION})"}
"""Words of the lists that stand for the accused: by name, or however called."""

_FRAGMENT_WORDS = 5
"""Words of a piece that has no subject of its own and takes its neighbour's."""

_PRONOUN = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_DESCRIBED = re.compile(rf"\b(?:{_DESCRIPTION})\b", re.IGNORECASE)

_PROCEEDINGS_ACTIVE = re.compile(
    r"\bproceedings\b[^.]*\bare active\b|\bright to a fair trial\b|\bcontempt of court\b|"
    r"\bcould (?:prejudice|collapse)\b|\b(?:entitled to a fair|innocent until proven)\b|"
    r"\bmake sure nothing\b",
    re.IGNORECASE,
)
"""What offices write to remind the public of contempt; such a sentence is exempt from every list."""

_REMINDER = re.compile(
    r"\bput (?:the|a|any) trial at risk\b|\bstop a fair trial\b|\bbreaking the law\b|"
    r"\b(?:please|we (?:ask|urge|remind)|urge|ask(?:ed|ing)?) [^.]{0,40}\b(?:do not|don't|not to|leave it to|let the "
    r"court)\b|\b(?:question|matter) for (?:the|a) (?:jury|court)\b|\bfor (?:a|the) jury to (?:say|decide)\b|"
    r"\b(?:speculat|guess)ing (?:on|about|at|what)\b|\bwrong to speculate\b|\bin the eyes of the law\b|"
    r"\bpresum(?:ed|ption of) innocen\w+|\bnot the same as being guilty\b|\bshould be read as\b|"
    r"\b(?:we|force|police|office|spokes\w+|council|crown|cps) (?:\w+ ){0,2}(?:will not|won't|cannot|can't|not in a "
    r"position to|declined? to|would not|do(?:es)? not) (?:discuss|say|comment|releas\w+|issu\w+|giv\w+|confirm|"
    r"publish\w*|answer\w*)\b|\b(?:will not|won't|cannot|can't|is not) be (?:discussed|released|issued|published|given|"
    r"confirmed)\b|"
    r"\b(?:nothing to do|no (?:link|connection)|not connected) with\b|\bcan(?:not| ?'?t) be reported\b|"
    r"\bthreats? (?:against|to) [^.]{0,60}\bwill be investigated\b|\bhelps nobody\b|"
    r"\b(?:rumours?|reports?|claims?|suggestions?)\b[^.]*\b(?:are|is|were|was) (?:untrue|wrong|false|inaccurate|"
    r"mistaken)\b|\bit is not true that\b|^correction:|\bapologi[sz]\w+ for (?:saying|suggesting)\b|\blaw of "
    r"contempt\b|\bfrom being published\b|\b(?:no|any) plans? to (?:release|issue|publish)\b|\bimproper to\b",
    re.IGNORECASE,
)
"""Other words of warning, denial or silence. They count against a finding and exempt nothing: "please do
not share it, but he has been in prison" is found."""

_VERDICT = re.compile(
    r"\b(?:killer|murderer|rapist|offender|perpetrator|culprit|attacker|"
    r"stalker|thief|burglar|robber|fraudster|dealer|abuser|groomer|paedophile|predator|monster|"
    r"terrorist|strangler|ripper|beast|convict)\b"
)
"""What an alias may say that is no name but a description or a verdict: it stays to be judged."""

_STRAIGHT = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "}
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with names and charges masked, every character in its place.

    Parameters
    ----------
    text : str
        The masked sentence, quotes and spaces plain.
    plain : str
        The sentence unmasked, quotes and spaces plain.
    start : int
        Code point of the segment at which it begins.
    place : Place
        Its file and segment.
    refers : bool
        Whether it names an accused, or has words that may mean one.
    near : bool
        Whether it refers, or is a short piece beside a sentence that does.
    beside : bool
        Whether it or a sentence beside it refers.
    reminder : bool
        Whether it warns, denies or declines to say.
    """

    text: str
    plain: str
    start: int
    place: Place
    refers: bool
    near: bool = False
    beside: bool = False
    reminder: bool = False


def masked_text(text: str, names: list[tuple[int, int]]) -> str:
    """Mask names and charges; the length stays."""
    shown = list(text.translate(_STRAIGHT))
    for start, end in names:
        end -= 2 * "".join(shown[start:end]).endswith("'s")  # noqa: PLW2901  it is not the name
        shown[start:end] = NAME_SIGN * (end - start)
    masked = "".join(shown)
    return _blanked(masked, charges_in(masked))


def _blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Put spaces in place of stretches, all but the names in them."""
    signs = list(text)
    for start, end in places:
        signs[start:end] = [sign if sign == NAME_SIGN else " " for sign in signs[start:end]]
    return "".join(signs)


def masked_texts(context: Context) -> list[Masked]:
    """List every sentence of the release, masked; worked out once."""
    known: list[Masked] | None = context.memo.get("sentences")
    if known is None:
        known = context.memo["sentences"] = list(_masked_texts(context))
    return known


def _masked_texts(context: Context) -> Iterator[Masked]:
    for place, position in context.texts():
        if place.segment is None or not place.segment.text:
            continue
        mentions = context.mentions.get((place.material.id, position), ())
        accused = {p.ref for p in context.case.accused} if context.case else set()
        names = [
            (mention.start, mention.end)
            for mention in mentions
            if (
                mention.ref in accused
                or (context.case is None and mention.label == "name" and mention.ref is None)
            )
            and not _VERDICT.search(place.segment.text, mention.start, mention.end)
        ]
        yield from _near(list(_sentences(place, names)))


def _sentences(place: Place, names: list[tuple[int, int]]) -> Iterator[Masked]:
    text = place.segment.text if place.segment else ""
    masked = masked_text(text, names)
    for sentence in sentences_of(text):
        end = sentence.start + len(sentence.text)
        words = masked[sentence.start : end]
        words = _blanked(words, quoted_charges(sentence.text.translate(_STRAIGHT)))
        if _PROCEEDINGS_ACTIVE.search(words):
            words = " " * len(words)
        refers = NAME_SIGN in words or bool(_PRONOUN.search(words) or _DESCRIBED.search(words))
        plain = sentence.text.translate(_STRAIGHT)
        reminder = bool(_REMINDER.search(words))
        yield Masked(words, plain, sentence.start, place, refers, reminder=reminder)


def _near(sentences: list[Masked]) -> Iterator[Masked]:
    """Let short pieces be about whom their neighbours are about: "Pure evil." after a name."""
    for at, sentence in enumerate(sentences):
        around = sentences[max(0, at - 1) : at + 2]
        short = len(sentence.text.split()) <= _FRAGMENT_WORDS
        near = sentence.refers or (short and any(other.refers for other in around))
        yield replace(sentence, near=near, beside=any(other.refers for other in around))
