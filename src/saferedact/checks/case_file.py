"""Case file (CF): whether it is complete, without contradiction and fresh enough to publish by."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args

from saferedact.casefile import CaseDetails
from saferedact.casefile.terms import Stage
from saferedact.checks.base import Context, Hit, Place, trigger

__all__: list[str] = []

_CHARGED = frozenset({"charged", "trial", "convicted_awaiting_sentence", "sentenced"})
_UNCHARGED = frozenset({"nfa", "released_under_investigation"})
_STAGES = frozenset(get_args(Stage))
_FREE = frozenset({"n/a", "nfa"})

_WITHOUT_LIST = frozenset({"s4_2", "soaa92", "fgm", "forced_marriage", "s49"})
"""Restrictions that are about proceedings, complainants or children as such, whomever they list."""


@trigger("CF-01", "case")
def _stage(context: Context) -> Iterator[Hit]:
    details = context.the_case.case
    if details.stage is None:
        yield Hit("the case file states no stage")
        return
    yield from _days_against_stage(details)
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
    if any(day > context.today for day in days):
        yield Hit("a day of what has happened is still to come")
    if details.stage in _CHARGED and details.custody_status in _UNCHARGED:
        yield Hit("the custody status belongs to a stage before the charge")
    if details.stage in {"acquitted", "discontinued"} and details.custody_status not in _FREE:
        yield Hit("the case has ended, but the custody status has not")


def _days_against_stage(details: CaseDetails) -> Iterator[Hit]:
    for day, name, before in (
        (details.arrested_on, "arrest", {"not_arrested"}),
        (details.charged_on, "charge", {"not_arrested", "arrested"}),
        (details.convicted_on, "conviction", {"not_arrested", "arrested", "charged", "acquitted"}),
        (details.sentenced_on, "sentence", _STAGES - {"sentenced"}),
    ):
        if day is not None and details.stage in before:
            yield Hit(f"there is a day of {name}, but the stage does not fit it")


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
        if not (restriction.protects or restriction.matters or restriction.type in _WITHOUT_LIST):
            yield Hit(f"restriction {number + 1} lists nobody that it protects: it is not applied")


@trigger("CF-06")
def _unread(context: Context) -> Iterator[Hit]:
    for material in context.materials:
        for reason in material.unread:
            # of a text that was read, gaps are of its style sheets and scripts
            unread = material.kind != "text" or not material.has_text
            yield Hit(reason, (Place(material),), level="WARN" if unread else "INFO")
    for asset_id in context.missing:
        text = (
            f"{asset_id} of the case file is no file of this release: nothing said of it was used"
        )
        yield Hit(text, level="WARN")
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
