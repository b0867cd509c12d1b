"""Dates of birth and ages. Other dates are no identifiers and stay."""

import re

from saferedact.text.identifiers.recogniser import Recogniser, cue, pattern

__all__ = ["DATES"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:[0-3]?\d[ ]?[./\-][ ]?[01]?\d[ ]?[./\-][ ]?(?:19|20)?\d{2}|(?:19|20)\d{2}-[01]\d-[0-3]\d"
    rf"|[0-3]?\d(?:st|nd|rd|th)?[ ,\-]*(?:of[ ])?{_MONTH}[ .,\-]*(?:(?:19|20)\d{{2}}|'?\d{{2}})?"
    rf"|{_MONTH}[ .]*[0-3]?\d(?:st|nd|rd|th)?,?[ ]*(?:(?:19|20)\d{{2}})?)"
)
_BORN = r"d\.?o\.?b\.?|date of birth|born(?: on)?|birth(?: ?date|day)?|ganwyd|dyddiad geni"
_SOURCE = "Practice: dates and ages by the words beside them"

DATES: tuple[Recogniser, ...] = (
    Recogniser(
        "dob",
        pattern(rf"(?:{_BORN})[ \t]*(?:is|was|:|=|-|\||,|\()?[ \t\n]*(?:on[ ])?(?P<id>{_DATE})"),
        score=0.9,
        reference=_SOURCE,
    ),
    Recogniser("dob", pattern(_DATE), score=0.15, cued=0.8, cue=cue(_BORN), reference=_SOURCE),
    Recogniser(
        "dob",
        pattern(rf"(?P<id>{_DATE})[ \t]*\(?(?:dob|d\.o\.b)"),
        score=0.8,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        pattern(
            r"(?:aged?|oed)[ \t]*(?:is|:|=|-|about|around|approx\.?)?[ \t]*(?P<id>\d{1,3})"
            r"|(?:i'?m|i am|he'?s|she'?s|they'?re|turn(?:s|ed|ing)?|is|just)[ ](?P<id2>\d{1,2})(?=[ ]*(?:btw|yrs?|years?|now|lol|\.|,|!|\?|$))"
        ),
        score=0.8,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        pattern(r"(?P<id>\d{1,3})(?:[ \-](?:year|yr)s?[ \-]?olds?|[ ]?(?:y/?o|yrs)|[ \-]mlwydd oed)"),
        score=0.85,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",  # after a name: "Caitlin Morgan, 14, are"; "Colin Stubbs (52) from"
        re.compile(
            r"(?:(?<=[^\W\d_'\"],[ ])|(?<=[^\W\d_]\.,[ ]))(?P<id>\d{1,2})(?=[,.;:]?(?:[ \n]|$))(?![ ]*[A-Z\d]\w*[ ]?(?:street|road|lane|close|st|rd|ave))"
        ),
        score=0.5,
        reference=_SOURCE,
    ),
    Recogniser(
        "age",
        re.compile(r"(?<=[^\W\d_'\"][ ]\()(?P<id>\d{1,2})(?=\))|(?<=[a-z]['\"][ ])\d{1,2}(?![\w/:.,]\d)(?!\w)"),
        score=0.5,
        reference=_SOURCE,
    ),
)
