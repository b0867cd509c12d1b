"""Dates of birth and ages. Other dates are no identifiers and stay."""

import re

from saferedact.text.identifiers.recogniser import Recogniser, cue, pattern

__all__ = ["DATE", "DATES", "DATES_IN_WORDS"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = (
    r"(?:[0-3]?\d[ ]?[./\-][ ]?[01]?\d[ ]?[./\-][ ]?(?:19|20)?\d{2}|(?:19|20)\d{2}-[01]\d-[0-3]\d"
    rf"|[0-3]?\d(?:st|nd|rd|th)?[ ,\-]*(?:of[ ])?{_MONTH}[ .,\-]*(?:(?:19|20)\d{{2}}|'?\d{{2}})?"
    rf"|{_MONTH}[ .]*[0-3]?\d(?:st|nd|rd|th)?,?[ ]*(?:(?:19|20)\d{{2}})?)"
)
_BARE_DATE = rf"(?:{DATE}|[0-3]?\d[ ][01]?\d[ ](?:19|20)?\d{{2}}|\d{{8}}|\d{{6}}|(?:19|20)\d{{2}})"
"""What counts as a date only directly after the words that say so."""

_FILL = r"(?:[ \t]*(?:is|was|it's|its|given as|as|the|on|of|in|about|:|=|-|\||,|\(|\?))*[ \t\n]*(?:[Ii]t'?s[ ])?(?:the[ ])?"
_NUMBER = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|one|two|three|four|five|six|seven|eight|nine|oh)"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|\d{1,2}(?:st|nd|rd|th)?)"
)
_BORN = r"d\.?o\.?b\.?|date of birth|born(?: on)?|birth(?: ?date|day)?|ganwyd|dyddiad geni"
_BORN_WORDS = frozenset("d do dob date born birth birthdate birthday ganwyd dyddiad".split())
_AGE_WORDS = frozenset(
    "twenty thirty forty fifty sixty seventy eighty ninety ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen one two three four five six seven eight nine oh age aged i im she he turn turns "
    "turned turning".split()
)
"""Words that the rules below begin with."""

_THINGS = "value number size length version default priority count total level limit score result weight width height".split()
_PERSON_IS = "".join(rf"(?<!{thing}[ ])" for thing in _THINGS) + "is"
"""What is a number without being somebody's age: "the value is 50"."""

_SOURCE = "Practice: dates and ages by the words beside them"

DATES: tuple[Recogniser, ...] = (
    Recogniser(
        "dob",
        pattern(rf"(?:{_BORN}|b\.){_FILL}(?P<id>{_BARE_DATE})"),
        score=0.9,
        reference=_SOURCE,
    ),
    Recogniser("dob", pattern(DATE), score=0.15, cued=0.8, cue=cue(_BORN), reference=_SOURCE),
    Recogniser(
        "dob",
        pattern(rf"(?P<id>{DATE})[ \t]*\(?(?:dob|d\.o\.b)"),
        score=0.8,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        pattern(
            r"(?:aged?|oed)[ \t]*(?:is|:|=|-|about|around|approx\.?)?[ \t]*(?P<id>\d{1,3})"
            r"|(?:i'?m|i am|he'?s|she'?s|they'?re|turn(?:s|ed|ing)?|"
            + _PERSON_IS
            + r"|just)[ ](?P<id2>\d{1,2})(?=[ ]*(?:btw|yrs?|years?|now|lol|\.|,|!|\?|$))"
        ),
        score=0.8,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        pattern(
            r"(?P<id>\d{1,3})(?:[ \-](?:year|yr)s?[ \-]?olds?|[ ]?(?:y/?o|yrs)|[ \-]mlwydd oed)"
        ),
        score=0.85,
        reference=_SOURCE,
    ),
    Recogniser(
        "dob",
        re.compile(
            r"(?<=[a-z],[ ])(?P<id>[0-3]?\d[/.\-][01]?\d[/.\-](?:19|20)?\d{2})(?=[^\w/.\-]|[.](?!\d)|$)"
        ),
        score=0.5,
        reference="Practice: a date that follows a name",
    ),
    Recogniser(
        "age",  # after a name: "Caitlin Morgan, 14, are"; "R.K., 11,"; "Colin Stubbs (52) from"
        re.compile(
            r"(?<![^\W_])[^\W\d_a-z\u00df-\u00ff](?:[^\W\d_][\w'\-]*|\.),[ ](?P<id>\d{1,2})(?=[,.;:]?(?:[ \n]|$))"
            r"(?![ ]*[A-Z\d]\w*[ ](?:Street|Road|Lane|Close|Avenue|Drive|Way))"
            r"|(?<=[^\W\d_'\"][ ]\()(?P<id2>\d{1,2})(?=\))|(?<=[a-z]['\"][ ])(?P<id3>1\d)(?![\w/:.,]\d)(?!\w)"
        ),
        score=0.5,
        reference=_SOURCE,
    ),
)

