"""Looking for removed strings in a written document, with engines that had no part in making it.

pdfminer.six and PDFium read the text of its pages; qpdf walks every object, and each string, name
and decoded stream is read as PDFDocEncoding, UTF-16, UTF-8, hexadecimal and octal; the bytes of the
file are searched as they are. What is looked for is compared without case, accents, blanks and
everything else that is neither letter nor digit.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Leak", "extracted", "leaks", "squash"]

_SHORTEST = 4
"""Squashed characters: a shorter needle is in half of all words, and is looked for as a word alone."""

_BINARY_SHORTEST = 8
"""Squashed characters of a needle that is looked for in compressed or packed bytes. Of random bytes
five letters in a row come up once in 800 MB, eight never."""

_HEX = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")
_OCTAL = re.compile(rb"\\([0-7]{3})")
_MAX_NODES = 2_000_000  # objects of a walk: 10,000 pages have about 200,000


class Leak(NamedTuple):
    """Where a removed string was found; never which.

    Parameters
    ----------
    page : int or None
        Page, from 0; None if it is not on one.
    channel : str
        Where in the file, as ``text-pdfminer``.
    """

    page: int | None
    channel: str


def squash(text: str) -> str:
    """Write letters and digits alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


class _Needles:
    """What is looked for."""

    def __init__(self, needles: Iterable[str]) -> None:
        found = {squash(needle) for needle in needles} - {""}
        self.long = sorted(needle for needle in found if len(needle) >= _SHORTEST)
        self.short = {needle for needle in found if len(needle) < _SHORTEST}
        self.binary = [needle for needle in self.long if len(needle) >= _BINARY_SHORTEST]
        self.words = frozenset(self.long) | self.short

    def in_text(self, text: str) -> bool:
        """Tell whether a text of words holds a needle.

        A needle of one word counts only as a word: "Mark" is not in "marking".
        """
        if self._words_in(text):
            return True
        squashed = squash(text)
        return any(needle in squashed for needle in self.long if len(needle) >= _BINARY_SHORTEST)

    def _words_in(self, text: str) -> bool:
        words = [squash(word) for word in re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", text)]
        longest = 4
        for i in range(len(words)):
            joined = ""
            for word in words[i : i + longest]:
                joined += word
                if joined in self.words:
                    return True
        return False

    def in_bytes(self, data: bytes, *, binary: bool) -> bool:
        """Tell whether bytes hold a needle in any of the codings that PDF knows."""
        wanted = self.binary if binary else self.long
        if not wanted:
            return False
        return any(needle in reading for reading in _readings(data) for needle in wanted)


def _readings(data: bytes) -> Iterator[str]:
    """Read bytes in every coding, squashed."""
    yield squash(data.decode("latin-1"))
    if b"\0" in data:
        for coding in ("utf-16-be", "utf-16-le"):
            for shift in (0, 1):
                yield squash(data[shift:].decode(coding, "ignore"))
    elif not data.isascii():
        yield squash(data.decode("utf-8", "ignore"))
    hexed = b"".join(
        bytes.fromhex(digits.decode() + "0" * (len(digits) % 2))
        for match in _HEX.finditer(data)
        if (digits := b"".join(match[1].split()))
    )
    if hexed:
        yield squash(hexed.decode("latin-1"))
        yield squash(hexed.decode("utf-16-be", "ignore"))
    if b"\\" in data:
        plain = _OCTAL.sub(lambda match: bytes([int(match[1], 8) & 255]), data)
        yield squash(plain.decode("latin-1"))


def extracted(path: Path) -> list[dict[str, str]]:
    """Read the text of each page with two engines.

    Returns
    -------
    list of dict of str to str
        For each page, the text by engine.
    """
    return [
        {"pdfminer": one, "pdfium": other}
        for one, other in zip(_by_pdfminer(path), _by_pdfium(path), strict=True)
    ]


def _by_pdfminer(path: Path) -> list[str]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTTextContainer

    return [
        "\n".join(item.get_text() for item in page if isinstance(item, LTTextContainer))
        for page in extract_pages(path, laparams=LAParams(all_texts=True))
    ]


def _by_pdfium(path: Path) -> list[str]:
    import pypdfium2

    texts = []
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            layer = page.get_textpage()
            texts.append(layer.get_text_range())
            layer.close()
            page.close()
    finally:
        document.close()
    return texts


def leaks(path: Path, needles: Sequence[str], texts: Sequence[dict[str, str]]) -> list[Leak]:
    """Search a document for strings.

    Parameters
    ----------
    path : Path
        The document.
    needles : sequence of str
        What must not be in it.
    texts : sequence of dict of str to str
        From `extracted`.

    Returns
    -------
    list of Leak
        Where something was found, each place once.
    """
    wanted = _Needles(needles)
    if not wanted.words:
        return []
    found: list[Leak] = []
    for index, engines in enumerate(texts):
        found += [
            Leak(index, f"text-{engine}")
            for engine, text in engines.items()
            if wanted.in_text(text)
        ]
    found += _walk(path, wanted)
    if wanted.in_bytes(path.read_bytes(), binary=True):
        found.append(Leak(None, "bytes"))
    return sorted(set(found), key=lambda leak: (leak.page is None, leak.page or 0, leak.channel))


def _walk(path: Path, wanted: _Needles) -> Iterator[Leak]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        pages = _pages_of_streams(pdf)
        todo: list[Any] = [pdf.trailer, *pdf.objects]
        nodes = 0
        while todo:
            node = todo.pop()
            nodes += 1
            if nodes > _MAX_NODES:
                yield Leak(None, "too-many-objects")
                return
            yield from _in_node(node, wanted)
            if isinstance(node, pikepdf.Stream):
                yield from _stream(node, wanted, pages.get(node.objgen))
            todo += _direct_children(node)


def _pages_of_streams(pdf: Any) -> dict[Any, int]:
    pages: dict[Any, int] = {}
    for index, page in enumerate(pdf.pages):
        if "/Contents" in page.obj:
            pages[page.obj["/Contents"].objgen] = index
        resources = page.obj.get("/Resources")
        images = resources.get("/XObject") if resources is not None else None
        for item in images.values() if images is not None else ():
            pages[item.objgen] = index
    return pages


def _in_node(node: Any, wanted: _Needles) -> Iterator[Leak]:
    """Search a string, a name, or the keys of a dictionary."""
    import pikepdf

    if isinstance(node, pikepdf.String):
        if wanted.in_bytes(bytes(node), binary=False):
            yield Leak(None, "string")
        return
    names: list[Any] = []
    if isinstance(node, pikepdf.Name):
        names = [node]
    elif isinstance(node, (pikepdf.Dictionary, pikepdf.Stream)):
        names = list(node.keys())
    for name in names:
        if wanted.in_bytes(str(name).encode("utf-8", "surrogateescape"), binary=False):
            yield Leak(None, "name")


def _direct_children(node: Any) -> list[Any]:
    import pikepdf

    if isinstance(node, pikepdf.Array):
        children = list(node)
    elif isinstance(node, (pikepdf.Dictionary, pikepdf.Stream)):
        children = list(node.values())
    else:
        return []
    return [child for child in children if not _is_indirect(child)]


def _is_indirect(item: Any) -> bool:
    return bool(getattr(item, "is_indirect", False))


def _stream(node: Any, wanted: _Needles, page: int | None) -> Iterator[Leak]:
    import pikepdf

    kind = str(node.get("/Subtype", node.get("/Type", "")))
    binary = kind in ("/Image", "/CIDFontType0C", "/XRef", "/ObjStm")
    try:
        data = bytes(node.read_bytes())
    except pikepdf.PdfError:
        data = bytes(node.read_raw_bytes())
        binary = True
    if wanted.in_bytes(data, binary=binary):
        yield Leak(page, "stream")
