"""Find again everywhere what is known: the people of a case, and names that were found once.

A seed is a value that somebody is known by. It is found in any case, with or without accents,
blanks, hyphens and apostrophes, divided, joined into a user name, shortened, reversed, with
initials, and as a scan misreads it. Every span says whom it means by reference.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from saferedact.errors import LimitExceededError
from saferedact.text.fold import Folded, fold, fold_text, skeleton, skeleton_text
from saferedact.text.lexicon import is_ordinary, words
from saferedact.text.name_forms import Form
from saferedact.text.normalize import normalize
from saferedact.text.seeds import LEAST_NUMBER, Seed, forms, national_number
from saferedact.text.spans import TextSpan, union

__all__ = ["MOST_SEEDS", "Seed", "Sweeper", "sweep"]

SOURCE = "sweep"

_GAP = re.compile(r"[\s\-'\".,_/&*]{1,12}")
"""What may stand between the parts of one name: blanks, and signs that join or abbreviate. Nine blanks
stand between words whose letters are set apart by one blank and which were two blanks apart before; columns
of a table are as wide."""

_SPLIT = re.compile(r"[ \t]?[\-'_|]?(?:[ \t]?|[ \t]*\r?\n[ \t]{0,40})")
"""What may divide one word: a blank, hyphen or line break that a scan or a writer put in."""

_LEAST_SPLIT = 5
"""Letters of a word that is also found divided; halves of shorter ones are words of their own."""

_LEAST_EMBEDDED = 8
"""Letters of a name of two words that is also found inside a longer word, as a user name."""

MOST_SEEDS = 50_000
"""Names and identifiers that are looked for everywhere, each in dozens of spellings that memory must hold. A
text that has more is a directory."""

_LEAST_FUZZY = 5
"""Letters of a word that is also found with one letter wrong; with two from eight letters on."""

_MISREAD_FACTOR = 0.8
_FUZZY_SCORE = 0.5  # likely: the tier that is redacted and looked at


@dataclass(frozen=True, slots=True)
class _Target:
    form: Form
    kind: str
    person_ref: str | None


_Targets = dict[str, list[_Target]]


class Sweeper:
    """Seeds in all their spellings, made once for any number of texts.

    Parameters
    ----------
    seeds : iterable of Seed
        What is known.
    fuzzy : bool
        Whether to find words that differ from a name by a letter or two.
    misread : bool
        Whether to find what is the same but for letters that scans take for each other.

    Raises
    ------
    LimitExceededError
        If there are more than `MOST_SEEDS`.
    """

    def __init__(self, seeds: Iterable[Seed], *, fuzzy: bool = True, misread: bool = True) -> None:
        known = list(dict.fromkeys(seeds))
        if len(known) > MOST_SEEDS:
            msg = f"more than {MOST_SEEDS} names and identifiers are to be looked for everywhere"
            raise LimitExceededError(msg)
        self._exact: _Targets = {}
        for seed in known:
            for form in forms(seed):
                target = _Target(form, seed.kind, seed.person_ref)
                others = self._exact.setdefault(form.text, [])
                if target not in others:
                    others.append(target)
        self._bones = _skeletons(self._exact) if misread else {}
        self._embedded = _by_opening(self._exact)
        self._phones = [seed for seed in known if seed.kind == "phone"]
        self._parts = _misspelled_parts(known) if fuzzy else {}

    def find(self, text: str) -> list[TextSpan]:
        """Find every spelling of every seed; as `sweep` does."""
        if not self._exact and not self._phones:
            return []
        # divided words are found as they are; who joins them joins "Nair-" and "she" as well
        mapped = normalize(text, divided=False)
        plain = mapped.text
        folded = fold_text(plain)
        spans = list(_find_forms(plain, folded, self._exact, 1.0))
        if self._bones:
            spans += _find_forms(plain, skeleton_text(folded), self._bones, _MISREAD_FACTOR)
        spans += _find_embedded(plain, folded, self._embedded)
        spans += _find_phones(plain, folded, self._phones)
        if self._parts:
            spans += _find_fuzzy(folded, self._parts)
        joined = _join_neighbours(plain, union(spans))
        return union(
            TextSpan(
                *mapped.to_source(s.start, s.end), s.label, s.kind, s.score, s.source, s.person_ref
            )
            for s in joined
        )


def sweep(
    text: str, seeds: Iterable[Seed], *, fuzzy: bool = True, misread: bool = True
) -> list[TextSpan]:
    """Find every spelling of every seed.

    Parameters
    ----------
    text : str
        Any text as it is.
    seeds, fuzzy, misread
        As of `Sweeper`, which is the better choice for several texts.

    Returns
    -------
    list of TextSpan
        In code points of `text`, sorted, with the `person_ref` of their seed. Parts of one name
        that stand side by side are one span.

    Raises
    ------
    LimitExceededError
        If there are more than `MOST_SEEDS`.
    """
    return Sweeper(seeds, fuzzy=fuzzy, misread=misread).find(text)


def _skeletons(exact: _Targets) -> _Targets:
    """Return the forms by their skeletons; those of a few letters are confused with too much."""
    bones: _Targets = {}
    for text, targets in exact.items():
        if len(text) >= 4:
            bones.setdefault(skeleton(text), []).extend(targets)
    return bones


def _find_forms(plain: str, folded: Folded, targets: _Targets, factor: float) -> Iterator[TextSpan]:
    lengths = sorted({len(text) for text in targets})
    openings = {text[:2] for text in targets}
    text = folded.text
    for start in folded.starts:
        if text[start : start + 2] not in openings:
            continue
        for length in lengths:
            end = start + length
            found = targets.get(text[start:end]) if end <= len(text) else None
            if not found or not _ends_word(folded, end):
                continue
            first, last = folded.places[start], folded.lasts[end - 1]
            stretch = plain[first:last]
            misread = factor < 1 and fold(stretch) not in {target.form.text for target in found}
            if misread and _all_ordinary(stretch):
                continue
            for target in found:
                if _gaps_fit(stretch, target.form):
                    score = _score(target.form, stretch) * (factor if misread else 1.0)
                    yield _span(first, last, target, score)


_INITIAL_SCORE = 0.6  # of a surname with an initial after it


def _ends_word(folded: Folded, end: int) -> bool:
    """Say whether a word ends here, or ends after the s of a possessive or plural."""
    if folded.is_end(end):
        return True
    return folded.text[end] == "s" and folded.is_end(end + 1)


def _gaps_fit(stretch: str, form: Form) -> bool:
    """Say whether what stands between the letters may stand within one name."""
    gaps = re.findall(r"(?<=[^\W_])[\W_]+(?=[^\W_])", stretch)
    if form.words > 1:
        if form.score <= _INITIAL_SCORE and not _ends_with_initial(stretch, gaps):
            return False
        return len(gaps) <= form.words + 1 and all(_GAP.fullmatch(gap) for gap in gaps)
    if not gaps:
        return True
    if "'" in stretch or "-" in stretch:
        return len(gaps) <= 2 and all(_SPLIT.fullmatch(gap) for gap in gaps)
    return (
        len(gaps) == 1
        and len(form.text) >= _LEAST_SPLIT
        and _SPLIT.fullmatch(gaps[0]) is not None
        and not _all_ordinary(stretch)
    )


def _ends_with_initial(stretch: str, gaps: list[str]) -> bool:
    """Say whether a surname's last letter is an initial: not in "Kemble's", "Kembles", "Kemble, a builder"."""
    if not gaps or stretch[-2:].lower() == "'s":
        return False
    return stretch[-1].isupper() or (stretch.islower() and stretch[-1] not in _WORDS_OF_ONE_LETTER)


