"""Nicknames in messages without capitals: "who told spud", "at kezs yard", "t bone owes me".

A list cannot hold them, for they are ordinary words, and without a capital nothing marks them but the
place in the sentence where only a person can stand. So they are no more than possible. Lines with a
capital are not looked at: there a nickname has one too.
"""

import re
from collections.abc import Iterator

from saferedact.text.chat_lines import chat_lines
from saferedact.text.not_names import is_title, never_in_name

__all__ = ["find_message_names"]

SCORE = 0.2
"""Possible: half of the words in such places, in messages of our own, were names."""

_NAME = r"(?P<name>(?:(?![aiurn][ ])[a-z][ ])?[a-z][a-z]{2,15})"
_SHORTEST, _LONGEST = 3, 500  # code points of what is said; a longer line is no message

_FRAMES = (
    # somebody to whom one speaks; what follows is what is said
    re.compile(
        rf"(?<![^\W_])(?:told|tell|ask|asked|txt|text|texted|belled|rang|ring|messaged|msg)[ ]{_NAME}"
        r"(?=[ ](?:he|hes|he's|she|shes|she's|they|that|about|abt|to|if|wot|what|where|why|how|when|i|im|not|this|its|u|ur)\b"
        r"|[ ]?[.,!?]|[ ]?$)"
    ),
    # somebody who speaks, owes, betrays
    re.compile(
        rf"(?:^|(?<=[.,!?][ ])|(?<=\b(?:and|but|cos|coz)[ ])|(?<=\b(?:that|then)[ ])|(?<=\bif[ ])|(?<=\bn[ ])){_NAME}[ ]"
        r"(?:reckons|recons|said|says|sez|told|owes|owed|wants|snitched|grassed|nicked|stole|sold|robbed|sorted|rang|phoned"
        r"|messaged|texted|legged|got nicked|got shift|done it|did it|isnt|aint|was there|is here)(?![^\W_])"
    ),
    # somebody who has a home and a family
    re.compile(
        rf"(?<![^\W_]){_NAME}(?:'s|(?<=s))[ ](?:yard|gaff|crib|drum|mum|mam|dad|nan|missus|bird|brother|bro|sister|cousin|mate|mates)(?![^\W_])"
    ),
    # somebody who is looked for
    re.compile(
        rf"(?<![^\W_])where(?:'?s|[ ]is)[ ]{_NAME}(?=[ ](?:at|gone|now|to|tonight|living|staying)\b|[ ]?\?|$)"
    ),
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
    for line in chat_lines(text):
        if not _SHORTEST <= line.end - line.start <= _LONGEST:
            continue
        said = text[line.start : line.end]
        if not said.islower():
            continue
        for frame in _FRAMES:
            for match in frame.finditer(said):
                name = match["name"].rpartition(" ")[2]
                if not (name in _NOBODY or never_in_name(name) or is_title(name)):
                    yield line.start + match.start("name"), line.start + match.end("name"), SCORE
