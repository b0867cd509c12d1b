"""Which files a command is about, and where each result goes.

Folders are walked without following links to folders, so a loop of links ends nowhere; the
structure below a folder is kept. What is not taken is listed with its reason, never dropped.
"""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeVar

from saferedact.errors import DestinationError, InputError
from saferedact.files import TEMPORARY_PREFIX

__all__ = ["READ_ONLY", "Job", "Skipped", "plan_jobs", "writable"]

P = TypeVar("P", bound=PurePath)

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
"""Files that Windows and macOS leave in folders of pictures; they hold previews of them."""

READ_ONLY = frozenset(
    [
        ".3g2",
        ".3gp",
        ".264",
        ".265",
        ".asf",
        ".avi",
        ".dav",
        ".flv",
        ".h264",
        ".h265",
        ".hevc",
        ".m2ts",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".ogv",
        ".ts",
        ".vob",
        ".wmv",
    ]
)
"""Suffixes of videos that are written as MP4: exports of cameras, and codings nobody writes now."""

_GLOB_CHARACTERS = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Job:
    """One file to redact.

    Parameters
    ----------
    name : str
        What to call it in messages: its path below what was asked for, with forward slashes.
    source : Path
        The original.
    destination : Path
        The new file; its folder need not exist yet.
    part : (float, float) or None
        Of a video, only what is shown between these seconds.
    resume : bool
        Keep the work on a video, and go on where an earlier run was cut off.
    thorough : bool
        Look again at every frame of a video.
    """

    name: str
    source: Path
    destination: Path
    part: tuple[float, float] | None = None
    resume: bool = False
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not taken.

    Parameters
    ----------
    name : str
        What to call it in messages.
    reason : str
        Why.
    is_error : bool
        Whether somebody has to act: what should have been read could not be.
    """

    name: str
    reason: str
    is_error: bool = False


def plan_jobs(sources: Sequence[str], destination: str) -> tuple[list[Job], list[Skipped]]:
    """Choose the files and their destinations.

    Parameters
    ----------
    sources : sequence of str
        Files, folders, and patterns with ``*``, ``?``, ``[`` or ``**`` (Windows shells do not
        expand them).
    destination : str
        A file if there is one source, which is a file, and this neither is a folder nor looks like
        one (no suffix, or a slash at its end); otherwise a folder. One folder's files keep their places below it; of several sources,
        each folder keeps its own name too.

    Returns
    -------
    jobs : list of Job
        In a fixed order.
    skipped : list of Skipped
        What was not taken.

    Raises
    ------
    InputError
        If a source does not exist or a pattern matches nothing.
    DestinationError
        If two sources would get one destination, or a destination is another's source.
    """
    roots = [path for text in sources for path in _expand(text)]
    target = Path(destination)
    is_folder = target.is_dir() or destination.endswith(("/", os.sep)) or not target.suffix
    if len(roots) == 1 and not roots[0].is_dir() and not is_folder:
        return [Job(roots[0].name, roots[0], target)], []
    jobs: list[Job] = []
    skipped: list[Skipped] = []
    for root in roots:
        if not root.is_dir():
            jobs.append(Job(root.name, root, writable(target / root.name)))
            continue
        prefix = Path(_real(root).name) if len(roots) > 1 else Path()
        for found in _walk(root, leave_out=target):
            if isinstance(found, Skipped):
                skipped.append(found)
                continue
            place = prefix / found.relative_to(root)
            jobs.append(Job(place.as_posix(), found, writable(target / place)))
    _refuse_collisions(jobs)
    return jobs, skipped


def writable(path: P) -> P:
    """Give a destination another suffix where videos are only read with its own."""
    return path.with_suffix(".mp4") if path.suffix.lower() in READ_ONLY else path


def _expand(text: str) -> list[Path]:
    path = Path(text)
    if os.path.lexists(path):
        return [path]
    if _GLOB_CHARACTERS & set(text):
        matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207  a whole path is a pattern
        if matches:
            return _outermost([Path(match) for match in matches])
        msg = "a pattern matches no file"
        raise InputError(msg)
    msg = "a source does not exist"
    raise InputError(msg)


def _outermost(paths: list[Path]) -> list[Path]:
    """Leave out what lies in a folder that is there itself: ``**`` gives folders and files."""
    folders = {path for path in paths if path.is_dir() and not path.is_symlink()}
    return [path for path in dict.fromkeys(paths) if folders.isdisjoint(path.parents)]


def _walk(root: Path, *, leave_out: Path) -> Iterator[Path | Skipped]:
    """Yield the files below a folder in a fixed order, and what is not taken."""
    unreadable: list[Skipped] = []

    def note(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        unreadable.append(Skipped(name, "the folder cannot be read", is_error=True))

    own_output = _real(leave_out)
    for folder, folders, files in os.walk(root, onerror=note):
        here = Path(folder)
        for name in sorted(folders):
            path = here / name
            if path.is_symlink():
                yield Skipped(path.relative_to(root).as_posix(), "a link to a folder")
            elif _real(path) == own_output:
                yield Skipped(path.relative_to(root).as_posix(), "the destination itself")
        # Changing the list in place is how os.walk is told where to go.
        folders[:] = sorted(
            name
            for name in folders
            if not (here / name).is_symlink() and _real(here / name) != own_output
        )
        for name in sorted(files):
            path = here / name
            if name.startswith(TEMPORARY_PREFIX):
                reason = "what is left of a run that was cut off; delete it"
                yield Skipped(path.relative_to(root).as_posix(), reason)
            elif name.lower() in _SYSTEM_FILES or name.startswith("._"):
                yield Skipped(path.relative_to(root).as_posix(), "a file of the operating system")
            else:
                yield path
        yield from unreadable
        unreadable.clear()
    yield from unreadable


def _real(path: Path) -> Path:
    """Follow links as far as they lead; `Path.resolve` raises on a loop of them before 3.13."""
    return Path(os.path.realpath(path))


def _refuse_collisions(jobs: list[Job]) -> None:
    originals = {os.path.normcase(_real(job.source)): job for job in jobs}
    taken: set[str] = set()
    for job in jobs:
        place = os.path.normcase(job.destination)
        if place in taken:
            msg = f"two sources would be written to one place ({job.name})"
            raise DestinationError(msg)
        taken.add(place)
        # A file that would be written over itself is refused when its turn comes: it alone fails.
        if originals.get(os.path.normcase(_real(job.destination)), job) is not job:
            msg = f"a source would be written over another one ({job.name})"
            raise DestinationError(msg)
