"""Work on a long video that can go on where it was cut off.

Within `kept_in`, the plan of the first pass and the pieces that the second one has finished are kept
in a folder. Both count again only for the same source, policy, detectors and version of the program;
what is in the folder is redacted already, or is a plan.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from saferedact.errors import InputError
from saferedact.files import TEMPORARY_PREFIX, sole_user
from saferedact.media.video_segments import SegmentFolder
from saferedact.pipeline.medium import Search
from saferedact.pipeline.records import detector_records
from saferedact.plan import Plan, ResolvedPlan, dump_plan, load_plan, save_plan
from saferedact.version import __version__

__all__ = ["SEGMENT_FRAMES", "folder_for", "keep_plan", "kept_in", "kept_plan", "kept_segments"]

SEGMENT_FRAMES = 1_800
"""Frames of a piece: a minute of common video, which is what a crash costs at most."""

_PLAN, _LOCK = "plan.json", "lock"

_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


def folder_for(destination: Path) -> Path:
    """Where the work on a destination is kept."""
    return destination.with_name(f"{TEMPORARY_PREFIX}{destination.name}.work")


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Keep the work that is done within the block; remove it when the block ends without an error.

    Raises
    ------
    DestinationError
        If another run keeps its work there.
    OSError
        If the folder cannot be made.
    """
    folder.mkdir(exist_ok=True)
    # Two runs at once would take each other's pieces away.
    with sole_user(folder / _LOCK):
        token = _folder.set(folder)
        try:
            yield
        finally:
            _folder.reset(token)
        with suppress(OSError):
            (folder / _PLAN).unlink(missing_ok=True)
        SegmentFolder(folder, "").remove()
    with suppress(OSError):
        folder.rmdir()


def kept_plan(source_sha256: str, search: Search) -> Plan | None:
    """Return the plan of an earlier run, if it would be made again today."""
    folder = _folder.get()
    if folder is None or not (folder / _PLAN).exists():
        return None
    try:
        plan = load_plan(folder / _PLAN, limits=search.policy.effective_limits())
    except InputError:  # cut off while it was written, or changed
        return None
    looked = tuple(detector_records(search.detectors, search.policy))
    same = (
        plan.source_sha256 == source_sha256
        and plan.policy_sha256 == search.policy.sha256
        and plan.detectors[: len(looked)] == looked
        and all(record.version == __version__ for record in plan.detectors[len(looked) :])
        and search.case is None  # whom a case allows to be seen may have changed
        and search.part is None
    )
    return plan if same else None


def keep_plan(plan: Plan) -> None:
    """Keep the plan of the first pass, if work is kept."""
    folder = _folder.get()
    if folder is not None:
        save_plan(plan, folder / _PLAN, overwrite=True)


def kept_segments(resolved: ResolvedPlan) -> SegmentFolder | None:
    """Return the pieces of the second pass for a plan; None if work is not kept."""
    folder = _folder.get()
    if folder is None:
        return None
    parts = (dump_plan(resolved.plan), resolved.policy.sha256.encode(), __version__.encode())
    return SegmentFolder(folder, hashlib.sha256(b"\0".join(parts)).hexdigest())
