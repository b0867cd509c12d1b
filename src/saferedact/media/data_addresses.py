"""Files that a text carries in its own addresses (``data:``, RFC 2397): where they are, and what they hold."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote_to_bytes

__all__ = ["MOST_FILES_INSIDE", "FileAddress", "address_of", "files_inside", "without_coded"]

MOST_FILES_INSIDE = 50
"""Files inside a page that are looked into; the page's size bounds theirs."""

_HEAD = re.compile(
    r"\bdata:\s{0,20}+(?P<type>[^\s,;<>()\"']{0,200}+)"
    r"(?P<rest>(?:\s{0,20}+;\s{0,20}+[^\s,;<>()\"']{1,100}+(?:\\?[\"'][^\"'<>]{0,100}[\"'])?){0,10}+)"
    r"\s{0,20}+,",
    re.IGNORECASE,
)
"""How an address begins. Browsers do not mind blanks, unknown types and odd parameters, and show a picture of
any type; the bounds are far above what is written, and keep a search short."""

_QUOTE = re.compile(r"(\\?[\"']|&quot;|&apos;|&#3[49];)\s{0,20}\Z", re.IGNORECASE)
_QUOTE_WITHIN = 26  # the longest quote and the blanks
"""A quote before it: also as it must be written in an attribute that has quotes itself, or in JSON."""

_LISTED = re.compile(
    r"(?:image|video|audio|application|text|message|font)\\?/[\w.+-]{1,80}", re.IGNORECASE
)
"""Types that make an address in prose too, where "data:," is punctuation."""

_NAMED = re.compile(r"(?:[\w.+-]{1,80}\\?/[\w.+-]{1,80})?")
"""What makes one in markup."""

_IS_CODED = re.compile(r";\s*base64\s*(?:;|$)", re.IGNORECASE)
_CHARSET = re.compile(r";\s*charset=([\w-]{1,40})", re.IGNORECASE)

_BODY = re.compile(r"[^\"'()<>\s]*")
_CODED_BODY = re.compile(r"(?:[^\"'()<>\s]|\s+(?=[\w+/]{40}))*+")
"""Rest of an address that no quotes stand around. In lines of its own, if those are long; short ones could be
words of a tag."""

_JSON_ESCAPE = re.compile(r"\\(?:u00([0-9a-fA-F]{2})|([nrt])|(/))")
"""What writers of JSON put into a coded file: some escape the slash, some the equals sign."""

_CODE = re.compile(r"(?:[\w+/=%\\-]|\s+(?=[\w+/\\]{40}|[\w+/=]*\s*\Z))*+", re.ASCII)
"""Signs of a coded file, in lines: long ones but for the last; what is behind others is read as words."""

_SHOWN = re.compile(r"\S")


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
    charset : str
        How it says that its text is coded; nothing if it does not.
    """

    start: int
    end: int
    place: str
    media_type: str
    data: bytes | None
    charset: str = ""


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
    for number, found in enumerate(_heads(text, is_markup=is_markup)):
        start = found.start()
        place = f"line {text.count(chr(10), 0, start) + 1}, file inside"
        media_type = found["type"].lower().replace("\\", "")
        if number == MOST_FILES_INSIDE:
            yield FileAddress(start, len(text), f"{place}, and the rest", media_type, None)
            return
        at = _end_of(text, found)
        body = text[found.end() : at]
        if is_markup:
            body = unescape(body)
        data = _decoded(body, coded=_is_coded(found))
        charset = _CHARSET.search(found["rest"])
        yield FileAddress(start, at, place, media_type, data, charset[1].lower() if charset else "")


def without_coded(text: str, *, is_markup: bool) -> str:
    """Blank the signs of coded files, which are no words: `files_inside` yields each of these or the rest."""
    parts: list[str] = []
    at = 0
    for found in _heads(text, is_markup=is_markup):
        end = _end_of(text, found)
        code = _CODE.match(text, found.end(), end) if _is_coded(found) else None
        if code:
            parts += (text[at : code.start()], _SHOWN.sub(" ", code[0]))
            at = code.end()
    return "".join((*parts, text[at:]))


def _heads(text: str, *, is_markup: bool) -> Iterator[re.Match[str]]:
    """Yield how each address begins, none within another."""
    found = _HEAD.search(text)
    while found is not None:
        if _is_coded(found) or (_NAMED if is_markup else _LISTED).fullmatch(found["type"]):
            yield found
            found = _HEAD.search(text, _end_of(text, found))
        else:
            found = _HEAD.search(text, found.start() + 1)


def _is_coded(head: re.Match[str]) -> bool:
    return _IS_CODED.search(head["rest"]) is not None


def address_of(data: bytes, media_type: str) -> str:
    """Write a file as an address that can stand in quotes, in markup and in style sheets."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _end_of(text: str, head: re.Match[str]) -> int:
    """Return where an address ends: at the quote that it began with, or where it cannot go on."""
    quote = _QUOTE.search(text[max(0, head.start() - _QUOTE_WITHIN) : head.start()])
    end = text.find(quote[1], head.end()) if quote else -1
    if end >= 0:
        return end
    body = (_CODED_BODY if _is_coded(head) else _BODY).match(text, head.end())
    return body.end() if body else head.end()


def _decoded(body: str, *, coded: bool) -> bytes | None:
    if not coded:
        return unquote_to_bytes(body)
    data = unquote_to_bytes(_JSON_ESCAPE.sub(_plain, body))
    try:
        data = b"".join(data.split())
        # browsers take a file without the signs that fill its last group
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _plain(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    return "/" if escape[3] else " "
