"""PPTX: slides in their order, notes, hidden slides, what lies beside a slide."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from saferedact.media.contents import Passage
from saferedact.media.office.drawing import crops, is_dark_fill, names_within, texts
from saferedact.media.office.package import Package, local
from saferedact.media.office.slide_shapes import (
    BoxXYXY,
    Placed,
    behind_slide,
    is_white_ground,
    placed_shapes,
    white_text,
)
from saferedact.traces import Trace

__all__ = ["read_slides"]

_MAIN = "ppt/presentation.xml"

_MASTERS = (
    "ppt/slideMasters/slide",
    "ppt/slideLayouts/slide",
    "ppt/notesMasters/notes",
    "ppt/handoutMasters/handout",
)


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
        if name not in package.names:
            package.unread.append(f"{place} is missing")
            continue
        root = package.xml(name)
        if root.get("show") in ("0", "false"):
            traces.append(Trace("hidden-slide", place, texts(root)))
            continue
        _read_shapes(list(placed_shapes(root)), place, size_wh, passages, traces)
        passages += names_within(root, place)
        traces += _described(root, place)
        traces += _white_on_white(root, behind_slide(package, name), place)
        traces += crops(root, place)
        for relation in package.relations(name).values():
            if relation.kind == "notesSlide" and not relation.external:
                traces += _notes(package.xml(relation.target), place)
            elif relation.kind == "comments" and not relation.external:
                traces += _comments(package.xml(relation.target), place)
    passages += _masters(package)
    for name in package.below("ppt/commentAuthors", "ppt/authors"):
        for author in package.xml(name):
            traces.append(Trace("author", "comment author", author.get("name", "")))
    return passages, traces


def _masters(package: Package) -> Iterator[Passage]:
    """Yield what stands on all slides of a layout: no placeholders, of which only slides show any."""
    for number, name in enumerate(package.below(*_MASTERS)):
        for placed in placed_shapes(package.xml(name)):
            if not any(local(part.tag) == "ph" for part in placed.element.iter()):
                text = texts(placed.element)
                if text:
                    yield Passage(text, f"slide master or layout {number + 1}")


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


def _read_shapes(
    shapes: list[Placed],
    place: str,
    size_wh: tuple[int, int] | None,
    passages: list[Passage],
    traces: list[Trace],
) -> None:
    for placed in shapes:
        shape = placed.element
        inner = shape.find("./{*}txBody")
        text = texts(inner) if inner is not None else _table_text(shape)
        if placed.hidden:
            traces.append(Trace("hidden-text", place, text))
        elif size_wh is not None and placed.box is not None and _is_beside(placed.box, size_wh):
            traces.append(Trace("off-slide", place, text))
        elif text:
            passages.append(Passage(text, place))
        elif local(shape.tag) == "sp" and _is_dark(shape):
            traces.append(Trace("text-under-shape", place))


def _is_dark(shape: ET.Element) -> bool:
    own = shape.find("./{*}spPr")
    return own is not None and is_dark_fill(own)


def _described(root: ET.Element, place: str) -> Iterator[Trace]:
    for part in root.iter():
        if local(part.tag) == "cNvPr" and part.get("descr"):
            yield Trace("custom-data", f"{place}, alternative text", part.get("descr", ""))


def _white_on_white(root: ET.Element, behind: list[ET.Element], place: str) -> Iterator[Trace]:
    """Yield text in white with nothing below it but a white slide."""
    if not is_white_ground([root, *behind]):
        return
    below = [
        shape for sheet in behind for shape in placed_shapes(sheet) if not _is_bare(shape.element)
    ]
    for placed in placed_shapes(root):
        if placed.hidden:
            continue
        text = white_text(placed.element)
        if text.strip() and not any(_overlap(placed.box, other.box) for other in below):
            yield Trace("invisible-text", place, text)
        if not _is_bare(placed.element):
            below.append(placed)


def _is_bare(shape: ET.Element) -> bool:
    """Tell whether a shape is nothing but its text, so that what is over it has no ground there."""
    own = shape.find("./{*}spPr")
    filled = own is not None and any(
        local(part.tag).endswith("Fill") and local(part.tag) != "noFill" for part in own
    )
    return local(shape.tag) == "sp" and not filled and shape.find("./{*}style/{*}fillRef") is None


def _overlap(one: BoxXYXY | None, other: BoxXYXY | None) -> bool:
    if one is None or other is None:  # a layout places it: it may lie anywhere
        return True
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _table_text(shape: ET.Element) -> str:
    return texts(shape) if local(shape.tag) == "graphicFrame" else ""


def _is_beside(box: BoxXYXY, size_wh: tuple[int, int]) -> bool:
    """Tell whether a shape lies wholly outside of the slide."""
    return box[0] >= size_wh[0] or box[1] >= size_wh[1] or box[2] <= 0 or box[3] <= 0


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
