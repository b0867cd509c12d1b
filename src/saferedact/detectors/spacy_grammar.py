"""Grammar by spaCy's English model: lemmas, parts of speech and dependencies of sentences.

The parts of the pipeline that `saferedact.detectors.spacy_names` leaves out, without its names.
"""

import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from saferedact.detectors.spacy_names import MODEL
from saferedact.errors import DetectorError
from saferedact.models import model_path
from saferedact.text.grammar import Word

__all__ = ["parse"]

_BATCH = 64  # sentences; they are short

_LOCK = threading.Lock()  # a pipeline adds words to its vocabulary while it reads


def parse(sentences: Sequence[str]) -> list[tuple[Word, ...]]:
    """Parse sentences.

    Parameters
    ----------
    sentences : sequence of str
        Each is read by itself. Time is 40 ms for 1,000 code points.

    Returns
    -------
    list of tuple of Word
        The words of each, spaces left out.

    Raises
    ------
    DetectorModelMissing
        If the model is not on this machine.
    DetectorError
        If it cannot be loaded, or fails.
    """
    if not sentences:
        return []
    pipeline = _load(str(model_path(MODEL).parent))
    try:
        with _LOCK, pipeline.memory_zone():
            return [_words(doc) for doc in pipeline.pipe(sentences, batch_size=_BATCH)]
    except Exception as error:  # noqa: BLE001  its text may quote the document
        msg = f"the grammar of {MODEL} failed ({type(error).__name__})"
        raise DetectorError(msg) from None


def _words(document: Any) -> tuple[Word, ...]:
    kept = [token for token in document if not token.is_space]
    place = {token.i: at for at, token in enumerate(kept)}
    return tuple(
        Word(
            token.idx,
            token.idx + len(token.text),
            token.lemma_.lower(),
            token.pos_,
            token.tag_,
            token.dep_,
            place.get(token.head.i, at),
            token.vector if token.has_vector and not (token.is_stop or token.is_punct) else None,
        )
        for at, token in enumerate(kept)
    )


@lru_cache(maxsize=1)
def _load(directory: str) -> Any:
    import spacy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # 3.7.1 says spaCy < 3.8; it loads and answers the same
            return spacy.load(directory, exclude=["ner", "senter"])
    except Exception as error:  # noqa: BLE001  whatever a wrong file makes it raise
        msg = f"the model {MODEL} cannot be loaded ({type(error).__name__})"
        raise DetectorError(msg) from None
