"""Taking regions out of a page: glyphs go, the rest of their line is set anew, pixels are covered.

A line that loses glyphs is set again from its left end, word by word, at the widths of its font and
with one constant blank; a label of constant width stands for what was hidden. So nothing in the new
line follows from what was hidden, neither a box nor a displacement.
"""

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from saferedact.media.pdf_hits import Hidden, Piece, hits_of, leaders_of, pieces_of, touched_atoms
from saferedact.media.pdf_label import box_width
from saferedact.media.pdf_lines import Segment, segments_of
from saferedact.media.pdf_model import ASCENT, DESCENT, Box, PageModel, Patch, Run, Shape, overlap
from saferedact.media.pdf_shared_labels import combs_of, scattered_words, stretches_of
from saferedact.media.pdf_write import Label, Spoken

__all__ = ["Redacted", "take_out", "visible"]

BLANK = 0.27
"""Blank between words of a line that is set again, in font sizes: that of Helvetica and Arial."""

_OWN_TEXT = 0.5
"""A region that is set anew covers no pixels if glyphs fill this share of it: it is about them."""

_EDGE = 18.0  # points kept free at the right edge of a page
_NEAR = 2.5
"""Points by which the ends of an underline or highlight may miss the ends of words."""

_CLEAR = 0.3  # font sizes between a line that is set again and what stands beside it


