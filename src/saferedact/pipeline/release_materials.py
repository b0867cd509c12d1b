"""The files of a release as materials: in this process, or several files side by side in others."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from saferedact.casefile import Asset, CaseFile, release_place
from saferedact.checks.material import Material
from saferedact.checks.overrides import without_names
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import InputError, LimitExceededError
from saferedact.pipeline.abreast import abreast, threads_each
from saferedact.pipeline.file_names import shown_name
from saferedact.pipeline.inspection import Inspector
from saferedact.pipeline.materials import NO_DIGEST, Readers, read_material, release_files
from saferedact.pipeline.seen import ImageTextReader
from saferedact.plan.resolve import ResolvedPlan
from saferedact.policy import Policy

__all__ = [
    "ReadingByName",
    "asset_ids",
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
    places = [path.relative_to(base).as_posix() for path in files]
    tasks = [
        (path, shown, asset_id, _record(case, shown), plans.get(shown))
        for path, shown, asset_id in zip(files, places, asset_ids(places, case), strict=True)
    ]
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


def asset_ids(places: Sequence[str], case: CaseFile | None) -> list[str]:
    """Say how reports call the files of a release: as the case does, else by their number.

    Parameters
    ----------
    places : sequence of str
        Where the files are, from the release's folder, in their order.
    case : CaseFile or None
        What is known of them.

    Returns
    -------
    list of str
        All different: a number that the case gave to another file gets one more.
    """
    known = {asset.path: asset.id for asset in case.assets} if case is not None else {}
    taken = set(known.values())
    ids = []
    for number, place in enumerate(places, 1):
        asset_id = known.get(release_place(place))
        if asset_id is None:
            asset_id = _free(f"file-{number}", taken)
        ids.append(asset_id)
    return ids


def _free(asset_id: str, taken: set[str]) -> str:
    tries = (asset_id if again == 1 else f"{asset_id}.{again}" for again in count(1))
    return next(name for name in tries if name not in taken)


def _record(case: CaseFile | None, shown: str) -> Asset | None:
    assets = case.assets if case is not None else ()
    return next((asset for asset in assets if asset.path == release_place(shown)), None)


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
    """Read the earlier releases whose folders the case file names, from where the case file is."""
    if case is None:
        return []
    base = Path(source).parent if isinstance(source, str | Path) else None
    materials: list[Material] = []
    taken = {asset.id for asset in case.assets}
    for number, prior in enumerate(case.release.prior_releases, 1):
        if prior.path is None:
            continue
        root = Path(prior.path) if base is None else base / prior.path
        try:
            # without a case file's place, a path from there leads nowhere
            files = release_files(root) if base is not None or root.is_absolute() else []
        except (InputError, LimitExceededError):
            files = []
        if not files:
            gap = ("an earlier release cannot be read",)
            materials.append(
                Material(
                    _free(f"earlier-{number}", taken), "other", NO_DIGEST, earlier=True, unread=gap
                )
            )
            continue
        for at, path in enumerate(files, 1):
            shown = path.relative_to(root if root.is_dir() else root.parent).as_posix()
            asset_id = _free(f"earlier-{number}-{at}", taken)
            materials.append(read_material(path, shown, asset_id, None, readers, earlier=True))
    return materials
