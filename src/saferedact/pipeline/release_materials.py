"""The files of a release as materials: in this process, or several files side by side in others."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.casefile import Asset, CaseFile, release_place
from saferedact.checks.material import Material
from saferedact.checks.overrides import without_names
from saferedact.detectors.picture_text import PictureText
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import InputError, LimitExceededError
from saferedact.pipeline.crew import Crew, threads_each
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
    places = [path.relative_to(base).as_posix() for path in files]
    tasks = [
        (path, shown, asset_id, _record(case, shown), plans.get(shown))
        for path, shown, asset_id in zip(files, places, asset_ids(places, case), strict=True)
    ]
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
    source: str | Path | CaseFile | None, case: CaseFile | None, readers: Callable[[], Readers]
) -> list[Material]:
    """Read the earlier releases whose folders the case file names, from where the case file is.

    `readers` is asked if there are any.
    """
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
            material = read_material(path, shown, asset_id, None, readers(), earlier=True)
            materials.append(material)
    return materials
