"""PDFs that keep a secret beside their pages: objects, annotations, revisions, stray bytes."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from saferedact.testing.leaks.pdf_page import SECRET, add_image, page_of, text
from saferedact.testing.leaks.scenes import photograph

__all__ = ["PDF_STRUCTURE_LEAKS"]

_SECRET = SECRET.encode()


def _with(change: Callable[[Any, Any], None], content: str = "") -> Callable[[], bytes]:
    return lambda: page_of(content, change=change)


def _note(subtype: str, **keys: Any) -> Callable[[Any, Any], None]:
    def change(pdf: Any, page: Any) -> None:
        import pikepdf

        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{subtype}"), Rect=[30, 100, 60, 120]
        )
        for key, value in keys.items():
            note[f"/{key}"] = value
        page.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))

    return change


def _info(pdf: Any, _page: Any) -> None:
    pdf.docinfo["/Author"] = SECRET


def _xmp(pdf: Any, _page: Any) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET]


def _attachment(pdf: Any, _page: Any) -> None:
    pdf.attachments["notes.txt"] = _SECRET


def _file_note(pdf: Any, page: Any) -> None:
    import pikepdf

    stream = pdf.make_stream(_SECRET)
    stream.Type = pikepdf.Name.EmbeddedFile
    spec = pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec, F="a.txt", EF=pikepdf.Dictionary(F=stream)
    )
    _note("FileAttachment", FS=pdf.make_indirect(spec))(pdf, page)


def _outline(pdf: Any, _page: Any) -> None:
    import pikepdf

    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def _destination(pdf: Any, page: Any) -> None:
    import pikepdf

    names = pikepdf.Array([pikepdf.String(SECRET), pikepdf.Array([page.obj, pikepdf.Name.Fit])])
    pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=names))


def _labels(pdf: Any, _page: Any) -> None:
    import pikepdf

    nums = pikepdf.Array([0, pikepdf.Dictionary(P=SECRET)])
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=nums)


def _script(pdf: Any, _page: Any) -> None:
    import pikepdf

    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")


def _piece(_pdf: Any, page: Any) -> None:
    import pikepdf

    page.PieceInfo = pikepdf.Dictionary(
        Drawer=pikepdf.Dictionary(Private=pikepdf.Dictionary(Was=SECRET), LastModified="D:2020")
    )


def _structure(pdf: Any, _page: Any) -> None:
    import pikepdf

    element = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Figure, Alt=SECRET)
    )
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array([element]))
    )


def _marked_text() -> bytes:
    return page_of(
        f"/Span <</ActualText ({SECRET})>> BDC\n" + text("The witness spoke.", 30, 150) + "EMC\n"
    )


def _redact_mark(pdf: Any, page: Any) -> None:
    _note("Redact", OverlayText="X", IC=[0, 0, 0])(pdf, page)


def _field(pdf: Any, page: Any) -> None:
    import pikepdf

    _note("Widget", FT=pikepdf.Name.Tx, T="a", V=SECRET, F=2)(pdf, page)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([page.Annots[0]]))


def _xfa(pdf: Any, _page: Any) -> None:
    import pikepdf

    data = pdf.make_stream(b"<xdp><n>" + _SECRET + b"</n></xdp>")
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA=data)


def _thumbnail(pdf: Any, page: Any) -> None:
    add_image(pdf, page, "T", photograph((40, 30)))
    page.Thumb = page.Resources.XObject["/T"]
    del page.Resources.XObject["/T"]


def _custom_key(pdf: Any, _page: Any) -> None:
    pdf.Root["/Witness"] = SECRET


def _unused_image(pdf: Any, page: Any) -> None:
    add_image(pdf, page, "Unused", photograph((60, 40)))


def _base_uri(pdf: Any, _page: Any) -> None:
    import pikepdf

    pdf.Root.URI = pikepdf.Dictionary(Base="https://example.org/maren-oakshott/")


def _portfolio(pdf: Any, _page: Any) -> None:
    import pikepdf

    field = pikepdf.Dictionary(Subtype=pikepdf.Name.S, N=SECRET)
    pdf.Root.Collection = pikepdf.Dictionary(Schema=pikepdf.Dictionary(W=field))


def _alternate(pdf: Any, page: Any) -> None:
    import pikepdf

    add_image(pdf, page, "A", photograph((60, 40)))
    hidden = page.Resources.XObject["/A"]
    add_image(pdf, page, "I", np.full((40, 60), 200, np.uint8))
    page.Resources.XObject["/I"].Alternates = pikepdf.Array([pikepdf.Dictionary(Image=hidden)])
    del page.Resources.XObject["/A"]


def _photo_data(pdf: Any, page: Any) -> None:
    import pikepdf
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    buffer = io.BytesIO()
    Image.fromarray(photograph((60, 40))).save(buffer, "JPEG", exif=exif)
    add_image(pdf, page, "I", photograph((60, 40)))
    picture = page.Resources.XObject["/I"]
    picture.write(buffer.getvalue(), filter=pikepdf.Name.DCTDecode)


def _link_path(pdf: Any, page: Any) -> None:
    import pikepdf

    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=r"C:\Users\moakshott\case.docx")
    _note("Link", A=action)(pdf, page)


def _earlier_revision() -> bytes:
    """Append a revision that replaces the page's content, as incremental saving does."""
    import pikepdf

    first = page_of(text(SECRET, 30, 150))
    with pikepdf.open(io.BytesIO(first)) as pdf:
        number, generation = pdf.pages[0].Contents.objgen
        size, root = int(pdf.trailer.Size), pdf.trailer.Root.objgen
    start = first.rfind(b"startxref")
    previous = int(first[start:].split()[1])
    content = text("Nothing to see.", 30, 150).encode()
    at = len(first)
    added = (
        f"{number} {generation} obj\n<</Length {len(content)}>>\nstream\n".encode()
        + content
        + b"\nendstream\nendobj\n"
    )
    table = at + len(added)
    added += (
        f"xref\n{number} 1\n{at:010d} {generation:05d} n \ntrailer\n"
        f"<</Size {size}/Root {root[0]} {root[1]} R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n"
    ).encode()
    return first + added


