"""Pictures of invented letters, forms, street signs and number plates."""

import random

from saferedact.testing.drawing import Canvas, DrawnPicture, Piece, pieces_of
from saferedact.testing.people import Half, invented_person

__all__ = ["form", "letter", "number_plate", "street_sign"]

_LETTERS: dict[Half, str] = {
    "a": (
        "Dear {name},|Thank you for your report of last week. An officer will visit you at {address} "
        "on Tuesday morning. If this does not suit you, please telephone {phone} or write to "
        "{email} before the weekend.|We spoke to your neighbour about the damage to the fence "
        "and the broken window. He told us that a grey van was parked outside, mark {plate}, and that "
        "{first} had seen the driver.|Your National Insurance number {nino} and your NHS number {nhs} "
        "were written on the papers that we found. Please keep them in a safe place.|Yours sincerely,|"
        "{other}"
    ),
    "b": (
        "To whom it may concern|I am writing about what happened outside my house on Saturday. My name "
        "is {name} and I live at {address}. I was born on {dob}.|I heard shouting and looked out of "
        "the window. I saw a man get out of a car with the mark {plate} and walk to the door of number "
        "nine. I know him as {other}. He has shouted at {first} before.|I can be reached on {phone} or "
        "at {email}. My doctor has the details under NHS number {nhs}.|Signed|{other}"
    ),
}

_ROWS: dict[Half, tuple[tuple[str, str], ...]] = {
    "a": (
        ("Name", "name"), ("Date of birth", "dob"), ("Address", "address"), ("Postcode", "postcode"),
        ("Telephone", "phone"), ("NHS number", "nhs"), ("National Insurance", "nino"),
        ("Vehicle", "plate"), ("Reason for visit", "Damage to property"),
    ),
    "b": (
        ("Surname, forename", "surname_first"), ("Born", "dob"), ("Home address", "address"),
        ("Post code", "postcode"), ("Mobile", "phone"), ("E-mail", "email"), ("NHS no.", "nhs"),
        ("Registration mark", "plate"), ("Notes", "Front door was open"),
    ),
}  # fmt: skip


def letter(seed: int, *, half: Half = "a", size: int = 20) -> DrawnPicture:
    """Draw a page with a letter; `size` is that of its letters in pixels."""
    rng = random.Random(f"letter {seed} {half}")  # noqa: S311  pictures, not keys
    values = invented_person(rng, half)
    values["other"] = invented_person(rng, half)["name"]
    canvas = Canvas((size * 42, size * 44), (252, 251, 247))
    y = size * 4.0
    for paragraph in _LETTERS[half].split("|"):
        _, high = canvas.write(
            (size * 3, y),
            pieces_of(paragraph, values),
            size=size,
            width=size * 36,
            color=(30, 30, 35),
        )
        y += high + size * 0.9
    return canvas.finished((size * 42, round(y + size * 2)))


def form(seed: int, *, half: Half = "a", size: int = 20) -> DrawnPicture:
    """Draw a form: labels on the left, values far to the right of them, lines between."""
    rng = random.Random(f"form {seed} {half}")  # noqa: S311  pictures, not keys
    values = invented_person(rng, half)
    canvas = Canvas((size * 36, size * 32))
    canvas.write((size * 2, size), [("STATEMENT FORM", None)], size=size * 1.4)
    y = size * 4.0
    for label, key in _ROWS[half]:
        value: Piece = values.get(key, (key, None))
        canvas.write((size * 2, y), [(f"{label}:", None)], size=size, color=(90, 90, 90))
        canvas.write((size * 16, y), [value], size=size)
        canvas.draw.line(
            (size * 2, y + size * 1.9, size * 34, y + size * 1.9), fill=(170, 170, 170)
        )
        y += size * 2.6
    return canvas.finished((size * 36, round(y + size)))


def street_sign(seed: int, *, half: Half = "a", size: int = 48) -> DrawnPicture:
    """Draw a house's number and its street on a wall; both together are an address."""
    rng = random.Random(f"sign {seed} {half}")  # noqa: S311  pictures, not keys
    number, _, street = invented_person(rng, half)["address"][0].partition(" ")
    canvas = Canvas((size * 20, size * 12), (150, 96, 78))
    for y in range(0, size * 12, max(4, size // 2)):
        canvas.draw.line((0, y, size * 20, y), fill=(172, 120, 100))
    canvas.draw.rectangle((size * 2, size * 2, size * 18, size * 5), fill=(245, 245, 245))
    whole = f"{number} {street.split(',')[0].upper()}"
    canvas.write(
        (size * 3, size * 2.8), [(whole, "identifier")], size=size * 1.1, color=(10, 10, 10)
    )
    return canvas.finished()


def number_plate(
    seed: int, *, half: Half = "a", size: int = 48, rows: int = 1, yellow: bool = False
) -> DrawnPicture:
    """Draw the back of a car with its mark, on one row or, as on motorcycles, on two.

    Parameters
    ----------
    seed, half, size
        As of `letter`.
    rows : {1, 2}
        Rows of the plate.
    yellow : bool
        A rear plate; else a white one.
    """
    rng = random.Random(f"plate {seed} {half}")  # noqa: S311  pictures, not keys
    mark, label = invented_person(rng, half)["plate"]
    canvas = Canvas((size * 18, size * 12), (70, 78, 92))
    canvas.draw.rounded_rectangle(
        (size, size, size * 17, size * 11), size, fill=(120, 20, 24), outline=(60, 10, 12), width=4
    )
    wide = size * (7.4 if rows == 1 else 4.6)
    ground = (250, 205, 30) if yellow else (245, 245, 245)
    box = (size * 5, size * 6, size * 5 + wide, size * (6 + 1.8 * rows))
    canvas.draw.rounded_rectangle(box, size * 0.2, fill=ground)
    width = 1e9 if rows == 1 else size * 3.5
    canvas.write(
        (size * 5.4, size * 6.2), [(mark, label)], size=size * 1.2, color=(8, 8, 8), width=width
    )
    return canvas.finished()
