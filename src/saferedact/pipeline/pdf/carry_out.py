"""Write the redacted document, search it, and make pictures of pages that are not proven clean."""

from collections import Counter
from pathlib import Path

from saferedact.errors import VerificationError
from saferedact.files import sha256_file
from saferedact.media.pdf_search import Leak
from saferedact.media.pdf_worker import open_pdf, search_pdf
from saferedact.pipeline.pdf.needles import needles_of
from saferedact.pipeline.pdf.regions import raster_pages, specs_of
from saferedact.plan import ResolvedPlan

__all__ = ["carry_out", "place_of"]


def carry_out(source: Path, resolved: ResolvedPlan, destination: Path) -> tuple[str, ...]:
    """Write the redacted document to a file that is not proven yet.

    Returns
    -------
    tuple of str
        What was left out, and which pages became pictures, for people.

    Raises
    ------
    VerificationError
        If something that was taken out is still found after its page became a picture.
    """
    limits = resolved.policy.effective_limits()
    resolved.require_digest(sha256_file(source))
    with open_pdf(source, limits=limits) as document:
        pages = len(document.facts.sizes)
        specs = specs_of(resolved)
        needles = needles_of(document, resolved)
        raster = raster_pages(resolved)
        became = document.write(destination, specs, raster)
        _, leaks = search_pdf(destination, needles, pages=pages)
        if leaks:
            # What is on no page is in a font or an object that pages share: all of them go.
            bare = {leak.page for leak in leaks}
            raster |= frozenset(range(pages)) if None in bare else frozenset(bare)
            became = document.write(destination, specs, raster)
            _, leaks = search_pdf(destination, needles, pages=pages)
            if leaks:
                msg = f"the output was not released: what was taken out is still in {place_of(leaks[0])}"
                raise VerificationError(msg)
        return (*document.facts.notes, *_told(became))


def place_of(leak: Leak) -> str:
    """Say where something was found, without saying what."""
    where = "the file" if leak.page is None else f"page {leak.page + 1}"
    return f"{where} (channel {leak.channel})"


def _told(became: dict[int, str]) -> list[str]:
    """Say which pages became pictures."""
    notes = []
    for reason, count in sorted(Counter(became.values()).items()):
        pages = [str(page + 1) for page in sorted(became) if became[page] == reason]
        shown = ", ".join(pages[:5]) + (", ..." if count > 5 else "")
        noun = "page" if count == 1 else "pages"
        notes.append(f"{count} {noun} became a picture ({shown}): {reason}")
    return notes
