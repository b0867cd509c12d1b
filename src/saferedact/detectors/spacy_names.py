"""Names by spaCy's English model: the entities that it takes for persons.

Of the pipeline only the tokenizer, the word vectors and the entity recogniser are loaded. spaCy is
asked directly, not through presidio-analyzer: see docs/architecture.md for what that costs.
"""

import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.windows import Sight, WindowMemory, windows
from saferedact.models import model_path
from saferedact.text.gazetteer import NOT_A_PERSON, name_strength, names_a_place
from saferedact.text.lexicon import ORDINARY
from saferedact.text.runs import words_of
from saferedact.text.spans import TextSpan

__all__ = ["MODEL", "SpacyNames"]

MODEL = "spacy-en-md"

SCORE = 0.5
"""The model gives no score, so that its word alone is likely, and sure with anyone who agrees. Alone
it reaches a token precision of .94 on the police texts for tuning."""

WINDOW, OVERLAP = 1000, 120
"""Code points. The recogniser looks four words to each side, so that an overlap of 120 makes a
window's edge as good as its middle. In smaller windows less is read again after a change."""

_BATCH = 8

_COMPONENTS = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")

_LOCK = threading.Lock()  # a pipeline adds words to its vocabulary while it reads


class SpacyNames:
    """Finds persons with spaCy.

    Raises
    ------
    DetectorModelMissing
        If the model is not on this machine.
    DetectorError
        If it cannot be loaded.
    """

    name = "spacy"
    case: Literal["mended"] = "mended"

    def __init__(self) -> None:
        self._pipeline = _load(str(model_path(MODEL).parent))
        self._memory = WindowMemory()

    def find(self, text: str) -> list[TextSpan]:
        """Find persons in a text of any length.

        Raises
        ------
        DetectorError
            If the model fails.
        """
        places = list(windows(text, size=WINDOW, overlap=OVERLAP))
        with told_as_detector_error(f"the name model {MODEL} failed"):
            seen = self._memory.ask([text[start:end] for start, end in places], self._look)
        return [
            TextSpan(start + first, start + last, "name", "person", score, self.name)
            for (start, _), entities in zip(places, seen, strict=True)
            for first, last, score in entities
        ]

    def _look(self, texts: Sequence[str]) -> list[list[Sight]]:
        """Ask the model for some windows."""
        with _LOCK, self._pipeline.memory_zone():
            return [
                [
                    (
                        entity.start_char,
                        entity.end_char,
                        _score(text, entity.start_char, entity.end_char),
                    )
                    for entity in document.ents
                    if entity.label_ == "PERSON"
                ]
                for text, document in zip(
                    texts, self._pipeline.pipe(texts, batch_size=_BATCH), strict=True
                )
            ]


_DOUBTED = 0.5
"""Share of the score that is left for ordinary words and codes: none of those that spaCy alone took for
names in the texts for tuning was one (Lollipop, Practice, JH), and yet they stay possible."""

_CODE_LENGTH = 3  # letters of initials and codes


def _score(text: str, start: int, end: int) -> float:
    if names_a_place(text, start, end):
        return SCORE * NOT_A_PERSON
    words = [word.text for word in words_of(text, start, end)]
    return SCORE * (_DOUBTED if all(map(_is_no_name, words)) else 1.0)


def _is_no_name(word: str) -> bool:
    flags, strength = name_strength(word)
    code = word.isupper() and len(word) <= _CODE_LENGTH and strength <= 1
    return code or (strength == 0 and bool(flags & ORDINARY))


@lru_cache(maxsize=1)
def _load(directory: str) -> Any:
    import spacy

    with (
        told_as_detector_error(f"the name model {MODEL} cannot be loaded"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # 3.7.1 says spaCy < 3.8; it loads and answers the same
        return spacy.load(directory, exclude=list(_COMPONENTS))
