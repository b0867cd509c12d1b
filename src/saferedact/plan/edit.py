"""Pure functions that take a plan and return a changed one.

Every result has gone through the same rules as a plan that is read from a file. The plan that was
passed in is never changed, and regions that were not named stay as they are.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from saferedact.documents import problems_of
from saferedact.errors import InputError, PlanInvalidError
from saferedact.geometry import as_boxes, round_outward
from saferedact.plan.fields import PlanOperator, PlanShape
from saferedact.plan.model import PLAN_FIELDS, Plan
from saferedact.plan.regions import (
    PERSON,
    ImageRegion,
    MetadataRegion,
    PageRegion,
    Region,
    TrackRegion,
    VisibleRegion,
)

__all__ = [
    "accept",
    "add_box",
    "reject",
    "select",
    "set_operator",
    "set_person_ref",
    "set_reason_code",
    "set_shape",
]

T = TypeVar("T")

_ADDED = "box-"
"""Ids of regions that a person adds are ``box-1``, ``box-2`` and so on."""


def select(
    plan: Plan,
    *,
    ids: Collection[str] | None = None,
    label: str | None = None,
    min_score: float | None = None,
    max_score: float | None = None,
    frame: int | None = None,
    kind: Literal["image", "track", "page", "metadata"] | None = None,
    visible: bool = False,
) -> tuple[str, ...]:
    """Find regions; every condition that is given must hold.

    Parameters
    ----------
    plan : Plan
        The plan.
    ids : collection of str or None
        One of these.
    label : str or None
        This label.
    min_score, max_score : float or None
        A score not below, not above this.
    frame : int or None
        A region of this frame, or a track that is there; hidden data has no frame.
    kind : {"image", "track", "page", "metadata"} or None
        This kind of region.
    visible : bool
        Only what can be seen: no hidden data.

    Returns
    -------
    tuple of str
        Ids in the order of the plan.

    Raises
    ------
    InputError
        If `ids` names a region that the plan does not have.
    """
    if ids is not None:
        _require_known(plan, ids)
        ids = frozenset(ids)

    def matches(region: Region) -> bool:
        return (
            (ids is None or region.id in ids)
            and (label is None or region.label == label)
            and (min_score is None or region.score >= min_score)
            and (max_score is None or region.score <= max_score)
            and (frame is None or (region.kind != "metadata" and region.is_at(frame)))
            and (kind is None or region.kind == kind)
            and not (visible and region.kind == "metadata")
        )

    return tuple(region.id for region in plan.regions if matches(region))


def accept(plan: Plan, ids: Collection[str]) -> Plan:
    """Decide that regions are hidden. Hidden data is accepted already.

    Raises
    ------
    InputError
        If the plan has no such region.
    """
    return _change(plan, ids, {"decision": "accepted"})


def reject(plan: Plan, ids: Collection[str], *, reason_code: str | None = None) -> Plan:
    """Decide that regions stay visible.

    Parameters
    ----------
    plan : Plan
        The plan.
    ids : collection of str
        Ids of regions that can be seen.
    reason_code : str or None
        Why; None leaves the regions' codes as they are.

    Raises
    ------
    InputError
        If the plan has no such region, a region is hidden data, which is always dropped, or
        `reason_code` is no code.
    """
    changes = {"decision": "rejected"}
    if reason_code is not None:
        changes["reason_code"] = reason_code
    return _change_visible(plan, ids, changes)


def set_operator(plan: Plan, ids: Collection[str], operator: PlanOperator) -> Plan:
    """Choose what hides regions.

    Raises
    ------
    InputError
        If the plan has no such region, or a region is hidden data.
    """
    return _change_visible(plan, ids, {"operator": operator})


def set_shape(plan: Plan, ids: Collection[str], shape: PlanShape) -> Plan:
    """Choose the form of regions.

    Raises
    ------
    InputError
        If the plan has no such region, or a region is hidden data.
    """
    return _change_visible(plan, ids, {"shape": shape})


def set_reason_code(plan: Plan, ids: Collection[str], reason_code: str | None) -> Plan:
    """Record why regions are hidden or left; None takes the code away.

    Raises
    ------
    InputError
        If the plan has no such region, or `reason_code` is no code.
    """
    return _change(plan, ids, {"reason_code": reason_code})


def set_person_ref(plan: Plan, ids: Collection[str], person_ref: str | None) -> Plan:
    """Record whom regions show, as a reference of the case file; None takes it away.

    Raises
    ------
    InputError
        If the plan has no such region, or `person_ref` is no reference.
    """
    return _change(plan, ids, {"person_ref": person_ref})


def add_box(
    plan: Plan,
    *,
    frame: int = 0,
    last_frame: int | None = None,
    xyxy: tuple[float, float, float, float],
    label: str = "face",
    operator: PlanOperator = "solid",
    shape: PlanShape = "rectangle",
) -> Plan:
    """Add a region that a person saw. It is accepted, and last in the plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    frame : int
        Frame or page, from 0.
    last_frame : int or None
        In a video, the last frame where the box stands; None for `frame` alone.
    xyxy : (float, float, float, float)
        Box in upright pixels, half-open; rounded outward to the plan's grid.
    label : str
        What is there.
    operator : {"solid", "frost", "mosaic", "blur"}
        What hides it.
    shape : {"rectangle", "ellipse"}
        Its form.

    Returns
    -------
    Plan
        With one region more; its id is ``plan.regions[-1].id``.

    Raises
    ------
    InputError
        If the box has no area, is not in the frame, a value is not allowed, or `last_frame` is given
        for anything but a video.
    """
    if last_frame is not None and plan.media.kind != "video":
        msg = "only in a video can a box stand for several frames"
        raise InputError(msg)
    x1, y1, x2, y2 = round_outward(as_boxes([xyxy]))[0].tolist()
    box = (x1, y1, x2, y2)
    fields: dict[str, Any] = {
        "id": _next_id(plan),
        "label": label,
        "detector": PERSON,
        "score": 1.0,
        "operator": operator,
        "decision": "accepted",
        "shape": shape,
    }

    def made() -> VisibleRegion:
        if plan.media.kind == "pdf":
            return PageRegion(**fields, page=frame, xyxy=box)
        if last_frame is None:
            return ImageRegion(**fields, frame=frame, xyxy=box)
        frames = (frame, last_frame) if last_frame != frame else (frame,)
        return TrackRegion(**fields, frame=frames, xyxy=(box,) * len(frames))

    return _with_regions(plan, (*plan.regions, _validated(made)))


def _next_id(plan: Plan) -> str:
    numbers = [
        int(region.id.removeprefix(_ADDED))
        for region in plan.regions
        if region.id.startswith(_ADDED) and region.id.removeprefix(_ADDED).isdecimal()
    ]
    return f"{_ADDED}{max(numbers, default=0) + 1}"


def _require_known(plan: Plan, ids: Collection[str]) -> None:
    missing = len(frozenset(ids).difference(region.id for region in plan.regions))
    if missing:
        msg = f"the plan has no region for {missing} of the ids"
        raise InputError(msg)


def _change_visible(plan: Plan, ids: Collection[str], changes: Mapping[str, Any]) -> Plan:
    chosen = frozenset(ids)
    hidden = sum(
        isinstance(region, MetadataRegion) for region in plan.regions if region.id in chosen
    )
    if hidden:
        msg = f"{hidden} of the regions are hidden data, which is always dropped"
        raise InputError(msg)
    return _change(plan, chosen, changes)


def _change(plan: Plan, ids: Collection[str], changes: Mapping[str, Any]) -> Plan:
    _require_known(plan, ids)
    chosen = frozenset(ids)

    def changed(region: Region) -> Region:
        if region.id not in chosen:
            return region
        return _validated(lambda: type(region).model_validate({**dict(region), **changes}))

    return _with_regions(plan, (changed(region) for region in plan.regions))


def _with_regions(plan: Plan, regions: Iterable[Region]) -> Plan:
    whole = tuple(regions)
    return _validated(
        lambda: Plan(
            source_sha256=plan.source_sha256,
            policy_sha256=plan.policy_sha256,
            media=plan.media,
            detectors=plan.detectors,
            regions=whole,
        )
    )


def _validated(make: Callable[[], T]) -> T:
    try:
        return make()
    except ValidationError as error:
        raise PlanInvalidError(problems_of(error, known=PLAN_FIELDS)) from None
