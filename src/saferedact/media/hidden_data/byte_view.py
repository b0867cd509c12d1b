"""Bounded reads from a file: no walker can read outside the part that it was given.

Reads go through a buffered handle instead of a memory map: a medium that fails, or a file that
shrinks under a map, ends the whole process on POSIX instead of raising an error.
"""

import re
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, Self

from saferedact.errors import DamagedInputError, InputError

__all__ = ["PIECE_BYTES", "ByteView", "Spans"]

PIECE_BYTES = 256 * 1024
"""Most bytes held at a time while a long part is searched or inflated."""

_FIRST_PIECE_BYTES = 1024  # a search mostly ends at once: the next segment follows directly


class ByteView:
    """A window on a file; every offset, also inside, is an offset in the file.

    Parameters
    ----------
    handle : binary file
        Open for reading, seekable, buffered.
    start, stop : int
        The window, half-open.
    """

    __slots__ = ("_handle", "start", "stop")

    def __init__(self, handle: BinaryIO, start: int, stop: int) -> None:
        self._handle = handle
        self.start = start
        self.stop = stop

    def part(self, start: int, stop: int) -> Self:
        """Window on a part of this one.

        Raises
        ------
        DamagedInputError
            If the part does not lie inside.
        """
        if not self.start <= start <= stop <= self.stop:
            msg = f"a part at byte {start} does not fit into what holds it"
            raise DamagedInputError(msg)
        return type(self)(self._handle, start, stop)

    def read(self, at: int, length: int) -> bytes:
        """Read exactly `length` bytes.

        Raises
        ------
        DamagedInputError
            If they do not lie inside the window.
        InputError
            If the medium fails.
        """
        if not self.start <= at <= at + length <= self.stop:
            msg = f"the file breaks off: {length} bytes are wanted at byte {at}"
            raise DamagedInputError(msg)
        try:
            self._handle.seek(at)
            data = self._handle.read(length)
        except OSError as error:
            msg = "the file cannot be read"
            raise InputError(msg) from error
        if len(data) != length:
            msg = "the file became shorter while it was read"
            raise DamagedInputError(msg)
        return data

    def unpack(self, layout: str, at: int) -> tuple[Any, ...]:
        """Read numbers in the notation of `struct`, which must name a byte order.

        Raises
        ------
        DamagedInputError
            If they do not lie inside the window.
        """
        return struct.unpack(layout, self.read(at, struct.calcsize(layout)))

    def starts_with(self, prefix: bytes, at: int | None = None) -> bool:
        """Whether the window holds `prefix` at offset `at` (default: at its start)."""
        at = self.start if at is None else at
        return at + len(prefix) <= self.stop and self.read(at, len(prefix)) == prefix

    def pieces(self, at: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) from `at` (default: the start) to the end, in bounded pieces."""
        at = self.start if at is None else at
        while at < self.stop:
            piece = self.read(at, min(PIECE_BYTES, self.stop - at))
            yield at, piece
            at += len(piece)

    def search(self, pattern: re.Pattern[bytes], at: int, *, longest: int) -> int | None:
        """Offset of the first match at or after `at`; None if there is none.

        Parameters
        ----------
        pattern : compiled pattern of bytes
            What to look for.
        at : int
            Where to begin.
        longest : int
            Most bytes that a match can have, so that none is missed between two pieces.
        """
        size = _FIRST_PIECE_BYTES
        while at < self.stop:
            piece = self.read(at, min(size, self.stop - at))
            size = min(2 * size, PIECE_BYTES)
            if match := pattern.search(piece):
                return at + match.start()
            if at + len(piece) == self.stop:
                return None
            at += len(piece) - (longest - 1)
        return None


class Spans:
    """Ranges of bytes that some part of the image accounts for."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def add(self, start: int, stop: int) -> None:
        """Account for the bytes from `start` to before `stop`."""
        if self._spans and self._spans[-1][1] == start:  # keeps the samples of a film few
            start, _ = self._spans.pop()
        self._spans.append((start, stop))

    def gaps(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Maximal ranges of [start, stop) that nothing accounts for, in order."""
        gaps = []
        at = start
        for span_start, span_stop in sorted(self._spans):
            if span_start >= stop:
                break
            if span_start > at:
                gaps.append((at, span_start))
            at = max(at, span_stop)
        if at < stop:
            gaps.append((at, stop))
        return gaps
