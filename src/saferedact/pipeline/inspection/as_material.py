"""What a look into a file means to the checks: texts, traces, gaps; and what a plan excuses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from saferedact.checks.material import Kind, Segment, Sight
from saferedact.pipeline.inspection.findings import Inspection
from saferedact.pipeline.seen import Seen
from saferedact.plan.resolve import ResolvedPlan
from saferedact.traces import Trace

__all__ = ["NOT_READ_OTHER", "Looked", "looked", "segments_of"]

NOT_READ_OTHER = "files of this kind are not read"
"""Reason of the reader of pictures that does not hold once a file was looked into."""

_EXCUSED = frozenset(
    "blur blurred-text mosaic mosaic-text moving-mosaic see-through-box dimmed-box box-on-ink swirl"
    " sticker uncovered-frame".split()
)
"""Looks of a mark that the plan's own may have: of what lies below a cover, nothing is excused."""

_SAFE = frozenset({"solid", "frost", "label", "line"})
_KINDS: dict[str, Kind] = {"image": "image", "pdf": "pdf", "video": "video", "text": "text"}


@dataclass(frozen=True, slots=True)
class Looked:
    """A look into a file, as a material has it.

    Parameters
    ----------
    kind : str
        Medium.
    segments : tuple of Segment
        Texts that are seen, then those that are hidden.
    traces : tuple of Trace
        What it hides, save what a plan excuses.
    unread : tuple of str
        What could not be looked at.
    inspected : bool
        Whether it was looked into.
    sights : tuple of Sight
        What detectors saw in the pictures inside.
    pictures_inside : bool
        Whether there are any.
    """

    kind: Kind
    segments: tuple[Segment, ...]
    traces: tuple[Trace, ...]
    unread: tuple[str, ...]
    inspected: bool
    sights: tuple[Sight, ...] = ()
    pictures_inside: bool = False


def looked(
    inspection: Inspection,
    unread: tuple[str, ...],
    plan: ResolvedPlan | None,
    inside: Seen | None = None,
) -> Looked:
    """Make texts and traces of a look into a file.

    Parameters
    ----------
    inspection : Inspection
        The look.
    unread : tuple of str
        What the reader of pictures could not look at.
    plan : ResolvedPlan or None
        What was hidden in it on purpose.
    inside : Seen, optional
        What the pictures inside show.
    """
    inside = inside or Seen()
    traces = tuple(t for t in inspection.traces if plan is None or not _excused(t, plan))
    segments = [*segments_of(replace(inspection, traces=traces)), *inside.texts]
    gaps = (*inspection.unread, *inside.unread)
    # Where a look into the file says why it is not read, the general reason says nothing more.
    told = inspection.inspected or bool(gaps)
    gaps = (*(gap for gap in unread if not told or gap != NOT_READ_OTHER), *gaps)
    return Looked(
        _KINDS.get(inspection.kind, "other"),
        tuple(segments),
        traces,
        _condensed(dict.fromkeys(gaps)),
        inspection.inspected,
        tuple(inside.sights),
        bool(inspection.inside),
    )


_PLACES = 3
"""Places of one reason that are told one by one: a file of files can have the same gap hundreds of times."""


def _condensed(gaps: Iterable[str]) -> tuple[str, ...]:
    """Tell a reason that holds in many places of a file with the first of them and a number."""
    places: dict[str, list[str]] = {}
    for gap in gaps:
        place, colon, reason = gap.rpartition(": ")
        places.setdefault(reason if colon else gap, []).append(place)
    told = []
    for reason, found in places.items():
        named = [f"{place}: {reason}" if place else reason for place in found[:_PLACES]]
        more = len(found) - _PLACES
        told += named if more < 1 else [*named, f"{more} more places: {reason}"]
    return tuple(told)


def segments_of(inspection: Inspection) -> list[Segment]:
    """Return the texts of a look into a file: those that are seen, then those that are hidden."""
    shown = [
        Segment(p.text, frame=p.page, part="" if p.page is not None else p.place)
        for p in inspection.passages
    ]
    hidden = [
        Segment(
            t.text,
            origin="program" if t.channel == "program" else "hidden",
            frame=t.page,
            time=t.time,
            xyxy=t.xyxy,
            part=t.place,
        )
        for t in inspection.traces
    ]
    return [segment for segment in (*shown, *hidden) if segment.text.strip()]


def _excused(trace: Trace, plan: ResolvedPlan) -> bool:
    """Tell whether the middle of a mark lies in a region that the plan hides safely."""
    if trace.channel not in _EXCUSED or trace.xyxy is None:
        return False
    frame = trace.page or 0
    if frame >= plan.plan.media.frames:
        return False
    x, y = (trace.xyxy[0] + trace.xyxy[2]) / 2, (trace.xyxy[1] + trace.xyxy[3]) / 2
    boxes = [
        box
        for group in plan.groups(frame)
        if group.operator in _SAFE
        for box in group.xyxy.tolist()
    ]
    boxes += [region.xyxy for region in plan.page_regions(frame) if region.operator in _SAFE]
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)
