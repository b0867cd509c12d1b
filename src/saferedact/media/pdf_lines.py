"""From glyphs to lines of words, and from lines to a text in two orders with a way back.

Lines are found where glyphs stand, not in the order in which they were drawn: a text whose letters
were shuffled in the file reads as it looks. "rows" reads across the page, as forms and tables want
it; "blocks" reads each column to its end, as prose wants it, so that a name which is split over two
lines is one stretch.
"""

import itertools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from saferedact.media.pdf_model import Box, Glyph, Run, Shape

__all__ = ["Atom", "PageText", "Segment", "page_text", "segments_of"]

_SAME_LINE = 0.35
"""Glyphs whose base lines differ by less than this many font sizes stand in one line."""

_APART = 1.2
"""A gap of more font sizes ends a segment: what follows stands at a place of its own (a tab stop, a
column). A justified line's widest blanks have about one font size."""

_WORD_GAP = 0.16
"""A gap of more font sizes parts words. Blanks of text fonts are 0.2 to 0.35 wide, kerning moves
letters by less than 0.1."""

_SPREAD = 0.1
"""Letters that are set apart by more font sizes than this are spread: words are further apart."""

_DOUBLE = 0.12
"""A glyph of the same text within so many font sizes of another is its shadow or its bold twin."""

_LEAST_PITCHES = 6  # letters in a row that can show an even pitch

_PITCHES_APART = 1.25
"""A step of more pitches parts words. A typewriter's blank makes it two, but a justified or kerned one may be
as narrow as in other fonts: 0.16 font sizes, a quarter of Courier's pitch."""

_NEXT_LINE = 1.8  # base lines of one block are at most so many font sizes apart


class Atom(NamedTuple):
    """One character position: a glyph, and its twins.

    Parameters
    ----------
    text : str
        Its text; may be empty.
    refs : tuple of (int, int)
        Numbers of run and glyph; the first is drawn, others are twins of it.
    start, end : float
        Along the line, in points.
    space : bool
        Whether it is a blank.
    """

    text: str
    refs: tuple[tuple[int, int], ...]
    start: float
    end: float
    space: bool


@dataclass(slots=True, eq=False)
class Segment:
    """A part of a line without a large gap.

    Parameters
    ----------
    atoms : list of Atom
        In reading order.
    gaps : set of int
        Atoms before which words are parted by a gap alone.
    direction : (float, float)
        Unit vector along the line.
    across : float
        Base line: distance from the origin, perpendicular to `direction`.
    size : float
        Largest font size.
    line : int
        Number of the line on the page.
    """

    atoms: list[Atom]
    gaps: set[int]
    direction: tuple[float, float]
    across: float
    size: float
    line: int = 0

    @property
    def start(self) -> float:
        """Where it begins, along the line."""
        return self.atoms[0].start

    @property
    def end(self) -> float:
        """Where it ends, along the line."""
        return max(atom.end for atom in self.atoms)


@dataclass(slots=True, eq=False)
class PageText:
    """Text of a page in one order. It lives in memory only.

    Parameters
    ----------
    text : str
        The text.
    refs : list of tuple of (int, int)
        For each character, the glyphs it stands for; none for what joins them.
    """

    text: str
    refs: list[tuple[tuple[int, int], ...]] = field(default_factory=list)


