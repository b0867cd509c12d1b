"""DrawingML, which all office files share: cropped pictures, filled shapes, hidden shapes."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from saferedact.media.contents import Passage
from saferedact.media.office.package import local
from saferedact.traces import Trace

__all__ = ["crops", "is_dark_fill", "names_within", "shape_covers", "texts"]

_LEAST_CROP = 500
"""Least crop that counts, in thousandths of a percent of the side: 0.5 %, below which a crop hides
a border line and no content."""

_DARK = 64
"""Largest level of red, green and blue of a fill that covers what lies below it to the eye."""


_NAMED = frozenset({"docPr", "cNvPr", "bookmarkStart", "definedName"})
"""Elements with a name that a person or a program chose: a picture's is the name of the file it came from."""


def names_within(root: ET.Element, place: str) -> Iterator[Passage]:
    """Yield what the drawings and bookmarks of a part are called: nobody sees it, and it is published along.

    Titles of drawings are told with their names, descriptions are not.
    """
    names: dict[str, None] = {}
    for element in root.iter():
        if local(element.tag) in _NAMED:
            for key, value in element.attrib.items():
                if local(key) in ("name", "title") and value.strip():
                    names[value] = None
    if names:
        yield Passage("\n".join(names), f"{place}, names of its parts")


def texts(element: ET.Element) -> str:
    """Return the text of all paragraphs below an element, a line each."""
    lines = []
    for paragraph in element.iter():
        if local(paragraph.tag) == "p":
            runs = (part.text or "" for part in paragraph.iter() if local(part.tag) == "t")
            lines.append("".join(runs))
    return "\n".join(line for line in lines if line)


def crops(root: ET.Element, place: str) -> Iterator[Trace]:
    """Yield pictures that are shown cropped: the rest is kept in the file."""
    for element in root.iter():
        if local(element.tag) == "srcRect":
            sides = [_number(element.get(side)) for side in ("l", "t", "r", "b")]
            if max(sides) >= _LEAST_CROP:
                yield Trace("cropped-picture", place)


def shape_covers(root: ET.Element, place: str) -> Iterator[Trace]:
    """Yield shapes that float over the page, filled dark and without text: covers, as a rule."""
    for anchor in root.iter():
        if local(anchor.tag) != "anchor" or anchor.get("behindDoc") == "1":
            continue
        if any(local(part.tag) == "pic" for part in anchor.iter()):
            continue
        shape = next((part for part in anchor.iter() if local(part.tag) == "spPr"), None)
        if shape is not None and is_dark_fill(shape) and not texts(anchor):
            yield Trace("text-under-shape", place)


def is_dark_fill(properties: ET.Element) -> bool:
    """Tell whether a shape's properties fill it with a dark color."""
    fill = next((part for part in properties if local(part.tag) == "solidFill"), None)
    if fill is None:
        return False
    for color in fill.iter():
        value = color.get("val", "")
        if local(color.tag) == "srgbClr" and len(value) == 6:
            try:
                return max(bytes.fromhex(value)) <= _DARK
            except ValueError:
                return False
        if local(color.tag) in ("schemeClr", "prstClr", "sysClr"):
            return value in ("tx1", "dk1", "black", "windowText")
    return False


def _number(value: str | None) -> int:
    try:
        return int(value or "0")
    except ValueError:
        return 0
