"""Invented people with names from all over the United Kingdom, and what identifies them.

Nothing here is anybody's: telephone numbers are of the ranges kept for drama, vehicle marks were never
issued, postcode areas do not exist, e-mail addresses use the domains kept for examples.
"""

import random
from typing import Literal

from saferedact.testing.drawing import Piece

__all__ = ["Half", "invented_person"]

Half = Literal["a", "b"]
"""Which half of the names: tuning sees only "a"."""

_FORENAMES: dict[Half, tuple[str, ...]] = {
    "a": (
        "Sarah", "Gwilym", "Mhairi", "Zeeshan", "Oluwaseun", "Ewa", "Callum", "Priya", "Siobhan",
        "Dean", "Jade", "Tomasz", "Amelia", "Ifan", "Farah", "Kyle", "Beatrice", "Mohammed",
    ),
    "b": (
        "Rachel", "Rhodri", "Catriona", "Gurpreet", "Chidi", "Agnieszka", "Liam", "Anjali", "Niamh",
        "Wayne", "Chloe", "Piotr", "Harriet", "Angharad", "Yusuf", "Shaun", "Matilda", "Imran",
    ),
}  # fmt: skip

_SURNAMES: dict[Half, tuple[str, ...]] = {
    "a": (
        "Havercroft", "Pritchard", "MacAulay", "Hussain", "Oyelowo", "Nowak", "Thornley", "Raman",
        "O'Dowd", "Sykes", "Bramhall", "Lewandowski", "Fenwick", "Llewellyn-Pugh", "Begum", "Tuck",
    ),
    "b": (
        "Entwistle", "Cadwallader", "Drummond", "Sandhu", "Okonkwo", "Dabrowska", "Whitlock", "Iyer",
        "McGinley", "Ogden", "Haythornthwaite", "Wisniewski", "Rutter", "Vaughan-Rees", "Akhtar",
        "Mellor",
    ),
}  # fmt: skip

_STREETS: dict[Half, tuple[str, ...]] = {
    "a": ("Mill Lane", "Chapel Street", "Alder Close", "Northmoor Road", "Heol Fawr"),
    "b": ("Station Road", "Orchard Avenue", "Quarry Hill", "Fernley Drive", "Ffordd Las"),
}

_TOWNS: dict[Half, tuple[str, ...]] = {
    "a": ("Northmoor", "Long Eddering", "Castlebeck"),
    "b": ("Wexcombe", "Upper Tarrow", "Brackenfold"),
}

_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"


def invented_person(rng: random.Random, half: Half) -> dict[str, Piece]:
    """Invent a person.

    Parameters
    ----------
    rng : random.Random
        What the choice depends on.
    half : {"a", "b"}
        Whose names to use.

    Returns
    -------
    dict of str to Piece
        Texts and labels under the keys ``name``, ``first``, ``surname_first``, ``phone``, ``email``,
        ``postcode``, ``address``, ``nhs``, ``nino``, ``dob``, ``handle``, ``plate`` and ``account``.
    """
    first, last = rng.choice(_FORENAMES[half]), rng.choice(_SURNAMES[half])
    postcode = f"{rng.choice(('NM', 'YA', 'ZW'))}{rng.randint(1, 19)} {rng.randint(1, 9)}"
    postcode += "".join(rng.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    street = f"{rng.randint(1, 199)} {rng.choice(_STREETS[half])}"
    compact = "".join(letter for letter in last.lower() if letter.isalpha())
    identifiers = {
        "phone": rng.choice(
            (f"07700 900{rng.randint(0, 999):03}", f"+44 7700 900{rng.randint(0, 999):03}",
             f"01632 960{rng.randint(0, 999):03}")
        ),
        "email": f"{first.lower()}.{compact}@example.org",
        "postcode": postcode,
        "address": f"{street}, {rng.choice(_TOWNS[half])}",
        "nhs": _nhs_number(rng),
        "nino": f"QQ {rng.randint(0, 99):02} {rng.randint(0, 99):02} {rng.randint(0, 99):02} C",
        "dob": f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(1950, 2012)}",
        "handle": f"@{first.lower()}_{compact[:4]}{rng.randint(10, 99)}",
        "account": f"{rng.randint(10, 99)}-{rng.randint(10, 99)}-{rng.randint(10, 99)} "
        f"{rng.randint(10_000_000, 99_999_999)}",
    }  # fmt: skip
    names = {"name": f"{first} {last}", "first": first, "surname_first": f"{last.upper()}, {first}"}
    return {
        **{key: (text, "name") for key, text in names.items()},
        **{key: (text, "identifier") for key, text in identifiers.items()},
        "plate": (_mark(rng), "plate"),
    }


def _nhs_number(rng: random.Random) -> str:
    """Number of the range 999, which is never issued, with its check digit (mod 11)."""
    while True:
        digits = [9, 9, 9, *(rng.randint(0, 9) for _ in range(6))]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            text = "".join(map(str, [*digits, check % 11]))
            return f"{text[:3]} {text[3:6]} {text[6:]}"


def _mark(rng: random.Random) -> str:
    """Mark with an age identifier that is never issued (80 to 99)."""
    area = "".join(rng.choices(_LETTERS, k=2))
    return f"{area}{rng.randint(80, 99)} {''.join(rng.choices(_LETTERS, k=3))}"
