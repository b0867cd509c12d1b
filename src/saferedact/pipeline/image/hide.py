"""One picture and the groups of regions to hide in it."""

from collections.abc import Sequence

from saferedact.frames import planes_of
from saferedact.media.base import ImageFrame
from saferedact.pipeline.hiding import hide_groups
from saferedact.plan import RegionGroup

__all__ = ["hide"]


def hide(frame: ImageFrame, groups: Sequence[RegionGroup]) -> None:
    """Hide regions of a picture in place.

    Parameters
    ----------
    frame : ImageFrame
        Its pixels are written; regions grow to whole blocks of its grid.
    groups : sequence of RegionGroup
        From `saferedact.plan.ResolvedPlan.groups`.
    """
    boxes = [group.xyxy for group in groups]
    hide_groups(planes_of(frame.pixels), groups, boxes, frame.grid)