def segments_of(
    runs: Sequence[Run], shapes: Iterable[Shape] = (), *, hidden: bool = False
) -> list[Segment]:
    """Sort the glyphs of a page into lines.

    Parameters
    ----------
    runs : sequence of Run
        All of the page.
    shapes : iterable of Shape
        Upright rules part the cells of a table.
    hidden : bool
        Whether hidden glyphs are wanted, or visible ones.

    Returns
    -------
    list of Segment
        Line by line from the top, each from its beginning; turned text after upright text.
    """
    turned: dict[int, list[_Placed]] = {}
    for number, run in enumerate(runs):
        a, b, _, _ = run.matrix
        length = math.hypot(a, b)
        if length == 0:
            continue
        ux, uy = a / length, b / length
        angle = round(math.degrees(math.atan2(uy, ux))) % 360
        ux, uy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        for place, glyph in enumerate(run.glyphs):
            if glyph.hidden is hidden:
                along = glyph.x * ux + glyph.y * uy
                turned.setdefault(angle, []).append(
                    _Placed(
                        -glyph.x * uy + glyph.y * ux,
                        along,
                        along + glyph.advance * length,
                        run.size,
                        glyph,
                        (number, place),
                    )
                )
    rules = [shape.bounds for shape in shapes]
    rules = [box for box in rules if box[2] - box[0] < 2.0 and box[3] - box[1] > 6.0]
    segments: list[Segment] = []
    number = 0
    for angle in sorted(turned):
        direction = (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
        for line in _lines(turned[angle]):
            for atoms in _split(_atoms(line), rules if angle == 0 else [], line):
                size = max(placed.size for placed in line)
                gaps = _gaps(atoms, size)
                segments.append(Segment(atoms, gaps, direction, line[0].across, size, number))
            number += 1
    return segments


class _Placed(NamedTuple):
    across: float
    start: float
    end: float
    size: float
    glyph: Glyph
    ref: tuple[int, int]


def _lines(placed: list[_Placed]) -> list[list[_Placed]]:
    placed.sort(key=lambda item: -item.across)
    lines: list[list[_Placed]] = []
    for item in placed:
        if lines and abs(lines[-1][0].across - item.across) < _SAME_LINE * min(
            lines[-1][0].size, item.size
        ):
            lines[-1].append(item)
        else:
            lines.append([item])
    for line in lines:
        line.sort(key=lambda item: item.start)
    return lines


def _atoms(line: list[_Placed]) -> list[Atom]:
    atoms: list[Atom] = []
    for item in line:
        text = item.glyph.text
        twin = None
        for back in range(1, min(len(atoms), 3) + 1):
            other = atoms[-back]
            if other.text == text and abs(other.start - item.start) < _DOUBLE * item.size:
                twin = len(atoms) - back
                break
        if twin is not None:
            found = atoms[twin]
            atoms[twin] = found._replace(refs=(*found.refs, item.ref))
            continue
        space = text != "" and text.isspace()
        atoms.append(Atom(text, (item.ref,), item.start, item.end, space))
    return atoms


def _split(atoms: list[Atom], rules: list[Box], line: list[_Placed]) -> list[list[Atom]]:
    size = max(item.size for item in line)
    middle = line[0].across + 0.3 * size
    near = sorted(box[0] for box in rules if box[1] <= middle <= box[3])
    parts: list[list[Atom]] = []
    end = -math.inf
    for atom in atoms:
        ruled = any(end - 0.5 < x < atom.start + 0.5 for x in near) if near else False
        if not parts or (not atom.space and (atom.start - end > _APART * size or ruled)):
            parts.append([])
        parts[-1].append(atom)
        if not atom.space or atom.start - end < _WORD_GAP * size:
            end = max(end, atom.end)
    trimmed = [_trim(part) for part in parts]
    return [part for part in trimmed if part]


def _trim(atoms: list[Atom]) -> list[Atom]:
    first, last = 0, len(atoms)
    while first < last and atoms[first].space:
        first += 1
    while last > first and atoms[last - 1].space:
        last -= 1
    return atoms[first:last]


def _gaps(atoms: list[Atom], size: float) -> set[int]:
    between = [
        (i, atoms[i].start - atoms[i - 1].end)
        for i in range(1, len(atoms))
        if not atoms[i].space and not atoms[i - 1].space
    ]
    starts = [atom.start for atom in atoms if not atom.space]
    pitches = [after - before for before, after in itertools.pairwise(starts)]
    if len(pitches) >= _LEAST_PITCHES:
        pitch = statistics.median(pitches)
        even = sum(abs(step - pitch) < 0.02 * pitch for step in pitches)
        if even >= 0.7 * len(pitches):  # a typewriter, or letters placed like it
            least = _PITCHES_APART * pitch
            return {i for i, _ in between if atoms[i].start - atoms[i - 1].start > least}
    usual = statistics.median(gap for _, gap in between) if between else 0.0
    least = _WORD_GAP * size
    if usual > _SPREAD * size:
        least = usual + 0.25 * size
    return {i for i, gap in between if gap > least}


def page_text(segments: Sequence[Segment], *, blocks: bool) -> PageText:
    """Join segments into one text.

    Parameters
    ----------
    segments : sequence of Segment
        From `segments_of`.
    blocks : bool
        Whether columns are read to their ends; otherwise rows are read across.

    Returns
    -------
    PageText
        The text and the way back to the glyphs.
    """
    result = PageText("")
    parts: list[str] = []
    if not blocks:
        before = None
        for segment in segments:
            if before is not None:
                _join(parts, result, "\t" if segment.line == before else "\n")
            before = segment.line
            _write(parts, result, segment)
    else:
        for number, block in enumerate(_blocks(segments)):
            if number:
                _join(parts, result, "\n\n")
            for place, segment in enumerate(block):
                if place:
                    divided = parts[-1].endswith(("-", "\u00ad", "\u2010"))
                    _join(parts, result, "\n" if divided else " ")
                _write(parts, result, segment)
    result.text = "".join(parts)
    return result


def _join(parts: list[str], result: PageText, glue: str) -> None:
    parts.append(glue)
    result.refs += [()] * len(glue)


def _write(parts: list[str], result: PageText, segment: Segment) -> None:
    for i, atom in enumerate(segment.atoms):
        if i in segment.gaps:
            _join(parts, result, " ")
        text = " " if atom.space else (atom.text or "\ufffd")
        parts.append(text)
        result.refs += [atom.refs] * len(text)


def _blocks(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Chain each segment to the nearest one above that it overlaps."""
    blocks: list[list[Segment]] = []
    for segment in segments:
        best = None
        for block in reversed(blocks[-40:]):
            last = block[-1]
            if last.direction != segment.direction or last.line == segment.line:
                continue
            down = last.across - segment.across
            if not 0 < down <= _NEXT_LINE * max(last.size, segment.size):
                continue
            shared = min(last.end, segment.end) - max(last.start, segment.start)
            if shared > 0.3 * min(last.end - last.start, segment.end - segment.start):
                best = block
                break
        if best is None:
            blocks.append([segment])
        else:
            best.append(segment)
    return blocks
