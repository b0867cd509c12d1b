"""PDFs whose pages show less than they hold: covers, colors, crops, layers, each of another kind."""

from collections.abc import Callable
from typing import Any

import numpy as np

from saferedact.testing.leaks.pdf_page import (
    FILLER,
    SECRET,
    add_image,
    page_of,
    text,
    text_image,
)
from saferedact.testing.leaks.scenes import photograph

__all__ = ["PDF_VISIBLE_LEAKS"]

_LINE = text(f"The witness is {SECRET} of no fixed address.", 30, 150)
_BOX = (108, 146, 104, 16)
"""Lies over the secret in `_LINE`."""

_X, _Y, _W, _H = _BOX


def _over(cover: str, *, change: Callable[[Any, Any], None] | None = None) -> bytes:
    return page_of(_LINE + cover, change=change)


def _state(**keys: Any) -> Callable[[Any, Any], None]:
    def change(_pdf: Any, page: Any) -> None:
        import pikepdf

        page.Resources.ExtGState = pikepdf.Dictionary(A=pikepdf.Dictionary(**keys))

    return change


def _rectangle() -> bytes:
    return _over(f"0 g {_X} {_Y} {_W} {_H} re f\n")


def _white_rectangle() -> bytes:
    return _over(f"1 g {_X} {_Y} {_W} {_H} re f\n")


def _gray_rectangle() -> bytes:
    return _over(f"0.5 g {_X} {_Y} {_W} {_H} re f\n")


def _labelled_rectangle() -> bytes:
    return _over(
        f"0 g {_X} {_Y} {_W} {_H} re f\n" + text("REDACTED", _X + 20, _Y + 4, before="1 g")
    )


def _polygon() -> bytes:
    x2, y2 = _X + _W, _Y + _H
    return _over(f"0 g {_X} {_Y} m {x2} {_Y} l {x2} {y2} l {_X + 50} {y2 + 4} l {_X} {y2} l h f\n")


def _thick_line() -> bytes:
    y = _Y + _H / 2
    return _over(f"0 G {_H} w {_X} {y} m {_X + _W} {y} l S\n")


def _hatch() -> bytes:
    lines = "".join(
        f"{_X + 1.2 * n} {_Y} m {_X + 1.2 * n + 6} {_Y + _H} l S\n" for n in range(-4, 88)
    )
    return _over(f"q {_X} {_Y} {_W} {_H} re W n 0 G 1 w {lines}Q\n")


def _shading() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        function = pikepdf.Dictionary(
            FunctionType=2, Domain=[0, 1], C0=[0, 0, 0], C1=[0.2, 0.2, 0.2], N=1
        )
        shading = pikepdf.Dictionary(
            ShadingType=2,
            ColorSpace=pikepdf.Name.DeviceRGB,
            Coords=[_X, _Y, _X + _W, _Y],
            Function=pdf.make_indirect(function),
            Extend=[True, True],
        )
        page.Resources.Shading = pikepdf.Dictionary(S=shading)

    return _over(f"q {_X} {_Y} {_W} {_H} re W n /S sh Q\n", change=change)


def _image_cover() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", np.zeros((8, 8), np.uint8))

    return _over(f"q {_W} 0 0 {_H} {_X} {_Y} cm /I Do Q\n", change=change)


def _photo_cover() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", photograph((200, 32)))

    return _over(f"q {_W} 0 0 {_H} {_X} {_Y} cm /I Do Q\n", change=change)


def _form_cover() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        form = pdf.make_stream(b"0 g 0 0 104 16 re f")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 104, 16]
        page.Resources.XObject = pikepdf.Dictionary(X=form)

    return _over(f"q 1 0 0 1 {_X} {_Y} cm /X Do Q\n", change=change)


def _text_in_form() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        form = pdf.make_stream(_LINE.encode())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 400, 300]
        form.Resources = pikepdf.Dictionary(Font=page.Resources.Font)
        page.Resources.XObject = pikepdf.Dictionary(X=form)

    return page_of(f"/X Do 0 g {_X} {_Y} {_W} {_H} re f\n", change=change)


def _near_opaque() -> bytes:
    return _over(f"/A gs 0 g {_X} {_Y} {_W} {_H} re f\n", change=_state(ca=0.97))


def _see_through() -> bytes:
    return _over(f"/A gs 0 g {_X} {_Y} {_W} {_H} re f\n", change=_state(ca=0.85))


def _multiply_highlight() -> bytes:
    import pikepdf

    return _over(f"/A gs 0 g {_X} {_Y} {_W} {_H} re f\n", change=_state(BM=pikepdf.Name.Multiply))


def _black_on_black() -> bytes:
    return page_of(f"0 g {_X} {_Y} {_W} {_H} re f\n" + _LINE)


def _annotation(subtype: str, drawing: str, **keys: Any) -> Callable[[Any, Any], None]:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        form = pdf.make_stream(drawing.encode())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, _W, _H]
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name(f"/{subtype}"),
            Rect=[_X, _Y, _X + _W, _Y + _H],
            F=4,
            AP=pikepdf.Dictionary(N=form),
        )
        for key, value in keys.items():
            note[f"/{key}"] = value
        page.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))

    return change


def _square_annotation() -> bytes:
    return _over("", change=_annotation("Square", f"0 g 0 0 {_W} {_H} re f", IC=[0, 0, 0]))


def _ink_annotation() -> bytes:
    return _over(
        "",
        change=_annotation(
            "Ink", f"0 G {_H} w 0 {_H / 2} m {_W} {_H / 2} l S", InkList=[[_X, _Y, _X + _W, _Y]]
        ),
    )


