"""Words of a sentence with their grammar, whoever worked it out.

The parser is handed to whatever needs one, so that this layer and those that read grammar load no
model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["Parser", "Word"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence.

    Parameters
    ----------
    start, end : int
        Code points of the sentence, half-open.
    lemma : str
        Base form, in small letters.
    pos : str
        Part of speech, as the Universal Dependencies name it: ``VERB``, ``NOUN``, ``PROPN``.
    tag : str
        Tag of the Penn Treebank: ``VBD``, ``NNS``.
    dep : str
        Relation to the head, as CLEAR style names it: ``nsubj``, ``dobj``, ``relcl``.
    head : int
        Position of the head in the sentence; its own for a root.
    vector : ndarray, shape (d,), float32, or None
        Where the word stands among all words, near those of like use; not to be written to. None for
        words that say little by themselves, and if nobody knows.
    """

    start: int
    end: int
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    vector: npt.NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


Parser = Callable[[Sequence[str]], list[tuple[Word, ...]]]
"""Takes sentences, returns the words of each."""
