"""Learned weights of words: how much a sentence's clauses sound like wording that prejudices.

A log-linear model over the plain form of clauses (`saferedact.checks.clauses`): single words, pairs,
and which of them speak of the accused. The weights are fitted by `tools/fit_wording.py` on the texts
for development alone. The model finds paraphrases that no list has, and keeps quiet lists that fire
on what sounds like any other release. What it finds is told with the words that weighed most.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from saferedact.checks.clauses import Line
from saferedact.documents import Document

__all__ = ["Opinion", "WordingModel", "clause_features", "wording_model"]

_TOKEN = re.compile(r"[A-Za-z£]")

_DAMPING = 0.5
"""Power of the number of features that a sentence's sum is divided by: a long sentence has more of
everything."""

Features = dict[str, list[tuple[int, int]]]


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
    keeps: float
    doubts: float
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
    finds, keeps, doubts : float
        Log-odds from which the model finds by itself, below which it does not believe a list, and
        below which it does not believe a pattern over clauses either.
    rules : tuple of str
        Rules, for the positions in `weights`.
    weights : mapping
        For a feature its weight in thousandths and the position of its rule.
    """

    bias: float
    finds: float
    keeps: float
    doubts: float
    rules: tuple[str, ...]
    weights: dict[str, tuple[int, int]]

    def opinion(self, lines: Sequence[Line], *, context: str) -> Opinion:
        """Weigh a sentence."""
        found = clause_features(lines, context=context)
        share = 1 / max(1, len(found)) ** _DAMPING / 250
        sums = [0.0] * len(self.rules)
        score = self.bias
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
    return WordingModel(file.bias, file.finds, file.keeps, file.doubts, file.rules, file.weights)
