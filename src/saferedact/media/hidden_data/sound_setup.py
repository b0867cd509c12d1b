"""What the setup of sound holds beside it: comments of Vorbis and FLAC, pictures, anything that is long.

References
----------
.. [1] Xiph.Org, Vorbis I specification, section 5.2.1. RFC 9639, FLAC, section 8.
"""

from saferedact.media.hidden_data.byte_view import ByteView

__all__ = ["holds_more_than_setup"]

_MOST_BYTES = 256
"""Bytes of the setup of other codings: Opus with eight channels has 29, AAC and ALAC fewer than 64."""

_MOST_VENDOR_BYTES = 64  # the name of the program that coded it
_VORBIS_COMMENTS = b"\x03vorbis"
_FLAC = b"fLaC"
_STREAM_INFO, _SEEK_TABLE, _COMMENTS = 0, 3, 4  # RFC 9639, table 1
_PADDING = 1


def holds_more_than_setup(coding: bytes, setup: ByteView) -> bool:
    """Tell whether the setup of a track of sound holds what no decoder needs.

    Parameters
    ----------
    coding : bytes
        Matroska's name of the coding, as ``b"A_VORBIS"``.
    setup : ByteView
        The setup, of 64 KB at most.
    """
    data = setup.read(setup.start, setup.stop - setup.start)
    if coding == b"A_VORBIS":
        at = data.find(_VORBIS_COMMENTS)
        return at < 0 or not _is_bare(data[at + len(_VORBIS_COMMENTS) :])
    if coding == b"A_FLAC":
        return not _is_bare_flac(data)
    return len(data) > _MOST_BYTES


def _is_bare(comments: bytes) -> bool:
    """Tell whether comments are none: the name of a program, and the number 0."""
    vendor = int.from_bytes(comments[:4], "little")
    count = comments[4 + vendor : 8 + vendor]
    return vendor <= _MOST_VENDOR_BYTES and count == bytes(4)


def _is_bare_flac(data: bytes) -> bool:
    at = len(_FLAC) if data.startswith(_FLAC) else 0
    while at + 4 <= len(data):
        kind, size = data[at] & 127, int.from_bytes(data[at + 1 : at + 4], "big")
        block = data[at + 4 : at + 4 + size]
        harmless = (
            kind in (_STREAM_INFO, _SEEK_TABLE)
            or (kind == _PADDING and not any(block))
            or (kind == _COMMENTS and _is_bare(block) and len(block) <= 8 + _MOST_VENDOR_BYTES)
        )
        if not harmless or len(block) < size:
            return False
        at += 4 + size
    return at == len(data)
