"""Files with files in them: told by content, opened level by level, within limits.

A zip of mails with attached spreadsheets is walked to its leaves. Depth, number and size of what is
inside are bounded over the whole tree, so that no bomb unfolds.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from saferedact.errors import InputError, LimitExceededError, SaferedactError
from saferedact.files import open_regular
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.contents import Contents, Packed
from saferedact.media.mail import looks_like_mail, read_mail
from saferedact.media.office import office_format, read_office
from saferedact.media.office.package import MAX_MEMBERS, is_folder, read_member
from saferedact.media.outlook import OLE_SIGNATURE, read_outlook
from saferedact.traces import Trace

__all__ = ["Leaf", "ParcelKind", "open_parcel", "parcel_kind"]

ParcelKind = str
"""``"OFFICE"``, ``"ZIP"``, ``"EML"`` or ``"MSG"``."""

_HEAD_BYTES = 64 * 1024
_MAX_DEPTH = 6
"""Levels of files in files. Honest ones have three: a zip, a mail, a document with a picture."""

_MAX_LEAVES = 5_000
_MAX_TOTAL_BYTES = 512 * 1024**2
"""Files and bytes inside one parcel, of all levels: more is for people to unpack first. One level is
held in memory."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file inside a parcel, or the parcel itself.

    Parameters
    ----------
    place : str
        Where, in words and numbers of ours, outermost first, as ``"entry 2, attachment 1"``; empty
        for the parcel itself.
    name : str
        Its own name. In memory only.
    contents : Contents or None
        What it holds, if it is of a kind that is read here.
    data : bytes or None
        Its bytes, if it is of another kind: a picture, a PDF, a text.
    shown : bool
        Whether whoever opens the outer file sees it.
    problem : str or None
        Why it could not be read, in words of ours.
    """

    place: str
    name: str = ""
    contents: Contents | None = None
    data: bytes | None = None
    shown: bool = True
    problem: str | None = None


def parcel_kind(head: bytes) -> ParcelKind | None:
    """Tell from the first bytes whether a file is one that holds others; None for all other files."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "ZIP"
    if head.startswith(OLE_SIGNATURE):
        return "MSG"
    return "EML" if looks_like_mail(head) else None


def open_parcel(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Leaf]:
    """Walk an office file, a mail or an archive to its leaves.

    Parameters
    ----------
    path : Path
        The file. Opened read-only.
    limits : Limits
        Bounds of the file itself.

    Yields
    ------
    Leaf
        The parcel first, then what it holds, depth first. What cannot be read is a leaf with a
        problem, never left out.

    Raises
    ------
    InputError
        If the file itself cannot be read, or is no parcel.
    LimitExceededError
        If the file, or all that is in it together, is over the limits.
    """
    with open_regular(path) as file:
        if parcel_kind(file.read(_HEAD_BYTES)) is None:
            msg = "the file is no office file, mail or archive"
            raise InputError(msg)
        contents = _read(file, limits)
        yield Leaf("", path.name, contents)
        yield from _Walk(limits).below(contents, "", 1)


class _Walk:
    """Goes down, and counts what it has unpacked."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._leaves = 0
        self._bytes = 0

    def below(self, contents: Contents, place: str, depth: int) -> Iterator[Leaf]:
        for packed in contents.packed:
            self._count(packed)
            where = f"{place}, {packed.place}" if place else packed.place
            leaf = self._leaf(packed, where, depth)
            yield leaf
            if leaf.contents is not None:
                yield from self.below(leaf.contents, where, depth + 1)

    def _count(self, packed: Packed) -> None:
        self._leaves += 1
        self._bytes += len(packed.data)
        if self._leaves > _MAX_LEAVES or self._bytes > _MAX_TOTAL_BYTES:
            msg = f"it holds more than {_MAX_LEAVES} files or {_MAX_TOTAL_BYTES} bytes"
            raise LimitExceededError(msg)

    def _leaf(self, packed: Packed, place: str, depth: int) -> Leaf:
        if parcel_kind(packed.data[:_HEAD_BYTES]) is None:
            return Leaf(place, packed.name, data=packed.data, shown=packed.shown)
        if depth >= _MAX_DEPTH:
            text = f"it lies deeper than {_MAX_DEPTH} files in files"
            return Leaf(place, packed.name, shown=packed.shown, problem=text)
        try:
            contents = _read(io.BytesIO(packed.data), self._limits)
        except SaferedactError as error:
            return Leaf(place, packed.name, shown=packed.shown, problem=error.message)
        return Leaf(place, packed.name, contents, shown=packed.shown)


def _read(file: BinaryIO, limits: Limits) -> Contents:
    file.seek(0)
    kind = parcel_kind(file.read(_HEAD_BYTES))
    if kind == "MSG":
        return read_outlook(file, limits=limits)
    if kind == "EML":
        return read_mail(file, limits=limits)
    return _read_zip(file, limits)


def _read_zip(file: BinaryIO, limits: Limits) -> Contents:
    """Read a zip: an office file, or an archive of files."""
    limits.check_file_bytes(file.seek(0, 2))
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        msg = "the archive is damaged"
        raise InputError(msg) from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        msg = f"{len(members)} entries are over the limit of {MAX_MEMBERS}"
        raise LimitExceededError(msg)
    if office_format(tuple(info.filename for info in members)) is not None:
        return read_office(file, limits=limits)
    packed: list[Packed] = []
    unread: list[str] = []
    left = _MAX_TOTAL_BYTES
    for number, info in enumerate((info for info in members if not is_folder(info)), start=1):
        place = f"entry {number}"
        try:
            data = read_member(archive, info, left)
        except LimitExceededError:
            raise
        except SaferedactError as error:
            unread.append(f"{place}: {error.message}")
            continue
        left -= len(data)
        packed.append(Packed(data, place, info.filename, shown=True))
    comment = archive.comment.decode("utf-8", "replace").strip("\0 ")
    traces = () if not comment else (_comment(comment),)
    return Contents("ZIP", traces=traces, packed=tuple(packed), unread=tuple(unread))


def _comment(text: str) -> Trace:
    return Trace("comment", "archive comment", text)
