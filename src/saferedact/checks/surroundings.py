"""What stands in a sentence and around it that tells how to read its wording.

The same words are fair in the report of a case that is over, in a request not to guess, or in a text
that names no accused. None of it exempts a sentence: it is weighed by `saferedact.checks.wording_model`.
"""

import re
from collections.abc import Iterator, Sequence

from saferedact.checks.reference import NAME_SIGN, Masked

__all__ = ["surroundings"]

_NEAR, _WIDE = 1, 3
"""Sentences to each side: in which a case is over or nobody is to guess, and in which the accused is named."""

_WHEN = (
    r"(?:today|yesterday|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|this (?:week|morning|afternoon)|"
    r"last (?:week|night|month)|(?:\w+ )?(?:crown|magistrates'?|sheriff|high) court|"
    r"(?:following|after) a (?:\w+[- ])?trial|jur(?:y|ors)|the judge)"
)
_OVER = re.compile(
    r"\b(?:(?:has|have) (?:now )?been (?:jailed|sentenced|convicted|acquitted|cleared)|"
    r"(?:jailed|sentenced|convicted|found guilty|acquitted|cleared of|life sentence|verdicts?)\b[^.\n]{0,80}\b"
    rf"{_WHEN}|{_WHEN}[^.\n]{{0,60}}\b"
    r"(?:jailed|sentenced|convicted|acquitted|cleared|found (?:him|her|them|\w+ \w+) guilty)|"
    r"trial(?:'s| is| has) (?:now )?(?:over|ended|finished)|(?:lost|dismissed|refused) (?:his|her|an|the) appeal|"
    r"(?:charges?|cases?|proceedings) (?:against [^.\n]{0,40} )?(?:\w+ ){0,2}"
    r"(?:dropped|discontinued|withdrawn|dismissed)|dropped (?:all |the |every )*charges?|offer(?:ed|ing) no evidence|"
    r"began (?:his|her|a) sentence|pleaded guilty|admitted at)\b",
    re.IGNORECASE,
)
"""A case that has just ended. Old ones are somebody's record: a day or a court must be told."""

_DENIAL = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|has|have|can|could|will|would|should|must|may)(?: ?n[o']t|n't)|"
    r"cannot|won't|never|no(?:body| one)?|nothing|neither|nor|not|refrain|avoid|stop|instead of|rather than|"
    r"wrong to|unfair|leave it|let's not|be kind)\b",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:jury|jurors?|courts?|trial|presum\w+|contempt|proceedings|law|legal|verdict|innocent|assume|"
    r"speculat\w+|guess\w*|comment\w*)\b",
    re.IGNORECASE,
)
_APPEAL = re.compile(r"\b(?:if you|anyone|anybody|please|call|contact)\b", re.IGNORECASE)


def surroundings(sentences: Sequence[Masked], at: int) -> Iterator[str]:
    """Write as signs how a sentence is to be read.

    Parameters
    ----------
    sentences : sequence of Masked
        Those of one text, in order.
    at : int
        Which of them.
    """
    sentence = sentences[at]
    beside = [s for s in sentences[max(0, at - _NEAR) : at + _NEAR + 1] if s is not sentence]
    if NAME_SIGN in sentence.text:
        yield "named"
    else:
        wide = sentences[max(0, at - _WIDE) : at + _WIDE + 1]
        yield "named near" if any(NAME_SIGN in s.text for s in wide) else "unnamed"
    if any(_OVER.search(s.plain) for s in (sentence, *beside)):
        yield "over"
    if any(s.reminder for s in beside):
        yield "reminder near"
    if _DENIAL.search(sentence.plain):
        yield "denial of law" if _LAW.search(sentence.plain) else "denial"
    if any(_DENIAL.search(s.plain) and _LAW.search(s.plain) for s in beside):
        yield "denial of law near"
    if "?" in sentence.plain:
        yield "question"
    if '"' in sentence.plain:
        yield "quote"
    if _APPEAL.search(sentence.plain):
        yield "appeal"
