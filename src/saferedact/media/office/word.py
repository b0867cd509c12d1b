"""DOCX: paragraphs that are seen, and runs, comments and changes that are not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from saferedact.media.contents import Passage
from saferedact.media.office.drawing import crops, names_within, shape_covers
from saferedact.media.office.package import Package, local
from saferedact.traces import Trace

__all__ = ["read_word"]

_STORIES = (
    ("word/document", "paragraph"),
    ("word/header", "header, paragraph"),
    ("word/footer", "footer, paragraph"),
    ("word/footnotes", "footnote, paragraph"),
    ("word/endnotes", "endnote, paragraph"),
)
"""Parts whose text a reader sees, by the beginning of their names."""

_TINY_HALF_POINTS = 4
"""Size of text that nobody reads, in half points: 2 pt is 0.7 mm."""

_LINKED = " Char"  # ends the name of a style that Word makes for a part of a paragraph
_PAPER = "FFFFFF"
_INK = "000000"


def read_word(package: Package) -> tuple[list[Passage], list[Trace]]:
    """Read the text of a DOCX.

    Returns
    -------
    list of Passage
        Paragraphs that are seen: story by story, with what was deleted or is hidden left out.
    list of Trace
        Comments, tracked changes, hidden and invisible text, text under its own color, crops.
    """
    passages: list[Passage] = []
    traces: list[Trace] = []
    for beginning, what in _STORIES:
        number = 0
        for name in package.below(beginning):
            root = package.xml(name)
            grounds = _cell_grounds(root)
            for paragraph in root.iter():
                if local(paragraph.tag) != "p" or "wordprocessingml" not in paragraph.tag:
                    continue
                number += 1
                ground = grounds.get(paragraph)
                _read_paragraph(paragraph, f"{what} {number}", passages, traces, ground)
            passages += names_within(root, what)
            traces += _described(root, what)
            traces += crops(root, what)
            traces += shape_covers(root, what)
    passages += _style_names(package)
    traces += _comments(package)
    traces += _variables(package)
    return passages, traces


def _cell_grounds(root: ET.Element) -> dict[ET.Element, str | None]:
    """Return the shading of the innermost table cell that each paragraph lies in."""
    grounds: dict[ET.Element, str | None] = {}
    for cell in root.iter():
        if local(cell.tag) == "tc":
            fill = _fill(cell.find("./{*}tcPr"))
            for paragraph in cell.iter():
                if local(paragraph.tag) == "p":
                    # An inner cell without a fill shows that of the cell around it.
                    grounds[paragraph] = fill or grounds.get(paragraph)
    return grounds


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run looks: what decides whether it is seen."""

    deleted: bool = False
    inserted: bool = False
    hidden: bool = False
    invisible: bool = False
    blacked: bool = False


def _read_paragraph(
    paragraph: ET.Element,
    place: str,
    passages: list[Passage],
    traces: list[Trace],
    ground: str | None,
) -> None:
    seen: list[str] = []
    unseen: dict[str, list[str]] = {}
    shaded = _fill(paragraph.find("./{*}pPr")) or ground
    for text, look in _runs(paragraph, _Look(), shaded):
        channel = _channel(look)
        if channel is not None:
            unseen.setdefault(channel, []).append(text)
        if channel in (None, "inserted-text", "black-on-black"):
            seen.append(text)
    text = "".join(seen)
    if text.strip():
        passages.append(Passage(text, place))
    traces += [Trace(channel, place, "".join(parts)) for channel, parts in unseen.items()]


def _channel(look: _Look) -> str | None:
    if look.deleted:
        return "deleted-text"
    if look.hidden:
        return "hidden-text"
    if look.blacked:
        return "black-on-black"
    if look.invisible:
        return "invisible-text"
    return "inserted-text" if look.inserted else None


