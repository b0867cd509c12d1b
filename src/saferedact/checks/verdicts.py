"""Which sentences are believed to prejudice, and by which rules: words and a language network together.

The network reads passages of a few sentences, and answers with the log-odds that one of them
prejudices, and that it breaks each rule. To these half of what the model of words says is added
(`saferedact.checks.wording_model`); what that is sure of counts by itself. Of a passage that counts, its worst sentence is told, and each that counts read
alone. Without a network the model of words decides alone.

The correction that turns the network to this task is `saferedact.checks.corrections`'s.
"""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from saferedact.checks.base import Context, Judge
from saferedact.checks.passages import meant, passage_text, passages
from saferedact.checks.reading import Read, readings
from saferedact.checks.wording_model import wording_model

__all__ = ["Verdict", "judged", "verdicts"]

FINDS = 0.0
"""Log-odds from which a passage counts: rather than not. Of three writers left out when it was fitted, 92.1 %
were found at 6.0 % false alarms there, 90.5 at 5.7 from 1, 88.7 at 5.0 from 2."""

_WORDS_COUNT = 0.5
"""What the log-odds of the model of words are multiplied by; of 0, 1/4, 1/2, 1 and 2 the best at 5 and 7 %
false alarms, all but 2 within a point of it."""

_SURE_WORDS = 6.0
"""Log-odds of the model of words from which a sentence counts whatever the network says; no more false alarms
there, and one text more in 300."""

_LEAST_WORDS = 4
"""Words of a passage below which words and patterns judge first: hardly a text was shorter when the network was
fitted, and scraps of pictures are."""

_SHORT_FINDS, _SHORT_WORDS = 6.0, -0.5
"""Log-odds of both, and of the model of words, from which such a passage counts too, unless it was read in a picture:
"He is guilty." Of 900 pieces of up to three words out of the sets, 28 counted by words alone (one in a fair text) and a
dozen do by these (none there). With less of words, "Abrams charged" would."""

_TITLE = re.compile(r"\W*(?:witness|(?:victim )?(?:impact|personal)) statements?\W*", re.IGNORECASE)
"""What stands above a form, and says nothing."""


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


def judged(context: Context) -> list[tuple[Read, Verdict]]:
    """List every sentence of the release with what is believed of it; worked out once."""
    known: list[tuple[Read, Verdict]] | None = context.memo.get("judged")
    if known is None:
        known = context.memo["judged"] = [
            pair
            for _, group in groupby(
                readings(context), key=lambda read: id(read.sentence.place.segment)
            )
            for pair in _with_verdicts(list(group), context.judges.wording)
        ]
    return known


def _with_verdicts(reads: list[Read], judge: Judge | None) -> Iterator[tuple[Read, Verdict]]:
    return zip(reads, verdicts(reads, judge), strict=True)


def verdicts(reads: Sequence[Read], judge: Judge | None) -> list[Verdict]:
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
    words = [len(read.sentence.plain.split()) for read in reads]
    groups = [[reads[at] for at in places] for places in passages(words)]
    asked = [_is_asked(group) for group in groups]
    texts = [_text(group) for group in itertools.compress(groups, asked)]
    answers = iter(judge(texts) if texts else ())
    return [
        verdict
        for group, is_asked in zip(groups, asked, strict=True)
        for verdict in (
            _of_any_passage(group, next(answers), judge) if is_asked else map(_by_words, group)
        )
    ]


def _is_asked(group: Sequence[Read]) -> bool:
    segment = group[0].sentence.place.segment
    in_picture = segment is not None and segment.origin == "ocr"
    return any(read.lines for read in group) and not (in_picture and _is_short(group))


def _is_short(group: Sequence[Read]) -> bool:
    return len(_text(group).split()) < _LEAST_WORDS


def _of_any_passage(
    group: Sequence[Read], answer: npt.NDArray[np.float32], judge: Judge
) -> list[Verdict]:
    if not _is_short(group):
        return _of_passage(group, answer, judge)
    if _TITLE.fullmatch(_text(group)):
        return [Verdict()] * len(group)
    by_words = [_by_words(read) for read in group]
    words = max(read.opinion.score for read in group if read.lines)
    sure = words >= _SHORT_WORDS and _odds(answer, group) >= _SHORT_FINDS
    if any(verdict.believed for verdict in by_words) or not sure:
        return by_words
    told = Verdict(believed=True, rules=_rules(answer))
    return [told if read.lines else Verdict() for read in group]


def _of_passage(
    group: Sequence[Read], answer: npt.NDArray[np.float32], judge: Judge
) -> list[Verdict]:
    """Tell which sentences of a passage are meant, if it counts."""
    if _odds(answer, group) < FINDS:
        return [Verdict()] * len(group)
    if len(group) == 1:
        return [Verdict(believed=True, rules=_rules(answer))]
    alone = judge([_text([read]) for read in group])
    scores = [_odds(own, [read]) for read, own in zip(group, alone, strict=True)]
    worst = int(np.argmax(scores))
    return [
        Verdict(believed=True, rules=_rules(answer if at == worst else own))
        if counts
        else Verdict()
        for at, (own, counts) in enumerate(zip(alone, meant(scores, FINDS), strict=True))
    ]


def _text(group: Sequence[Read]) -> str:
    return passage_text([read.sentence for read in group])


def _odds(answer: npt.NDArray[np.float32], group: Sequence[Read]) -> float:
    """Return the log-odds of the worst of some sentences; of none that was parsed, nothing counts."""
    words = max((read.opinion.score for read in group if read.lines), default=-math.inf)
    return max(float(answer[0]) + _WORDS_COUNT * words, words - _SURE_WORDS)


def _by_words(read: Read) -> Verdict:
    if not read.lines or read.opinion.score < wording_model().finds:
        return Verdict()
    return Verdict(believed=True, rules=frozenset({read.opinion.rule_id}))


def _rules(answer: npt.NDArray[np.float32]) -> frozenset[str]:
    """Return the likeliest rule, and each that is rather broken than not."""
    rules = wording_model().rules
    likely = {int(answer[1:].argmax()), *np.flatnonzero(answer[1:] > 0).tolist()}
    return frozenset(rules[at] for at in likely)
