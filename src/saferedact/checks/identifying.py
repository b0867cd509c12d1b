"""What a language network says of texts that may let somebody be recognised, and of what is read in pictures.

It reads passages of a few sentences as they are, and answers with the log-odds that one tells looks or belongings of
somebody who is not to be recognised (ID-08), and that few people fit what it tells (JG-05). Of a passage that counts its
worst sentence is told, and each that counts read alone. The lines of one picture are read together, for ID-10.
The words that lists know are the rules' own matter (`appearance`, `rarity`, `legible`).
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from saferedact.checks.base import Context, Hit, Judge, Place
from saferedact.checks.passages import WORDS, meant, passages
from saferedact.checks.reference import Masked, masked_texts

__all__ = ["ANSWERS", "FINDS", "described", "legible", "passage_texts", "picture_texts"]

ANSWERS = ("ID-08", "JG-05", "ID-10")
"""Rules that the network answers for, in the order of its answers."""

_OF_PEOPLE = [0, 1]
"""Answers that count for passages; the last is about pictures."""

FINDS = {"ID-08": -1.5, "JG-05": 0.5, "ID-10": 1.5}
"""Log-odds from which something counts. Of four writers, each left out of the fit in turn, 83.5, 81.7 and 87.8 % are found
there at 8.0, 6.6 and 8.3 % false alarms; at 7 % it is 78.0, 82.3 and 86.7. Everyday papers and talk hardly ever break
ID-08 by mistake, and JG-05 more often than those texts."""

SURELY_FAIR = -2.0
"""Log-odds of a passage below which what lists of words find in it does not count: of the same texts so did 11 of 15 false
alarms of lists and none of the 18 that they found."""

_LEAST_WORDS = 4
"""Words of a passage below which lists judge alone: hardly a text was shorter when the network was fitted."""

_LEAST_READ = 2
"""Words read in a picture below which lists judge alone: a badge, a sign, a plate."""


_Judged = tuple[Masked, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]
"""A sentence with whether it breaks each rule, and whether its passage surely does not."""


def described(context: Context, rule_id: str, listed: Sequence[Hit]) -> Iterator[Hit | Place]:
    """Yield what breaks a rule about people who are described.

    Parameters
    ----------
    context : Context
        The release.
    rule_id : str
        ID-08 or JG-05.
    listed : sequence of Hit
        What lists of words found, each at one place.

    Yields
    ------
    Hit or Place
        What lists found and the network does not surely call fair, and other sentences that it tells.
    """
    column = ANSWERS.index(rule_id)
    known: dict[int, list[Hit]] = defaultdict(list)
    for hit in listed:
        known[id(hit.places[0].segment)].append(hit)
    fair: set[int] = set()
    for sentence, broken, surely_fair in _judged(context):
        place, end = sentence.place, sentence.start + len(sentence.plain)
        here = [
            hit for hit in known[id(place.segment)] if sentence.start <= hit.places[0].start < end
        ]
        if surely_fair[column]:
            fair.update(map(id, here))
        if broken[column] and not here:
            yield Place(place.material, place.segment, sentence.start, end)
    yield from (hit for hit in listed if id(hit) not in fair)


def legible(judge: Judge, texts: Collection[str]) -> frozenset[str]:
    """Tell which of the texts that were read in pictures are not for the public.

    Parameters
    ----------
    judge : Judge
        The network.
    texts : collection of str
        As `picture_texts` makes them.
    """
    asked = sorted({text for text in texts if len(text.split()) >= _LEAST_READ})
    if not asked:
        return frozenset()
    odds = judge(asked)[:, ANSWERS.index("ID-10")]
    return frozenset(itertools.compress(asked, odds >= FINDS["ID-10"]))


def picture_texts(lines: Sequence[str]) -> list[str]:
    """Write the lines of a picture in pieces that are read together; no line is divided."""
    texts: list[str] = []
    words = 0
    for line in lines:
        count = len(line.split())
        if texts and words + count <= WORDS:
            texts[-1] += f"\n{line}"
            words += count
        else:
            texts.append(line)
            words = count
    return texts


def passage_texts(sentences: Sequence[Masked]) -> list[tuple[range, str]]:
    """Write the passages of a text as the network reads them, with the places of their sentences."""
    words = [len(sentence.plain.split()) for sentence in sentences]
    return [(places, " ".join(sentences[at].plain for at in places)) for places in passages(words)]


def _judged(context: Context) -> list[_Judged]:
    """List every sentence of written and spoken text that was read; worked out once."""
    known: list[_Judged] | None = context.memo.get("described")
    if known is None:
        judge = context.judges.identifying
        known = context.memo["described"] = [] if judge is None else list(_judge(context, judge))
    return known


def _judge(context: Context, judge: Judge) -> Iterator[_Judged]:
    texts = [(sentences, passage_texts(sentences)) for sentences in _written(context)]
    asked = dict.fromkeys(text for _, found in texts for _, text in found if _is_asked(text))
    answers = _answers(judge, list(asked))
    doubtful = [
        [sentences[at].plain for at in places]
        for sentences, found in texts
        for places, text in found
        if len(places) > 1 and text in answers and (answers[text][_OF_PEOPLE] >= _least()).any()
    ]
    alone = _answers(judge, list(dict.fromkeys(text for group in doubtful for text in group)))
    for sentences, found in texts:
        for places, text in found:
            group = [sentences[at] for at in places]
            if text in answers:
                fair = answers[text][_OF_PEOPLE] < SURELY_FAIR
                broken = _of_passage(group, answers[text], alone)
                yield from (
                    (sentence, own, fair) for sentence, own in zip(group, broken, strict=True)
                )


def _of_passage(
    group: Sequence[Masked],
    answer: npt.NDArray[np.float32],
    alone: Mapping[str, npt.NDArray[np.float32]],
) -> npt.NDArray[np.bool_]:
    """Tell which sentences of a passage are meant, by each rule; shape (sentences, rules)."""
    broken = np.zeros((len(group), len(_OF_PEOPLE)), bool)
    for column in np.flatnonzero(answer[_OF_PEOPLE] >= _least()):
        if len(group) == 1:
            broken[0, column] = True
        else:
            scores = [float(alone[sentence.plain][column]) for sentence in group]
            broken[:, column] = meant(scores, float(_least()[column]))
    return broken


def _written(context: Context) -> Iterator[list[Masked]]:
    """Yield the sentences of each text that is written or spoken, once."""
    for _, group in itertools.groupby(
        masked_texts(context), key=lambda sentence: id(sentence.place.segment)
    ):
        sentences = list(group)
        segment = sentences[0].place.segment
        if segment is not None and segment.origin in {"body", "subtitle"} and not segment.joined:
            yield sentences


def _is_asked(text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS


def _answers(judge: Judge, texts: list[str]) -> dict[str, npt.NDArray[np.float32]]:
    return dict(zip(texts, judge(texts), strict=True)) if texts else {}


def _least() -> npt.NDArray[np.float32]:
    return np.array([FINDS[ANSWERS[column]] for column in _OF_PEOPLE], np.float32)
