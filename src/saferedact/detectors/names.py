"""Names in text: four recognisers, none of which can veto another.

spaCy and Rampart know sentences, the gazetteer knows names, cue rules know forms, chats and letters.
Each reads the normalised text, and those that see capitals read its truecased copy as well. What
they saw is weighed word by word (`saferedact.text.evidence`): a score of .85 and more is sure, .5
likely, .2 possible.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.rampart import MODEL as RAMPART
from saferedact.detectors.spacy_names import MODEL as SPACY
from saferedact.errors import InputError
from saferedact.models import model_spec
from saferedact.text.cues import find_cued_names
from saferedact.text.evidence import combine
from saferedact.text.gazetteer import find_listed_names
from saferedact.text.lexicon import keeps_small
from saferedact.text.normalize import normalize, truecase
from saferedact.text.spans import TextSpan

__all__ = ["LANGUAGES", "NAME_MODELS", "NameDetector", "NameRecogniser", "rule_recognisers"]

NAME_MODELS = (SPACY, RAMPART)
"""Models of the catalogue that a `NameDetector` needs."""

LANGUAGES = ("en",)
"""Languages that the models were trained on. The rules know Welsh titles and names as well."""


Case = Literal["ignored", "mended", "shown"]


class NameRecogniser(Protocol):
    """One opinion on what is a name."""

    @property
    def name(self) -> str:
        """Short name: the `source` of its spans."""
        ...

    @property
    def case(self) -> Case:
        """What it makes of capitals.

        ``ignored``: nothing, one look is enough. ``mended``: it needs them as prose has them, so
        that it reads the truecased copy too, and what it saw before counts half. ``shown``: it
        reads both, and capitals as shown tell it something (``SURNAME, Forename``).
        """
        ...

    def find(self, text: str) -> list[TextSpan]:
        """Find names in normalised text of any length."""
        ...


class _Rules:
    """A function of the text layer as a recogniser."""

    case: Case

    def __init__(
        self,
        name: str,
        case: Case,
        find: Callable[[str], list[TextSpan]],
    ) -> None:
        self.name = name
        self.case = case
        self._find = find

    def find(self, text: str) -> list[TextSpan]:
        return self._find(text)


def rule_recognisers() -> list[NameRecogniser]:
    """Make the recognisers that need no model: gazetteer and cues."""
    return [
        _Rules("gazetteer", "mended", find_listed_names),
        _Rules("cues", "shown", find_cued_names),
    ]


def _all_recognisers(threads: int | None, *, hints: bool) -> list[NameRecogniser]:
    from saferedact.detectors.rampart import RampartNames
    from saferedact.detectors.spacy_names import SpacyNames

    return [SpacyNames(), RampartNames(threads=threads, hints=hints), *rule_recognisers()]


class NameDetector:
    """Finds the names of people in text.

    Parameters
    ----------
    recognisers : sequence of NameRecogniser, optional
        Who looks. By default all four, which needs the models `NAME_MODELS`.
    threads : int or None
        Threads that one call may use; None leaves it to the engines.
    hints : bool
        Whether words that a model hardly believes in are possible names. In misread words, such beliefs
        are chance, and others with every look.

    Raises
    ------
    DetectorModelMissing
        If a model is not on this machine.
    DetectorError
        If one cannot be loaded.
    """

    def __init__(
        self,
        recognisers: Sequence[NameRecogniser] | None = None,
        *,
        threads: int | None = None,
        hints: bool = True,
    ) -> None:
        self._with_models = recognisers is None
        self._recognisers = (
            _all_recognisers(threads, hints=hints) if recognisers is None else list(recognisers)
        )

    @property
    def info(self) -> DetectorInfo:
        """Name, version and labels."""
        return DetectorInfo(
            name="names",
            version="1",
            labels=("name",),
            weights_sha256=_weights_sha256() if self._with_models else None,
        )

    def detect(self, text: str, *, language: str = "en") -> list[TextSpan]:
        """Find every name.

        Parameters
        ----------
        text : str
            Any text. Memory is bounded by its length, not by a model's.
        language : str
            One of `LANGUAGES`.

        Returns
        -------
        list of TextSpan
            In order, none overlapping, with label ``"name"`` and kind ``"person"``.

        Raises
        ------
        InputError
            If the language is another.
        DetectorError
            If a recogniser could not look. Never an empty answer instead.
        """
        if language not in LANGUAGES:
            msg = f"names are looked for in these languages alone: {', '.join(LANGUAGES)}"
            raise InputError(msg)
        mapped = normalize(text)
        plain = _SURROGATE.sub("\ufffd", mapped.text)
        cased = truecase(plain, keeps_small)
        mended = _Mended(plain, cased) if cased != plain else None
        seen: list[TextSpan] = []
        for recogniser in self._recognisers:
            shown = recogniser.find(plain)
            if mended is not None and recogniser.case != "ignored":
                if recogniser.case == "mended":
                    shown = [_weighed(span, plain, cased) for span in shown]
                shown += mended.seen_by(recogniser)
            seen += shown
        return [
            _in_source(span, mapped.to_source(span.start, span.end))
            for span in combine(plain, seen)
        ]


_SURROGATE = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no model's tokenizer takes."""