def _trailing_bytes() -> bytes:
    return page_of("") + b"\n% " + _SECRET + b"\n"


def _orphan_object() -> bytes:
    data = page_of("")
    start = data.rfind(b"startxref")
    stray = b"9999 0 obj\n(" + _SECRET + b")\nendobj\n"
    return data[:start] + stray + data[start:]


_CHANGES: dict[str, Callable[[Any, Any], None]] = {
    "info": _info,
    "xmp": _xmp,
    "attachment": _attachment,
    "file_note": _file_note,
    "note": _note("Text", Contents=SECRET),
    "popup": _note("Popup", Contents=SECRET),
    "hidden_free_text": _note("FreeText", Contents=SECRET, F=2),
    "outline": _outline,
    "destination": _destination,
    "labels": _labels,
    "script": _script,
    "piece": _piece,
    "structure": _structure,
    "redact_mark": _redact_mark,
    "hidden_field": _field,
    "xfa": _xfa,
    "page_thumbnail": _thumbnail,
    "custom_key": _custom_key,
    "unused_image": _unused_image,
    "base_uri": _base_uri,
    "portfolio": _portfolio,
    "alternate": _alternate,
    "link_path": _link_path,
}

PDF_STRUCTURE_LEAKS: dict[str, Callable[[], bytes]] = {
    **{f"{name}.pdf": _with(change) for name, change in _CHANGES.items()},
    "photo_data.pdf": _with(_photo_data, "q 60 0 0 40 40 60 cm /I Do Q\n"),
    "marked_text.pdf": _marked_text,
    "earlier_revision.pdf": _earlier_revision,
    "trailing_bytes.pdf": _trailing_bytes,
    "orphan_object.pdf": _orphan_object,
}
