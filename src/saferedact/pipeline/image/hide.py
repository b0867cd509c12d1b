"""One frame and the groups of regions to hide in it."""

from collections.abc import Sequence

import numpy as np

from saferedact.frames import REVERSIBLE, planes_of, redact_planes
from saferedact.media.base import ImageFrame
from saferedact.plan import RegionGroup

__all__ = ["hide"]


def hide(frame: ImageFrame, groups: Sequence[RegionGroup]) -> None:
    """Hide regions of a frame in place.

    Parameters
    ----------
    frame : ImageFrame
        Its pixels are written; regions grow to whole blocks of its grid.
    groups : sequence of RegionGroup
        From `saferedact.plan.ResolvedPlan.groups`, which has checked that the policy allows each
        operator. No group sees a sample that another one hides: where regions overlap, a sample
        that a safe operator hides is gone before a reversible one reads its surroundings.
    """
    planes = planes_of(frame.pixels)
    safe = [group for group in groups if group.operator not in REVERSIBLE]
    safe.sort(key=lambda group: group.operator == "solid")  # on top of frost
    reversible = [group for group in groups if group.operator in REVERSIBLE]
    # The second time puts back what a reversible group has written into a safe one.
    for group in [*safe, *reversible, *(safe if reversible else ())]:
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