def _dark_highlight_annotation() -> bytes:
    quad = [_X, _Y + _H, _X + _W, _Y + _H, _X, _Y, _X + _W, _Y]
    drawing = f"0 g 0 0 {_W} {_H} re f"
    return _over("", change=_annotation("Highlight", drawing, QuadPoints=quad, C=[0, 0, 0]))


def _stamp_annotation() -> bytes:
    return _over("", change=_annotation("Stamp", f"0.1 g 0 0 {_W} {_H} re f"))


def _white_text() -> bytes:
    return page_of(text(f"Informant: {SECRET}", 30, 150, before="1 g"))


def _near_white_text() -> bytes:
    return page_of(text(f"Informant: {SECRET}", 30, 150, before="0.985 g"))


def _invisible_mode() -> bytes:
    return page_of(text(f"Informant: {SECRET}", 30, 150, before="3 Tr"))


def _clipping_mode() -> bytes:
    return page_of(text(f"Informant: {SECRET}", 30, 150, before="7 Tr"))


def _no_alpha() -> bytes:
    return page_of(text(f"Informant: {SECRET}", 30, 150, before="/A gs"), change=_state(ca=0))


def _zero_scale() -> bytes:
    return page_of(f"BT /F 12 Tf 0.001 0 0 0.001 30 150 Tm (Informant: {SECRET}) Tj ET\n")


def _off_page() -> bytes:
    return page_of(text(f"Informant: {SECRET}", 30, 900))


def _cropped_text() -> bytes:
    def change(_pdf: Any, page: Any) -> None:
        page.CropBox = [0, 180, 400, 300]

    return page_of(_LINE, change=change)


def _clipped_text() -> bytes:
    return page_of("q 0 0 20 20 re W n\n" + _LINE + "Q\n")


def _hidden_layer(pdf: Any, page: Any) -> None:
    import pikepdf

    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Notes"))
    pdf.Root.OCProperties = pikepdf.Dictionary(
        OCGs=[group], D=pikepdf.Dictionary(OFF=[group], Order=[group])
    )
    page.Resources.Properties = pikepdf.Dictionary(L=group)


def _layer_text() -> bytes:
    return page_of("/OC /L BDC\n" + _LINE + "EMC\n", change=_hidden_layer)


def _layer_picture() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        _hidden_layer(pdf, page)
        add_image(pdf, page, "I", photograph((120, 80)))

    return page_of("/OC /L BDC q 120 0 0 80 40 60 cm /I Do Q EMC\n", change=change)


def _scan(pdf: Any, page: Any) -> None:
    lines = (FILLER[0], f"The witness is {SECRET}.", FILLER[1])
    add_image(pdf, page, "I", text_image(lines))


def _scan_under_box() -> bytes:
    return page_of(
        "q 400 0 0 300 0 0 cm /I Do Q\n0 g 110 243 150 18 re f\n", change=_scan, filler=False
    )


def _scan_under_pen() -> bytes:
    """Two strokes of a viewer's pen one below the other, with a hair of paper between them."""
    strokes = "0 G 12 w 112 259 m 256 258 l S 112 246.6 m 256 246.4 l S\n"
    return page_of(f"q 400 0 0 300 0 0 cm /I Do Q\n{strokes}", change=_scan, filler=False)


def _scan_under_see_through() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        _scan(pdf, page)
        _state(ca=0.85)(pdf, page)

    return page_of(
        "q 400 0 0 300 0 0 cm /I Do Q\nq /A gs 0 g 110 243 150 18 re f Q\n",
        change=change,
        filler=False,
    )


def _photo_under_box() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", photograph((360, 240)))

    return page_of("q 240 0 0 160 40 20 cm /I Do Q\n0 g 90 60 70 60 re f\n", change=change)


def _text_layer_of_blacked_scan() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        picture = text_image((FILLER[0], f"The witness is {SECRET}.", FILLER[1]))
        picture[76:112, 240:520] = 0
        add_image(pdf, page, "I", picture)

    layer = (
        f"BT 3 Tr /F 11.5 Tf 1 0 0 1 30 250 Tm (The witness is ) Tj ET\n"
        f"BT 3 Tr /F 11.5 Tf 1 0 0 1 125 250 Tm ({SECRET}) Tj ET\n"
    )
    return page_of("q 400 0 0 300 0 0 cm /I Do Q\n" + layer, change=change, filler=False)


def _image_off_page() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", photograph((240, 160)))

    return page_of("q 240 0 0 160 -160 20 cm /I Do Q\n", change=change)


def _clipped_image() -> bytes:
    def change(pdf: Any, page: Any) -> None:
        add_image(pdf, page, "I", photograph((240, 160)))

    return page_of("q 40 20 100 160 re W n 240 0 0 160 40 20 cm /I Do Q\n", change=change)


PDF_VISIBLE_LEAKS: dict[str, Callable[[], bytes]] = {
    f"{maker.__name__.strip('_')}.pdf": maker
    for maker in (
        *(_rectangle, _white_rectangle, _gray_rectangle, _labelled_rectangle, _polygon),
        *(_thick_line, _hatch, _shading, _image_cover, _photo_cover, _form_cover, _text_in_form),
        *(_near_opaque, _see_through, _multiply_highlight, _black_on_black),
        *(_square_annotation, _ink_annotation, _dark_highlight_annotation, _stamp_annotation),
        *(_white_text, _near_white_text, _invisible_mode, _clipping_mode, _no_alpha, _zero_scale),
        *(_off_page, _cropped_text, _clipped_text, _layer_text, _layer_picture),
        *(
            _scan_under_box,
            _scan_under_pen,
            _scan_under_see_through,
            _photo_under_box,
            _text_layer_of_blacked_scan,
        ),
        *(_image_off_page, _clipped_image),
    )
}
