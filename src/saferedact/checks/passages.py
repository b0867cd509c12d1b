"""Passages: a few sentences that are read together, as the network for wording reads them.

Names of the accused are one common surname in all of them, so that nothing depends on who it is.
"""

import re
from collections.abc import Iterator, Sequence

from saferedact.checks.reference import NAME_SIGN, Masked

__all__ = ["SENTENCES", "WORDS", "meant", "passage_text", "passages"]

SENTENCES = 3
"""Most sentences of a passage: as many as nearly all texts have that the network was fitted on."""

WORDS = 80
"""Most words of a passage of several sentences: the network was fitted on up to 90."""

_NAME = re.compile(f"{NAME_SIGN}+")
_STAND_IN = "Abrams"
"""A surname that is one token of the network and that few bear."""


def passages(words: Sequence[int]) -> Iterator[range]:
    """Divide sentences into passages of like numbers of them, and none too long for the network.

    Parameters
    ----------
    words : sequence of int
        Words of each sentence of a text.
    """
    parts = -(-len(words) // SENTENCES)
    for part in range(parts):
        places = range(part * len(words) // parts, (part + 1) * len(words) // parts)
        yield from _short_enough(places, words)


def _short_enough(places: range, words: Sequence[int]) -> Iterator[range]:
    if len(places) > 1 and sum(words[at] for at in places) > WORDS:
        middle = (places.start + places.stop) // 2
        yield from _short_enough(range(places.start, middle), words)
        yield from _short_enough(range(middle, places.stop), words)
    else:
        yield places


def meant(scores: Sequence[float], least: float) -> list[bool]:
    """Tell which sentences of a passage that counts are meant: its worst, and each that counts read alone.

    Parameters
    ----------
    scores : sequence of float
        Of each sentence, read alone.
    least : float
        Score from which one counts.
    """
    worst = max(range(len(scores)), key=scores.__getitem__)
    return [at == worst or score >= least for at, score in enumerate(scores)]


def passage_text(sentences: Sequence[Masked]) -> str:
    """Write sentences as one line, with a stand-in for names of the accused."""
    return " ".join(_named(sentence) for sentence in sentences)


def _named(sentence: Masked) -> str:
    pieces, end = [], 0
    for match in _NAME.finditer(sentence.text):
        pieces += [sentence.plain[end : match.start()], _STAND_IN]
        end = match.end()
    return "".join([*pieces, sentence.plain[end:]])
