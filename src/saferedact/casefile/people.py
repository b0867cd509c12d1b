"""The people of the case file: who they are, and what may be published about them."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from saferedact.casefile.terms import (
    MAX_ENTRIES,
    CaseDocument,
    Lines,
    NamingConsent,
    PersonRef,
    PublishableField,
    QuasiIdentifiers,
    Ref,
    Role,
    Sex,
)
from saferedact.documents import Line, Words, at_most

__all__ = ["MIN_NAME_LETTERS", "Consent", "Person", "letters"]

MIN_NAME_LETTERS = 2
"""Letters a name must have to be looked for: a single one is found in every text."""

ADULT_AGE = 18


class Consent(CaseDocument):
    """Whether a person agreed to be named."""

    naming: NamingConsent = Field(default="not_asked", description="What the person said")
    waiver_document: Line = Field(default="", description="Where the written waiver is")


class Person(CaseDocument):
    """Somebody of the case, called by `ref` everywhere else."""

    ref: PersonRef = Field(description="How plans and reports call the person, as C1")
    role: Role = Field(description="Part in the case")
    name: Line = Field(default="", description="Full name; empty if not known")
    aliases: Lines = Field(default=(), description="Other names, nicknames, former names")
    handles: Lines = Field(default=(), description="Names in social media and games")
    age: Annotated[int, Field(ge=0, le=130)] | None = Field(default=None, description="In years")
    under_18: bool | None = Field(default=None, description="Is a child; worked out from `age`")
    sex: Sex | None = Field(default=None, description="For the pronouns that mean the person")
    town: Line = Field(default="", description="Town or city of the home")
    addresses: Lines = Field(default=(), description="Postal addresses")
    schools: Lines = Field(default=(), description="Schools and colleges")
    workplaces: Lines = Field(default=(), description="Employers and places of work")
    clubs: Lines = Field(default=(), description="Clubs, teams, places of worship")
    phones: Lines = Field(default=(), description="Telephone numbers")
    emails: Lines = Field(default=(), description="E-mail addresses")
    vehicles: Lines = Field(default=(), description="Registration marks")
    reference_faces: Lines = Field(default=(), description="Picture files, from the case file's")
    reference_voices: Lines = Field(default=(), description="Sound files, from the case file's")
    distinctive_marks: Lines = Field(default=(), description="Tattoos, scars, clothes")
    quasi_identifiers: QuasiIdentifiers = Field(
        default={}, description="What identifies only together, as age, job, village"
    )
    relation_to: Mapping[Ref, Words] = Field(
        default={}, description="Relation to another person's ref"
    )
    publishable: bool = Field(default=False, description="May be identified in this release")
    publishable_fields: Annotated[
        tuple[PublishableField, ...], Field(strict=False), at_most(MAX_ENTRIES)
    ] = Field(default=("name",), description="What may be published of a publishable person")
    consent: Consent = Consent()
    spent_convictions: bool | None = Field(default=None, description="Has spent convictions")
    under_order: bool = Field(default=False, description="An anonymity order protects the person")
    covert: bool = Field(default=False, description="Works covertly")

    @property
    def is_child(self) -> bool:
        """Whether the person is, or may be, under 18."""
        if self.under_18 is not None:
            return self.under_18
        return self.role == "child" or (self.age is not None and self.age < ADULT_AGE)

    @property
    def is_accused(self) -> bool:
        """Whether the person is suspected or charged."""
        return self.role in {"suspect", "defendant"}

    @property
    def names(self) -> tuple[str, ...]:
        """Full name, then the aliases; those of a single letter are left out."""
        every = (self.name, *self.aliases)
        return tuple(name for name in every if letters(name) >= MIN_NAME_LETTERS)

    def may_publish(self, field: PublishableField) -> bool:
        """Tell whether this release may show one thing about the person."""
        return self.publishable and not self.under_order and field in self.publishable_fields


def letters(name: str) -> int:
    """Count the letters and digits of a name."""
    return sum(character.isalnum() for character in name)
