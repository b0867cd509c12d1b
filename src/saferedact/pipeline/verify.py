"""Verify: prove that a file is what its plan says, and look again for what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.detectors.base import ImageDetector
from saferedact.detectors.registry import resolve_detectors
from saferedact.frames import REVERSIBLE
from saferedact.geometry import BoxesXYXY, covered_fraction, iou_matrix, snap_outward
from saferedact.media.base import ImageFrame
from saferedact.media.files import sha256_file
from saferedact.media.image_read import open_image
from saferedact.pipeline.apply import require_source
from saferedact.pipeline.detect import regions_from_hits
from saferedact.pipeline.look import Hits, look
from saferedact.pipeline.prove import prove_written
from saferedact.plan import ImageRegion, Plan, ResolvedPlan, resolve_plan
from saferedact.policy import Policy, load_policy
from saferedact.report import CheckNotRun, CheckRun, Finding, Location, Report

__all__ = ["Remains", "look_again", "report_on", "verify"]

_WEAKER = 0.8
"""Share of the policy's least score down to which a second look is reported as a warning."""

_COVERED = 0.9
"""A box found on the output counts as covered if this share of it lies under regions: what the
detector saw is then our own cover. The share at which development figures count a face as hidden."""

_SAME = 0.3
"""A box that overlaps a rejected region by this IoU is the thing that a person gave back."""


@dataclass(frozen=True, slots=True, eq=False)
class Remains:
    """What a second look found on the output that no region covers and nobody gave back.

    Parameters
    ----------
    regions : tuple of ImageRegion
        At or above the policy's least score, ready to join the plan.
    warnings : tuple of Finding
        Below it.
    """

    regions: tuple[ImageRegion, ...]
    warnings: tuple[Finding, ...]


