"""Resolving a plan loses no region, hides no rejected one, and gives stable seeds."""

from itertools import pairwise

import numpy as np
from hypothesis import given

from saferedact.plan import ImageRegion, edit, resolve_frame, resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.plans import plans

RELEASE = load_policy("release")


def permitted(plan):
    """Give every region an operator that every policy allows, but keep two kinds of them."""
    images = plan.visible_regions()
    for operator, ids in (
        ("solid", [r.id for r in images if r.operator in ("solid", "mosaic")]),
        ("frost", [r.id for r in images if r.operator in ("frost", "blur")]),
    ):
        plan = edit.set_operator(plan, ids, operator)
    return plan


@given(plans())
def test_every_region_that_is_not_rejected_is_in_exactly_one_group(plan):
    plan = permitted(plan)
    resolved = resolve_plan(plan, policy=RELEASE)
    seen = []
    for frame in range(plan.media.frames):
        groups = resolved.groups(frame)
        assert len({(g.operator, g.shape, g.color) for g in groups}) == len(groups)
        for group in groups:
            assert len(group) > 0
            rows = zip(group.ids, group.xyxy.tolist(), strict=True)
            seen += [(frame, name, tuple(xyxy), group.operator, group.shape) for name, xyxy in rows]
    expected = [
        (frame, region.id, box, region.operator, region.shape)
        for region in plan.visible_regions()
        if region.decision != "rejected"
        for frame, box in places(region)
    ]
    assert sorted(seen) == sorted(expected)


def places(region):
    """Frames and boxes of a region, by a plain loop."""
    if isinstance(region, ImageRegion):
        return [(region.frame, region.xyxy)]
    ends = list(zip(region.frame, region.xyxy, strict=True))
    found = [ends[0]]
    for (f, a), (g, b) in pairwise(ends):
        for frame in range(f + 1, g + 1):
            share = (frame - f) / (g - f)
            box = [(1 - share) * x + share * y for x, y in zip(a, b, strict=True)]
            found.append((frame, tuple(float(np.float32(value)) for value in box)))
    return found


@given(plans(min_regions=1))
def test_seeds_depend_on_the_region_alone(plan):
    """Not on the source: its digest would tell what is hidden."""
    plan = permitted(plan)
    other = plan.model_copy(update={"source_sha256": plan.source_sha256[::-1] + "0"})
    reordered = plan.model_copy(update={"regions": plan.regions[::-1]})
    seeds = seeds_of(plan)
    assert seeds_of(reordered) == seeds
    assert len(set(seeds.values())) == len(seeds)
    assert seeds_of(other) == seeds


def seeds_of(plan):
    return {
        name: int(seed)
        for frame in range(plan.media.frames)
        for group in resolve_frame(plan, frame, policy=RELEASE)
        for name, seed in zip(group.ids, group.seeds, strict=True)
    }


@given(plans())
def test_groups_hold_read_only_columns_of_equal_length(plan):
    plan = permitted(plan)
    for group in resolve_frame(plan, 0, policy=RELEASE):
        assert group.xyxy.shape == (len(group), 4)
        assert group.xyxy.dtype == np.float32
        assert group.seeds.shape == (len(group),)
        assert group.seeds.dtype == np.uint64
        assert not group.xyxy.flags.writeable
        assert not group.seeds.flags.writeable
