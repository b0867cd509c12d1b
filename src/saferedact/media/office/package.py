"""A zip package under limits, and its XML parts without the tricks of XML.

A package announces sizes that need not be true, and XML can unfold to any size: parts are read up to
their limit and no further, and a part with a document type declaration (which office programs never
write, and which entities need) is refused.
"""

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree import ElementTree as ET

from saferedact.errors import DamagedInputError, LimitExceededError

__all__ = ["MAX_MEMBERS", "Package", "Relation", "is_folder", "local", "read_member"]

MAX_MEMBERS = 20_000
"""Members of one package. A presentation of 1,000 slides with notes has about 6,000."""

_MAX_PART_BYTES = 64 * 1024**2
"""Bytes of one part, unpacked. The XML of a million filled cells is about 40 MB."""

_MAX_TOTAL_BYTES = 512 * 1024**2
"""Bytes of all parts of one package that are read, unpacked."""

_MAX_ELEMENTS = 4_000_000
"""Elements of all XML parts that are read, a part that is read twice counted twice: three for each of a
million cells, and a parser's memory of 1 GB."""

_MAX_DEPTH = 500
"""Nesting of XML elements. Word's deepest real documents, tables in tables, stay below 100."""


def local(tag: str) -> str:
    """Return an element's or attribute's name without its namespace."""
    return tag.rpartition("}")[2]


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether an entry is a folder and nothing else: one that holds bytes is read like a file."""
    return info.filename.endswith("/") and info.file_size == 0


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """Unpack one member, whatever size it announces, up to a limit.

    Raises
    ------
    LimitExceededError
        If there is more.
    DamagedInputError
        If it cannot be unpacked, or is locked.
    """
    if info.flag_bits & 0x1:
        msg = "a part of the file is locked with a password"
        raise DamagedInputError(msg)
    try:
        with archive.open(info) as member:
            data = member.read(max_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        msg = "a part of the file cannot be unpacked"
        raise DamagedInputError(msg) from None
    if len(data) > max_bytes:
        msg = f"a part of the file unpacks to more than {max_bytes} bytes"
        raise LimitExceededError(msg)
    return data


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a part to another, or to something outside.

    Parameters
    ----------
    kind : str
        Last step of the relation's type, as ``image``.
    target : str
        Name of the part, or the address of what is outside.
    external : bool
        Whether it is outside.
    """

    kind: str
    target: str
    external: bool


class Package:
    """An Office Open XML package.

    Parameters
    ----------
    file : binary file
        Open for reading; the caller closes it.

    Raises
    ------
    DamagedInputError
        If it is no zip archive.
    LimitExceededError
        If it has too many members.

    Attributes
    ----------
    used : set of str
        Names of the parts that were read so far.
    unread : list of str
        What could not be looked at, in words of ours.
    """

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            msg = "the file is damaged: it is no zip package"
            raise DamagedInputError(msg) from None
        members = self._archive.infolist()
        if len(members) > MAX_MEMBERS:
            msg = f"{len(members)} parts are over the limit of {MAX_MEMBERS}"
            raise LimitExceededError(msg)
        self._members = {info.filename.lstrip("/"): info for info in members if not is_folder(info)}
        self.used: set[str] = set()
        self.unread: list[str] = []
        self._left = _MAX_TOTAL_BYTES
        self._elements_left = _MAX_ELEMENTS

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts."""
        return tuple(self._members)

    def below(self, *folders: str) -> tuple[str, ...]:
        """Names of the parts below any of some folders, in their order."""
        return tuple(name for name in self._members if name.startswith(folders))

    def read(self, name: str) -> bytes:
        """Read a part, within what is left of the limits.

        Raises
        ------
        DamagedInputError
            If there is no such part, or it cannot be unpacked.
        LimitExceededError
            If it is too large, alone or with all that was read before.
        """
        info = self._members.get(name)
        if info is None:
            msg = "a part that the file refers to is missing"
            raise DamagedInputError(msg)
        data = read_member(self._archive, info, min(_MAX_PART_BYTES, self._left))
        self._left -= len(data)
        self.used.add(name)
        return data

    def xml(self, name: str) -> ET.Element:
        """Read a part as XML; an empty element where there is no such part.

        Raises
        ------
        DamagedInputError
            If it is not well-formed, or declares a document type.
        LimitExceededError
            If it is too large or too deep.
        """
        if name not in self._members:
            return ET.Element("missing")
        root, elements = _parse(self.read(name), self._elements_left)
        self._elements_left -= elements
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """Return the relations of a part, by id."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", base + ".rels"))
        found = {}
        for element in root:
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = Relation(kind, target, external)
        return found


def _parse(data: bytes, most: int) -> tuple[ET.Element, int]:
    # Entities need a document type declaration; in UTF-16 it would be spelled with zero bytes.
    if b"<!DOCTYPE" in data or b"<\0!\0D\0" in data or b"\0<\0!\0D" in data:
        msg = "a part of the file declares a document type, which office files never do"
        raise DamagedInputError(msg)
    depth = 0
    root: ET.Element | None = None
    elements = 0
    try:
        for event, element in ET.iterparse(io.BytesIO(data), ("start", "end")):  # noqa: S314  no DTD
            if event == "start":
                root = root if root is not None else element
                depth += 1
                elements += 1
                if depth > _MAX_DEPTH or elements > most:
                    msg = "the file has too many or too deeply nested elements"
                    raise LimitExceededError(msg)
            else:
                depth -= 1
    except (ET.ParseError, ValueError, LookupError):
        msg = "a part of the file is not well-formed"
        raise DamagedInputError(msg) from None
    if root is None:
        msg = "a part of the file is empty"
        raise DamagedInputError(msg)
    return root, elements
