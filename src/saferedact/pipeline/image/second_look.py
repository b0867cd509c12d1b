"""A second look: show the output to the detectors, and keep what is neither covered nor given back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.frames import covered_rectangles
from saferedact.geometry import BoxesXYXY, area, covered_fraction, iou_matrix
from saferedact.media.base import ImageFrame
from saferedact.media.image_read import open_image
from saferedact.pipeline.image.detect import regions_from_hits
from saferedact.pipeline.look import Hits, look
from saferedact.pipeline.medium import Remains, Search
from saferedact.plan import ImageRegion, Plan, RegionGroup, ResolvedPlan
from saferedact.report import Finding, Location

__all__ = ["look_again"]

_WEAKER = 0.8
"""Share of the policy's least score down to which a second look is reported as a warning."""

_COVERED = 0.9
"""A box found on the output counts as covered if this share of it lies under regions: what the
detector saw is then our own cover. The share at which development figures count a face as hidden."""

_SAME = 0.3
_SAME_INSIDE = 6
"""A box is the thing that a person gave back if it overlaps a rejected region of its label by this
IoU, or lies inside one that is at most so many times as large: the default margins make a region 2.9
times its face, and a second look may draw the face smaller."""


_MIXED = 0.3
_FAINT = 1 / 3
"""A box of which this share is our own cover is a mixture: detectors take covers beside clothes for
heads. It counts as found only if the original, looked at down to this share of the least score, shows
something there that is not hidden; else it is a warning. Without this rule one picture of eight lost
a large part to covers of covers."""

_NO_BOXES = np.empty((0, 4), dtype=np.float32)


def look_again(source: Path, redacted: Path, resolved: ResolvedPlan, search: Search) -> Remains:
    """Show the output to the detectors, and keep what is neither covered nor given back.

    Parameters
    ----------
    source, redacted : Path
        The original, for its block grid, and the output.
    resolved : ResolvedPlan
        What was hidden, under which policy.
    search : Search
        Who looks, and for what.

    Returns
    -------
    Remains
        New regions and warnings.

    Raises
    ------
    InputError, DetectorError
        As `verify`.
    """
    plan, policy = resolved.plan, search.policy
    limits = policy.effective_limits()
    regions: list[ImageRegion] = []
    warnings: list[Finding] = []
    given_back = _given_back(plan)
    count = sum(isinstance(region, ImageRegion) for region in plan.regions)
    with open_image(source, limits=limits) as before, open_image(redacted, limits=limits) as after:
        known = before.info.orientation is not None
        look_at = partial(look, detectors=search.detectors, policy=policy, orientation_known=known)
        # Another number of frames is a fault that `prove` reports.
        for original, frame in zip(before.frames(), after.frames(), strict=False):
            cover = _cover(resolved.groups(frame.index), original)
            exempt = given_back.get(frame.index, {})
            for found, unsure in _judged(original, frame, cover, exempt, look_at):
                start = count + len(regions)
                regions += regions_from_hits([found], frame, start=start, needs_review=True)
                warnings += _warnings(unsure, frame)
    return Remains(tuple(regions), tuple(warnings), search.asked)


def _judged(
    original: ImageFrame,
    frame: ImageFrame,
    cover: BoxesXYXY,
    exempt: Mapping[str, BoxesXYXY],
    look_at: Callable[..., Iterator[Hits]],
) -> Iterator[tuple[Hits, Hits]]:
    """Yield, for each label and detector, what is found and what is only to be told."""
    faint: list[Hits] | None = None
    for hit in look_at(frame.pixels, share=_WEAKER):
        left = _left_over(hit, cover, exempt.get(hit.label, _NO_BOXES))
        found = left.score >= np.float32(hit.rule.min_score)
        mixed = covered_fraction(left.xyxy, cover) >= _MIXED
        if (found & mixed).any():
            if faint is None:  # seldom needed, and as dear as the first look
                faint = list(look_at(original.pixels, share=_FAINT))
            found = found & (~mixed | _on_the_original(left, faint, cover))
        yield _choose(left, found), _choose(left, ~found)


def _given_back(plan: Plan) -> dict[int, dict[str, BoxesXYXY]]:
    """Boxes that a person rejected, by frame and label."""
    boxes: dict[int, dict[str, list[tuple[float, float, float, float]]]] = {}
    for region in plan.regions:
        if isinstance(region, ImageRegion) and region.decision == "rejected":
            labels = boxes.setdefault(region.frame, {})
            labels.setdefault(region.label, []).append(region.xyxy)
    return {
        frame: {label: np.array(found, dtype=np.float32) for label, found in labels.items()}
        for frame, labels in boxes.items()
    }


def _cover(groups: Sequence[RegionGroup], frame: ImageFrame) -> BoxesXYXY:
    """Rectangles that together are what the regions of a frame really cover, ellipses too."""
    parts = [
        covered_rectangles(frame.size_wh, group.xyxy, shape=group.shape, grid=frame.grid)
        for group in groups
    ]
    return np.concatenate([_NO_BOXES, *parts]).astype(np.float32)


def _left_over(hit: Hits, cover: BoxesXYXY, exempt: BoxesXYXY) -> Hits:
    new = covered_fraction(hit.xyxy, cover) < _COVERED
    if len(exempt):
        size = area(hit.xyxy)[:, None]
        overlap = iou_matrix(hit.xyxy, exempt)
        # IoU and both areas give the intersection: i = o (a + b) / (1 + o).
        shared = overlap * (size + area(exempt)) / (1 + overlap)
        inside = (shared >= _COVERED * size) & (area(exempt) <= _SAME_INSIDE * size)
        new &= ~((overlap >= _SAME) | inside).any(axis=1)
    return _choose(hit, new)


def _on_the_original(hit: Hits, faint: Sequence[Hits], cover: BoxesXYXY) -> npt.NDArray[np.bool_]:
    """Mark the boxes where the original shows something of the label that is not hidden."""
    seen = np.concatenate([_NO_BOXES, *(other.xyxy for other in faint if other.label == hit.label)])
    seen = seen[covered_fraction(seen, cover) < _COVERED]
    return np.asarray((iou_matrix(hit.xyxy, seen) >= _SAME).any(axis=1))


def _choose(hit: Hits, chosen: npt.NDArray[np.bool_]) -> Hits:
    return hit.at(hit.xyxy, chosen)


def _warnings(hit: Hits, frame: ImageFrame) -> list[Finding]:
    return [
        Finding(
            rule_id="VF-04",
            level="WARN",
            message=f"perhaps a {hit.label} that is not covered (needs review)",
            location=Location(frame=frame.index, xyxy=tuple(box)),
            next_step="look at the place; if it shows something, add a box to the plan",
            source=hit.detector,
        )
        for box in np.round(hit.xyxy).astype(float).tolist()
    ]
