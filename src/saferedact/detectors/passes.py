"""Which views of a picture the face detector looks at, and why none is left out.

The network sees faces best between about 10 and 200 px, so one size of input cannot serve both a
portrait and a crowd. A picture is therefore looked at

1. as a whole, with its long side at 640 px: close-ups and everything large;
2. as a whole, with its long side at the rung of `RUNGS` that enlarges it twofold or more, at most
   1,920 px: small faces in ordinary pictures;
3. beyond 1,920 px, in overlapping tiles, slightly enlarged: small faces in large photographs.

Measured on 43 labelled photographs (half of the development set, split before tuning): 640 px and
1,920 px alone cover .970 and .95 of the faces, steps 1 and 2 together .979, and a larger second
rung than twofold gains nothing. Of 200 faces of 16 px in a 50-megapixel picture, tiles at scale 1 find
.925, at 1.25 .96 and at 1.5 .98, for 25, 40 and 50 s of processor time.
"""

import itertools
import math
from dataclasses import dataclass

__all__ = ["RUNGS", "View", "plan_views", "tile_starts"]

RUNGS = (640, 960, 1280, 1920)
"""Long sides of whole-picture passes, in pixels. Few, because each new input shape costs some
engines a compilation."""

_ENLARGE = 2  # measured: two-, three- and fourfold enlargement find the same faces

TILE = 1536
"""Side of a tile, in pixels of the picture."""

TILE_SCALE = 1.25
"""Enlargement of a tile: 1,536 px become an input of 1,920 px. See the measurement above."""

OVERLAP = 256
"""Least overlap of neighbouring tiles, in pixels. A face up to this size lies whole in some tile;
a larger one is 256 px or more at the picture's own scale and is found in the reduced passes as long
as the picture is at most 25 times as long (640 / 256 * 10 px)."""


@dataclass(frozen=True, slots=True)
class View:
    """A part of the picture, scaled.

    Parameters
    ----------
    crop_xyxy : (int, int, int, int)
        The part looked at, half-open, in pixels of the picture.
    scale : float
        Pixels of the network's input per pixel of the picture.
    """

    crop_xyxy: tuple[int, int, int, int]
    scale: float

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height of the scaled part, in pixels, each at least 1."""
        x1, y1, x2, y2 = self.crop_xyxy
        return (max(1, round((x2 - x1) * self.scale)), max(1, round((y2 - y1) * self.scale)))


def tile_starts(side: int, tile: int, overlap: int) -> list[int]:
    """Return the first pixels of the fewest equally spaced tiles along a side that overlap enough."""
    if side <= tile:
        return [0]
    count = math.ceil((side - overlap) / (tile - overlap))
    return [round(i * (side - tile) / (count - 1)) for i in range(count)]


def plan_views(size_wh: tuple[int, int], *, tiles: bool = True) -> list[View]:
    """Choose the views of a picture.

    Parameters
    ----------
    size_wh : (int, int)
        Width and height of the picture, in pixels, >= 1.
    tiles : bool
        Whether to look at a large picture in tiles too (step 3).

    Returns
    -------
    list of View
        At least one; every pixel of the picture is in every whole-picture view, and in some tile.
    """
    width, height = size_wh
    whole = (0, 0, width, height)
    long_side = max(width, height)
    second = next((rung for rung in RUNGS if rung >= _ENLARGE * long_side), RUNGS[-1])
    views = [View(whole, rung / long_side) for rung in sorted({RUNGS[0], second})]
    if tiles and long_side > RUNGS[-1]:
        views += [
            View((x, y, min(x + TILE, width), min(y + TILE, height)), TILE_SCALE)
            for y, x in itertools.product(
                tile_starts(height, TILE, OVERLAP), tile_starts(width, TILE, OVERLAP)
            )
        ]
    return views
