"""The plan: what is to be removed from one source, as an editable, versioned file.

The models hold the rules that every plan keeps. They say nothing about how a file is read
(`saferedact.plan.codec`) or how a plan becomes arrays (`saferedact.plan.resolve`).
"""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferedact.documents import Document, Loc, at_most, field_names, rule, rules
from saferedact.plan.fields import Count, FrameNumber, Name, Sha256, Version
from saferedact.plan.regions import (
    ImageRegion,
    MetadataRegion,
    PageRegion,
    Region,
    TrackRegion,
    VisibleRegion,
)

__all__ = [
    "CHECKSUM_FRAMES",
    "PLAN_FIELDS",
    "DetectorRecord",
    "MediaRecord",
    "Plan",
    "cross_faults",
]

CHECKSUM_FRAMES = 256
"""Frames that one checksum stands for: eight seconds, and 10 KB in the plan of a two-hour video."""

_MAX_CHECKSUMS = 2**16  # 16 million frames: more than the limits on videos allow
_MAX_DETECTORS = 64  # a plan records one union of detectors; there are fewer than ten
_MAX_LABELS = 256  # of one detector; the largest common catalogues of objects have about 90


class MediaRecord(Document):
    """What the source is: enough to see that a plan and a file belong together.

    Parameters
    ----------
    kind : {"image", "video", "pdf"}
        Kind of material.
    format : str
        Name of the container in capitals, as ``JPEG``.
    width, height : int
        Size of a frame in upright pixels; of the largest page in points, rounded up.
    frames : int
        Number of frames or pages.
    orientation : int or None
        EXIF orientation as stored, 1 to 8; None if the file says nothing.
    time_base : (int, int) or None
        Numerator and denominator of the seconds in a unit of `pts`; of a video only.
    duration : float or None
        Seconds from the first frame of a video to the end of its last one.
    part : (int, int) or None
        Of a plan that is about a part of a video: ordinals of its first frame and of the one after
        its last; `frames` is the latter then.
    checksums : tuple of str
        Of a video: for each `CHECKSUM_FRAMES` frames, what reading it again must give.
    """

    kind: Literal["image", "video", "pdf"] = "image"
    format: Annotated[str, Field(pattern="^[A-Z0-9_]{1,16}$")]
    width: Count
    height: Count
    frames: Count
    orientation: Annotated[int, Field(ge=1, le=8)] | None = None
    time_base: Annotated[tuple[Count, Count], Field(strict=False)] | None = None
    duration: Annotated[float, Field(ge=0)] | None = None
    part: Annotated[tuple[FrameNumber, FrameNumber], Field(strict=False)] | None = None
    checksums: Annotated[
        tuple[Annotated[str, Field(pattern="^[0-9a-f]{8}$")], ...],
        Field(strict=False),
        at_most(_MAX_CHECKSUMS),
    ] = ()

    @model_validator(mode="after")
    def _video_has_times(self) -> Self:
        if (self.kind == "video") != (self.time_base is not None):
            text = "must have a time_base if, and only if, it is a video"
            raise rule(text)
        return self


class DetectorRecord(Document):
    """One detector that looked at the source, or should have.

    Parameters
    ----------
    name, version : str
        Which one.
    weights_sha256 : str or None
        Digest of its model weights; None if it has none.
    labels : tuple of str
        What it looks for.
    status : {"ran", "not_available"}
        Whether it looked.
    reason : str or None
        Why it could not look, as a short name (``no-detector``); None if it ran.
    """

    name: Name
    version: Version
    weights_sha256: Sha256 | None = None
    labels: Annotated[tuple[Name, ...], Field(strict=False), at_most(_MAX_LABELS)]
    status: Literal["ran", "not_available"]
    reason: Name | None = None

    @model_validator(mode="after")
    def _reason_matches_status(self) -> Self:
        if (self.status == "ran") != (self.reason is None):
            text = "must have a reason if, and only if, it is not available"
            raise rule(text)
        return self


_REGION_KINDS = {"image": ("image",), "video": ("track", "image"), "pdf": ("page",)}
"""Kinds of the regions that a kind of material has."""


class Plan(Document):
    """Everything that is to be removed from one source.

    Parameters
    ----------
    schema_id : str
        Version of the form of the file; ``schema`` in JSON.
    source_sha256 : str
        Digest of the source file.
    policy_sha256 : str
        Digest of the policy under which the plan was made.
    media : MediaRecord
        What the source is.
    detectors : tuple of DetectorRecord
        Who looked, and who could not.
    regions : tuple of Region
        What is to be removed; ids are unique, every box touches its frame.
    """

    schema_id: Literal["saferedact.plan/1"] = Field(default="saferedact.plan/1", alias="schema")
    source_sha256: Sha256
    policy_sha256: Sha256
    media: MediaRecord
    detectors: Annotated[tuple[DetectorRecord, ...], Field(strict=False), at_most(_MAX_DETECTORS)]
    regions: tuple[Annotated[Region, Field(discriminator="kind")], ...] = ()

    def regions_of(self, frame: int) -> tuple[ImageRegion, ...]:
        """Return the image regions of one frame, whatever was decided on them."""
        return tuple(
            region
            for region in self.regions
            if isinstance(region, ImageRegion) and region.frame == frame
        )

    def visible_regions(self) -> tuple[VisibleRegion, ...]:
        """Return the regions that hide something that can be seen, whatever was decided."""
        return tuple(region for region in self.regions if not isinstance(region, MetadataRegion))

    @model_validator(mode="after")
    def _regions_fit(self) -> Self:
        faults = cross_faults(enumerate(self.regions), self.media)
        if faults:
            raise rules("Plan", faults)
        return self


def cross_faults(
    regions: Iterable[tuple[int, Region]], media: MediaRecord | None
) -> list[tuple[Loc, str]]:
    """Find what no region can tell alone: equal ids, and boxes that are not in the material.

    Parameters
    ----------
    regions : iterable of (int, Region)
        Regions with their positions in the plan.
    media : MediaRecord or None
        What the source is; None if that is not known.

    Returns
    -------
    list of (tuple, str)
        Place and text of each fault.
    """
    faults: list[tuple[Loc, str]] = []
    ids: set[str] = set()
    for index, region in regions:
        if region.id in ids:
            faults.append((("regions", index, "id"), "must be unique in the plan"))
        ids.add(region.id)
        if media is None or isinstance(region, MetadataRegion):
            continue
        if region.kind not in _REGION_KINDS[media.kind]:
            text = f"must be of kind {' or '.join(_REGION_KINDS[media.kind])}, as the material is"
            faults.append((("regions", index, "kind"), text))
        last, boxes = (
            (region.frame[-1], region.xyxy)
            if isinstance(region, TrackRegion)
            else (region.frame, (region.xyxy,))
        )
        if last >= media.frames:
            field = "page" if region.kind == "page" else "frame"
            faults.append((("regions", index, field), f"must be less than the number of {field}s"))
        if not all(
            x1 < media.width and x2 > 0 and y1 < media.height and y2 > 0 for x1, y1, x2, y2 in boxes
        ):
            faults.append((("regions", index, "xyxy"), "must touch the frame"))
    return faults


PLAN_FIELDS = field_names(
    Plan, MediaRecord, DetectorRecord, ImageRegion, TrackRegion, PageRegion, MetadataRegion
)
"""All names of fields in a plan file, for the places in messages."""
