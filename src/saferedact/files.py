"""Files as a whole: an output that appears complete or not at all, digests, and identity.

Nothing here knows a format. All of it works the same on Windows, where an open file cannot be
renamed and a rename does not replace.
"""

import errno
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from saferedact.errors import DestinationError, InputError, RedactionError

__all__ = [
    "TEMPORARY_PREFIX",
    "atomic_output",
    "check_destination",
    "open_regular",
    "same_file",
    "sha256_file",
    "sole_user",
]

TEMPORARY_PREFIX = ".saferedact-"
"""How names of unfinished outputs begin. A process that is killed leaves its one behind."""


def _create(path: Path, *, private: bool = False) -> None:
    """Create an empty file that did not exist, or raise FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666))


def _sync(path: Path) -> None:
    """Put the file's bytes on the disk.

    A rename may reach the disk before the data that it names: after a power failure the
    destination would exist and be empty or cut off.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def check_destination(destination: Path, *, overwrite: bool) -> None:
    """Refuse a place where no output could appear, before the work for it is done.

    Parameters
    ----------
    destination : Path
        Where the file is to be.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    DestinationError
        If its folder does not exist, it exists and may not be replaced, or it is a folder.
    """
    if not destination.parent.is_dir():
        msg = "the folder of the destination does not exist"
        raise DestinationError(msg)
    if "\0" in destination.name:
        msg = "the name of the destination holds a null character"
        raise DestinationError(msg)
    if destination.is_dir():
        msg = "the destination is a folder"
        raise DestinationError(msg)
    if os.path.lexists(destination) and not overwrite:
        msg = "the destination exists already"
        raise DestinationError(msg)


def _commit(temporary: Path, destination: Path, *, overwrite: bool) -> None:
    """Move the finished file to its place.

    Without `overwrite` the name is claimed by an exclusive creation first: hard links, the other
    way to fail on an existing name, are missing from FAT and many network file systems.
    """
    if overwrite:
        temporary.replace(destination)
        return
    try:
        _create(destination)
    except FileExistsError:
        msg = "the destination has appeared meanwhile"
        raise DestinationError(msg) from None
    try:
        temporary.replace(destination)
    except BaseException:
        with suppress(OSError):
            destination.unlink()
        raise


@contextmanager
def atomic_output(
    destination: Path, *, overwrite: bool = False, private: bool = False
) -> Iterator[Path]:
    """Make a file under another name and move it into place when it is complete.

    Parameters
    ----------
    destination : Path
        Where the file is to be. A symbolic link there is replaced, not followed.
    overwrite : bool
        Whether an existing file may be replaced.
    private : bool
        Whether nobody else on this computer may read it, where the system can say so; on Windows the
        folder's rights hold.

    Yields
    ------
    Path
        An empty file in the same folder, with the same suffix and a name nobody can guess. It is
        moved to `destination` when the block ends, and removed when the block raises.

    Raises
    ------
    DestinationError
        If the destination exists and `overwrite` is not set (also if it appears meanwhile), is a
        folder, or its folder does not exist.
    RedactionError
        If the operating system refuses: no room, no permission, a name too long. An OSError that
        leaves the block counts as one, too.
    """
    try:
        check_destination(destination, overwrite=overwrite)
        temporary = destination.with_name(
            f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{destination.suffix}"
        )
        _create(temporary, private=private)
        try:
            yield temporary
            _sync(temporary)
            _commit(temporary, destination, overwrite=overwrite)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        reason = error.strerror or "an input/output error"
        msg = f"the output could not be written: {reason}"
        raise RedactionError(msg) from None


@contextmanager
def sole_user(lock: Path) -> Iterator[None]:
    """Keep all others out who come with the same lock file, until the block ends or the process does.

    The operating system keeps the lock, so that a process that was killed leaves none behind. Where a
    file system knows no locks, nobody is kept out.

    Parameters
    ----------
    lock : Path
        A file of its own, made if missing and removed at the end.

    Raises
    ------
    DestinationError
        If somebody else is within such a block.
    OSError
        If the file cannot be made.
    """
    with lock.open("ab") as file:
        _lock(file)
        # Whoever was here before may have removed the file after it was opened.
        if not lock.exists() or not os.path.samestat(lock.stat(), os.fstat(file.fileno())):
            raise _in_use()
        try:
            yield
        finally:
            if sys.platform != "win32":  # which removes no open file
                lock.unlink(missing_ok=True)
    if sys.platform == "win32":
        with suppress(OSError):
            lock.unlink()


_HELD = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES})
"""What systems say of a file that somebody else has locked; all else means that there are no locks."""


def _lock(file: BinaryIO) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise _in_use() from None


def _in_use() -> DestinationError:
    return DestinationError("another run works on this destination")


def sha256_file(path: Path) -> str:
    """Compute the SHA-256 of a file's bytes, in hexadecimal.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        msg = f"the file cannot be read: {error.strerror or 'an input/output error'}"
        raise InputError(msg) from None
    except ValueError:
        msg = "the file cannot be read: its name holds a null character"
        raise InputError(msg) from None


def same_file(a: Path, b: Path) -> bool:
    """Say whether two paths lead to one file, through links and any spelling.

    The operating system decides when both exist: symbolic links, hard links and case-insensitive
    file systems are seen through. A path that exists and one that does not are never the same.
    Two that do not exist are the same when they would be created in one folder under one name.
    """
    try:
        return a.samefile(b)
    except ValueError:  # a null character: no file has such a name
        return False
    except OSError:
        if os.path.lexists(a) != os.path.lexists(b):
            return False
    return _place(a) == _place(b)


def _place(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading. A device or a pipe is refused: it would block.

    Parameters
    ----------
    path : Path
        The file; symbolic links are followed.

    Returns
    -------
    binary file
        At its start; the caller closes it.

    Raises
    ------
    InputError
        If there is no such file, it is not a regular one, or it cannot be read.
    """
    try:
        if path.is_file():
            return path.open("rb")
        msg = "this is not a regular file" if path.exists() else "there is no such file"
    except (OSError, ValueError):  # ValueError: a zero byte in the path
        msg = "the file cannot be read"
    raise InputError(msg)
