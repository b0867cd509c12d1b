"""Styles of OpenDocument files: which of them hide what they are given to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from saferedact.media.markup_style import Color, color_of
from saferedact.media.office.package import local

__all__ = ["OpenLook", "OpenStyles", "attribute"]

_MOST_PARENTS = 50
"""Styles above one style. Office programs come with ten; a circle has no end."""

_TINY_POINTS = 2.0
"""Size of text that nobody reads: 0.7 mm."""


def attribute(element: ET.Element, name: str) -> str:
    """Return an attribute by its name without a namespace; empty if there is none."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


@dataclass(frozen=True, slots=True)
class OpenLook:
    """How something looks.

    Parameters
    ----------
    hidden : bool
        Whether its style hides it.
    tiny : bool
        Whether its text is too small to read.
    ink : tuple of int or None
        Color of text; None where the viewer chooses.
    ground : tuple of int or None
        Color below; None for that of what is around.
    """

    hidden: bool = False
    tiny: bool = False
    ink: Color | None = None
    ground: Color | None = None


class OpenStyles:
    """The styles of a document, by family and name.

    Parameters
    ----------
    roots : iterable of Element
        Parts with styles; later ones replace earlier ones.
    """

    def __init__(self, roots: Iterable[ET.Element]) -> None:
        self._styles = {
            (attribute(element, "family"), attribute(element, "name")): element
            for root in roots
            for element in root.iter()
            if local(element.tag) == "style"
        }

    def look(self, family: str, name: str, around: OpenLook) -> OpenLook:
        """Return how something of a style looks, within something else."""
        chain: list[ET.Element] = []
        while (
            len(chain) < _MOST_PARENTS and (style := self._styles.get((family, name))) is not None
        ):
            chain.append(style)
            name = attribute(style, "parent-style-name")
        look = around
        for style in reversed(chain):
            for properties in style:
                look = _changed(look, properties)
        return look


def _changed(look: OpenLook, properties: ET.Element) -> OpenLook:
    said = {local(key): value.strip().lower() for key, value in properties.attrib.items()}
    kind = local(properties.tag)
    if kind == "text-properties":
        if "display" in said:
            look = replace(look, hidden=said["display"] == "none")
        if said.get("use-window-font-color") == "true":
            look = replace(look, ink=None)
        elif "color" in said:
            look = replace(look, ink=color_of(said["color"]))
        if "font-size" in said:
            look = replace(look, tiny=_points(said["font-size"]) <= _TINY_POINTS)
    elif (kind, said.get(_HIDES.get(kind, ""))) in _HIDDEN:
        look = replace(look, hidden=True)
    ground = said.get("background-color", "transparent")
    return look if ground == "transparent" else replace(look, ground=color_of(ground))


_HIDES = {"table-properties": "display", "drawing-page-properties": "visibility"}
_HIDDEN = {("table-properties", "false"), ("drawing-page-properties", "hidden")}


def _points(size: str) -> float:
    try:
        return float(size.removesuffix("pt"))
    except ValueError:
        return float("inf")  # in percent of another size
