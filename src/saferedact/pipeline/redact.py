"""Redact: detect, apply and verify in one call, with repair of what the second look finds."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from saferedact.casefile import CaseFile, load_case
from saferedact.detectors.base import ImageDetector
from saferedact.errors import InputError, VerificationError
from saferedact.files import atomic_output
from saferedact.media.kinds import kind_of
from saferedact.pipeline.apply import refuse_same_file, require_source
from saferedact.pipeline.medium import make_search, medium_for, prove_and_look_again
from saferedact.pipeline.pdf.looking import side_by_side
from saferedact.pipeline.verify import report_on
from saferedact.pipeline.video.resume import folder_for, kept_in
from saferedact.plan import Plan, VisibleRegion, resolve_plan
from saferedact.policy import Policy, load_policy
from saferedact.report import Report

__all__ = ["MAX_REPAIRS", "Redaction", "redact", "redact_with_plan"]

MAX_REPAIRS = 3
"""Times that what a second look finds joins the plan. A detector run on its own output finds
something new in one picture of six; what three rounds cannot cover is for people."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What `redact_with_plan` did.

    Parameters
    ----------
    report : Report
        Checks and findings on the new file.
    plan : Plan
        What was hidden, repairs included.
    repairs : int
        Rounds of repair that were needed.
    """

    report: Report
    plan: Plan
    repairs: int


def redact(
    source: str | Path,
    destination: str | Path,
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    detectors: Sequence[ImageDetector | str] | None = None,
    overwrite: bool = False,
    thorough: bool = False,
) -> Report:
    """Make a copy of a file that is safe to publish, as far as the checks that ran can tell.

    Detects, applies the plan and verifies the result; what a second look at the result finds anew
    joins the plan, at most three times. The destination appears only if nothing forbids it.

    Parameters
    ----------
    source : str or Path
        A picture, animation, multi-page TIFF, video or PDF, told by its content. Opened read-only.
    destination : str or Path
        The new file. Its suffix chooses the format; without one it is the source's.
    policy : str or Path or Policy
        Name of a built-in policy, path of a policy file, or a policy.
    case : str or Path or CaseFile, optional
        Case file, or its path: people who must not, and who may, be named.
    detectors : sequence of ImageDetector or str, optional
        Who looks; see `saferedact.detectors.registry.resolve_detectors`.
    overwrite : bool
        Whether an existing destination may be replaced.
    thorough : bool
        Look again at every frame of a video, and not only at some: finds what shows for an instant.

    Returns
    -------
    Report
        What ran, what could not run, and what a person should look at.

    Raises
    ------
    InputError
        If the source, the policy or the destination cannot be used.
    LimitExceededError
        If the source is larger than the limits.
    DetectorError
        If a detector cannot be loaded or fails.
    RedactionError
        If the output cannot be written.
    VerificationError
        If the output is not what the plan says, or something is still found on it.
    """
    return redact_with_plan(
        source,
        destination,
        policy=policy,
        case=case,
        detectors=detectors,
        overwrite=overwrite,
        thorough=thorough,
    ).report


def redact_with_plan(
    source: str | Path,
    destination: str | Path,
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    detectors: Sequence[ImageDetector | str] | None = None,
    overwrite: bool = False,
    thorough: bool = False,
    jobs: int = 1,
    part: tuple[float, float] | None = None,
    resume: bool = False,
) -> Redaction:
    """Do what `redact` does, and return the plan too.

    Parameters
    ----------
    source, destination, policy, case, detectors, overwrite, thorough
        As of `redact`.
    jobs : int
        Processes that look at the pages of a document side by side; the result is the same.
    part : (float, float) or None
        Make a preview of a video: only what is shown between these seconds from its beginning.
    resume : bool
        Keep the work on a video beside the destination, and go on where an earlier run was cut off.

    Returns
    -------
    Redaction
        Report, plan and number of repairs.

    Raises
    ------
    InputError, LimitExceededError, DetectorError, RedactionError, VerificationError
        As `redact`.
    """
    policy = load_policy(policy)
    if policy.undecided == "refuse":
        msg = f"the policy {policy.name} only proposes: use detect, decide, then apply"
        raise InputError(msg)
    source, destination = Path(source), Path(destination)
    refuse_same_file(source, destination)
    with ExitStack() as stack:
        temporary = stack.enter_context(atomic_output(destination, overwrite=overwrite))
        kind = kind_of(source)
        if resume and kind == "video" and part is None:
            stack.enter_context(kept_in(folder_for(destination)))
        if part is not None and kind != "video":
            msg = "only of a video can a part be redacted"
            raise InputError(msg)
        medium = medium_for(kind)
        if kind == "pdf":
            people = None if case is None else load_case(case)
            stack.enter_context(side_by_side(jobs, policy, people, detectors))
        search = replace(make_search(policy, case, detectors), part=part, thorough=thorough)
        plan = medium.detect(source, search)
        repairs = 0
        while True:
            resolved = resolve_plan(plan, policy=policy)
            notes = medium.carry_out(source, resolved, temporary)
            faults, remains = prove_and_look_again(medium, source, temporary, resolved, search)
            if faults or not remains.regions or repairs == MAX_REPAIRS:
                break
            plan = _repaired(plan, remains.regions)
            repairs += 1
        report = report_on(temporary, resolved, faults, remains, notes=notes)
        if report.verdict == "blocked":
            msg = f"the output was not released: {report.summary()}"
            raise VerificationError(msg)
        require_source(source, resolved)
    return Redaction(report, plan, repairs)


def _repaired(plan: Plan, regions: Sequence[VisibleRegion]) -> Plan:
    return Plan.model_validate(
        plan.model_copy(update={"regions": (*plan.regions, *regions)}).model_dump(by_alias=True)
    )
