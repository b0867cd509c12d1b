"""Pages as pixels, by MuPDF: as a reader sees them, and without the text that is set again.

What is in a picture and not in the other is text that can be seen; text of which nothing is there
is hidden, whatever hides it: a cover, a clip, its color, its opacity or its place.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import DamagedInputError
from saferedact.media.pdf_model import Box
from saferedact.media.pdf_state import ShowKey

__all__ = ["Renderer", "without_text"]

MAX_RENDER_PIXELS = 40_000_000
"""Of one rendering: an A3 page at 300 dpi has 17 million. Larger pages get fewer dots per inch."""


class Renderer:
    """Renders pages of one document in memory.

    Parameters
    ----------
    data : bytes
        The document.
    """

    def __init__(self, data: bytes) -> None:
        from saferedact.media.pdf_mupdf import mupdf, mupdf_errors

        pymupdf = mupdf()
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        try:
            self._document: Any = pymupdf.open(stream=data, filetype="pdf")
        except mupdf_errors():
            msg = "the document is damaged and cannot be shown"
            raise DamagedInputError(msg) from None

    def close(self) -> None:
        """Give the document's memory back."""
        self._document.close()

    def render(
        self,
        page: int,
        size: tuple[float, float],
        dpi: float,
        clip: Box | None = None,
        *,
        max_pixels: int = MAX_RENDER_PIXELS,
    ) -> npt.NDArray[np.uint8]:
        """Render a page, or a part of it.

        Parameters
        ----------
        page : int
            From 0.
        size : (float, float)
            Width and height of the visible page, in points.
        dpi : float
            Dots per inch; less if the picture would be too large.
        clip : Box or None
            The part, in points with y down; None for the whole page.
        max_pixels : int
            Pixels that are too many.

        Returns
        -------
        ndarray, shape (h, w, 3), uint8
            sRGB; h and w are the size of the part in points times dpi / 72, rounded up.
        """
        from saferedact.media.pdf_mupdf import mupdf, mupdf_errors

        pymupdf = mupdf()
        area = clip or (0.0, 0.0, *size)
        width, height = area[2] - area[0], area[3] - area[1]
        dpi = fitting_dpi(width, height, dpi, max_pixels)
        scale = dpi / 72
        try:
            loaded = self._document[page]
            rect = loaded.rect
            # UserUnit and odd boxes: the page's own rectangle is brought to the size we have.
            matrix = pymupdf.Matrix(size[0] / rect.width * scale, size[1] / rect.height * scale)
            shown = pymupdf.Rect(
                area[0] * rect.width / size[0] + rect.x0,
                area[1] * rect.height / size[1] + rect.y0,
                area[2] * rect.width / size[0] + rect.x0,
                area[3] * rect.height / size[1] + rect.y0,
            )
            pixmap = loaded.get_pixmap(
                matrix=matrix, clip=shown, alpha=False, colorspace=pymupdf.csRGB, annots=True
            )
        except mupdf_errors():
            msg = f"page {page + 1} is damaged and cannot be shown"
            raise DamagedInputError(msg) from None
        samples = np.frombuffer(pixmap.samples, dtype=np.uint8)
        return (
            samples.reshape(pixmap.height, pixmap.stride)[:, : pixmap.width * 3]
            .reshape(pixmap.height, pixmap.width, 3)
            .copy()
        )


def fitting_dpi(
    width: float, height: float, dpi: float, max_pixels: int = MAX_RENDER_PIXELS
) -> float:
    """Return `dpi`, or less, so that a part of a page has no more than `max_pixels`."""
    pixels = width * height * (dpi / 72) ** 2
    return dpi if pixels <= max_pixels else dpi * (max_pixels / pixels) ** 0.5


def without_text(pdf: Any, shown: dict[ShowKey, int]) -> None:
    """Make text invisible, in place; what surrounds it stays where it is.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        The document. Changed.
    shown : dict of ShowKey to int
        The operators whose text is to disappear, with their rendering modes. The key of a page's
        content is ``("page", index)``, that of any other stream its object id.
    """
    by_stream: dict[Any, dict[int, int]] = {}
    for (stream, index), mode in shown.items():
        by_stream.setdefault(stream, {})[index] = mode
    for stream, indexes in by_stream.items():
        if stream[0] == "page":
            page = pdf.pages[stream[1]]
            page.obj["/Contents"] = pdf.make_stream(_filtered(page, indexes))
        else:
            pdf.get_object(stream).write(_filtered(pdf.get_object(stream), indexes))


def _filtered(content: Any, indexes: dict[int, int]) -> bytes:
    import pikepdf

    invisible = pikepdf.ContentStreamInstruction([3], pikepdf.Operator("Tr"))
    kept: list[Any] = []
    for index, item in enumerate(pikepdf.parse_content_stream(content)):
        if index not in indexes:
            kept.append(item)
            continue
        back = pikepdf.ContentStreamInstruction([indexes[index]], pikepdf.Operator("Tr"))
        kept += [invisible, item, back]
    return bytes(pikepdf.unparse_content_stream(kept))