DATES_IN_WORDS: tuple[Recogniser, ...] = (
    Recogniser(
        "dob",
        re.compile(
            rf"(?<![^\W_])(?:{_BORN})(?!\w)[^\d]{{0,60}}?(?P<id>(?:the[ ])?(?:{_ORDINAL}|{_NUMBER}(?:[ \-]{_ORDINAL})?)[ ](?:of[ ])?{_MONTH}"
            rf"(?:[ ,\-]+(?:{_NUMBER}|hundred|thousand|and|\d{{2,4}})){{0,7}})(?!\w)",
            re.IGNORECASE,
        ),
        score=0.8,
        leads=_BORN_WORDS,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        re.compile(
            rf"(?<![^\W_])(?P<id>{_NUMBER}(?:[ \-]{_NUMBER})?)[ \-](?:years?|yrs?)[ \-]olds?"
            rf"|(?<![^\W_])(?:aged?|i'?m|i am|she's|he's|she is|he is|turn(?:ed|ing|s)?)[ ](?P<id2>{_NUMBER}(?:[ \-]{_NUMBER})?)(?=[ ]*(?:[.,;!?\n]|$|now|and|years|nearly|almost|going|coming))",
            re.IGNORECASE,
        ),
        score=0.7,
        leads=_AGE_WORDS,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",  # the answer, perhaps after a speaker's name: "how old is she / MUM: she's nineteen"
        re.compile(
            rf"(?<![^\W_])how old[^\n]{{0,60}}?\n?(?:[^\n:]{{1,30}}:[ ]*)?(?:she's|he's|i'?m|i am|she is|he is)?[ ]*(?P<id>{_NUMBER}(?:[ \-]{_NUMBER})?(?:[ ](?:nearly|almost|going on)[ ]{_NUMBER})?|\d{{1,2}})(?!\w)",
            re.IGNORECASE,
        ),
        score=0.7,
        leads=frozenset({"how"}),
        reference=_SOURCE,
    ),
    Recogniser(
        "age",  # "she was only fourteen at the time"; what follows is no thing that is counted
        re.compile(
            rf"(?<![^\W_])(?:(?:he|she|they|i|who|we)[ ](?:is|was|were|am|must be|would be|looks|looked)|(?:he|she)'s)[ ]"
            rf"(?:(?:only|just|about|around|like|roughly|maybe|probably|nearly|almost|still)[ ]){{0,2}}"
            rf"(?P<id>{_NUMBER}(?:[ \-]{_NUMBER})?|\d{{1,2}})(?=[ ]?(?:[.,;!?\n]|$)|[ ](?:at the time|when|now|but|then|in[ ]{_MONTH}|next|last|nearly|almost|going|or so)\b)(?![.,:]\d)",
            re.IGNORECASE,
        ),
        score=0.6,
        leads=frozenset({"he", "she", "they", "i", "who", "we"}),
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        re.compile(
            rf"(?<![^\W_])(?:boy|girl|man|woman|lad|lass|male|female|child|teenager|teen|youth|kid|son|daughter|pensioner|baby|toddler)[ ]of[ ]"
            rf"(?:(?:about|around|only|just)[ ])?(?P<id>{_NUMBER}(?:[ \-]{_NUMBER})?|\d{{1,2}})(?![\w:/]|[.,]\d)",
            re.IGNORECASE,
        ),
        score=0.6,
        leads=frozenset(
            "boy girl man woman lad lass male female child teenager teen youth kid son daughter pensioner baby toddler".split()
        ),
        reference=_SOURCE,
    ),
)
"""What has no digit, and is looked for in the whole text."""
