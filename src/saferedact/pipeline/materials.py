"""Files of a release read into materials: what each says and shows, and what could not be read."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from saferedact.casefile import Asset
from saferedact.checks.material import Kind, Material, Segment, Sight
from saferedact.detectors.base import ImageDetector
from saferedact.errors import (
    DependencyMissingError,
    DetectorError,
    InputError,
    LimitExceededError,
    SaferedactError,
    UnsupportedFormatError,
)
from saferedact.files import sha256_file
from saferedact.media.kinds import kind_of
from saferedact.pipeline.inspection import Inspection, Inspector
from saferedact.pipeline.inspection.as_material import NOT_READ_OTHER, Looked, looked
from saferedact.pipeline.inspection.inside import see_inside
from saferedact.pipeline.inspection.pages import hidden_in_text
from saferedact.pipeline.seen import ImageTextReader, Seen, see
from saferedact.pipeline.text_segments import TEXT_SUFFIXES, text_segments
from saferedact.plan.resolve import ResolvedPlan
from saferedact.policy import Policy

__all__ = ["NO_DIGEST", "Readers", "read_material", "release_files"]

_MAX_FILES = 10_000
"""Files of one release."""

NO_DIGEST = "0" * 64
"""Digest of what could not be read."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads what.

    Parameters
    ----------
    policy : Policy
        Labels and limits of the detectors.
    detectors : sequence of ImageDetector or None
        Who looks at pictures; None for nobody, which is reported.
    image_text : callable or None
        Who reads text in pictures; None for nobody, which is reported.
    inspector : Inspector or None
        Who looks for what files hide; None for nobody, which is reported.
    plan : ResolvedPlan or None
        What was hidden, and how, in the picture that is checked.
    """

    policy: Policy
    detectors: Sequence[ImageDetector] | None
    image_text: ImageTextReader | None
    inspector: Inspector | None = None
    plan: ResolvedPlan | None = None


def release_files(root: Path) -> list[Path]:
    """List the files of a release in a fixed order; of a single file, itself.

    Links are listed, and are not followed when they are read.

    Raises
    ------
    InputError
        If there is no such file or folder, or a folder without files.
    LimitExceededError
        If there are more than 10,000.
    """
    if root.is_file():
        return [root]
    if not root.is_dir():
        msg = "there is no such file or folder to check"
        raise InputError(msg)
    found: list[Path] = []
    for folder, folders, names in os.walk(root):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        found += [Path(folder) / name for name in (*names, *links)]
        if len(found) > _MAX_FILES:
            msg = f"the release has more than {_MAX_FILES} files"
            raise LimitExceededError(msg)
    if not found:
        msg = "the folder holds no files to check"
        raise InputError(msg)
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def read_material(
    path: Path,
    shown_path: str,
    asset_id: str,
    record: Asset | None,
    readers: Readers,
    *,
    earlier: bool = False,
) -> Material:
    """Read a file.

    Parameters
    ----------
    path : Path
        The file. Opened read-only.
    shown_path : str
        Its place in the release, which is a text that is published too.
    asset_id : str
        How reports call it.
    record : Asset or None
        What the case file says about it.
    readers : Readers
        Who reads what.
    earlier : bool
        Whether it belongs to an earlier release.

    Returns
    -------
    Material
        With the reasons for what could not be read; never an error for one file.
    """
    name = Segment(_spaced(shown_path), origin="name")
    content = _content(path, readers)
    found = _inspected(path, content, readers)
    if found is not None:
        return Material(
            asset_id,
            content.kind if content.kind != "other" else found.kind,
            content.sha256,
            (name, *content.segments, *found.segments),
            (*content.sights, *found.sights),
            record,
            earlier,
            found.unread,
            found.traces,
            found.inspected,
            found.pictures_inside,
        )
    return Material(
        asset_id,
        content.kind,
        content.sha256,
        (name, *content.segments),
        content.sights,
        record,
        earlier,
        content.unread,
    )


@dataclass(frozen=True, slots=True)
class _Content:
    kind: Kind
    sha256: str
    segments: tuple[Segment, ...] = ()
    sights: tuple[Sight, ...] = ()
    unread: tuple[str, ...] = ()


def _inspected(path: Path, content: _Content, readers: Readers) -> Looked | None:
    """Look for what a file hides; None for plain texts, and where nobody looks."""
    if readers.inspector is None or content.sha256 == NO_DIGEST:
        return None
    if content.kind == "text":
        if content.unread:
            return None
        return hidden_in_text(path, readers.inspector, partial(_seen, readers=readers))
    with tempfile.TemporaryDirectory(prefix="saferedact-") as name:
        folder = Path(name)
        inspection = readers.inspector.inspect(path, folder)
        return looked(inspection, content.unread, readers.plan, _seen(inspection, folder, readers))


def _seen(inspection: Inspection, folder: Path, readers: Readers) -> Seen:
    return see_inside(
        inspection,
        folder,
        policy=readers.policy,
        detectors=readers.detectors,
        image_text=readers.image_text,
    )


def _content(path: Path, readers: Readers) -> _Content:
    if path.is_symlink():
        return _Content("other", NO_DIGEST, unread=("a link is not followed",))
    kind: Kind = "other"
    digest = NO_DIGEST
    try:
        digest = sha256_file(path)
        if path.suffix.lower() in TEXT_SUFFIXES:
            kind = "text"
            return _Content(kind, digest, tuple(text_segments(path)))
        medium = kind = kind_of(path)
        seen = see(
            path,
            medium,
            policy=readers.policy,
            detectors=readers.detectors,
            image_text=readers.image_text,
        )
        return _Content(kind, digest, tuple(seen.texts), tuple(seen.sights), tuple(seen.unread))
    except UnsupportedFormatError:
        return _Content("other", digest, unread=(NOT_READ_OTHER,))
    except (DetectorError, DependencyMissingError):
        raise
    except SaferedactError as error:
        return _Content(kind, digest, unread=(error.message,))


def _spaced(path: str) -> str:
    """Write a path so that words of a name stand apart as in prose."""
    return path.replace("_", " ")