_WORDS_OF_ONE_LETTER = frozenset("ai")


def _all_ordinary(stretch: str) -> bool:
    return all(is_ordinary(word) for word in re.findall(r"[^\W_]+", stretch))


def _score(form: Form, stretch: str) -> float:
    return form.in_small_letters if stretch.islower() else form.score


def _span(start: int, end: int, target: _Target, score: float) -> TextSpan:
    label = {"person": "name", "vrm": "plate"}.get(target.kind, "identifier")
    return TextSpan(start, end, label, target.kind, score, SOURCE, target.person_ref)


_UNBROKEN = re.compile(r"[^\s,;:()\"]+")


def _by_opening(targets: _Targets) -> dict[str, list[tuple[str, list[_Target]]]]:
    """Return the long forms that are found within words too, by their first letters."""
    found: dict[str, list[tuple[str, list[_Target]]]] = {}
    for text, known in targets.items():
        multi = [t for t in known if t.kind != "person" or t.form.words > 1]
        if len(text) >= _LEAST_EMBEDDED and multi:
            found.setdefault(text[:_LEAST_EMBEDDED], []).append((text, multi))
    return found


def _find_embedded(
    plain: str, folded: Folded, openings: dict[str, list[tuple[str, list[_Target]]]]
) -> Iterator[TextSpan]:
    """Find long forms inside longer words: a user name made of a name."""
    if not openings:
        return
    for at in range(len(folded.text) - _LEAST_EMBEDDED + 1):
        for text, targets in openings.get(folded.text[at : at + _LEAST_EMBEDDED], ()):
            if not folded.text.startswith(text, at):
                continue
            first, last = folded.places[at], folded.lasts[at + len(text) - 1]
            if _UNBROKEN.fullmatch(plain, first, last):
                for target in targets:
                    yield _span(first, last, target, 0.9)


_DIGIT_LIKE = str.maketrans("oilsbz", "011582")
_BEFORE_PHONE = re.compile(r"(?:\+|00)?[ ]?(?:44)?[ ]?\(?[0Oo]?\)?[ \-]?$")


