"""What a case file says of its people, as seeds of the sweep: whom to find, and whom to leave."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from saferedact.casefile import CaseFile, Person
from saferedact.text.fold import fold
from saferedact.text.name_forms import plain_name
from saferedact.text.spans import TextSpan
from saferedact.text.sweep import Seed, Sweeper

__all__ = ["LONGEST_KNOWN", "kept_spans", "protected_seeds", "publishable_people", "without_kept"]

LONGEST_KNOWN = 1_000
"""Code points of what the sweep finds, at most: no value of a case file is longer than 500, with blanks
between."""

_KEPT_SCORE = 0.6
"""A name is left only where it surely is the publishable person's: whole, or a part as written."""


def protected_seeds(case: CaseFile, *, keep_publishable: bool) -> list[Seed]:
    """List everything the case file knows people by that must not be seen.

    Parameters
    ----------
    case : CaseFile
        The case file.
    keep_publishable : bool
        Whether what may be published of a person is left out.

    Returns
    -------
    list of Seed
        With the people's references. A surname that a publishable person bears as well does not by
        itself mean the protected one.
    """
    published = {
        _surname(person.name)
        for person in case.people
        if keep_publishable and person.may_publish("name") and person.name.strip()
    }
    seeds: list[Seed] = []
    for person in case.people:
        seeds += _seeds(person, published, keep_publishable=keep_publishable)
    return seeds


def _seeds(person: Person, published: set[str], *, keep_publishable: bool) -> Iterator[Seed]:
    def hidden(*fields: str) -> bool:
        return not (keep_publishable and any(person.may_publish(f) for f in fields))  # type: ignore[arg-type]

    if hidden("name"):
        for name in person.names:
            alone = _surname(name) not in published
            yield Seed(name, "person", person.ref, surname_alone=alone)
    if hidden("address"):
        yield from _each(person.addresses, "address", person)
    if hidden("vehicle"):
        yield from _each(person.vehicles, "vrm", person)
    if hidden("job"):
        yield from _each(person.workplaces, "workplace", person)
    yield from _each(person.handles, "handle", person)
    yield from _each(person.phones, "phone", person)
    yield from _each(person.emails, "email", person)
    yield from _each((*person.schools, *person.clubs), "school", person)


def _surname(name: str) -> str:
    return fold((plain_name(name) or name).split()[-1])


def _each(values: Iterable[str], kind: str, person: Person) -> Iterator[Seed]:
    for value in values:
        yield Seed(value, kind, person.ref)


def publishable_people(case: CaseFile) -> Sweeper:
    """Spell what may be seen of publishable people: name, address and vehicle, as far as allowed."""
    seeds: list[Seed] = []
    for person in case.people:
        if person.may_publish("name"):
            # The accused is Elizabeth Kemble, and Lily is a child: "with Lily. Kemble then left".
            # A pet name of hers that may be seen is an alias of the case file.
            seeds += [Seed(name, "person", person.ref, pet_forms=False) for name in person.names]
        if person.may_publish("address"):
            seeds += _each(person.addresses, "address", person)
        if person.may_publish("vehicle"):
            seeds += _each(person.vehicles, "vrm", person)
    return Sweeper(seeds, fuzzy=False, misread=False)  # Neil is charged, and Nell is not


def kept_spans(text: str, people: Sweeper) -> list[TextSpan]:
    """Find in a text what may be seen of `publishable_people`."""
    return [span for span in people.find(text) if span.score >= _KEPT_SCORE]


def without_kept(
    spans: Iterable[TextSpan],
    kept: Iterable[TextSpan],
    protected: Iterable[TextSpan],
    text: str,
    case: CaseFile,
) -> list[TextSpan]:
    """Leave out spans that show nothing but what may be seen.

    Parameters
    ----------
    spans : iterable of TextSpan
        What was found.
    kept : iterable of TextSpan
        As `kept_spans` found it.
    protected : iterable of TextSpan
        What the seeds of protected people found. A stretch that means one of them at least as surely,
        and is no part of a longer one that may be seen, may not: two people can have one name.
    text : str
        The text as it is.
    case : CaseFile
        For ages: one that is a publishable person's, and no protected person's, is left.

    Returns
    -------
    list of TextSpan
        Spans that reach beyond what may be seen are kept whole.
    """
    theirs = _Holders(protected)
    shown = _Holders(
        keep
        for keep in kept
        if not any(other.score >= keep.score for other in theirs.holders_of(keep))
    )
    ages = _ages(case, publishable=True) - _ages(case, publishable=False)
    return [
        span
        for span in spans
        if not any(shown.holders_of(span))
        and not (span.kind == "age" and text[span.start : span.end] in ages)
    ]


class _Holders:
    """Spans of the sweep, to be asked which of them hold another span of their label."""

    def __init__(self, spans: Iterable[TextSpan]) -> None:
        self._by_label: dict[str, list[TextSpan]] = {}
        for span in sorted(spans):
            self._by_label.setdefault(span.label, []).append(span)
        self._starts = {
            label: [span.start for span in found] for label, found in self._by_label.items()
        }

    def holders_of(self, span: TextSpan) -> Iterator[TextSpan]:
        starts = self._starts.get(span.label, [])
        first = bisect_left(starts, span.start - LONGEST_KNOWN)
        for other in self._by_label.get(span.label, [])[first : bisect_right(starts, span.start)]:
            if other.end >= span.end:
                yield other


def _ages(case: CaseFile, *, publishable: bool) -> set[str]:
    return {
        str(person.age)
        for person in case.people
        if person.age is not None and person.may_publish("age") is publishable
    }
