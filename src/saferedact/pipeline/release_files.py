"""The files of a release on their way: what each is called, and how it is redacted, here or in other processes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from saferedact.casefile import Asset, CaseFile
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import (
    DetectorError,
    InputError,
    LimitExceededError,
    RedactionError,
    UnsupportedFormatError,
    VerificationError,
)
from saferedact.pipeline.crew import Crew, threads_each
from saferedact.pipeline.file_names import neutral_names, shown_name
from saferedact.pipeline.files_in_text import picture_redactor
from saferedact.pipeline.jobs import writable
from saferedact.pipeline.redact import redact_with_plan
from saferedact.pipeline.release_materials import asset_ids, fit_to_show, longest_first
from saferedact.pipeline.text_files import read_text_file, redact_text_file
from saferedact.pipeline.text_segments import TEXT_SUFFIXES
from saferedact.plan import Plan
from saferedact.policy import Policy

__all__ = ["Item", "called", "items_of", "redacted", "redacted_abreast"]


@dataclass(frozen=True, slots=True)
class Item:
    """A file on its way: what it is called in reports, where it comes from, where it goes."""

    asset_id: str
    source: Path
    place: str
    new_place: str


@dataclass(slots=True)
class _Here:
    """Who works in this process, once it was told."""

    engine: IdentityEngine
    detectors: Sequence[ImageDetector]
    thorough: bool


_here: list[_Here] = []


def redacted_abreast(
    crew: Crew, items: list[Item], folder: Path, known: tuple[Any, ...]
) -> Iterator[tuple[Item, Plan | None]]:
    """Redact files side by side; yield them as they are done."""
    done = crew.do(
        _redacted_apart,
        [(item, folder) for item in items],
        prepare=_prepare,
        known=(*known, threads_each(crew.jobs)),
        order=longest_first([item.source for item in items]),
        keys=[item.new_place for item in items],
    )
    for at, plan in done:
        yield items[at], plan


def _prepare(
    policy: Policy,
    case: CaseFile,
    detectors: Sequence[str] | None,
    thorough: bool,
    threads: int,
) -> None:
    engine = IdentityEngine.of(policy, case, "en", None)
    lookers = resolve_detectors(detectors, policy, case=case, threads=threads)
    _here[:] = [_Here(engine, lookers, thorough)]


def _redacted_apart(item: Item, folder: Path) -> Plan | None:
    here = _here[0]
    return redacted(item, folder, here.engine, here.detectors, thorough=here.thorough)


def items_of(files: list[Path], base: Path, case: CaseFile, policy: Policy) -> list[Item]:
    """Name the files of a release; those whose names tell something get neutral ones.

    So do those that would be written to one place, as ``a.avi`` and ``a.mp4``, and those that no report
    can hold: with line breaks, bytes that are no text, or too long.
    """
    places = [path.relative_to(base).as_posix() for path in files]
    written = {place: writable(PurePosixPath(place)).as_posix() for place in places}
    twice = {place for place, number in Counter(written.values()).items() if number > 1}
    renamed = [
        place
        for place in places
        if written[place] in twice
        or not _fits_a_report(place)
        or shown_name(place, policy=policy, case=case) != place
    ]
    taken = [written[place] for place in set(places).difference(renamed)]
    new = written | neutral_names(renamed, taken=taken)
    ids = asset_ids(places, case)
    return [
        Item(asset_id, path, place, new[place])
        for asset_id, path, place in zip(ids, files, places, strict=True)
    ]


def redacted(
    item: Item,
    folder: Path,
    engine: IdentityEngine,
    detectors: Sequence[ImageDetector],
    *,
    thorough: bool,
) -> Plan | None:
    """Write one file of the release; return what it was made by, if that is a plan."""
    new = folder / item.new_place
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        suffix = item.source.suffix.lower()
        if suffix in TEXT_SUFFIXES:
            data = read_text_file(item.source, engine)
            pictures = picture_redactor(engine, detectors)
            form = suffix.removeprefix(".")
            new.write_bytes(redact_text_file(data, form, engine, redact_picture=pictures).data)
            return None
        done = redact_with_plan(
            item.source,
            new,
            policy=engine.policy,
            case=engine.case,
            detectors=detectors,
            thorough=thorough,
        )
    except UnsupportedFormatError as error:
        msg = f"{called(item, engine)} cannot be redacted ({error.message}); take it out of the folder"
        raise RedactionError(msg) from None
    except (
        InputError,
        LimitExceededError,
        DetectorError,
        RedactionError,
        VerificationError,
    ) as error:
        raise type(error)(f"{called(item, engine)}: {error.message}") from None
    except OSError as error:
        msg = (
            f"{called(item, engine)} cannot be written: {error.strerror or 'an input/output error'}"
        )
        raise RedactionError(msg) from None
    return done.plan


def called(item: Item, engine: IdentityEngine) -> str:
    """Call a file by its id and its place without identities: a folder has many."""
    return f"{item.asset_id} ({fit_to_show(item.place, engine.policy, engine.case)})"


def _fits_a_report(place: str) -> bool:
    try:
        Asset(id="file", path=place)
    except ValidationError:
        return False
    return True
