"""Release: redact every file of a folder with one case file, check the whole, and write it or not.

Nothing appears at the destination unless the check of the result allows publication. What is to be
published is in a folder of its own; the report, the manifest of digests and the map of names, which
are not, stand beside it.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Literal

from saferedact.casefile import Asset, CaseFile, load_case, release_place
from saferedact.checks.base import CheckOptions
from saferedact.detectors.base import ImageDetector, TextDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.registry import record_of, resolve_detectors, wanted_names
from saferedact.errors import DestinationError, RedactionError, SaferedactError
from saferedact.files import TEMPORARY_PREFIX, atomic_output, sha256_file
from saferedact.pipeline.check import check, refuse_case_file_inside
from saferedact.pipeline.crew import Crew
from saferedact.pipeline.materials import release_files
from saferedact.pipeline.release_files import Item, called, items_of, redacted, redacted_abreast
from saferedact.pipeline.seen import ImageTextReader
from saferedact.pipeline.shared_names import MOST_NAMES, names_in, names_in_abreast, with_names
from saferedact.plan import Plan
from saferedact.policy import Policy, load_policy
from saferedact.report import CheckNotRun, CheckRun, Report, dump_report
from saferedact.report.mosaic import Mosaic, Mosaics

__all__ = ["PUBLISHED", "release"]

PUBLISHED = "publish"
"""Folder below the destination that holds what is published, and nothing else."""


def release(
    source: str | Path,
    destination: str | Path,
    *,
    case: str | Path | CaseFile,
    policy: str | Path | Policy = "release",
    detectors: Sequence[ImageDetector | str] | None = None,
    text_detectors: Sequence[TextDetector] | None = None,
    image_text: ImageTextReader | Literal["auto"] | None = "auto",
    options: CheckOptions | None = None,
    thorough: bool = False,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Redact every file of a folder and check the result.

    Files are read twice: first for the names that they show, then to remove those, and what the
    case lists, from every file. Films are read every two seconds for it.

    Parameters
    ----------
    source : str or Path
        A folder. Its files are opened read-only.
    destination : str or Path
        A folder that does not exist yet. It gets ``publish/`` with the files, ``report.html``,
        ``report.json`` and ``manifest.json``; and ``names.json``, which is not to be published, if
        files had to be renamed.
    case : str or Path or CaseFile
        The case file. The digests of the originals are filled in where it has none.
    policy : str or Path or Policy
        What is removed, and how.
    detectors, text_detectors
        Who looks at pictures, and for names in texts; the built-in ones by default.
    image_text, options
        As of `saferedact.pipeline.check.check`.
    thorough : bool
        As of `saferedact.redact`.
    jobs : int
        Processes that redact and check files side by side; the result is the same. Detectors and
        readers that are given as objects work in this process alone.
    progress : callable, optional
        Called with the number of files redacted, and of all.

    Returns
    -------
    Report
        The check of the result. If its verdict is ``blocked``, no destination exists.

    Raises
    ------
    DestinationError
        If the destination exists, or lies in the source or around it.
    RedactionError
        If a file can be neither redacted nor left out; it is called by its id.
    InputError, LimitExceededError, DetectorError, VerificationError
        As of `saferedact.redact`.
    """
    root, target = Path(source), Path(destination)
    loaded, chosen = load_case(case), load_policy(policy)
    files = release_files(root)
    base = root if root.is_dir() else root.parent
    _refuse_destination(target, base)
    refuse_case_file_inside(case, files)
    items = items_of(files, base, loaded, chosen)
    engine = IdentityEngine.of(chosen, loaded, "en", text_detectors)
    known = _with_originals(_with_earlier(loaded, case), items, engine)
    plans: dict[str, Plan] = {}
    by_name = text_detectors is None and image_text in {"auto", None} and _by_name(detectors)
    crew = Crew(min(jobs, len(items))) if by_name and jobs > 1 and len(items) > 1 else None
    with crew or nullcontext(), _folder_beside(target) as work:
        folder = work / PUBLISHED
        lookers: Sequence[ImageDetector] = ()
        reads = _reads_pictures(image_text, detectors, chosen)
        if crew is not None:
            places = [item.new_place for item in items]
            shared = names_in_abreast(
                crew, files, places, policy=chosen, case=loaded, reads_pictures=reads
            )
            named = with_names(loaded, shared)
            made = redacted_abreast(crew, items, folder, (chosen, named, detectors, thorough))
        else:
            shared = names_in(files, engine, _reader(image_text, reads=reads))
            named = with_names(loaded, shared)
            everywhere = replace(engine, case=named)
            # Once for all files: loading networks takes seconds, and they remember what they have seen.
            lookers = resolve_detectors(detectors, chosen, case=named)
            made = (
                (item, redacted(item, folder, everywhere, lookers, thorough=thorough))
                for item in items
            )
        for number, (item, plan) in enumerate(made, 1):
            if plan is not None:
                plans[item.new_place] = plan
            if progress is not None:
                progress(number, len(items))
        maps: dict[tuple[str, int], Mosaic] = {}
        report = check(
            work / PUBLISHED,
            case=known,
            policy=chosen,
            detectors=(
                _names_for_check(detectors, chosen)
                if crew is not None
                else _lookers_of_check(detectors, lookers)
            ),
            finder=engine.find,
            image_text=image_text,
            options=options,
            plan=plans,
            mosaics=maps,
            jobs=crew or 1,
        )
        if thorough:
            # Each file was released by its own verification: say how far that went.
            text = "videos were looked at again at every frame after they were redacted"
            run = (*report.checks_run, CheckRun(name="thorough", detail=text))
            report = report.model_copy(update={"checks_run": run})
        if len(shared) >= MOST_NAMES:
            gap = CheckNotRun(
                name="shared-names",
                reason=f"of the names that files show, {MOST_NAMES} were looked for in all others",
            )
            report = report.model_copy(update={"checks_not_run": (*report.checks_not_run, gap)})
        if report.verdict != "blocked":
            _write_beside(work, report, _unchanged(items, known, engine), maps)
            _move(work, target)
    return report


