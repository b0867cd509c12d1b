"""Provenance (PV): originals, approvals, copyright, declared edits, review dates."""

from collections.abc import Iterator

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.report import Level

__all__: list[str] = []

_PICTURES = frozenset({"image", "video", "pdf"})
_THIRD_PARTY = frozenset({"public_upload", "social", "press", "ocag"})


@trigger("PV-01", "case")
def _original(context: Context) -> Iterator[Hit]:
    for material in context.current:
        if material.kind not in _PICTURES:
            continue
        if material.record is None or material.record.original_sha256 is None:
            yield Hit("no digest of the original is recorded", (Place(material),))
        elif material.record.original_sha256 == material.sha256:
            yield Hit("this file is the original itself, not a copy", (Place(material),))


@trigger("PV-03", "case")
def _approval(context: Context) -> Iterator[Hit]:
    case = context.the_case
    pictures = any(material.kind in _PICTURES for material in context.current)
    level: Level = "BLOCK" if pictures else "WARN"
    everything = {material.sha256 for material in context.current}
    for roles, who in (
        ({"SIO", "OIC"}, "SIO or OIC"),
        ({"second_reader", "CCD", "legal"}, "second reader"),
    ):
        signed = [a for a in case.approvals if a.role in roles and a.name]
        if not signed:
            yield Hit(f"no approval by {who}", level=level)
            continue
        if all(approval.approves_sha256 is None for approval in signed):
            yield Hit(f"the approval by {who} names no digest", level="WARN")
            continue
        approved = {approval.approves_sha256 for approval in signed}
        if context.release_sha256 in approved or everything <= approved:
            continue
        text = (
            f"the approval by {who} is of some files only"
            if everything & approved
            else f"the release was changed after the approval by {who}"
        )
        yield Hit(text, level=level)


@trigger("PV-05", "case")
def _copyright(context: Context) -> Iterator[Hit]:
    conditions = context.the_case.release.conditions_of_use
    for material in context.current:
        if material.kind not in _PICTURES:
            continue
        owner = material.record.copyright_owner if material.record else ""
        if not owner:
            yield Hit("no owner of the copyright is recorded", (Place(material),))
        elif not conditions:
            yield Hit("the release has no conditions of use", (Place(material),))


@trigger("PV-06", "case")
def _exhibit(context: Context) -> Iterator[Hit]:
    for material in context.current:
        record = material.record
        if record and record.exhibit_ref and not record.shown_in_open_court:
            yield Hit("an exhibit that is not known to have been shown", (Place(material),))


@trigger("PV-07", "case")
def _edits(context: Context) -> Iterator[Hit]:
    for material in context.current:
        record = material.record
        if record and record.edits and not record.edits_declared:
            yield Hit("the edits recorded for it are not declared", (Place(material),))


@trigger("PV-09", "case")
def _disclosure(context: Context) -> Iterator[Hit]:
    if context.proceedings.active and context.the_case.approvals:
        yield Hit("the release is made while proceedings are active")


@trigger("PV-10", "case")
def _review_date(context: Context) -> Iterator[Hit]:
    if context.the_case.release.takedown_review_on is None:
        yield Hit("no day of review is set")
