"""Types of the fields of a plan, with the rules that one value alone can keep.

No type takes free text, so that no name or matched text can end up in a plan by carelessness.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from saferedact.documents import rule
from saferedact.geometry.boxes import MAX_COORDINATE
from saferedact.plan.columns import GRID_PER_PIXEL

__all__ = [
    "BoxXYXY",
    "ByteCount",
    "Code",
    "Count",
    "Decision",
    "FrameNumber",
    "Name",
    "PageOperator",
    "PersonRef",
    "PlanOperator",
    "PlanShape",
    "Pts",
    "RegionId",
    "Score",
    "Sha256",
    "Version",
]

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