RAW_SHARE = 0.5
"""Share of a score that is left where capitals say nothing: in a line that is ALL CAPS or small
throughout, before its case was mended. Models take half of such a line for names."""


def _weighed(span: TextSpan, plain: str, cased: str) -> TextSpan:
    start = plain.rfind("\n", max(span.start - _LINE, 0), span.start) + 1
    end = plain.find("\n", span.end, span.end + _LINE)
    line = slice(start or max(span.start - _LINE, 0), end if end >= 0 else span.end + _LINE)
    if plain[line] == cased[line]:
        return span
    return replace(span, score=span.score * RAW_SHARE)


_LINE = 500  # code points to each side that are compared; longer lines are judged by these


_CONTEXT = 3
"""Lines before and after a mended one that are read with it: as far as a cue reaches (a sign-off, a
sender whose message is on the next line but one)."""


class _Mended:
    """The lines of a text whose case was mended, with those around them: the rest would be read twice.

    Parameters
    ----------
    plain, cased : str
        The text and its truecased copy; at least one line differs.
    """

    def __init__(self, plain: str, cased: str) -> None:
        ends = [match.end() for match in _LINE_END.finditer(plain)]
        starts = [0, *ends[:-1]]
        lines = len(starts)
        kept = bytearray(lines + 2 * _CONTEXT)
        for number, place in enumerate(zip(starts, ends, strict=True)):
            if plain[slice(*place)] != cased[slice(*place)]:
                kept[number : number + 2 * _CONTEXT + 1] = b"\1" * (2 * _CONTEXT + 1)
        self._places: list[tuple[int, int]] = []  # in what is read, in the text
        parts: list[str] = []
        length = 0
        for number in range(lines):
            if not kept[number + _CONTEXT]:
                continue
            if not number or not kept[number + _CONTEXT - 1]:
                self._places.append((length, starts[number]))
            parts.append(cased[starts[number] : ends[number]])
            length += len(parts[-1])
        self._text = "".join(parts)

    def seen_by(self, recogniser: NameRecogniser) -> Iterator[TextSpan]:
        """Ask a recogniser, and say where in the whole text it saw something."""
        for span in recogniser.find(self._text):
            at = bisect_right(self._places, (span.start, sys.maxsize)) - 1
            read, shown = self._places[at]
            end = self._places[at + 1][0] if at + 1 < len(self._places) else len(self._text)
            start = shown - read + span.start
            yield replace(span, start=start, end=shown - read + min(span.end, end))


_LINE_END = re.compile(r"[^\n]*(?:\n|\Z)")


def _in_source(span: TextSpan, place: tuple[int, int]) -> TextSpan:
    return replace(span, start=place[0], end=place[1])


def _weights_sha256() -> str:
    import hashlib

    digests = "".join(f"{model_spec(name).sha256}\n" for name in NAME_MODELS)
    return hashlib.sha256(digests.encode()).hexdigest()
