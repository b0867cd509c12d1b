r"""Letters that a text holds in another writing: Olivia%20Bramhall, Si\u00e2n, O&rsquo;Brien, base64.

Programs write them, readers' programs show the letters. So such lines are read a second time, as the
letters; every find leads back to what stands in the text. What stands for nothing that can be read
stays as it is.
"""

import base64
import binascii
import email.errors
import email.header
import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from saferedact.text.offsets import Edit, MappedText, apply_edits

__all__ = ["unescaped_lines"]

_MOST_LAYERS = 3
"""Escapes of escapes that are undone: an address in a page in a line of JSON has three."""

_ESCAPE = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|&(?P<entity>(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<code>(?:(?<!\\)\\++(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}))+)"
    r"|(?<!\\)\\++(?P<blank>[nrt])(?=[A-Z0-9\\\W])"  # not the folder \names of a path
    r"|(?P<quoted>(?:=[89A-F][0-9A-F]){2,})"  # quoted-printable: what is not ASCII alone, x=20 is prose
    r"|(?P<word>=\?[\w\-]{2,20}\?[BbQq]\?[^?\s]{1,500}\?=)"
)
_CODE = re.compile(r"[0-9A-Fa-f]{2,8}(?=\}|\\|$)")

_LEAST_BASE64 = 14
"""Letters of base64, its signs of filling not counted: ten bytes, "Priya Nair". Ten bytes of chance are
UTF-8 without control characters in one of 10,000 words of that length, and then they say nothing."""

_BASE64 = re.compile(rf"(?<![\w+/=\-])[A-Za-z0-9+/_\-]{{{_LEAST_BASE64},}}+={{0,2}}(?![\w=])")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")

_CONTROL = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f]")


def unescaped_lines(text: str) -> MappedText | None:
    r"""Write escaped letters as what they stand for, and leave out what lies far from any.

    Percent signs of addresses (RFC 3986), references of markup (``&eacute;``), codes of programs
    (``\u00e9``), words and bytes of mails (RFC 2047, RFC 2045) and base64 of texts (RFC 4648).

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    MappedText or None
        The lines that have escapes, and those beside them, with the way back; None if there are none.
    """
    edits = list(_edits(text))
    if not edits:
        return None
    mapped = apply_edits(text, _far_from(edits, text))
    for _ in range(_MOST_LAYERS):
        edits = list(_edits(mapped.text))
        if not edits:
            break
        mapped = mapped.edited(edits)
    return mapped


def _far_from(edits: list[Edit], text: str) -> Iterator[Edit]:
    """Yield the deletion of what is more than a line away from every edit."""
    at = 0
    for start, end, _ in edits:
        first = text.rfind("\n", 0, max(text.rfind("\n", 0, start), 0)) + 1
        if first > at:
            yield at, first, ""
        after = text.find("\n", end)
        after = text.find("\n", after + 1) if after >= 0 else -1
        if after < 0:
            return
        at = max(at, after + 1)
    if at < len(text):
        yield at, len(text), ""


def _edits(text: str) -> Iterator[Edit]:
    found = [*_escaped(text), *_base64(text)]
    found.sort()
    last = 0
    for start, end, plain in found:
        if start >= last:
            yield start, end, plain
            last = end


def _escaped(text: str) -> Iterator[Edit]:
    if not any(sign in text for sign in "%&\\="):
        return
    for match in _ESCAPE.finditer(text):
        plain = _unescape(match.lastgroup or "", match[0])
        if plain is not None and plain != match[0]:
            yield match.start(), match.end(), plain


@lru_cache(maxsize=1024)
def _unescape(kind: str, escape: str) -> str | None:
    """Return what an escape stands for; None if that is nothing to read."""
    return _MEANINGS[kind](escape)


def _entity(escape: str) -> str | None:
    plain = html.unescape(escape)
    return None if plain == escape else _on_one_line(plain)


def _word(escape: str) -> str | None:
    try:
        plain = str(email.header.make_header(email.header.decode_header(escape)))
    except (email.errors.HeaderParseError, LookupError, UnicodeError, ValueError):
        return None
    return _on_one_line(plain)


def _coded(escape: str) -> str | None:
    codes = [int(code[0], 16) for code in _CODE.finditer(escape)]
    if any(code > 0x10FFFF for code in codes):
        return None
    units = "".join(map(chr, codes))
    try:  # halves of letters beyond the first 65,536
        return _on_one_line(units.encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8", "cp1252"):
        try:
            return _on_one_line(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return None


_MEANINGS: dict[str, Callable[[str], str | None]] = {
    "percent": lambda escape: _decoded(unquote_to_bytes(escape)),
    "quoted": lambda escape: _decoded(bytes.fromhex(escape.replace("=", ""))),
    "entity": _entity,
    "blank": lambda _: "\n",
    "code": _coded,
    "word": _word,
}


def _on_one_line(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _base64(text: str) -> Iterator[Edit]:
    for match in _BASE64.finditer(text):
        plain = _base64_text(match[0].rstrip("="))
        if plain is not None:
            yield match.start(), match.end(), plain


_HEAD = 64  # letters of base64 that tell a text from a picture


def _base64_text(letters: str) -> str | None:
    """Return the text that letters of base64 stand for; None if they are none."""
    coded = letters.encode("ascii").translate(_URL_SAFE)
    for part in (coded[:_HEAD], coded):
        try:
            plain = base64.b64decode(part + b"=" * (-len(part) % 4), validate=True)
            told = plain.decode("utf-8") if part is coded or len(coded) <= _HEAD else ""
            head = told or plain.decode("utf-8", errors="ignore")
        except (binascii.Error, UnicodeDecodeError):
            return None
        if len(head.encode()) < len(plain) - 3 or _is_binary(head):
            return None
    return _CONTROL.sub(" ", told)


def _is_binary(text: str) -> bool:
    return any((char < " " and char not in "\t\r\n") or "\x7f" <= char <= "\x9f" for char in text)
