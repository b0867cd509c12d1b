"""The plan: what is to be removed from one source, as an editable, versioned file.

The models hold the rules that every plan keeps. They say nothing about how a file is read
(`saferedact.plan.codec`) or how a plan becomes arrays (`saferedact.plan.resolve`). No field takes
free text, so that no name or matched text can end up in a plan by carelessness.
"""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from saferedact.documents import Document, Loc, at_most, field_names, rule, rules
from saferedact.geometry.boxes import MAX_COORDINATE
from saferedact.plan.columns import GRID_PER_PIXEL, BoxColumn, FrameColumn

__all__ = [
    "CHECKSUM_FRAMES",
    "PERSON",
    "PLAN_FIELDS",
    "Code",
    "Decision",
    "DetectorRecord",
    "ImageRegion",
    "MediaRecord",
    "MetadataRegion",
    "Name",
    "PageRegion",
    "PersonRef",
    "Plan",
    "PlanOperator",
    "PlanShape",
    "Region",
    "TrackRegion",
    "VisibleRegion",
    "cross_faults",
]

PERSON = "person"
"""`detector` of a region that a person added."""

CHECKSUM_FRAMES = 256
"""Frames that one checksum stands for: eight seconds, and 10 KB in the plan of a two-hour video."""

_MAX_CHECKSUMS = 2**16  # 16 million frames: more than the limits on videos allow
_MAX_DETECTORS = 64  # a plan records one union of detectors; there are fewer than ten
_MAX_LABELS = 256  # of one detector; the largest common catalogues of objects have about 90

PlanOperator = Literal["solid", "frost", "mosaic", "blur"]
PageOperator = Literal["label", "line", "solid", "frost", "mosaic", "blur"]
"""What hides a part of a page: `label` and `line` take text out and set its line anew."""

PlanShape = Literal["rectangle", "ellipse"]
Decision = Literal["proposed", "accepted", "rejected"]

Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,31}$")]
"""A name of ours: of a label, a detector, a channel. Too narrow for a sentence."""

Code = Annotated[str, Field(pattern="^[A-Z][A-Z0-9.-]{0,15}$")]
"""A reason code, as ``S40.2`` or ``RR-03``. Short and in capitals, so that nobody explains here."""

PersonRef = Annotated[str, Field(pattern="^[A-Z]{1,4}-?[0-9]{1,4}$")]
"""Reference of a person in the case file, as ``W1`` or ``D2``; never a name."""

RegionId = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,31}$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Version = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9.+_-]{0,31}$")]
Score = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=2**31)]
ByteCount = Annotated[int, Field(ge=0, le=2**63)]
FrameNumber = Annotated[int, Field(ge=0, le=2**31)]
Pts = Annotated[int, Field(ge=-(2**63), le=2**63)]


def _on_grid(value: float) -> float:
    if not (value * GRID_PER_PIXEL).is_integer():
        text = f"must be a multiple of 1/{GRID_PER_PIXEL}"
        raise rule(text)
    return value + 0.0  # -0.0 becomes 0.0, so that equal plans are equal bytes


def _ordered(xyxy: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = xyxy
    if not (x1 < x2 and y1 < y2):
        text = "must have x1 < x2 and y1 < y2"
        raise rule(text)
    return xyxy


Coordinate = Annotated[
    float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE), AfterValidator(_on_grid)
]
BoxXYXY = Annotated[
    tuple[Coordinate, Coordinate, Coordinate, Coordinate],
    Field(strict=False),  # a JSON array arrives as a list
    AfterValidator(_ordered),
]


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


class _RegionBase(Document):
    """What every kind of region has."""

    id: RegionId
    label: Name
    detector: Name
    score: Score
    needs_review: bool = False
    reason_code: Code | None = None
    person_ref: PersonRef | None = None


