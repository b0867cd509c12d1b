"""Look into one file, told by its content: every reader there is, down through files in files."""

import io
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from saferedact.errors import LimitExceededError, SaferedactError, UnsupportedFormatError
from saferedact.files import open_regular
from saferedact.limits import Limits
from saferedact.media.calendar_file import looks_like_calendar, read_calendar
from saferedact.media.contents import Contents, Passage
from saferedact.media.data_addresses import files_inside
from saferedact.media.image_formats import SNIFF_BYTES, sniff_format
from saferedact.media.kinds import kind_of
from saferedact.media.markup import looks_like_page, read_markup, ruled_elsewhere
from saferedact.media.parcel import Leaf, open_parcel, parcel_kind
from saferedact.media.pdf_traces import read_pdf_traces
from saferedact.media.rich_text import looks_like_rich_text, read_rich_text
from saferedact.media.svg import looks_like_svg, read_svg
from saferedact.pipeline.inspection.films import film_traces
from saferedact.pipeline.inspection.findings import Inspection, Medium, medium_of, within
from saferedact.pipeline.inspection.pictures import picture_traces
from saferedact.pipeline.inspection.shelf import Shelf
from saferedact.text.decode import decode_text, may_be_text
from saferedact.traces import Trace

__all__ = ["look_into"]

_HEAD_BYTES = 64 * 1024
_MOST_FILES_INSIDE = 2_000
_NOT_LOOKED_INTO = "files of this kind are not looked into"
_RULED = "what style sheets and scripts of a page hide was not looked at"
_MOST_TEXT_BYTES = 10 * 1024**2
"""Of a text, as of one that lies in the release by itself."""

_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1024
"""A PDF header may follow up to this many foreign bytes (ISO 32000-1, annex H, note 13)."""


def look_into(path: Path, limits: Limits, shelf: Shelf | None = None) -> Inspection:
    """Look into a file.

    Parameters
    ----------
    path : Path
        The file. Opened read-only.
    limits : Limits
        Bounds of it, and of each file inside.
    shelf : Shelf, optional
        Takes the pictures inside.

    Returns
    -------
    Inspection
        Of a file of no kind that is looked into, one that says so.

    Raises
    ------
    InputError
        If it cannot be read, or is damaged.
    LimitExceededError
        If it is over the limits.
    """
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
        if parcel_kind(head) is not None and sniff_format(head[:SNIFF_BYTES]) is None:
            return _parcel(path, limits, shelf)
        file.seek(0)
        found = _opened(file, head, limits, shelf)
    if found is not None:
        return found
    if not _is_film(path):
        return Inspection("other", unread=(_NOT_LOOKED_INTO,), inspected=False)
    traces, unread = film_traces(path, limits)
    return Inspection("video", traces=traces, unread=unread)


def _opened(file: BinaryIO, head: bytes, limits: Limits, shelf: Shelf | None) -> Inspection | None:
    """Look into a picture or a PDF that is open; None for anything else."""
    if sniff_format(head[:SNIFF_BYTES]) is not None:
        traces, unread = picture_traces(file, limits)
        return Inspection("image", traces=traces, unread=unread)
    if _PDF_MARK in head[:_PDF_MARK_WITHIN]:
        contents = read_pdf_traces(file, limits=limits)
        gathered = _Gathered(limits, shelf)
        gathered.traces += contents.traces
        gathered.unread += contents.unread
        for packed in contents.packed:
            gathered.take_data(packed.data, packed.place)
        return gathered.result("pdf", contents.passages)
    return _written(file, head, limits, shelf)


def _written(file: BinaryIO, head: bytes, limits: Limits, shelf: Shelf | None) -> Inspection | None:
    """Look into markup, rich text or a calendar; None for anything else."""
    known = (looks_like_svg, looks_like_rich_text, looks_like_calendar, looks_like_page)
    if not any(looks_like(head) for looks_like in known):
        return None
    data = file.read(_MOST_TEXT_BYTES + 1)
    if len(data) > _MOST_TEXT_BYTES:
        msg = f"a text is over the limit of {_MOST_TEXT_BYTES} bytes"
        raise LimitExceededError(msg)
    text = "" if looks_like_rich_text(head) else decode_text(data).text
    if looks_like_rich_text(head):
        contents = read_rich_text(data)
    elif looks_like_calendar(head):
        contents = read_calendar(text)
    elif looks_like_page(head):
        page = read_markup(text)
        gaps = (_RULED,) if ruled_elsewhere(text) else ()
        contents = Contents("HTML", (Passage(page.shown, ""),), page.traces, unread=gaps)
    else:
        contents = read_svg(text)
    gathered = _Gathered(limits, shelf)
    gathered.traces += contents.traces
    gathered.unread += contents.unread
    if contents.format in ("HTML", "SVG"):
        for inside in files_inside(text):
            if inside.data is None:
                gathered.unread.append(within(inside.place, "it cannot be looked into"))
            else:
                gathered.take_data(inside.data, inside.place)
    return gathered.result("other", contents.passages)


