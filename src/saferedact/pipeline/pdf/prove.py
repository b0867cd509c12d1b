"""Prove a written document: its structure, its regions, and that nothing taken out can be found."""

from collections.abc import Iterator
from pathlib import Path

from saferedact.errors import InputError, LimitExceededError
from saferedact.media.pdf_worker import PdfProxy, audit_pdf, open_pdf
from saferedact.pipeline.pdf.carry_out import leaks_in, place_of
from saferedact.pipeline.pdf.needles import needles_of
from saferedact.pipeline.pdf.pictures import is_covered
from saferedact.pipeline.progress import told
from saferedact.plan import ResolvedPlan
from saferedact.report import Finding, Location

__all__ = ["prove"]

_NEXT = "do not publish this file; report the fault"
_SIZE_TOLERANCE = 0.02  # points: sizes are written with two decimals
_DPI = 72.0


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
            findings += _covers(after, resolved)
    except (InputError, LimitExceededError) as error:
        return [*findings, _block("VF-01", f"it cannot be read: {error.message}", Location())]
    for leak in leaks_in(written, needles, pages=len(sizes)):
        text = f"what was taken out is still in {place_of(leak)}"
        findings.append(_block("VF-02", text, Location(frame=leak.page, channel=leak.channel)))
    return findings


def _covers(after: PdfProxy, resolved: ResolvedPlan) -> Iterator[Finding]:
    """Look whether solid covers are there, in their color."""
    for page in told("prove", resolved.pages, len(resolved.pages)):
        solid = [
            region
            for region in resolved.page_regions(page)
            if region.operator == "solid" and region.shape == "rectangle"
        ]
        if not solid:
            continue
        pixels = after.picture(page, _DPI)
        scale = pixels.shape[1] / after.facts.sizes[page][0]
        for region in solid:
            if not is_covered(pixels, region.xyxy, scale, resolved.policy.color_of(region.label)):
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
