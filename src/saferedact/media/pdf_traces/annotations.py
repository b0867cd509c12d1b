"""Annotations and form fields of a PDF: notes, marks that were never applied, what is not shown."""

from collections.abc import Iterator
from typing import Any

from saferedact.media.pdf_traces.strings import Strings
from saferedact.traces import Trace

__all__ = ["annotation_traces", "field_traces"]

_HIDDEN = 0b10_0010
"""Flags Hidden and NoView (ISO 32000-2, table 167)."""

_NOTES = frozenset({"/Text", "/Popup"})
_LAID_OVER = frozenset(
    "/FreeText /Stamp /Ink /Line /Square /Circle /Polygon /PolyLine /Caret /Highlight /Underline"
    " /Squiggly /StrikeOut".split()
)
_FILES = frozenset({"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"})
_TEXTS = ("/Contents", "/RC", "/T", "/Subj", "/TU", "/V", "/DV")
_PATHS = ("/Launch", "/GoToR", "/GoToE", "/ImportData")
_MOST_FIELDS = 20_000


def annotation_traces(annotation: Any, number: int, page: Any, strings: Strings) -> Iterator[Trace]:
    """Yield what one annotation holds beside what it shows.

    Parameters
    ----------
    annotation : pikepdf.Object
        The annotation; anything, in a hostile file.
    number : int
        Page, from 0.
    page : pikepdf.Object
        The page.
    strings : Strings
        Bound of the walk.
    """
    import pikepdf

    if not isinstance(annotation, pikepdf.Dictionary):
        return
    kind = str(annotation.get("/Subtype"))
    place = f"page {number + 1}, annotation"
    xyxy = _place(annotation, page)
    text = " ".join(filter(None, (strings.of(annotation.get(key)) for key in _TEXTS)))
    flags = annotation.get("/F", 0)
    hidden = isinstance(flags, int) and bool(flags & _HIDDEN)
    if kind == "/Redact":
        yield Trace("unapplied-mark", place, text, number, xyxy)
    elif kind in _FILES:
        yield Trace("embedded-object", place, strings.below(annotation.get("/FS")), number, xyxy)
    elif hidden and kind != "/Link" and (text or "/AP" in annotation):
        yield Trace("hidden-annotation", place, text, number, xyxy)
    elif kind in _NOTES:
        yield Trace("comment", place, text, number, xyxy)
    elif kind in _LAID_OVER and strings.of(annotation.get("/Contents")):
        channel = "visible-annotation" if kind in ("/FreeText", "/Stamp") else "comment"
        yield Trace(channel, place, text, number, xyxy)
    elif kind == "/Widget" and strings.of(annotation.get("/V")):
        yield Trace("form-value", place, text, number, xyxy)
    action = annotation.get("/A")
    if isinstance(action, pikepdf.Dictionary):
        if str(action.get("/S")) in _PATHS:
            yield Trace("local-path", place, strings.below(action), number, xyxy)
        elif str(action.get("/S")) == "/JavaScript":
            yield Trace("script", place, strings.below(action), number, xyxy)


def field_traces(form: Any, strings: Strings) -> Iterator[Trace]:
    """Yield values of fields that no page shows, and forms of the XFA kind."""
    import pikepdf

    if not isinstance(form, pikepdf.Dictionary):
        return
    if "/XFA" in form:
        yield Trace("custom-data", "form data (XFA)")
    fields = form.get("/Fields")
    pending = list(fields) if isinstance(fields, pikepdf.Array) else []
    seen: set[tuple[int, int]] = set()
    for _ in range(_MOST_FIELDS):
        if not pending:
            return
        field = pending.pop()
        if not isinstance(field, pikepdf.Dictionary) or field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
        kids = field.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            pending += list(kids)
        elif "/Rect" not in field and strings.of(field.get("/V")):
            yield Trace("hidden-annotation", "a field on no page", strings.of(field.get("/V")))


def _place(annotation: Any, page: Any) -> tuple[float, float, float, float] | None:
    """Return an annotation's box in points from the top left corner of an unrotated page."""
    try:
        x1, y1, x2, y2 = (float(value) for value in annotation["/Rect"])
        box = page.get("/CropBox") or page.get("/MediaBox")
        left, _, _, top = (float(value) for value in box)
    except (KeyError, TypeError, ValueError):
        return None
    low_x, high_x = sorted((x1, x2))
    low_y, high_y = sorted((y1, y2))
    found = (low_x - left, top - high_y, high_x - left, top - low_y)
    return found if all(abs(value) < 1e6 for value in found) else None
