"""Apply: carry a plan out into a new file, which appears complete and checked or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from saferedact.errors import DestinationError, InputError, VerificationError
from saferedact.files import atomic_output, same_file, sha256_file
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_formats import format_for_suffix
from saferedact.media.image_read import ImageSource, open_image
from saferedact.media.image_write import write_image
from saferedact.pipeline.hide import hide
from saferedact.pipeline.prove import prove_written
from saferedact.plan import Plan, ResolvedPlan, resolve_plan
from saferedact.policy import Policy, load_policy

__all__ = ["apply", "carry_out", "refuse_same_file", "require_source"]


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
    require_source(source, plan)
    with atomic_output(destination, overwrite=overwrite) as temporary:
        notes = carry_out(source, resolved, temporary)
        faults = prove_written(source, temporary, resolved)
        if faults:
            msg = f"the written file is not what the plan says: {faults[0].message}"
            raise VerificationError(msg)
        require_source(source, plan)
        with open_image(temporary, limits=policy.effective_limits()) as written:
            return replace(written.info, notes=(*written.info.notes, *notes))


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


def require_source(source: Path, plan: Plan) -> None:
    """Insist that a file is the one a plan was made from.

    Raises
    ------
    InputError
        If the file's digest is not the plan's.
    """
    _require_digest(sha256_file(source), plan)


def _require_digest(sha256: str, plan: Plan) -> None:
    if sha256 != plan.source_sha256:
        msg = "the plan was made from another file, or the file has changed since"
        raise InputError(msg)


def carry_out(source: Path, resolved: ResolvedPlan, destination: Path) -> tuple[str, ...]:
    """Write the redacted frames of a source to a file that is not checked yet.

    Returns
    -------
    tuple of str
        What reading changed or left out and the format could not keep, for people.
    """
    with open_image(source, limits=resolved.policy.effective_limits()) as image:
        _require_digest(image.sha256(), resolved.plan)
        frames = _redacted(image, resolved)
        target = format_for_suffix(destination) if destination.suffix else None
        notes = write_image(destination, frames, info=image.info, format=target)
        return (*image.info.notes, *notes)


def _redacted(image: ImageSource, resolved: ResolvedPlan) -> Iterator[ImageFrame]:
    for frame in image.frames():
        hide(frame, resolved.groups(frame.index))
        yield frame
