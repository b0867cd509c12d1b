"""Objects of a PDF beside its pages' content: the catalog, annotations, fields, attachments, pictures.

A list of what may be there decides, not a list of what may not: an unknown key is told.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.media.contents import Packed
from saferedact.media.pdf_traces.access import at, contents_of, data_of, items_at, raw_of
from saferedact.media.pdf_traces.actions import actions_of, is_script
from saferedact.media.pdf_traces.annotations import annotation_traces, field_traces
from saferedact.media.pdf_traces.strings import Strings
from saferedact.media.pdf_traces.unfolding import check_unfolding
from saferedact.media.pdf_traces.used import used_pictures
from saferedact.traces import Trace

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


__all__ = ["ObjectReader"]

_CATALOG = frozenset(
    "/Type /Version /Pages /Extensions /PageLayout /PageMode /ViewerPreferences /Lang /MarkInfo"
    " /OCProperties /Metadata /StructTreeRoot /Outlines /Names /Dests /PageLabels /OpenAction /AA"
    " /URI /AcroForm /OutputIntents /PieceInfo /Collection /AF /Threads /Perms /DPartRoot"
    " /SpiderInfo /Legal /Requirements /NeedsRendering /DSS".split()
)
"""Keys that ISO 32000-2 (table 29) knows; those that can hold something are looked into below."""

_PAGE = frozenset(
    "/Type /Parent /LastModified /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox"
    " /BoxColorInfo /Contents /Rotate /Group /Thumb /B /Dur /Trans /Annots /AA /Metadata /PieceInfo"
    " /StructParents /ID /PZ /SeparationInfo /Tabs /TemplateInstantiated /PresSteps /UserUnit /VP"
    " /AF /OutputIntents /DPart".split()
)
"""Keys of a page (ISO 32000-2, table 31)."""

_INFO = {
    "/Author": "author",
    "/Creator": "program",
    "/Producer": "program",
    "/Title": "title",
    "/Subject": "author",
    "/Keywords": "author",
}
_DATES = ("/CreationDate", "/ModDate", "/Trapped", "/PTEX.Fullbanner")
_PROGRAM = re.compile(r"(?:MuPDF|PyMuPDF) [\d.]+")
"""What MuPDF writes into the catalog of each file it saves."""

_UNNAMED = frozenset({"unspecified", "anonymous", "untitled"})
"""What ReportLab writes where nobody gave an author, a subject or a title."""

_MADE_BY_PROGRAMS = re.compile(rb"pikepdf|qpdf", re.IGNORECASE)

_MOST_OBJECTS = 1_000_000
_XMP_MEANT = re.compile(rb">([^<>]*[A-Za-z][^<>]*)<")
_PICTURE_SEGMENTS = {b"Exif\0\0": "exif", b"http://ns.adobe.com/xap": "xmp", b"Photoshop": "iptc"}
_GPS_TAG = (b"\x88\x25", b"\x25\x88")


class ObjectReader:
    """Walks the objects of a PDF into `traces`, `packed` and `unread`.

    Parameters
    ----------
    data : bytes
        The file.

    Raises
    ------
    DamagedInputError
        If it cannot be opened.
    """

    def __init__(self, data: bytes) -> None:
        import pikepdf

        try:
            self._pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
        except pikepdf.PasswordError:
            msg = "the PDF is locked with a password"
            raise DamagedInputError(msg) from None
        except pikepdf.PdfError:
            msg = "the PDF is damaged"
            raise DamagedInputError(msg) from None
        self.traces: list[Trace] = []
        self.packed: list[Packed] = []
        self.unread: list[str] = []
        self.layers_off = False
        self.numbers: frozenset[int] = frozenset()
        self._strings = Strings()
        self._replaces = False

    def __enter__(self) -> "Self":
        """Enter a block at whose end the file is closed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: "TracebackType | None",
    ) -> None:
        """Close the file."""
        self._pdf.close()

    def read(self, limits: Limits) -> None:
        """Walk the file.

        Raises
        ------
        LimitExceededError
            If there are too many objects or pages.
        """
        if len(self._pdf.objects) > _MOST_OBJECTS:
            msg = f"the PDF has more than {_MOST_OBJECTS} objects"
            raise LimitExceededError(msg)
        if len(self._pdf.pages) > limits.max_frames:
            msg = f"{len(self._pdf.pages)} pages are over the limit of {limits.max_frames}"
            raise LimitExceededError(msg)
        # Objects of streams of objects have numbers as well, and no mark in the bytes. The size may lie.
        said = min(int(self._pdf.trailer.get("/Size", 1)), _MOST_OBJECTS + 1)
        self.numbers = frozenset(range(1, said))
        check_unfolding(
            [
                (page.resources, b"\n".join(map(data_of, contents_of(page.obj))))
                for page in self._pdf.pages
            ]
        )
        root = self._pdf.Root
        self.layers_off = bool(items_at(root, "/OCProperties", "/D", "/OFF")) or (
            str(at(root, "/OCProperties", "/D", "/BaseState")) == "/OFF"
        )
        self._read_information()
        self._read_catalog(root)
        self._read_attachments(root)
        for number, page in enumerate(self._pdf.pages):
            self._read_page(page.obj, number)
        self._read_pictures()
        self._read_marked_texts()
        if self._strings.ended:
            self.unread.append("it has more objects with text than are looked at")

    def without_replacements(self, data: bytes) -> bytes:
        """Return the file with no replacement texts, which readers of text would take for the page's."""
        if not self._replaces:
            return data
        if self._strings.ended and "/AcroForm" in self._pdf.Root:
            del self._pdf.Root["/AcroForm"]  # pikepdf follows fields in a circle for ever
        buffer = io.BytesIO()
        self._pdf.save(buffer)
        return buffer.getvalue()

    def _add(self, channel: str, place: str, text: str = "", page: int | None = None) -> None:
        self.traces.append(Trace(channel, place, text.strip(), page))

    def _read_information(self) -> None:
        for key, value in self._pdf.docinfo.items():
            text = self._strings.of(value)
            if (
                key in _DATES
                or text.strip("()").lower() in _UNNAMED
                or not text
                or _MADE_BY_PROGRAMS.search(text.encode())
            ):
                continue
            self._add(_INFO.get(key, "custom-data"), "document information", text)
        metadata = self._pdf.Root.get("/Metadata")
        if metadata is not None:
            texts = _XMP_MEANT.findall(data_of(metadata))
            text = " ".join(t.decode("utf-8", "replace").strip() for t in texts)
            if text:
                self._add("xmp", "document metadata", text)

    def _read_catalog(self, root: Any) -> None:
        for key in root.keys() - _CATALOG:
            text = self._strings.below(root[key])
            channel = "program" if _PROGRAM.fullmatch(text.strip()) else "custom-data"
            self._add(channel, "an unknown entry of the catalog", text)
        for key in ("/PieceInfo", "/SpiderInfo", "/Legal", "/Collection"):
            if key in root:
                text = self._strings.below(root[key])
                self._add("custom-data", "data of a program", text)
        if "/URI" in root:
            self._add("local-path", "base address", self._strings.below(root["/URI"]))
        self._read_scripts(root, "action of the document")
        self._read_navigation(root)
        self._read_layers(root)
        self._read_languages(root)
        for text in self._strings.each(root.get("/StructTreeRoot"), keys=_SPOKEN):
            self._add("alternate-text", "structure of the document", text)
        form = root.get("/AcroForm")
        if form is not None:
            self.traces += field_traces(form, self._strings)

    def _read_scripts(self, owner: Any, place: str, page: int | None = None) -> None:
        for action in actions_of(owner):
            if is_script(action):
                self._add("script", place, self._strings.below(action), page)

    def _read_navigation(self, root: Any) -> None:
        for key, place in (
            ("/Outlines", "bookmarks"),
            ("/Dests", "named targets"),
            ("/PageLabels", "page labels"),
            ("/Threads", "article threads"),
        ):
            for text in self._strings.each(root.get(key)):
                self._add("navigation-text", place, text)
        for text in self._strings.each(at(root, "/Names", "/Dests")):
            self._add("navigation-text", "named targets", text)
        if at(root, "/Names", "/JavaScript") is not None:
            text = self._strings.below(root["/Names"]["/JavaScript"])
            self._add("script", "script of the document", text)
        for key in ("/Pages", "/Templates", "/AlternatePresentations", "/Renditions"):
            if at(root, "/Names", key) is not None:
                self._add("stray-bytes", "pages or media under a name")

    def _read_layers(self, root: Any) -> None:
        """Read the names of layers and of their groups, which readers list beside the pages."""
        layers = root.get("/OCProperties")
        texts = [*self._strings.each(at(layers, "/OCGs")), *self._strings.each(at(layers, "/D"))]
        for text in dict.fromkeys(texts):
            self._add("title", "name of a layer", text)

    def _read_languages(self, root: Any) -> None:
        """Read what should name a language and does not."""
        strings = Strings()  # a second look at one tree, whose bound is its own
        languages = [root.get("/Lang")]
        languages += strings.each(root.get("/StructTreeRoot"), keys=frozenset({"/Lang"}))
        self._strings.ended = self._strings.ended or strings.ended
        for text in dict.fromkeys(map(str, filter(None, languages))):
            if not _LANGUAGE.fullmatch(text.strip()):
                self._add("custom-data", "a language that is none", text)

    def _read_attachments(self, root: Any) -> None:
        named = (at(root, "/Names", "/EmbeddedFiles"), root.get("/AF"))
        of_pages = (page.obj.get("/AF") for page in self._pdf.pages)
        for number, spec in enumerate(_specs([*named, *of_pages, *self._pdf.objects]), 1):
            texts = (self._strings.of(spec.get(key)) for key in ("/UF", "/F", "/Desc"))
            name = " ".join(dict.fromkeys(text for text in texts if text))
            self._add("embedded-object", f"attachment {number}", name)
            streams = (at(spec, "/EF", key) for key in ("/F", "/UF"))
            data = next((data for stream in streams if (data := data_of(stream))), b"")
            if data:
                self.packed.append(Packed(data, f"attachment {number}", name))

    def _read_page(self, page: Any, number: int) -> None:
        place = f"page {number + 1}"
        for key in page.keys() - _PAGE:
            self._add("custom-data", place, self._strings.below(page[key]), number)
        if "/PieceInfo" in page:
            text = self._strings.below(page["/PieceInfo"])
            self._add("custom-data", f"{place}, data of a program", text, number)
        if "/Thumb" in page:
            self._add("page-thumbnail", place, page=number)
        if "/Metadata" in page:
            self._add("xmp", place, page=number)
        self._read_scripts(page, place, number)
        for annotation in items_at(page, "/Annots"):
            self.traces += annotation_traces(annotation, number, page, self._strings)

    def _read_pictures(self) -> None:
        """Look at every picture of the file: whether a page uses it, and what data it brings."""
        import pikepdf

        used = used_pictures(self._pdf)
        for item in self._pdf.objects:
            if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") != pikepdf.Name.Image:
                continue
            if "/Alternates" in item:
                self._add("picture-alternate", "a picture")
            if "/Metadata" in item:
                self._add("xmp", "a picture")
            if item.objgen not in used:
                self._add("unused-picture", "a picture that no page shows")
            filters = item.get("/Filter")
            last = filters[-1] if isinstance(filters, pikepdf.Array) and len(filters) else filters
            if last == pikepdf.Name.DCTDecode:
                head = raw_of(item)[: 128 * 1024]
                for mark, channel in _PICTURE_SEGMENTS.items():
                    at = head.find(mark)
                    if at >= 0:
                        gps = channel == "exif" and any(t in head[at : at + 4096] for t in _GPS_TAG)
                        self._add("gps" if gps else channel, "a picture")

    def _read_marked_texts(self) -> None:
        """Read the replacement texts of marked content, and take them out of the open file."""
        import pikepdf

        for number, page in enumerate(self._pdf.pages):
            if any(b"/ActualText" in data_of(part) for part in contents_of(page.obj)):
                page.contents_coalesce()
                self._read_marked(page.obj.Contents, f"page {number + 1}", number)
        for item in self._pdf.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == pikepdf.Name.Form:
                self._read_marked(item, "a form", None)
            for marked in _marked_properties(item):
                self._add("alternate-text", "marked content", self._strings.of(marked.ActualText))
                del marked.ActualText
                self._replaces = True

    def _read_marked(self, stream: Any, place: str, page: int | None) -> None:
        import pikepdf

        data = data_of(stream)
        if b"/ActualText" not in data:
            return
        for literal in _ACTUAL.findall(data):
            try:
                text = str(pikepdf.Object.parse(literal))
            except (pikepdf.PdfError, ValueError):
                text = ""
            self._add("alternate-text", place, text, page)
        stream.write(data.replace(b"/ActualText", b"/NotAText"))
        self._replaces = True


