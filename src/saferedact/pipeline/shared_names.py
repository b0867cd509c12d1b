"""Names that one file of a release shows and another spells otherwise: one list for every file.

The texts and the text of PDFs are read once before anything is redacted. Who is surely named there,
and may not be, is then looked for in every file in every spelling, as if the case listed them. The
names stay in memory; plans and reports know these people by number.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from saferedact.casefile import CaseFile, Person
from saferedact.detectors.identities import IdentityEngine
from saferedact.errors import DamagedInputError, InputError, LimitExceededError
from saferedact.media.kinds import kind_of
from saferedact.pipeline.text_files import read_text_file
from saferedact.pipeline.text_segments import TEXT_SUFFIXES
from saferedact.text.decode import decode_text

__all__ = ["names_in", "with_names"]

_LIKELY = 0.5
"""Score of a name from which it is looked for elsewhere; one word alone must be sure."""

_SURE = 0.85

_LONGEST = 60  # code points; a longer find is a list or a run of headings
_MOST = 2_000
"""Names of a release that are looked for everywhere. A telephone book is nothing but names."""


def names_in(files: Iterable[Path], engine: IdentityEngine) -> tuple[str, ...]:
    """Collect the names that texts and PDFs show.

    Parameters
    ----------
    files : iterable of Path
        Files of the release; others than texts and PDFs are passed over, and so is what cannot be
        read: redacting it will say so.
    engine : IdentityEngine
        Who looks. People who may be named are not among its finds.

    Returns
    -------
    tuple of str
        At most 2,000, in the order in which they were met.
    """
    found: dict[str, None] = {}
    for path in files:
        try:
            for text in _texts(path, engine):
                for name in _names(text, engine):
                    found.setdefault(name)
                    if len(found) >= _MOST:
                        return tuple(found)
        except (InputError, DamagedInputError, LimitExceededError):
            continue
    return tuple(found)


def with_names(case: CaseFile, names: Iterable[str]) -> CaseFile:
    """Add names to a case as people who may not be named."""
    listed = {name.casefold() for person in case.people for name in person.names}
    taken = {person.ref for person in case.people}
    refs = (ref for number in range(1, 9_999) if (ref := f"N-{number}") not in taken)
    more = [
        Person(ref=next(refs), role="bystander", name=name)
        for name in names
        if name.casefold() not in listed
    ]
    return case.model_copy(update={"people": (*case.people, *more)}) if more else case


def _texts(path: Path, engine: IdentityEngine) -> Iterator[str]:
    if path.is_symlink():
        return
    if path.suffix.lower() in TEXT_SUFFIXES:
        yield decode_text(read_text_file(path, engine)).text
    elif kind_of(path) == "pdf":
        from saferedact.media.pdf_worker import open_pdf

        with open_pdf(path, limits=engine.policy.effective_limits()) as document:
            for index in range(len(document.facts.sizes)):
                for layer in document.page(index).layers:
                    yield layer.text


def _names(text: str, engine: IdentityEngine) -> Iterator[str]:
    for span in engine.find(text):
        value = " ".join(text[span.start : span.end].split())
        words = len(value.split())
        sure = span.score >= (_LIKELY if words > 1 else _SURE)
        if (
            span.kind == "person"
            and span.person_ref is None
            and sure
            and 2 < len(value) <= _LONGEST
        ):
            yield value
