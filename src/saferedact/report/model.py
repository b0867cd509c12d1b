"""Reports: which checks ran, which could not, and what they found.

A report never says that a file is safe. The best it can say is that the checks that ran found
nothing, and it names those that did not run. It holds no content of the material.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, computed_field

from saferedact.documents import Document, Line, at_most, rule
from saferedact.errors import FindingsError

if TYPE_CHECKING:
    from saferedact.report.mosaic import Mosaics

__all__ = [
    "REPORT_MODELS",
    "AssetRecord",
    "CheckNotRun",
    "CheckRun",
    "Finding",
    "Level",
    "Location",
    "OverrideNote",
    "Report",
    "RuleRecord",
    "Verdict",
]

Level = Literal["BLOCK", "WARN", "INFO"]
Verdict = Literal["blocked", "review", "no_finding"]

_MAX_CHECKS = 1_000  # the catalogue of checks has about 100 rules
_MAX_ASSETS = 100_000  # files of one release
_MAX_FINDINGS = 200_000  # as many as a plan may have regions

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Text = Annotated[Line, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
RuleId = Annotated[str, Field(pattern="^[A-Z]{2,8}(-[A-Z0-9]{1,8}){1,2}$")]
"""Id of a rule, as ``HD-02``."""


def _has_area(xyxy: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = xyxy
    if not (x1 <= x2 and y1 <= y2):
        text = "must have x1 <= x2 and y1 <= y2"
        raise rule(text)
    return xyxy


class Location(Document):
    """Where something was found.

    Parameters
    ----------
    asset : str or None
        Id of the asset; None if the report is about one file. Never a path.
    frame : int or None
        Frame or page, from 0.
    xyxy : (float, float, float, float) or None
        Box in upright pixels, half-open.
    channel : str or None
        Place of hidden data, as ``exif``; origin of a text, as ``subtitle``.
    time : float or None
        Seconds from the start.
    line : int or None
        Line of a text, from 1.
    start, end : int or None
        Code points of a text, half-open.
    part : str or None
        Part of a file, in words and numbers of ours, as ``sheet 2, row 7``.
    """

    asset: Identifier | None = None
    frame: Annotated[int, Field(ge=0)] | None = None
    xyxy: (
        Annotated[tuple[float, float, float, float], Field(strict=False), AfterValidator(_has_area)]
        | None
    ) = None
    channel: Identifier | None = None
    time: Annotated[float, Field(ge=0)] | None = None
    line: Annotated[int, Field(ge=1)] | None = None
    start: Annotated[int, Field(ge=0)] | None = None
    end: Annotated[int, Field(ge=0)] | None = None
    part: Annotated[Text, Field(max_length=200)] | None = None


class OverrideNote(Document):
    """A recorded decision to publish in spite of a finding.

    Parameters
    ----------
    authority, reason, evidence : str
        Who decided, why, and where that is recorded; names of protected people are taken out.
    """

    authority: Text
    reason: Text
    evidence: Line = ""


class AssetRecord(Document):
    """A file that was checked.

    Parameters
    ----------
    id : str
        How findings call it.
    kind : str
        Its medium.
    sha256 : str
        Its digest.
    name : str
        Where it is in the release, identities taken out; empty if that could not be judged.
    """

    id: Identifier
    kind: Identifier
    sha256: Sha256
    name: Line = ""


class Finding(Document):
    """One thing that a check found.

    Parameters
    ----------
    rule_id : str
        The rule that is broken.
    level : {"BLOCK", "WARN", "INFO"}
        BLOCK forbids publication, WARN asks a person to look.
    message : str
        What is wrong. No content of the material.
    location : Location
        Where.
    next_step : str
        What to do about it.
    source : str
        The check that found it.
    person : str or None
        Whom it is about, as a reference of the case file.
    also_at : tuple of Location
        More places that belong to the same finding.
    override : OverrideNote or None
        The decision that lifts a BLOCK.
    """

    rule_id: RuleId
    level: Level
    message: Text
    location: Location = Location()
    next_step: Text
    source: Identifier
    person: Identifier | None = None
    also_at: Annotated[tuple[Location, ...], Field(strict=False), at_most(_MAX_CHECKS)] = ()
    override: OverrideNote | None = None

    @property
    def blocks(self) -> bool:
        """Whether it forbids publication."""
        return self.level == "BLOCK" and self.override is None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def fingerprint(self) -> str:
        """Digest of rule and location, 32 hex digits.

        It stays the same when the wording changes, and tells nothing of the content.
        """
        # Without what is not set, so that a field more, one day, changes no fingerprint.
        place = json.dumps(self.location.model_dump(mode="json", exclude_none=True), sort_keys=True)
        return hashlib.sha256(f"{self.rule_id} {place}".encode()).hexdigest()[:32]


class CheckRun(Document):
    """A check that ran.

    Parameters
    ----------
    name : str
        Which.
    detail : str
        What it looked at, as ``3 frames``; may be empty.
    """

    name: Identifier
    detail: Line = ""


class CheckNotRun(Document):
    """A check that could not run.

    Parameters
    ----------
    name : str
        Which.
    reason : str
        Why.
    """

    name: Identifier
    reason: Text


class RuleRecord(Document):
    """A rule that findings name, for people who read the report without the catalogue.

    Parameters
    ----------
    id, title, reason : str
        The rule, and why it exists.
    sources : tuple of str
        Law and guidance that it comes from.
    unverified : bool
        Whether any of them still has to be verified.
    """

    id: RuleId
    title: Line
    reason: Annotated[str, Field(max_length=600)]
    sources: Annotated[tuple[Line, ...], Field(strict=False), at_most(_MAX_CHECKS)] = ()
    unverified: bool = False


class Report(Document):
    """The outcome of all checks on one file or release.

    Parameters
    ----------
    schema_id : str
        Version of the form of the file; ``schema`` in JSON.
    artifact_sha256 : str
        Digest of what was checked.
    checks_run : tuple of CheckRun
        Checks that ran.
    checks_not_run : tuple of CheckNotRun
        Checks that could not run, and why.
    findings : tuple of Finding
        What they found.
    assets : tuple of AssetRecord
        The files of a release; empty if the report is about one file.
    rules : tuple of RuleRecord
        The rules that the findings name, if they are of the catalogue.
    case_sha256 : str or None
        Digest of the case file.
    notes : tuple of str
        What reading the source or writing the format could not keep. No content of the material.
    """

    schema_id: Literal["saferedact.report/1"] = Field(default="saferedact.report/1", alias="schema")
    artifact_sha256: Sha256
    checks_run: Annotated[tuple[CheckRun, ...], Field(strict=False), at_most(_MAX_CHECKS)] = ()
    checks_not_run: Annotated[
        tuple[CheckNotRun, ...], Field(strict=False), at_most(_MAX_CHECKS)
    ] = ()
    findings: Annotated[tuple[Finding, ...], Field(strict=False), at_most(_MAX_FINDINGS)] = ()
    assets: Annotated[tuple[AssetRecord, ...], Field(strict=False), at_most(_MAX_ASSETS)] = ()
    rules: Annotated[tuple[RuleRecord, ...], Field(strict=False), at_most(_MAX_CHECKS)] = ()
    case_sha256: Sha256 | None = None
    notes: Annotated[tuple[Text, ...], Field(strict=False), at_most(_MAX_CHECKS)] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> Verdict:
        """``blocked`` if a BLOCK is not overridden, ``review`` if any or a WARN is left.

        Otherwise ``no_finding``.
        """
        if any(finding.blocks for finding in self.findings):
            return "blocked"
        levels = {finding.level for finding in self.findings}
        return "review" if levels & {"BLOCK", "WARN"} else "no_finding"

    def raise_for_findings(self) -> None:
        """Stop a publication that the findings forbid.

        Raises
        ------
        FindingsError
            If the verdict is ``blocked``.
        """
        if self.verdict == "blocked":
            raise FindingsError(self.summary())

    def summary(self) -> str:
        """Say in one line what was found, by which checks, and which did not run."""
        ran = ", ".join(check.name for check in self.checks_run) or "none"
        not_run = ", ".join(f"{check.name} ({check.reason})" for check in self.checks_not_run)
        return f"{self._outcome()} from the checks that ran ({ran}); not run: {not_run or 'none'}"

    def _outcome(self) -> str:
        counts = {
            level: sum(finding.level == level for finding in self.findings)
            for level in ("BLOCK", "WARN", "INFO")
        }
        found = ", ".join(f"{count} {level}" for level, count in counts.items() if count)
        if self.verdict == "no_finding":
            return f"no finding ({found})" if found else "no finding"
        rules = sorted({finding.rule_id for finding in self.findings if finding.level != "INFO"})
        return f"{self.verdict}: {found} ({', '.join(rules)})"

    def to_html(self, mosaics: "Mosaics | None" = None) -> str:
        """Write one self-contained page for people; see `saferedact.report.html`."""
        from saferedact.report.html import report_html

        return report_html(self, mosaics)

    def to_sarif(self) -> dict[str, Any]:
        """Write SARIF 2.1.0 for programs; see `saferedact.report.sarif`."""
        from saferedact.report.sarif import report_sarif

        return report_sarif(self)


REPORT_MODELS = (
    Report,
    CheckRun,
    CheckNotRun,
    Finding,
    Location,
    OverrideNote,
    AssetRecord,
    RuleRecord,
)
"""Every model of the file."""
