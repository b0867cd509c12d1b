"""Packages and archives for tests: written whole, in memory."""

import io
import zipfile
from typing import IO, Protocol

__all__ = ["Saves", "repacked", "saved", "without", "zipped"]


class Saves(Protocol):
    """A document of any office library."""

    def save(self, file: IO[bytes], /) -> None:
        """Write the document to an open file."""
        ...


def saved(document: Saves) -> bytes:
    """Return what a document writes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """Make a zip archive of members, by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    """Replace or add members of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    return zipped(members | change)


def without(data: bytes, *names: str) -> bytes:
    """Leave members out of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {
            i.filename: archive.read(i) for i in archive.infolist() if i.filename not in names
        }
    return zipped(members)
