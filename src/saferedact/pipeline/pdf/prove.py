"""Prove a written document: its structure, its regions, and that nothing taken out can be found."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from saferedact.errors import InputError, LimitExceededError
from saferedact.media.pdf_views import PageRegionSpec
from saferedact.media.pdf_worker import PdfProxy, audit_pdf, open_pdf
from saferedact.pipeline.pdf.carry_out import leaks_in, place_of
from saferedact.pipeline.pdf.needles import needles_of
from saferedact.pipeline.pdf.pictures import Box, has_gap, wrong_pixels
from saferedact.pipeline.pdf.regions import raster_pages, specs_of
from saferedact.pipeline.progress import told
from saferedact.plan import PageRegion, ResolvedPlan
from saferedact.report import Finding, Location

__all__ = ["prove"]

_NEXT = "do not publish this file; report the fault"
_SIZE_TOLERANCE = 0.02  # points: sizes are written with two decimals
_SAME_PLACE = 0.01  # points: what is drawn there is the cover itself
_DPI = 144.0
"""Dots per inch at which covers are looked at: the stem of a letter of 6 points is 1 by 6 pixels."""


def prove(source: Path, written: Path, resolved: ResolvedPlan) -> list[Finding]:
    """Compare a written document with its source and plan; every finding is a fault."""
    limits = resolved.policy.effective_limits()
    findings = [
        _block("VF-03", f"the document holds more than pages: {channel}", Location(channel=channel))
        for channel in audit_pdf(written)
    ]
    with open_pdf(source, limits=limits) as document:
        sizes = document.facts.sizes
        needles = needles_of(document, resolved)
        planned = _planned_covers(document, resolved)
    try:
        with open_pdf(written, limits=limits) as after:
            same = len(after.facts.sizes) == len(sizes) and all(
                abs(one - other) <= _SIZE_TOLERANCE
                for before, now in zip(sizes, after.facts.sizes, strict=True)
                for one, other in zip(before, now, strict=True)
            )
            if not same:
                findings.append(_block("VF-01", "pages or their sizes differ", Location()))
                return findings
            findings += _covers(after, resolved, planned)
    except (InputError, LimitExceededError) as error:
        return [*findings, _block("VF-01", f"it cannot be read: {error.message}", Location())]
    for leak in leaks_in(written, needles, pages=len(sizes)):
        text = f"what was taken out is still in {place_of(leak)}"
        findings.append(_block("VF-02", text, Location(frame=leak.page, channel=leak.channel)))
    return findings


def _is_solid(region: PageRegion) -> bool:
    return region.operator == "solid" and region.shape == "rectangle"


class _Planned(NamedTuple):
    """Solid covers in the order in which they are drawn, and boxes of what may lie over them."""

    drawn: Sequence[PageRegionSpec]
    others: Sequence[Box]


def _planned_covers(document: PdfProxy, resolved: ResolvedPlan) -> dict[int, _Planned]:
    """Say what is drawn on each page that has solid covers.

    Pictures of frost lie below them; labels that stand in lines may lie over them.
    """
    specs, raster = specs_of(resolved), raster_pages(resolved)
    found: dict[int, _Planned] = {}
    for page in resolved.pages:
        if not any(map(_is_solid, resolved.page_regions(page))):
            continue
        flat = [spec for spec in specs[page] if spec.operator == "solid"]
        others = [spec.xyxy for spec in flat if spec.shape != "rectangle"]
        flat = [spec for spec in flat if spec.shape == "rectangle"]
        if page not in raster and not document.page(page).raster:
            boxes = document.covers(page, specs[page], raster=False)
            flat = [spec for spec in flat if any(_is_same(box, spec.xyxy) for box in boxes)]
            others += [box for box in boxes if not any(_is_same(box, s.xyxy) for s in flat)]
        found[page] = _Planned(flat, others)
    return found


def _is_same(one: Box, other: Box) -> bool:
    return all(abs(a - b) < _SAME_PLACE for a, b in zip(one, other, strict=True))


def _covers(
    after: PdfProxy, resolved: ResolvedPlan, planned: Mapping[int, _Planned]
) -> Iterator[Finding]:
    """Look whether solid covers are there, in their colors, whole but for the words on them."""
    for page in told("prove", planned, len(planned)):
        pixels = after.picture(page, _DPI)
        expected = after.covers_alone(page, planned[page].drawn, _DPI)
        scale = pixels.shape[1] / after.facts.sizes[page][0]
        wrong = wrong_pixels(pixels, expected, planned[page].others, scale)
        for region in filter(_is_solid, resolved.page_regions(page)):
            if has_gap(wrong, region.xyxy, scale):
                text = f"region {region.id} is not covered as planned"
                place = Location(frame=page, xyxy=region.xyxy)
                yield _block("VF-02", text, place)


def _block(rule_id: str, message: str, location: Location) -> Finding:
    return Finding(
        rule_id=rule_id,
        level="BLOCK",
        message=message,
        location=location,
        next_step=_NEXT,
        source="verify",
    )
