"""Names by Rampart, a small token classifier, run by onnxruntime.

It reads small letters only, so that ALL CAPS and lower-case text are the same to it and a truecased
copy would show it nothing new. It passes over public figures: never use it alone.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.windows import Sight, WindowMemory, windows
from saferedact.errors import DetectorError
from saferedact.models import model_path
from saferedact.text.beside_word import is_place
from saferedact.text.gazetteer import name_strength, names_a_place
from saferedact.text.lexicon import NAME, PLACE, is_ordinary
from saferedact.text.spans import TextSpan
from saferedact.text.technical import TechnicalText

__all__ = ["MODEL", "RampartNames"]

MODEL = "rampart-ner"

MIN_PROBABILITY = 0.15
"""Least probability that a token is of a name. Measured on UK police texts: the likeliest label alone
finds 54 % of the persons, this 69 % (precision .96 and .92)."""

LEAST_HINT, LEAST_HINT_OF_LETTER = 0.02, 0.007
"""Least probabilities that are a hint all the same: of a word with a capital or one of a line without capitals,
and of a lone capital. Elsewhere (small letters beside capitals, words in capitals, names of places, listings
of programs) so little says nothing."""

HINT = 0.4
"""Score of a hint: of 45 words that hints alone made names, in 147 texts with 975 persons, 19 were."""

WINDOW, OVERLAP = 480, 64
"""Code points. The authors run it in such windows; its recall drops in longer ones."""

MAX_TOKENS = 510  # of 512, without the two marks at the ends

_BATCH = 4
"""Windows of a run. On one thread 64 windows took 2.2 s of processor time in runs of 4, 2.4 s in runs of 1
and 8, 2.6 s in runs of 16."""

_MOST_THREADS = 4  # more would mostly wait for memory; each holds a run of its own

_GROUP = 64
"""Windows that are sorted by their number of tokens before they are batched: every window of a batch
costs as much as its longest."""

_LABELS = frozenset({"B-GIVEN_NAME", "I-GIVEN_NAME", "B-SURNAME", "I-SURNAME"})


class RampartNames:
    """Finds given names and surnames with Rampart.

    Parameters
    ----------
    threads : int or None
        Threads that one call may use; None takes one for each processor, up to four. Each runs windows
        of its own: threads that share a run wait for each other, which costs a third of the time.
    hints : bool
        Whether words that the model hardly believes in are told too, as `HINT`.

    Raises
    ------
    DetectorModelMissing
        If the model is not on this machine.
    DetectorError
        If it cannot be loaded.
    """

    name = "rampart"
    case: Literal["ignored"] = "ignored"

    def __init__(self, *, threads: int | None = None, hints: bool = True) -> None:
        self._hints = hints
        self._session, self._tokenizer, self._columns = _load(str(model_path(MODEL)))
        self._threads = threads or min(os.cpu_count() or 1, _MOST_THREADS)
        self._memory = WindowMemory()

    def find(self, text: str) -> list[TextSpan]:
        """Find names in a text of any length.

        Raises
        ------
        DetectorError
            If the model fails.
        """
        with told_as_detector_error(f"the name model {MODEL} failed"):
            return list(self._spans(text))

    def _spans(self, text: str) -> Iterator[TextSpan]:
        technical: TechnicalText | None = None
        for start, end, probability in self._tokens(text):
            place = _word_around(text, start, end)
            score = probability * _share(text[slice(*place)])
            score *= probability >= MIN_PROBABILITY
            if self._hints and score < HINT and probability >= _least_hint(text, *place):
                technical = technical or TechnicalText(text)
                score = score if technical.around(start) else HINT
            if score:
                yield TextSpan(start, end, "name", "person", score, self.name)

    def _tokens(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the tokens that may be of a name: place and probability."""
        places = list(windows(text, size=WINDOW, overlap=OVERLAP))
        for first in range(0, len(places), _GROUP):
            group = places[first : first + _GROUP]
            seen = self._memory.ask([text[start:end] for start, end in group], self._look)
            for (start, _), tokens in zip(group, seen, strict=True):
                for token_start, token_end, probability in tokens:
                    yield start + token_start, start + token_end, probability

    def _look(self, texts: Sequence[str]) -> list[list[Sight]]:
        """Ask the model for some windows."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=True)
        pieces = [
            (number, piece)
            for number, whole in enumerate(encodings)
            for piece in (whole, *whole.overflowing)
        ]
        pieces.sort(key=lambda one: len(one[1].ids))
        seen: list[list[Sight]] = [[] for _ in texts]
        batches = [pieces[first : first + _BATCH] for first in range(0, len(pieces), _BATCH)]
        for batch, answers in zip(batches, self._answers(batches), strict=True):
            for (number, piece), probability in zip(batch, answers, strict=True):
                for index in np.flatnonzero(probability >= LEAST_HINT_OF_LETTER).tolist():
                    start, end = piece.offsets[index]
                    if end > start and not piece.special_tokens_mask[index]:
                        seen[number].append((start, end, float(probability[index])))
        return seen

    def _answers(
        self, batches: Sequence[Sequence[tuple[int, Any]]]
    ) -> Iterator[list[npt.NDArray[np.float32]]]:
        """Ask about each batch; in order."""
        asked = ([piece for _, piece in batch] for batch in batches)
        if self._threads == 1 or len(batches) == 1:
            yield from map(self._probabilities, asked)
            return
        with ThreadPoolExecutor(min(self._threads, len(batches))) as pool:
            yield from pool.map(self._probabilities, asked)

    def _probabilities(self, encodings: Sequence[Any]) -> list[npt.NDArray[np.float32]]:
        """Return for each piece the probability of a name at each of its tokens."""
        length = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), length), np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        names = {value.name for value in self._session.get_inputs()}
        (logits,) = self._session.run(
            None, {name: value for name, value in feeds.items() if name in names}
        )
        odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
        share = odds[..., self._columns].sum(axis=-1) / odds.sum(axis=-1)
        probability: npt.NDArray[np.float32] = np.clip(share, 0.0, 1.0).astype(np.float32)
        return [probability[row, : len(encoding.ids)] for row, encoding in enumerate(encodings)]


_MAX_WORD = 40  # code points: what is longer is no ordinary word

ORDINARY_SHARE = 0.25
"""Share of a probability that is left for an ordinary word in small letters ("take", "taxi"). The
model does not see case; what it is nearly certain of is still possible. (With .4 the messages of chats
lost words; with either, as many names of the halves for tuning are found.)"""


def _word_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of the word that a token is of."""
    first, last = max(start - _MAX_WORD, 0), min(end + _MAX_WORD, len(text))
    while start > first and text[start - 1].isalpha():
        start -= 1
    while end < last and text[end].isalpha():
        end += 1
    return start, end


