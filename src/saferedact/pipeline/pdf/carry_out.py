"""Write the redacted document, search it, and make pictures of pages that are not proven clean."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from saferedact.errors import InputError, VerificationError
from saferedact.files import sha256_file
from saferedact.media.pdf_search import Leak
from saferedact.media.pdf_views import PageRegionSpec
from saferedact.media.pdf_worker import PdfProxy, open_pdf, search_pdf
from saferedact.pipeline.pdf.needles import needles_of
from saferedact.pipeline.pdf.regions import raster_pages, specs_of
from saferedact.pipeline.progress import told
from saferedact.plan import ResolvedPlan

__all__ = ["carry_out", "leaks_in", "place_of"]


def carry_out(source: Path, resolved: ResolvedPlan, destination: Path) -> tuple[str, ...]:
    """Write the redacted document to a file that is not proven yet.

    Returns
    -------
    tuple of str
        What was left out, and which pages became pictures, for people.

    Raises
    ------
    InputError
        If the destination is named as something else than a PDF.
    VerificationError
        If something that was taken out is still found after its page became a picture.
    """
    if destination.suffix.lower() not in {".pdf", ""}:
        msg = "documents are written as .pdf"
        raise InputError(msg)
    limits = resolved.policy.effective_limits()
    resolved.require_digest(sha256_file(source))
    with open_pdf(source, limits=limits) as document:
        pages = len(document.facts.sizes)
        specs = specs_of(resolved)
        needles = needles_of(document, resolved)
        raster = dict.fromkeys(raster_pages(resolved), "the policy asks for it")
        spoken: Collection[int] = range(pages) if resolved.policy.documents.text_on_pictures else ()
        became = _written(document, destination, specs, raster, spoken)
        leaks = leaks_in(destination, needles, pages=pages)
        if leaks:
            # What is on no page is in a font or an object that pages share: all of them go.
            everywhere = any(leak.page is None for leak in leaks)
            found = {leak.page for leak in leaks if leak.page is not None}
            unclean = range(pages) if everywhere else found
            raster |= dict.fromkeys(unclean, "it could not be proven clean")
            spoken = [page for page in spoken if page not in unclean]
            became = _written(document, destination, specs, raster, spoken)
            leaks = leaks_in(destination, needles, pages=pages)
            if leaks:
                msg = f"the output was not released: what was taken out is still in {place_of(leaks[0])}"
                raise VerificationError(msg)
        return (*document.facts.notes, *_told(became))


def _written(
    document: PdfProxy,
    destination: Path,
    specs: Mapping[int, Sequence[PageRegionSpec]],
    raster: Mapping[int, str],
    spoken: Collection[int],
) -> dict[int, str]:
    """Write a document; return the pages that became pictures, and why."""
    reasons = document.write(destination, specs, raster, spoken=spoken)
    steps = told("write", reasons, len(document.facts.sizes))
    return {page: reason for page, reason in enumerate(steps) if reason}


def leaks_in(path: Path, needles: list[str], *, pages: int) -> list[Leak]:
    """Search a written document; return every place where something was found."""
    steps = told("search", search_pdf(path, needles, pages=pages), pages + 1)
    return [leak for _, leaks in steps for leak in leaks]


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
