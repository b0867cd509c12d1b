"""Mosaics of the pictures in which something was found, for the report's page."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from saferedact.checks.material import Material
from saferedact.errors import SaferedactError
from saferedact.limits import Limits
from saferedact.media.image_color import flatten_on_white, narrow, with_channels
from saferedact.media.image_read import open_image
from saferedact.report import Location, Report
from saferedact.report.mosaic import COLUMNS, Mosaic

__all__ = ["mosaic_of", "mosaics_of"]

_Box: TypeAlias = tuple[float, float, float, float]

_MOST = 200
"""Mosaics of one page; 110 rectangles each are 9 kB."""

_COVER = (128, 128, 128)


def mosaics_of(
    paths: Mapping[str, Path], materials: Iterable[Material], report: Report, *, limits: Limits
) -> dict[tuple[str, int], Mosaic]:
    """Make mosaics of the still pictures in which a finding has a place.

    Parameters
    ----------
    paths : mapping
        For ids of assets their files.
    materials : iterable of Material
        What was seen and read in them: all of it is covered.
    report : Report
        The findings.
    limits : Limits
        Of what is read.

    Returns
    -------
    dict
        Mosaics by asset and frame. A picture that cannot be read again has none.
    """
    made: dict[tuple[str, int], Mosaic] = {}
    places = [p for finding in report.findings for p in (finding.location, *finding.also_at)]
    for material in materials:
        wanted = {p.frame or 0 for p in places if p.asset == material.id and p.xyxy is not None}
        if material.kind != "image" or material.id not in paths or not wanted:
            continue
        try:
            with open_image(paths[material.id], limits=limits) as source:
                for frame in source.frames():
                    if frame.index not in wanted:
                        continue
                    pixels = with_channels(flatten_on_white(narrow(frame.pixels)), 3)
                    covered = _boxes(material, places, frame.index)
                    made[material.id, frame.index] = mosaic_of(pixels, covered)
                    if len(made) >= _MOST:
                        return made
        except SaferedactError:
            continue  # the check has told of it
    return made


def _boxes(material: Material, places: Iterable[Location], frame: int) -> list[_Box]:
    """List everything that was found in a frame, whether or not a finding tells of it."""
    seen = [sight.xyxy for sight in material.sights if sight.frame == frame]
    read = [s.xyxy for s in material.segments if s.xyxy is not None and (s.frame or 0) == frame]
    told = [
        p.xyxy
        for p in places
        if p.asset == material.id and p.xyxy is not None and (p.frame or 0) == frame
    ]
    return [*seen, *read, *told]


def mosaic_of(pixels: npt.NDArray[np.uint8], covered: Sequence[_Box]) -> Mosaic:
    """Paint over what was found, then work out the cells.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 3), uint8
        RGB, upright. Not modified.
    covered : sequence of (float, float, float, float)
        Boxes in pixels; not one sample under them has a part in the result.

    Returns
    -------
    Mosaic
        At most 12 cells along the longer side.
    """
    height, width = pixels.shape[:2]
    painted = pixels.copy()
    for x1, y1, x2, y2 in covered:
        rows = slice(max(0, math.floor(y1)), max(0, math.ceil(y2)))
        painted[rows, max(0, math.floor(x1)) : max(0, math.ceil(x2))] = _COVER
    longer = max(width, height)
    columns = max(1, min(width, round(COLUMNS * width / longer)))
    lines = max(1, min(height, round(COLUMNS * height / longer)))
    across = np.linspace(0, width, columns + 1).astype(int)
    down = np.linspace(0, height, lines + 1).astype(int)
    return Mosaic(
        (width, height),
        tuple(
            tuple(
                _mean(painted[down[y] : down[y + 1], across[x] : across[x + 1]])
                for x in range(columns)
            )
            for y in range(lines)
        ),
    )


def _mean(cell: npt.NDArray[np.uint8]) -> tuple[int, int, int]:
    red, green, blue = (round(float(value)) for value in cell.reshape(-1, 3).mean(axis=0))
    return red, green, blue