def _find_phones(plain: str, folded: Folded, phones: Iterable[Seed]) -> Iterator[TextSpan]:
    """Find telephone numbers with any separators, with or without country code and trunk zero."""
    digits = ""
    for seed in phones:
        digits = digits or folded.text.translate(_DIGIT_LIKE)
        number = national_number(seed.value)
        if len(number) < LEAST_NUMBER:
            continue
        target = _Target(Form(number, 1, 0.97, 0.97), "phone", seed.person_ref)
        at = digits.find(number)
        while at >= 0:
            first, last = folded.places[at], folded.lasts[at + len(number) - 1]
            if last - first <= 3 * len(number):
                before = _BEFORE_PHONE.search(plain[max(0, first - 10) : first])
                ahead = len(before[0].lstrip()) if before else 0
                yield _span(first - ahead, last, target, 0.97)
            at = digits.find(number, at + 1)


_Parts = dict[str, set[str | None]]  # parts of names, with whose they are


def _misspelled_parts(seeds: Iterable[Seed]) -> _Parts:
    """Return the parts of names that are also found with a letter wrong."""
    parts: _Parts = {}
    for seed in seeds:
        if seed.kind == "person":
            for part in map(fold, re.findall(r"[^\W_]+", seed.value)):
                if len(part) >= _LEAST_FUZZY and not is_ordinary(part):
                    parts.setdefault(part, set()).add(seed.person_ref)
    return parts


def _find_fuzzy(folded: Folded, parts: _Parts) -> Iterator[TextSpan]:
    """Find words that differ from a part of a name by a letter or two."""
    occurrences = _long_words(folded)
    for word, part in _close(
        [word for word in occurrences if not {word, word.removesuffix("s")} & parts.keys()],
        list(parts),
    ):
        if is_ordinary(word) or word in words():  # another word or name, not this one misread
            continue
        for first, last in occurrences[word]:
            for ref in parts[part]:
                form = Form(part, 1, _FUZZY_SCORE, _FUZZY_SCORE)
                yield _span(first, last, _Target(form, "person", ref), _FUZZY_SCORE)


def _long_words(folded: Folded) -> dict[str, list[tuple[int, int]]]:
    """Return the words that are long enough to be misread, each with its places in the source."""
    places: dict[str, list[tuple[int, int]]] = {}
    ends = [*folded.starts[1:], len(folded.text)]
    for start, end in zip(folded.starts, ends, strict=False):
        if _LEAST_FUZZY - 1 <= end - start <= _LONGEST_WORD:
            place = (folded.places[start], folded.lasts[end - 1])
            places.setdefault(folded.text[start:end], []).append(place)
    return places


_LONGEST_WORD = 40  # letters; what is longer is no word
_COMPARED = 8_000_000  # pairs of words compared at a time: bounds the matrix of distances


def _close(found: list[str], parts: list[str]) -> Iterator[tuple[str, str]]:
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    allowed = np.array([2 if len(part) >= 8 else 1 for part in parts])
    step = max(1, _COMPARED // len(parts))
    for begin in range(0, len(found), step):
        chunk = found[begin : begin + step]
        distance = cdist(chunk, parts, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        for row, column in zip(*np.nonzero(distance <= allowed), strict=True):
            word, part = chunk[row], parts[column]
            if word[0] == part[0] or skeleton(word)[0] == skeleton(part)[0] or word[1:] == part[1:]:
                yield word, part


_APART = frozenset({", ", ". ", "\n"})
"""What may stand between surname and forename."""


def _share_a_word(plain: str, first: TextSpan, second: TextSpan) -> bool:
    """Say whether a word is in both: two mentions, or two people of one family."""
    one, other = (
        set(re.findall(r"[^\W_]+", plain[span.start : span.end].casefold()))
        for span in (first, second)
    )
    return not one.isdisjoint(other)


_CELL_BEFORE, _CELL_AFTER = re.compile(r"(?:^|[\n\":])[ ]?$"), re.compile(r"[ ]?(?:$|[\n\"])")


def _fills_cell(plain: str, start: int, end: int) -> bool:
    """Say whether two words are all of a line, a field or a cell in quotes: "Nair, Priya"."""
    return (
        plain.count(" ", start, end) == 1
        and _CELL_BEFORE.search(plain[max(start - 2, 0) : start]) is not None
        and _CELL_AFTER.match(plain[end : end + 2]) is not None
    )


def _join_neighbours(plain: str, spans: list[TextSpan]) -> list[TextSpan]:
    """Make one span of the parts of one person's name that stand side by side."""
    last: dict[str | None, TextSpan] = {}
    joined = list(spans)
    for span in spans:
        if span.kind != "person":
            continue
        before = last.get(span.person_ref)
        if before is not None and span.start >= before.end:
            gap = plain[before.end : span.start]
            # of people without a reference nobody knows that the two are one: Anna Bell, Carl Dunn
            near = gap in {" ", "-"} or (
                gap in _APART
                and (span.person_ref is not None or _fills_cell(plain, before.start, span.end))
            )
            if near and not _share_a_word(plain, before, span):
                score = max(before.score, span.score)
                span = TextSpan(  # noqa: PLW2901
                    before.start, span.end, span.label, span.kind, score, SOURCE, span.person_ref
                )
                joined.append(span)
        last[span.person_ref] = span
    return union(joined)
