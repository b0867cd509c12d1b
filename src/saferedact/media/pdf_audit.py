"""An independent walk over a written document: it may hold pages of content, fonts and images only."""

from pathlib import Path
from typing import Any

from saferedact.media.pdf_objects import is_dictionary

__all__ = ["OWN_NAMES", "audit"]

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

_VALUES = frozenset(
    {
        "/Adobe-Identity-UCS",
        "/CIDFontType0",
        "/CIDFontType0C",
        "/CIDInit",
        "/CMap",
        "/CMapName",
        "/CMapType",
        "/Catalog",
        "/Columns",
        "/Colors",
        "/DCTDecode",
        "/DeviceGray",
        "/DeviceRGB",
        "/First",
        "/FlateDecode",
        "/Identity-H",
        "/Image",
        "/Indexed",
        "/N",
        "/ObjStm",
        "/Ordering",
        "/Page",
        "/Predictor",
        "/ProcSet",
        "/Registry",
        "/Supplement",
        "/Type0",
        "/XRef",
        "/ca",
    }
)

OWN_NAMES = frozenset().union(
    *(_TRAILER, _CATALOG, _TREE, _PAGE, _RESOURCES, _IMAGE, _FONT, _INNER, _DESCRIPTOR, _VALUES)
)
"""Names that a written document holds, whatever it says: Mr Page and Ms Root are not in them."""


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
            found = _objects(pdf)
            if pdf.check_pdf_syntax():
                found.add("pdf-syntax")
    except pikepdf.PdfError:
        return ["pdf-syntax"]
    if not data.startswith(b"%PDF-1.7") or not data.rstrip().endswith(b"%%EOF"):
        found.add("pdf-bytes")
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        found.add("pdf-revision")
    return sorted(found)


def _objects(pdf: Any) -> set[str]:
    found: set[str] = set()
    known: set[Any] = {pdf.Root.objgen}
    _keys(pdf.trailer, _TRAILER, "pdf-trailer", found)
    _keys(pdf.Root, _CATALOG, "pdf-catalog", found)
    todo = [pdf.Root["/Pages"]]
    while todo:
        node = todo.pop()
        if node.objgen in known:
            found.add("pdf-catalog")
            continue
        known.add(node.objgen)
        if str(node.get("/Type")) == "/Pages":
            _keys(node, _TREE, "pdf-catalog", found)
            todo += list(node.get("/Kids", []))
        else:
            _page(node, known, found)
    for node in pdf.objects:
        structural = is_dictionary(node) and str(node.get("/Type", "")) in ("/ObjStm", "/XRef")
        if node.objgen not in known and not structural:
            found.add("pdf-object")
    return found


def _keys(node: Any, allowed: frozenset[str], channel: str, found: set[str]) -> None:
    if not is_dictionary(node) or not allowed.issuperset(node.keys()):
        found.add(channel)


def _page(node: Any, known: set[Any], found: set[str]) -> None:
    _keys(node, _PAGE, "pdf-page", found)
    resources = node.get("/Resources")
    _keys(resources, _RESOURCES, "pdf-page", found)
    for part in (node.get("/Contents"), resources):
        if part is not None:
            known.add(part.objgen)
    if not is_dictionary(resources):
        return
    fonts, images = resources.get("/Font"), resources.get("/XObject")
    for font in fonts.values() if fonts is not None else ():
        _font(font, known, found)
    for image in images.values() if images is not None else ():
        _keys(image, _IMAGE, "pdf-image", found)
        known.add(image.objgen)


def _font(font: Any, known: set[Any], found: set[str]) -> None:
    if font.objgen in known:
        return
    _keys(font, _FONT, "pdf-font", found)
    inner = font.get("/DescendantFonts")
    if inner is None or len(inner) != 1:
        found.add("pdf-font")
        return
    _keys(inner[0], _INNER, "pdf-font", found)
    descriptor = inner[0].get("/FontDescriptor")
    _keys(descriptor, _DESCRIPTOR, "pdf-font", found)
    parts = [font, font.get("/ToUnicode"), inner[0], descriptor]
    if is_dictionary(descriptor):
        parts.append(descriptor.get("/FontFile3"))
    known.update(part.objgen for part in parts if part is not None)
