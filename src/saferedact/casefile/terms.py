"""The words a case file may use, and the plain kinds of value it holds."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from saferedact.documents import Document, Words, at_most, rule

__all__ = [
    "MAX_ENTRIES",
    "MAX_PEOPLE",
    "CaseDocument",
    "Category",
    "CustodyStatus",
    "Day",
    "EvidenceKind",
    "Jurisdiction",
    "Lines",
    "Moment",
    "NamingConsent",
    "OptionalHash",
    "PersonRef",
    "PublishableField",
    "QuasiIdentifiers",
    "Ref",
    "ReleasePath",
    "ReleaseType",
    "RestrictionType",
    "Role",
    "Sex",
    "Stage",
    "release_place",
]

MAX_PEOPLE = 2_000
"""People of one case file. The largest inquiries list some hundreds of complainants."""

MAX_ENTRIES = 200
"""Entries of any other list: names of one person, restrictions, assets, approvals."""

Jurisdiction = Literal["england_wales", "scotland", "northern_ireland"]
Category = Literal[
    "sexual",
    "trafficking",
    "fgm",
    "forced_marriage",
    "child",
    "domestic_abuse",
    "homicide",
    "violence",
    "terrorism",
    "drugs",
    "fraud",
    "theft",
    "public_order",
    "motoring",
    "other",
]
"""Kind of offence; the first four give the complainant automatic anonymity for life."""

Stage = Literal[
    "not_arrested",
    "arrested",
    "charged",
    "trial",
    "convicted_awaiting_sentence",
    "sentenced",
    "acquitted",
    "discontinued",
]
CustodyStatus = Literal[
    "police_custody",
    "pre_charge_bail",
    "released_under_investigation",
    "nfa",
    "post_charge_bail",
    "remanded",
    "n/a",
]
CourtType = Literal["youth", "magistrates", "crown", "sheriff", "high", "family"]
ReleaseType = Literal[
    "appeal",
    "cctv_appeal",
    "wanted",
    "missing",
    "arrest",
    "charge",
    "verdict",
    "sentence",
    "custody_image",
    "protocol_material",
    "foi",
    "statement",
    "correction",
    "out_of_court",
]
RestrictionType = Literal[
    "none_checked",
    "soaa92",
    "fgm",
    "forced_marriage",
    "s49",
    "s45",
    "s45a",
    "s46",
    "s4_2",
    "s11",
    "s141f",
    "s97",
    "s12_aja",
    "s39",
    "s47_scot",
    "firearms_officer",
    "injunction",
    "other",
]
"""Kind of reporting restriction; ``none_checked`` records that the court was asked and none is."""

Role = Literal[
    "suspect",
    "defendant",
    "complainant",
    "victim",
    "witness",
    "relative_of_accused",
    "child",
    "officer",
    "missing",
    "deceased",
    "bystander",
]
Sex = Literal["female", "male", "other"]
NamingConsent = Literal["given", "not_given", "not_asked", "not_applicable"]
PublishableField = Literal["name", "age", "town", "address", "job", "face", "voice", "vehicle"]
EvidenceKind = Literal[
    "court_direction", "order_ended", "written_waiver", "decision_log", "legal_advice", "other"
]
AssetSource = Literal[
    "bwv", "cctv", "custody", "drone", "public_upload", "ocag", "social", "press", "other"
]
ApprovalRole = Literal["SIO", "OIC", "CCD", "second_reader", "legal", "other"]
RiskFlag = Literal["self_harm", "vigilante", "witness_intimidation", "honour_based", "other"]
Attribute = Literal[
    "age",
    "sex",
    "job",
    "employer",
    "village",
    "town",
    "street",
    "school",
    "school_year",
    "club",
    "hobby",
    "family_shape",
    "ethnicity",
    "nationality",
    "language",
    "faith",
    "injury",
    "mark",
    "incident_date",
    "other",
]


class CaseDocument(Document):
    """Base of the case file's models: printing one shows its type and nothing that it holds."""

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        """Give pydantic nothing to print."""
        return []


def _no_placeholder(value: object) -> object:
    """Read an empty text, or the dots of a template, as a value that is not known yet."""
    return None if value in ("", "…", "...") else value


def _within_release(value: object) -> object:
    """Refuse a place outside of the release, and write others in one way: a/b, however it was typed."""
    if isinstance(value, str) and (
        not value
        or value.startswith(("/", "\\"))
        or ":" in value
        or ".." in value.replace("\\", "/").split("/")
    ):
        fault = "must be a path below the release's folder, with /"
        raise rule(fault)
    return release_place(value) if isinstance(value, str) else value


def release_place(path: str) -> str:
    """Write a place below the release's folder in one way: forward slashes, composed letters.

    A Mac keeps an accent apart from its letter in names of files, a text editor does not.

    Parameters
    ----------
    path : str
        As a file system or a case file has it.
    """
    steps = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return "/".join(step for step in steps if step not in {"", "."})


Lines = Annotated[tuple[Words, ...], Field(strict=False), at_most(MAX_ENTRIES)]
Ref = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
"""How a file or a part of the case is called in reports, as ``i1``."""

PersonRef = Annotated[str, Field(pattern="^[A-Z]{1,4}-?[0-9]{1,4}$")]
"""How a person is called in plans and reports, as ``C1`` or ``W-12``: too narrow for a name."""

OptionalHash = Annotated[
    Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None, BeforeValidator(_no_placeholder)
]
ReleasePath = Annotated[Words, BeforeValidator(_within_release)]
Day = date
Moment = AwareDatetime
"""A time of day with its zone: without one, an embargo in summer would be an hour wrong."""

QuasiIdentifiers = Mapping[Attribute, Words | Annotated[int, Field(ge=0, le=10_000)]]