def _by_name(detectors: Sequence[ImageDetector | str] | None) -> bool:
    return detectors is None or all(isinstance(detector, str) for detector in detectors)


def _reads_pictures(
    image_text: ImageTextReader | Literal["auto"] | None,
    detectors: Sequence[ImageDetector | str] | None,
    policy: Policy,
) -> bool:
    """Tell whether names are read in pictures: not where text in pictures is not looked for anyway."""
    asked = ("text",) if detectors is None else detectors
    names = {one if isinstance(one, str) else record_of(one).name for one in asked}
    return image_text is not None and "name" in policy.labels and "text" in names


def _reader(
    image_text: ImageTextReader | Literal["auto"] | None, *, reads: bool
) -> ImageTextReader | None:
    if not reads:
        return None
    if image_text != "auto":
        return image_text
    from saferedact.detectors.ocr import read_text

    return read_text


def _lookers_of_check(
    asked: Sequence[ImageDetector | str] | None, lookers: Sequence[ImageDetector]
) -> Sequence[ImageDetector]:
    """Those who look in `check`: who was asked for, else all but the reader, since text is read as text."""
    if asked is not None:
        return lookers
    return [looker for looker in lookers if looker.info.name != "text"]


def _names_for_check(
    asked: Sequence[ImageDetector | str] | None, policy: Policy
) -> Sequence[ImageDetector | str]:
    """As `_lookers_of_check`, by name."""
    return asked if asked is not None else [n for n in wanted_names(policy) if n != "text"]


