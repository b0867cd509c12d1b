"""Counting what a document holds beside its pages, for a plan to tell of."""

from typing import Any

from saferedact.media.pdf_objects import is_dictionary

__all__ = ["count_hidden"]


def count_hidden(pdf: Any, hidden: dict[str, int]) -> None:
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
