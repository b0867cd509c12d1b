"""Rich text (RTF): what it shows, hidden and deleted text, notes, properties, objects.

Control words are those of Microsoft's RTF specification 1.9.1. Fonts, colors and pictures are not
looked at, which is told where there are any that could hide something.
"""

import re
from dataclasses import dataclass, replace

from saferedact.media.contents import Contents, Passage
from saferedact.traces import Trace

__all__ = ["looks_like_rich_text", "read_rich_text"]

_TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|([{}])|([^\\{}]+)"
)
_HIDES = {"v": "hidden-text", "deleted": "deleted-text", "revised": "inserted-text"}
_DESTINATIONS = {
    "info": ("custom-data", "file properties"),
    "annotation": ("comment", "notes"),
    "atnauthor": ("author", "notes"),
    "userprops": ("custom-data", "own properties"),
    "docvar": ("custom-data", "own properties"),
}
_PEOPLE = frozenset({"author", "operator", "manager", "company", "doccomm", "keywords", "subject"})
_ASIDE = frozenset(
    "fonttbl colortbl stylesheet listtable listoverridetable generator pict themedata latentstyles"
    " datastore rsidtbl xmlnstbl colorschememapping object".split()
)
"""Groups that hold no text of the page."""

_CODE_PAGES = frozenset({437, 850, 852, 866, 874, *range(1250, 1259)})
"""Code pages in which each byte is a sign; the others have no words for names in Latin letters."""

_SIGNS = {"par": "\n", "line": "\n", "tab": "\t", "cell": "\t", "row": "\n", "emdash": "\u2014"}
_SIGNS |= {"endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019"}
_SIGNS |= {"ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022"}
_UNSEEN = re.compile(rb"\\(?:cf|highlight|cb|chcbpat|fs[0-4]\b|shp|pict|do\b)")


def looks_like_rich_text(head: bytes) -> bool:
    """Tell whether a file begins as rich text does."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


@dataclass(frozen=True, slots=True)
class _Group:
    channel: str | None = None
    place: str = "text"
    aside: bool = False
    skip: int = 1  # signs that stand in for one of Unicode, after it


class _Reader:
    """Goes through rich text, group in group."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.found: dict[tuple[str, str], list[str]] = {}
        self.objects = 0
        self._groups = [_Group()]
        self._stands_in = 0
        self._coding = "cp1252"

    def read(self, match: re.Match[bytes]) -> None:
        """Take the next control word, brace or stretch of text."""
        word, number, coded, sign, brace, plain = match.groups()
        if brace is not None:
            self._brace(brace)
        elif word is not None:
            self._word(word.decode("ascii"), None if number is None else int(number))
        elif sign is not None:
            self._add(_ESCAPED.get(sign, ""))
        else:
            data = bytes.fromhex(coded.decode("ascii")) if coded is not None else plain
            text = data.decode(self._coding, "replace").replace("\r", "").replace("\n", "")
            standing = min(self._stands_in, len(text))
            self._stands_in -= standing
            self._add(text[standing:])

    def _brace(self, brace: bytes) -> None:
        self._stands_in = 0
        if brace == b"{":
            self._groups.append(self._groups[-1])
        elif len(self._groups) > 1:
            if self._groups[-1].place != "text":
                self._add("\n")
            self._groups.pop()

    def _word(self, name: str, value: int | None) -> None:
        here = self._groups[-1]
        if name == "u" and value is not None:
            self._add(_unicode(value))
            self._stands_in = here.skip
            return
        if name == "ansicpg" and value in _CODE_PAGES:
            self._coding = f"cp{value}"
        self.objects += name == "object"
        self._add(_SIGNS.get(name, ""))
        self._groups[-1] = _after(here, name, value)

    def _add(self, text: str) -> None:
        here = self._groups[-1]
        if not text or here.aside:
            return
        if here.channel is not None:
            self.found.setdefault((here.channel, here.place), []).append(text)
        if here.channel in (None, "inserted-text"):
            self.shown.append(text)


_ESCAPED = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}


def read_rich_text(data: bytes) -> Contents:
    """Read rich text, however broken.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    Contents
        Its text as one passage; hidden and deleted text, notes, properties, objects.
    """
    reader = _Reader()
    for match in _TOKEN.finditer(data):
        reader.read(match)
    traces = [
        Trace(channel, place, "".join(parts).strip())
        for (channel, place), parts in reader.found.items()
        if "".join(parts).strip()
    ]
    traces += [
        Trace("embedded-object", f"object {n}") for n in range(1, min(reader.objects, 100) + 1)
    ]
    unread = ("colors, shapes and pictures of rich text were not looked at",)
    text = "".join(reader.shown)
    return Contents(
        "RTF",
        (Passage(text, "text"),) if text.strip() else (),
        tuple(traces),
        unread=unread if _UNSEEN.search(data) else (),
    )


def _after(group: _Group, name: str, value: int | None) -> _Group:
    """Return a group after a control word in it."""
    within = group.place == "text" and not group.aside
    if name == "uc" and value is not None:
        group = replace(group, skip=max(0, min(value, 10)))
    elif within and (name in _HIDES or name == "plain"):
        group = replace(group, channel=None if value == 0 else _HIDES.get(name))
    elif name == "result" and group.aside:  # what an object shows, where it stands
        group = replace(group, aside=False)
    elif name in _DESTINATIONS:
        channel, place = _DESTINATIONS[name]
        group = replace(group, channel=channel, place=place, aside=False)
    elif group.place == "file properties":
        group = _property(group, name)
    elif name in _ASIDE:
        group = replace(group, aside=True)
    return group


def _property(group: _Group, name: str) -> _Group:
    if name in _PEOPLE or name == "title":
        return replace(group, channel="title" if name == "title" else "author")
    dated = name in ("creatim", "revtim", "printim", "buptim", "yr", "mo", "dy", "hr", "min")
    return replace(group, aside=True) if dated else group


def _unicode(value: int) -> str:
    code = value + 65536 if value < 0 else value
    return chr(code) if 0 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
