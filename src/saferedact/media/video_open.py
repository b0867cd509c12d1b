"""Opening files with FFmpeg so that it reads this one file and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from saferedact.errors import InputError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.video_formats import DEMUXERS

__all__ = ["file_size", "open_container"]


@contextmanager
def open_container(path: Path, limits: Limits) -> Iterator[Any]:
    """Open a file with FFmpeg, which then opens nothing else, and close it at the end.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    UnsupportedFormatError
        If it is of no container that is read.
    """
    import av
    from av.error import FFmpegError

    if not path.is_file():
        msg = "there is no such file"
        raise InputError(msg)
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": DEMUXERS,
        "max_pixels": str(limits.max_pixels),
    }
    try:
        container = av.open(f"file:{path}", "r", options=options, metadata_errors="replace")
    except (FFmpegError, ValueError, OSError):
        msg = "the file is no video that can be read"
        raise UnsupportedFormatError(msg) from None
    try:
        yield container
    finally:
        container.close()


def file_size(path: Path) -> int:
    """Size of a file in bytes; InputError if there is none."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        msg = "there is no such file"
        raise InputError(msg) from None
