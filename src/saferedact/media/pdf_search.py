"""Looking for removed strings in a written document, with engines that had no part in making it.

pdfminer.six and PDFium read the text of its pages; qpdf walks every object, and each string, name
and decoded stream is read as PDFDocEncoding, UTF-16, UTF-8, hexadecimal and octal; the bytes of the
file are searched as they are. What is looked for is compared without case, accents, blanks and
everything else that is neither letter nor digit.
"""

import contextlib
import re
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from saferedact.files import sha256_file
from saferedact.media.pdf_audit import OWN_NAMES
from saferedact.media.pdf_fold import as_folded, packed_readings, readings, squash

__all__ = ["Leak", "Reading", "squash"]

_SHORTEST = 4
"""Squashed characters: a shorter needle is in half of all words, and is looked for as a word alone."""

_BINARY_SHORTEST = 8
"""Squashed characters of a needle that is looked for in compressed or packed bytes. Of random bytes
five letters in a row come up once in 800 MB, eight never."""

_PART = 4 * 1024**2  # bytes of the file that are searched at a time
_OVERLAP = 16 * 1024
_NUMBERED = re.compile(r"/(?:[A-Z]{6}\+Text|[FIA])[0-9]+")
"""Names of fonts, images and states, which the writer numbers."""

_OWN_STRINGS = frozenset({b"Adobe", b"Identity"})  # of each font's character collection

_OWN_WORDS = re.compile(
    rb"/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
    rb"|/CMapName /Adobe-Identity-UCS def /CMapType 2 def"
    rb"|1 begincodespacerange <0000> <FFFF> endcodespacerange"
    rb"|endcmap CMapName currentdict /CMap defineresource pop end end"
    rb"|[0-9]+ beginbfchar|endbfchar"
)
"""What the table of a font's characters says, whoever uses it: Mr Begin is not in it."""

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


class _Needles:
    """What is looked for."""

    def __init__(self, needles: Iterable[str]) -> None:
        found = {squash(needle) for needle in needles} - {""}
        self.long = sorted(needle for needle in found if len(needle) >= _SHORTEST)
        self.short = {needle for needle in found if len(needle) < _SHORTEST}
        self.words = frozenset(self.long) | self.short
        packed = (as_folded(needle) for needle in self.long if len(needle) >= _BINARY_SHORTEST)
        self._packed = [needle for needle in packed if needle is not None]

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
        if binary:
            return any(
                needle in reading for reading in packed_readings(data) for needle in self._packed
            )
        return bool(self._hits(data))

    def in_stream(self, stream: Any, data: bytes) -> bool:
        """Tell whether a stream of words, a page's content as a rule, holds a needle.

        A few digits are in coordinates by chance: they count only in what is shown as text.
        """
        hits = self._hits(data)
        few = {needle for needle in hits if needle.isdigit() and len(needle) < _BINARY_SHORTEST}
        if hits - few:
            return True
        return bool(few) and any(few & self._hits(part) for part in _shown(stream, data))

    def _hits(self, data: bytes) -> set[str]:
        return {needle for reading in readings(data) for needle in self.long if needle in reading}


class Reading:
    """A written document that is read once and can be searched often.

    Parameters
    ----------
    path : Path
        The document.
    """

    def __init__(self, path: Path) -> None:
        self._digest = sha256_file(path)
        self._pdfminer, self._pdfium = _by_pdfminer(path), _by_pdfium(path)
        self._texts: list[dict[str, str]] = []
        self._is_cut = False
        self._wanted = _Needles(())

    def is_of(self, path: Path) -> bool:
        """Tell whether a file is the one that was read, byte for byte and to its end."""
        return not self._is_cut and self._digest == sha256_file(path)

    def look_for(self, needles: Iterable[str]) -> None:
        """Say what must not be in it."""
        self._wanted = _Needles(needles)

    def page(self, index: int) -> tuple[dict[str, str], list[Leak]]:
        """Read and search a page.

        Parameters
        ----------
        index : int
            From 0; pages are asked for in order.

        Returns
        -------
        texts : dict of str to str
            Its text by engine.
        leaks : list of Leak
            Where a needle was found in them.
        """
        while len(self._texts) <= index:
            texts = {"pdfminer": next(self._pdfminer), "pdfium": next(self._pdfium)}
            self._texts.append(texts)
        engines = self._texts[index]
        leaks = [
            Leak(index, f"text-{engine}")
            for engine, text in engines.items()
            if self._wanted.in_text(text)
        ]
        return engines, leaks

    def rest(self, path: Path) -> list[Leak]:
        """Search objects and bytes.

        Parameters
        ----------
        path : Path
            Where the document is now.

        Returns
        -------
        list of Leak
            Where something was found, each place once.
        """
        if not self._wanted.words:
            return []
        found = set(_walk(path, self._wanted))
        if any(self._wanted.in_bytes(part, binary=True) for part in _parts(path)):
            found.add(Leak(None, "bytes"))
        return sorted(found, key=lambda leak: (leak.page is None, leak.page or 0, leak.channel))

    def close(self) -> None:
        """Give the file back; pages that were read are kept, if they are all there are."""
        # Who stops searching half-way, and asks again, would find no more pages.
        with contextlib.suppress(Exception):
            self._is_cut = self._is_cut or next(self._pdfium, None) is not None
        self._pdfminer.close()
        self._pdfium.close()


def _parts(path: Path) -> Iterator[bytes]:
    """Read a file a part at a time; the parts overlap by more than a needle takes in any coding."""
    before = b""
    with path.open("rb") as stream:
        while part := stream.read(_PART):
            yield before + part
            before = part[-_OVERLAP:]


def _by_pdfminer(path: Path) -> Generator[str, None, None]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTTextContainer

    for page in extract_pages(path, laparams=LAParams(all_texts=True)):
        yield "\n".join(item.get_text() for item in page if isinstance(item, LTTextContainer))


def _by_pdfium(path: Path) -> Generator[str, None, None]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            layer = page.get_textpage()
            yield layer.get_text_range()
            layer.close()
            page.close()
    finally:
        document.close()


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
        if bytes(node) not in _OWN_STRINGS and wanted.in_bytes(bytes(node), binary=False):
            yield Leak(None, "string")
        return
    names: list[Any] = []
    if isinstance(node, pikepdf.Name):
        names = [node]
    elif isinstance(node, (pikepdf.Dictionary, pikepdf.Stream)):
        names = list(node.keys())
    for name in names:
        if str(name) in OWN_NAMES or _NUMBERED.fullmatch(str(name)):
            continue
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
    if not binary and b"begincmap" in data:
        data = _OWN_WORDS.sub(b" ", data)
    if wanted.in_bytes(data, binary=True) if binary else wanted.in_stream(node, data):
        yield Leak(page, "stream")


def _shown(stream: Any, data: bytes) -> Iterator[bytes]:
    """Yield the strings of a content stream, those of one operator as one; else all of its bytes."""
    import pikepdf

    try:
        for instruction in pikepdf.parse_content_stream(stream):
            strings: list[bytes] = []
            for operand in instruction.operands:
                items = operand if isinstance(operand, pikepdf.Array) else [operand]
                strings += [bytes(item) for item in items if isinstance(item, pikepdf.String)]
            yield b"".join(strings)
    except pikepdf.PdfError:
        yield data
