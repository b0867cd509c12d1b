"""Files that a text carries in its own addresses (``data:``, RFC 2397): where they are, and what they hold."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote_to_bytes

__all__ = ["MOST_FILES_INSIDE", "FileAddress", "address_of", "files_inside"]

MOST_FILES_INSIDE = 50
"""Files inside a page that are looked into; the page's size bounds theirs."""

_TYPE = r"(?:image|video|audio|application|text|message|font)/[\w.+-]{1,80}"
_PARAMETERS = r"((?:;[\w=.-]{1,80}){0,5}),"
_QUOTE = r"([\"']|&quot;|&apos;|&#3[49];|)"
"""A quote: also as it must be written in an attribute that has quotes itself."""

_IN_MARKUP = re.compile(rf"{_QUOTE}\bdata:({_TYPE})?{_PARAMETERS}", re.IGNORECASE)
_IN_PROSE = re.compile(rf"([\"']?)\bdata:({_TYPE}){_PARAMETERS}", re.IGNORECASE)
"""In prose "data:," is punctuation: there a type must be named."""

_BODY = re.compile(r"[^\"'()<>\s]*")
"""Rest of an address that no quotes stand around."""


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A file in an address.

    Parameters
    ----------
    start, end : int
        Where the address is in the text, in code points, half-open; without quotes around it.
    place : str
        The line, in words.
    media_type : str
        As it is written, in small letters; nothing if none is.
    data : bytes or None
        The file; None if it cannot be decoded, or is one too many.
    """

    start: int
    end: int
    place: str
    media_type: str
    data: bytes | None


def files_inside(text: str, *, is_markup: bool = True) -> Iterator[FileAddress]:
    """Yield the files that a text carries in its own addresses.

    Parameters
    ----------
    text : str
        HTML, SVG, a style sheet, or any other text.
    is_markup : bool
        Whether references of markup stand for signs, and an address may leave out its type.

    Yields
    ------
    FileAddress
        In order; behind the fiftieth one more without data, whose end is the text's.
    """
    at = 0
    head = _IN_MARKUP if is_markup else _IN_PROSE
    for number in range(MOST_FILES_INSIDE + 1):
        found = head.search(text, at)
        if found is None:
            return
        start = found.end(1)
        place = f"line {text.count(chr(10), 0, start) + 1}, file inside"
        media_type = (found[2] or "").lower()
        if number == MOST_FILES_INSIDE:
            yield FileAddress(start, len(text), f"{place}, and the rest", media_type, None)
            return
        at = _end_of(text, found)
        body = text[found.end() : at]
        if is_markup:
            body = unescape(body)
        data = _decoded(body, coded="base64" in found[3].lower())
        yield FileAddress(start, at, place, media_type, data)


def address_of(data: bytes, media_type: str) -> str:
    """Write a file as an address that can stand in quotes, in markup and in style sheets."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _end_of(text: str, head: re.Match[str]) -> int:
    """Return where an address ends: at the quote that it began with, or where it cannot go on."""
    end = text.find(head[1], head.end()) if head[1] else -1
    if end >= 0:
        return end
    body = _BODY.match(text, head.end())
    return body.end() if body else head.end()


def _decoded(body: str, *, coded: bool) -> bytes | None:
    data = unquote_to_bytes(body)
    if not coded:
        return data
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
