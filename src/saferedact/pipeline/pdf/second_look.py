"""A second look at a document: what can still be read, by engine and by detectors."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.geometry import covered_fraction
from saferedact.media.pdf_fold import squash
from saferedact.media.pdf_views import PageRegionSpec, PageView, TextLayer
from saferedact.media.pdf_worker import PdfProxy, open_pdf, search_pdf
from saferedact.pipeline.look import Hits
from saferedact.pipeline.medium import Remains, Search
from saferedact.pipeline.pdf.detect import text_info
from saferedact.pipeline.pdf.finder import Finder, finder_for
from saferedact.pipeline.pdf.layers import believed, remaining_text, surroundings
from saferedact.pipeline.pdf.looking import Answer, Question, answers
from saferedact.pipeline.pdf.pictures import Shown, needs_look, show
from saferedact.pipeline.pdf.regions import (
    Proposal,
    as_wanted,
    from_hits,
    from_spans,
    is_pixels,
    numbered,
    raster_pages,
    region_count,
    specs_of,
    word_on,
)
from saferedact.pipeline.progress import told
from saferedact.plan import PageRegion, Plan, ResolvedPlan
from saferedact.policy import Policy
from saferedact.report import Finding, Location
from saferedact.text.spans import TextSpan

__all__ = ["look_again"]

_WEAKER = 0.8
"""Share of the policy's least score down to which a second look is reported as a warning."""

_COVERED = 0.6
"""A box counts as covered if this share of it lies under covers: what the detector saw is then our
own cover, or the word on it."""

_TEXT_LABELS = ("name", "identifier", "plate")
"""Of text outside of pixels, whose lines may have moved, the engine has read every word already."""

_WORD = re.compile(r"[^\W_]+")


def look_again(source: Path, redacted: Path, resolved: ResolvedPlan, search: Search) -> Remains:
    """Read the output again; keep what is neither covered nor given back.

    What the engine is given is the source's text without what was taken out, so that what it finds has
    a place in the source. That the output says nothing else is checked with another reader's text:
    a page on which PDFium reads a word that should not be there is given to the engine as PDFium
    reads it.
    """
    policy = search.policy
    limits = policy.effective_limits()
    finder = finder_for(search)
    proposals: list[Proposal] = []
    warnings: list[Finding] = []
    unread = 0
    reads_text = any(set(info.labels) & {"name", "identifier"} for info in search.asked)
    raster = raster_pages(resolved)
    with open_pdf(source, limits=limits) as before, open_pdf(redacted, limits=limits) as after:
        pages = len(before.facts.sizes)
        read = [texts for texts, _ in search_pdf(redacted, [], pages=pages)]
        questions = _questions(before, after, resolved, search)
        for page, answer in answers(questions, search, finder):
            view, regions = page.view, page.regions
            if finder is not None:
                proposals += _text_left(page, answer, policy)
                words = {word_on(region, policy) for region in regions}
                warnings += _foreign(view, regions, words, read[view.index], finder)
            unread += needs_look(view) and not reads_text
            if page.shown is None:
                continue
            covers = before.covers(view.index, page.specs, raster=view.index in raster)
            scale = page.shown.scales[0]
            found, unsure = _judged(page.shown.hits(answer), covers, page.exempt, scale)
            proposals += [
                as_wanted(view, item, policy)
                for item in from_hits(view, found, scale, review=True)
                if item["label"] not in _TEXT_LABELS or is_pixels(view, item)
            ]
            warnings += _warnings(unsure, view.index, scale)
    if unread and finder is not None:
        warnings.append(_unread(unread))
    regions_new = numbered(proposals, start=region_count(resolved.plan))
    looked = search.asked if finder is None else (text_info(policy), *search.asked)
    return Remains(tuple(regions_new), tuple(warnings), looked)


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """A page that is looked at again: the source's, what is taken out, and what the output shows.

    `left` holds, for stretches of each layer of text, their characters' places in it.
    """

    view: PageView
    regions: Sequence[PageRegion]
    exempt: Sequence[PageRegion]
    specs: Sequence[PageRegionSpec]
    left: Sequence[tuple[TextLayer, npt.NDArray[np.int64]]]
    shown: Shown | None


