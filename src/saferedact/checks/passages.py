"""Passages: a few sentences that are read together, as the network for wording reads them.

Names of the accused are one common surname in all of them, so that nothing depends on who it is.
"""

import re
from collections.abc import Iterator, Sequence

from saferedact.checks.reference import NAME_SIGN, Masked

__all__ = ["SENTENCES", "passage_text", "passages"]

SENTENCES = 3
"""Most sentences of a passage: as many as nearly all texts have that the network was fitted on."""

_NAME = re.compile(f"{NAME_SIGN}+")
_STAND_IN = "Abrams"
"""A surname that is one token of the network and that few bear."""


def passages(count: int) -> Iterator[range]:
    """Divide sentences into passages of like length.

    Parameters
    ----------
    count : int
        Sentences of a text.
    """
    parts = -(-count // SENTENCES)
    for part in range(parts):
        yield range(part * count // parts, (part + 1) * count // parts)


def passage_text(sentences: Sequence[Masked]) -> str:
    """Write sentences as one line, with a stand-in for names of the accused."""
    return " ".join(_named(sentence) for sentence in sentences)


def _named(sentence: Masked) -> str:
    pieces, end = [], 0
    for match in _NAME.finditer(sentence.text):
        pieces += [sentence.plain[end : match.start()], _STAND_IN]
        end = match.end()
    return "".join([*pieces, sentence.plain[end:]])