def _share(word: str) -> float:
    return ORDINARY_SHARE if word.islower() and is_ordinary(word) else 1.0


def _is_place(text: str, start: int, end: int) -> bool:
    flags, _ = name_strength(text[start:end])
    known_place, known_name = bool(flags & PLACE), bool(flags & NAME)
    return names_a_place(text, start, end) or is_place(
        text, start, end, known_place=known_place, known_name=known_name
    )


_NEVER = 2.0  # no probability
_APOSTROPHES = ("'", "\u2019")
_LINE = 200  # code points to each side that show whether their line has capitals
_SENDER = re.compile(r"[^\n:]{1,30}: ")


def _least_hint(text: str, start: int, end: int) -> float:
    """Return the probability from which a word is possibly a name, whatever else is known of it."""
    word = text[start:end]
    if len(word) == 1:
        part = text[start - 1 : start] in _APOSTROPHES or text.startswith(" v ", end)  # R v Bell
        return LEAST_HINT_OF_LETTER if word.isupper() and not part else _NEVER
    if word[:1].isupper():
        return _NEVER if word.isupper() or _is_place(text, start, end) else LEAST_HINT
    first = max(start - _LINE, 0)
    first = max(text.rfind("\n", first, start) + 1, first)
    sender = _SENDER.match(text, first, start)
    first = sender.end() if sender else first
    last = text.find("\n", end, end + _LINE)
    said = text[first : last if last >= 0 else end + _LINE]
    return LEAST_HINT if said.islower() else _NEVER


@lru_cache(maxsize=1)
def _load(path: str) -> tuple[Any, Any, list[int]]:
    import onnxruntime
    from tokenizers import Tokenizer

    directory = Path(path).parent
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with told_as_detector_error(f"the name model {MODEL} cannot be loaded"):
        labels = json.loads((directory / "config.json").read_text("utf-8"))["id2label"]
        columns = [int(number) for number, label in labels.items() if label in _LABELS]
        tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        tokenizer.no_padding()
        # a window of letters that each become several tokens continues in a further piece
        tokenizer.enable_truncation(MAX_TOKENS + 2, stride=64)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    if len(columns) != len(_LABELS):
        msg = f"the name model {MODEL} has other labels than this code knows"
        raise DetectorError(msg)
    return session, tokenizer, columns