def _parcel(path: Path, limits: Limits, shelf: Shelf | None) -> Inspection:
    gathered = _Gathered(limits, shelf)
    for leaf in open_parcel(path, limits=limits):
        gathered.take(leaf)
    return gathered.result("other", ())


class _Gathered:
    """What was found in a file and in the files inside it."""

    def __init__(self, limits: Limits, shelf: Shelf | None) -> None:
        self._limits = limits
        self._shelf = shelf
        self._files = 0
        self.passages: list[Passage] = []
        self.traces: list[Trace] = []
        self.unread: list[str] = []

    def take(self, leaf: Leaf) -> None:
        """Add what a leaf of a parcel holds."""
        if leaf.problem is not None:
            self.unread.append(f"{leaf.place}: {leaf.problem}")
        if leaf.name and leaf.place:
            self.passages.append(Passage(leaf.name, f"{leaf.place}, its name"))
        if leaf.contents is not None:
            self._add(leaf.contents.passages, leaf.contents.traces, leaf.place)
            self.unread += [within(leaf.place, text) for text in leaf.contents.unread]
        if not leaf.shown:
            self.traces.append(Trace("embedded-object", leaf.place, leaf.name))
        if leaf.data is not None:
            self.take_data(leaf.data, leaf.place)

    def take_data(self, data: bytes, place: str) -> None:
        """Look into a file inside."""
        self._files += 1
        if self._files > _MOST_FILES_INSIDE:
            if self._files == _MOST_FILES_INSIDE + 1:
                self.unread.append(f"more than {_MOST_FILES_INSIDE} files inside")
            return
        try:
            shelf = None if self._shelf is None else self._shelf.within(place)
            found = _opened(io.BytesIO(data), data[:_HEAD_BYTES], self._limits, shelf)
        except SaferedactError as error:
            self.unread.append(within(place, error.message))
            return
        if found is not None:
            self._add(found.passages, found.traces, place)
            self.unread += [within(place, text) for text in found.unread]
            self._put(data, place, medium_of(found.kind))
        elif (film := self._film(data)) is not None:
            traces, unread = film
            self._add((), traces, place)
            self.unread += [within(place, text) for text in unread]
            self._put(data, place, "video")
        elif may_be_text(data):
            text = decode_text(data[:_MOST_TEXT_BYTES]).text
            self.passages.append(Passage(text, place))
            if len(data) > _MOST_TEXT_BYTES:
                self.unread.append(within(place, "only the beginning of a long text was read"))
        else:
            self.unread.append(within(place, _NOT_LOOKED_INTO))

    def _put(self, data: bytes, place: str, kind: Medium | None) -> None:
        """Put a picture aside, for detectors to look at it."""
        if self._shelf is not None and kind is not None:
            problem = self._shelf.within(place).put(data, kind)
            self.unread += [] if problem is None else [problem]

    def _film(self, data: bytes) -> tuple[tuple[Trace, ...], tuple[str, ...]] | None:
        """Look into a film, which is read from a file: a copy that nobody else can open."""
        if may_be_text(data):
            return None
        with tempfile.TemporaryDirectory(prefix="saferedact-") as folder:
            path = Path(folder, "film")
            path.write_bytes(data)
            return film_traces(path, self._limits) if _is_film(path) else None

    def _add(self, passages: Iterable[Passage], traces: Iterable[Trace], place: str) -> None:
        if not place:
            self.passages += passages
            self.traces += traces
            return
        self.passages += [Passage(p.text, within(place, p.place), p.page) for p in passages]
        self.traces += [trace.within(place) for trace in traces]

    def result(self, kind: str, passages: Iterable[Passage]) -> Inspection:
        """Return all of it."""
        return Inspection(kind, (*passages, *self.passages), tuple(self.traces), tuple(self.unread))


def _is_film(path: Path) -> bool:
    try:
        return kind_of(path) == "video"
    except UnsupportedFormatError:
        return False
