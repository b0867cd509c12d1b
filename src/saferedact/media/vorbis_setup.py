"""Setup of Vorbis sound without the comments in it: artist, title, and whatever else people wrote.

A container keeps it apart from the packets, so that copying these bit by bit does not take it along.

References
----------
.. [1] Xiph.Org, Vorbis I specification, sections 4.2 and 5.2.1; RFC 9559, appendix on Xiph lacing.
"""

from saferedact.errors import UnsupportedFormatError

__all__ = ["without_comments"]

_NO_COMMENTS = b"\x03vorbis" + bytes(8) + b"\x01"  # no vendor, no comments, end
_HEADS = (b"\x01vorbis", b"\x03vorbis", b"\x05vorbis")


def without_comments(setup: bytes) -> bytes:
    """Write the three headers of Vorbis anew, the second one without comments.

    Parameters
    ----------
    setup : bytes
        Three headers in Xiph lacing, as Matroska keeps them and FFmpeg hands them out.

    Raises
    ------
    UnsupportedFormatError
        If it is something else.
    """
    headers = _divided(setup)
    if [header[:7] for header in headers] != list(_HEADS):
        msg = "the setup of the sound cannot be read; mute or drop it"
        raise UnsupportedFormatError(msg)
    first, _, last = headers
    return b"\x02" + _laced(len(first)) + _laced(len(_NO_COMMENTS)) + first + _NO_COMMENTS + last


def _laced(length: int) -> bytes:
    return b"\xff" * (length // 255) + bytes([length % 255])


def _divided(setup: bytes) -> list[bytes]:
    if setup[:1] != b"\x02":
        return []
    at, lengths = 1, [0, 0]
    for number in range(2):
        while at < len(setup):
            at += 1
            lengths[number] += setup[at - 1]
            if setup[at - 1] != 255:
                break
    middle, end = at + lengths[0], at + sum(lengths)
    return [setup[at:middle], setup[middle:end], setup[end:]]
