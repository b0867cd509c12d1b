"""Look at every frame of a picture file and propose what to remove."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from saferedact.errors import LimitExceededError
from saferedact.geometry import clip, dilate, round_outward, widen
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_read import open_image
from saferedact.pipeline.look import Hits, look
from saferedact.pipeline.medium import Search
from saferedact.pipeline.records import detector_records, hidden_data
from saferedact.plan import ImageRegion, MediaRecord, Plan

__all__ = ["detect", "regions_from_hits"]

_MIN_MARGIN = 2.0
"""Least margin around a detection, in pixels: a face of 8 px deserves more than its 30 %."""


def detect(source: Path, search: Search) -> Plan:
    """Look at every frame of a picture file; see `saferedact.detect`."""
    policy = search.policy
    limits = policy.effective_limits()
    with open_image(source, limits=limits) as image:
        digest = image.sha256()
        regions: list[ImageRegion] = []
        width = height = 1
        for frame in image.frames():
            width, height = max(width, frame.size_wh[0]), max(height, frame.size_wh[1])
            hits = look(
                frame.pixels,
                search.detectors,
                policy,
                orientation_known=image.info.orientation is not None,
            )
            regions += regions_from_hits(hits, frame, start=len(regions))
            if len(regions) > limits.max_regions:
                msg = f"more than {limits.max_regions} regions were found"
                raise LimitExceededError(msg)
        media = _media_record(image.info, width, height)
    metadata, scan_record = hidden_data(source, limits)
    return Plan(
        source_sha256=digest,
        policy_sha256=policy.sha256,
        media=media,
        detectors=(*detector_records(search.detectors, policy), scan_record),
        regions=(*regions, *metadata),
    )


def regions_from_hits(
    hits: Iterable[Hits], frame: ImageFrame, *, start: int, needs_review: bool = False
) -> Iterator[ImageRegion]:
    """Turn what detectors found in one frame into regions with the policy's margins.

    Parameters
    ----------
    hits : iterable of Hits
        From `look`.
    frame : ImageFrame
        Where.
    start : int
        Number of regions that the plan has already: ids count on.
    needs_review : bool
        Mark every region, whatever its score.

    Yields
    ------
    ImageRegion
        Proposed; boxes cut at the frame.
    """
    number = start
    for hit in hits:
        grown = dilate(hit.xyxy, hit.rule.dilate, minimum=_MIN_MARGIN)
        if hit.rule.fixed_width > 0:
            grown = widen(grown, hit.rule.fixed_width, size_wh=frame.size_wh)
        boxes = clip(round_outward(grown), frame.size_wh)
        scores = hit.score.tolist()
        for box, score, person_ref in zip(boxes.tolist(), scores, hit.people, strict=True):
            number += 1
            yield ImageRegion(
                id=f"{hit.label}-{number}",
                label=hit.label,
                detector=hit.detector,
                score=round(score, 4),
                needs_review=needs_review or score < hit.rule.review_below,
                operator=hit.rule.operator,
                shape=hit.rule.shape,
                frame=frame.index,
                xyxy=tuple(box),
                person_ref=person_ref,
            )


def _media_record(info: MediaInfo, width: int, height: int) -> MediaRecord:
    return MediaRecord(
        format=info.format,
        width=width,
        height=height,
        frames=info.frames,
        orientation=info.orientation,
    )
