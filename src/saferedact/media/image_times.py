"""Clearing the times that an encoder of image sequences writes into its container.

An animated AVIF is an ISO base media file with a movie header, and libavif stamps it with the
second in which it was encoded.

References
----------
.. [1] ISO/IEC 14496-12, sections 8.2.2 (mvhd), 8.3.2 (tkhd) and 8.4.2 (mdhd): after version and
   flags come creation and modification time, 32 bits each in version 0, 64 in version 1.
"""

import struct
from collections.abc import Iterator

__all__ = ["without_times"]

_PARENTS = frozenset({b"moov", b"trak", b"mdia"})
_STAMPED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_HEADER = 8  # size and type of a box
_VERSION_AND_FLAGS = 4


def without_times(data: bytes) -> bytes:
    """Set creation and modification times of a movie and its tracks to 0, "not known".

    Parameters
    ----------
    data : bytes
        An ISO base media file of our own encoder: trusted, with 32-bit box sizes in its headers.

    Returns
    -------
    bytes
        The same file; as it was if it has no movie.
    """
    cleared = bytearray(data)
    for start, stop in _time_spans(data, 0, len(data)):
        cleared[start:stop] = bytes(stop - start)
    return bytes(cleared)


def _time_spans(data: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    while at + _HEADER <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < _HEADER:  # to the end of the file, or a 64-bit size: the coded pictures
            return
        body = at + _HEADER
        if kind in _PARENTS:
            yield from _time_spans(data, body, min(at + size, end))
        elif kind in _STAMPED:
            times = 16 if data[body] == 1 else 8
            yield body + _VERSION_AND_FLAGS, body + _VERSION_AND_FLAGS + times
        at += size
