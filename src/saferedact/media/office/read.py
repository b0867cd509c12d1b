"""Read an office file: its kind by its content types, its text, and what hides."""

import re
from typing import BinaryIO

from saferedact.errors import UnsupportedFormatError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.contents import Contents
from saferedact.media.office.open_document import is_open_document, read_open_document
from saferedact.media.office.other_parts import OtherParts
from saferedact.media.office.package import Package
from saferedact.media.office.properties import packed_parts, property_traces
from saferedact.media.office.sheets import read_sheets
from saferedact.media.office.slides import read_slides
from saferedact.media.office.word import read_word

__all__ = ["OFFICE_FORMATS", "office_format", "read_office"]

_READERS = {
    "DOCX": ("word/document.xml", read_word),
    "XLSX": ("xl/workbook.xml", read_sheets),
    "PPTX": ("ppt/presentation.xml", read_slides),
}

OFFICE_FORMATS = tuple(_READERS)

_WORD_ONLINE = re.compile(r"word/document\d*\.xml")  # Word in a browser numbers its main part


def office_format(names: tuple[str, ...]) -> str | None:
    """Tell which office format an archive with these members is, or None."""
    if is_open_document(names):
        return "ODF"
    if "[Content_Types].xml" not in names:
        return None
    if any(_WORD_ONLINE.fullmatch(name) for name in names):
        return "DOCX"
    return next((kind for kind, (main, _) in _READERS.items() if main in names), None)


def read_office(file: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Contents:
    """Read a DOCX, XLSX or PPTX, or an OpenDocument file.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable; the caller closes it.
    limits : Limits
        Bounds of the file.

    Returns
    -------
    Contents
        What it shows, what it hides, and the files inside.

    Raises
    ------
    UnsupportedFormatError
        If it is another kind of package.
    DamagedInputError
        If a part is missing, locked, or not well-formed.
    LimitExceededError
        If it is over the limits.
    """
    limits.check_file_bytes(file.seek(0, 2))
    file.seek(0)
    package = Package(file)
    kind = office_format(package.names)
    if kind == "ODF":
        return read_open_document(package)
    if kind is None:
        msg = "the package is neither a DOCX, an XLSX, a PPTX nor an OpenDocument file"
        raise UnsupportedFormatError(msg)
    passages, traces = _READERS[kind][1](package)
    traces += property_traces(package)
    packed = list(packed_parts(package))
    others = OtherParts(package)
    return Contents(
        format=kind,
        passages=(*passages, *others.passages),
        traces=(*traces, *others.traces),
        packed=(*packed, *others.packed),
        unread=(*package.unread, *others.unread),
    )
