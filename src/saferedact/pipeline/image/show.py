"""What a picture file is, and a few of its frames for a contact sheet."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from saferedact.limits import Limits
from saferedact.media.base import MediaInfo
from saferedact.media.image_color import flatten_on_white, narrow, with_channels
from saferedact.media.image_read import open_image
from saferedact.pipeline.medium import Tile
from saferedact.plan import Plan

__all__ = ["describe", "tiles"]

_FRAMES_SHOWN = 4  # of an animation or a document: the first, the last, and two between


def describe(path: Path, *, limits: Limits) -> MediaInfo:
    """Say what a picture file is."""
    with open_image(path, limits=limits) as image:
        return image.info


def tiles(redacted: Path, plan: Plan, *, limits: Limits) -> Iterator[Tile]:
    """Show up to four frames of a redacted file, with the regions that lie in them."""
    with open_image(redacted, limits=limits) as image:
        last = image.info.frames - 1
        shown = {round(i * last / (_FRAMES_SHOWN - 1)) for i in range(_FRAMES_SHOWN)}
        for frame in image.frames():
            if frame.index in shown:
                regions = plan.regions_of(frame.index)
                outlines = np.array([region.xyxy for region in regions], dtype=np.float32)
                pixels = with_channels(flatten_on_white(narrow(frame.pixels)), 3)
                yield Tile(pixels, outlines.reshape(-1, 4), regions)
