"""Annotations and form fields of a PDF: notes, marks that were never applied, what is not shown."""

from collections.abc import Iterator
from typing import Any

from saferedact.media.pdf_traces.actions import actions_of, is_script
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
_ACTIONS = {
    "/JavaScript": "script",
    **dict.fromkeys(("/Launch", "/GoToR", "/GoToE", "/ImportData"), "local-path"),
}


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
    place = f"page {number + 1}, annotation"
    xyxy = _place(annotation, page)
    text = " ".join(filter(None, (strings.of(annotation.get(key)) for key in _TEXTS)))
    kind = _channel(annotation, text, strings)
    if kind == "embedded-object":
        text = strings.below(annotation.get("/FS"))
    if kind is not None:
        yield Trace(kind, place, text, number, xyxy)
    for action in actions_of(annotation):
        channel = _ACTIONS.get(str(action.get("/S")), "script" if "/JS" in action else None)
        if channel is not None:
            yield Trace(channel, place, strings.below(action), number, xyxy)


def _channel(annotation: Any, text: str, strings: Strings) -> str | None:
    """Tell what an annotation is, if it holds more than it shows."""
    kind = str(annotation.get("/Subtype"))
    flags = annotation.get("/F", 0)
    hidden = isinstance(flags, int) and bool(flags & _HIDDEN)
    if kind == "/Redact":
        return "unapplied-mark"
    if kind in _FILES:
        return "embedded-object"
    if hidden and kind != "/Link" and (text or "/AP" in annotation):
        return "hidden-annotation"
    if kind in _NOTES:
        return "comment"
    if kind in _LAID_OVER and strings.of(annotation.get("/Contents")):
        return "visible-annotation" if kind in ("/FreeText", "/Stamp") else "comment"
    return "form-value" if kind == "/Widget" and strings.of(annotation.get("/V")) else None


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
    while pending and strings.may_visit():
        field = pending.pop()
        if not isinstance(field, pikepdf.Dictionary) or field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
        if "/Rect" not in field:  # one that is an annotation as well is looked at there
            for action in filter(is_script, actions_of(field)):
                yield Trace("script", "a field on no page", strings.below(action))
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
