r"""One spelling for what looks the same: what recognisers read instead of the source.

`normalize` undoes what separates a text from its letters: compatibility forms and ligatures (NFKC),
digits of other scripts, characters that are not seen (zero-width, soft hyphens, direction marks),
lines through and under letters, curly quotes and the many dashes, look-alike letters of other
scripts, letters set apart, and words divided at a line's end. Every span that is found in the
result maps back to the source. `truecase` gives ALL CAPS and lower-case text ordinary capitals
without moving a letter.

Lone surrogates and control characters stay as they are: they are what the source holds.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from saferedact.text.chat_lines import ChatLine, chat_lines
from saferedact.text.lexicon import NAME, fold, is_ordinary, words
from saferedact.text.offsets import Edit, MappedText, apply_edits

__all__ = ["normalize", "says_something", "truecase"]

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode (DerivedCoreProperties.txt), less the unassigned ones,
and the interlinear marks: none of them shows, all of them part a word for a pattern."""

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Combining marks of the Latin, Greek and Cyrillic scripts: they belong to the letter before."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9\u00b4\u0060\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043", "-"),
        **dict.fromkeys("\u2028\u2029\u0085", "\n"),
        "\u2044": "/",
        # fancy writing that Unicode does not decompose: small capitals, white letters on black
        **dict(
            zip(
                "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\ua7af\u0280\ua731"
                "\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
                "ABCDEFGHIJKLMNOPQRSTUVWYZ",
                strict=True,
            )
        ),
        **{
            chr(first + letter): chr(ord("A") + letter)
            for first in (0x1F150, 0x1F170)
            for letter in range(26)
        },
    }
)
"""Quotes, dashes, line ends, the fraction slash and letters that patterns know in one form."""

_HOMOGLYPHS = str.maketrans(
    # Cyrillic, then Greek, each letter over the Latin one that it looks like (Unicode UTS 39,
    # confusables.txt, the letters alone)
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423\u0430"
    "\u0441\u0435\u04bb\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u051b\u051d\u0501"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd"
    "\u03b9\u03c1\u03b1",
    "ABCEHIJKMOPSTXYacehijopsxyqwdABEZHIKMNOPTYXovipa",
)

_SPECIAL = re.compile(rf"[^\x00-\x7f][{_MARKS}{_INVISIBLE}]*|[^\s{_MARKS}{_INVISIBLE}][{_MARKS}]+")
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_LEFT_OVER = re.compile(f"[{_MARKS}{_INVISIBLE}]")
"""Marks that no composed letter takes up, as the lines that strike a word out or underline it, and what
turns out not to be seen only in its compatible form (the fillers of Hangul)."""

_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_WORD_WITH_FOREIGN = re.compile(r"(?<![^\W\d_])[^\W\d_]*[\u0370-\u03ff\u0400-\u052f][^\W\d_]*")

# A word divided at a line's end: the hyphen and the break go. Before a capital or a digit the
# hyphen may be the word's own (Llewellyn-/Pugh), so that only the break goes.
_DIVIDED = re.compile(r"-[ \t]*\r?\n[ \t]{0,40}(?=[^\W_])")
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")

# Three letters, or four letters and digits, or more, each alone, one blank between: "S m i t h". Dots and dashes part
# letters only, since digits with dots are addresses of networks, dates and versions. Common words
# of one letter ("a I") never make three in a row. With the same two or three signs between, from four
# letters on: "P. .r. .i. .y. .a".
_SPACED = re.compile(
    r"(?<![^\W_])(?:[^\W\d_](?:[ \t][^\W\d_](?![^\W_])){2,}|[^\W_](?:[ \t][^\W_](?![^\W_])){3,})"
    r"|(?<![^\W_])[^\W\d_](?:([.\-_*\u00b7])[^\W\d_](?![^\W_]))(?:\1[^\W\d_](?![^\W_])){2,}"
    r"|(?<![^\W_])[^\W\d_](?P<wide>[ .\-_*|/\u00b7]{2,3})[^\W\d_](?:(?P=wide)[^\W\d_]){2,}(?![^\W_])"
)
_SEPARATOR = re.compile(r"[\W_]+")
_ALONE = re.compile(r"[ \t.\-_*|/\u00b7]{1,3}[^\W_](?=[ \t.\-_*|/\u00b7]{1,3}[^\W_])")
"""What every such row has after its first letter: a matcher looks for these signs faster than for
letters."""


def normalize(text: str, *, divided: bool = True) -> MappedText:
    """Write a text the way recognisers read it.

    Parameters
    ----------
    text : str
        Any text; lone surrogates are left alone.
    divided : bool
        Whether to join words that are divided at a line's end.

    Returns
    -------
    MappedText
        The normalised text; its `to_source` leads back to code points of `text`.
    """
    mapped = MappedText(text, len(text))
    if not text.isascii():
        mapped = apply_edits(text, _unicode_edits(text))
        mapped = mapped.edited(_homoglyph_edits(mapped.text))
    if divided:
        mapped = mapped.edited(_division_edits(mapped.text))
    return mapped.edited(_spacing_edits(mapped.text))


def says_something(text: str) -> bool:
    """Say whether a text has a letter or a digit, also as a sign: one in a circle counts.

    Parameters
    ----------
    text : str
        Any text.
    """
    if any(map(str.isalnum, text)):
        return True
    return not text.isascii() and any(map(str.isalnum, normalize(text).text))


