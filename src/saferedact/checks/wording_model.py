"""Learned weights of words: how much a sentence's clauses sound like wording that prejudices.

A log-linear model of no rule and of each rule, over the plain form of clauses
(`saferedact.checks.clauses`): single words, pairs, which of them speak of the accused, what the lists
and patterns of each rule found, how the sentence is to be read, and the mean of its words' vectors. The
weights are fitted by `tools/fit_wording.py` on the texts for development alone. So a list that cries
wolf counts for little, and paraphrases that no list has are found. What it finds is told with the words
that weighed most.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from saferedact.checks.clauses import Line
from saferedact.documents import Document
from saferedact.text.grammar import Word

__all__ = ["Opinion", "WordingModel", "clause_features", "meaning_of", "signs_of", "wording_model"]

_TOKEN = re.compile(r"[A-Za-z£]")

_DAMPING = 0.5
"""Power of the number of features that a sentence's sum is divided by: a long sentence has more of
everything."""

_SIGN = 2.0
"""Value of a pattern's sign, beside 4 for the only word of a sentence; of 2 and 4 the better one in
cross-validation."""

_TELLING = frozenset({"named", "unnamed", "over", "reminder near", "denial of law"})
"""Signs that are weighed once more where patterns found something."""

_THOUSANDTHS = 1000
"""What weights are written in."""

_MANY = 3
"""Rules that found something, from which on more say nothing."""

Features = dict[str, list[tuple[int, int]]]


def signs_of(
    listed: Iterable[str],
    by_grammar: Iterable[str],
    *,
    context: str,
    reminder: bool = False,
    around: Collection[str] = (),
) -> list[str]:
    """Write as features what patterns found in a sentence, and how it is to be read.

    Parameters
    ----------
    listed, by_grammar : iterable of str
        Rules whose lists, and whose patterns over clauses, found something.
    context : {"about", "near", "none"}
        Whether the accused is in the sentence, beside it, or in neither.
    reminder : bool
        Whether it warns, denies or declines to say.
    around : collection of str
        What `saferedact.checks.surroundings` says of it.
    """
    words, clauses = sorted(listed), sorted(by_grammar)
    every = {*words, *clauses}
    reading = [
        *(sign for sign in around if sign in _TELLING),
        context,
        *(["reminder"] if reminder else []),
    ]
    return [
        *(f"list {rule_id}" for rule_id in words),
        *(f"clause {rule_id}" for rule_id in clauses),
        *(f"both {rule_id}" for rule_id in words if rule_id in clauses),
        *(["some list"] if words else []),
        *(["some clause"] if clauses else []),
        *(["both"] if words and clauses else []),
        *(["reminder"] if reminder else []),
        *around,
        *(f"found, {sign}" for sign in reading if every),
        f"{min(len(every), _MANY)} rules",
        f"is {context}",
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


def meaning_of(words: Sequence[Word]) -> npt.NDArray[np.float32] | None:
    """Return the mean of what words mean, of length 1; None if no word has a vector.

    Parameters
    ----------
    words : sequence of Word
        Those of a sentence that count: neither the accused nor the wording of a charge.
    """
    vectors = [word.vector for word in words if word.vector is not None]
    if not vectors:
        return None
    mean: npt.NDArray[np.float32] = np.mean(vectors, axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length else None


class _File(Document):
    schema_id: Literal["saferedact.wording/2"] = Field(alias="schema")
    trained_on: str
    finds: float
    rules: Annotated[tuple[str, ...], Field(strict=False)]
    bias: Annotated[tuple[float, ...], Field(strict=False)]
    without_meaning: Annotated[tuple[float, ...], Field(strict=False)]
    words: dict[str, int]
    signs: dict[str, Annotated[tuple[int, ...], Field(strict=False)]]
    meaning: Annotated[
        tuple[Annotated[tuple[int, ...], Field(strict=False)], ...], Field(strict=False)
    ]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of a sentence.

    Parameters
    ----------
    score : float
        Log-odds; 0 is even.
    rule_id : str
        The rule that it most likely breaks, if any.
    start, end : int
        Stretch of the sentence from the first to the last of the words that weighed most.
    """

    score: float
    rule_id: str
    start: int
    end: int


_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class WordingModel:
    """The fitted weights.

    A sentence breaks one of the rules, or none. Signs and meaning speak for each of them apart; words
    speak for all of them against none.

    Parameters
    ----------
    finds : float
        Log-odds from which a sentence counts.
    rules : tuple of str
        Rules, in the order of the columns below, which begin with a column for no rule.
    bias, without_meaning : ndarray, shape (1 + rules,)
        Log-odds of a sentence without any feature, and what is added where no word has a vector.
    words : mapping
        For a feature of clauses its weight.
    signs : mapping
        For a sign its weights, shape (1 + rules,).
    meaning : ndarray, shape (d, 1 + rules)
        Weights of the numbers of a sentence's meaning.
    """

    finds: float
    rules: tuple[str, ...]
    bias: _Numbers
    without_meaning: _Numbers
    words: dict[str, float]
    signs: dict[str, _Numbers]
    meaning: _Numbers

    def opinion(
        self,
        lines: Sequence[Line],
        *,
        context: str,
        signs: Iterable[str],
        words: Sequence[Word] = (),
    ) -> Opinion:
        """Weigh a sentence by its clauses, by what patterns found in it, and by what it means."""
        odds = self.bias + sum(_SIGN * self.signs[sign] for sign in signs if sign in self.signs)
        found = clause_features(lines, context=context)
        share = 4 / max(1, len(found)) ** _DAMPING
        weighed = {feature: self.words.get(feature, 0.0) * share for feature in found}
        odds[1:] += sum(weighed.values())
        meaning = meaning_of(words)
        odds = odds + (self.without_meaning if meaning is None else meaning @ self.meaning)
        rule = int(odds[1:].argmax())
        best = [
            (weight, place)
            for feature, weight in weighed.items()
            for place in found[feature]
            if weight > 0 and place[1]
        ]
        if meaning is not None:
            toward = self.meaning[:, 1 + rule] - self.meaning[:, 0]
            spoken = [word for word in words if word.vector is not None]
            best += [
                (float(word.vector @ toward) / len(spoken), (word.start, word.end))
                for word in spoken
                if word.vector is not None and word.vector @ toward > 0
            ]
        top = [place for _, place in sorted(best, reverse=True)[:3]]
        return Opinion(
            float(np.logaddexp.reduce(odds[1:]) - odds[0]),
            self.rules[rule],
            min((place[0] for place in top), default=0),
            max((place[1] for place in top), default=0),
        )


@cache
def wording_model() -> WordingModel:
    """Read the weights that come with the package."""
    data = resources.files("saferedact.checks").joinpath("wording.json").read_bytes()
    file = _File.model_validate(json.loads(data))
    return WordingModel(
        file.finds,
        file.rules,
        np.array(file.bias),
        np.array(file.without_meaning),
        {feature: weight / _THOUSANDTHS for feature, weight in file.words.items()},
        {sign: np.array(weights) / _THOUSANDTHS for sign, weights in file.signs.items()},
        np.array(file.meaning) / _THOUSANDTHS,
    )
