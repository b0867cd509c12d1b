"""PDFs that hide nothing: tables, panels, watermarks, highlights, scans with text layers, real redactions."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from saferedact.testing.leaks.pdf_page import FILLER, add_image, document, page_of, text, text_image
from saferedact.testing.leaks.scenes import photograph

__all__ = ["BENIGN_PDFS"]


def _letter() -> bytes:
    return page_of("")


def _table_header() -> bytes:
    rows = "".join(text(f"Row {n}   {n * 7} calls", 45, 150 - 20 * n) for n in range(4))
    return page_of(
        "0.1 0.2 0.5 rg 40 165 300 20 re f\n"
        + text("Station    Calls", 45, 170, before="1 g")
        + rows
    )


def _black_header() -> bytes:
    bars = "".join(f"0 g 40 {180 - 30 * n} 300 18 re f\n" for n in range(3))
    words = "".join(text(f"Heading {n}", 45, 185 - 30 * n, before="1 1 1 rg") for n in range(3))
    return page_of(bars + words)


def _white_decoration() -> bytes:
    lines = "".join(f"1 G 2 w 30 {150 - 10 * n} m 350 {150 - 10 * n} l S\n" for n in range(6))
    return page_of("1 g 30 80 320 100 re f\n" + lines + text("Below.", 30, 60))


def _white_leaders() -> bytes:
    return page_of(text(". . . . . . . . . . . . ____ *", 30, 120, before="1 g"))


def _highlight_annotation() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        form = pdf.make_stream(b"/M gs 1 1 0 rg 0 0 200 16 re f")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 200, 16]
        form.Resources = pikepdf.Dictionary(
            ExtGState=pikepdf.Dictionary(M=pikepdf.Dictionary(BM=pikepdf.Name.Multiply))
        )
        page.Annots = pdf.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Highlight,
                        Rect=[28, 246, 228, 262],
                        QuadPoints=[28, 262, 228, 262, 28, 246, 228, 246],
                        C=[1, 1, 0],
                        F=4,
                        AP=pikepdf.Dictionary(N=form),
                    )
                ]
            )
        )

    return page_of("", change=change)


def _drawn_highlight() -> bytes:
    return page_of("1 1 0.3 rg 28 146 200 16 re f\n" + text("Marked to be read.", 30, 150))


def _watermark() -> bytes:
    return page_of(
        "q 0.88 g BT /F 70 Tf 0.8 0.6 -0.6 0.8 60 20 Tm (DRAFT) Tj ET Q\n"
        + text("Over the mark.", 30, 150)
    )


def _transparent_watermark() -> bytes:
    def change(_pdf: Any, page: Any) -> None:
        import pikepdf

        page.Resources.ExtGState = pikepdf.Dictionary(A=pikepdf.Dictionary(ca=0.12))

    return page_of("q /A gs BT /F 60 Tf 40 80 Td (COPY) Tj ET Q\n", change=change)


def _words(line: str) -> Iterator[tuple[str, float]]:
    """Yield each word that `text_image` draws, and where in points: letters of OpenCV change with it."""
    import cv2

    words = line.split()
    for number, word in enumerate(words):
        before = " ".join((*words[:number], "")) if number else ""
        (width, _), _ = cv2.getTextSize(before, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)
        yield word, width / 2


def _scan_with_text_layer() -> bytes:
    lines = FILLER

    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", text_image(lines))

    layer = "".join(
        f"BT 3 Tr /F 11.5 Tf 1 0 0 1 {30 + left} {300 - 30 - 20 * n} Tm ({word}) Tj ET\n"
        for n, line in enumerate(lines)
        for word, left in _words(line)
    )
    return page_of("q 400 0 0 300 0 0 cm /I Do Q\n" + layer, change=change, filler=False)


def _links() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.example.org/")
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[28, 146, 128, 162],
            Border=[0, 0, 0],
            A=action,
        )
        page.Annots = pdf.make_indirect(pikepdf.Array([link]))

    return page_of(text("www.example.org", 30, 150), change=change)


def _real_redaction() -> bytes:
    return page_of(
        text("The witness,", 30, 150) + "0 g 104 146 90 14 re f\n" + text("was heard.", 200, 150)
    )


def _labelled_redaction() -> bytes:
    return page_of(
        "0 g 30 146 120 16 re f\n" + text("[NAME REMOVED]", 34, 150, before="1 g", size=10)
    )


def _letterhead_form() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        form = pdf.make_stream(
            b"0.2 0.3 0.6 rg 0 0 340 30 re f 1 g BT /F 14 Tf 10 10 Td (Example Police) Tj ET"
        )
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 340, 30]
        form.Resources = pikepdf.Dictionary(Font=page.Resources.Font)
        page.Resources.XObject = pikepdf.Dictionary(X=form)

    return page_of("q 1 0 0 1 30 120 cm /X Do Q\n", change=change)


def _panel() -> bytes:
    return page_of("0.85 0.9 0.85 rg 30 100 300 70 re f\n" + text("In a box.", 40, 140))


def _caption_on_photo() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", photograph((360, 240)))

    return page_of(
        "q 240 0 0 160 40 20 cm /I Do Q\n0 g 40 20 240 20 re f\n"
        + text("The bridge at dawn", 46, 26, before="1 g"),
        change=change,
    )


def _tint_on_photo() -> bytes:
    """A band that lets a photograph through, as designers lay it below a headline."""

    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        add_image(pdf, page, "I", photograph((360, 240)))
        page.Resources.ExtGState = pikepdf.Dictionary(A=pikepdf.Dictionary(ca=0.5))

    band = "q /A gs 0 0.1 0.3 rg 40 20 240 50 re f Q\n"
    return page_of("q 240 0 0 160 40 20 cm /I Do Q\n" + band, change=change)


def _shadow_text() -> bytes:
    return page_of(
        text("Open day", 31, 139, size=24, before="0.6 g") + text("Open day", 30, 140, size=24)
    )


def _chart() -> bytes:
    bars = "".join(
        f"{0.2 * n:.1f} 0.4 0.6 rg {40 + 50 * n} 40 30 {20 + 15 * n} re f\n"
        + text(str(5 + n), 48 + 50 * n, 44, before="1 g", size=10)
        for n in range(5)
    )
    return page_of(bars)


def _struck_text() -> bytes:
    return page_of(
        text("Monday", 30, 150)
        + "0 G 0.8 w 28 154 m 76 154 l S\n"
        + text("Tuesday", 90, 150)
        + "28 147 m 140 147 l S\n"
    )


def _logo_with_mask() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        yy, xx = np.mgrid[:80, :80]
        inside = ((xx - 40) ** 2 + (yy - 40) ** 2 < 38**2).astype(np.uint8) * 255
        add_image(pdf, page, "M", inside)
        mask = page.Resources.XObject["/M"]
        logo = np.zeros((80, 80, 3), np.uint8)
        logo[..., 2] = 150
        logo[20:60, 36:44] = 255
        add_image(pdf, page, "I", logo, SMask=mask)
        del page.Resources.XObject["/M"]

    return page_of("q 60 0 0 60 40 90 cm /I Do Q\n", change=change)


def _rotated_page() -> bytes:
    def change(_pdf: Any, page: Any) -> None:
        page.Rotate = 90

    return page_of(text("Turned.", 30, 150), change=change)


def _cropped_empty_margin() -> bytes:
    def change(_pdf: Any, page: Any) -> None:
        page.CropBox = [10, 10, 390, 290]

    return page_of("", change=change)


def _bookmarks() -> bytes:
    def change(pdf: Any, _page: Any) -> None:
        import pikepdf

        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Introduction", 0))

    return page_of(text("Introduction", 30, 150, size=18), change=change)


def _actual_text() -> bytes:
    return page_of("/Span <</ActualText (office)>> BDC\n" + text("office", 30, 150) + "EMC\n")


def _small_print() -> bytes:
    return page_of(text("Printed on paper from forests.", 30, 100, size=5, before="0.5 g"))


def _several_pages() -> bytes:
    return document([text(f"Page {n}", 180, 20) for n in range(1, 4)])


BENIGN_PDFS: dict[str, Callable[[], bytes]] = {
    f"{maker.__name__.strip('_')}.pdf": maker
    for maker in (
        *(_letter, _table_header, _black_header, _white_decoration, _white_leaders),
        *(_highlight_annotation, _drawn_highlight, _watermark, _transparent_watermark),
        *(_scan_with_text_layer, _links, _real_redaction, _labelled_redaction, _letterhead_form),
        *(
            _panel,
            _caption_on_photo,
            _tint_on_photo,
            _shadow_text,
            _chart,
            _struck_text,
            _logo_with_mask,
        ),
        *(_rotated_page, _cropped_empty_margin, _bookmarks, _actual_text, _small_print),
        _several_pages,
    )
}
