"""Opening a PDF, and cutting it down to what a reader sees before anything else looks at it.

`prepare` keeps pages, their content, and appearances of visible annotations. Attachments, scripts,
outlines, forms, names, structure, metadata and everything unknown are gone before the first page is
interpreted. The result is in memory; it is never written.
"""

import io
import math
import zlib
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
from saferedact.media.pdf_model import Box, Matrix, bounds, multiply
from saferedact.media.pdf_objects import is_array, is_dictionary, is_stream

__all__ = ["Prepared", "annotation_matrix", "appearance_of", "page_geometry", "prepare", "read_pdf"]

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

_PIECE = 1024**2  # bytes unpacked at a time

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
        _check_streams(pdf, limits)
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


def _check_streams(pdf: Any, limits: Limits) -> None:
    """Measure what streams unpack to, a piece at a time, before anybody unpacks them whole."""
    for item in pdf.objects:
        if not is_stream(item):
            continue
        if str(item.get("/Subtype", "")) == "/Image":
            width, height = int(item.get("/Width", 0)), int(item.get("/Height", 0))
            limits.check_size_wh(max(width, 0), max(height, 0))
            continue
        stored = item.get("/Filter", "")
        filters = [str(name) for name in stored] if is_array(stored) else [str(stored)]
        if filters.count("/FlateDecode") > 1 or ("/LZWDecode" in filters and len(filters) > 1):
            msg = "a stream is packed several times"
            raise LimitExceededError(msg)
        if filters == ["/FlateDecode"]:
            _check_inflated(item.read_raw_bytes(), limits.max_stream_bytes)


def _check_inflated(data: bytes, most: int) -> None:
    unpack = zlib.decompressobj()
    size, rest = 0, data
    while rest and not unpack.eof:
        try:
            size += len(unpack.decompress(rest, _PIECE))
        except zlib.error:
            return  # what cannot be unpacked takes no room
        if size > most:
            msg = f"a stream unpacks to more than the limit of {most} bytes"
            raise LimitExceededError(msg)
        rest = unpack.unconsumed_tail


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
    _count_hidden(pdf, hidden)
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


def _count_hidden(pdf: Any, hidden: dict[str, int]) -> None:
    """Count what is dropped, by channel; for the plan, which tells a person what was there."""

    def note(channel: str, count: int = 1) -> None:
        if count:
            hidden[channel] = hidden.get(channel, 0) + count

    root = pdf.Root
    note("pdf-info", "/Info" in pdf.trailer)
    for key, channel in (
        ("/Metadata", "xmp"),
        ("/Outlines", "pdf-outline"),
        ("/OpenAction", "pdf-script"),
        ("/AA", "pdf-script"),
        ("/StructTreeRoot", "pdf-structure"),
        ("/AcroForm", "pdf-form"),
        ("/PieceInfo", "pdf-private"),
        ("/AF", "pdf-attachment"),
    ):
        note(channel, key in root)
    names = root.get("/Names")
    if names is not None and is_dictionary(names):
        note("pdf-attachment", "/EmbeddedFiles" in names)
        note("pdf-script", "/JavaScript" in names)
    form = root.get("/AcroForm")
    if form is not None and is_dictionary(form) and int(form.get("/SigFlags", 0)) & 1:
        note("signature")
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            note("pdf-annotation", is_dictionary(annotation))
            if is_dictionary(annotation) and str(annotation.get("/FT", "")) == "/Sig":
                note("signature", "signature" not in hidden)


def _is_seen(annotation: Any) -> bool:
    if str(annotation.get("/Subtype")) in _UNSEEN_ANNOTATIONS or "/AP" not in annotation:
        return False
    if int(annotation.get("/F", 0)) & _INVISIBLE_FLAGS:
        return False
    return appearance_of(annotation) is not None


def appearance_of(annotation: Any) -> Any:
    """Return the normal appearance stream of an annotation; None if it has none."""
    import pikepdf

    stored = annotation.get("/AP")
    normal = stored.get("/N") if stored is not None and is_dictionary(stored) else None
    if normal is None:
        return None
    if isinstance(normal, pikepdf.Stream):
        return normal
    state = annotation.get("/AS")
    chosen = normal.get(str(state)) if state is not None else None
    return chosen if isinstance(chosen, pikepdf.Stream) else None


def annotation_matrix(annotation: Any, form: Any) -> Matrix | None:
    """Matrix that puts an appearance into its rectangle (ISO 32000-1, algorithm 8.1)."""
    box = [float(value) for value in form.get("/BBox", ())]
    rect = [float(value) for value in annotation.get("/Rect", ())]
    if len(box) != 4 or len(rect) != 4:
        return None
    own = [float(value) for value in form.get("/Matrix", (1, 0, 0, 1, 0, 0))]
    x1, y1, x2, y2 = bounds(
        (own[0], own[1], own[2], own[3], own[4], own[5]), (box[0], box[1], box[2], box[3])
    )
    left, right = sorted((rect[0], rect[2]))
    low, high = sorted((rect[1], rect[3]))
    if x2 - x1 <= 0 or y2 - y1 <= 0:
        return None
    sx, sy = (right - left) / (x2 - x1), (high - low) / (y2 - y1)
    return sx, 0.0, 0.0, sy, left - x1 * sx, low - y1 * sy


def page_geometry(page: Any) -> tuple[tuple[float, float], Matrix]:
    """Size of the visible page and the matrix from its user space, rotation and unit applied.

    Parameters
    ----------
    page : pikepdf.Page
        The page.

    Returns
    -------
    size : (float, float)
        Upright width and height in points.
    matrix : Matrix
        From user space to points of the visible page, y up.
    """
    media = _box(page.obj.get("/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _box(page.obj.get("/CropBox")) or media
    x1, y1 = max(media[0], crop[0]), max(media[1], crop[1])
    x2, y2 = min(media[2], crop[2]), min(media[3], crop[3])
    if x2 - x1 < 1 or y2 - y1 < 1:
        x1, y1, x2, y2 = media
    unit = float(page.obj.get("/UserUnit", 1))
    unit = unit if math.isfinite(unit) and unit > 0 else 1.0
    width, height = (x2 - x1) * unit, (y2 - y1) * unit
    turned: Matrix = multiply((1.0, 0.0, 0.0, 1.0, -x1, -y1), (unit, 0.0, 0.0, unit, 0.0, 0.0))
    rotation = int(page.obj.get("/Rotate", 0)) % 360
    if rotation == 90:
        turned = multiply(turned, (0.0, -1.0, 1.0, 0.0, 0.0, width))
    elif rotation == 180:
        turned = multiply(turned, (-1.0, 0.0, 0.0, -1.0, width, height))
    elif rotation == 270:
        turned = multiply(turned, (0.0, 1.0, -1.0, 0.0, height, 0.0))
    size = (height, width) if rotation in (90, 270) else (width, height)
    return size, turned


def _box(stored: Any) -> Box | None:
    if stored is None or not is_array(stored) or len(stored) != 4:
        return None
    try:
        x1, y1, x2, y2 = (float(value) for value in stored)
    except (TypeError, ValueError):
        return None
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
