"""Where in a picture a finding lies, drawn so that nobody in it can be seen.

A mosaic is a dozen cells wide: enough to tell a street from a room, and too coarse for a face even if
it fills the picture. What was found is painted over before the cells are worked out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["COLUMNS", "Mosaic", "Mosaics", "mosaic_svg"]

COLUMNS = 12
"""Cells along the longer side. A face that fills the picture gets fewer than ten cells across, of
which its ears, hair and the background take half."""

_WIDTH = 240  # CSS pixels of the longer side

_Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Mosaic:
    """A frame in a few cells.

    Parameters
    ----------
    size_wh : (int, int)
        Width and height of the frame, in upright pixels.
    cells : tuple of tuple of (int, int, int)
        Rows of colors, 0 to 255.
    """

    size_wh: tuple[int, int]
    cells: tuple[tuple[tuple[int, int, int], ...], ...]


Mosaics: TypeAlias = Mapping[tuple[str, int], Mosaic]
"""Mosaics by id of the asset and frame."""


def mosaic_svg(mosaic: Mosaic, boxes: Sequence[_Box]) -> str:
    """Draw a mosaic with the places of a finding, as SVG that stands in a page.

    Parameters
    ----------
    mosaic : Mosaic
        The frame.
    boxes : sequence of (float, float, float, float)
        Places in upright pixels; what is outside the frame is cut off.

    Returns
    -------
    str
        Numbers and our own words alone.
    """
    width, height = mosaic.size_wh
    scale = _WIDTH / max(width, height)
    wide, high = width * scale, height * scale
    rows, columns = len(mosaic.cells), len(mosaic.cells[0])
    parts = [
        f'<rect x="{x * wide / columns:.1f}" y="{y * high / rows:.1f}" '
        f'width="{wide / columns + 0.5:.1f}" height="{high / rows + 0.5:.1f}" '
        f'fill="#{red:02x}{green:02x}{blue:02x}"/>'
        for y, row in enumerate(mosaic.cells)
        for x, (red, green, blue) in enumerate(row)
    ]
    for x1, y1, x2, y2 in boxes:
        left, top = max(0.0, x1) * scale, max(0.0, y1) * scale
        across, down = min(x2, width) * scale - left, min(y2, height) * scale - top
        if across > 0 and down > 0:
            place = f'x="{left:.1f}" y="{top:.1f}" width="{across:.1f}" height="{down:.1f}"'
            parts.append(f'<rect class="under" {place}/><rect class="box" {place}/>')
    many = "place" if len(boxes) == 1 else "places"
    return (
        f'<svg role="img" aria-label="Rough map of the picture with {len(boxes)} {many} marked" '
        f'viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" height="{high:.0f}">'
        f"{''.join(parts)}</svg>"
    )
