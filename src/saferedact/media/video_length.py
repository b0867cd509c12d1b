"""How long a file says it is: one that is shorter was cut off, though all its frames may decode."""

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

__all__ = ["announced_bytes"]

_MOST_BOXES = 4096  # of the top level; a film in fragments has two for each
_SEGMENT = b"\x18\x53\x80\x67"  # Matroska, RFC 9559, 5.1
_EBML_SEARCH_BYTES = 4096
_FLV_SIZE = b"\0\x08filesize\0"  # name and kind (AMF 0, 2.2: a double) of a value of "onMetaData"
_FLV_SEARCH_BYTES = 65_536  # the first tag, which holds the times of all keyframes too
_TS_SYNC, _TS_PACKET = b"G", 188  # ISO/IEC 13818-1, 2.4.3
_TS_STAMP = 4  # M2TS puts a time of so many bytes before each packet
_ASF_SEARCH_BYTES = 65_536
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_SIZE, _ASF_FLAGS = 40, 88  # places in the File Properties Object (ASF specification, 3.2)
_ASF_BROADCAST = 1  # of its flags: sizes were not known when it was written


def announced_bytes(path: Path, container: str) -> int:
    """Find how long a file says it is.

    Parameters
    ----------
    path : Path
        The file.
    container : str
        As of `VideoInfo.container`.

    Returns
    -------
    int
        Bytes; 0 if containers of this kind do not say, or this one does not.
    """
    reader = _READERS.get(container)
    if reader is None:
        return 0
    with path.open("rb") as file:
        return reader(file)


def _boxes(file: BinaryIO) -> int:
    at, end = 0, file.seek(0, os.SEEK_END)
    for _ in range(_MOST_BOXES):
        if at >= end:  # told, and perhaps by more than can be sought
            break
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        (size,) = struct.unpack_from(">I", head)
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
        if size < 8:  # 0: to the end of the file
            break
        at += size
    return at


def _segment(file: BinaryIO) -> int:
    head = file.read(_EBML_SEARCH_BYTES)
    at = head.find(_SEGMENT)
    size_at = at + len(_SEGMENT)
    if at < 0 or size_at >= len(head) or not head[size_at]:
        return 0
    length = 9 - head[size_at].bit_length()
    most = (1 << 7 * length) - 1
    size = int.from_bytes(head[size_at : size_at + length], "big") & most
    return 0 if size == most else size_at + length + size


def _riff(file: BinaryIO) -> int:
    """First part of an AVI; larger files have more of them."""
    head = file.read(8)
    return struct.unpack_from("<I", head, 4)[0] + 8 if len(head) == 8 else 0


def _flash(file: BinaryIO) -> int:
    head = file.read(_FLV_SEARCH_BYTES)
    at = head.find(_FLV_SIZE)
    value_at = at + len(_FLV_SIZE)
    if at < 0 or value_at + 8 > len(head):
        return 0
    (size,) = struct.unpack_from(">d", head, value_at)
    return int(size) if 0 < size < 1 << 63 else 0


def _asf(file: BinaryIO) -> int:
    head = file.read(_ASF_SEARCH_BYTES)
    at = head.find(_ASF_PROPERTIES)
    if at < 0 or at + _ASF_FLAGS + 4 > len(head):
        return 0
    (size,) = struct.unpack_from("<Q", head, at + _ASF_SIZE)
    (flags,) = struct.unpack_from("<I", head, at + _ASF_FLAGS)
    return 0 if flags & _ASF_BROADCAST else int(size)


def _transport(file: BinaryIO) -> int:
    """Bytes of whole packets: a file that ends within one breaks off."""
    head = file.read(3 * (_TS_PACKET + _TS_STAMP))
    size = file.seek(0, os.SEEK_END)
    for stamp in (0, _TS_STAMP):
        pitch = _TS_PACKET + stamp
        if head[stamp : stamp + 3 * pitch : pitch] == 3 * _TS_SYNC:
            return -(-size // pitch) * pitch
    return 0


_READERS: dict[str, Callable[[BinaryIO], int]] = {
    "MP4": _boxes,
    "MOV": _boxes,
    "3GP": _boxes,
    "MATROSKA": _segment,
    "WEBM": _segment,
    "AVI": _riff,
    "FLV": _flash,
    "ASF": _asf,
    "MPEGTS": _transport,
}
