"""What several recognisers saw of the same words, made one: agreement raises, nothing vetoes.

Each word gets from each recogniser the best score of that recogniser's spans that touch it, and the
word's own score is 1 minus the product of what is left: two that are half sure are three quarters
sure together. A recogniser can only ever add to it, so that no word is lost by asking one more.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from saferedact.text.gazetteer import name_strength
from saferedact.text.identifiers.code_words import code_words
from saferedact.text.lexicon import Strength, fold, keeps_small
from saferedact.text.not_names import in_welsh, is_head, is_month_of_date, is_title, never_in_name
from saferedact.text.spans import TextSpan
from saferedact.text.technical import TechnicalText

__all__ = ["LIKELY", "POSSIBLE", "SURE", "combine"]

SURE, LIKELY, POSSIBLE = 0.85, 0.5, 0.2
"""The tiers of names, as least scores."""

TOGETHER = 0.8
"""Share of a word's score that the words beside it get when one recogniser took them for one name:
"Zuzanna" known, "Quirke" not, but seen as one by a model."""

ECHO = "repeated"
"""Source of a word that is of a sure name elsewhere."""

REPEATED, MIN_REPEATED = 0.6, 3
"""Score of a word that is sure to be of a name elsewhere in the text ("Field said"), and its least
number of letters."""

DOUBTFUL = 0.4
"""Most that one recogniser's word makes of what is hardly written as a name (`_is_doubtful`): possible,
so that it is hidden where all tiers are, but is not looked for in the rest of the text. Models take
every third word of a manual's listings for a name."""

_LONGEST_PART = 4  # letters of a word of programs that is a name as well: len, der, str

_SUPPORT = 0.45
"""Least score that counts as an opinion on such a word: spaCy's .5 does, "URI is" (.4 for a word before
a verb) does not."""

_MAX_WORD = 64  # code points: what is longer is no word, and must not cost its square in time
_WORD = re.compile(rf"[^\W_]{{1,{_MAX_WORD}}}(?:['\u2019][^\W_]{{1,{_MAX_WORD}}}){{0,3}}")
_ADDRESS = re.compile(
    r"[^\s<>()\"]{1,64}@[^\s<>()\"]{1,255}|(?:https?://|www\.|t\.me/)\S{1,255}"
    r"|[^\W_]{1,32}(?:_[^\W_]{0,32}){1,4}(?:#\d{4})?|[^\W_]{1,32}#\d{4}"
)
"""Addresses of e-mail, links and user names: identifiers, of which only known name words are names."""

_UNBROKEN = re.compile(r"[^\s<>()\"]+$")
_LONGEST_ADDRESS = 320  # code points; the longest of the forms above
_ADDRESS_SIGN = re.compile("[@#_]|://|www|t\\.me")

_GAP = re.compile(
    r"(?:[ \t]{0,3}[-'\u2019\"\u201c\u201d]{0,2}|(?<![^\W_]{3})\.[-'\u2019\"\u201c\u201d]?)[ \t]{0,3}"
)
"""What stands within one name: a full stop only after an initial or a short form (St., Wm.), since
"Priya Nair. Anna Bell" are two people."""

_POSSESSIVE = re.compile(r"['\u2019][sS]$")


@dataclass(slots=True)
class _WordEvidence:
    start: int
    end: int
    scores: dict[str, float] = field(default_factory=dict)
    total: float = 0.0
    beside_name: bool = (
        False  # whether a recogniser took it for a part of a name of which a word is listed
    )


def combine(text: str, spans: Iterable[TextSpan], *, least: float = POSSIBLE) -> list[TextSpan]:
    """Make one list of names of what the recognisers saw.

    Parameters
    ----------
    text : str
        The text of the spans' positions.
    spans : iterable of TextSpan
        Of one kind, from any number of recognisers. The part of a `source` before a colon is the
        recogniser: a second look of one at the truecased copy does not count as a second opinion.
    least : float
        Words below this score are left out.

    Returns
    -------
    list of TextSpan
        In order, none overlapping, on word borders. Neighbouring words are one span where they
        reach the same tier; its score is that of its least sure word.
    """
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    evidence = _Evidence(text)
    evidence.add(ordered)
    words = evidence.weigh()
    repeated = list(_repeated(text, words))
    if repeated:
        evidence.add(repeated)
        words = evidence.weigh()
    joined: list[TextSpan] = []
    previous: _WordEvidence | None = None
    for word in words:
        if word.total < least:
            continue
        last = joined[-1] if joined else None
        if (
            last is not None
            and previous is not None
            and _tier(previous.total) == _tier(word.total)
            and _GAP.fullmatch(text, previous.end, word.start)
        ):
            joined[-1] = TextSpan(
                last.start,
                word.end,
                last.label,
                last.kind,
                min(last.score, word.total),
                last.source,
            )
        else:
            joined.append(
                TextSpan(word.start, word.end, "name", "person", word.total, _best(word.scores))
            )
        previous = word
    return joined


