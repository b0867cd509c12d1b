"""Regions of a page, from spans of its text and from what detectors see on its picture."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from saferedact.geometry import clip, dilate, round_outward, widen
from saferedact.media.pdf_views import PageRegionSpec, PageView, TextLayer
from saferedact.pipeline.look import Hits
from saferedact.pipeline.pdf.layers import Box, boxes_of, hidden_characters
from saferedact.plan import PageRegion, Plan, ResolvedPlan
from saferedact.plan.resolve import seed_of
from saferedact.policy import Policy
from saferedact.text.spans import TextSpan

__all__ = ["Proposal", "as_wanted", "from_hits", "from_spans", "numbered", "specs_of"]

_GRID = 8.0  # plan coordinates are multiples of 1/8

_PIXELS = 0.1
"""A box found in a picture is about pixels if more than this share of it lies on patches: margins reach
beyond the words."""

_READER_MARGIN = 0.3
"""Margin that the reader of pictures leaves at both ends of words, in heights of their line."""

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
    view: PageView, hits: Iterable[Hits], scale: float, *, review: bool = False
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
        scores = hit.score.tolist()
        for box, score, person_ref in zip(boxes.tolist(), scores, hit.people, strict=True):
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
                "person_ref": person_ref,
            }


def as_wanted(view: PageView, proposal: Proposal, policy: Policy) -> Proposal:
    """Have what was found in a picture hidden as the policy wants it of its label.

    Covers on pixels are made as wide as it says; text is taken out as it says, and has a label of one width.
    """
    rule = policy.labels[proposal["label"]]  # type: ignore[index]
    if proposal["operator"] == "label":
        return {**proposal, "operator": "line" if rule.on_pages == "line" else "label"}
    if rule.fixed_width == 0:
        return proposal
    size = (math.ceil(view.size[0]), math.ceil(view.size[1]))
    tight = np.array([_box_of(proposal)], dtype=np.float32)
    wide = clip(round_outward(widen(tight, rule.fixed_width, size_wh=size)), size)
    return {**proposal, "xyxy": tuple(wide[0].tolist())}


def is_pixels(view: PageView, proposal: Proposal) -> bool:
    """Tell whether a box that was found in a picture is about pixels, or text that is not trusted."""
    if not view.trusted:
        return True
    x1, y1, x2, y2 = _box_of(proposal)
    shared = sum(
        max(min(x2, patch[2]) - max(x1, patch[0]), 0)
        * max(min(y2, patch[3]) - max(y1, patch[1]), 0)
        for patch in view.patches
    )
    return shared > _PIXELS * (x2 - x1) * (y2 - y1)


def as_text(view: PageView, proposal: Proposal, known: Sequence[Box]) -> Iterator[Proposal]:
    """Turn a box that was found in a picture into regions of the text layer, if it is about text.

    Parameters
    ----------
    view : PageView
        The page.
    proposal : Proposal
        From `from_hits`, of a label of text.
    known : sequence of Box
        Regions of the text layer. What they take out already is not proposed again.

    Yields
    ------
    Proposal
        The box as it is where it lies on pixels or holds no characters.
    """
    if is_pixels(view, proposal):
        yield proposal
        return
    x1, y1, x2, y2 = _box_of(proposal)
    margin = min(_READER_MARGIN * (y2 - y1), (x2 - x1) / 4)
    low_corner, high_corner = (x1 + margin, y1), (x2 - margin, y2)
    held = False
    for layer in view.layers:
        if layer.hidden:
            continue
        middle = (layer.boxes[:, :2] + layer.boxes[:, 2:]) / 2
        inside = ((middle >= low_corner) & (middle <= high_corner)).all(axis=1)
        inside &= np.array([not char.isspace() for char in layer.text], dtype=bool)
        held = held or bool(inside.any())
        inside &= ~hidden_characters(layer, known)
        for line in np.unique(layer.lines[inside]).tolist():
            mine = layer.boxes[inside & (layer.lines == line)]
            low, high = mine[:, :2].min(axis=0).tolist(), mine[:, 2:].max(axis=0).tolist()
            yield {
                **proposal,
                "operator": "label",
                "xyxy": _outward((low[0], low[1], high[0], high[1])),
            }
    if not held:
        yield proposal


def _box_of(proposal: Proposal) -> Box:
    box = proposal["xyxy"]
    if not isinstance(box, tuple):
        msg = "a proposal has a box"
        raise TypeError(msg)
    return box


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
