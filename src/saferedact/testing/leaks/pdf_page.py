"""One-page PDFs written operator by operator, so that a test says exactly what is in them."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["FILLER", "SECRET", "SIZE_WH", "add_image", "document", "page_of", "text", "text_image"]

SECRET = "Maren Oakshott"  # noqa: S105  a name, no password
"""An invented person."""

SIZE_WH = (400, 300)
FILLER = (
    "A statement was read to the meeting on Tuesday.",
    "The road was closed for three hours and has reopened.",
    "Anyone who saw the van is asked to call 101.",
)


def text(words: str, x: float, y: float, *, size: float = 12, before: str = "") -> str:
    """Return the operators that show words at a place; `before` sets color, mode or state."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"q 0 g {before} BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET Q\n"


def page_of(
    content: str,
    *,
    change: Callable[[Any, Any], None] | None = None,
    filler: bool = True,
) -> bytes:
    """Make a page of 400 x 300 points with three lines of harmless text at the top.

    Parameters
    ----------
    content : str
        Operators of the page.
    change : callable, optional
        Given the document and the page of pikepdf, before it is saved.
    filler : bool
        Whether the harmless lines are there.

    Returns
    -------
    bytes
        The PDF.
    """
    return document([content], change=change, filler=filler)


def document(
    contents: list[str],
    *,
    change: Callable[[Any, Any], None] | None = None,
    filler: bool = True,
) -> bytes:
    """Make a PDF of pages as of `page_of`; `change` is given the first page."""
    import pikepdf

    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    for _ in contents:
        pdf.add_blank_page(page_size=SIZE_WH)
        pdf.pages[-1].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    if change is not None:
        change(pdf, pdf.pages[0])
    for page, content in zip(pdf.pages, contents, strict=True):
        lines = "".join(text(line, 30, 270 - 20 * n) for n, line in enumerate(FILLER))
        page.Contents = pdf.make_stream(((lines if filler else "") + content).encode("cp1252"))
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def add_image(pdf: Any, page: Any, name: str, pixels: npt.NDArray[np.uint8], **keys: Any) -> None:
    """Add a picture, (h, w) gray or (h, w, 3) RGB, to the resources of a page as ``/name``."""
    import pikepdf

    stream = pdf.make_stream(np.ascontiguousarray(pixels).tobytes())
    stream.Type = pikepdf.Name.XObject
    stream.Subtype = pikepdf.Name.Image
    stream.Width, stream.Height = pixels.shape[1], pixels.shape[0]
    stream.BitsPerComponent = 8
    stream.ColorSpace = pikepdf.Name.DeviceGray if pixels.ndim == 2 else pikepdf.Name.DeviceRGB
    for key, value in keys.items():
        stream[f"/{key}"] = value
    if "/XObject" not in page.Resources:
        page.Resources.XObject = pikepdf.Dictionary()
    page.Resources.XObject[f"/{name}"] = stream


def text_image(
    lines: tuple[str, ...], size_wh: tuple[int, int] = (800, 600), *, scale: float = 1.0
) -> npt.NDArray[np.uint8]:
    """Draw lines of text, dark on light, 40 pixels apart from y = 60; gray, shape (h, w)."""
    import cv2

    picture = np.full((size_wh[1], size_wh[0]), 245, np.uint8)
    for number, line in enumerate(lines):
        place = (60, 60 + int(40 * scale) * number)
        cv2.putText(picture, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8 * scale, 20, 2, cv2.LINE_AA)
    return picture
