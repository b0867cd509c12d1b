"""Letters that stand one by one and form no line: along a circle, a slope, a column, up and down.

No line of a page holds their word, but who drew it drew its letters in their order: what is drawn
letter after letter, each near to the last and in another line, is read as it was drawn.
"""

import itertools
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saferedact.media.pdf_lines import Atom, PageText, Segment
from saferedact.media.pdf_model import Run

__all__ = ["Part", "scattered_text", "trails_of"]

_LETTERS = 3
"""Most letters of a trail that stand together: what is longer is a word of a line, and read there."""

_FLAT, _FLAT_STEP = 12, 2.5
"""Most letters that stand together at the top of an arc, and steps between these that lead to the first of them
at most, a blank among them: to the first letter of a word in another line it is four."""

_NEAR = 4.0
"""Font sizes between the middles of one letter and the next, at most: letters further apart are read as
letters and not as a word."""

_WORD_STEP = 2.5
"""Steps of the letters before that lead to the next word at most: a blank among letters at even steps makes two."""

_EVEN = 0.05
_EVEN_SHARE = 0.7
_PITCHES_APART = 1.25
"""Letters stand at even steps if so many of these are as long as the usual one, to a twentieth; a step of more
pitches parts words."""

_LEAST_PARTS = 3
_LEAST_LETTERS = 4
"""Least of a trail: an index and an exponent are two parts, and names of three letters are words as well."""

_CHANGES = 0.5
"""Share of the steps of a trail that lead to another line: letters in the boxes of a form, and cells of one
letter, stand in rows, which are read as lines."""

_WORD_GAP = 0.16
_SPREAD_GAP = 0.35
"""Font sizes beyond the usual gap that part words: as of `pdf_lines` where letters stand close, and more where
they are spread, as an i has more room than an M there."""

_SPREAD = 0.1  # font sizes of the usual gap from which letters are spread: as of `pdf_lines`

