"""Contact sheets: a grid of redacted results with the regions outlined, safe to show.

A sheet is made from the redacted files alone; no pixel of an original is read for it. Tiles carry
numbers and no file names, which may name people.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from saferedact.files import atomic_output
from saferedact.limits import DEFAULT_LIMITS
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_formats import format_for_suffix
from saferedact.media.image_write import write_image
from saferedact.pipeline.medium import Tile, medium_for
from saferedact.plan import Plan

__all__ = ["TILES_PER_SHEET", "write_contact_sheets"]

_Picture: TypeAlias = npt.NDArray[np.uint8]

TILES_PER_SHEET = 100
"""Tiles of one sheet: ten columns of 280 px are 2,800 px, which a screen can show."""

_TILE = 280
_CAPTION = 24  # room for the number above a picture, in pixels
_GAP = 8
_PAPER = (245, 245, 245)
_INK = (40, 40, 40)
_OUTLINES = {"sure": (0, 160, 80), "needs_review": (230, 140, 0), "rejected": (200, 30, 30)}


def write_contact_sheets(
    results: Sequence[tuple[Path, Plan]], destination: Path, *, overwrite: bool = False
) -> list[Path]:
    """Draw redacted files as tiles, numbered from 1 in the order given.

    Green outlines are regions that were found surely, orange ones need review, red ones were given
    back by a person.

    Parameters
    ----------
    results : sequence of (Path, Plan)
        Redacted files and what was hidden in them.
    destination : Path
        The picture to write. More than `TILES_PER_SHEET` tiles go on further sheets, whose names
        end in ``-2``, ``-3`` and so on.
    overwrite : bool
        Whether existing files may be replaced.

    Returns
    -------
    list of Path
        The sheets.

    Raises
    ------
    InputError
        If a redacted file cannot be read, or a sheet's suffix is not that of an image format.
    RedactionError
        If a sheet cannot be written.
    """
    tiles = (
        (number, tile)
        for number, (path, plan) in enumerate(results, start=1)
        for tile in _tiles(path, plan)
    )
    sheets: list[Path] = []
    while shown := list(islice(tiles, TILES_PER_SHEET)):  # one sheet in memory at a time
        suffix = f"-{len(sheets) + 1}" if sheets else ""
        name = destination.with_stem(f"{destination.stem}{suffix}")
        _write(_sheet(shown), name, overwrite)
        sheets.append(name)
    return sheets


def _tiles(path: Path, plan: Plan) -> Iterator[_Picture]:
    medium = medium_for(plan.media.kind)
    return map(_tile, medium.tiles(path, plan, limits=DEFAULT_LIMITS))


def _tile(shown: Tile) -> _Picture:
    import cv2

    height, width = shown.pixels.shape[:2]
    scale = min(1.0, _TILE / max(width, height))
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(shown.pixels, size_wh, interpolation=cv2.INTER_AREA)
    tile = np.array(small, dtype=np.uint8)
    for region, xyxy in zip(shown.regions, shown.outlines.tolist(), strict=True):
        kind = "rejected" if region.decision == "rejected" else "sure"
        if kind == "sure" and region.needs_review and region.decision == "proposed":
            kind = "needs_review"
        x1, y1, x2, y2 = (round(value * scale) for value in xyxy)
        cv2.rectangle(tile, (x1, y1), (x2 - 1, y2 - 1), _OUTLINES[kind], 1)
    return tile


def _sheet(tiles: Sequence[tuple[int, _Picture]]) -> _Picture:
    import cv2

    columns = math.ceil(math.sqrt(len(tiles)))
    rows = math.ceil(len(tiles) / columns)
    pitch_x, pitch_y = _TILE + _GAP, _TILE + _CAPTION + _GAP
    sheet = np.full((rows * pitch_y + _GAP, columns * pitch_x + _GAP, 3), _PAPER, dtype=np.uint8)
    for place, (number, tile) in enumerate(tiles):
        x = _GAP + place % columns * pitch_x
        y = _GAP + place // columns * pitch_y
        cv2.putText(sheet, str(number), (x, y + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.55, _INK, 1)
        height, width = tile.shape[:2]
        sheet[y + _CAPTION : y + _CAPTION + height, x : x + width] = tile
    return sheet


def _write(sheet: _Picture, destination: Path, overwrite: bool) -> None:
    info = MediaInfo(
        kind="image",
        format="PNG",
        size_wh=(sheet.shape[1], sheet.shape[0]),
        frames=1,
        bit_depth=8,
        channels=3,
    )
    target = format_for_suffix(destination)
    with atomic_output(destination, overwrite=overwrite) as temporary:
        write_image(temporary, [ImageFrame(sheet)], info=info, format=target)
