"""Learned weights of words: how much a sentence's clauses sound like wording that prejudices.

A log-linear model over the plain form of clauses (`saferedact.checks.clauses`): single words, pairs,
which of them speak of the accused, and what the lists and patterns of each rule found. The weights are fitted by `tools/fit_wording.py` on the texts
for development alone. So a list that cries wolf counts for little, and paraphrases that no list has are found. What it finds is told with the words that weighed most.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from saferedact.checks.clauses import Line
from saferedact.documents import Document

__all__ = ["Opinion", "WordingModel", "clause_features", "signs_of", "wording_model"]

_TOKEN = re.compile(r"[A-Za-z£]")

_DAMPING = 0.5
"""Power of the number of features that a sentence's sum is divided by: a long sentence has more of
everything."""

_SIGN = 2.0
"""Value of a pattern's sign, beside 4 for the only word of a sentence; of 2 and 4 the better one in
cross-validation."""

Features = dict[str, list[tuple[int, int]]]


def signs_of(
    listed: Iterable[str], by_grammar: Iterable[str], *, reminder: bool = False
) -> list[str]:
    """Write as features what patterns found in a sentence.

    Parameters
    ----------
    listed, by_grammar : iterable of str
        Rules whose lists, and whose patterns over clauses, found something.
    reminder : bool
        Whether it warns, denies or declines to say.
    """
    words, clauses = sorted(listed), sorted(by_grammar)
    return [
        *(f"list {rule_id}" for rule_id in words),
        *(f"clause {rule_id}" for rule_id in clauses),
        *(["some list"] if words else []),
        *(["some clause"] if clauses else []),
        *(["both"] if words and clauses else []),
        *(["reminder"] if reminder else []),
    ]


def clause_features(lines: Sequence[Line], *, context: str) -> Features:
    """List what the model knows of a sentence.

    Parameters
    ----------
    lines : sequence of Line
        Its clauses.
    context : {"about", "near", "none"}
        Whether the accused is in the sentence, beside it, or in neither.

    Returns
    -------
    dict
        Features with the stretches of the sentence that they come from.
    """
    found: Features = {f"^{context}": []}
    for line in lines:
        pieces = [
            ("0" if match[0].isdigit() else match[0], line.places[match.start()])
            for match in re.finditer(r"\S+", line.text.replace("N's", "N s"))
            if _TOKEN.search(match[0]) or match[0].isdigit()
        ]
        about = any(piece == "N" for piece, _ in pieces)
        before: tuple[str, tuple[int, int]] | None = None
        for piece, place in pieces:
            found.setdefault(piece, []).append(place)
            if about:
                found.setdefault(f"n:{piece}", []).append(place)
            if before is not None:
                found.setdefault(f"{before[0]} {piece}", []).append(place)
            before = piece, place
    return found


class _File(Document):
    schema_id: Literal["saferedact.wording/1"] = Field(alias="schema")
    trained_on: str
    bias: float
    finds: float
    rules: Annotated[tuple[str, ...], Field(strict=False)]
    weights: dict[str, Annotated[tuple[int, int], Field(strict=False)]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of a sentence.

    Parameters
    ----------
    score : float
        Log-odds; 0 is even.
    rule_id : str
        The rule that its weightiest words go with.
    start, end : int
        Stretch of the sentence from the first to the last of the words that weighed most.
    """

    score: float
    rule_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordingModel:
    """The fitted weights.

    Parameters
    ----------
    bias : float
        Log-odds of a sentence without any feature.
    finds : float
        Log-odds from which a sentence counts.
    rules : tuple of str
        Rules, for the positions in `weights`.
    weights : mapping
        For a feature its weight in thousandths and the position of its rule.
    """

    bias: float
    finds: float
    rules: tuple[str, ...]
    weights: dict[str, tuple[int, int]]

    def opinion(self, lines: Sequence[Line], *, context: str, signs: Iterable[str]) -> Opinion:
        """Weigh a sentence by its clauses and by what patterns found in it."""
        found = clause_features(lines, context=context)
        share = 1 / max(1, len(found)) ** _DAMPING / 250
        sums = [0.0] * len(self.rules)
        score = self.bias + sum(self.weights.get(s, (0, 0))[0] for s in signs) * _SIGN / 1000
        best: list[tuple[float, tuple[int, int]]] = []
        for feature, places in found.items():
            weight, rule = self.weights.get(feature, (0, 0))
            score += weight * share
            if weight > 0:
                sums[rule] += weight * share
                best += [(weight, place) for place in places if place[1]]
        top = [place for _, place in sorted(best, reverse=True)[:3]]
        return Opinion(
            score,
            self.rules[max(range(len(sums)), key=sums.__getitem__)],
            min((place[0] for place in top), default=0),
            max((place[1] for place in top), default=0),
        )


@cache
def wording_model() -> WordingModel:
    """Read the weights that come with the package."""
    data = resources.files("saferedact.checks").joinpath("wording.json").read_bytes()
    file = _File.model_validate(json.loads(data))
    return WordingModel(file.bias, file.finds, file.rules, file.weights)
