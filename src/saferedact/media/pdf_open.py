"""Opening a PDF, and cutting it down to what a reader sees before anything else looks at it.

`prepare` keeps pages, their content, and appearances of visible annotations. Attachments, scripts,
outlines, forms, names, structure, metadata and everything unknown are gone before the first page is
interpreted. The result is in memory; it is never written.
"""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    UnsupportedFormatError,
)
from saferedact.limits import Limits
from saferedact.media.pdf_hidden import count_hidden
from saferedact.media.pdf_objects import is_dictionary
from saferedact.media.pdf_places import appearance_of, page_geometry
from saferedact.media.pdf_streams import check_streams

__all__ = ["Prepared", "prepare", "read_pdf"]

_PAGE_KEYS = frozenset(
    {
        "/Type",
        "/Parent",
        "/Resources",
        "/Contents",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/UserUnit",
        "/Annots",
        "/Group",
    }
)
_CATALOG_KEYS = frozenset({"/Type", "/Pages", "/OCProperties"})
_ANNOTATION_KEYS = frozenset({"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/OC"})

_UNSEEN_ANNOTATIONS = frozenset(
    {
        "/Popup",
        "/Text",
        "/Link",
        "/FileAttachment",
        "/Sound",
        "/Movie",
        "/Screen",
        "/3D",
        "/RichMedia",
        "/Redact",
        "/TrapNet",
        "/PrinterMark",
    }
)
"""Annotations that are buttons for something outside of the page, or notes of its makers."""

_INVISIBLE_FLAGS = 0b100010  # hidden, no view (ISO 32000-1, table 165)

_MAX_SIDE = 14_400.0
"""Points: 200 inches, the largest page that ISO 32000-1, annex C, lets readers expect."""

_MAX_TREE = 64  # levels of a page tree; producers write up to five


@dataclass(slots=True, eq=False)
class Prepared:
    """A source that was opened and cut down.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        What is left.
    notes : list of str
        What is left out, for people.
    hidden : list of (str, int)
        Channels of hidden data, as ``attachment``, and how many items each has.
    """

    pdf: Any
    notes: list[str] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)

    def saved(self) -> bytes:
        """Return the file that is left, as bytes."""
        target = io.BytesIO()
        self.pdf.save(target)
        return target.getvalue()


def read_pdf(path: Path, limits: Limits) -> bytes:
    """Read a file whole, so that no handle stays on the original.

    Raises
    ------
    InputError
        If it cannot be read.
    LimitExceededError
        If it is over `max_file_bytes` or `max_pdf_bytes`.
    """
    try:
        size = path.stat().st_size
        limits.check_file_bytes(size)
        if size > limits.max_pdf_bytes:
            msg = f"a document of {size} bytes is over the limit of {limits.max_pdf_bytes} bytes"
            raise LimitExceededError(msg)
        return path.read_bytes()
    except OSError as error:
        msg = f"the file cannot be read: {error.strerror or 'an input/output error'}"
        raise InputError(msg) from None


def prepare(data: bytes, *, password: str = "", limits: Limits) -> Prepared:
    """Open a PDF and keep only what a reader sees.

    Parameters
    ----------
    data : bytes
        The source.
    password : str
        Of an encrypted file.
    limits : Limits
        `max_pages`, `max_stream_bytes`, `max_side` and `max_pixels` are checked.

    Returns
    -------
    Prepared
        The document.

    Raises
    ------
    InputError
        If it cannot be read, needs a password, or holds no pages of its own.
    LimitExceededError
        If it is over the limits.
    """
    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(data), password=password, suppress_warnings=True)
    except pikepdf.PasswordError:
        what = "is wrong" if password else "is needed (--password-file)"
        msg = f"the document is encrypted and its password {what}"
        raise InputError(msg) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        msg = "the document is damaged and cannot be read"
        raise DamagedInputError(msg) from None
    prepared = Prepared(pdf)
    try:
        _refuse_shells(pdf)
        _check_pages(pdf, limits)
        check_streams(pdf, limits)
        _cut_down(prepared)
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RuntimeError,
    ) as error:
        if isinstance(error, (InputError, LimitExceededError)):
            raise
        msg = "the document is damaged: its pages cannot be read"
        raise DamagedInputError(msg) from None
    return prepared


