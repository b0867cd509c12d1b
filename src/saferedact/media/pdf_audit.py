"""An independent walk over a written document: it may hold pages of content, fonts and images only."""

from pathlib import Path
from typing import Any

from saferedact.media.pdf_objects import is_dictionary

__all__ = ["audit"]

_TRAILER = frozenset(
    {
        "/Root",
        "/Size",
        "/ID",
        "/Type",
        "/W",
        "/Index",
        "/Length",
        "/Filter",
        "/DecodeParms",
        "/Prev",
        "/XRefStm",
    }
)
_CATALOG = frozenset({"/Type", "/Pages"})
_TREE = frozenset({"/Type", "/Kids", "/Count", "/Parent"})
_PAGE = frozenset({"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"})
_RESOURCES = frozenset({"/Font", "/XObject", "/ExtGState"})
_IMAGE = frozenset(
    {
        "/Type",
        "/Subtype",
        "/Width",
        "/Height",
        "/ColorSpace",
        "/BitsPerComponent",
        "/Length",
        "/Filter",
        "/DecodeParms",
    }
)
_FONT = frozenset({"/Type", "/Subtype", "/BaseFont", "/Encoding", "/DescendantFonts", "/ToUnicode"})
_INNER = frozenset(
    {"/Type", "/Subtype", "/BaseFont", "/CIDSystemInfo", "/FontDescriptor", "/DW", "/W"}
)
_DESCRIPTOR = frozenset(
    {
        "/Type",
        "/FontName",
        "/Flags",
        "/FontBBox",
        "/ItalicAngle",
        "/Ascent",
        "/Descent",
        "/CapHeight",
        "/StemV",
        "/FontFile3",
    }
)


def audit(path: Path) -> list[str]:
    """List what a document holds that this program does not write.

    Parameters
    ----------
    path : Path
        The document.

    Returns
    -------
    list of str
        Channels, as ``pdf-catalog``; empty if there is nothing.
    """
    import pikepdf

    data = path.read_bytes()
    try:
        with pikepdf.open(path) as pdf:
            found = set(_objects(pdf))
            if pdf.check_pdf_syntax():
                found.add("pdf-syntax")
    except pikepdf.PdfError:
        return ["pdf-syntax"]
    if not data.startswith(b"%PDF-1.7") or not data.rstrip().endswith(b"%%EOF"):
        found.add("pdf-bytes")
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        found.add("pdf-revision")
    return sorted(found)


def _objects(pdf: Any) -> list[str]:
    found: list[str] = []

    def keys(node: Any, allowed: frozenset[str], channel: str) -> None:
        if not allowed.issuperset(node.keys()):
            found.append(channel)

    keys(pdf.trailer, _TRAILER, "pdf-trailer")
    keys(pdf.Root, _CATALOG, "pdf-catalog")
    seen: set[Any] = {pdf.Root.objgen}
    tree = [pdf.Root["/Pages"]]
    while tree:
        node = tree.pop()
        seen.add(node.objgen)
        if str(node.get("/Type")) == "/Pages":
            keys(node, _TREE, "pdf-catalog")
            tree += list(node["/Kids"])
            continue
        keys(node, _PAGE, "pdf-page")
        seen.add(node["/Contents"].objgen)
        resources = node["/Resources"]
        seen.add(resources.objgen)
        keys(resources, _RESOURCES, "pdf-page")
        for font in resources.get("/Font", {}).values():
            if font.objgen in seen:
                continue
            keys(font, _FONT, "pdf-font")
            inner = font["/DescendantFonts"][0]
            keys(inner, _INNER, "pdf-font")
            keys(inner["/FontDescriptor"], _DESCRIPTOR, "pdf-font")
            seen |= {
                font.objgen,
                font["/ToUnicode"].objgen,
                inner.objgen,
                inner["/FontDescriptor"].objgen,
                inner["/FontDescriptor"]["/FontFile3"].objgen,
            }
        for image in resources.get("/XObject", {}).values():
            keys(image, _IMAGE, "pdf-image")
            seen.add(image.objgen)
    for node in pdf.objects:
        structural = is_dictionary(node) and str(node.get("/Type", "")) in ("/ObjStm", "/XRef")
        if node.objgen not in seen and not structural:
            found.append("pdf-object")
    return found
