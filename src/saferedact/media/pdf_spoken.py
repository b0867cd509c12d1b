"""The redacted text of a page that becomes a picture, for who searches, copies or listens.

It is not drawn. Lines begin where the page's lines begin, on whole points, and go on at the widths of
one font, with a word in brackets for what was hidden: where they end follows from what is left alone.
"""

from collections.abc import Sequence

from saferedact.media.pdf_hits import Hidden, hits_of, leaders_of, pieces_of, touched_atoms
from saferedact.media.pdf_lines import segments_of
from saferedact.media.pdf_model import PageModel
from saferedact.media.pdf_redact import visible
from saferedact.media.pdf_write import Spoken

__all__ = ["spoken_lines"]

_NAMELESS = "REDACTED"
"""Said where covers bear no word."""


def spoken_lines(model: PageModel, regions: Sequence[Hidden]) -> list[Spoken]:
    """Lines of a page without what regions take out.

    Parameters
    ----------
    model : PageModel
        The page. Not modified.
    regions : sequence of Hidden
        What has to go, whatever their modes.
    """
    runs = [visible(run) for run in model.runs]
    segments = segments_of(runs, model.shapes)
    touched = [touched_atoms(segment, runs, regions) for segment in segments]
    leaders = leaders_of(touched, len(regions))
    lines = []
    for segment, touching in zip(segments, touched, strict=True):
        hit = hits_of(segment, [leaders[min(found)] if found else None for found in touching])
        text = ""
        for piece in pieces_of(segment, hit, runs, regions):
            word = "".join(glyph.text for _, glyph in piece.glyphs)
            if piece.region is not None:
                word = f"[{piece.region.text or _NAMELESS}]"
            text += " " * piece.blank_before + word
        ux, uy = segment.direction
        start, base, size = round(segment.start), round(segment.across), max(round(segment.size), 1)
        x, y = start * ux - base * uy, start * uy + base * ux
        lines.append(Spoken((ux * size, uy * size, -uy * size, ux * size, x, y), text))
    return lines
