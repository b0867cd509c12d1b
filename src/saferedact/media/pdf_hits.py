"""What regions take out of a line, and what words and labels are left of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from saferedact.media.pdf_lines import Segment
from saferedact.media.pdf_model import Box, Color, Glyph, Run, overlap
from saferedact.media.pdf_paths import around

__all__ = ["Hidden", "Piece", "hits_of", "leaders_of", "pieces_of", "touched_atoms"]

_TOUCHED = 0.2
"""A glyph goes if this share of its box lies in a region. Boxes of neighbors share less."""


class Hidden(NamedTuple):
    """One region, as the page is to be changed.

    Parameters
    ----------
    xyxy : Box
        In points, y up.
    mode : {"label", "line", "cover"}
        Set the line again with a label; cover to the end of the line; cover in place.
    text : str
        Word of the label; may be empty.
    color : Color
        Of the cover.
    group : str
        Neighbors of one group share a label.
    """

    xyxy: Box
    mode: str
    text: str
    color: Color
    group: str


def touched_atoms(
    segment: Segment, runs: Sequence[Run], regions: Sequence[Hidden]
) -> list[list[int]]:
    """For each atom, the regions that take it out; blanks are decided later."""
    touched: list[list[int]] = []
    boxed = [[runs[r].box(runs[r].glyphs[g]) for r, g in atom.refs] for atom in segment.atoms]
    whole = around([corner for boxes in boxed for box in boxes for corner in (box[:2], box[2:])])
    near = [
        (number, region) for number, region in enumerate(regions) if overlap(whole, region.xyxy)
    ]
    for atom, boxes in zip(segment.atoms, boxed, strict=True):
        found: list[int] = []
        if not atom.space:
            for number, region in near:
                if any(
                    overlap(box, region.xyxy)
                    >= _TOUCHED * (box[2] - box[0]) * (box[3] - box[1])
                    > 0
                    for box in boxes
                ):
                    found.append(number)
        touched.append(found)
    return touched


def leaders_of(touched: Iterable[Iterable[list[int]]], count: int) -> list[int]:
    """Join regions that take out one character: for each region, the first of those it is joined to."""
    leaders = list(range(count))

    def leader(number: int) -> int:
        while leaders[number] != number:
            number = leaders[number]
        return number

    for line in touched:
        for found in line:
            for other in found[1:]:
                one, two = leader(found[0]), leader(other)
                leaders[max(one, two)] = min(one, two)
    return [leader(number) for number in range(count)]


def hits_of(segment: Segment, hits: list[int | None]) -> list[int | None]:
    """Say which region takes out each atom.

    The blanks between what is hidden go as well between what is hidden: their number would tell of it.
    """
    hits = list(hits)
    last: int | None = None
    blanks: list[int] = []
    for place, atom in enumerate(segment.atoms):
        if atom.space:
            blanks.append(place)
            continue
        if hits[place] is not None and last is not None:
            for blank in blanks:
                hits[blank] = last
        last, blanks = hits[place], []
    return hits


@dataclass(slots=True)
class Piece:
    """A word or a label of a line that is set again; a label has a region and no glyphs."""

    glyphs: list[tuple[Run, Glyph]]
    region: Hidden | None
    blank_before: bool


def pieces_of(
    segment: Segment, hit: Sequence[int | None], runs: Sequence[Run], regions: Sequence[Hidden]
) -> list[Piece]:
    """Divide a line into words and labels; what stands side by side and goes is one label."""
    pieces: list[Piece] = []
    blank = False
    for i, (atom, found) in enumerate(zip(segment.atoms, hit, strict=True)):
        blank = blank or atom.space or i in segment.gaps
        if atom.space and found is None:
            continue
        last = pieces[-1] if pieces else None
        if found is not None:
            region = regions[found]
            if last is not None and last.region is not None:
                # What stands side by side is one label, or several with one constant blank.
                if last.region.group == region.group:
                    blank = False
                    continue
                blank = True
            pieces.append(Piece([], region, blank and bool(pieces)))
        else:
            run, glyph = atom.refs[0]
            entry = (runs[run], runs[run].glyphs[glyph])
            if last is not None and last.region is None and not blank:
                last.glyphs.append(entry)
            else:
                pieces.append(Piece([entry], None, blank and bool(pieces)))
        blank = False
    return pieces
