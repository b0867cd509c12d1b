"""The files of a release as materials: in this process, or several files side by side in others."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.casefile import Asset, CaseFile
from saferedact.checks.material import Material
from saferedact.checks.overrides import without_names
from saferedact.detectors.picture_text import PictureText
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import InputError
from saferedact.pipeline.crew import Crew, threads_each
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
    "picture_reader",
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
    reads_pictures : bool
        Whether the built-in reader reads text in pictures.
    """

    policy: Policy
    detectors: tuple[str, ...]
    reads_pictures: bool


def materials_of(
    files: list[Path],
    base: Path,
    readers: Callable[[], Readers],
    case: CaseFile | None,
    *,
    plans: Mapping[str, ResolvedPlan],
    by_name: ReadingByName | None = None,
    crew: Crew | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Material]:
    """Read the files of a release.

    Parameters
    ----------
    files : list of Path
        The files.
    base : Path
        The folder that their places are told from.
    readers : callable
        Gives who reads in this process; asked only if somebody is to.
    case : CaseFile or None
        What is known of them.
    plans : mapping
        The plans that made them, by place.
    by_name : ReadingByName, optional
        The same readers for other processes; without it `crew` does nothing.
    crew : Crew, optional
        Processes that read; the materials are the same without them.
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
    if by_name is not None and crew is not None:
        done = crew.do(
            _read_apart,
            tasks,
            prepare=_prepare,
            known=(by_name, threads_each(crew.jobs)),
            order=longest_first(files),
            keys=[shown for _, shown, *_ in tasks],
        )
        for at, material in done:
            found[at] = material
            if progress is not None:
                progress(len(found), len(files))
    else:
        here = readers()
        for at, (path, shown, asset_id, record, plan) in enumerate(tasks):
            found[at] = read_material(path, shown, asset_id, record, replace(here, plan=plan))
            if progress is not None:
                progress(len(found), len(files))
    return [found[at] for at in range(len(files))]


def picture_reader(threads: int) -> ImageTextReader:
    """Return the built-in reader of pictures, with the networks that the detector of text uses too."""
    from saferedact.detectors.ocr import read_text

    def read(pixels: npt.NDArray[np.uint8]) -> PictureText:
        return read_text(pixels, threads=threads)

    return read


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
    read = picture_reader(threads) if told.reads_pictures else None
    _here.readers = Readers(told.policy, detectors or None, read, inspector)


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
    source: str | Path | CaseFile | None, case: CaseFile | None, readers: Callable[[], Readers]
) -> list[Material]:
    """Read the earlier releases whose folders the case file names; `readers` is asked if there are any."""
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
            material = read_material(path, shown, asset_id, None, readers(), earlier=True)
            materials.append(material)
    return materials