def _questions(
    before: PdfProxy, after: PdfProxy, resolved: ResolvedPlan, search: Search
) -> Iterator[tuple[_Page, Question]]:
    specs, raster = specs_of(resolved), raster_pages(resolved)
    pages = len(before.facts.sizes)
    for index in told("look again", range(pages), pages):
        view = before.page(index)
        regions, exempt = resolved.page_regions(index), _given_back(resolved.plan, index)
        texts: list[str] = []
        left: list[tuple[TextLayer, npt.NDArray[np.int64]]] = []
        read = [region for region in exempt if region.label in _TEXT_LABELS]
        boxes = [region.xyxy for region in (*regions, *read)]
        for layer in view.layers:
            if layer.hidden:
                continue
            text, places = remaining_text(layer, boxes)
            for start, end in surroundings(text, places):  # the first look has read the rest so
                texts.append(text[start:end])
                left.append((layer, places[start:end]))
        shown = show(after, view) if needs_look(view) and search.detectors else None
        picture = bool(view.raster) or index in raster
        covers = [
            (region.xyxy, resolved.policy.color_of(region.label))
            for region in regions
            if (region.operator == "solid" and region.shape == "rectangle")
            or (picture and region.operator in ("label", "line"))
        ]
        if shown is not None and covers:
            shown.put_back(show(before, view), covers)
        page = _Page(view, regions, exempt, specs.get(index, ()), left, shown)
        if shown is None:
            yield page, Question(texts)
        else:
            yield page, shown.question(view, texts, share=_WEAKER)


def _unread(pages: int) -> Finding:
    return Finding(
        rule_id="VF-09",
        level="WARN",
        message=f"{pages} pages hold pictures or fonts whose text nobody has read",
        next_step="let the detector text look as well, or look at the pages yourself",
        source="text-layer",
    )


def _given_back(plan: Plan, page: int) -> list[PageRegion]:
    return [
        region
        for region in plan.visible_regions()
        if isinstance(region, PageRegion) and region.page == page and region.decision == "rejected"
    ]


def _text_left(page: _Page, answer: Answer, policy: Policy) -> Iterator[Proposal]:
    for (layer, places), found in zip(page.left, answer.spans, strict=True):
        believable = believed(layer, found)
        spans = [moved for span in believable if (moved := _back(span, places)) is not None]
        yield from from_spans(page.view, layer, spans, policy, review=True)


def _back(span: TextSpan, places: np.ndarray) -> TextSpan | None:
    """Move a span of a remaining text to the layer's own text."""
    inside = places[span.start : span.end]
    inside = inside[inside >= 0]
    if not len(inside):
        return None
    first, last = int(inside.min()), int(inside.max())
    return TextSpan(
        first, last + 1, span.label, span.kind, span.score, span.source, span.person_ref
    )


def _foreign(
    view: PageView,
    regions: Sequence[PageRegion],
    labels: Iterable[str],
    read: dict[str, str],
    finder: Finder,
) -> Iterator[Finding]:
    """Report what another reader reads and the source's remaining text does not hold."""
    boxes = [region.xyxy for region in regions]
    known = "".join(
        squash(remaining_text(layer, boxes)[0]) for layer in view.layers if not layer.hidden
    )
    allowed = {squash(word) for word in labels}
    allowed |= {part for label in labels for part in map(squash, _WORD.findall(label))}
    text = read["pdfium"]
    foreign = [
        match
        for match in _WORD.finditer(text)
        if squash(match[0]) not in known and squash(match[0]) not in allowed
    ]
    if not foreign:
        return
    for span in finder(text):
        if any(span.start < match.end() and match.start() < span.end for match in foreign):
            yield Finding(
                rule_id="VF-04",
                level="BLOCK",
                message=f"a {span.label} may be readable in the text of page {view.index + 1}",
                location=Location(frame=view.index, channel="text-pdfium"),
                next_step="ask for pages as pictures (documents.pages = raster)",
                source="text-layer",
            )
            return


def _judged(
    hits: Sequence[Hits],
    covers: Sequence[tuple[float, float, float, float]],
    exempt: Sequence[PageRegion],
    scale: float,
) -> tuple[list[Hits], list[Hits]]:
    """Divide what is neither covered nor given back into what is found and what is only to be told.

    What was given back is so under its own label: a name on the coat of somebody who may be seen is not.
    """
    found: list[Hits] = []
    unsure: list[Hits] = []
    for hit in hits:
        here = [*covers, *(region.xyxy for region in exempt if region.label == hit.label)]
        boxes = np.array(here, dtype=np.float32).reshape(-1, 4) * np.float32(scale)
        left = covered_fraction(hit.xyxy, boxes) < _COVERED
        sure = left & (hit.score >= np.float32(hit.rule.min_score))
        for chosen, target in ((sure, found), (left & ~sure, unsure)):
            if chosen.any():
                target.append(hit.at(hit.xyxy, chosen))
    return found, unsure


def _warnings(hits: Iterable[Hits], page: int, scale: float) -> Iterator[Finding]:
    for hit in hits:
        for box in (hit.xyxy / np.float32(scale)).round().astype(float).tolist():
            yield Finding(
                rule_id="VF-04",
                level="WARN",
                message=f"perhaps a {hit.label} that is not covered (needs review)",
                location=Location(frame=page, xyxy=tuple(box)),
                next_step="look at the place; if it shows something, add a box to the plan",
                source=hit.detector,
            )
