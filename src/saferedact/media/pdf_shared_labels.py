"""Which letters share a label: rows of letters in the boxes of a form, and words whose letters form no line."""

from collections.abc import Iterator, Sequence

from saferedact.media.pdf_hits import Hidden
from saferedact.media.pdf_lines import Segment
from saferedact.media.pdf_model import Box, Run
from saferedact.media.pdf_scattered import trails_of

__all__ = ["combs_of", "scattered_words", "stretches_of"]


def combs_of(
    segments: Sequence[Segment], touched: Sequence[list[list[int]]], regions: Sequence[Hidden]
) -> dict[int, int]:
    """Find rows of letters that all go, each in a box of a form: one label stands for a row.

    Labels of their own would tell how many letters there were and, where these stood in the middles
    of their boxes, which were wide.

    Returns
    -------
    dict of int to int
        Places of the first and the last letter of each row of two or more.
    """
    found: dict[int, int] = {}
    first, group, line = 0, "", -1
    for place, (segment, touching) in enumerate(zip(segments, touched, strict=True)):
        hiding = [regions[number] for numbers in touching for number in numbers]
        lone = len(segment.atoms) == 1 and bool(hiding)
        if not lone or any(region.mode == "cover" for region in hiding):
            line = -1
            continue
        if segment.line == line and hiding[0].group == group:
            found[first] = place
        else:
            first, group, line = place, hiding[0].group, segment.line
    return found


def scattered_words(
    segments: Sequence[Segment],
    runs: Sequence[Run],
    touched: Sequence[list[list[int]]],
    regions: Sequence[Hidden],
) -> tuple[set[int], set[int]]:
    """Find letters that form no line and go together: one label, at the first, stands for all of them.

    Returns
    -------
    set of int
        Places of the first ones.
    set of int
        Places of the others.
    """
    firsts: set[int] = set()
    others: set[int] = set()
    for trail in trails_of(segments, runs):
        group: set[str] = set()
        for part in trail:
            place = part.segment
            hiding = [
                [regions[number] for number in numbers]
                for atom, numbers in zip(segments[place].atoms, touched[place], strict=True)
                if not atom.space
            ]
            if not all(hiding) or any(r.mode == "cover" for each in hiding for r in each):
                group = set()
                continue
            here = set.intersection(*({region.group for region in each} for each in hiding))
            if group & here:
                group &= here
                others.add(place)
            else:
                group = here
                firsts.add(place)
    return firsts, others - firsts


def stretches_of(
    segment: Segment, touching: Sequence[list[int]], runs: Sequence[Run]
) -> Iterator[tuple[int, Box]]:
    """Yield the regions that take out letters of a line, and boxes of letters between which none stays.

    What lies between letters that are set apart is theirs.
    """
    together: dict[int, Box] = {}
    for atom, found in zip(segment.atoms, touching, strict=True):
        if atom.space:
            continue
        run, glyph = atom.refs[0]
        box = runs[run].box(runs[run].glyphs[glyph])
        yield from (
            (number, together.pop(number)) for number in list(together) if number not in found
        )
        for number in found:
            x1, y1, x2, y2 = together.get(number, box)
            together[number] = min(x1, box[0]), min(y1, box[1]), max(x2, box[2]), max(y2, box[3])
    yield from together.items()
