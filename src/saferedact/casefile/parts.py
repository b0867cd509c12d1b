"""The tables of the case file apart from its people: proceedings, release, orders, decisions."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from saferedact.casefile.terms import (
    MAX_ENTRIES,
    ApprovalRole,
    AssetSource,
    CaseDocument,
    Category,
    CourtType,
    CustodyStatus,
    Day,
    EvidenceKind,
    Jurisdiction,
    Lines,
    Moment,
    OptionalHash,
    Ref,
    ReleasePath,
    ReleaseType,
    RestrictionType,
    RiskFlag,
    Stage,
)
from saferedact.documents import Line, Words, at_most

__all__ = [
    "Approval",
    "Asset",
    "CaseDetails",
    "Channel",
    "Hearing",
    "LinkedCase",
    "Override",
    "PriorRelease",
    "Release",
    "Restriction",
]


def _id_alone(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


class Hearing(CaseDocument):
    """A date in court."""

    court: Words = Field(description="Court of the next hearing")
    date: Day = Field(description="Day of the next hearing")


class LinkedCase(CaseDocument):
    """Other proceedings that what is published here could harm."""

    urn: Words = Field(description="Its Unique Reference Number")
    stage: Stage = Field(description="Its stage; one before sentence keeps the prejudice rules on")
    people: Annotated[tuple[Ref, ...], Field(strict=False), at_most(MAX_ENTRIES)] = Field(
        default=(), description="Refs of its suspects or defendants, if they are in `people`"
    )


class CaseDetails(CaseDocument):
    """The proceedings. Without `stage`, everything is judged as if they were active."""

    urn: Line = Field(default="", description="Unique Reference Number")
    force: Line = Field(default="", description="Police force")
    jurisdiction: Jurisdiction = Field(description="Whose law applies")
    offence_category: Category = Field(
        default="other", description="Kind of offence; decides on automatic anonymity"
    )
    offence_text: Line = Field(default="", description="The charge as it is worded")
    stage: Stage | None = Field(default=None, description="Where the proceedings are")
    custody_status: CustodyStatus = Field(default="n/a", description="Custody, bail or neither")
    arrested_on: Day | None = Field(default=None, description="Day of the first arrest")
    charged_on: Day | None = Field(default=None, description="Day of the charge")
    convicted_on: Day | None = Field(default=None, description="Day of the verdict or plea")
    sentenced_on: Day | None = Field(default=None, description="Day of the sentence")
    warrant_or_summons: bool = Field(
        default=False, description="A warrant or summons is out: proceedings are active"
    )
    appeal_lodged: bool = Field(default=False, description="An appeal is lodged")
    retrial_ordered: bool = Field(default=False, description="A retrial is ordered")
    jury_out: bool = Field(default=False, description="A jury is still out on a count")
    plea_entered: bool = Field(default=False, description="Every accused has entered a plea")
    stage_confirmed_at: Moment | None = Field(
        default=None, description="When the stage was last confirmed, with its time zone"
    )
    stage_confirmed_by: Line = Field(default="", description="Who confirmed it")
    court_type: CourtType | None = Field(default=None, description="Kind of court")
    next_hearing: Hearing | None = None
    identity_in_issue: bool = Field(default=False, description="Who did it is disputed")
    id_procedure_pending: bool = Field(
        default=False, description="An identification procedure is still to come"
    )
    teacher_allegation: bool = Field(
        default=False, description="A pupil accuses a teacher of the same school"
    )
    family_proceedings: bool = Field(
        default=False, description="A family court deals with a child of the case"
    )
    no_real_complainant: bool = Field(
        default=False, description="There was only a decoy: nobody has anonymity"
    )
    risk_flags: Annotated[tuple[RiskFlag, ...], Field(strict=False), at_most(MAX_ENTRIES)] = Field(
        default=(), description="Risks to people if this is published"
    )


class Channel(CaseDocument):
    """Where it is published."""

    name: Words = Field(description="Web site, social medium, press")
    live: bool = Field(default=False, description="Live, so that nothing can be checked first")
    comments_on: bool = Field(default=False, description="Readers can comment")
    geotag: bool = Field(default=False, description="Posts carry a place")
    cross_border: bool = Field(default=False, description="Reaches another jurisdiction")


class PriorRelease(CaseDocument):
    """What was published before in this case; a text alone is its id."""

    id: Words = Field(description="Reference of the earlier release")
    path: Words | None = Field(
        default=None, description="Its folder, from the case file's, to be read with this one"
    )
    type: ReleaseType | None = Field(default=None, description="Kind of release")
    published_on: Day | None = Field(default=None, description="Day of publication")
    takedown_review_on: Day | None = Field(default=None, description="Day of its review")
    resolved: bool = Field(default=False, description="The wanted or missing person was found")
    taken_down: bool = Field(default=False, description="It is no longer published")


class Release(CaseDocument):
    """What is about to be published, and why."""

    type: ReleaseType = Field(default="statement", description="Kind of release")
    policing_purpose: Line = Field(default="", description="Purpose that it serves")
    channels: Annotated[tuple[Channel, ...], Field(strict=False), at_most(MAX_ENTRIES)] = ()
    embargo_until: Moment | None = Field(default=None, description="Not before, with time zone")
    takedown_review_on: Day | None = Field(default=None, description="Day it is looked at again")
    conditions_of_use: Line = Field(default="", description="Copyright and use by the press")
    prior_releases: Annotated[
        tuple[Annotated[PriorRelease, BeforeValidator(_id_alone)], ...],
        Field(strict=False),
        at_most(MAX_ENTRIES),
    ] = ()


class Restriction(CaseDocument):
    """A reporting restriction, by law or by order."""

    type: RestrictionType = Field(description="Kind of restriction")
    automatic: bool = Field(default=False, description="By law, without an order")
    court: Line = Field(default="", description="Court that made it")
    made_on: Day | None = Field(default=None, description="Day of the order")
    terms: Line = Field(default="", description="What it forbids, as worded")
    protects: Annotated[tuple[Ref, ...], Field(strict=False), at_most(MAX_ENTRIES)] = Field(
        default=(), description="Refs of the people it protects"
    )
    matters: Lines = Field(default=(), description="Words that s.11 withholds")
    expires: Line | Day = Field(default="", description="When it ends, a day or in words")
    lifted_on: Day | None = Field(default=None, description="Day it was lifted")
    document_sha256: OptionalHash = Field(default=None, description="Digest of the order's file")


class Asset(CaseDocument):
    """A file of the release."""

    id: Ref = Field(description="How reports call the file, as i1")
    path: ReleasePath = Field(description="Where it is, from the release's folder, with /")
    source: AssetSource = Field(default="other", description="Where it comes from")
    original_sha256: OptionalHash = Field(default=None, description="Digest of the original")
    exhibit_ref: Line = Field(default="", description="Exhibit reference")
    shown_in_open_court: bool | None = Field(default=None, description="Shown in open court")
    at_court: bool = Field(default=False, description="Taken in a court or its precincts")
    edits: Lines = Field(default=(), description="Cuts, changes of speed, enhancement")
    edits_declared: bool = Field(default=False, description="A label tells of the edits")
    public_original: bool = Field(default=False, description="The picture is public elsewhere")
    distressing: bool = Field(default=False, description="Blood, injury, a body, a funeral")
    shows: Annotated[tuple[Ref, ...], Field(strict=False), at_most(MAX_ENTRIES)] = Field(
        default=(), description="Refs of the people in it"
    )
    copyright_owner: Line = Field(default="", description="Whose copyright")


class Approval(CaseDocument):
    """A signature under exact bytes."""

    role: ApprovalRole = Field(description="Who signs")
    name: Words = Field(description="Name and rank")
    at: Moment = Field(description="When, with its time zone")
    approves_sha256: OptionalHash = Field(
        default=None, description="Digest of the release (or asset) that is approved"
    )


class Override(CaseDocument):
    """A recorded decision to publish in spite of a finding."""

    rule: Annotated[str, Field(pattern="^[A-Z]{2}-[0-9]{2}$")] = Field(description="Rule id")
    reason: Words = Field(description="Why")
    authority: Words = Field(description="Rank and name of who decided")
    evidence: Line = Field(default="", description="Where it is recorded")
    evidence_kind: EvidenceKind = Field(
        default="other",
        description="What the evidence is; anonymity by law needs more than a rank",
    )
    person: Ref | None = Field(default=None, description="Only for findings about this ref")
    asset: Ref | None = Field(default=None, description="Only for findings in this asset")