_HEIGHT = 0.7  # of a letter, in font sizes


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Letters of a trail that stand side by side in a line.

    Parameters
    ----------
    segment : int
        Number of their segment.
    atoms : list of Atom
        In the order in which they were drawn.
    blanks : list of bool
        For each, whether a blank was drawn before it.
    """

    segment: int
    atoms: list[Atom]
    blanks: list[bool]


def trails_of(segments: Sequence[Segment], runs: Sequence[Run]) -> list[list[Part]]:
    """Find letters that were drawn one after the other, near to each other and not in one line.

    Parameters
    ----------
    segments : sequence of Segment
        Of the page, from `saferedact.media.pdf_lines.segments_of`.
    runs : sequence of Run
        As they were given there.

    Returns
    -------
    list of list of Part
        In drawing order.
    """
    trails: list[list[Part]] = [[]]
    for part in _parts(segments, runs):
        if trails[-1] and not _goes_on(trails[-1], part, runs):
            trails.append([])
        few = 1 if _is_figure(part) else _LETTERS
        if len(part.atoms) <= few or _is_flat(trails[-1], part, runs):
            trails[-1].append(part)
        else:
            trails.append([])
    return [trail for trail in trails if _is_trail(trail, segments)]


def _is_trail(trail: Sequence[Part], segments: Sequence[Segment]) -> bool:
    if len(trail) < _LEAST_PARTS or sum(len(part.atoms) for part in trail) < _LEAST_LETTERS:
        return False
    lines = [segments[part.segment].line for part in trail]
    changes = sum(one != other for one, other in itertools.pairwise(lines))
    return changes >= _CHANGES * (len(trail) - 1)


def scattered_text(segments: Sequence[Segment], runs: Sequence[Run]) -> PageText:
    """Join the letters of each trail into a paragraph.

    Parameters
    ----------
    segments, runs
        As of `trails_of`.

    Returns
    -------
    PageText
        The text and the way back to the glyphs; empty if there are no trails.
    """
    result = PageText("")
    texts: list[str] = []

    def add(text: str, refs: tuple[tuple[int, int], ...] = ()) -> None:
        texts.append(text)
        result.refs.extend([refs] * len(text))

    for trail in trails_of(segments, runs):
        atoms = [atom for part in trail for atom in part.atoms]
        blanks = [blank for part in trail for blank in part.blanks]
        wide = _wide_gaps([_Letter.of(atom, runs) for atom in atoms])
        if texts:
            add("\n\n")
        for place, atom in enumerate(atoms):
            if place and (blanks[place] or place in wide):
                add(" ")
            add(atom.text or "\ufffd", atom.refs)
    result.text = "".join(texts)
    return result


def _parts(segments: Sequence[Segment], runs: Sequence[Run]) -> Iterator[Part]:
    """Go through the letters in drawing order, divided where one does not stand beside the last."""
    homes: dict[tuple[int, int], tuple[int, int, Atom]] = {}
    for home, segment in enumerate(segments):
        letters = [atom for atom in segment.atoms if not atom.space]
        homes |= {atom.refs[0]: (home, i, atom) for i, atom in enumerate(letters)}
    part = Part(-1, [], [])
    last, blank = -1, False
    for number, run in enumerate(runs):
        for glyph in range(len(run.glyphs)):
            found = homes.get((number, glyph))
            if found is None:  # a blank, a twin, or hidden
                blank = blank or run.glyphs[glyph].text.isspace()
                continue
            home, place, atom = found
            if part.segment != home or abs(place - last) != 1:
                if part.atoms:
                    yield part
                part = Part(home, [], [])
            part.atoms.append(atom)
            part.blanks.append(blank)
            last, blank = place, False
    if part.atoms:
        yield part


def _goes_on(trail: Sequence[Part], part: Part, runs: Sequence[Run]) -> bool:
    if trail[-1].segment == part.segment:
        return False
    one, other = _Letter.of(trail[-1].atoms[-1], runs), _Letter.of(part.atoms[0], runs)
    near = _NEAR * max(one.size, other.size)
    if len(trail) > 1:
        before = _Letter.of(trail[-2].atoms[-1], runs)
        near = max(near, _WORD_STEP * min(math.dist(before.middle, one.middle), near))
    return math.dist(one.middle, other.middle) <= near


def _is_figure(part: Part) -> bool:
    """Tell whether letters are a number: those of a scale stand below each other."""
    return not any(char.isalpha() for atom in part.atoms for char in atom.text)


def _is_flat(trail: Sequence[Part], part: Part, runs: Sequence[Run]) -> bool:
    """Tell whether letters that stand side by side go on as the trail has led to them."""
    if not trail or len(part.atoms) > _FLAT:
        return False
    middles = [_Letter.of(atom, runs).middle for atom in (trail[-1].atoms[-1], *part.atoms)]
    first, *steps = itertools.starmap(math.dist, itertools.pairwise(middles))
    return first <= _FLAT_STEP * statistics.median(steps)


@dataclass(frozen=True, slots=True)
class _Letter:
    """Where a letter stands, in points; `along` and `up` lead from its middle to its edges."""

    origin: tuple[float, float]
    middle: tuple[float, float]
    along: tuple[float, float]
    up: tuple[float, float]
    size: float

    @classmethod
    def of(cls, atom: Atom, runs: Sequence[Run]) -> "_Letter":
        number, place = atom.refs[0]
        run = runs[number]
        a, b, c, d = run.matrix
        glyph = run.glyphs[place]
        wide, high = glyph.advance / 2, _HEIGHT / 2
        along, up = (a * wide, b * wide), (c * high, d * high)
        middle = (glyph.x + along[0] + up[0], glyph.y + along[1] + up[1])
        return cls((glyph.x, glyph.y), middle, along, up, run.size)

    def reach(self, x: float, y: float) -> float:
        """How far it reaches from its middle along a unit vector."""
        return sum(abs(x * u + y * v) for u, v in (self.along, self.up))


def _wide_gaps(letters: Sequence[_Letter]) -> set[int]:
    """Find letters before which there is more room than usual, as before a word."""
    steps = [math.dist(one.origin, other.origin) for one, other in itertools.pairwise(letters)]
    pitch = statistics.median(steps)
    if sum(abs(step - pitch) < _EVEN * pitch for step in steps) >= _EVEN_SHARE * len(steps):
        return {place for place, step in enumerate(steps, start=1) if step > _PITCHES_APART * pitch}
    gaps = []
    for one, other in itertools.pairwise(letters):
        apart = math.dist(one.middle, other.middle)
        x, y = (
            (there - here) / max(apart, 1e-3)
            for here, there in zip(one.middle, other.middle, strict=True)
        )
        gaps.append((apart - one.reach(x, y) - other.reach(x, y)) / max(one.size, other.size, 1e-3))
    usual = statistics.median(gaps)
    least = usual + _SPREAD_GAP if usual > _SPREAD else _WORD_GAP
    return {place for place, gap in enumerate(gaps, start=1) if gap > least}
