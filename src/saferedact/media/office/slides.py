"""PPTX: slides in their order, notes, hidden slides, what lies beside a slide."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from saferedact.media.contents import Passage
from saferedact.media.office.drawing import crops, is_dark_fill, texts
from saferedact.media.office.package import Package, local
from saferedact.traces import Trace

__all__ = ["read_slides"]

_MAIN = "ppt/presentation.xml"
_SHAPES = ("sp", "pic", "graphicFrame", "grpSp", "cxnSp")


def read_slides(package: Package) -> tuple[list[Passage], list[Trace]]:
    """Read the text of a PPTX.

    Returns
    -------
    list of Passage
        Text of the slides that are shown, shape by shape.
    list of Trace
        Notes, hidden slides and shapes, shapes beside the slide, comments, crops, dark boxes.
    """
    passages: list[Passage] = []
    traces: list[Trace] = []
    size_wh = _slide_size(package)
    for number, name in enumerate(_in_order(package), start=1):
        place = f"slide {number}"
        root = package.xml(name)
        if root.get("show") in ("0", "false"):
            traces.append(Trace("hidden-slide", place, texts(root)))
            continue
        for shape in root.iter():
            if local(shape.tag) in _SHAPES:
                _read_shape(shape, place, size_wh, passages, traces)
        traces += crops(root, place)
        for relation in package.relations(name).values():
            if relation.kind == "notesSlide" and not relation.external:
                traces += _notes(package.xml(relation.target), place)
            elif relation.kind == "comments" and not relation.external:
                traces += _comments(package.xml(relation.target), place)
    for name in package.below("ppt/commentAuthors", "ppt/authors"):
        for author in package.xml(name):
            traces.append(Trace("author", "comment author", author.get("name", "")))
    return passages, traces


def _in_order(package: Package) -> Iterator[str]:
    targets = package.relations(_MAIN)
    for element in package.xml(_MAIN).iter():
        if local(element.tag) == "sldId":
            for key, value in element.attrib.items():
                if key.startswith("{") and local(key) == "id" and value in targets:
                    yield targets[value].target


def _slide_size(package: Package) -> tuple[int, int] | None:
    for element in package.xml(_MAIN):
        if local(element.tag) == "sldSz":
            try:
                return int(element.get("cx", "")), int(element.get("cy", ""))
            except ValueError:
                return None
    return None


def _read_shape(
    shape: ET.Element,
    place: str,
    size_wh: tuple[int, int] | None,
    passages: list[Passage],
    traces: list[Trace],
) -> None:
    inner = shape.find("./{*}txBody")
    text = texts(inner) if inner is not None else _table_text(shape)
    properties = next((part for part in shape.iter() if local(part.tag) == "cNvPr"), None)
    if properties is not None and properties.get("descr"):
        traces.append(
            Trace("custom-data", f"{place}, alternative text", properties.get("descr", ""))
        )
    if properties is not None and properties.get("hidden") in ("1", "true"):
        traces.append(Trace("hidden-text", place, text))
        return
    if size_wh is not None and _is_beside(shape, size_wh):
        traces.append(Trace("off-slide", place, text))
        return
    own = shape.find("./{*}spPr")
    if not text and local(shape.tag) == "sp" and own is not None and is_dark_fill(own):
        traces.append(Trace("text-under-shape", place))
    if text:
        passages.append(Passage(text, place))


def _table_text(shape: ET.Element) -> str:
    return texts(shape) if local(shape.tag) == "graphicFrame" else ""


def _is_beside(shape: ET.Element, size_wh: tuple[int, int]) -> bool:
    """Tell whether a shape lies wholly outside of the slide."""
    frame = shape.find("./{*}spPr/{*}xfrm")
    if frame is None:
        frame = shape.find("./{*}xfrm")
    if frame is None:
        return False
    off, ext = frame.find("./{*}off"), frame.find("./{*}ext")
    if off is None or ext is None:
        return False
    try:
        x, y = int(off.get("x", "")), int(off.get("y", ""))
        width, height = int(ext.get("cx", "")), int(ext.get("cy", ""))
    except ValueError:
        return False
    return x >= size_wh[0] or y >= size_wh[1] or x + width <= 0 or y + height <= 0


def _notes(root: ET.Element, place: str) -> Iterator[Trace]:
    # The notes page repeats the slide as a picture, and its number as a field.
    kept = [
        texts(shape)
        for shape in root.iter()
        if local(shape.tag) == "sp"
        and not any(
            local(p.tag) == "ph" and p.get("type") in ("sldNum", "sldImg") for p in shape.iter()
        )
    ]
    text = "\n".join(part for part in kept if part)
    if text:
        yield Trace("speaker-notes", place, text)


def _comments(root: ET.Element, place: str) -> Iterator[Trace]:
    for element in root.iter():
        if local(element.tag) in ("cm", "comment"):
            yield Trace(
                "comment", place, " ".join(t.strip() for t in element.itertext() if t.strip())
            )
