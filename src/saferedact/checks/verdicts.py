"""Which sentences are believed to prejudice, and by which rules: words and a language network together.

The network reads passages of a few sentences, and answers with the log-odds that one of them
prejudices, and that it breaks each rule. To these half of what the model of words says is added
(`saferedact.checks.wording_model`). Of a passage that counts, its worst sentence is told, and each that counts read
alone. Without a network the model of words decides alone.

The correction that turns the network to this task is fitted by `tools/fit_wording_network.py` on the texts
for development alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from saferedact.checks.base import Judge
from saferedact.checks.passages import passage_text, passages
from saferedact.checks.wording_model import wording_model

if TYPE_CHECKING:
    from saferedact.checks.reading import Read

__all__ = ["Verdict", "verdicts", "wording_correction"]

FINDS = 0.0
"""Log-odds from which a passage counts: rather than not. Of three writers left out when it was fitted, 92.1 %
were found at 6.0 % false alarms there, 90.5 at 5.7 from 1, 88.7 at 5.0 from 2."""

_WORDS_COUNT = 0.5
"""What the log-odds of the model of words are multiplied by; of 0, 1/4, 1/2, 1 and 2 the best at 5 and 7 %
false alarms, all but 2 within a point of it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is believed of a sentence.

    Parameters
    ----------
    believed : bool
        Whether what patterns found in it counts.
    rules : frozenset of str
        Rules that it breaks even if no pattern found them.
    """

    believed: bool = False
    rules: frozenset[str] = frozenset()


def verdicts(reads: Sequence["Read"], judge: Judge | None) -> list[Verdict]:
    """Judge the sentences of a text.

    Parameters
    ----------
    reads : sequence of Read
        The sentences. Those that nobody parsed are read beside others, and never told.
    judge : Judge or None
        The network.
    """
    if judge is None:
        return [_by_words(read) for read in reads]
    told = [Verdict()] * len(reads)
    every = [[reads[at] for at in places] for places in passages(len(reads))]
    groups = [group for group in every if any(read.lines for read in group)]
    if not groups:
        return told
    answers = judge([passage_text([read.sentence for read in group]) for group in groups])
    at = {id(read): number for number, read in enumerate(reads)}
    for group, answer in zip(groups, answers, strict=True):
        if float(answer[0]) + max(map(_words, group)) >= FINDS:
            for read, verdict in _blamed(group, answer, judge):
                told[at[id(read)]] = verdict
    return told


def _blamed(
    group: Sequence["Read"], answer: npt.NDArray[np.float32], judge: Judge
) -> list[tuple["Read", Verdict]]:
    """Tell which sentences of a passage that counts are meant."""
    parsed = [read for read in group if read.lines]
    if len(group) == 1:
        return [(group[0], Verdict(believed=True, rules=_rules(answer)))]
    alone = judge([passage_text([read.sentence]) for read in parsed])
    scores = [float(own[0]) + _words(read) for read, own in zip(parsed, alone, strict=True)]
    worst = int(np.argmax(scores))
    return [
        (
            read,
            Verdict(believed=True, rules=_rules(answer if at == worst else own)),
        )
        for at, (read, own) in enumerate(zip(parsed, alone, strict=True))
        if at == worst or scores[at] >= FINDS
    ]


def _words(read: "Read") -> float:
    return _WORDS_COUNT * read.opinion.score if read.lines else -np.inf


def _by_words(read: "Read") -> Verdict:
    if not read.lines or read.opinion.score < wording_model().finds:
        return Verdict()
    return Verdict(believed=True, rules=frozenset({read.opinion.rule_id}))


def _rules(answer: npt.NDArray[np.float32]) -> frozenset[str]:
    """Return the likeliest rule, and each that is rather broken than not."""
    rules = wording_model().rules
    likely = {int(answer[1:].argmax()), *np.flatnonzero(answer[1:] > 0).tolist()}
    return frozenset(rules[at] for at in likely)


@cache
def wording_correction() -> Mapping[str, npt.NDArray[np.float16]]:
    """Read the correction that comes with the package."""
    with resources.files("saferedact.checks").joinpath("wording.npz").open("rb") as file:
        arrays = np.load(file, allow_pickle=False)
        return {name: arrays[name] for name in arrays.files}
