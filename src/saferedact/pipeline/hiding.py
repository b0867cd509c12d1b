"""Groups of regions on the planes of one frame, in an order in which none sees what another hides."""

from collections.abc import Sequence

import numpy as np

from saferedact.frames import REVERSIBLE, FramePlanes, redact_planes
from saferedact.geometry import BoxesXYXY, Grid
from saferedact.plan import RegionGroup

__all__ = ["hide_groups"]


def hide_groups(
    planes: FramePlanes, groups: Sequence[RegionGroup], boxes: Sequence[BoxesXYXY], grid: Grid
) -> None:
    """Hide regions of a frame in place.

    Parameters
    ----------
    planes : FramePlanes
        Written in place.
    groups : sequence of RegionGroup
        From `saferedact.plan.ResolvedPlan.groups`, which has checked that the policy allows each
        operator. No group sees a sample that another one hides: where regions overlap, a sample
        that a safe operator hides is gone before a reversible one reads its surroundings.
    boxes : sequence of ndarray, shape (n, 4), float32
        For each group, its boxes in pixels of the planes.
    grid : Grid
        Block grid of the source in pixels of the planes; regions grow to whole blocks.
    """
    pairs = list(zip(groups, boxes, strict=True))
    safe = [pair for pair in pairs if pair[0].operator not in REVERSIBLE]
    safe.sort(key=lambda pair: pair[0].operator == "solid")  # on top of frost
    reversible = [pair for pair in pairs if pair[0].operator in REVERSIBLE]
    # The second time puts back what a reversible group has written into a safe one.
    for group, xyxy in [*safe, *reversible, *(safe if reversible else ())]:
        others = [other for rival, other in pairs if rival is not group]
        redact_planes(
            planes,
            xyxy,
            operator=group.operator,
            shape=group.shape,
            grid=grid,
            color=group.color,
            seeds=group.seeds,
            keep_out=np.concatenate(others) if others else None,
            allow_reversible=group.operator in REVERSIBLE,
        )
