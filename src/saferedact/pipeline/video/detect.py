"""The first pass over a video: look, track, and propose what to hide."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from saferedact.errors import DamagedInputError, InputError, LimitExceededError
from saferedact.geometry import BoxesXYXY, dilate, round_outward, widen
from saferedact.media.video_base import Damage, VideoInfo
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_read import VideoSource, open_video
from saferedact.pipeline.medium import Search
from saferedact.pipeline.progress import told
from saferedact.pipeline.records import detector_records, hidden_data
from saferedact.pipeline.video.checksums import FrameSums
from saferedact.pipeline.video.looking import Looker, rules_of, tracker_for, watcher_for
from saferedact.pipeline.video.resume import keep_plan, kept_plan
from saferedact.pipeline.video.watched import watched
from saferedact.plan import MediaRecord, Plan, TrackRegion
from saferedact.policy_tables import LabelRule
from saferedact.tracking import CutFinder, Track, simplify

__all__ = ["damage_regions", "detect", "region_of"]

DAMAGED = "damaged-frame"
"""Label and detector of regions that cover whole frames because their pictures cannot be trusted."""

_MIN_MARGIN = 2.0
"""Least margin around a detection, in pixels, as for pictures."""

_TOLERANCE_SHARE = 0.03
_LEAST_TOLERANCE = 1.5
"""How far an edge may lie outside of where it must be, as a share of the box's longer side and in
pixels, so that a plan holds a few boxes of a track and not one for each frame: a tenth of the
default margins."""


def detect(source: Path, search: Search) -> Plan:
    """Look at a whole video and propose what to hide; see `saferedact.detect`."""
    policy = search.policy
    limits = policy.effective_limits()
    with open_video(source, limits) as video:
        digest = video.sha256()
        kept = kept_plan(digest, search)
        if kept is not None:
            return kept
        regions, reading = _regions(video, search)
        damage = video.damage
        if damage.is_damaged and policy.video.on_damage == "refuse":
            msg = "the video is damaged or not complete, and the policy refuses such videos"
            raise DamagedInputError(msg)
        regions += damage_regions(damage, video.info, reading)
        if len(regions) > limits.max_regions:
            msg = f"more than {limits.max_regions} tracks were found"
            raise LimitExceededError(msg)
        media = _media_record(video.info, reading, is_part=search.part is not None)
    metadata, scan_record = hidden_data(source, limits)
    plan = Plan(
        source_sha256=digest,
        policy_sha256=policy.sha256,
        media=media,
        detectors=(*detector_records(search.detectors, policy), scan_record),
        regions=(*regions, *metadata),
    )
    keep_plan(plan)
    return plan


@dataclass(slots=True)
class _Reading:
    """What one reading of a video gives beside tracks."""

    times: list[int] = field(default_factory=list)
    first: int = 0
    sums: tuple[str, ...] = ()

    def frames(self, video: VideoSource, part: tuple[float, float] | None) -> Iterator[VideoFrame]:
        """Yield the frames of a part, and note the times of all up to its end."""
        start_s, end_s = part or (0.0, math.inf)
        sums = FrameSums()
        total = None if part else video.info.frames_declared
        self.first = -1
        for frame in told("look", video.frames(), total):
            since_s = float((frame.pts - (self.times or [frame.pts])[0]) * frame.time_base)
            if since_s >= end_s:
                break
            self.times.append(frame.pts)
            if since_s >= start_s:
                self.first = frame.index if self.first < 0 else self.first
                sums.add(frame)
                yield frame
        if self.first < 0:
            msg = "the video has no frame in the part that was asked for"
            raise InputError(msg)
        self.sums = sums.finish()


def _regions(video: VideoSource, search: Search) -> tuple[list[TrackRegion], _Reading]:
    """Read the video once; return what was found, and what was read."""
    info = video.info
    size_wh = info.upright_size_wh
    looker, tracker = Looker(search, size_wh), tracker_for(search, size_wh)
    watcher = watcher_for(looker, tracker, info, glance=looker.glance)
    rules = rules_of(search)
    cuts, reading = CutFinder(), _Reading()
    regions: list[TrackRegion] = []

    def take_finished() -> None:
        for track in filter(lambda track: track.believed, tracker.finished()):
            regions.append(
                region_of(
                    track,
                    rules[track.label],
                    number=len(regions) + 1,
                    size_wh=size_wh,
                    times=reading.times,
                )
            )

    for frame in reading.frames(video, search.part):
        watcher.push(watched(frame, size_wh, cuts))
        take_finished()
    watcher.finish()
    looker.rest()
    take_finished()
    return regions, reading


def region_of(
    track: Track,
    rule: LabelRule,
    *,
    number: int,
    size_wh: tuple[int, int],
    times: Sequence[int],
    needs_review: bool = False,
) -> TrackRegion:
    """Turn a track of tight boxes into a region with the policy's margins.

    Parameters
    ----------
    track : Track
        Boxes of consecutive frames.
    rule : LabelRule
        Margins and operator.
    number : int
        For the id.
    size_wh : (int, int)
        Upright coded size of the frames; boxes are cut about there.
    times : sequence of int
        `pts` of each frame of the clip so far.
    needs_review : bool
        Mark it, whatever its score.
    """
    grown = dilate(track.xyxy, rule.dilate, minimum=_MIN_MARGIN)
    boxes = _within(_widened(grown, rule.fixed_width, size_wh), size_wh)
    side = float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)))
    index, kept = simplify(boxes, max(_LEAST_TOLERANCE, _TOLERANCE_SHARE * side))
    # Not cut at the frame: what moves along an edge would be hidden less between two of these boxes.
    frames = track.frame[index]
    return TrackRegion(
        id=f"{track.label}-{number}",
        label=track.label,
        detector=track.detector,
        score=round(track.score, 4),
        needs_review=needs_review or track.score < rule.review_below,
        operator=rule.operator,
        shape=rule.shape,
        frame=tuple(frames.tolist()),
        xyxy=tuple(map(tuple, round_outward(kept).tolist())),
        pts=(times[int(frames[0])], times[int(frames[-1])]),
        person_ref=track.person_ref,
    )


def _widened(xyxy: BoxesXYXY, heights: float, size_wh: tuple[int, int]) -> BoxesXYXY:
    """Make the boxes of a track of one width, a multiple of so many of their usual height; 0 leaves them."""
    if heights == 0:
        return xyxy
    width, height = (xyxy[:, 2:] - xyxy[:, :2]).T
    usual = np.array([[0, 0, width.max(), np.median(height)]], dtype=np.float32)
    left, _, right, _ = widen(usual, heights, size_wh=size_wh)[0]
    start = np.minimum(xyxy[:, 0], max(size_wh[0] - (right - left), 0))
    end = np.maximum(start + (right - left), xyxy[:, 2])
    return np.stack([start, xyxy[:, 1], end, xyxy[:, 3]], axis=1).astype(np.float32)


def _within(xyxy: BoxesXYXY, size_wh: tuple[int, int]) -> BoxesXYXY:
    """Cut boxes at the frame; one that has left it keeps a pixel at the edge where it went."""
    width, height = size_wh
    low = np.clip(xyxy[:, :2], 0, (width - 1, height - 1))
    high = np.clip(xyxy[:, 2:], 1, (width, height))
    return np.concatenate([low, np.maximum(high, low + 1)], axis=1).astype(np.float32)


def damage_regions(damage: Damage, info: VideoInfo, reading: _Reading) -> Iterator[TrackRegion]:
    """Cover the frames that are damaged, whole: what they show is not known.

    Parameters
    ----------
    damage : Damage
        Of a pass that was read to its end.
    info : VideoInfo
        Gives the size.
    reading : _Reading
        Times of the frames.

    Yields
    ------
    TrackRegion
        One for each run of damaged frames, accepted.
    """
    times = reading.times
    suspect = damage.suspect[(damage.suspect >= reading.first) & (damage.suspect < len(times))]
    if not suspect.size:
        return
    width, height = map(float, info.upright_size_wh)
    runs = np.split(suspect, np.flatnonzero(np.diff(suspect) > 1) + 1)
    for number, run in enumerate(runs, start=1):
        ends = sorted({int(run[0]), int(run[-1])})
        yield TrackRegion(
            id=f"{DAMAGED}-{number}",
            label=DAMAGED,
            detector=DAMAGED,
            score=1.0,
            operator="solid",
            decision="accepted",
            frame=tuple(ends),
            xyxy=((0.0, 0.0, width, height),) * len(ends),
            pts=(times[ends[0]], times[ends[-1]]),
        )


def _media_record(info: VideoInfo, reading: _Reading, *, is_part: bool) -> MediaRecord:
    width, height = info.upright_size_wh
    times = reading.times[reading.first :]
    span = times[-1] - times[0]
    duration = float(info.time_base) * (span + span / max(len(times) - 1, 1))
    return MediaRecord(
        kind="video",
        format=info.container,
        width=width,
        height=height,
        frames=len(reading.times),
        orientation=info.orientation,
        time_base=(info.time_base.numerator, info.time_base.denominator),
        duration=round(duration, 6),
        part=(reading.first, len(reading.times)) if is_part else None,
        checksums=reading.sums,
    )