def _refuse_destination(target: Path, base: Path) -> None:
    if target.exists() or target.is_symlink():
        msg = "the destination exists already"
        raise DestinationError(msg)
    if not target.parent.is_dir():
        msg = "the folder of the destination does not exist"
        raise DestinationError(msg)
    place, origin = target.resolve(), base.resolve()
    if place.is_relative_to(origin) or origin.is_relative_to(place):
        msg = "the destination lies in the source, or the source in it"
        raise DestinationError(msg)


def _with_earlier(case: CaseFile, source: str | Path | CaseFile) -> CaseFile:
    """Tell the case where its earlier releases are, which it says from its own file."""
    if isinstance(source, CaseFile):
        return case
    folder = Path(source).resolve().parent
    prior = tuple(
        one if one.path is None else one.model_copy(update={"path": str(folder / one.path)})
        for one in case.release.prior_releases
    )
    return case.model_copy(
        update={"release": case.release.model_copy(update={"prior_releases": prior})}
    )


def _with_originals(case: CaseFile, items: list[Item], engine: IdentityEngine) -> CaseFile:
    """Tell the case of every file: where it is now, and the digest of what it was made from."""
    known = {asset.path: asset for asset in case.assets}
    assets = []
    for item in items:
        if item.source.is_symlink():
            msg = f"{called(item, engine)} is a link; take it out of the folder"
            raise RedactionError(msg)
        asset = known.pop(release_place(item.place), None) or Asset(
            id=item.asset_id, path=item.new_place
        )
        digest = sha256_file(item.source)
        if asset.original_sha256 not in {None, digest}:
            msg = f"{called(item, engine)} is not the original whose digest the case file has"
            raise RedactionError(msg)
        assets.append(asset.model_copy(update={"path": item.new_place, "original_sha256": digest}))
    # what is left is no file of the release, which the check tells
    return case.model_copy(update={"assets": (*assets, *known.values())})


def _unchanged(
    items: list[Item], known: CaseFile, engine: IdentityEngine
) -> list[tuple[Item, str]]:
    """Return the files with their digests, if those are still what they were at first."""
    digests = {asset.path: asset.original_sha256 for asset in known.assets}
    found = []
    for item in items:
        digest = sha256_file(item.source)
        if digest != digests[item.new_place]:
            msg = f"{called(item, engine)} was changed while it was worked on"
            raise RedactionError(msg)
        found.append((item, digest))
    return found


def _write_beside(work: Path, report: Report, files: list[tuple[Item, str]], maps: Mosaics) -> None:
    (work / "report.html").write_text(report.to_html(maps), encoding="utf-8")
    (work / "report.json").write_bytes(dump_report(report))
    manifest = {
        "schema": "saferedact.manifest/1",
        "release_sha256": report.artifact_sha256,
        "case_sha256": report.case_sha256,
        "files": [
            {
                "id": item.asset_id,
                "path": item.new_place,
                "sha256": sha256_file(work / PUBLISHED / item.new_place),
                "original_sha256": original,
            }
            for item, original in files
        ],
    }
    (work / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    renamed = {item.new_place: item.place for item, _ in files if item.new_place != item.place}
    if renamed:
        # names of files need be no text: ASCII can tell them all the same
        text = json.dumps(renamed, indent=2) + "\n"
        with atomic_output(work / "names.json", private=True) as temporary:
            temporary.write_text(text, encoding="utf-8")


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Make a folder beside the destination that is gone in the end, whatever happens."""
    try:
        work = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=target.parent))
    except OSError as error:
        msg = f"the output could not be written: {error.strerror or 'an input/output error'}"
        raise RedactionError(msg) from None
    try:
        yield work
    except OSError as error:
        if isinstance(error, SaferedactError):
            raise
        msg = f"the output could not be written: {error.strerror or 'an input/output error'}"
        raise RedactionError(msg) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move(work: Path, target: Path) -> None:
    """Give the finished folder its name; a folder that has appeared meanwhile stays."""
    if target.exists():
        msg = "the destination has appeared meanwhile"
        raise DestinationError(msg)
    work.chmod(0o755)
    work.rename(target)
