"""Apply: carry a plan out into a new file, which appears complete and checked or not at all."""

from dataclasses import replace
from pathlib import Path

from saferedact.errors import DestinationError, VerificationError
from saferedact.files import atomic_output, same_file, sha256_file
from saferedact.media.base import MediaInfo
from saferedact.pipeline.medium import medium_for
from saferedact.plan import Plan, ResolvedPlan, resolve_plan
from saferedact.policy import Policy, load_policy

__all__ = ["apply", "refuse_same_file", "require_source"]


def apply(
    source: str | Path,
    plan: Plan,
    destination: str | Path,
    *,
    policy: str | Path | Policy = "release",
    overwrite: bool = False,
) -> MediaInfo:
    """Carry a plan out into a new file.

    The written file is read back before it appears: every region is compared with what the plan
    says, and the container is scanned for anything but pixels. Nobody looks again for what the plan
    may have missed; that is `verify`'s business, and `redact` does both.

    Parameters
    ----------
    source : str or Path
        The file that the plan was made from. Opened read-only.
    plan : Plan
        What to hide. Rejected regions stay visible.
    destination : str or Path
        The new file. Its suffix chooses the format; without one it is the source's.
    policy : str or Path or Policy
        Colors, and whether undecided regions and reversible operators are allowed.
    overwrite : bool
        Whether an existing destination may be replaced.

    Returns
    -------
    MediaInfo
        What the new file is; its notes say what the format could not keep.

    Raises
    ------
    InputError
        If the plan is not of this source, the policy forbids it, or the destination is the source
        or exists.
    RedactionError
        If the output cannot be written.
    VerificationError
        If the written file is not what the plan says. No destination exists then.
    """
    policy = load_policy(policy)
    source, destination = Path(source), Path(destination)
    resolved = resolve_plan(plan, policy=policy)
    refuse_same_file(source, destination)
    require_source(source, resolved)
    medium = medium_for(plan.media.kind)
    with atomic_output(destination, overwrite=overwrite) as temporary:
        notes = medium.carry_out(source, resolved, temporary)
        faults = medium.prove(source, temporary, resolved)
        if faults:
            msg = f"the written file is not what the plan says: {faults[0].message}"
            raise VerificationError(msg)
        require_source(source, resolved)
        written = medium.describe(temporary, limits=policy.effective_limits())
        return replace(written, notes=(*written.notes, *notes))


def refuse_same_file(source: Path, destination: Path) -> None:
    """Refuse to write over the original, whatever `overwrite` says.

    Raises
    ------
    DestinationError
        If both paths lead to one file.
    """
    if same_file(source, destination):
        msg = "the destination is the source itself; originals are never changed"
        raise DestinationError(msg)


def require_source(source: Path, resolved: ResolvedPlan) -> None:
    """Insist that a file is the one a plan was made from.

    Raises
    ------
    InputError
        If the file's digest is not the plan's.
    """
    resolved.require_digest(sha256_file(source))