def _runs(element: ET.Element, look: _Look, shaded: str | None) -> Iterator[tuple[str, _Look]]:
    """Yield the texts below an element with their looks; paragraphs inside are left to themselves."""
    for child in element:
        name = local(child.tag)
        if name in ("del", "moveFrom"):
            yield from _runs(child, replace(look, deleted=True), shaded)
        elif name in ("ins", "moveTo"):
            yield from _runs(child, replace(look, inserted=True), shaded)
        elif name == "r":
            yield from _run(child, look, shaded)
        elif name not in ("p", "txbxContent", "pPr", "rPr"):
            yield from _runs(child, look, shaded)


def _run(run: ET.Element, look: _Look, shaded: str | None) -> Iterator[tuple[str, _Look]]:
    properties = run.find("./{*}rPr")
    if properties is not None:
        look = _looked(properties, look, shaded)
    for part in run:
        name = local(part.tag)
        if name in ("t", "delText", "instrText"):
            yield part.text or "", look
        elif name == "noBreakHyphen":
            yield "-", look
        elif name == "tab":
            yield "\t", look
        elif name in ("br", "cr"):
            yield "\n", look


def _looked(properties: ET.Element, look: _Look, shaded: str | None) -> _Look:
    ground = _fill(properties) or shaded
    color = (_value(properties, "color") or "auto").upper()
    size = _value(properties, "sz")
    if _is_on(properties, "vanish") or _is_on(properties, "webHidden"):
        look = replace(look, hidden=True)
    # Automatic ink is black on light grounds and white on dark ones; only a color that is said can
    # vanish, save under a black highlighter, where programs leave automatic ink black.
    highlighted = (_value(properties, "highlight") or "").lower() == "black"
    if (highlighted and color in ("AUTO", _INK)) or (
        ground not in (None, _PAPER) and color == ground
    ):
        look = replace(look, blacked=True)
    elif color == _PAPER and ground in (None, _PAPER) and not highlighted:
        look = replace(look, invisible=True)
    if size is not None and size.isdigit() and int(size) <= _TINY_HALF_POINTS:
        look = replace(look, invisible=True)
    return look


def _fill(properties: ET.Element | None) -> str | None:
    """Return the color of a shading, in capitals, if there is one."""
    shading = None if properties is None else properties.find("./{*}shd")
    if shading is None:
        return None
    fill = next((value for key, value in shading.attrib.items() if local(key) == "fill"), "auto")
    return None if fill.lower() == "auto" else fill.upper()


def _value(properties: ET.Element, name: str) -> str | None:
    element = properties.find(f"./{{*}}{name}")
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if local(key) == "val"), "")


def _is_on(properties: ET.Element, name: str) -> bool:
    value = _value(properties, name)
    return value is not None and value.lower() not in ("0", "false", "off")


def _described(root: ET.Element, place: str) -> Iterator[Trace]:
    for part in root.iter():
        if local(part.tag) == "docPr" and part.get("descr"):
            yield Trace("custom-data", f"{place}, alternative text", part.get("descr", ""))


def _style_names(package: Package) -> Iterator[Passage]:
    """Yield the names of styles that are not the program's own."""
    names = [
        name
        for style in package.xml("word/styles.xml").iter()
        if local(style.tag) == "style"
        and any(local(key) == "customStyle" for key in style.attrib)
        and (name := _value(style, "name"))
        and not name.endswith(_LINKED)
    ]
    if names:
        yield Passage("\n".join(dict.fromkeys(names)), "names of styles")


def _comments(package: Package) -> Iterator[Trace]:
    number = 0
    for name in package.below("word/comments"):
        for comment in package.xml(name):
            if local(comment.tag) == "comment":
                number += 1
                author = " ".join(v for k, v in comment.attrib.items() if local(k) == "author")
                text = "".join(part.text or "" for part in comment.iter() if local(part.tag) == "t")
                yield Trace("comment", f"comment {number}", f"{author}: {text}")


def _variables(package: Package) -> Iterator[Trace]:
    """Yield document variables, which fields and programs keep out of sight."""
    for element in package.xml("word/settings.xml").iter():
        if local(element.tag) == "docVar":
            yield Trace("custom-data", "document variable", " ".join(element.attrib.values()))
