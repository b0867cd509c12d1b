"""OpenDocument files (ODT, ODS, ODP, ODG): what they show, and what they keep beside it.

OASIS OpenDocument 1.3, part 3 names the elements. What shapes cover is not worked out: it is told as
not looked at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from saferedact.errors import DamagedInputError
from saferedact.media.contents import Contents, Packed, Passage
from saferedact.media.markup_style import PAPER, same_color
from saferedact.media.office.open_styles import OpenLook, OpenStyles, attribute
from saferedact.media.office.package import Package, local
from saferedact.traces import Trace

__all__ = ["is_open_document", "read_open_document"]

_FORMATS = {"text": "ODT", "spreadsheet": "ODS", "presentation": "ODP", "drawing": "ODG"}

_SHAPES = frozenset(
    ["custom-shape", "rect", "ellipse", "circle", "polygon", "path", "polyline", "line", "g"]
)
_PEOPLE = frozenset(
    {"creator", "initial-creator", "printed-by", "keyword", "subject", "description"}
)
_LONE = {"title": "title", "generator": "program", "user-defined": "custom-data"}
"""Properties by the channel that tells them; dates and counts are told by none, as of other office files."""

_NEUTRAL = (
    "mimetype content.xml styles.xml meta.xml settings.xml manifest.rdf layout-cache META-INF/"
    " Configurations2/ Fonts/ Object ObjectReplacements/"
).split()
_KEPT = {"Basic/": "macro", "Scripts/": "macro", "Versions/": "earlier-revision"}
_SETTINGS = frozenset({"PrinterName", "CurrentDatabaseDataSource", "PrinterSetup"})


def is_open_document(names: tuple[str, ...]) -> bool:
    """Tell whether an archive with these members is an OpenDocument file."""
    return {"mimetype", "content.xml", "META-INF/manifest.xml"} <= set(names)


def read_open_document(package: Package) -> Contents:
    """Read an OpenDocument file.

    Parameters
    ----------
    package : Package
        The file.

    Returns
    -------
    Contents
        What it shows, what it hides, and the files inside.

    Raises
    ------
    DamagedInputError
        If a part is locked or not well-formed.
    LimitExceededError
        If it is over the limits.
    """
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        msg = "a part of the file is locked with a password"
        raise DamagedInputError(msg)
    content, styles = package.xml("content.xml"), package.xml("styles.xml")
    body = next((e for e in content.iter() if local(e.tag) == "body"), None)
    main = None if body is None else next(iter(body), None)
    kind = "" if main is None else local(main.tag)
    reader = _Reader(OpenStyles((styles, content)), colored=kind in ("text", "spreadsheet"))
    if main is not None:
        reader.read(main, "")
    for element in styles.iter():
        if local(element.tag) == "master-page":  # headers and footers
            reader.read(element, "page style")
    unread = []
    if any(local(element.tag) in _SHAPES for element in content.iter()):
        unread.append("what shapes of the file cover was not looked at")
    if main is None or kind not in _FORMATS:
        unread.append("the file is an OpenDocument of a kind that is not read")
    objects, charts = _objects(package)
    return Contents(
        _FORMATS.get(kind, "ODF"),
        (*reader.passages, *charts),
        (*reader.traces, *_properties(package), *_parts(package), *objects),
        tuple(_packed(package)),
        tuple(unread),
    )


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the reader is: how text looks, what hides it, and what to call the place."""

    look: OpenLook
    channel: str | None
    place: str


