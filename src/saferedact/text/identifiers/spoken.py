"""Numbers that are said: digit by digit, and letters by the words of the radio alphabet."""

import re
from collections.abc import Iterable, Iterator

from saferedact.text.identifiers.justice import COLLAR_CUE
from saferedact.text.identifiers.recogniser import cue
from saferedact.text.spans import TextSpan

__all__ = ["RADIO_WORDS", "SPOKEN_DIGITS", "find_radio_letters", "find_spoken_numbers"]

_DIGIT_WORDS = {
    "oh": "0", "o": "0", "zero": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20",
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80",
    "ninety": "90", "hundred": "00", "thousand": "000", "niner": "9", "plus": "", "double": "", "triple": "",
    "treble": "",
    "dim": "0", "un": "1", "dau": "2", "tri": "3", "pedwar": "4", "pump": "5", "chwech": "6",
    "saith": "7", "wyth": "8", "naw": "9",
}  # fmt: skip
SPOKEN_DIGITS = frozenset(_DIGIT_WORDS)
"""Words that a number is said with: `find_spoken_numbers` looks around them."""

_TIMES = {"double": 2, "triple": 3, "treble": 3}
_SPOKEN_WORD = "|".join(sorted(_DIGIT_WORDS, key=len, reverse=True))
_SPOKEN = re.compile(
    rf"(?<![^\W_])(?:{_SPOKEN_WORD}|\d{{1,4}})(?:[ \t,.\-]{{1,3}}\n?(?:and[ ])?(?:{_SPOKEN_WORD}|\d{{1,4}})){{2,30}}(?![^\W_])",
    re.IGNORECASE,
)
_SPOKEN_CUE = cue(COLLAR_CUE)
_LETTERS = re.compile(r"[^\W\d_]+|\d+")


_DIGITS_BEFORE = re.compile(r"(?<![^\W_])(?:\d{1,4}[ \t,.\-]{1,3}\n?(?:and[ ])?){1,8}$")
_REACH = 64  # code points: eight groups of digits


def find_spoken_numbers(text: str, words: Iterable[tuple[int, int]]) -> Iterator[TextSpan]:
    """Find numbers that are said digit by digit: "oh seven seven hundred, nine double oh ...".

    Parameters
    ----------
    text : str
        Normalised text.
    words : iterable of (int, int)
        Places of `SPOKEN_DIGITS`, in order.

    Yields
    ------
    TextSpan
        A telephone number, a collar number after a rank, or a number of six digits or more.
    """
    after = 0
    for start, _ in words:
        if start < after:
            continue
        before = _DIGITS_BEFORE.search(text, max(start - _REACH, after), start)
        match = _SPOKEN.match(text, before.start() if before else start)
        if match is None:
            continue
        after = match.end()
        digits = _spoken_digits(_LETTERS.findall(match[0].lower()))
        rank = text[max(0, match.start() - 32) : match.start()]
        if len(digits) >= 9 and digits.startswith(("0", "44", "7", "1")):
            kind, score = "phone", 0.85
        elif _SPOKEN_CUE.search(rank) and 2 <= len(digits) <= 7:
            kind, score = "collar", 0.7
        elif len(digits) >= 5:
            kind, score = "number", 0.5
        else:
            continue
        yield TextSpan(match.start(), match.end(), "identifier", kind, score, "identifiers")


def _spoken_digits(words: list[str]) -> str:
    digits = ""
    times = 1
    for word in words:
        if word in _TIMES:
            times = _TIMES[word]
            continue
        digits += _DIGIT_WORDS.get(word, word if word.isdigit() else "") * times
        times = 1
    return digits


_RADIO = {
    "alfa": "A", "alpha": "A", "bravo": "B", "charlie": "C", "delta": "D", "echo": "E", "foxtrot": "F",
    "golf": "G", "hotel": "H", "india": "I", "juliet": "J", "juliett": "J", "kilo": "K", "lima": "L",
    "mike": "M", "november": "N", "oscar": "O", "papa": "P", "quebec": "Q", "romeo": "R", "sierra": "S",
    "tango": "T", "uniform": "U", "victor": "V", "whiskey": "W", "whisky": "W", "xray": "X", "yankee": "Y",
    "zulu": "Z",
}  # fmt: skip
"""The radiotelephony spelling alphabet (ICAO Annex 10, volume II, 5.2.1.3), as it is written down."""

RADIO_WORDS = frozenset(_RADIO)
"""Where `find_radio_letters` looks."""

_RADIO_WORD = "|".join(sorted(_RADIO, key=len, reverse=True))
_RADIO_DIGIT = r"(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|niner|\d{1,4})"
_RADIO_RUN = re.compile(
    rf"(?:(?:{_RADIO_WORD}|{_RADIO_DIGIT})[ ,.\-]{{1,3}}){{3,9}}(?:{_RADIO_WORD}|{_RADIO_DIGIT})(?![^\W_])",
    re.IGNORECASE,
)
_REGISTRATION = re.compile(
    r"[A-Z]{2}\d\d[A-Z]{3}|[A-Z]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,3}[A-Z]|[A-Z]{1,3}\d{1,4}"
)


def find_radio_letters(text: str, words: Iterable[tuple[int, int]]) -> Iterator[TextSpan]:
    """Find registration marks and references that are spelled: "yankee november nine nine kilo tango bravo".

    Parameters
    ----------
    text : str
        Normalised text.
    words : iterable of (int, int)
        Places of `RADIO_WORDS`, in order.

    Yields
    ------
    TextSpan
        A registration mark if it has the form of one, else a number; of four letters and digits or
        more, two of them letters of the alphabet: many of its words are ordinary ones.
    """
    after = 0
    for start, _ in words:
        match = _RADIO_RUN.match(text, start) if start >= after else None
        if match is None:
            continue
        after = match.end()
        said = _LETTERS.findall(match[0].lower())
        if sum(word in _RADIO for word in said) < _LEAST_LETTERS:
            continue
        written = "".join(_RADIO.get(word) or _spoken_digits([word]) for word in said)
        if _REGISTRATION.fullmatch(written):
            yield TextSpan(*match.span(), "plate", "vrm", 0.8, "identifiers")
        else:
            yield TextSpan(*match.span(), "identifier", "number", 0.5, "identifiers")


_LEAST_LETTERS = 2