def verify(
    source: str | Path,
    redacted: str | Path,
    plan: Plan,
    *,
    policy: str | Path | Policy = "release",
    detectors: Sequence[ImageDetector | str] | None = None,
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
    detectors : sequence of ImageDetector or str, optional
        Who looks again; as of `saferedact.detect`.

    Returns
    -------
    Report
        BLOCK if a region is not covered as planned (VF-02), the container holds more than pixels
        (VF-03), or a detector finds something at or above the policy's least score that no region
        covers (VF-04); WARN for weaker finds and for reversible operators.

    Raises
    ------
    InputError
        If the plan is not of this source, or a file cannot be read.
    DetectorError
        If a detector cannot be loaded or fails.
    """
    policy = load_policy(policy)
    source, redacted = Path(source), Path(redacted)
    resolved = resolve_plan(plan, policy=policy)
    require_source(source, plan)
    looking = resolve_detectors(detectors, policy)
    faults = prove_written(source, redacted, resolved)
    remains = look_again(source, redacted, resolved, looking)
    return report_on(redacted, plan, faults, remains)


def look_again(
    source: Path, redacted: Path, resolved: ResolvedPlan, detectors: Sequence[ImageDetector]
) -> Remains:
    """Show the output to the detectors, and keep what is neither covered nor given back.

    Parameters
    ----------
    source, redacted : Path
        The original, for its block grid, and the output.
    resolved : ResolvedPlan
        What was hidden, under which policy.
    detectors : sequence of ImageDetector
        Who looks.

    Returns
    -------
    Remains
        New regions and warnings.

    Raises
    ------
    InputError, DetectorError
        As `verify`.
    """
    plan, policy = resolved.plan, resolved.policy
    limits = policy.effective_limits()
    regions: list[ImageRegion] = []
    warnings: list[Finding] = []
    given_back = _given_back(plan)
    count = sum(isinstance(region, ImageRegion) for region in plan.regions)
    with open_image(source, limits=limits) as before, open_image(redacted, limits=limits) as after:
        known = before.info.orientation is not None
        # Another number of frames is a fault that `prove_written` reports.
        for original, frame in zip(before.frames(), after.frames(), strict=False):
            covers = [
                snap_outward(group.xyxy, original.grid, original.size_wh)
                for group in resolved.groups(frame.index)
            ]
            exempt = given_back.get(frame.index, np.empty((0, 4), dtype=np.float32))
            hits = look(frame.pixels, detectors, policy, orientation_known=known, share=_WEAKER)
            for hit in hits:
                left = _left_over(hit, covers, exempt)
                sure = left.score >= np.float32(hit.rule.min_score)
                regions += regions_from_hits(
                    [_choose(left, sure)], frame, start=count + len(regions), needs_review=True
                )
                warnings += _warnings(_choose(left, ~sure), frame)
    return Remains(tuple(regions), tuple(warnings))


def _given_back(plan: Plan) -> dict[int, BoxesXYXY]:
    """Boxes that a person rejected, by frame."""
    boxes: dict[int, list[tuple[float, float, float, float]]] = {}
    for region in plan.regions:
        if isinstance(region, ImageRegion) and region.decision == "rejected":
            boxes.setdefault(region.frame, []).append(region.xyxy)
    return {frame: np.array(found, dtype=np.float32) for frame, found in boxes.items()}


def _left_over(hit: Hits, covers: list[npt.NDArray[np.int32]], exempt: BoxesXYXY) -> Hits:
    cover = np.concatenate([*covers, np.empty((0, 4), dtype=np.int32)]).astype(np.float32)
    new = covered_fraction(hit.xyxy, cover) < _COVERED
    if len(exempt):
        known = (iou_matrix(hit.xyxy, exempt) >= _SAME).any(axis=1)
        known |= covered_fraction(hit.xyxy, exempt) >= _COVERED
        new &= ~known
    return _choose(hit, new)


def _choose(hit: Hits, chosen: npt.NDArray[np.bool_]) -> Hits:
    return Hits(hit.label, hit.detector, hit.rule, hit.xyxy[chosen], hit.score[chosen])


def _warnings(hit: Hits, frame: ImageFrame) -> list[Finding]:
    return [
        Finding(
            rule_id="VF-04",
            level="WARN",
            message=f"perhaps a {hit.label} that is not covered (needs review)",
            location=Location(frame=frame.index, xyxy=tuple(box)),
            next_step="look at the place; if it shows something, add a box to the plan",
            source=hit.detector,
        )
        for box in np.round(hit.xyxy).astype(float).tolist()
    ]


def report_on(redacted: Path, plan: Plan, faults: Sequence[Finding], remains: Remains) -> Report:
    """Put together what the checks on an output found, and which could not run.

    Parameters
    ----------
    redacted : Path
        The output, for its digest.
    plan : Plan
        For its detectors and operators.
    faults : sequence of Finding
        From `prove_written`.
    remains : Remains
        From `look_again`.

    Returns
    -------
    Report
        Findings and checks; no content of the material.
    """
    ran = [record for record in plan.detectors if record.status == "ran"]
    not_run = [record for record in plan.detectors if record.status != "ran"]
    return Report(
        artifact_sha256=sha256_file(redacted),
        checks_run=(
            CheckRun(name="regions", detail="every region of the plan is covered in the output"),
            CheckRun(name="hidden-data", detail="the container holds nothing but pixels"),
            *(
                CheckRun(name=f"look-again-{record.name}", detail=f"version {record.version}")
                for record in ran
                if record.name != "hidden-data"
            ),
        ),
        checks_not_run=tuple(
            CheckNotRun(name=record.name, reason=record.reason or "unknown") for record in not_run
        ),
        findings=(*faults, *map(_left, remains.regions), *remains.warnings, *_notes(plan)),
    )


def _left(region: ImageRegion) -> Finding:
    return Finding(
        rule_id="VF-04",
        level="BLOCK",
        message=f"a {region.label} may be visible in the output",
        location=Location(frame=region.frame, xyxy=region.xyxy),
        next_step="add a box to the plan and apply it, or reject the region if nothing is there",
        source=region.detector,
    )


def _notes(plan: Plan) -> list[Finding]:
    """Tell what a person should know of the plan itself."""
    active = [
        region
        for region in plan.regions
        if isinstance(region, ImageRegion) and region.decision != "rejected"
    ]
    unsure = sum(region.needs_review and region.decision == "proposed" for region in active)
    reversible = sum(region.operator in REVERSIBLE for region in active)
    notes = []
    if unsure:
        notes.append(
            Finding(
                rule_id="VF-05",
                level="INFO",
                message=f"{unsure} regions were hidden on a low score",
                next_step="review them; a person may give back what need not be hidden",
                source="plan",
            )
        )
    if reversible:
        notes.append(
            Finding(
                rule_id="VF-06",
                level="WARN",
                message=f"{reversible} regions are hidden by mosaic or blur, which can be undone",
                next_step="use solid or frost",
                source="plan",
            )
        )
    return notes
