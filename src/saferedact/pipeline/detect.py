"""Detect: look at a source under a policy and propose what to remove, as a plan."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import saferedact
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.registry import record_of, resolve_detectors
from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError
from saferedact.geometry import clip, dilate, round_outward
from saferedact.limits import Limits
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.image_read import open_image
from saferedact.pipeline.look import Hits, look
from saferedact.plan import DetectorRecord, ImageRegion, MediaRecord, MetadataRegion, Plan
from saferedact.policy import Policy, load_policy

__all__ = ["detect", "regions_from_hits"]

_METADATA = "metadata"
_SCAN = "hidden-data"

_MIN_MARGIN = 2.0
"""Least margin around a detection, in pixels: a face of 8 px deserves more than its 30 %."""


def detect(
    source: str | Path,
    *,
    policy: str | Path | Policy = "release",
    detectors: Sequence[ImageDetector | str] | None = None,
) -> Plan:
    """Look at a file under a policy and propose what to remove.

    Nothing is written. Every frame is looked at by every detector; what any of them proposes is in
    the plan (nothing vetoes), with the policy's margins, and marked for review where it is not sure.

    Parameters
    ----------
    source : str or Path
        A still image, animation or multi-page TIFF. Opened read-only.
    policy : str or Path or Policy
        Name of a built-in policy, path of a policy file, or a policy.
    detectors : sequence of ImageDetector or str, optional
        Who looks; see `saferedact.detectors.registry.resolve_detectors`.

    Returns
    -------
    Plan
        Complete: a label of the policy that no detector looked for is recorded as such.

    Raises
    ------
    InputError
        If the source or the policy cannot be used.
    LimitExceededError
        If the source is larger than the limits.
    DetectorError
        If a detector cannot be loaded or fails.
    """
    policy = load_policy(policy)
    limits = policy.effective_limits()
    path = Path(source)
    with open_image(path, limits=limits) as image:
        digest = image.sha256()
        looking = resolve_detectors(detectors, policy)
        regions: list[ImageRegion] = []
        width = height = 1
        for frame in image.frames():
            width, height = max(width, frame.size_wh[0]), max(height, frame.size_wh[1])
            hits = look(
                frame.pixels,
                looking,
                policy,
                orientation_known=image.info.orientation is not None,
            )
            regions += regions_from_hits(hits, frame, start=len(regions))
            if len(regions) > limits.max_regions:
                msg = f"more than {limits.max_regions} regions were found"
                raise LimitExceededError(msg)
        media = _media_record(image.info, width, height)
    records = _detector_records(looking, policy)
    metadata, scan_record = _hidden_data(path, limits)
    return Plan(
        source_sha256=digest,
        policy_sha256=policy.sha256,
        media=media,
        detectors=(*records, scan_record),
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
        boxes = clip(round_outward(grown), frame.size_wh)
        for box, score in zip(boxes.tolist(), hit.score.tolist(), strict=True):
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
            )


def _media_record(info: MediaInfo, width: int, height: int) -> MediaRecord:
    return MediaRecord(
        format=info.format,
        width=width,
        height=height,
        frames=info.frames,
        orientation=info.orientation,
    )


def _detector_records(
    detectors: Sequence[ImageDetector], policy: Policy
) -> Iterator[DetectorRecord]:
    """Record who looked, who had nothing to look for, and labels that nobody looked for."""
    seen: set[str] = set()
    for detector in detectors:
        record = record_of(detector)
        seen.update(record.labels)
        if policy.labels.keys().isdisjoint(record.labels):
            update = {"status": "not_available", "reason": "labels-not-in-policy"}
            record = record.model_copy(update=update)
        yield record
    for label in policy.labels:
        if label not in seen:
            yield DetectorRecord(
                name=label,
                version=saferedact.__version__,
                labels=(label,),
                status="not_available",
                reason="no-detector",
            )


def _hidden_data(path: Path, limits: Limits) -> tuple[list[MetadataRegion], DetectorRecord]:
    """List what the file hides beside its pixels; a new file never takes any of it over."""
    try:
        items = scan_hidden_data(path, limits=limits)
    except (DamagedInputError, UnsupportedFormatError, LimitExceededError):
        # Decoders forgive more than the scan does. Nothing is lost: the list is for people to read,
        # and the output is built from pixels alone and scanned itself.
        return [], _scan_record("not_available", "container-not-understood")
    regions = [
        MetadataRegion(
            id=f"{_METADATA}-{number}",
            label=_METADATA,
            detector=_SCAN,
            score=1.0,
            channel=item.channel,
            offset=item.offset,
            length=item.length,
        )
        for number, item in enumerate(items, start=1)
    ]
    return regions, _scan_record("ran", None)


def _scan_record(status: str, reason: str | None) -> DetectorRecord:
    return DetectorRecord.model_validate(
        {
            "name": _SCAN,
            "version": saferedact.__version__,
            "labels": (_METADATA,),
            "status": status,
            "reason": reason,
        }
    )
