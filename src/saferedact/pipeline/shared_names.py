"""Names that one file of a release shows and another spells otherwise: one list for every file.

Everything is read once before anything is redacted: texts, the text of PDFs, and what pictures, pages
and moments of films show. Who is surely named there, and may not be, is then looked for in every file in
every spelling, as if the case listed them. The names stay in memory; plans and reports know these people
by number.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.casefile import CaseFile, Person
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.picture_text import PictureText
from saferedact.errors import DamagedInputError, InputError, LimitExceededError
from saferedact.media.kinds import MediaKind, kind_of
from saferedact.pipeline.crew import Crew, threads_each
from saferedact.pipeline.release_materials import longest_first, picture_reader
from saferedact.pipeline.seen import ImageTextReader, see
from saferedact.pipeline.text_files import read_text_file
from saferedact.pipeline.text_segments import TEXT_SUFFIXES
from saferedact.policy import Policy
from saferedact.text.decode import decode_text
from saferedact.text.layout import split_text
from saferedact.text.normalize import normalize
from saferedact.text.segments import join_segments

__all__ = ["MOST_NAMES", "names_in", "names_in_abreast", "with_names"]

_LIKELY = 0.5
"""Score of a name from which it is looked for elsewhere; one word alone must be sure, and so must what
was read in a picture: a name that was misread would hide words everywhere."""

_SURE = 0.85

_LONGEST = 60  # code points; a longer find is a list or a run of headings
MOST_NAMES = 2_000
"""Names of a release that are looked for everywhere. A telephone book is nothing but names."""


def names_in(
    files: Iterable[Path], engine: IdentityEngine, image_text: ImageTextReader | None = None
) -> tuple[str, ...]:
    """Collect the names that files show.

    Parameters
    ----------
    files : iterable of Path
        Files of the release. What is of no known kind or cannot be read is passed over: redacting it
        will say so.
    engine : IdentityEngine
        Who looks. People who may be named are not among its finds.
    image_text : callable or None
        Who reads pictures, scanned pages and films, every two seconds of them; None for nobody.

    Returns
    -------
    tuple of str
        At most 2,000, in the order in which they were met.

    Raises
    ------
    DetectorError
        If somebody who looks or reads fails.
    """
    return _together(_names_of_file(path, engine, image_text) for path in files)


def names_in_abreast(
    crew: Crew,
    files: Sequence[Path],
    keys: Sequence[str],
    *,
    policy: Policy,
    case: CaseFile,
    reads_pictures: bool,
) -> tuple[str, ...]:
    """Collect the names that files show in several processes, with the built-in readers.

    Parameters
    ----------
    crew : Crew
        The processes.
    files : sequence of Path
        As of `names_in`, as are the result and the errors.
    keys : sequence of str
        How the crew knows each file.
    policy : Policy
        What is looked for.
    case : CaseFile
        People who may be named.
    reads_pictures : bool
        Whether text in pictures is read.
    """
    found = dict(
        crew.do(
            _names_apart,
            [(path,) for path in files],
            prepare=_prepare,
            known=(policy, case, reads_pictures, threads_each(crew.jobs)),
            order=longest_first(files),
            keys=keys,
        )
    )
    return _together(found[at] for at in range(len(files)))


def with_names(case: CaseFile, names: Iterable[str]) -> CaseFile:
    """Add names to a case as people who may not be named."""
    listed = {name.casefold() for person in case.people for name in person.names}
    plain = dict.fromkeys(map(_as_line, names))
    taken = {person.ref for person in case.people}
    refs = (ref for number in range(1, 9_999) if (ref := f"N-{number}") not in taken)
    more = [
        Person(ref=next(refs), role="bystander", name=name)
        for name in plain
        if name and name.casefold() not in listed
    ]
    return case.model_copy(update={"people": (*case.people, *more)}) if more else case


class _Here:
    """Who reads in this process, once it was told."""

    engine: IdentityEngine
    image_text: ImageTextReader | None


def _prepare(policy: Policy, case: CaseFile, reads_pictures: bool, threads: int) -> None:
    _Here.engine = IdentityEngine.of(policy, case, "en", None)
    _Here.image_text = picture_reader(threads) if reads_pictures else None


def _names_apart(path: Path) -> list[str]:
    return _names_of_file(path, _Here.engine, _Here.image_text)


def _together(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Put the names of all files together, each once, up to the most there may be."""
    found: dict[str, None] = {}
    for some in names:
        found.update(dict.fromkeys(some))
        if len(found) >= MOST_NAMES:
            break
    return tuple(found)[:MOST_NAMES]


def _names_of_file(
    path: Path, engine: IdentityEngine, image_text: ImageTextReader | None
) -> list[str]:
    names: dict[str, None] = {}
    try:
        for name in _names_of(path, engine, image_text):
            names.setdefault(name)
            if len(names) >= MOST_NAMES:
                break
    except (InputError, DamagedInputError, LimitExceededError):
        pass  # redacting it will say so; what was read of it counts
    return list(names)


def _as_line(name: str) -> str:
    """Write a name as a case file has it: one line without what is not seen, as soft hyphens."""
    read = " ".join(normalize(name).text.split())
    return "".join(char for char in read if char.isprintable())


def _names_of(
    path: Path, engine: IdentityEngine, image_text: ImageTextReader | None
) -> Iterator[str]:
    if path.is_symlink():
        return
    if path.suffix.lower() in TEXT_SUFFIXES:
        written = decode_text(read_text_file(path, engine)).text
        read, _ = join_segments(split_text(written, path.suffix.lower().removeprefix(".")))
        yield from _names(read, engine, _LIKELY)
        return
    kind = kind_of(path)
    if kind == "pdf":
        from saferedact.media.pdf_worker import open_pdf

        with open_pdf(path, limits=engine.policy.effective_limits()) as document:
            for index in range(len(document.facts.sizes)):
                for layer in document.page(index).layers:
                    least = _SURE if layer.scattered else _LIKELY
                    yield from _names(layer.text, engine, least)
    if image_text is not None:
        yield from _names_shown(path, kind, engine, image_text)


def _names_shown(
    path: Path, kind: MediaKind, engine: IdentityEngine, image_text: ImageTextReader
) -> list[str]:
    """Collect the names in what can be read in pictures; of each different text once."""
    names: list[str] = []
    texts: set[int] = set()

    def read(pixels: npt.NDArray[np.uint8]) -> PictureText:
        shown = image_text(pixels)
        if shown.text and (digest := hash(shown.text)) not in texts and len(names) < MOST_NAMES:
            texts.add(digest)
            names.extend(_names(shown.text, engine, _SURE))
        return shown

    see(path, kind, policy=engine.policy, detectors=(), image_text=read)
    return names


def _names(text: str, engine: IdentityEngine, least: float) -> Iterator[str]:
    for span in engine.find(text):
        value = _as_line(text[span.start : span.end])
        words = len(value.split())
        sure = span.score >= (least if words > 1 else _SURE)
        if (
            span.kind == "person"
            and span.person_ref is None
            and sure
            and 2 < len(value) <= _LONGEST
        ):
            yield value
