"""Bytes of a PDF that belong to nothing: earlier revisions, objects of no table, what follows the end."""

import re
from collections.abc import Iterator

from saferedact.traces import Trace

__all__ = ["byte_traces"]

_END = re.compile(rb"%%EOF")
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d{1,10})[ ](\d{1,5})[ ]obj\b")
_LINEARIZED_BYTES = 1024
"""A linearized file says so in its first object, and has a first end of file early by design
(ISO 32000-2, annex F)."""

_LEAST_TAIL = 4
"""Bytes after the end from which they are no line break."""

_MOST_OBJECTS = 2_000_000


def byte_traces(data: bytes, numbers: frozenset[int]) -> Iterator[Trace]:
    """Yield what lies in the bytes of a PDF beside its current objects.

    Parameters
    ----------
    data : bytes
        The file.
    numbers : frozenset of int
        Numbers of the objects that its tables know.
    """
    ends = [match.end() for match in _END.finditer(data)]
    revisions = len(ends) - (b"/Linearized" in data[:_LINEARIZED_BYTES])
    if revisions > 1:
        yield Trace("earlier-revision", f"{revisions - 1} earlier revisions")
    if ends and len(data[ends[-1] :].strip(b"\0\r\n\t ")) >= _LEAST_TAIL:
        yield Trace("trailing-data", "after the end of the document")
    seen: set[int] = set()
    strays = 0
    for count, match in enumerate(_OBJECT.finditer(data)):
        if count > _MOST_OBJECTS:
            break
        number = int(match[1])
        # An object that comes twice is an earlier version; revisions are told above.
        strays += number not in numbers or (number in seen and revisions <= 1)
        seen.add(number)
    if strays:
        yield Trace("stray-bytes", f"{strays} objects that no table knows")
