"""Read a PDF for what it hides: page by page, then its objects, then its bytes."""

from typing import TYPE_CHECKING, BinaryIO

from saferedact.errors import DamagedInputError, LimitExceededError, SaferedactError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.contents import Contents, Packed, Passage
from saferedact.media.pdf_traces.file_bytes import byte_traces
from saferedact.media.pdf_traces.glyph_look import PageRenders
from saferedact.media.pdf_traces.objects import ObjectReader
from saferedact.media.pdf_traces.page_pictures import hidden_pictures
from saferedact.media.pdf_traces.page_text import read_page_text
from saferedact.media.pdf_traces.page_view import PageView
from saferedact.traces import Trace

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["read_pdf_traces"]


def read_pdf_traces(file: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Contents:
    """Read what a PDF shows and what it hides.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable; the caller closes it.
    limits : Limits
        Bounds of the file and of its number of pages (`max_frames`).

    Returns
    -------
    Contents
        Text that is seen, page by page; traces, with boxes in points; embedded files.

    Raises
    ------
    DamagedInputError
        If it cannot be parsed, or is locked with a password.
    LimitExceededError
        If it is over the limits.
    """
    size = file.seek(0, 2)
    limits.check_file_bytes(size)
    file.seek(0)
    data = file.read()
    passages: list[Passage] = []
    traces: list[Trace] = []
    packed: list[Packed] = []
    unread: list[str] = []
    try:
        reader = ObjectReader(data)
        with reader:
            reader.read(limits)
            traces += reader.traces
            packed += reader.packed
            unread += reader.unread
            stray = tuple(byte_traces(data, reader.numbers))
            data = reader.without_replacements(data)
    except SaferedactError:
        raise
    except Exception:  # noqa: BLE001  pikepdf raises many kinds of errors on hostile files
        raise _damaged() from None
    pages = _Pages(passages, traces, unread, layers_off=reader.layers_off)
    pages.read(data, limits)
    shown = _squashed(" ".join(passage.text for passage in passages))
    traces = [trace for trace in (*traces, *stray) if not _is_shown(trace, shown)]
    return Contents("PDF", tuple(passages), tuple(traces), tuple(packed), tuple(unread))


_REPEATS = frozenset({"alternate-text", "navigation-text", "form-value", "visible-annotation"})
"""Channels that repeat the text of pages as a rule, and then hide nothing."""


def _is_shown(trace: Trace, shown: str) -> bool:
    return trace.channel in _REPEATS and bool(trace.text) and _squashed(trace.text) in shown


def _squashed(text: str) -> str:
    return "".join(text.split()).casefold()


class _Pages:
    """Reads the pages of a document into lists."""

    def __init__(
        self,
        passages: list[Passage],
        traces: list[Trace],
        unread: list[str],
        *,
        layers_off: bool,
    ) -> None:
        self._passages = passages
        self._traces = traces
        self._unread = unread
        self._layers_off = layers_off

    def read(self, data: bytes, limits: Limits) -> None:
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(data)
            if document.get_formtype() == pypdfium2.raw.FORMTYPE_ACRO_FORM:  # it logs of others
                document.init_forms()
        except pypdfium2.PdfiumError:
            raise _damaged() from None
        try:
            if len(document) > limits.max_frames:
                msg = f"{len(document)} pages are over the limit of {limits.max_frames}"
                raise LimitExceededError(msg)
            for number in range(len(document)):
                try:
                    self._read_page(document, number)
                except LimitExceededError as error:
                    self._unread.append(f"page {number + 1}: {error.message}")
                except pypdfium2.PdfiumError:
                    self._unread.append(f"page {number + 1} is damaged")
        finally:
            document.close()

    def _read_page(self, document: "PdfDocument", number: int) -> None:
        page = PageView(document, number)
        try:
            renders = PageRenders.of(page)
            text = read_page_text(page, renders, number, layers_off=self._layers_off)
            if text.seen.strip():
                self._passages.append(Passage(text.seen, f"page {number + 1}", number))
            self._traces += text.traces
            found, complete = hidden_pictures(
                page, renders.ground, text, number, layers_off=self._layers_off
            )
            self._traces += found
            if not complete:
                self._unread.append(f"page {number + 1}: not every small picture was looked at")
        finally:
            page.close()


def _damaged() -> DamagedInputError:
    return DamagedInputError("the PDF is damaged, or locked with a password")
