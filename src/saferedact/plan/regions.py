"""Regions of a plan: parts of a picture, tracks of a video, parts of a page, hidden data."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferedact.documents import Document, rule
from saferedact.plan.columns import BoxColumn, FrameColumn
from saferedact.plan.fields import (
    BoxXYXY,
    ByteCount,
    Code,
    Decision,
    Name,
    PageOperator,
    PersonRef,
    PlanOperator,
    PlanShape,
    Pts,
    RegionId,
    Score,
)

__all__ = [
    "PERSON",
    "ImageRegion",
    "MetadataRegion",
    "PageRegion",
    "Region",
    "TrackRegion",
    "VisibleRegion",
]

PERSON = "person"
"""`detector` of a region that a person added."""


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