def _repeated(text: str, words: list[_WordEvidence]) -> Iterator[TextSpan]:
    """Find the words of sure names wherever else they stand: with a capital, or small as they were."""
    sure: dict[str, bool] = {}  # whether it was seen in small letters
    for word in words:
        if word.total >= SURE and word.end - word.start >= MIN_REPEATED:
            written = text[word.start : word.end]
            sure[fold(written)] = sure.get(fold(written), False) or written.islower()
    if not sure:
        return
    any_small = any(sure.values())
    for match in _WORD.finditer(text):
        written = match[0]
        capital = written[0].isupper()
        if not (capital or any_small):
            continue
        plain = written if written.isalnum() else _POSSESSIVE.sub("", written)
        small = sure.get(fold(plain))
        if small or (small is not None and capital):
            end = match.start() + len(plain)
            yield TextSpan(match.start(), end, "name", "person", REPEATED, ECHO)


def _tier(score: float) -> int:
    return (score >= SURE) + (score >= LIKELY)


def _best(scores: dict[str, float]) -> str:
    return max(scores.items(), key=lambda item: (item[1], item[0]))[0] if scores else "names"


class _Evidence:
    """What spans say of the words that they touch."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._addresses = _addresses(text)
        self._code = _code_places(text, self._addresses)
        self._joined = [place for place in self._addresses if "@" not in text[slice(*place)]]
        self._technical: TechnicalText | None = None
        self._words: dict[int, _WordEvidence] = {}
        self._touched: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._members: list[tuple[int, int, list[_WordEvidence]]] = []

    def add(self, spans: Iterable[TextSpan]) -> None:
        """Count what some spans say."""
        for span in spans:
            place = (span.start, span.end)
            if place not in self._touched:  # several recognisers often see the same stretch
                self._touched[place] = list(_words_touched(self._text, *place))
            recogniser = span.source.partition(":")[0]
            members: list[_WordEvidence] = []
            for start, end in self._touched[place]:
                if self._is_code(start) or not _may_be_name(
                    self._text, span, (start, end), first=not members, addresses=self._addresses
                ):
                    continue
                word = self._words.get(start)
                if word is None:
                    word = self._words[start] = _WordEvidence(start, end)
                if span.score > word.scores.get(recogniser, 0.0):
                    word.scores[recogniser] = span.score
                members.append(word)
            if members:
                self._members.append((*place, members))

    def _is_code(self, position: int) -> bool:
        """Say whether a place is within a word of a program."""
        if _within(self._code, position):
            return True
        return _within(self._joined, position) and self._is_technical(position)

    def _is_technical(self, position: int) -> bool:
        if self._technical is None:
            self._technical = TechnicalText(self._text)
        return self._technical.around(position)

    def weigh(self) -> list[_WordEvidence]:
        """Score every word that a span touches; in order."""
        for word in self._words.values():
            left = 1.0
            for recogniser, score in word.scores.items():
                left *= 1.0 - (score if recogniser != ECHO else 0.0)
            # one score of .2 alone is .2; and an echo is no opinion of its own
            word.total = max(round(1.0 - left, 6), word.scores.get(ECHO, 0.0))
        self._members.sort(key=lambda one: one[:2])
        for _, _, members in self._members:
            if len(members) == 1:
                continue
            for line in _by_line(self._text, members):
                best = TOGETHER * max(word.total for word in line)
                named = any(self._is_listed(word) for word in line)
                for word in line:
                    word.total = max(word.total, best)
                    word.beside_name |= named
        self._doubt()
        return [self._words[start] for start in sorted(self._words)]

    def _doubt(self) -> None:
        """Take back what is not written as a name, or stands where no name is."""
        for word in self._words.values():
            if word.total < POSSIBLE:
                continue
            if _is_doubtful(self._text, word):
                word.total = 0.0 if self._is_foreign(word) else min(word.total, DOUBTFUL)
            elif self._is_listing(word):
                word.total = 0.0

    def _is_foreign(self, word: _WordEvidence) -> bool:
        """Say whether a doubtful word is one of a language or a program that models do not know."""
        if self._is_technical(word.start):
            return True
        return self._text[word.start].islower() and in_welsh(self._text, word.start)

    def _is_listing(self, word: _WordEvidence) -> bool:
        """Say whether a short name without its capital stands in a technical place: len, LEN."""
        written = self._text[word.start : word.end]
        if not (written.islower() or written.isupper()) or len(written) > _LONGEST_PART:
            return False
        return self._is_technical(word.start)

    def _is_listed(self, word: _WordEvidence) -> bool:
        written = self._text[word.start : word.end]
        least = Strength.STRONG if written.islower() else Strength.WEAK
        return name_strength(written)[1] >= least


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CAMEL_NAME = re.compile(r"(?:Ma?c|D[ei]|L[ae]|Van|Fitz)[A-Z][a-z]+")
_ACRONYM, _ACRONYM_LISTED = 4, 3
"""Letters of the longest word in capitals that is taken for an acronym, and of one that is a name as well
(URI, AVI)."""

_SURROUNDINGS = 100  # code points to each side that say whether a text has small letters


def _is_doubtful(text: str, word: _WordEvidence) -> bool:
    """Say whether a word is not written as names are, and one recogniser alone, not surely, takes it for one.

    Such are words in small letters and joined words ("newFlag") that no list of names holds, and few capitals
    ("XML") within small letters. Beside a listed name they may be its other half.
    """
    written = text[word.start : word.end]
    if word.beside_name or ECHO in word.scores or max(word.scores.values(), default=0.0) >= SURE:
        return False
    known = name_strength(written)[1] > 0 and not keeps_small(written)
    if written.islower():
        strange = not known
    elif written.isupper():
        around = text[max(word.start - _SURROUNDINGS, 0) : word.end + _SURROUNDINGS]
        strange = 1 < len(written) <= (_ACRONYM_LISTED if known else _ACRONYM) and 2 * sum(
            map(str.isupper, around)
        ) < sum(map(str.isalpha, around))
    else:
        parts = _CAMEL.split(written)
        strange = (
            len(parts) > 1
            and _CAMEL_NAME.fullmatch(written) is None
            and not any(name_strength(part)[1] >= Strength.STRONG for part in parts)
        )
    if not strange:
        return False
    opinions = {name for name, score in word.scores.items() if score >= _SUPPORT}
    if not known:
        opinions.discard("gazetteer")  # which proposes what it does not know
    return len(opinions) < 2


def _may_be_name(
    text: str,
    span: TextSpan,
    place: tuple[int, int],
    *,
    first: bool,
    addresses: list[tuple[int, int]],
) -> bool:
    """Say whether a word within a span can be a part of the name, wherever the span's edges are."""
    start, end = place
    written = text[start:end]
    cued = span.source == "cues"
    mr_king = cued and place == (span.start, span.end)
    t_bone = cued and end - start == 1 and start == span.start and end < span.end
    if (never_in_name(written) and not t_bone and not _in_double_name(text, start)) or (
        first and not mr_king and is_title(written)
    ):
        return False
    after = text[end : end + 1]
    if after == ":" and is_head(written):
        return False
    if is_month_of_date(text, start, end):
        return False
    if written in {"A", "I"} and not cued and after != ".":
        return False
    return not _within(addresses, start) or name_strength(written)[1] >= Strength.WEAK