class _Reader:
    def __init__(self, styles: OpenStyles, *, colored: bool) -> None:
        self.passages: list[Passage] = []
        self.traces: list[Trace] = []
        self._styles = styles
        self._colored = colored
        self._counts: dict[str, int] = {}

    def read(self, element: ET.Element, place: str) -> None:
        self._below(element, _Here(OpenLook(), None, place))

    def _below(self, elements: Iterable[ET.Element], here: _Here) -> None:
        for child in elements:
            name = local(child.tag)
            if name == "tracked-changes":
                self._changes(child)
            elif name in ("annotation", "notes"):
                channel = "comment" if name == "annotation" else "speaker-notes"
                if text := _text(child):
                    self.traces.append(Trace(channel, self._place(name.rstrip("s"), here), text))
            elif name in ("p", "h"):
                self._paragraph(child, here)
            elif name == "table":
                self._table(child, here)
            elif name == "hidden":
                self._tell("form-value", here, attribute(child, "value"))
            elif name == "user-field-decl":
                self._tell("custom-data", here, attribute(child, "string-value"))
            else:
                self._below(child, self._inside(name, child, here))

    def _inside(self, name: str, element: ET.Element, here: _Here) -> _Here:
        if name == "section" and attribute(element, "display") in ("none", "condition"):
            shown = attribute(element, "is-hidden") == "false"
            return here if shown else replace(here, channel=here.channel or "hidden-text")
        if name == "page":
            here = replace(here, place=self._place("slide", here))
            look = self._styles.look("drawing-page", attribute(element, "style-name"), OpenLook())
            if look.hidden:
                return replace(here, channel="hidden-slide")
        return here

    def _table(self, table: ET.Element, here: _Here) -> None:
        look = self._styles.look("table", attribute(table, "style-name"), here.look)
        channel = here.channel or ("hidden-sheet" if look.hidden else None)
        place = self._place("table", here)
        columns: list[tuple[int, bool]] = []
        within = _Here(replace(look, hidden=False), channel, place)
        number = 0
        for element in _table_parts(table):
            name = local(element.tag)
            if name == "table-column":
                columns.append((_repeated(element), attribute(element, "visibility") in _FOLDED))
            elif name == "table-row":
                number += _repeated(element)
                self._row(element, replace(within, place=f"{place}, row {number}"), columns)
            else:
                self._below([element], within)

    def _row(self, row: ET.Element, here: _Here, columns: list[tuple[int, bool]]) -> None:
        folded = attribute(row, "visibility") in _FOLDED
        at = 0
        for cell in row:
            hides = folded or _is_folded(columns, at)
            at += _repeated(cell)
            look = self._styles.look("table-cell", attribute(cell, "style-name"), here.look)
            channel = here.channel or ("hidden-cells" if hides else None)
            self._below(cell, _Here(look, channel, f"{here.place}, column {at}"))

    def _paragraph(self, paragraph: ET.Element, here: _Here) -> None:
        place = here.place if ", column" in here.place else self._place("paragraph", here)
        look = self._styles.look("paragraph", attribute(paragraph, "style-name"), here.look)
        marks = (e for e in paragraph if local(e.tag) == "hidden-paragraph")
        if any(attribute(mark, "is-hidden") != "false" for mark in marks):
            look = replace(look, hidden=True)
        seen: list[str] = []
        unseen: dict[str, list[str]] = {}
        for text, how in self._runs(paragraph, look, replace(here, place=place)):
            channel = here.channel or self._channel(how)
            if channel is None or channel == "black-on-black":
                seen.append(text)
            if channel is not None:
                unseen.setdefault(channel, []).append(text)
        if "".join(seen).strip():
            self.passages.append(Passage("".join(seen), place))
        for channel, parts in unseen.items():
            self._tell(channel, replace(here, place=place), "".join(parts))

    def _runs(
        self, element: ET.Element, look: OpenLook, here: _Here
    ) -> Iterator[tuple[str, OpenLook]]:
        yield element.text or "", look
        for child in element:
            name = local(child.tag)
            if name in ("s", "tab", "line-break"):
                yield "\n" if name == "line-break" else " ", look
            elif name == "hidden-text":
                yield attribute(child, "string-value"), replace(look, hidden=True)
            elif name in ("annotation", "frame", "note", "notes") or name in _SHAPES:
                self._below([child] if name == "annotation" else child, here)
            else:
                style = attribute(child, "style-name")
                within = self._styles.look("text", style, look) if name == "span" else look
                yield from self._runs(child, within, here)
            yield child.tail or "", look

    def _channel(self, look: OpenLook) -> str | None:
        if look.hidden:
            return "hidden-text"
        if look.tiny:
            return "invisible-text"
        if not self._colored or look.ink is None:
            return None
        if not same_color(look.ink, look.ground or PAPER):
            return None
        return "black-on-black" if look.ground else "invisible-text"

    def _changes(self, changes: ET.Element) -> None:
        for region in changes.iter():
            name = local(region.tag)
            if name in ("deletion", "previous", "cut-offs"):
                self._tell(
                    "deleted-text", _Here(OpenLook(), None, "tracked changes"), _text(region)
                )
            elif name == "insertion":
                self.traces.append(Trace("inserted-text", "tracked changes", _text(region)))

    def _tell(self, channel: str, here: _Here, text: str) -> None:
        if text.strip():
            self.traces.append(Trace(channel, here.place or "text", text))

    def _place(self, what: str, here: _Here) -> str:
        self._counts[what] = self._counts.get(what, 0) + 1
        own = f"{what} {self._counts[what]}"
        return f"{here.place}, {own}" if here.place else own


