"""Verify: prove that a file is what its plan says, and look again for what is left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from saferedact.casefile import CaseFile
from saferedact.detectors.base import ImageDetector
from saferedact.files import sha256_file
from saferedact.frames import REVERSIBLE
from saferedact.pipeline.apply import require_source
from saferedact.pipeline.medium import (
    Remains,
    make_search,
    medium_for,
    prove_and_look_again,
)
from saferedact.plan import Plan, ResolvedPlan, VisibleRegion, resolve_plan
from saferedact.policy import Policy
from saferedact.report import CheckNotRun, CheckRun, Finding, Location, Report

__all__ = ["report_on", "verify"]


def verify(
    source: str | Path,
    redacted: str | Path,
    plan: Plan,
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    detectors: Sequence[ImageDetector | str] | None = None,
    thorough: bool = False,
) -> Report:
    """Prove that a file is what its plan says, and look again for what is left.

    Parameters
    ----------
    source : str or Path
        The file that the plan was made from. Opened read-only.
    redacted : str or Path
        The file to judge. Opened read-only.
    plan : Plan
        What was to be hidden.
    policy : str or Path or Policy
        The policy that `apply` had.
    case : str or Path or CaseFile, optional
        Case file, or its path: people who must not, and who may, be named.
    detectors : sequence of ImageDetector or str, optional
        Who looks again; as of `saferedact.detect`.
    thorough : bool
        Look again at every frame of a video, and not only at some.

    Returns
    -------
    Report
        BLOCK if a region is not covered as planned (VF-02), the container holds more than pixels
        (VF-03), or a detector finds something at or above the policy's least score that no region
        covers (VF-04); WARN for weaker finds, reversible operators, and a plan that was made under
        another policy.

    Raises
    ------
    InputError
        If the plan is not of this source, or a file cannot be read.
    DetectorError
        If a detector cannot be loaded or fails.
    """
    search = replace(make_search(policy, case, detectors), thorough=thorough)
    source, redacted = Path(source), Path(redacted)
    resolved = resolve_plan(plan, policy=search.policy)
    require_source(source, resolved)
    medium = medium_for(plan.media.kind)
    faults, remains = prove_and_look_again(medium, source, redacted, resolved, search)
    return report_on(redacted, resolved, faults, remains)


def report_on(
    redacted: Path,
    resolved: ResolvedPlan,
    faults: Sequence[Finding],
    remains: Remains,
    *,
    notes: Sequence[str] = (),
) -> Report:
    """Put together what the checks on an output found, and which could not run.

    Parameters
    ----------
    redacted : Path
        The output, for its digest.
    resolved : ResolvedPlan
        What was to be hidden, under which policy.
    faults : sequence of Finding
        From `Medium.prove`.
    remains : Remains
        From `Medium.look_again`.
    notes : sequence of str
        What could not be kept.

    Returns
    -------
    Report
        Findings and checks; no content of the material.
    """
    plan, policy = resolved.plan, resolved.policy
    run, not_run = [], []
    if any(fault.rule_id == "VF-01" for fault in faults):
        not_run.append(CheckNotRun(name="regions", reason="the frames do not match the source's"))
    else:
        run.append(CheckRun(name="regions", detail="every region was compared with the plan"))
    run.append(
        CheckRun(name="hidden-data", detail="the container was searched for more than pixels")
    )
    extent = f", {remains.extent}" if remains.extent else ""
    run += [
        CheckRun(name=f"look-again-{info.name}", detail=f"version {info.version}{extent}")
        for info in remains.looked
    ]
    if remains.thorough:
        text = "the second look was at every frame; text is read as often as otherwise"
        run.append(CheckRun(name="thorough", detail=text))
    seen = {label for info in remains.looked for label in info.labels}
    not_run += [
        CheckNotRun(name=label, reason="no-detector")
        for label in policy.labels
        if label not in seen
    ]
    return Report(
        artifact_sha256=sha256_file(redacted),
        checks_run=tuple(run),
        checks_not_run=tuple(not_run),
        findings=(
            *faults,
            *map(_left, remains.regions),
            *remains.warnings,
            *_on_the_plan(plan, policy),
        ),
        notes=tuple(notes),
    )


def _left(region: VisibleRegion) -> Finding:
    frame, xyxy = region.place
    return Finding(
        rule_id="VF-04",
        level="BLOCK",
        message=f"a {region.label} may be visible in the output",
        location=Location(frame=frame, xyxy=xyxy),
        next_step="add a box to the plan and apply it, or reject the region if nothing is there",
        source=region.detector,
    )


def _on_the_plan(plan: Plan, policy: Policy) -> Iterator[Finding]:
    """Tell what a person should know of the plan itself."""
    active = [region for region in plan.visible_regions() if region.decision != "rejected"]
    unsure = sum(region.needs_review and region.decision == "proposed" for region in active)
    if unsure:
        yield Finding(
            rule_id="VF-05",
            level="INFO",
            message=f"{unsure} regions were hidden on a low score",
            next_step="review them; a person may give back what need not be hidden",
            source="plan",
        )
    reversible = sum(region.operator in REVERSIBLE for region in active)
    if reversible:
        yield Finding(
            rule_id="VF-06",
            level="WARN",
            message=f"{reversible} regions are hidden by mosaic or blur, which can be undone",
            next_step="use solid or frost",
            source="plan",
        )
    if plan.policy_sha256 != policy.sha256:
        yield Finding(
            rule_id="VF-07",
            level="WARN",
            message="the plan was made under another policy than it is judged by",
            next_step="verify under the policy of detect, or accept the difference knowingly",
            source="plan",
        )