def _in_double_name(text: str, start: int) -> bool:
    """Say whether a capital is the second half of a forename: Isla-Mae, Ellie Mae Jones."""
    if not text[start].isupper():
        return False
    if text[start - 1 : start] == "-":
        return text[max(start - 2, 0) : start - 1].isalpha()
    before = _WORD_BEFORE.search(text, max(start - _MAX_WORD, 0), start)
    written = text[start : start + 4]
    if before is None or written.rstrip(" ,.\n") != "Mae":  # Welsh for "is", which begins sentences
        return False
    return name_strength(before[1])[1] >= Strength.STRONG


_WORD_BEFORE = re.compile(r"([A-Z][^\W_]{1,30})[ ]$")


def _by_line(text: str, words: list[_WordEvidence]) -> Iterator[list[_WordEvidence]]:
    """Divide the words of a span at line ends: a form's next field is no part of the name above."""
    line: list[_WordEvidence] = []
    for word in words:
        if line and "\n" in text[line[-1].end : word.start]:
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _addresses(text: str) -> list[tuple[int, int]]:
    """Find addresses around their signs: asking at every letter takes ten times as long."""
    places: list[tuple[int, int]] = []
    after = 0
    for sign in _ADDRESS_SIGN.finditer(text):
        if sign.start() < after:
            continue
        begin = max(after, sign.start() - _MAX_WORD)
        before = _UNBROKEN.search(text, begin, sign.start())
        start = before.start() if before else sign.start()
        while start <= sign.start():
            match = _ADDRESS.search(text, start, sign.end() + _LONGEST_ADDRESS)
            if match is None or match.start() > sign.start():
                break
            places.append(match.span())
            start = after = match.end()
    return places


def _code_places(text: str, addresses: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those that are words of programs: str_len holds no Len."""
    code = (
        code_words(text) if any("_" in text[start:end] for start, end in addresses) else frozenset()
    )
    return [place for place in addresses if text[slice(*place)] in code]


def _within(addresses: list[tuple[int, int]], position: int) -> bool:
    index = bisect_right(addresses, (position, sys.maxsize)) - 1
    return index >= 0 and position < addresses[index][1]


def _words_touched(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the words that share a code point with a stretch, whole."""
    least = max(start - _MAX_WORD, 0)
    while start > least and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    for match in _WORD.finditer(text, start):
        if match.start() >= end:
            break
        stop = match.end()
        possessive = _POSSESSIVE.search(match[0])
        yield match.start(), stop - len(possessive[0]) if possessive else stop