_FOLDED = frozenset({"collapse", "filter"})


def _table_parts(table: ET.Element) -> Iterator[ET.Element]:
    """Yield columns, rows and what else a table has, out of their groups, in their order."""
    pending = [*reversed(table)]
    while pending:
        element = pending.pop()
        if local(element.tag) in _GROUPS:
            pending += reversed(element)
        else:
            yield element


_GROUPS = frozenset(
    "table-columns table-header-columns table-column-group table-rows table-header-rows"
    " table-row-group".split()
)


def _repeated(element: ET.Element) -> int:
    text = attribute(element, "number-columns-repeated") or attribute(
        element, "number-rows-repeated"
    )
    return int(text) if text.isdecimal() and len(text) < 9 else 1


def _is_folded(columns: list[tuple[int, bool]], at: int) -> bool:
    for count, folded in columns:
        if at < count:
            return folded
        at -= count
    return False


_FIELDS = frozenset({"date", "page-number", "page-count"})


def _text(element: ET.Element) -> str:
    """Return all text below an element, without dates and what stands for a page's number."""
    parts = [
        part
        for child in element.iter()
        for part in ((child.text if local(child.tag) not in _FIELDS else None), child.tail)
        if part and part.strip()
    ]
    return " ".join(" ".join(parts).split())


def _properties(package: Package) -> Iterator[Trace]:
    for element in package.xml("meta.xml").iter():
        name = local(element.tag)
        text = (element.text or "").strip()
        if name == "template":
            yield Trace("template-path", "file properties", attribute(element, "href"))
        elif text and name in _PEOPLE:
            yield Trace("author", "file properties", text)
        elif name in _LONE and any(sign.isalpha() for sign in text):
            yield Trace(_LONE[name], "file properties", text)
    for element in package.xml("settings.xml").iter():
        text = (element.text or "").strip()
        if text and attribute(element, "name") in _SETTINGS:
            yield Trace("custom-data", "settings", text)


def _parts(package: Package) -> Iterator[Trace]:
    told: set[str] = set()
    for name in package.names:
        channel = next((c for folder, c in _KEPT.items() if name.startswith(folder)), None)
        if name.startswith("Thumbnails/"):
            channel = "thumbnail"
        elif channel is None and not name.startswith((*_NEUTRAL, "Pictures/", "media/")):
            channel = "custom-data"
        if channel is not None and channel not in told:
            told.add(channel)
            yield Trace(channel, "a part of the file")


def _objects(package: Package) -> tuple[list[Trace], list[Passage]]:
    """Return documents inside the document; charts are pictures of what is shown."""
    objects: list[Trace] = []
    charts: list[Passage] = []
    names = [n for n in package.below("Object ") if n.endswith("/content.xml")]
    for number, name in enumerate(names, 1):
        root = package.xml(name)
        if any(local(element.tag) == "chart" for element in root.iter()):
            charts.append(Passage(_text(root), f"chart {number}"))
        else:
            objects.append(Trace("embedded-object", f"object {number}", _text(root)))
    return objects, charts


def _packed(package: Package) -> Iterator[Packed]:
    for number, name in enumerate(package.below("Pictures/", "media/", "Thumbnails/"), 1):
        yield Packed(package.read(name), f"picture {number}", name.rpartition("/")[2], shown=True)
    objects = [name for name in package.below("Object ") if "/" not in name]
    for number, name in enumerate(objects, 1):
        yield Packed(package.read(name), f"embedded object {number}")
    others = (*_NEUTRAL, *_KEPT, "Pictures/", "media/", "Thumbnails/")
    for number, name in enumerate((n for n in package.names if not n.startswith(others)), 1):
        yield Packed(package.read(name), f"other part {number}", name, shown=True)
