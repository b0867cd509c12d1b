"""One page through PDFium: its glyphs, its pictures, and renders of it with parts switched off.

All foreign calls are here. A render with the text switched off, or with everything but the text, is
what tells what a reader sees of a glyph: no list of ways to cover it is needed.
"""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import LimitExceededError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

__all__ = ["Glyph", "PageView", "Picture"]

Render = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]

_DPI = 100
"""Resolution of the renders: a letter of 5 points is 4 pixels high, enough to tell ink from none."""

_MAX_RENDER_PIXELS = 4_000_000
"""Pixels of one render: A3 at 100 dpi is 1.9 million. Larger pages are rendered coarser."""

_MAX_OBJECTS = 200_000
_NOWHERE = 1e6
"""Points from the origin to a place that is on no page: the largest page has 14,400."""

_MAX_GLYPHS = 100_000
"""Objects and glyphs of one page: maps have tens of thousands, a dense page of a gazette 20,000."""

_MAX_NESTING = 30
"""Forms in forms. Writers nest fewer than ten."""

_INVISIBLE_MODES = (3, 7)
"""Text rendering modes that paint nothing: neither fill nor stroke (ISO 32000-2, table 104)."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a page.

    Parameters
    ----------
    text : str
        Its character.
    xyxy : (float, float, float, float)
        Its tight box in pixels of the renders; may lie outside of them.
    paints : bool
        Whether its rendering mode paints at all.
    order : int
        Ordinal of its text object on the page.
    """

    text: str
    xyxy: Box
    paints: bool
    order: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture on a page.

    Parameters
    ----------
    xyxy : (float, float, float, float)
        Box in pixels of the renders that it is placed in, clipped by nothing.
    upright : bool
        Whether its sides are parallel to the page's.
    object : object
        PDFium's handle; valid as long as the page.
    """

    xyxy: Box
    upright: bool
    object: Any


class PageView:
    """A page that is open.

    Parameters
    ----------
    document : PdfDocument
        Owns the page.
    index : int
        Page, from 0.

    Raises
    ------
    LimitExceededError
        If the page has more objects or glyphs than a page has.
    """

    def __init__(self, document: "PdfDocument", index: int) -> None:
        self._page: PdfPage = document[index]
        width, height = self._page.get_size()
        per_point = _DPI / 72
        area = max(width * height * per_point**2, 1.0)
        self.scale = per_point * min(1.0, (_MAX_RENDER_PIXELS / area) ** 0.5)
        """Pixels of the renders per point."""
        self._text: list[Any] = []
        self._other: list[Any] = []
        self._order: dict[int, int] = {}
        self._images: list[tuple[Any, npt.NDArray[np.float64]]] = []
        self._later: list[tuple[int, Box]] = []
        self._collect(self._page.raw, None, np.eye(3), 0)
        self._to_pixels = self._device_matrix()
        self._later = self._outlines()

    def close(self) -> None:
        """Release the page."""
        self._page.close()

    @property
    def has_annotations(self) -> bool:
        """Whether anything is laid over the page."""
        import pypdfium2.raw as pdfium

        return bool(pdfium.FPDFPage_GetAnnotCount(self._page.raw) > 0)

    def covered_later(self, glyph: Glyph) -> bool:
        """Tell whether anything but text is painted after a glyph, where the glyph is."""
        x = (glyph.xyxy[0] + glyph.xyxy[2]) / 2
        y = (glyph.xyxy[1] + glyph.xyxy[3]) / 2
        return any(
            order > glyph.order >= 0 and box[0] <= x <= box[2] and box[1] <= y <= box[3]
            for order, box in self._later
        )

    def render(
        self,
        *,
        text: bool = True,
        other: bool = True,
        annotations: bool = True,
        black: bool = False,
        only: Picture | None = None,
    ) -> Render:
        """Render the page with parts of it switched off.

        Parameters
        ----------
        text, other, annotations : bool
            Whether text, everything else of the content, and annotations and fields are there.
        black : bool
            Paper of black instead of white.
        only : Picture, optional
            Switch off all but one picture.

        Returns
        -------
        ndarray, shape (h, w, 3), uint8
            RGB.
        """
        paper = (0, 0, 0, 255) if black else (255, 255, 255, 255)
        off = [*(() if text else self._text), *(() if other else self._other)]
        if only is not None:
            off = [o for o in (*self._text, *self._other) if not _same(o, only.object)]
        with _switched_off(off):
            bitmap = self._page.render(
                scale=self.scale,  # pyright: ignore[reportArgumentType]  its default is 1
                fill_color=paper,
                may_draw_forms=annotations and only is None,
                draw_annots=annotations and only is None,
                rev_byteorder=True,
                prefer_bgrx=False,
            )
            return np.array(bitmap.to_numpy()[..., :3])

    def glyphs(self) -> Iterator[Glyph]:
        """Yield the glyphs of the page's text in the order of extraction, those not seen as well."""
        import pypdfium2.raw as pdfium

        page = self._page.get_textpage()
        count = page.count_chars()
        if count > _MAX_GLYPHS:
            msg = f"{count} letters on one page are over the limit of {_MAX_GLYPHS}"
            raise LimitExceededError(msg)
        modes: dict[int, bool] = {}
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        places = []
        found = []
        for number in range(count):
            code = pdfium.FPDFText_GetUnicode(page.raw, number)
            letter = chr(code) if 0 < code < 0x110000 else "\ufffd"
            if pdfium.FPDFText_IsGenerated(page.raw, number) == 1 or letter.isspace():
                found.append((letter, True, -1))
                places.append((0.0, 0.0, 0.0, 0.0))
                continue
            pdfium.FPDFText_GetCharBox(page.raw, number, left, right, bottom, top)
            places.append((left.value, bottom.value, right.value, top.value))
            handle = pdfium.FPDFText_GetTextObject(page.raw, number)
            key = _address(handle)
            if key not in modes:
                mode = pdfium.FPDFTextObj_GetTextRenderMode(handle) if key else 0
                modes[key] = mode not in _INVISIBLE_MODES and not _is_transparent(handle, mode)
            found.append((letter, modes[key], self._order.get(key, -1)))
        boxes = self._boxes(_somewhere(places))
        for (letter, paints, order), box in zip(found, boxes, strict=True):
            yield Glyph(letter, box, paints, order)

    def pictures(self) -> tuple[Picture, ...]:
        """Return the pictures of the page, in the order in which they are painted."""
        found = []
        for handle, matrix in self._images:
            corners = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]]) @ matrix
            points = corners @ self._to_pixels
            low, high = points[:, :2].min(0), points[:, :2].max(0)
            upright = min(abs(matrix[0, 0]) + abs(matrix[1, 1]), abs(matrix[0, 1])) < 1e-3
            found.append(Picture((*low.tolist(), *high.tolist()), upright, handle))
        return tuple(found)

    def _boxes(self, places: npt.NDArray[np.float64]) -> list[Box]:
        one = np.ones(len(places))
        a = np.stack([places[:, 0], places[:, 1], one], 1) @ self._to_pixels
        b = np.stack([places[:, 2], places[:, 3], one], 1) @ self._to_pixels
        low, high = np.minimum(a, b)[:, :2], np.maximum(a, b)[:, :2]
        return [tuple(row) for row in np.concatenate([low, high], 1).tolist()]

    def _outlines(self) -> list[tuple[int, Box]]:
        """Return box and order of everything on the page's own level that is not text."""
        import pypdfium2.raw as pdfium

        sides = tuple(ctypes.c_float() for _ in range(4))
        orders, places = [], []
        for number in range(pdfium.FPDFPage_CountObjects(self._page.raw)):
            item = pdfium.FPDFPage_GetObject(self._page.raw, number)
            if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            if pdfium.FPDFPageObj_GetBounds(item, *sides):
                orders.append(self._order[_address(item)])
                places.append([side.value for side in sides])
        boxes = self._boxes(_somewhere(places))
        return list(zip(orders, boxes, strict=True))

    def _device_matrix(self) -> npt.NDArray[np.float64]:
        """Return the matrix from page space to pixels, crop box and rotation included."""
        import pypdfium2.raw as pdfium

        fine = 1 << 16  # the call answers in whole device units: ask for fine ones
        x, y = ctypes.c_int(), ctypes.c_int()
        wide, high = self._page.get_size()
        points = []
        for px, py in ((0.0, 0.0), (100.0, 0.0), (0.0, 100.0)):
            pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, fine, fine, 0, px, py, x, y)
            points.append((x.value / fine * wide, y.value / fine * high))
        origin, right, up = (np.array(p) * self.scale for p in points)
        return np.array([[*((right - origin) / 100), 0], [*((up - origin) / 100), 0], [*origin, 1]])

    def _collect(
        self, container: Any, form: Any, matrix: npt.NDArray[np.float64], depth: int
    ) -> None:
        import pypdfium2.raw as pdfium

        if depth > _MAX_NESTING:
            msg = f"forms on a page are nested more than {_MAX_NESTING} deep"
            raise LimitExceededError(msg)
        if form is None:
            count, get, holder = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, container
        else:
            count, get, holder = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, form
        for number in range(count(holder)):
            item = get(holder, number)
            if len(self._order) >= _MAX_OBJECTS:
                msg = f"a page has more than {_MAX_OBJECTS} objects"
                raise LimitExceededError(msg)
            self._order[_address(item)] = len(self._order)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                self._collect(container, item, _matrix(item) @ matrix, depth + 1)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._text.append(item)
            else:
                self._other.append(item)
                if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                    self._images.append((item, _matrix(item) @ matrix))


@contextmanager
def _switched_off(objects: list[Any]) -> Iterator[None]:
    import pypdfium2.raw as pdfium

    for item in objects:
        pdfium.FPDFPageObj_SetIsActive(item, 0)
    try:
        yield
    finally:
        for item in objects:
            pdfium.FPDFPageObj_SetIsActive(item, 1)


def _is_transparent(item: Any, mode: int) -> bool:
    """Tell whether a text object is filled, not stroked, with an alpha of 0."""
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return mode == 0 and bool(known) and alpha.value == 0


def _matrix(item: Any) -> npt.NDArray[np.float64]:
    import pypdfium2.raw as pdfium

    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return np.eye(3)
    return np.array([[m.a, m.b, 0], [m.c, m.d, 0], [m.e, m.f, 1]], np.float64)


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _same(one: Any, other: Any) -> bool:
    return _address(one) == _address(other)


def _somewhere(places: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    """Return places as an array; what a hostile matrix puts nowhere lies off every page."""
    boxes = np.array(places, np.float64).reshape(-1, 4)
    return np.nan_to_num(boxes, nan=_NOWHERE).clip(-_NOWHERE, _NOWHERE)
