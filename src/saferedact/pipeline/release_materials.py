"""The files of a release as materials: in this process, or several files side by side in others."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from saferedact.casefile import Asset, CaseFile
from saferedact.checks.material import Material
from saferedact.checks.overrides import without_names
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import InputError
from saferedact.pipeline.abreast import abreast, threads_each
from saferedact.pipeline.file_names import shown_name
from saferedact.pipeline.inspection import Inspector
from saferedact.pipeline.materials import NO_DIGEST, Readers, read_material, release_files
from saferedact.pipeline.seen import ImageTextReader
from saferedact.plan.resolve import ResolvedPlan
from saferedact.policy import Policy

__all__ = [
    "ReadingByName",
    "earlier_materials",
    "fit_to_show",
    "longest_first",
    "materials_of",
    "release_digest",
]


@dataclass(frozen=True, slots=True)
class ReadingByName:
    """Who reads, in a form that another process can be told.

    Parameters
    ----------
    policy : Policy
        Labels and limits.
    detectors : tuple of str
        Who looks at pictures, by name.
    image_text : callable or None
        Who reads text in pictures: a function of a module.
    """

    policy: Policy
    detectors: tuple[str, ...]
    image_text: ImageTextReader | None


def materials_of(
    files: list[Path],
    base: Path,
    readers: Readers,
    case: CaseFile | None,
    *,
    plans: Mapping[str, ResolvedPlan],
    by_name: ReadingByName | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Material]:
    """Read the files of a release.

    Parameters
    ----------
    files : list of Path
        The files.
    base : Path
        The folder that their places are told from.
    readers : Readers
        Who reads in this process.
    case : CaseFile or None
        What is known of them.
    plans : mapping
        The plans that made them, by place.
    by_name : ReadingByName, optional
        The same readers for other processes; without it `jobs` does nothing.
    jobs : int
        Processes; the materials are the same for every number.
    progress : callable, optional
        Called with the number of files read, and of all.

    Returns
    -------
    list of Material
        In the order of `files`.
    """
    tasks = []
    for number, path in enumerate(files, 1):
        shown = path.relative_to(base).as_posix()
        record = _record(case, shown)
        asset_id = record.id if record else f"file-{number}"
        tasks.append((path, shown, asset_id, record, plans.get(shown)))
    found: dict[int, Material] = {}
    if by_name is not None and jobs > 1 and len(tasks) > 1:
        known = (by_name, threads_each(min(jobs, len(tasks))))
        order = longest_first(files)
        for at, material in abreast(
            jobs, _read_apart, tasks, prepare=_prepare, known=known, order=order
        ):
            found[at] = material
            if progress is not None:
                progress(len(found), len(files))
    else:
        for at, (path, shown, asset_id, record, plan) in enumerate(tasks):
            own = replace(readers, plan=plan)
            found[at] = read_material(path, shown, asset_id, record, own)
            if progress is not None:
                progress(len(found), len(files))
    return [found[at] for at in range(len(files))]


def longest_first(files: Sequence[Path]) -> list[int]:
    """Order positions of files by their size, the largest first."""
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    return sorted(range(len(files)), key=lambda at: -sizes[at])


@dataclass(slots=True)
class _Here:
    """Who reads in this process, once it was told."""

    readers: Readers | None = field(default=None)


_here = _Here()


def _prepare(told: ReadingByName, threads: int) -> None:
    detectors = resolve_detectors(told.detectors, told.policy, threads=threads)
    inspector = Inspector(told.policy.effective_limits())
    _here.readers = Readers(told.policy, detectors or None, told.image_text, inspector)


def _read_apart(
    path: Path, shown: str, asset_id: str, record: Asset | None, plan: ResolvedPlan | None
) -> Material:
    if _here.readers is None:
        msg = "this process was not told who reads"
        raise AssertionError(msg)
    return read_material(path, shown, asset_id, record, replace(_here.readers, plan=plan))


def fit_to_show(path: str, policy: Policy, case: CaseFile | None) -> str:
    """Write a file's place in the release without anybody's name and without control characters."""
    shown = shown_name(path, policy=policy, case=case)
    if case is not None:
        shown = without_names(shown, case)
    return "".join(c if c.isprintable() else "?" for c in shown)[-200:]


def _record(case: CaseFile | None, shown: str) -> Asset | None:
    assets = case.assets if case is not None else ()
    return next((asset for asset in assets if asset.path == shown), None)


def release_digest(base: Path, files: list[Path], materials: list[Material]) -> str:
    """Digest what is published: of one file its own, of a folder of all digests and places."""
    if len(files) == 1:
        return materials[0].sha256
    lines = (
        f"{material.sha256}  {path.relative_to(base).as_posix()}\n"
        for path, material in zip(files, materials, strict=True)
    )
    return hashlib.sha256("".join(lines).encode("utf-8", errors="surrogateescape")).hexdigest()


def earlier_materials(
    source: str | Path | CaseFile | None, case: CaseFile | None, readers: Readers
) -> list[Material]:
    """Read the earlier releases whose folders the case file names."""
    if case is None or isinstance(source, CaseFile | None):
        return []
    materials: list[Material] = []
    for number, prior in enumerate(case.release.prior_releases, 1):
        if prior.path is None:
            continue
        root = Path(source).parent / prior.path
        try:
            files = release_files(root)
        except InputError:
            gap = ("an earlier release cannot be read",)
            materials.append(
                Material(f"earlier-{number}", "other", NO_DIGEST, earlier=True, unread=gap)
            )
            continue
        for at, path in enumerate(files, 1):
            shown = path.relative_to(root if root.is_dir() else root.parent).as_posix()
            asset_id = f"earlier-{number}-{at}"
            materials.append(read_material(path, shown, asset_id, None, readers, earlier=True))
    return materials