def _refuse_shells(pdf: Any) -> None:
    """Refuse documents whose pages are not what they say."""
    root = pdf.Root
    form = root.get("/AcroForm")
    if form is not None and "/XFA" in form and not list(form.get("/Fields", [])):
        msg = "the document is an XFA form without pages of its own; print it to PDF first"
        raise UnsupportedFormatError(msg)
    if "/Collection" in root:
        msg = "the document is a portfolio of other files; take them out and redact each"
        raise UnsupportedFormatError(msg)


def _check_pages(pdf: Any, limits: Limits) -> None:
    _walk_tree(pdf.Root.get("/Pages"), limits.max_pages)
    count = len(pdf.pages)
    if count == 0:
        msg = "the document has no pages"
        raise DamagedInputError(msg)
    if count > limits.max_pages:
        msg = f"{count} pages are over the limit of {limits.max_pages}"
        raise LimitExceededError(msg)
    for page in pdf.pages:
        width, height = page_geometry(page)[0]
        if max(width, height) > _MAX_SIDE:
            msg = f"a page is larger than {_MAX_SIDE / 72:.0f} inches"
            raise LimitExceededError(msg)


def _walk_tree(root: Any, max_pages: int) -> None:
    """Refuse a page tree that has loops: libraries would follow them, or mend them by guessing."""
    seen: set[Any] = set()
    todo = [(root, 0)]
    while todo:
        node, depth = todo.pop()
        if node is None or not is_dictionary(node):
            continue
        if node.objgen in seen and node.objgen != (0, 0) and "/Kids" in node:
            msg = "the document is damaged: its page tree has a loop"
            raise DamagedInputError(msg)
        seen.add(node.objgen)
        if depth > _MAX_TREE or len(seen) > 4 * max_pages:
            msg = "the page tree is over the limit"
            raise LimitExceededError(msg)
        todo += [(child, depth + 1) for child in node.get("/Kids", [])]


def _cut_down(prepared: Prepared) -> None:
    pdf, hidden = prepared.pdf, prepared.hidden
    count_hidden(pdf, hidden)
    if "signature" in hidden:
        prepared.notes.append("the digital signature is dropped: the new document is not signed")
    _keep_keys(pdf.Root, _CATALOG_KEYS)
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    left_out = 0
    for page in pdf.pages:
        _inherit(page.obj)
        _keep_keys(page.obj, _PAGE_KEYS)
        annotations = [item for item in page.obj.get("/Annots", []) if is_dictionary(item)]
        left_out += sum(_is_bare_field(item) for item in annotations)
        kept = [_as_stamp(item) for item in annotations if _is_seen(item)]
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
        if kept:
            page.obj["/Annots"] = pdf.make_indirect(kept)
    if left_out:
        prepared.notes.append(f"{left_out} form values without an appearance are left out")


def _is_bare_field(annotation: Any) -> bool:
    """Tell whether this is a filled form field that a reader would have to draw itself."""
    is_field = str(annotation.get("/Subtype")) == "/Widget"
    return is_field and "/AP" not in annotation and "/V" in annotation


def _keep_keys(node: Any, allowed: frozenset[str]) -> None:
    for key in list(node.keys()):
        if key not in allowed:
            del node[key]


def _as_stamp(annotation: Any) -> Any:
    """Leave an annotation its appearance alone.

    Readers draw some kinds anew from values that are gone; of a stamp they show its appearance.
    """
    import pikepdf

    _keep_keys(annotation, _ANNOTATION_KEYS)
    annotation["/Subtype"] = pikepdf.Name("/Stamp")
    return annotation


def _inherit(page: Any) -> None:
    """Write inherited attributes into a page, so that a damaged tree can do no harm later."""
    node, depth = page.get("/Parent"), 0
    while node is not None and is_dictionary(node) and depth < _MAX_TREE:
        for key in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
            if key not in page and key in node:
                page[key] = node[key]
        node, depth = node.get("/Parent"), depth + 1


def _is_seen(annotation: Any) -> bool:
    if str(annotation.get("/Subtype")) in _UNSEEN_ANNOTATIONS or "/AP" not in annotation:
        return False
    if int(annotation.get("/F", 0)) & _INVISIBLE_FLAGS:
        return False
    return appearance_of(annotation) is not None
