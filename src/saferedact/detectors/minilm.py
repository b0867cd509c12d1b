"""Short texts judged by MiniLM, a small language network with a fitted correction; run by numpy.

The network is all-MiniLM-L6-v2: six layers of a transformer that were taught which sentences of the
web mean the same. A correction of low rank (LoRA, Hu et al. 2021, arXiv:2106.09685) turns it to
a task of ours, and is small enough to come with the package.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.detectors.failures import told_as_detector_error
from saferedact.errors import DetectorError
from saferedact.models import model_path

__all__ = ["MODEL", "MiniLM"]

MODEL = "all-minilm"

MAX_TOKENS = 512
"""Tokens of a text that are read: the network knows as many places."""

_BATCH = 8
"""Texts of a run, which share the length of the longest; they are sorted by it before."""

_LAYERS, _WIDTH, _HEADS = 6, 384, 12
_EPSILON = 1e-12  # of the layer norms, from the model's config.json
_HEADER = 8  # bytes of a safetensors file that say how long its table is
_MAX_HEADER = 1 << 20  # bytes; the real table has 11,000

_LINEAR = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "grow": "intermediate.dense",
    "shrink": "output.dense",
}
"""The linear maps of a layer, each of which may be corrected, and their names in the file."""

_NEAR = 0.3275911
_TAIL = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
"""Constants of the approximation 7.1.26 in `_gelu`."""

Floats = npt.NDArray[np.float32]


class MiniLM:
    """The network as a correction turns it.

    Parameters
    ----------
    correction : mapping of str to ndarray
        For layer ``n`` and a linear map of it, ``n.query.down`` of shape (r, columns) and ``n.query.up`` of
        shape (rows, r), whose product is added to the map; likewise ``key``, ``value``, ``output``,
        ``grow`` and ``shrink``. ``head.weight``, shape (k, 384), and ``head.bias``, shape (k,), make
        the answer of the mean of a text's tokens.

    Raises
    ------
    DetectorModelMissing
        If the model is not on this machine.
    DetectorError
        If it cannot be loaded.
    """

    def __init__(self, correction: Mapping[str, npt.NDArray[np.float16]]) -> None:
        path = model_path(MODEL)
        with told_as_detector_error(f"the language model {MODEL} cannot be loaded"):
            self._load(path, correction)

    def _load(self, path: Path, correction: Mapping[str, npt.NDArray[np.float16]]) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path.parent / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        tensors = dict(_tensors(path))
        self._words = tensors["embeddings.word_embeddings.weight"]
        types = tensors["embeddings.token_type_embeddings.weight"]
        self._places = tensors["embeddings.position_embeddings.weight"][:MAX_TOKENS] + types[0]
        self._norm = _norm_of(tensors, "embeddings.LayerNorm")
        self._layers = [_Layer(tensors, number, correction) for number in range(_LAYERS)]
        self._head = correction["head.weight"].astype(np.float32).T
        self._bias = correction["head.bias"].astype(np.float32)

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Ask about each of some texts.

        Parameters
        ----------
        texts : sequence of str
            Each is read by itself, to its 512th token.

        Returns
        -------
        ndarray, shape (texts, k), float32
            The answers.

        Raises
        ------
        DetectorError
            If the network fails.
        """
        with told_as_detector_error(f"the language model {MODEL} failed"):
            return self._answers(texts)

    def _answers(self, texts: Sequence[str]) -> Floats:
        read = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(read)), key=lambda at: len(read[at]))
        answers = np.empty((len(read), len(self._bias)), np.float32)
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            answers[batch] = self._means([read[at] for at in batch]) @ self._head + self._bias
        return answers

    def _means(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return the mean of what the network makes of the tokens of each text."""
        length = max(map(len, texts))
        ids = np.zeros((len(texts), length), np.int64)
        there = np.zeros((len(texts), length), bool)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
            there[row, : len(text)] = True
        hidden = self._norm(self._words[ids] + self._places[:length])
        for layer in self._layers:
            hidden = layer(hidden, there)
        weights = there[..., None].astype(np.float32)
        means: Floats = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return means


class _Layer:
    """A layer of the encoder (Devlin et al. 2018, BERT): attention, then a map of each token."""

    def __init__(
        self,
        tensors: Mapping[str, Floats],
        number: int,
        correction: Mapping[str, npt.NDArray[np.float16]],
    ) -> None:
        within = f"encoder.layer.{number}."
        self._maps = {
            name: _corrected(tensors, within + place, correction, f"{number}.{name}")
            for name, place in _LINEAR.items()
        }
        self._after_attention = _norm_of(tensors, within + "attention.output.LayerNorm")
        self._after_all = _norm_of(tensors, within + "output.LayerNorm")

    def __call__(self, hidden: Floats, there: npt.NDArray[np.bool_]) -> Floats:
        query, key, value = (
            _by_heads(self._map(name, hidden)) for name in ("query", "key", "value")
        )
        likeness = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(_WIDTH // _HEADS))
        likeness = np.where(there[:, None, None], likeness, np.float32(-np.inf))
        share = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        seen = (share @ value).swapaxes(1, 2).reshape(hidden.shape)
        hidden = self._after_attention(hidden + self._map("output", seen))
        grown = self._map("grow", hidden)
        for text in grown:  # one by one, so that what is worked on stays in the processor's cache
            text[:] = _gelu(text)
        return self._after_all(hidden + self._map("shrink", grown))

    def _map(self, name: str, hidden: Floats) -> Floats:
        weights, bias = self._maps[name]
        # as one matrix: a product of a stack of them takes half as long again
        mapped: Floats = hidden.reshape(-1, hidden.shape[-1]) @ weights
        mapped += bias
        return mapped.reshape(*hidden.shape[:-1], -1)


def _gelu(values: Floats) -> Floats:
    """Weigh values by the share of a normal distribution below them (arXiv:1606.08415).

    That share is written by the error function's approximation 7.1.26 of Abramowitz and Stegun, Handbook of
    Mathematical Functions (1964), which is within 1.5e-7, in less than half the time that the function takes.
    """
    size = np.abs(values)
    near = size * np.float32(_NEAR / np.sqrt(2))
    near += 1
    np.reciprocal(near, out=near)
    tail = near * np.float32(_TAIL[-1])
    for factor in _TAIL[-2::-1]:
        tail += np.float32(factor)
        tail *= near
    np.multiply(size, size, out=near)
    near *= np.float32(-1 / 2)
    np.exp(near, out=near)
    tail *= near
    tail *= size
    tail *= np.float32(1 / 2)
    kept: Floats = np.maximum(values, 0)
    kept -= tail
    return kept


def _by_heads(mapped: Floats) -> Floats:
    count, length, _ = mapped.shape
    return mapped.reshape(count, length, _HEADS, _WIDTH // _HEADS).swapaxes(1, 2)


def _corrected(
    tensors: Mapping[str, Floats],
    place: str,
    correction: Mapping[str, npt.NDArray[np.float16]],
    name: str,
) -> tuple[Floats, Floats]:
    """Return a linear map with its correction, turned for rows that are multiplied from the left."""
    weights = tensors[f"{place}.weight"]
    if f"{name}.up" in correction:
        up, down = (correction[f"{name}.{part}"].astype(np.float32) for part in ("up", "down"))
        weights = np.add(weights, up @ down, dtype=np.float32)
    return np.ascontiguousarray(weights.T), tensors[f"{place}.bias"]


def _norm_of(tensors: Mapping[str, Floats], place: str) -> Callable[[Floats], Floats]:
    scale, shift = tensors[f"{place}.weight"], tensors[f"{place}.bias"]

    def norm(hidden: Floats) -> Floats:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
        normal: Floats = centred / spread * scale + shift
        return normal

    return norm


def _tensors(path: Path) -> Iterator[tuple[str, Floats]]:
    """Yield the arrays of a safetensors file, which stay on the disk until they are used."""
    data: Any = np.memmap(path, np.uint8, "r")
    length = int.from_bytes(data[:_HEADER].tobytes(), "little")
    if length > min(_MAX_HEADER, len(data) - _HEADER):
        msg = f"the language model {MODEL} cannot be loaded (a table of an impossible length)"
        raise DetectorError(msg)
    begin = _HEADER + length
    for name, entry in json.loads(data[_HEADER:begin].tobytes()).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            yield name, data[begin + first : begin + last].view("<f4").reshape(entry["shape"])
