"""Case file (CF): is it complete, without contradiction and fresh enough to publish by?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from saferedact.checks.base import Context, Hit, Place, trigger

__all__: list[str] = []

_CHARGED = frozenset({"charged", "trial", "convicted_awaiting_sentence", "sentenced"})
_FREE = frozenset({"n/a", "nfa"})


@trigger("CF-01", "case")
def _stage(context: Context) -> Iterator[Hit]:
    case = context.the_case
    details = case.case
    stage = details.stage
    if stage is None:
        yield Hit("the case file states no stage")
        return
    if details.arrested_on and stage == "not_arrested":
        yield Hit("there is a day of arrest, but the stage is not_arrested")
    if details.charged_on and case.before_charge:
        yield Hit("there is a day of charge, but the stage is before the charge")
    if details.convicted_on and stage in {"not_arrested", "arrested", "charged"}:
        yield Hit("there is a day of conviction, but the stage is before a verdict")
    if details.sentenced_on and stage not in {"sentenced"}:
        yield Hit("there is a day of sentence, but the stage is another")
    if details.sentenced_on and details.sentenced_on > context.today:
        yield Hit("the day of the sentence is still to come")
    days = [
        day
        for day in (
            details.arrested_on,
            details.charged_on,
            details.convicted_on,
            details.sentenced_on,
        )
        if day is not None
    ]
    if days != sorted(days):
        yield Hit("arrest, charge, conviction and sentence are not in this order")
    if any(day > context.today for day in days[:1]):
        yield Hit("a day that has passed is given in the future")
    if stage in _CHARGED and details.custody_status in {"nfa", "released_under_investigation"}:
        yield Hit("the custody status belongs to a stage before the charge")
    if stage in {"acquitted", "discontinued"} and details.custody_status not in _FREE:
        yield Hit("the case has ended, but the custody status has not")


@trigger("CF-02", "case")
def _stale(context: Context) -> Iterator[Hit]:
    details = context.the_case.case
    moment = _publication(context)
    confirmed = details.stage_confirmed_at
    if confirmed is None:
        yield Hit("nobody recorded when the stage was confirmed")
    elif confirmed > context.options.now:
        yield Hit("the stage is confirmed in the future")
    elif moment - confirmed > timedelta(hours=context.options.stale_hours):
        yield Hit("the stage was confirmed too long before publication")
    hearing = details.next_hearing
    if hearing is not None and hearing.date < moment.date():
        yield Hit("the next hearing will have taken place when this is published")
    elif hearing is not None and hearing.date == moment.date():
        yield Hit("the next hearing is on the day of publication", level="WARN")


@trigger("CF-03", "case")
def _complainant(context: Context) -> Iterator[Hit]:
    case = context.the_case
    if not case.case.no_real_complainant and not any(
        person.role == "complainant" for person in case.people
    ):
        yield Hit("the case file lists no complainant, and does not say that there is none")


@trigger("CF-04", "case")
def _child(context: Context) -> Iterator[Hit]:
    case = context.the_case
    if any(restriction.type == "none_checked" for restriction in case.restrictions):
        return
    covered = {ref for restriction in case.restrictions for ref in restriction.protects}
    for person in case.people:
        if person.is_child and person.ref not in covered and not person.under_order:
            yield Hit("no restriction is recorded for a child, nor that none is", person=person.ref)


@trigger("CF-05", "case")
def _order(context: Context) -> Iterator[Hit]:
    for number, restriction in enumerate(context.the_case.restrictions):
        if restriction.automatic or restriction.type == "none_checked":
            continue
        parts = {
            "court": restriction.court,
            "day": restriction.made_on,
            "terms": restriction.terms,
            "end": restriction.expires or restriction.lifted_on,
        }
        missing = [name for name, value in parts.items() if not value]
        if missing:
            yield Hit(f"restriction {number + 1} has no {', '.join(missing)}")


@trigger("CF-06")
def _unread(context: Context) -> Iterator[Hit]:
    for material in context.materials:
        for reason in material.unread:
            media = material.kind in {"image", "video", "pdf", "other"}
            yield Hit(reason, (Place(material),), level="WARN" if media else "INFO")
    if context.case is not None:
        for where, what in context.case.warnings():
            yield Hit(f"a name of the case file at {where} {what}", level="WARN")


@trigger("CF-07", "case")
def _linked(context: Context) -> Iterator[Hit]:
    case = context.the_case
    if context.proceedings.active and any(
        other.stage not in {"sentenced", "acquitted", "discontinued"} for other in case.linked_cases
    ):
        yield Hit("a linked case is not over")
    if case.case.appeal_lodged or case.case.retrial_ordered:
        yield Hit("an appeal or a retrial is to come")


def _publication(context: Context) -> datetime:
    """Return the moment of publication: now, or the end of the embargo."""
    embargo = context.the_case.release.embargo_until
    return max(context.options.now, embargo) if embargo else context.options.now
