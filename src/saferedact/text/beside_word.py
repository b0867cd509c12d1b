"""What stands beside a lone capital and makes it a place or a thing: addresses, places, colors, dates.

It weakens the opinion of the list of names alone, and only of words that are not surely names. Another
recogniser that takes the word for a person is not overruled.
"""

import re

__all__ = ["is_feast", "is_in_address", "is_place", "is_thing"]

_REACH = 24  # code points before a word that are looked at

_ARTICLE = re.compile(r"(?<![^\W_])(?:the|an?)[ ]$", re.IGNORECASE)
_FAMILY = re.compile(r"s?[ ](?:famil|brothers|sisters|twins|boys|girls|lot|household|couple)")
"""People go without an article, families do not."""

_COLOR = re.compile(
    r"(?<![^\W_])(?:(?:dark|light)[ ])?(?:black|white|blue|red|silver|gr[ea]y|green|gold|yellow|orange|marked|unmarked)[ ]$"
)
_NUMBER_NEXT = re.compile(r"[ ]\d{1,2}(?![\d:./])|[ ][A-Z]?\d{5,}")
"""Ward 12, Seal B0098123."""

_WHERE = re.compile(r"(?<![^\W_])(?:in|at|near|outside|around|inside)[ ]$")
_FROM_WHERE = re.compile(
    r"(?<![^\W_])(?:from|towards|(?:drove|drives|moved|went|travelled|ran|walked|sent)[ ]to|HMP)[ ]$"
)
_OWNER_NEXT = re.compile(r"['\u2019]s(?![^\W_])")

_AFTER_STREET = re.compile(
    r"(?<![^\W_])(?i:street|road|rd|lane|close|avenue|ave|drive|way|crescent|grove|terrace|gardens|court|hill|row|mews|"
    r"market|place|walk|house|square)(?:,[ ]?|[ ]?\n)$"
)
_BEFORE_POSTCODE = re.compile(r",?[ \n][A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}(?![^\W_])")

_FEAST_BEFORE = re.compile(
    r"(?<![^\W_])(?:boxing|pancake|christmas|easter|burns|bank holiday|(?:new year|mother|father|valentine|patrick|george|andrew|david)['\u2019]?s)[ ]$",
    re.IGNORECASE,
)
_FEAST_DAY = re.compile(r"(?:day|eve|night|sunday|saturday)(?![^\W_])", re.IGNORECASE)


def is_thing(text: str, start: int, end: int) -> bool:
    """Say whether a word is a thing: at the park, the Castle, a blue Ford, Ward 12.

    Parameters
    ----------
    text : str
        Normalised text.
    start, end : int
        Place of the word, half-open.
    """
    before = text[max(start - _REACH, 0) : start]
    if _ARTICLE.search(before) and _FAMILY.match(text, end) is None:
        return True
    return _COLOR.search(before) is not None or _NUMBER_NEXT.match(text, end) is not None


def is_place(text: str, start: int, end: int, *, known_place: bool, known_name: bool) -> bool:
    """Say whether a word is a town: in Glasgow, 12 Alder Way, Penmoor, from Wythenshawe.

    Parameters
    ----------
    text : str
        Normalised text.
    start, end : int
        Place of the word, half-open.
    known_place, known_name : bool
        Whether the list knows it as a place, and as a name.
    """
    if _OWNER_NEXT.match(text, end):
        return False
    before = text[max(start - _REACH, 0) : start]
    if is_in_address(text, start, end):
        return True
    if _WHERE.search(before):
        return known_place or not known_name
    return not known_name and (_FROM_WHERE.search(before) is not None or before.endswith("#"))


def is_in_address(text: str, start: int, end: int) -> bool:
    """Say whether a word or run follows a street, or stands before a postcode."""
    if _BEFORE_POSTCODE.match(text, end):
        return True
    return _AFTER_STREET.search(text, max(start - _REACH, 0), start) is not None


def is_feast(text: str, start: int, end: int) -> bool:
    """Say whether a word is the day of a feast: Boxing Day, Christmas Eve, or the feast before it."""
    day = _FEAST_DAY.match(text, start)
    if day is not None and day.end() == end:
        return _FEAST_BEFORE.search(text, max(start - _REACH, 0), start) is not None
    after = _FEAST_DAY.match(text, end + 1)
    return after is not None and _FEAST_BEFORE.fullmatch(text, start, end + 1) is not None
