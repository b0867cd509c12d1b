"""Names in text: four recognisers, none of which can veto another.

spaCy and Rampart know sentences, the gazetteer knows names, cue rules know forms, chats and letters.
Each reads the normalised text, and those that see capitals read its truecased copy as well. What
they saw is weighed word by word (`saferedact.text.evidence`): a score of .85 and more is sure, .5
likely, .2 possible.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.rampart import MODEL as RAMPART
from saferedact.detectors.spacy_names import MODEL as SPACY
from saferedact.errors import InputError
from saferedact.models import model_spec
from saferedact.text.spans import TextSpan
from saferedact.text.cues import find_cued_names
from saferedact.text.evidence import combine
from saferedact.text.gazetteer import find_listed_names
from saferedact.text.lexicon import is_ordinary
from saferedact.text.normalize import normalize, truecase

__all__ = ["NAME_MODELS", "LANGUAGES", "NameDetector", "NameRecogniser", "rule_recognisers"]

NAME_MODELS = (SPACY, RAMPART)
"""Models of the catalogue that a `NameDetector` needs."""

LANGUAGES = ("en",)
"""Languages that the models were trained on. The rules know Welsh titles and names as well."""


class NameRecogniser(Protocol):
    """One opinion on what is a name."""

    @property
    def name(self) -> str:
        """Short name: the `source` of its spans."""
        ...

    @property
    def uses_case(self) -> bool:
        """Whether capitals tell it something, so that it should read the truecased copy too."""
        ...

    def find(self, text: str) -> list[TextSpan]:
        """Find names in normalised text of any length."""
        ...


class _Rules:
    """A function of the text layer as a recogniser."""

    uses_case = True

    def __init__(self, name: str, find: Callable[[str], list[TextSpan]]) -> None:
        self.name = name
        self._find = find

    def find(self, text: str) -> list[TextSpan]:
        return self._find(text)


def rule_recognisers() -> list[NameRecogniser]:
    """Make the recognisers that need no model: gazetteer and cues."""
    return [_Rules("gazetteer", find_listed_names), _Rules("cues", find_cued_names)]


def _all_recognisers(threads: int | None) -> list[NameRecogniser]:
    from saferedact.detectors.rampart import RampartNames
    from saferedact.detectors.spacy_names import SpacyNames

    return [SpacyNames(), RampartNames(threads=threads), *rule_recognisers()]


class NameDetector:
    """Finds the names of people in text.

    Parameters
    ----------
    recognisers : sequence of NameRecogniser, optional
        Who looks. By default all four, which needs the models `NAME_MODELS`.
    threads : int or None
        Threads that one call may use; None leaves it to the engines.

    Raises
    ------
    DetectorModelMissing
        If a model is not on this machine.
    DetectorError
        If one cannot be loaded.
    """

    def __init__(
        self, recognisers: Sequence[NameRecogniser] | None = None, *, threads: int | None = None
    ) -> None:
        self._with_models = recognisers is None
        self._recognisers = _all_recognisers(threads) if recognisers is None else list(recognisers)

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
        plain = mapped.text
        cased = truecase(plain, is_ordinary)
        seen: list[TextSpan] = []
        for recogniser in self._recognisers:
            seen += recogniser.find(plain)
            if recogniser.uses_case and cased != plain:
                seen += recogniser.find(cased)
        return [
            _in_source(span, mapped.to_source(span.start, span.end))
            for span in combine(plain, seen)
        ]


def _in_source(span: TextSpan, place: tuple[int, int]) -> TextSpan:
    return TextSpan(*place, span.label, span.kind, span.score, span.source)


def _weights_sha256() -> str:
    import hashlib

    digests = "".join(f"{model_spec(name).sha256}\n" for name in NAME_MODELS)
    return hashlib.sha256(digests.encode()).hexdigest()
