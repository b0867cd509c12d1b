"""The plan: what is to be removed from a source, as an editable, versioned file.

`saferedact.plan.model` holds the rules that every plan keeps (with `regions` and `fields`), `codec`
reads and writes plans, `edit` changes them, and `resolve` turns them into arrays.
"""

from saferedact.plan.codec import dump_plan, load_plan, save_plan
from saferedact.plan.model import DetectorRecord, MediaRecord, Plan
from saferedact.plan.regions import (
    PERSON,
    ImageRegion,
    MetadataRegion,
    PageRegion,
    Region,
    TrackRegion,
    VisibleRegion,
)
from saferedact.plan.resolve import RegionGroup, ResolvedPlan, resolve_frame, resolve_plan

__all__ = [
    "PERSON",
    "DetectorRecord",
    "ImageRegion",
    "MediaRecord",
    "MetadataRegion",
    "PageRegion",
    "Plan",
    "Region",
    "RegionGroup",
    "ResolvedPlan",
    "TrackRegion",
    "VisibleRegion",
    "dump_plan",
    "load_plan",
    "resolve_frame",
    "resolve_plan",
    "save_plan",
]
