"""Seeds of the sweep: what somebody is known by, and the forms in which it is looked for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.text.fold import fold
from saferedact.text.name_forms import Form, name_forms
from saferedact.text.normalize import normalize

__all__ = ["LEAST_NUMBER", "Seed", "forms", "national_number"]

_LEAST_ADDRESS = 5
"""Letters and digits of an address, or its first line, that is found: The Elms, 2 Bay Rd."""

_PART_OF_HOUSE = re.compile(
    r"\W*(?:(?:flat|apartment|apt|unit|room|suite|plot|no|number)\W*)?\w{1,4}\W*", re.IGNORECASE
)
"""A first line that is none by itself: Flat 3, 27a."""

_SHORTEST_NUMBER, LEAST_NUMBER = 3, 6
"""Digits of a telephone number: of an extension, which is found alone; and of one that is found within
longer ones and with any signs between."""

_STREET_FORMS = {
    "street": "st", "road": "rd", "avenue": "ave", "lane": "ln", "drive": "dr", "close": "cl",
    "court": "ct", "crescent": "cres", "gardens": "gdns", "place": "pl", "terrace": "terr",
    "square": "sq", "saint": "st",
}  # fmt: skip


_STREETS_IN_FULL = {short: full for full, short in _STREET_FORMS.items() if full != "saint"}


@dataclass(frozen=True, slots=True)
class Seed:
    """A value that somebody is known by.

    Parameters
    ----------
    value : str
        The name, number or address itself. It stays in memory.
    kind : str
        ``"person"`` for names; else the kind of identifier: ``"handle"``, ``"address"``,
        ``"phone"``, ``"vrm"``, ``"email"``, ``"school"``, ``"workplace"``.
    person_ref : str or None
        Who it is.
    surname_alone : bool
        Whether the surname by itself means this person.
    pet_forms : bool
        Whether short and pet forms of the forename do, alone or with the surname.
    """

    value: str
    kind: str
    person_ref: str | None = None
    surname_alone: bool = True
    pet_forms: bool = True

    def __repr__(self) -> str:
        """Show the kind and the reference, never the value."""
        return f"Seed(kind={self.kind!r}, person_ref={self.person_ref!r})"


_LIKE_LATIN = re.compile("[\u0370-\u052f]")  # Greek and Cyrillic


def forms(seed: Seed) -> Iterator[Form]:
    """Spell a seed in every way in which it is looked for letter by letter."""
    yield from _forms_of(seed, seed.value)
    if _LIKE_LATIN.search(seed.value):
        # the text is normalised, by which a word of look-alikes alone, as often in capitals, becomes
        # Latin; Greek capitals have no accents
        capitals = seed.value.upper()
        bare = "".join(
            c for c in unicodedata.normalize("NFD", capitals) if not unicodedata.combining(c)
        )
        for value in dict.fromkeys((seed.value, capitals, bare)):
            yield from _forms_of(seed, normalize(value).text)


def _forms_of(seed: Seed, value: str) -> Iterator[Form]:
    if seed.kind == "person":
        yield from name_forms(value, surname_alone=seed.surname_alone, pet_forms=seed.pet_forms)
    elif seed.kind == "address":
        yield from _address_forms(value)
    elif seed.kind == "phone":
        number = national_number(value)
        if _SHORTEST_NUMBER <= len(number) < LEAST_NUMBER:  # an extension
            yield Form(_digits(value), 1, 0.95, 0.95)
    else:
        folded = fold(value)
        if len(folded) > 1:
            yield Form(folded, len(re.findall(r"[^\W_]+", value)), 0.95, 0.95)


def _address_forms(address: str) -> Iterator[Form]:
    """Spell an address whole and by its first line, with streets in full and abbreviated."""
    first = address.split(",", maxsplit=1)[0]
    lines = (address,) if _PART_OF_HOUSE.fullmatch(first) else (address, first)
    for line in dict.fromkeys(lines):
        line_words = [fold(word) for word in re.findall(r"[^\W_]+", line)]
        short = [_STREET_FORMS.get(word, word) for word in line_words]
        full = [_STREETS_IN_FULL.get(word, word) for word in line_words]
        for spelled in (line_words, short, full):
            text = "".join(spelled)
            if len(text) >= _LEAST_ADDRESS:
                yield Form(text, len(spelled), 0.95, 0.95)


def _digits(value: str) -> str:
    return re.sub(r"[^0-9]", "", normalize(value).text)


def national_number(value: str) -> str:
    """Return a number's digits without trunk zero and country code."""
    return _digits(value).removeprefix("00").removeprefix("44").lstrip("0")
