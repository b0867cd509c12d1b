"""Look at every page of a document: its text layer in two orders, and its picture where it has one."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import saferedact
from saferedact.detectors.base import DetectorInfo
from saferedact.errors import LimitExceededError
from saferedact.files import sha256_file
from saferedact.media.pdf_views import PageView, PdfFacts
from saferedact.media.pdf_worker import PdfProxy, open_pdf
from saferedact.pipeline.medium import Search
from saferedact.pipeline.pdf.finder import Finder, finder_for
from saferedact.pipeline.pdf.layers import believed
from saferedact.pipeline.pdf.looking import Answer, Question, answers
from saferedact.pipeline.pdf.page_ends import Joint, PageEnds
from saferedact.pipeline.pdf.pictures import Shown, needs_look, show
from saferedact.pipeline.pdf.regions import (
    Proposal,
    as_text,
    as_wanted,
    from_hits,
    from_spans,
    numbered,
)
from saferedact.pipeline.pdf.sweep import Sweep
from saferedact.pipeline.progress import told
from saferedact.pipeline.records import detector_records
from saferedact.plan import DetectorRecord, MediaRecord, MetadataRegion, Plan
from saferedact.policy import Policy

__all__ = ["detect", "text_info"]

_TEXT_LAYER = "text-layer"
_TEXT_LABELS = ("name", "identifier", "plate")


def detect(source: Path, search: Search) -> Plan:
    """Look at every page of a document; see `saferedact.detect`."""
    policy = search.policy
    limits = policy.effective_limits()
    digest = sha256_file(source)
    finder = finder_for(search)
    sweep = Sweep(policy)
    proposals: list[Proposal] = []
    texts: list[list[str]] = []
    with open_pdf(source, limits=limits) as document:
        for page, answer in answers(_questions(document), search, finder):
            proposals += _on_page(page, answer, policy, sweep)
            texts.append([layer.text for layer in page.view.layers])
            if len(proposals) > limits.max_regions:
                msg = f"more than {limits.max_regions} regions were found"
                raise LimitExceededError(msg)
        proposals += _swept(document, texts, sweep, policy)
        facts = document.facts
    return Plan(
        source_sha256=digest,
        policy_sha256=policy.sha256,
        media=_media_record(facts),
        detectors=(
            *_text_record(policy, finder),
            *_others(search, finder),
            _scan_record(),
        ),
        regions=(*numbered(proposals, start=0), *_metadata(facts)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    view: PageView
    shown: Shown | None
    joints: Sequence[Joint]  # with the page before


def _questions(document: PdfProxy) -> Iterator[tuple[_Page, Question]]:
    pages = len(document.facts.sizes)
    ends = PageEnds()
    for index in told("look", range(pages), pages):
        view = document.page(index)
        joints = ends.joints(view)
        texts = [layer.text for layer in view.layers] + [joint.text for joint in joints]
        if needs_look(view):
            shown = show(document, view)
            yield _Page(view, shown, joints), shown.question(view, texts)
        else:
            yield _Page(view, None, joints), Question(texts)


def _on_page(page: _Page, answer: Answer, policy: Policy, sweep: Sweep) -> Iterator[Proposal]:
    view, shown = page.view, page.shown
    found: list[Proposal] = []
    spans_of = iter(answer.spans)
    for layer, spans in zip(view.layers, spans_of, strict=False):
        meant = believed(layer, spans)
        for span in meant:
            sweep.add(layer.text, span)
        found += from_spans(view, layer, meant, policy)
    for joint, spans in zip(page.joints, spans_of, strict=True):
        found += joint.proposals(spans, policy)
    yield from found
    if shown is None:
        return
    known = [
        box
        for item in found
        if item["page"] == view.index and isinstance(box := item["xyxy"], tuple)
    ]
    for proposal in from_hits(view, shown.hits(answer), shown.scales[0]):
        seen = as_text(view, proposal, known) if proposal["label"] in _TEXT_LABELS else [proposal]
        yield from (as_wanted(view, item, policy) for item in seen)


def _swept(
    document: PdfProxy, texts: Sequence[Sequence[str]], sweep: Sweep, policy: Policy
) -> Iterator[Proposal]:
    for index, page in enumerate(texts):
        found = [sweep.spans(text) for text in page]
        if not any(found):
            continue
        view = document.page(index)
        for layer, spans in zip(view.layers, found, strict=True):
            yield from from_spans(view, layer, believed(layer, spans), policy)


def _media_record(facts: PdfFacts) -> MediaRecord:
    return MediaRecord(
        kind="pdf",
        format="PDF",
        width=math.ceil(max(width for width, _ in facts.sizes)),
        height=math.ceil(max(height for _, height in facts.sizes)),
        frames=len(facts.sizes),
    )


def text_info(policy: Policy) -> DetectorInfo:
    """Describe who reads the text layer."""
    labels = tuple(label for label in _TEXT_LABELS if label in policy.labels)
    return DetectorInfo(_TEXT_LAYER, saferedact.__version__, labels)


def _text_record(policy: Policy, finder: Finder | None) -> Iterator[DetectorRecord]:
    if finder is not None:
        info = text_info(policy)
        yield DetectorRecord(name=info.name, version=info.version, labels=info.labels, status="ran")


def _others(search: Search, finder: Finder | None) -> Iterator[DetectorRecord]:
    """Record the detectors of pictures; that nobody looks for text in pictures is said of pictures."""
    for record in detector_records(search.detectors, search.policy):
        if finder is not None and record.reason == "no-detector" and record.name in _TEXT_LABELS:
            continue
        yield record


def _scan_record() -> DetectorRecord:
    return DetectorRecord(
        name="hidden-data", version=saferedact.__version__, labels=("metadata",), status="ran"
    )


def _metadata(facts: PdfFacts) -> Iterator[MetadataRegion]:
    for number, (channel, _) in enumerate(sorted(facts.hidden.items()), start=1):
        yield MetadataRegion(
            id=f"metadata-{number}",
            label="metadata",
            detector="hidden-data",
            score=1.0,
            channel=channel,
            length=0,
        )
