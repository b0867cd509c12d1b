"""One frame and the groups of regions to hide in it."""

from collections.abc import Sequence

import numpy as np

from saferedact.frames import REVERSIBLE, planes_of, redact_planes
from saferedact.media.base import ImageFrame
from saferedact.plan import RegionGroup

__all__ = ["hide"]

_STRENGTH = {"mosaic": 0, "blur": 0, "frost": 1, "solid": 2}
"""Order of operators within a frame: where regions overlap, the one that hides most comes last."""


def hide(frame: ImageFrame, groups: Sequence[RegionGroup]) -> None:
    """Hide regions of a frame in place.

    Parameters
    ----------
    frame : ImageFrame
        Its pixels are written; regions grow to whole blocks of its grid.
    groups : sequence of RegionGroup
        From `saferedact.plan.ResolvedPlan.groups`, which has checked that the policy allows each
        operator. No group sees a sample that another one hides, except where a reversible one
        overlaps it.
    """
    planes = planes_of(frame.pixels)
    for group in sorted(groups, key=lambda group: _STRENGTH[group.operator]):
        others = [other.xyxy for other in groups if other is not group]
        redact_planes(
            planes,
            group.xyxy,
            operator=group.operator,
            shape=group.shape,
            grid=frame.grid,
            color=group.color,
            seeds=group.seeds,
            keep_out=np.concatenate(others) if others else None,
            allow_reversible=group.operator in REVERSIBLE,
        )
