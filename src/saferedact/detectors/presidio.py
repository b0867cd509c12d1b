"""For those who use presidio-analyzer: its engine as one of our recognisers, and ours as one of its own.

Neither direction makes presidio a dependency: the engine is handed in, and the class that presidio
asks for is made when somebody calls for it.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

from saferedact.casefile import CaseFile
from saferedact.detectors.base import TextDetector
from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.windows import windows
from saferedact.errors import DependencyMissingError
from saferedact.policy import Policy
from saferedact.text.identifiers import RECOGNISERS
from saferedact.text.spans import TextSpan

__all__ = ["ENTITIES", "Analyzer", "PresidioNames", "entity_of", "entity_recognizer"]

WINDOW, OVERLAP = 10_000, 400
"""Code points that the engine is given at a time: its patterns and its model hold a text whole."""

ENTITIES = {
    "person": "PERSON",
    "phone": "PHONE_NUMBER",
    "email": "EMAIL_ADDRESS",
    "url": "URL",
    "ip": "IP_ADDRESS",
    "mac": "MAC_ADDRESS",
    "card": "CREDIT_CARD",
    "iban": "IBAN_CODE",
    "nhs": "UK_NHS",
    "nino": "UK_NINO",
    "passport": "UK_PASSPORT",
    "postcode": "UK_POSTCODE",
    "dvla": "UK_DRIVING_LICENCE",
    "vrm": "UK_VEHICLE_REGISTRATION",
}
"""Kinds of identity that presidio has a name for. Others are called ``SR_`` and their kind in capitals
(``SR_CRIME_REF``), which no recogniser of presidio's is."""

_SEVERAL = ("address", "school", "workplace", "place", "collar", "number", "username", "handle")


class Analyzer(Protocol):
    """What is used of presidio's ``AnalyzerEngine``."""

    def analyze(
        self, text: str, language: str, *, entities: list[str], score_threshold: float
    ) -> Sequence[Any]:
        """Return results with ``start``, ``end`` and ``score``."""
        ...


class PresidioNames:
    """Names by an engine of presidio, for the `recognisers` of a `NameDetector`.

    Parameters
    ----------
    engine : Analyzer
        A ``presidio_analyzer.AnalyzerEngine``, set up as the caller wants it.
    language : str
        One that the engine was set up for.
    entities : sequence of str
        Its entities that are names of people.
    """

    name = "presidio"
    case: Literal["mended"] = "mended"

    def __init__(
        self, engine: Analyzer, *, language: str = "en", entities: Sequence[str] = ("PERSON",)
    ) -> None:
        self._engine = engine
        self._language = language
        self._entities = list(entities)

    def find(self, text: str) -> list[TextSpan]:
        """Find names in a text of any length.

        Raises
        ------
        DetectorError
            If the engine fails, or answers with places outside of the text.
        """
        found: list[TextSpan] = []
        with told_as_detector_error("the engine of presidio failed"):
            for start, end in windows(text, size=WINDOW, overlap=OVERLAP):
                for result in self._engine.analyze(
                    text[start:end], self._language, entities=self._entities, score_threshold=0.0
                ):
                    first, last = start + int(result.start), start + int(result.end)
                    score = min(max(float(result.score), 0.0), 1.0)
                    if not start <= first < last <= end:
                        msg = "a result lies outside of the text"
                        raise ValueError(msg)
                    found.append(TextSpan(first, last, "name", "person", score, self.name))
        return found


def entity_of(kind: str) -> str:
    """Return what presidio calls a kind of identity.

    Parameters
    ----------
    kind : str
        As a `TextSpan` has it.
    """
    return ENTITIES.get(kind) or f"SR_{kind.upper().replace('-', '_')}"


def entity_recognizer(
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    language: str = "en",
    detectors: Sequence[TextDetector] | None = None,
) -> Any:
    """Make a recogniser for presidio that finds what `find_identities` finds.

    Add it with ``engine.registry.add_recognizer(entity_recognizer())``. Its results have our scores;
    what the policy's least scores leave out is left out. Recognisers of presidio go on beside it.

    Parameters
    ----------
    policy, case, language, detectors
        As for `find_identities`.

    Returns
    -------
    presidio_analyzer.EntityRecognizer
        Loaded when it is first asked, once a process.

    Raises
    ------
    DependencyMissingError
        If presidio-analyzer is not installed.
    InputError
        If an argument is of no use.
    """
    made = _recognizer_class()
    engine = IdentityEngine.of(policy, case, language, detectors)
    kinds = {recogniser.kind for recogniser in (*RECOGNISERS, *engine.patterns)}
    return made(engine, sorted(entity_of(kind) for kind in {*kinds, *ENTITIES, *_SEVERAL}))


@lru_cache(maxsize=1)
def _recognizer_class() -> Any:
    try:
        from presidio_analyzer import (  # pyright: ignore[reportMissingImports]
            EntityRecognizer,
            RecognizerResult,
        )
    except ImportError:
        msg = "a recogniser for presidio needs the package presidio-analyzer"
        raise DependencyMissingError(msg) from None

    base: Any = (
        EntityRecognizer  # typed if it is installed, unknown if not: the same to both checkers
    )

    class SaferedactRecognizer(base):  # type: ignore[misc]
        """Names and identifiers by saferedact."""

        def __init__(self, engine: IdentityEngine, entities: list[str]) -> None:
            self._identities = engine
            super().__init__(
                supported_entities=entities,
                name="saferedact",
                supported_language=engine.language,
            )

        def load(self) -> None:
            """Do nothing: models are loaded when they are first asked."""

        def analyze(
            self, text: str, entities: Iterable[str] | None, nlp_artifacts: Any = None
        ) -> list[Any]:
            """Find identities of the wanted entities; what spaCy made of the text is not used."""
            wanted = set(entities or self.supported_entities)
            return [
                RecognizerResult(entity_of(span.kind), span.start, span.end, span.score)
                for span in self._identities.find(text)
                if entity_of(span.kind) in wanted
            ]

    return SaferedactRecognizer
