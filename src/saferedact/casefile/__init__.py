"""The case file: what stage the proceedings are at, who must not be named, what orders say.

It is the most sensitive list of a release. Nothing here shows a name, an address or any other value
of it: problems name fields and positions, and a printed model shows references alone.
"""

from saferedact.casefile.model import CaseFile
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
from saferedact.casefile.people import Consent, Person
from saferedact.casefile.reader import load_case
from saferedact.casefile.terms import release_place

__all__ = [
    "Approval",
    "Asset",
    "CaseDetails",
    "CaseFile",
    "Channel",
    "Consent",
    "Hearing",
    "LinkedCase",
    "Override",
    "Person",
    "PriorRelease",
    "Release",
    "Restriction",
    "load_case",
    "release_place",
]