@dataclass(slots=True, eq=False)
class Redacted:
    """What is to be written for a page.

    Parameters
    ----------
    model : PageModel
        What stays, set again where it must be.
    covers : list of Shape
        Boxes over shapes and pixels.
    lines : list of (int, list of Run or Label)
        Lines that were set again, each with the number of the run before which it is to be drawn.
    labels : list of Label
        Words on covers, drawn last.
    spoken : list of Spoken
        Text that is read and not seen.
    pixels : list of Hidden
        Regions whose pixels have to be covered in patches.
    """

    model: PageModel
    covers: list[Shape] = field(default_factory=list)
    lines: list[tuple[int, list[Run | Label]]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    pixels: list[Hidden] = field(default_factory=list)


def take_out(model: PageModel, regions: Sequence[Hidden]) -> Redacted:
    """Take regions out of a page.

    Parameters
    ----------
    model : PageModel
        The page. Not modified.
    regions : sequence of Hidden
        What has to go.

    Returns
    -------
    Redacted
        The new page. Hidden glyphs are gone, whether or not a region touches them.
    """
    runs = [visible(run) for run in model.runs]
    page = PageModel(model.index, model.size, runs, list(model.shapes), list(model.patches))
    result = Redacted(page)
    if not regions:
        return result
    segments = segments_of(runs, model.shapes)
    touched = [touched_atoms(segment, runs, regions) for segment in segments]
    leaders = leaders_of(touched, len(regions))
    gone = _stray_blanks(runs, segments)
    covered = [0.0] * len(regions)
    boxed: set[int] = set()
    combs = combs_of(segments, touched, regions)
    joined = {place for first, last in combs.items() for place in range(first + 1, last + 1)}
    firsts, others = scattered_words(segments, runs, touched, regions)
    joined = (joined | others) - firsts
    for place, (segment, touching) in enumerate(zip(segments, touched, strict=True)):
        if not any(touching):
            continue
        for number, box in stretches_of(segment, touching, runs):
            covered[number] += overlap(box, regions[number].xyxy)
        hit = hits_of(segment, [leaders[min(found)] if found else None for found in touching])
        here = {number for found in touching for number in found}
        if any(regions[number].mode == "cover" for number in here):
            # Pixels below show how wide it is: nothing is gained by moving the rest.
            _mark(segment, hit, gone, everything=False)
            boxed |= here
            continue
        _mark(segment, hit, gone, everything=True)
        page.shapes, page.patches = _without_decoration(segment, page.shapes, page.patches)
        if place in joined:
            continue
        end = combs.get(place, place)
        limit = _limit(segments[end], segments, end, model, joined)
        if place in firsts:
            limit = min(limit, _room_beside(segment, segments, joined))
        first = min(run for atom in segment.atoms for run, _ in atom.refs)
        result.lines.append((first, _set_again(segment, hit, runs, regions, limit)))
    page.runs = [_without(run, number, gone) for number, run in enumerate(runs)]
    for number, region in enumerate(regions):
        x1, y1, x2, y2 = region.xyxy
        own = covered[number] >= _OWN_TEXT * (x2 - x1) * (y2 - y1)
        if region.mode == "cover" or not own or number in boxed:
            result.pixels.append(region)
            result.covers.append(Shape("fill", region.xyxy, region.color))
    inside = [hidden.xyxy for hidden in result.pixels]
    page.shapes = [shape for shape in page.shapes if not _within_any(shape.bounds, inside)]
    return result


def _room_beside(segment: Segment, segments: Sequence[Segment], joined: Container[int]) -> float:
    """How far a label may reach where a letter stood that is in no line: to upright text of other lines."""
    low, high = (segment.across + edge * segment.size for edge in (DESCENT, ASCENT))
    return min(
        (
            other.start - _CLEAR * segment.size
            for place, other in enumerate(segments)
            if place not in joined
            and other.direction == segment.direction == (1.0, 0.0)
            and other.start > segment.start
            and other.across + DESCENT * other.size < high
            and other.across + ASCENT * other.size > low
        ),
        default=math.inf,
    )


def visible(run: Run) -> Run:
    """Return a run without the glyphs that cannot be seen."""
    shown = [glyph for glyph in run.glyphs if not glyph.hidden]
    return Run(run.font, run.matrix, run.color, run.alpha, shown)


def _without(run: Run, number: int, gone: set[tuple[int, int]]) -> Run:
    kept = [glyph for place, glyph in enumerate(run.glyphs) if (number, place) not in gone]
    return Run(run.font, run.matrix, run.color, run.alpha, kept)


def _stray_blanks(runs: Sequence[Run], segments: Sequence[Segment]) -> set[tuple[int, int]]:
    """Find blanks before and after lines: one behind a line still stands where the old line ended."""
    within = {ref for segment in segments for atom in segment.atoms for ref in atom.refs}
    return {
        (number, place)
        for number, run in enumerate(runs)
        for place, glyph in enumerate(run.glyphs)
        if glyph.text.isspace() and (number, place) not in within
    }


def _mark(
    segment: Segment, hit: Sequence[int | None], gone: set[tuple[int, int]], *, everything: bool
) -> None:
    for atom, found in zip(segment.atoms, hit, strict=True):
        if everything or found is not None:
            gone.update(atom.refs)


def _limit(
    segment: Segment,
    segments: Sequence[Segment],
    place: int,
    model: PageModel,
    joined: Container[int],
) -> float:
    """How far a line may reach: to its neighbor that stays, a rule, or the edge of the page."""
    ux, uy = segment.direction
    width, height = model.size
    edge = max(x * ux + y * uy for x in (0.0, width) for y in (0.0, height)) - _EDGE
    limit = max(edge, segment.start + BLANK)
    following_place = place + 1
    while following_place in joined:
        following_place += 1
    if following_place < len(segments):
        following = segments[following_place]
        if following.line == segment.line and following.direction == segment.direction:
            limit = min(limit, following.start - _CLEAR * segment.size)
    if (ux, uy) == (1.0, 0.0):
        middle = segment.across + 0.3 * segment.size
        for shape in model.shapes:
            x1, y1, x2, y2 = shape.bounds
            upright = x2 - x1 < 2.0 and y2 - y1 > 6.0 and y1 <= middle <= y2
            if upright and x1 > segment.start + segment.size:
                limit = min(limit, x1 - 1.0)
    return limit


def _set_again(
    segment: Segment,
    hit: Sequence[int | None],
    runs: Sequence[Run],
    regions: Sequence[Hidden],
    limit: float,
) -> list[Run | Label]:
    pieces = pieces_of(segment, hit, runs, regions)
    size = segment.size
    start = round(segment.start, 2)
    end = start
    for piece in pieces:
        end += BLANK * size * piece.blank_before + _extent(piece, size)
    wants_line = any(piece.region is not None and piece.region.mode == "line" for piece in pieces)
    to_end = wants_line or end > limit
    ux, uy = segment.direction
    base = round(segment.across, 2)
    line: list[Run | Label] = []
    cursor = start
    for piece in pieces:
        cursor += BLANK * size * piece.blank_before
        if piece.region is None:
            cursor = _set_word(piece, cursor, segment, line)
            continue
        wide = box_width(piece.region.text)
        if to_end:
            wide = max((limit - cursor) / size, 0.5)
        x, y = cursor * ux - base * uy, cursor * uy + base * ux
        matrix = (ux * size, uy * size, -uy * size, ux * size, x, y)
        line.append(Label(matrix, wide, piece.region.text, piece.region.color))
        if to_end:
            break
        cursor += wide * size
    return line


def _extent(piece: Piece, size: float) -> float:
    if piece.region is not None:
        return box_width(piece.region.text) * size
    return sum(glyph.advance * math.hypot(*run.matrix[:2]) for run, glyph in piece.glyphs)


def _set_word(piece: Piece, cursor: float, segment: Segment, line: list[Run | Label]) -> float:
    """Set a word at its font's own widths; runs of it that look alike become one."""
    ux, uy = segment.direction
    current: Run | None = None
    before: Run | None = None
    for run, glyph in piece.glyphs:
        across = -glyph.x * uy + glyph.y * ux
        x, y = cursor * ux - across * uy, cursor * uy + across * ux
        if current is None or run is not before:
            current = Run(run.font, run.matrix, run.color, run.alpha, [])
            line.append(current)
            before = run
        current.glyphs.append(glyph._replace(x=x, y=y))
        cursor += glyph.advance * math.hypot(*run.matrix[:2])
    return cursor


def _without_decoration(
    segment: Segment, shapes: list[Shape], patches: list[Patch]
) -> tuple[list[Shape], list[Patch]]:
    """Drop underlines and highlights of words that have moved: their ends tell of the old places."""
    if segment.direction != (1.0, 0.0):
        return shapes, patches
    starts, ends = [], []
    for i, atom in enumerate(segment.atoms):
        begins = i == 0 or i in segment.gaps or segment.atoms[i - 1].space
        if begins and not atom.space:
            starts.append(atom.start)
        if atom.space or i in segment.gaps:
            ends.append(segment.atoms[i - 1].end)
    ends.append(segment.end)
    low = segment.across - 0.4 * segment.size
    high = segment.across + 1.15 * segment.size

    def decorates(box: Box) -> bool:
        return (
            box[1] >= low
            and box[3] <= high
            and any(abs(box[0] - start) < _NEAR for start in starts)
            and any(abs(box[2] - end) < _NEAR for end in ends)
        )

    return (
        [shape for shape in shapes if not decorates(shape.bounds)],
        [patch for patch in patches if not decorates(patch.xyxy)],
    )


def _within_any(box: Box, regions: Iterable[Box]) -> bool:
    return any(
        region[0] <= box[0] and region[1] <= box[1] and box[2] <= region[2] and box[3] <= region[3]
        for region in regions
    )
