"""A second look at a redacted video: what is neither covered nor given back joins the plan.

The output is watched as the source was (`watch`), half a stretch later, so that it looks at other
frames; a thorough search looks at every one. Its looks see only what no region covers, and what
remains is tracked, so that a repair covers all frames of a thing and not only the one where it was
seen.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.frames import covered_rectangles
from saferedact.geometry import BoxesXYXY, area, covered_fraction, iou_matrix
from saferedact.media.video_base import VideoInfo, chroma_grid
from saferedact.media.video_frame import VideoFrame
from saferedact.pipeline.medium import Remains, Search
from saferedact.pipeline.video.detect import region_of
from saferedact.pipeline.video.looking import Looker, rules_of, tracker_for, watcher_for
from saferedact.pipeline.video.watch import STRIDE, SURE
from saferedact.pipeline.video.watched import Shown, watched
from saferedact.plan import Plan, ResolvedPlan, TrackRegion
from saferedact.report import Finding, Location
from saferedact.tracking import CutFinder, Sightings, Track, boxes_between

__all__ = ["SecondLook"]

_COVERED = 0.9
"""A box found on the output counts as covered if this share of it lies under regions: what the
detector saw is then our own cover."""

_SAME = 0.3  # IoU with a rejected region of its label from which a sighting is what was given back

_MIXED = 0.3
_FAINT = 1 / 3
"""A box of which this share is our own cover is a mixture: detectors take covers beside clothes for
heads. It counts only if the original, looked at down to this share of the least score, shows
something there that is not hidden."""


class SecondLook:
    """Shows the frames of an output to the detectors, and keeps what is neither covered nor given back.

    Parameters
    ----------
    resolved : ResolvedPlan
        What was hidden, under which policy.
    search : Search
        Who looks for what.
    info : VideoInfo
        What the original is.
    """

    def __init__(self, resolved: ResolvedPlan, search: Search, info: VideoInfo) -> None:
        self._size_wh = info.upright_size_wh
        self._resolved, self._search = resolved, search
        self._judge = _Judge(Looker(search, self._size_wh), resolved, info)
        self._tracker = tracker_for(search, self._size_wh)
        self._watcher = watcher_for(
            self._judge,
            self._tracker,
            info,
            phase=STRIDE // 2,
            every_frame=search.thorough,
            glance=self._judge.looker.glance,
        )
        self._cuts = CutFinder()
        self._times = [0] * (resolved.plan.media.part or (0,))[0]

    def add(self, original: VideoFrame | None, result: VideoFrame | None) -> None:
        """Take the next frames; where one is missing, which is a fault of its own, nothing is seen."""
        if original is None or result is None:
            return
        self._times.append(original.pts)
        result.index = original.index
        self._judge.add(original)
        self._watcher.push(watched(result, self._size_wh, self._cuts))

    def finish(self) -> Remains:
        """End with the last frame.

        Returns
        -------
        Remains
            Tracks that were seen surely, or in several looks, as regions; the others, and what every look
            left in doubt, as warnings.
        """
        self._watcher.finish()
        self._judge.looker.rest()
        found = list(self._tracker.finished())
        rules = rules_of(self._search)
        sure = [t for t in found if t.believed and (t.score >= SURE or t.seen > 1)]
        start = len(self._resolved.plan.visible_regions()) + 1
        regions = [
            region_of(
                track,
                rules[track.label],
                number=start + place,
                size_wh=self._size_wh,
                times=self._times,
                needs_review=True,
            )
            for place, track in enumerate(sure)
        ]
        warnings = tuple(map(_warning, (track for track in found if track not in sure)))
        frames = len(self._times) - (self._resolved.plan.media.part or (0,))[0]
        return Remains(
            tuple(regions),
            warnings,
            self._search.asked,
            extent=f"{self._watcher.looks} of {frames} frames",
            thorough=self._search.thorough,
        )


class _Judge:
    """Looks at frames of the output, and sees only what is left there."""

    def __init__(self, looker: Looker, resolved: ResolvedPlan, info: VideoInfo) -> None:
        self.looker = looker
        self._resolved = resolved
        self._info = info
        self._given_back = _given_back(resolved.plan)
        self._originals: dict[int, VideoFrame] = {}

    def add(self, original: VideoFrame) -> None:
        """Keep a frame of the source as long as its copy may be looked at."""
        self._originals[original.index] = original
        self._originals.pop(original.index - 2 * STRIDE, None)

    def __call__(self, frame: Shown, size_wh: tuple[int, int], everybody: bool) -> Sightings:
        seen = self.looker(frame, size_wh, everybody)
        cover = self._cover(frame.index)
        share = covered_fraction(seen.xyxy, cover)
        left = (share < _COVERED) & ~self._exempt(seen)
        mixed = left & (share >= _MIXED)
        if mixed.any():
            left &= ~mixed | self._on_the_original(seen, frame.index, cover, size_wh)
        return seen.only(left)

    def _cover(self, frame: int) -> BoxesXYXY:
        info = self._info
        grid = chroma_grid(info.subsampling, interlaced=self._originals[frame].interlaced)
        parts = [
            info.to_upright(
                covered_rectangles(
                    info.size_wh, info.to_stored(group.xyxy), shape=group.shape, grid=grid
                ).astype(np.float32)
            )
            for group in self._resolved.groups(frame)
        ]
        return np.concatenate([np.empty((0, 4), np.float32), *parts])

    def _exempt(self, seen: Sightings) -> npt.NDArray[np.bool_]:
        """Mark what a person gave back."""
        exempt = np.zeros(len(seen.xyxy), dtype=np.bool_)
        labels = np.array([self.looker.kinds[kind][0] for kind in seen.kind.tolist()], dtype=object)
        for label, frames, boxes in self._given_back:
            if not frames[0] <= seen.frame <= frames[-1]:
                continue
            box = boxes_between(frames, boxes, np.array([seen.frame], dtype=np.int64))
            inside = covered_fraction(seen.xyxy, box) >= _COVERED
            same = iou_matrix(seen.xyxy, box)[:, 0] >= _SAME
            exempt |= (labels == label) & (inside | same)
        return exempt

    def _on_the_original(
        self, seen: Sightings, frame: int, cover: BoxesXYXY, size_wh: tuple[int, int]
    ) -> npt.NDArray[np.bool_]:
        """Mark boxes where the original shows something that is not hidden."""
        hits = self.looker.hits(
            self._originals[frame], size_wh, _FAINT, everybody=seen.asked is None
        )
        there = np.concatenate([np.empty((0, 4), np.float32), *(hit.xyxy for hit in hits)])
        there = there[(covered_fraction(there, cover) < _COVERED) & (area(there) > 0)]
        return np.asarray((iou_matrix(seen.xyxy, there) >= _SAME).any(axis=1))


def _given_back(plan: Plan) -> list[tuple[str, npt.NDArray[np.int64], BoxesXYXY]]:
    found = []
    for region in plan.visible_regions():
        if region.decision != "rejected":
            continue
        frames: Sequence[int] = (region.place[0],)
        boxes: Sequence[Sequence[float]] = (region.place[1],)
        if isinstance(region, TrackRegion):
            frames, boxes = region.frame, region.xyxy
        found.append((region.label, np.array(frames, np.int64), np.array(boxes, np.float32)))
    return found


def _warning(track: Track) -> Finding:
    middle = len(track.frame) // 2
    return Finding(
        rule_id="VF-04",
        level="WARN",
        message=f"perhaps a {track.label} that is not covered (needs review)",
        location=Location(
            frame=int(track.frame[middle]), xyxy=tuple(np.round(track.xyxy[middle]).tolist())
        ),
        next_step="look at the place; if it shows something, add a box to the plan",
        source=track.detector,
    )
