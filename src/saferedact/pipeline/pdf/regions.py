"""Regions of a page, from spans of its text and from what detectors see on its picture."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from saferedact.geometry import clip, dilate, round_outward
from saferedact.media.pdf_session import PageRegionSpec, PageView, TextLayer
from saferedact.pipeline.look import Hits
from saferedact.pipeline.pdf.layers import Box, boxes_of, hidden_characters
from saferedact.plan import PageRegion, Plan, ResolvedPlan
from saferedact.plan.resolve import seed_of
from saferedact.policy import Policy
from saferedact.text.spans import TextSpan

__all__ = ["Proposal", "from_hits", "from_spans", "numbered", "specs_of"]

_GRID = 8.0  # plan coordinates are multiples of 1/8

_SAME_TEXT = 0.6
"""A box found in a picture is about the text layer if its characters fill this share of it."""

_MIN_MARGIN = 1.0
"""Least margin around what a detector saw, in points."""

Proposal = dict[str, object]
"""Fields of a region that has no id yet."""


def _outward(box: Box) -> Box:
    return (
        math.floor(box[0] * _GRID) / _GRID,
        math.floor(box[1] * _GRID) / _GRID,
        math.ceil(box[2] * _GRID) / _GRID,
        math.ceil(box[3] * _GRID) / _GRID,
    )


def from_spans(
    view: PageView,
    layer: TextLayer,
    spans: Iterable[TextSpan],
    policy: Policy,
    *,
    review: bool = False,
) -> Iterator[Proposal]:
    """Propose regions for stretches of a text layer.

    Parameters
    ----------
    view : PageView
        The page.
    layer : TextLayer
        The text; nothing is proposed for one that can not be seen, as it never leaves.
    spans : iterable of TextSpan
        What was found in it.
    policy : Policy
        How it is hidden.
    review : bool
        Mark every region for review.

    Yields
    ------
    Proposal
        One for each part of a line.
    """
    if layer.hidden:
        return
    for span in spans:
        rule = policy.labels[span.label]  # type: ignore[index]
        for box in boxes_of(layer, span.start, span.end):
            yield {
                "label": span.label,
                "detector": "text-layer",
                "score": round(span.score, 4),
                "needs_review": review or span.score < rule.review_below,
                "operator": "line" if rule.on_pages == "line" else "label",
                "page": view.index,
                "xyxy": _outward(box),
                "person_ref": span.person_ref,
            }


def from_hits(
    view: PageView, hits: Iterable[Hits], scale: float, policy: Policy, *, review: bool = False
) -> Iterator[Proposal]:
    """Propose regions for what detectors saw on the picture of a page.

    Parameters
    ----------
    view : PageView
        The page.
    hits : iterable of Hits
        What they saw, in pixels.
    scale : float
        Pixels per point.
    policy : Policy
        How it is hidden.
    review : bool
        Mark every region for review.

    Yields
    ------
    Proposal
        Boxes with the policy's margins, cut at the page.
    """
    for hit in hits:
        grown = dilate(hit.xyxy / np.float32(scale), hit.rule.dilate, minimum=_MIN_MARGIN)
        size = (math.ceil(view.size[0]), math.ceil(view.size[1]))
        boxes = clip(round_outward(grown), size)
        for box, score in zip(boxes.tolist(), hit.score.tolist(), strict=True):
            if box[0] >= box[2] or box[1] >= box[3]:
                continue
            yield {
                "label": hit.label,
                "detector": hit.detector,
                "score": round(score, 4),
                "needs_review": review or score < hit.rule.review_below,
                "operator": hit.rule.operator,
                "shape": hit.rule.shape,
                "page": view.index,
                "xyxy": tuple(box),
            }
    del policy


def about_text(view: PageView, proposal: Proposal) -> bool:
    """Tell whether a box that was found in a picture is filled by characters of the text layer."""
    box: Box = proposal["xyxy"]  # type: ignore[assignment]
    for layer in view.layers:
        if layer.hidden:
            continue
        inside = hidden_characters(layer, [box])
        inside &= ~np.isnan(layer.boxes[:, 0])
        boxes = layer.boxes[inside]
        area = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sum()
        if area >= _SAME_TEXT * (box[2] - box[0]) * (box[3] - box[1]):
            return True
    return False


def numbered(proposals: Sequence[Proposal], *, start: int) -> list[PageRegion]:
    """Give ids; the same box of one label on one page is one region.

    Parameters
    ----------
    proposals : sequence of Proposal
        In the order of the plan.
    start : int
        Number of regions that the plan has already.

    Returns
    -------
    list of PageRegion
        With ids that count on.
    """
    seen: dict[tuple[object, ...], Proposal] = {}
    for proposal in proposals:
        key = (proposal["page"], proposal["label"], proposal["xyxy"])
        known = seen.get(key)
        if known is None or float(str(known["score"])) < float(str(proposal["score"])):
            seen[key] = proposal
    return [
        PageRegion.model_validate({"id": f"{proposal['label']}-{start + number}", **proposal})
        for number, proposal in enumerate(seen.values(), start=1)
    ]


def specs_of(resolved: ResolvedPlan) -> dict[int, list[PageRegionSpec]]:
    """Regions of a plan as the writer needs them, by page."""
    return {
        page: [_spec(region, resolved.policy) for region in resolved.page_regions(page)]
        for page in resolved.pages
    }


def _spec(region: PageRegion, policy: Policy) -> PageRegionSpec:
    operator = region.operator
    reset = operator == "label" or operator == "line"  # noqa: PLR1714  a type is narrowed
    return PageRegionSpec(
        xyxy=region.xyxy,
        mode=operator if reset else "cover",
        operator="solid" if operator == "label" or operator == "line" else operator,  # noqa: PLR1714
        shape=region.shape,
        rgb=policy.color_of(region.label),
        seed=seed_of(region.id),
        text=word_on(region, policy),
        group=f"{region.label} {word_on(region, policy)}",
    )


def word_on(region: PageRegion, policy: Policy) -> str:
    """Word that stands on the cover of a region."""
    if policy.documents.words == "none" or region.label == "face":
        return ""
    if policy.documents.words == "reason" and region.reason_code is not None:
        return region.reason_code
    return region.label.upper()


def raster_pages(resolved: ResolvedPlan) -> frozenset[int]:
    """Pages that the policy wants as pictures."""
    policy = resolved.policy
    if policy.documents.pages == "raster":
        return frozenset(range(resolved.plan.media.frames))
    wanted = {label for label, rule in policy.labels.items() if rule.on_pages == "raster"}
    return frozenset(
        page
        for page in resolved.pages
        if any(region.label in wanted for region in resolved.page_regions(page))
    )


def region_count(plan: Plan) -> int:
    """Number of regions that a plan has, for ids that count on."""
    return len(plan.visible_regions())