_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|[0-9]{3}))?"
    r"(?:[-_](?:19(?:01|96)|oxendict|valencia|pinyin|wadegile))?|x-(?:unknown|default))?",
    re.IGNORECASE,
)
"""Language, script and region, as RFC 5646 has them, and variants that word processors offer: any other could be a
name as well. Programs write underscores and nothing, too."""

_SPOKEN = frozenset({"/Alt", "/ActualText", "/E", "/T"})


_ACTUAL = re.compile(rb"/ActualText\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)


def _marked_properties(item: Any) -> Iterator[Any]:
    """Yield property lists of an object's resources that hold a replacement text."""
    import pikepdf

    lists = at(item, "/Resources", "/Properties")
    if isinstance(lists, pikepdf.Dictionary):
        for value in lists.values():
            if isinstance(value, pikepdf.Dictionary) and "/ActualText" in value:
                yield value


def _specs(places: list[Any]) -> Iterator[Any]:
    """Yield each specification of an embedded file in name trees, arrays and by itself, once."""
    import pikepdf

    pending, seen = places[::-1], set[tuple[int, int]]()
    while pending:
        node = pending.pop()
        if not isinstance(node, pikepdf.Array | pikepdf.Dictionary):
            continue
        if node.is_indirect:
            if node.objgen in seen:
                continue
            seen.add(node.objgen)
        if isinstance(node, pikepdf.Array):
            pending += reversed(list(node))
        elif "/EF" in node:
            yield node
        else:
            pending += [node.get("/Kids"), node.get("/Names")]  # arrays are seen once as well