def _unicode_edits(text: str) -> Iterator[Edit]:
    for match in _SPECIAL.finditer(text):
        cluster = match[0]
        plain = _plain(cluster)
        if plain != cluster:
            yield match.start(), match.end(), plain


@lru_cache(maxsize=4096)
def _plain(cluster: str) -> str:
    visible = _HIDDEN.sub("", cluster).translate(_PLAIN)
    composed = unicodedata.normalize("NFKC", visible).translate(_PLAIN)
    return _FOREIGN_DIGIT.sub(_digit, _LEFT_OVER.sub("", composed))


def _digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0]))


def _homoglyph_edits(text: str) -> Iterator[Edit]:
    """Write look-alikes as Latin letters, but leave words of another script alone."""
    for match in _WORD_WITH_FOREIGN.finditer(text):
        word = match[0]
        latin = word.translate(_HOMOGLYPHS)
        mixed = any("A" <= char <= "z" for char in word)
        if latin != word and (mixed or latin.isascii()):
            yield match.start(), match.end(), latin


def _division_edits(text: str) -> Iterator[Edit]:
    for match in _DIVIDED.finditer(text):
        start, end = match.span()
        if not start or not text[start - 1].isalnum():
            continue
        in_word = text[start - 1] in _SMALL and text[end] in _SMALL
        if in_word and _are_two_words(text, start, end):
            continue
        yield start if in_word else start + 1, end, ""


_LETTERS_BEFORE, _LETTERS_AFTER = re.compile(r"[^\W\d_]{1,40}$"), re.compile(r"[^\W\d_]{1,40}")


def _are_two_words(text: str, start: int, end: int) -> bool:
    """Say whether a hyphen is a dash: "I met Nair-" and "she said" below; no word is "Nairshe"."""
    before = _LETTERS_BEFORE.search(text, max(start - 41, 0), start)
    after = _LETTERS_AFTER.match(text, end)
    if before is None or after is None:
        return False
    known = words()
    named = known.get(fold(before[0]), 0) & NAME
    return bool(named) and is_ordinary(after[0]) and fold(before[0] + after[0]) not in known


def _spacing_edits(text: str) -> Iterator[Edit]:
    after = 0
    for alone in _ALONE.finditer(text):
        start = alone.start() - 1
        match = _SPACED.match(text, start) if start >= after else None
        if match is None:
            continue
        after = match.end()
        for gap in _SEPARATOR.finditer(text, match.start(), match.end()):
            # a capital begins the next word: M r N a i r
            apart = text[gap.start() - 1].islower() and text[gap.end()].isupper()
            yield gap.start(), gap.end(), " " if apart else ""


_WORDS = re.compile(r"[^\W\d_]+")
_LINES = re.compile(r"[^\n]+")

_SMALL_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "back",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "get",
        "go",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "know",
        "last",
        "like",
        "me",
        "more",
        "my",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "one",
        "only",
        "or",
        "our",
        "out",
        "over",
        "said",
        "saw",
        "see",
        "she",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "two",
        "up",
        "us",
        "was",
        "we",
        "well",
        "went",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "yeah",
        "yes",
        "you",
        "your",
    ]
)
"""Words that keep a small letter when nothing better is known: the commonest English ones that are
no names, "will" excepted, which a caller with a list of names decides better."""

_ALL_CAPS_SHARE = 0.6
"""A line is ALL CAPS when that share of its letters is capital: names and headings within ordinary
prose stay below a quarter, a shouted line with a few small words stays above."""

_LOWER_CASE_LETTERS = 3  # a line with fewer letters says nothing about its writer's capitals


def truecase(text: str, is_common: Callable[[str], bool] | None = None) -> str:
    """Give ALL CAPS and lower-case lines ordinary capitals; every letter stays in its place.

    Parameters
    ----------
    text : str
        Any text.
    is_common : callable or None
        Says of a word in small letters whether it is an ordinary word, which gets no capital. None
        knows only the commonest ones.

    Returns
    -------
    str
        As many code points as `text`, and the same but for case. Lines that already mix capitals
        and small letters are returned as they are, but for what is said behind a sender.
    """
    common = _SMALL_WORDS.__contains__ if is_common is None else is_common
    return _LINES.sub(lambda line: _truecased_line(line[0], common), text)


def _truecased_line(line: str, common: Callable[[str], bool]) -> str:
    if _says_no_case(line):
        return _WORDS.sub(lambda word: _truecased_word(word[0], common), line)
    # senders are written with a capital by people who use none
    said = next(chat_lines(line), ChatLine(None, 0, 0)).start
    if said and _says_no_case(line[said:]):
        return line[:said] + _truecased_line(line[said:], common)
    return line


def _says_no_case(line: str) -> bool:
    upper = sum(map(str.isupper, line))
    lower = sum(map(str.islower, line))
    shouted = upper >= _ALL_CAPS_SHARE * (upper + lower)
    return upper + lower >= _LOWER_CASE_LETTERS and (shouted or upper == 0)


def _truecased_word(word: str, common: Callable[[str], bool]) -> str:
    small = "".join(map(_lower, word))
    if common(small):
        return small
    cased = _upper(small[0]) + small[1:]
    if small.startswith("mc") and len(small) > 3:
        cased = "Mc" + _upper(small[2]) + small[3:]
    return cased


def _lower(char: str) -> str:
    """Small letter of a character, or itself if that would be two."""
    small = char.lower()
    return small if len(small) == 1 else char


def _upper(char: str) -> str:
    capital = char.upper()
    return capital if len(capital) == 1 else char
