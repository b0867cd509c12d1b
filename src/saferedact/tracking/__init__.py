"""Tracking: from looks at some frames to boxes on every frame.

It promises that nothing a detector saw is lost on the way: a track covers every frame between its
looks, reaches some frames beyond its first and its last one, and each step makes boxes larger or
leaves them as they are. What no look at it believed, after a closer look where a detector can take one
(`Sightings.doubt`), is told apart (`Track.believed`). It does not promise that one track is one person: tracks are for covering.
A cut of the scene ends every track; nothing reaches across it.
"""

from saferedact.tracking.associate import associate
from saferedact.tracking.carry import carry
from saferedact.tracking.cuts import CutFinder
from saferedact.tracking.live import HOLD
from saferedact.tracking.shape import (
    extend,
    fill_gap,
    frames_to_leave,
    simplify,
    smooth_outward,
    steady,
)
from saferedact.tracking.sightings import Doubt, Link, Sightings
from saferedact.tracking.track import Track, boxes_between
from saferedact.tracking.tracker import Tracker

__all__ = [
    "HOLD",
    "CutFinder",
    "Doubt",
    "Link",
    "Sightings",
    "Track",
    "Tracker",
    "associate",
    "boxes_between",
    "carry",
    "extend",
    "fill_gap",
    "frames_to_leave",
    "simplify",
    "smooth_outward",
    "steady",
]
