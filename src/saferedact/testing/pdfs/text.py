"""Text that a page draws, in the ways that break a plain search."""

import math
import random
from collections.abc import Callable

from saferedact.testing.pdfs.paper import Paper, escaped, say, sentence_of
from saferedact.testing.pdfs.registry import channel


@channel("plain-text")
def _plain(p: Paper) -> None:
    p.content(say(sentence_of(p.s)))


@channel("kerned-text")
def _kerned(p: Paper) -> None:
    letters = " -35 ".join(f"({escaped(char)})" for char in sentence_of(p.s))
    p.content(f"BT /F1 12 Tf 40 200 Td [{letters}] TJ ET")


@channel("split-spans")
def _split(p: Paper) -> None:
    s = p.s
    p.content(
        f"BT /F1 12 Tf 40 200 Td (The witness {s.first[:3]}) Tj /F2 12 Tf ({s.first[3:]}) Tj "
        f"/F1 12 Tf ( {s.last[:4]}) Tj 0.2 g ({s.last[4:]}) Tj ( rang {s.phone[:3]}) Tj ({s.phone[3:]}) Tj ET"
    )


@channel("hyphenated")
def _hyphenated(p: Paper) -> None:
    s = p.s
    cut = len(s.last) // 2
    p.content(
        say(f"It was then that {s.first} {s.last[:cut]}-", y=200)
        + say(f"{s.last[cut:]} rang the number {s.phone} at once.", y=184)
    )


@channel("wrapped")
def _wrapped(p: Paper) -> None:
    p.content(
        say(f"It was then that {p.s.first}", y=200) + say(f"{p.s.last} rang {p.s.phone}.", y=184)
    )


@channel("rotated-text")
def _rotated(p: Paper) -> None:
    text = escaped(sentence_of(p.s))
    p.content(
        f"BT /F1 11 Tf 0 1 -1 0 60 10 Tm ({text}) Tj ET BT /F1 11 Tf 0.94 0.34 -0.34 0.94 90 40 Tm ({text}) Tj ET"
    )


@channel("rotated-page")
def _rotated_page(p: Paper) -> None:
    p.page["/Rotate"] = 270
    p.content(say(sentence_of(p.s)))


@channel("odd-boxes")
def _odd_boxes(p: Paper) -> None:
    from pikepdf import Array

    p.page["/MediaBox"] = Array([-50, -40, 450, 340])
    p.page["/CropBox"] = Array([-10, 100, 430, 320])
    p.page["/UserUnit"] = 2
    p.page["/Rotate"] = 90
    p.content(say(sentence_of(p.s)))


@channel("shuffled-glyphs")
def _shuffled(p: Paper) -> None:
    sentence = sentence_of(p.s)
    places = list(range(len(sentence)))
    random.Random(7).shuffle(places)  # noqa: S311  the same order every time is the point
    p.content(
        "".join(say(sentence[i], x=40 + 7.2 * i, font="F1") for i in places if sentence[i] != " ")
    )


def _one_by_one(text: str, place: Callable[[int], tuple[float, float, float]]) -> str:
    """Draw letters one by one; `place` gives x, y and the angle of each."""
    drawn = []
    for number, char in enumerate(text):
        x, y, angle = place(number)
        a, b = math.cos(angle), math.sin(angle)
        matrix = f"{a:.5f} {b:.5f} {-b:.5f} {a:.5f} {x:.3f} {y:.3f}"
        drawn.append(f"BT /F1 11 Tf {matrix} Tm ({char}) Tj ET\n")
    return "".join(part for part, char in zip(drawn, text, strict=True) if char != " ")


@channel("letters-on-a-circle")
def _on_a_circle(p: Paper) -> None:
    def place(number: int, start: float) -> tuple[float, float, float]:
        angle = start - number * 0.11
        x, y = 210 + 95 * math.cos(angle), 125 + 95 * math.sin(angle)
        return x, y, angle - math.pi / 2

    p.content(
        _one_by_one(p.s.name, lambda number: place(number, 3.2))
        + _one_by_one(p.s.phone, lambda number: place(number, 0.2))
    )


@channel("letters-in-a-column")
def _in_a_column(p: Paper) -> None:
    p.content(
        _one_by_one(p.s.name, lambda number: (60, 240 - 11 * number, 0))
        + _one_by_one(p.s.phone, lambda number: (200, 240 - 21 * number, 0))
    )


@channel("letters-up-and-down")
def _up_and_down(p: Paper) -> None:
    def place(number: int, y: float) -> tuple[float, float, float]:
        return 40 + 10 * number, y + 9 * (number % 2), 0

    p.content(
        _one_by_one(p.s.name, lambda number: place(number, 200))
        + _one_by_one(p.s.phone, lambda number: place(number, 120))
    )


@channel("columns")
def _columns(p: Paper) -> None:
    s = p.s
    left = [
        "The meeting heard that",
        f"in the spring {s.first}",
        f"{s.last} rang {s.phone}",
        "and left again.",
    ]
    right = ["Other business was", "put off to the month", "of May by the chair", "of the meeting."]
    p.content(
        "".join(
            say(a, 40, 220 - 15 * i) + say(b, 230, 220 - 15 * i)
            for i, (a, b) in enumerate(zip(left, right, strict=True))
        )
    )


@channel("table-cells")
def _table(p: Paper) -> None:
    s = p.s
    rules = "".join(f"{x} 150 m {x} 230 l S " for x in (40, 140, 260, 380))
    rules += "".join(f"40 {y} m 380 {y} l S " for y in (150, 190, 230))
    p.content(
        rules
        + say("Forename", 46, 205)
        + say("Surname", 146, 205)
        + say("Telephone", 266, 205)
        + say(s.first, 46, 165)
        + say(s.last, 146, 165)
        + say(s.phone, 266, 165)
    )


@channel("letter-spacing")
def _spaced(p: Paper) -> None:
    p.content(
        f"BT /F1 11 Tf 4 Tc 40 200 Td ({p.s.name}) Tj ET BT /F1 11 Tf 40 180 Td ({p.s.phone}) Tj ET"
    )
