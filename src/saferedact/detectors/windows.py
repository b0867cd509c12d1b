"""Windows over a long text, so that a model sees a bounded piece at a time, and each piece once."""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Protocol

__all__ = ["Sight", "WindowMemory", "windows"]

Sight = tuple[int, int, float]
"""What a model saw in a window: place within it, half-open, and a score."""

_REMEMBERED = 16_384
"""Windows whose answer is kept: seven million code points in windows of 480, ten megabytes or so. A
redacted text is read again until nothing more is found, and most of it is as it was before."""


def windows(text: str, *, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Divide a text into overlapping stretches that break between words where they can.

    Parameters
    ----------
    text : str
        Any text.
    size : int
        Most code points of a window.
    overlap : int
        Code points that a window shares with the one before, at least; less than a third of `size`.

    Yields
    ------
    (int, int)
        Stretches in order, half-open. Together they cover the text; a text of up to `size` code
        points is one window, an empty one none.
    """
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text):
            end = _break(text, start + size - size // 4, end)
        yield start, end
        if end == len(text):
            break
        start = _break(text, end - overlap - overlap // 2, end - overlap)


class Look(Protocol):
    """Asks a model."""

    def __call__(self, texts: Sequence[str], /) -> Sequence[Sequence[Sight]]:
        """Return what it sees in each text."""
        ...


class WindowMemory:
    """Asks a model only for windows that it has not seen lately. It keeps digests, never a text."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[Sight, ...]] = OrderedDict()
        self._lock = Lock()

    def ask(self, texts: Sequence[str], look: Look) -> list[tuple[Sight, ...]]:
        """Return what a model sees in each text.

        Parameters
        ----------
        texts : sequence of str
            Windows.
        look : callable
            Asks the model for those that are new, each once. What it raises is passed on, and then
            nothing is remembered.
        """
        keys = [_digest(text) for text in texts]
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            for key, seen in zip(new, look(list(new.values())), strict=True):
                known[key] = tuple(seen)
        with self._lock:
            for key in keys:
                self._known[key] = known[key]
                self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return [known[key] for key in keys]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _break(text: str, low: int, high: int) -> int:
    """Return a position in [low, high] after a line's end, else after a blank, else `high`.

    Of several it is the one whose neighbours have the least checksum. Two texts that are the same from
    some place on so come to break at the same places soon, wherever their windows began before.
    """
    for mark in ("\n", " "):
        places: list[int] = []
        found = text.find(mark, low, high)
        while found >= 0:
            places.append(found + 1)
            found = text.find(mark, found + 1, high)
        if places:
            return min(places, key=lambda place: (_checksum(text, place), place))
    return high


_NEIGHBOURS = 8  # code points to each side of a break: enough for breaks of one window to differ


def _checksum(text: str, place: int) -> int:
    around = text[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
    return zlib.crc32(around.encode("utf-8", "surrogatepass"))
