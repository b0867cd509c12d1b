"""Files of a release read into materials: what each says and shows, and what could not be read."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.casefile import Asset
from saferedact.checks.material import Kind, Material, Segment, Sight
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.picture_text import PictureText
from saferedact.errors import (
    DependencyMissingError,
    DetectorError,
    InputError,
    LimitExceededError,
    SaferedactError,
    UnsupportedFormatError,
)
from saferedact.files import sha256_file
from saferedact.geometry import BoxesXYXY
from saferedact.media.image_color import flatten_on_white, narrow, with_channels
from saferedact.media.image_read import open_image
from saferedact.pipeline.inspection import Inspector
from saferedact.pipeline.inspection.as_material import (
    NOT_READ_OTHER,
    NOT_READ_PDF,
    Looked,
    looked,
)
from saferedact.pipeline.look import look
from saferedact.pipeline.text_segments import TEXT_SUFFIXES, text_segments
from saferedact.plan.resolve import ResolvedPlan
from saferedact.policy import Policy

__all__ = ["NO_DIGEST", "ImageTextReader", "Readers", "read_material", "release_files"]

_MAX_FILES = 10_000
"""Files of one release."""

_Box = tuple[float, float, float, float]

NO_DIGEST = "0" * 64
"""Digest of what could not be read."""

_KINDS: dict[str, tuple[Kind, str]] = {
    ".pdf": ("pdf", NOT_READ_PDF),
    ".mp4": ("video", "videos are not read yet"),
    ".mov": ("video", "videos are not read yet"),
    ".mkv": ("video", "videos are not read yet"),
    ".avi": ("video", "videos are not read yet"),
    ".webm": ("video", "videos are not read yet"),
    ".docx": ("other", NOT_READ_OTHER),
    ".xlsx": ("other", NOT_READ_OTHER),
    ".pptx": ("other", NOT_READ_OTHER),
}

ImageTextReader = Callable[[npt.NDArray[np.uint8]], PictureText]
"""Reads the text of a picture, shape (h, w, 3), sRGB."""


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
            content.sights,
            record,
            earlier,
            found.unread,
            found.traces,
            found.inspected,
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
    """Look for what a file hides; None for texts, and where nobody looks."""
    if readers.inspector is None or content.sha256 == NO_DIGEST or content.kind == "text":
        return None
    return looked(readers.inspector.inspect(path), content.unread, readers.plan)


def _content(path: Path, readers: Readers) -> _Content:
    if path.is_symlink():
        return _Content("other", NO_DIGEST, unread=("a link is not followed",))
    suffix = path.suffix.lower()
    kind: Kind = "text" if suffix in TEXT_SUFFIXES else _KINDS.get(suffix, ("image", ""))[0]
    digest = NO_DIGEST
    try:
        digest = sha256_file(path)
        if kind == "text":
            return _Content(kind, digest, tuple(text_segments(path)))
        if kind != "image":
            return _Content(kind, digest, unread=(_KINDS[suffix][1],))
        sights, texts, unread = _picture(path, readers)
        return _Content(kind, digest, texts, sights, unread)
    except UnsupportedFormatError:
        return _Content("other", digest, unread=(NOT_READ_OTHER,))
    except (DetectorError, DependencyMissingError):
        raise
    except SaferedactError as error:
        return _Content(kind, digest, unread=(error.message,))


def _spaced(path: str) -> str:
    """Write a path so that words of a name stand apart as in prose."""
    return path.replace("_", " ")


def _picture(
    path: Path, readers: Readers
) -> tuple[tuple[Sight, ...], tuple[Segment, ...], tuple[str, ...]]:
    unread: list[str] = []
    sights: list[Sight] = []
    texts: list[Segment] = []
    if readers.detectors is None:
        unread.append("nobody looked for faces in the picture")
    if readers.image_text is None:
        unread.append("text in the picture was not read")
    with open_image(path, limits=readers.policy.effective_limits()) as source:
        known = source.info.orientation is not None
        for frame in source.frames():
            for hits in look(
                frame.pixels, readers.detectors or (), readers.policy, orientation_known=known
            ):
                sights += [
                    Sight(hits.label, float(score), frame.index, _box(box))
                    for box, score in zip(hits.xyxy, hits.score, strict=True)
                ]
            if readers.image_text is not None:
                read = readers.image_text(with_channels(flatten_on_white(narrow(frame.pixels)), 3))
                texts += _texts(read, frame.index)
                if len(read.unread):
                    unread.append("the picture has text that could not be read")
    return tuple(sights), tuple(texts), tuple(dict.fromkeys(unread))


def _texts(read: PictureText, frame: int) -> Iterator[Segment]:
    """Yield the lines of a picture with their boxes, and all of them together."""
    at = 0
    lines = read.text.split("\n")
    for line in lines:
        if line.strip():
            boxes = read.boxes_of(_Stretch(at, at + len(line)))
            yield Segment(line, origin="ocr", frame=frame, xyxy=_hull(boxes))
        at += len(line) + 1
    if sum(1 for line in lines if line.strip()) > 1:
        yield Segment(read.flowing, origin="ocr", frame=frame, joined=True)


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int


def _hull(boxes: BoxesXYXY) -> _Box | None:
    if not len(boxes):
        return None
    return _box(np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]))


def _box(values: npt.NDArray[np.float32]) -> _Box:
    x1, y1, x2, y2 = (float(value) for value in values)
    return x1, y1, x2, y2
