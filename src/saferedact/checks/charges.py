"""Where a sentence says what somebody is charged with, which is fair to say.

Only the offence is left out, not what is told after it: "charged with theft, is facing five years"
speaks of five years.
"""

import re
from collections.abc import Iterator

__all__ = ["charges_in", "quoted_charges"]

_SAID_THAT = re.compile(
    r"\b(?:alleges? that|(?:allegation|charge|case)(?: against \S+)? is that)\b"
    r"(?P<words>(?:(?!\b(?:and|but|who|which|while|after|when)\s+(?:has|had|was|is|will|would|he|she|"
    r"they|also|already)\b)[^.;!?\n]){0,400}?)(?=,\s+(?:who|which|and|but|he|she|said|police|after|while|was|is|has|had|will)\b|"
    r"\s+(?:and|but|who|which|while|after|when)\s+(?:has|had|was|is|will|would|he|she|they|also|already)"
    r"\b|[.;!?\n]|$)",
    re.IGNORECASE,
)
"""What the case is said to be, to the end of the clause."""

_CUE = re.compile(
    r"\b(?:charged(?:\s+(?!connection\b|along\b)[\w']+){0,5}?\s+with|charge of|accused of|on suspicion of|suspected of|"
    r"counts? of|offences? of(?! (?:this|that|these|the|any)\b)|arrested for|conspiracy to|denies|indicted (?:for|on))\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:threats? to kill|assault occasioning|possession of|contrary to section)\b", re.IGNORECASE
)
_FIXED = re.compile(
    r"\b(?:sexual grooming|grooming parlour|dog grooming|grooming (?:kits?|brushes)|dangerous driving|"
    r"careless driving|death by \w+ driving|controlling (?:or|and) coercive behaviour)\b",
    re.IGNORECASE,
)
"""Names of offences and of trades that sound like a deed."""

_BREAK = re.compile(
    r"(?P<stop>[.;!?\n]|\s[-\u2013\u2014]|\b(?:who|whose|which|while|after|when|but|because|since|though|although|as he|"
    r"as she|so|if|unless|until)\b)|,|\band\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"[\s,]*(?:(?:and|or|with)\s+)?(?!(?:facing|having|being|awaiting|appearing|living|working|standing|wearing|"
    r"remaining|looking|according|including|leaving|wanting|asking|saying|telling|showing|nothing|something|"
    r"everything|anything|during|morning|evening|king|facing|faces?|is|was|has|had|will|would|he|she|they|it|"
    r"we|police|now|then|said)\b)"
    r"(?:\w+ing\b|(?:[\w'\u00a3-]+\s+){0,4}?(?:murder|manslaughter|rape|assault|burglar|theft|fraud|robber|arson|possess|"
    r"causing|damage|suppl|conspir|harass|stalk|grievous|actual bodily|wound|affray|threat|driving|"
    r"indecent|sexual|drugs?\b|cocaine|cannabis|heroin|class [abc]\b|weapon|blade|knife|firearm|perverting|launder|attempt|handling|"
    r"public order|breach|blackmail|kidnap|imprisonment|abduct|traffick|cruelty|neglect|exposure|voyeur|"
    r"obstruct|resist|offen[cs]e|counts?\b|charges?\b|false|forger|misconduct|intent|coercive|strangulation|"
    r"explosive|endanger|failing to|failure to|without insurance|disqualified|one of|two of|three of|another of))",
    re.IGNORECASE,
)
"""What goes on with offences after a comma or an "and": a deed in -ing, or a word of their names."""

_LONGEST = 400
"""Code points of the wording of charges; longer ones are judged."""

_QUOTED = re.compile(r'"[^"\n]{1,200}"')
_CHARGE_WORD = re.compile(r"\b(?:indictment|charges?|counts?|contrary to)\b", re.IGNORECASE)
_SPOKEN = re.compile(
    r"\b(?:said|says|say|saying|told|tells|added|adds|wrote|writes|posted|posts|tweeted|replied|according|commented|"
    r"claimed|claims|insisted|joked|shouted|asked|explained|reads? one|as one)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:i|we|you|us|our|my|your|me|he|she|him|his|her|they|them|it's|that's)\b", re.IGNORECASE
)


def charges_in(text: str) -> Iterator[tuple[int, int]]:
    """Find the wording of charges and the names of offences.

    Parameters
    ----------
    text : str
        A text with plain quotes and spaces.

    Yields
    ------
    (int, int)
        Code points, half-open; they may overlap.
    """
    for match in _SAID_THAT.finditer(text):
        yield match.span("words")
    for match in _CUE.finditer(text):
        yield match.end(), _end(text, match.end())
    for match in _NAMED.finditer(text):
        yield match.start(), _end(text, match.end())
    for match in _FIXED.finditer(text):
        yield match.span()


def _end(text: str, begin: int) -> int:
    """Find where the offences end that begin at a place."""
    last = min(begin + _LONGEST, len(text))
    for found in _BREAK.finditer(text, begin, last):
        if found["stop"] or not _MORE.match(text, found.start(), last):
            return found.start()
    return last


def quoted_charges(sentence: str) -> Iterator[tuple[int, int]]:
    """Find what a sentence quotes from an indictment.

    What somebody said is not of it, though the sentence speaks of a charge.

    Parameters
    ----------
    sentence : str
        With plain quotes.

    Yields
    ------
    (int, int)
        Code points, half-open.
    """
    outside = _QUOTED.sub(" ", sentence)
    if not _CHARGE_WORD.search(outside) or _SPOKEN.search(outside):
        return
    for match in _QUOTED.finditer(sentence):
        if not _PERSONAL.search(match[0]):
            yield match.span()
