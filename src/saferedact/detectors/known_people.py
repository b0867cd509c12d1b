"""What a case file says of its people, as seeds of the sweep: whom to find, and whom to leave."""

from collections.abc import Iterable, Iterator

from saferedact.casefile import CaseFile, Person
from saferedact.text.fold import fold
from saferedact.text.name_forms import plain_name
from saferedact.text.spans import TextSpan
from saferedact.text.sweep import Seed, sweep

__all__ = ["kept_spans", "protected_seeds", "without_kept"]

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


def kept_spans(text: str, case: CaseFile) -> list[TextSpan]:
    """Find what may be seen of publishable people: name, address and vehicle, as far as allowed.

    Parameters
    ----------
    text : str
        The text as it is.
    case : CaseFile
        The case file.
    """
    seeds: list[Seed] = []
    for person in case.people:
        if person.may_publish("name"):
            seeds += [Seed(name, "person", person.ref) for name in person.names]
        if person.may_publish("address"):
            seeds += _each(person.addresses, "address", person)
        if person.may_publish("vehicle"):
            seeds += _each(person.vehicles, "vrm", person)
    return [span for span in sweep(text, seeds) if span.score >= _KEPT_SCORE]


def without_kept(
    spans: Iterable[TextSpan], kept: Iterable[TextSpan], text: str, case: CaseFile
) -> list[TextSpan]:
    """Leave out spans that show nothing but what may be seen.

    Parameters
    ----------
    spans : iterable of TextSpan
        What was found.
    kept : iterable of TextSpan
        As `kept_spans` found it.
    text : str
        The text as it is.
    case : CaseFile
        For ages: one that is a publishable person's, and no protected person's, is left.

    Returns
    -------
    list of TextSpan
        Spans that reach beyond what may be seen are kept whole.
    """
    by_label: dict[str, list[TextSpan]] = {}
    for keep in kept:
        by_label.setdefault(keep.label, []).append(keep)
    ages = _ages(case, publishable=True) - _ages(case, publishable=False)
    return [
        span
        for span in spans
        if not any(
            keep.start <= span.start and span.end <= keep.end
            for keep in by_label.get(span.label, ())
        )
        and not (span.kind == "age" and text[span.start : span.end] in ages)
    ]


def _ages(case: CaseFile, *, publishable: bool) -> set[str]:
    return {
        str(person.age)
        for person in case.people
        if person.age is not None and person.may_publish("age") is publishable
    }
