"""Answers of networks, remembered by the pixels that they are of.

A picture is looked at several times: to propose, to look again at the output, once more in each round of
repair and when a release is checked. Much of what is shown is the same, sample by sample: tiles that no
region touches, lines of text, the original itself. The network's answer to the same pixels is the same,
so it is kept for a while, in memory alone.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["Remembered"]

_Answer = TypeVar("_Answer")

_ENTRY_BYTES = 200
"""What an entry takes beside its answer: key, node and tuple, about."""


class Remembered(Generic[_Answer]):
    """Answers by pixels, the least recently used ones forgotten; safe to share between threads.

    Parameters
    ----------
    size_of : callable
        Bytes that an answer takes.
    max_bytes : int
        Of all answers together. One that is larger alone is not kept.
    """

    def __init__(self, size_of: Callable[[_Answer], int], *, max_bytes: int) -> None:
        self._size_of = size_of
        self._max_bytes = max_bytes
        self._bytes = 0
        self._answers: OrderedDict[bytes, tuple[_Answer, int]] = OrderedDict()
        self._lock = Lock()

    def answer(
        self, pixels: npt.NDArray[Any], ask: Callable[[], _Answer], *, asked: object = None
    ) -> _Answer:
        """Return the remembered answer to some pixels, or ask and remember.

        Parameters
        ----------
        pixels : ndarray
            What is shown. Not modified, not kept.
        ask : callable
            Gives the answer; what it raises is raised, and nothing is remembered.
        asked : object
            What the answer depends on beside the pixels; told apart by its ``repr``.

        Returns
        -------
        object
            Shared with later callers: not to be modified.
        """
        flat = np.ascontiguousarray(pixels)
        what = repr((flat.shape, flat.dtype.str, asked)).encode()
        # Cryptographic and long: no picture can be made that passes for another one.
        key = hashlib.blake2b(flat.data, digest_size=32, key=hashlib.sha256(what).digest()).digest()
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                self._answers.move_to_end(key)
                return known[0]
        answer = ask()
        size = self._size_of(answer) + _ENTRY_BYTES
        with self._lock:
            if size <= self._max_bytes and key not in self._answers:
                self._answers[key] = (answer, size)
                self._bytes += size
                while self._bytes > self._max_bytes:
                    _, (_, gone) = self._answers.popitem(last=False)
                    self._bytes -= gone
        return answer