class ImageRegion(_RegionBase):
    """A part of one frame.

    Parameters
    ----------
    id : str
        Unique in the plan.
    label : str
        What is there, as ``face``.
    detector : str
        Who proposed it; `PERSON` if a person added it.
    score : float
        Confidence, 0 to 1.
    needs_review : bool
        Only perhaps what `label` says; it is redacted, and a person may give it back.
    reason_code : str or None
        Why it is removed or left, as a code of the force.
    person_ref : str or None
        Who it is, as a reference of the case file.
    operator : {"solid", "frost", "mosaic", "blur"}
        What hides it.
    decision : {"proposed", "accepted", "rejected"}
        A rejected region stays visible.
    frame : int
        Frame or page, from 0.
    xyxy : (float, float, float, float)
        Box in upright pixels, half-open, in multiples of 1/8; may stick out of the frame.
    shape : {"rectangle", "ellipse"}
        Form of what is hidden within `xyxy`.
    """

    kind: Literal["image"] = "image"
    operator: PlanOperator
    decision: Decision = "proposed"
    frame: Annotated[int, Field(ge=0)]
    xyxy: BoxXYXY
    shape: PlanShape = "rectangle"

    @property
    def place(self) -> tuple[int, tuple[float, float, float, float]]:
        """Frame and box."""
        return self.frame, self.xyxy

    def is_at(self, frame: int) -> bool:
        """Whether the region hides something in a frame."""
        return self.frame == frame


class TrackRegion(_RegionBase):
    """One thing through the frames of a video.

    Parameters
    ----------
    operator, decision, shape
        As in `ImageRegion`.
    frame : tuple of int
        Ordinals of frames, strictly rising; the thing is there from the first to the last.
    xyxy : tuple of (float, float, float, float)
        For each of these frames, the box in upright pixels, half-open, in multiples of 1/8; may
        stick out of the frame.
    interpolation : {"linear"}
        How edges move between two of these frames.
    pts : (int, int) or None
        Times of the first and the last frame, in units of the media's `time_base`, for people.
    id, label, detector, score, needs_review, reason_code, person_ref
        As in `ImageRegion`.
    """

    kind: Literal["track"] = "track"
    operator: PlanOperator
    decision: Decision = "proposed"
    shape: PlanShape = "rectangle"
    frame: FrameColumn
    xyxy: BoxColumn
    interpolation: Literal["linear"] = "linear"
    pts: Annotated[tuple[Pts, Pts], Field(strict=False)] | None = None

    @property
    def place(self) -> tuple[int, tuple[float, float, float, float]]:
        """Frame and box where it begins."""
        return self.frame[0], self.xyxy[0]

    def is_at(self, frame: int) -> bool:
        """Whether the region hides something in a frame."""
        return self.frame[0] <= frame <= self.frame[-1]

    @model_validator(mode="after")
    def _columns_match(self) -> Self:
        if len(self.frame) != len(self.xyxy):
            text = "must have as many frames as boxes"
            raise rule(text)
        return self


class PageRegion(_RegionBase):
    """A part of one page of a document.

    Parameters
    ----------
    operator : {"label", "line", "solid", "frost", "mosaic", "blur"}
        What hides it. `label` takes text out and sets the rest of its line anew beside a label of
        constant width, `line` covers the line to its end; the others cover what is there.
    page : int
        From 0.
    xyxy : (float, float, float, float)
        Box in points of the upright visible page, from its upper left corner, half-open, in
        multiples of 1/8; may stick out of the page.
    id, label, detector, score, needs_review, reason_code, person_ref, decision, shape
        As in `ImageRegion`.
    """

    kind: Literal["page"] = "page"
    operator: PageOperator
    decision: Decision = "proposed"
    page: Annotated[int, Field(ge=0)]
    xyxy: BoxXYXY
    shape: PlanShape = "rectangle"

    @property
    def frame(self) -> int:
        """The page, as what is common to all media calls it."""
        return self.page

    @property
    def place(self) -> tuple[int, tuple[float, float, float, float]]:
        """Page and box."""
        return self.page, self.xyxy

    def is_at(self, frame: int) -> bool:
        """Whether the region hides something on a page."""
        return self.page == frame


class MetadataRegion(_RegionBase):
    """An item of hidden data of the source file.

    New files are built from pixels alone, so it is always dropped: nobody can decide otherwise.

    Parameters
    ----------
    channel : str
        Where such data hides, as ``exif``.
    offset : int or None
        First byte in the source file; None if it has no single place.
    length : int
        Size in bytes.
    id, label, detector, score, needs_review, reason_code, person_ref
        As in `ImageRegion`.
    """

    kind: Literal["metadata"] = "metadata"
    operator: Literal["drop"] = "drop"
    decision: Literal["accepted"] = "accepted"
    channel: Name
    offset: ByteCount | None = None
    length: ByteCount


VisibleRegion = ImageRegion | TrackRegion | PageRegion
"""What hides something that can be seen, and what people decide on."""

Region = VisibleRegion | MetadataRegion

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
