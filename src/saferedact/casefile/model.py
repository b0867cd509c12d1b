"""The case file as a whole. What its parts say together is checked here.

Contradictions of fact (a charge before the arrest) are findings of the checks, not faults of the
file: a press officer must see them beside everything else.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferedact.casefile.parts import (
    Approval,
    Asset,
    CaseDetails,
    Channel,
    Hearing,
    LinkedCase,
    Override,
    PriorRelease,
    Release,
    Restriction,
)
from saferedact.casefile.people import MIN_NAME_LETTERS, Consent, Person, letters
from saferedact.casefile.terms import (
    MAX_ENTRIES,
    MAX_PEOPLE,
    CaseDocument,
)
from saferedact.documents import Loc, at_most, rules
from saferedact.errors import Problem

__all__ = ["CASE_MODELS", "CaseFile"]

_BEFORE_CHARGE = frozenset({"not_arrested", "arrested"})


class CaseFile(CaseDocument):
    """All that the checks know about a case."""

    schema_id: Literal["saferedact.case/1"] = Field(default="saferedact.case/1", alias="schema")
    case: CaseDetails
    linked_cases: Annotated[tuple[LinkedCase, ...], Field(strict=False), at_most(MAX_ENTRIES)] = ()
    release: Release = Release()
    restrictions: Annotated[tuple[Restriction, ...], Field(strict=False), at_most(MAX_ENTRIES)] = ()
    people: Annotated[tuple[Person, ...], Field(strict=False), at_most(MAX_PEOPLE)] = ()
    assets: Annotated[tuple[Asset, ...], Field(strict=False), at_most(MAX_PEOPLE)] = ()
    approvals: Annotated[tuple[Approval, ...], Field(strict=False), at_most(MAX_ENTRIES)] = ()
    overrides: Annotated[tuple[Override, ...], Field(strict=False), at_most(MAX_ENTRIES)] = ()

    @model_validator(mode="after")
    def _references_lead_somewhere(self) -> Self:
        faults = list(_reference_faults(self))
        if faults:
            raise rules("CaseFile", faults)
        return self

    def person(self, ref: str) -> Person | None:
        """Find a person by reference."""
        return next((person for person in self.people if person.ref == ref), None)

    @property
    def protected(self) -> tuple[Person, ...]:
        """People whose name must not be published."""
        return tuple(person for person in self.people if not person.may_publish("name"))

    @property
    def accused(self) -> tuple[Person, ...]:
        """Suspects and defendants, of linked cases too."""
        return tuple(person for person in self.people if person.is_accused)

    @property
    def before_charge(self) -> bool:
        """Whether nobody is charged yet; also if the stage is not known."""
        return self.case.stage is None or self.case.stage in _BEFORE_CHARGE

    def warnings(self) -> list[Problem]:
        """List what is valid but cannot be used: names too short to be looked for.

        Returns
        -------
        list of (str, str)
            Place and text, without content.
        """
        text = "has a single letter and is not looked for"
        return [
            (f"$.people[{at}].{field}", text)
            for at, person in enumerate(self.people)
            for field, name in _names_by_place(person)
            if name and letters(name) < MIN_NAME_LETTERS
        ]

    @property
    def sha256(self) -> str:
        """Hex digest of the whole case file in canonical JSON."""
        tree = self.model_dump(mode="json", by_alias=True)
        canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


CASE_MODELS = (
    CaseFile,
    CaseDetails,
    Hearing,
    LinkedCase,
    Release,
    Channel,
    PriorRelease,
    Restriction,
    Person,
    Consent,
    Asset,
    Approval,
    Override,
)
"""Every model of the file, for the words of problems and for the reference."""


def _names_by_place(person: Person) -> Iterator[tuple[str, str]]:
    yield "name", person.name
    for position, alias in enumerate(person.aliases):
        yield f"aliases[{position}]", alias


def _reference_faults(case: CaseFile) -> Iterator[tuple[Loc, str]]:
    refs = {person.ref for person in case.people}
    yield from _repeated("people", "ref", [person.ref for person in case.people])
    yield from _repeated("assets", "id", [asset.id for asset in case.assets])
    yield from _repeated("assets", "path", [asset.path for asset in case.assets])
    for at, person in enumerate(case.people):
        if not refs.issuperset(person.relation_to):
            yield ("people", at, "relation_to"), "must have refs of people as keys"
    for loc, ref in _named_refs(case):
        if ref not in refs:
            yield loc, "must be the ref of one of the people"


def _named_refs(case: CaseFile) -> Iterator[tuple[Loc, str]]:
    lists: list[tuple[str, str, list[tuple[str, ...]]]] = [
        ("restrictions", "protects", [entry.protects for entry in case.restrictions]),
        ("linked_cases", "people", [entry.people for entry in case.linked_cases]),
        ("assets", "shows", [entry.shows for entry in case.assets]),
    ]
    for table, field, entries in lists:
        for at, named in enumerate(entries):
            for position, ref in enumerate(named):
                yield (table, at, field, position), ref
    for at, override in enumerate(case.overrides):
        if override.person is not None:
            yield ("overrides", at, "person"), override.person


def _repeated(table: str, field: str, values: list[str]) -> Iterator[tuple[Loc, str]]:
    seen: set[str] = set()
    for at, value in enumerate(values):
        if value in seen:
            yield (table, at, field), "comes more than once"
        seen.add(value)
