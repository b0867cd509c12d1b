"""Towns and places named alone, by the word before them: looked for only if a policy asks.

A release normally names the town, so that by default only an address with a street is an identifier.
Where even the town gives somebody away (a village, an island, a witness who moved), a policy says so.
"""

import re

from saferedact.text.identifiers.recogniser import Recogniser

__all__ = ["TOWNS"]

_WORD = r"[A-Z\u00c0-\u00de][^\W\d_]+(?:['\u2019][^\W\d_]+)?"
_NO_PLACE = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul"
    r"|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?(?![^\W_])"
    r"|(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|PS|DS|DI|DCI|Judge|Magistrates|Recorder|God|Court|English|Welsh|Polish)(?![^\W_])"
)
_PLACE = rf"(?!{_NO_PLACE}){_WORD}(?:(?:[ \-]|[ ](?:of|on|upon|under|by|in|le|the|y|yr)[ ]|-(?:on|upon|under|by|in|le|la|y)-){_WORD}){{0,4}}"

TOWNS = Recogniser(
    "place",
    re.compile(
        r"(?<![^\W_])(?i:of|from|in|at|near|to|towards|around|outside|via|lives?|moved|seen|visited|o|yn|ger|i)[ ]"
        rf"(?P<id>(?:the[ ])?(?:Isle[ ]of[ ])?{_PLACE}(?:,[ ](?:Isle[ ]of[ ])?{_PLACE}(?=[,.;:)\n]|$)){{0,2}})"
    ),
    score=0.35,
    reference="A capital after a word of place; possible, since people and firms stand there too",
)
"""Score: the tier that is redacted and shown to a person."""
