"""Shapes of a slide as they are placed: inside groups, hidden with their group, over a ground."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from saferedact.media.office.package import Package, local

__all__ = ["BoxXYXY", "Placed", "behind_slide", "is_white_ground", "placed_shapes", "white_text"]

BoxXYXY = tuple[float, float, float, float]
"""A box in English metric units (914,400 to the inch) from the slide's upper left corner."""

_SHAPES = ("sp", "pic", "graphicFrame", "grpSp", "cxnSp")

_WHITE = 240
"""Least level of red, green and blue of ink that cannot be read on white paper."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape and where it lies.

    Parameters
    ----------
    element : Element
        The shape, not a group.
    box : BoxXYXY or None
        Where it lies; None if its layout decides.
    hidden : bool
        Whether it, or a group around it, is hidden.
    """

    element: ET.Element
    box: BoxXYXY | None
    hidden: bool


def placed_shapes(root: ET.Element) -> Iterator[Placed]:
    """Yield the shapes of a slide from back to front, those of groups in their place.

    Parameters
    ----------
    root : Element
        The slide.

    Yields
    ------
    Placed
    """
    tree = next((part for part in root.iter() if local(part.tag) == "spTree"), None)
    if tree is not None:
        yield from _within(tree, _Scale(), hidden=False)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From coordinates inside of a group to those of the slide."""

    x: float = 0.0
    y: float = 0.0
    across: float = 1.0
    down: float = 1.0

    def box(self, off: tuple[int, int], ext: tuple[int, int]) -> BoxXYXY:
        x, y = self.x + off[0] * self.across, self.y + off[1] * self.down
        return x, y, x + ext[0] * self.across, y + ext[1] * self.down


def _within(tree: ET.Element, scale: _Scale, *, hidden: bool) -> Iterator[Placed]:
    for shape in tree:
        kind = local(shape.tag)
        if kind == "AlternateContent":  # for newer and for older programs: both count
            for choice in shape:
                yield from _within(choice, scale, hidden=hidden)
        elif kind in _SHAPES:
            gone = hidden or _is_hidden(shape)
            if kind == "grpSp":  # nesting is bounded by the reader of XML
                yield from _within(shape, _scale_inside(shape, scale), hidden=gone)
            else:
                yield Placed(shape, _box(shape, scale), gone)


def _is_hidden(shape: ET.Element) -> bool:
    properties = next((part for part in shape.iter() if local(part.tag) == "cNvPr"), None)
    return properties is not None and properties.get("hidden") in ("1", "true")


def _frame(shape: ET.Element) -> ET.Element | None:
    for path in ("./{*}spPr/{*}xfrm", "./{*}grpSpPr/{*}xfrm", "./{*}xfrm"):
        frame = shape.find(path)
        if frame is not None:
            return frame
    return None


def _pair(frame: ET.Element, name: str, keys: tuple[str, str]) -> tuple[int, int] | None:
    element = frame.find(f"./{{*}}{name}")
    if element is None:
        return None
    try:
        return int(element.get(keys[0], "")), int(element.get(keys[1], ""))
    except ValueError:
        return None


def _box(shape: ET.Element, scale: _Scale) -> BoxXYXY | None:
    frame = _frame(shape)
    if frame is None:
        return None
    off, ext = _pair(frame, "off", ("x", "y")), _pair(frame, "ext", ("cx", "cy"))
    return None if off is None or ext is None else scale.box(off, ext)


def _scale_inside(group: ET.Element, outer: _Scale) -> _Scale:
    """Return the scale of what is inside of a group (ECMA-376 part 1, 20.1.7.5)."""
    frame = _frame(group)
    if frame is None:
        return outer
    off, ext = _pair(frame, "off", ("x", "y")), _pair(frame, "ext", ("cx", "cy"))
    inner = _pair(frame, "chOff", ("x", "y")), _pair(frame, "chExt", ("cx", "cy"))
    if off is None or ext is None or inner[0] is None or inner[1] is None:
        return outer
    x, y, _, _ = outer.box(off, ext)
    across = outer.across * (ext[0] / inner[1][0] if inner[1][0] else 1.0)
    down = outer.down * (ext[1] / inner[1][1] if inner[1][1] else 1.0)
    return _Scale(x - inner[0][0] * across, y - inner[0][1] * down, across, down)


def white_text(shape: ET.Element) -> str:
    """Return the text of a shape's runs that are set in white, if the shape itself has no fill.

    Parameters
    ----------
    shape : Element
        A shape with a text body.

    Returns
    -------
    str
        Empty if there is none, or the shape brings a ground of its own.
    """
    own = shape.find("./{*}spPr")
    if own is not None and any(local(part.tag).endswith("Fill") for part in own):
        return "" if own.find("./{*}noFill") is None else _white_runs(shape)
    if shape.find("./{*}style/{*}fillRef") is not None:
        return ""
    return _white_runs(shape)


def _white_runs(shape: ET.Element) -> str:
    runs = (part for part in shape.iter() if local(part.tag) == "r")
    return "".join(
        "".join(part.text or "" for part in run if local(part.tag) == "t")
        for run in runs
        if _is_white(run.find("./{*}rPr/{*}solidFill"))
    )


def _is_white(fill: ET.Element | None) -> bool:
    if fill is None or not len(fill):
        return False
    color, value = fill[0], fill[0].get("val", "")
    if len(color):  # darkened, lightened or made clear: what is left is not worked out
        return False
    if local(color.tag) == "srgbClr" and len(value) == 6:
        try:
            return min(bytes.fromhex(value)) >= _WHITE
        except ValueError:
            return False
    return value in ("bg1", "lt1", "white", "window")


def behind_slide(package: Package, name: str) -> list[ET.Element]:
    """Return a slide's layout and the master of that, as far as there are any.

    Parameters
    ----------
    package : Package
        The presentation.
    name : str
        Name of the slide's part.

    Returns
    -------
    list of Element
        From front to back.
    """
    behind = []
    for kind in ("slideLayout", "slideMaster"):
        relations = package.relations(name).values()
        found = next((r.target for r in relations if r.kind == kind and not r.external), None)
        if found is None:
            break
        name = found
        behind.append(package.xml(name))
    return behind


def is_white_ground(sheets: Iterable[ET.Element]) -> bool:
    """Tell whether the ground is surely white: that of the first sheet which has one.

    Parameters
    ----------
    sheets : iterable of Element
        A slide and what is behind it, from front to back.

    Returns
    -------
    bool
        False also where a picture or a gradient decides.
    """
    for sheet in sheets:
        ground = sheet.find("./{*}cSld/{*}bg")
        if ground is not None:
            plain = ground.find("./{*}bgPr/{*}solidFill")
            return _is_white(plain if plain is not None else ground.find("./{*}bgRef"))
    return False
