"""Parts of pictures that a page holds and does not show: under covers, beyond its edge, cut away."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_traces.page_text import PageText, in_points
from saferedact.media.pdf_traces.page_view import Box, PageView, Picture, Render
from saferedact.traces import Trace

__all__ = ["hidden_pictures"]

_MOST_PICTURES = 40
"""Pictures of one page that are rendered alone, largest first: two renders of 10 ms each. Smaller ones
are icons; a page with more is told as looked at in part."""

_LEAST_SIDE = 5
_LEAST_AREA = 120
"""Pixels at 100 dpi of the smallest cover: 3 mm of one line of small print. Strokes are thinner."""

_CHANGED = 24
"""Difference, of 255, from which something lies over a picture."""

_FLAT = 6.0
"""Standard deviation below which a cover is flat, of what is not among its outliers. Photographs over
pictures have more."""

_OUTLIERS = 2.5
"""Percent of a cover's samples, at each end, that say nothing: hairlines of paper between two strokes of
a pen, and where their ends overlap."""

_MOST_LET_THROUGH = 0.3
"""Share of a picture's contrast that a cover lets through at most. Panels that designers lay on
photographs let through .4 and more; markers of viewers are at 80 % or more."""

_LEAST_LET_THROUGH = 0.02
"""Share from which a cover lets something through: rounding to 8 bits makes less."""

_CONTENT = 9.0
"""Standard deviation from which a covered part holds something: more than the noise of a blank scan."""

_MOST_LETTERS = 24
"""Letters on a box up to which they are a label or a caption; panels hold text."""

_OUTSIDE_SHARE = 0.1
_CUT_SHARE = 0.15
"""Shares of a picture beyond the page's edge, and cut away within it. Bleed takes 3 mm of a side:
less than a tenth of any picture that shows a person."""

_LABEL = re.compile(r"redact|remov|withheld|exempt|s\.? ?\d{2}|\(b\)|private|\[.+\]", re.IGNORECASE)
"""What redactors write on their boxes."""


def hidden_pictures(
    page: PageView,
    ground: Render,
    text: PageText,
    number: int,
    *,
    layers_off: bool,
) -> tuple[list[Trace], bool]:
    """Find parts of pictures that are in the page and not shown.

    Parameters
    ----------
    page : PageView
        The page.
    ground : ndarray, shape (h, w, 3), uint8
        The page without its text.
    text : PageText
        Text of the page.
    number : int
        The page, from 0.
    layers_off : bool
        Whether the document has layers that are switched off.

    Returns
    -------
    list of Trace
        What was found; boxes in points.
    bool
        Whether every picture was looked at.
    """
    pictures = sorted(page.pictures(), key=lambda picture: -_area(picture.xyxy))
    letters = np.array(
        [((x1 + x2) / 2, (y1 + y2) / 2) for x1, y1, x2, y2 in text.seen_boxes], np.float64
    ).reshape(-1, 2)
    place = f"page {number + 1}"
    traces: list[Trace] = []
    for picture in pictures[:_MOST_PICTURES]:
        beyond = _beyond(picture, ground.shape)
        white = page.render(only=picture)
        black = page.render(only=picture, black=True)
        opaque = np.abs(white.astype(np.int16) - black).max(-1) < 16
        if beyond > _OUTSIDE_SHARE:
            box = in_points(picture.xyxy, page.scale)
            traces.append(Trace("off-page", f"{place}, a picture", "", number, box))
        elif layers_off and not opaque[black.max(-1) > 4].any() and (white == 255).all():
            box = in_points(picture.xyxy, page.scale)
            traces.append(Trace("hidden-layer", f"{place}, a picture", "", number, box))
        elif picture.upright and _cut_share(picture, opaque, white, black) > _CUT_SHARE:
            box = in_points(picture.xyxy, page.scale)
            traces.append(Trace("clipped-picture", place, "", number, box))
        for box, seen_through in _covers(white, opaque, ground):
            on_it = _letters_in(letters, box)
            if on_it > _MOST_LETTERS:
                continue
            labelled = on_it > 0 and not _LABEL.search(text.seen)
            whole = "see-through-cover" if seen_through else "covered-picture"
            channel = "labelled-cover" if labelled else whole
            traces.append(Trace(channel, place, "", number, in_points(box, page.scale)))
    return _without_twins(traces), len(pictures) <= _MOST_PICTURES


def _covers(
    alone: Render, opaque: npt.NDArray[np.bool_], ground: Render
) -> Iterator[tuple[Box, bool]]:
    """Yield flat things that lie over a part of a picture that holds something.

    Each with its box, and whether it lets the picture through.
    """
    import cv2

    changed = np.abs(alone.astype(np.int16) - ground).max(-1) >= _CHANGED
    over = (changed & opaque).astype(np.uint8)
    if over.sum() < _LEAST_AREA // 2:
        return
    # Where the picture has the cover's color nothing changes: close such holes.
    over = cv2.morphologyEx(over, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    over = cv2.morphologyEx(over, cv2.MORPH_OPEN, np.ones((_LEAST_SIDE, _LEAST_SIDE), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(over, connectivity=4)
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area < _LEAST_AREA:
            continue
        window = (slice(y, y + h), slice(x, x + w))
        whole = np.pad((labels[window] == label).astype(np.uint8), 1)  # its edge is half paper
        part = cv2.erode(whole, np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
        if not part.any():
            continue
        cover = ground[window][part].astype(np.float32)
        below = alone[window][part].astype(np.float32)
        if below.std(0).max() < _CONTENT:
            continue
        through = _let_through(cover, below)
        rest: npt.NDArray[np.float32] = (cover - through * below).astype(np.float32)
        flat = through <= _MOST_LET_THROUGH and _is_flat(rest)
        if flat or _is_flat(cover):
            box = (float(x), float(y), float(x + w), float(y + h))
            yield box, flat and through >= _LEAST_LET_THROUGH


def _let_through(cover: npt.NDArray[np.float32], below: npt.NDArray[np.float32]) -> float:
    """Return the share of a picture's contrast that is seen on a cover over it: least squares."""
    away = below - below.mean(0)
    return max(0.0, float((away * (cover - cover.mean(0))).sum() / (away**2).sum()))


def _is_flat(cover: npt.NDArray[np.float32]) -> bool:
    low, high = np.percentile(cover, (_OUTLIERS, 100 - _OUTLIERS), axis=0)
    return bool(cover.clip(low, high).std(0).max() < _FLAT)


def _cut_share(
    picture: Picture, opaque: npt.NDArray[np.bool_], white: Render, black: Render
) -> float:
    """Return the share of a picture's place on the page where nothing of it is painted."""
    height, width = opaque.shape
    x1, y1 = max(0, int(picture.xyxy[0])), max(0, int(picture.xyxy[1]))
    x2, y2 = min(width, int(np.ceil(picture.xyxy[2]))), min(height, int(np.ceil(picture.xyxy[3])))
    if x2 - x1 < 2 * _LEAST_SIDE or y2 - y1 < 2 * _LEAST_SIDE:
        return 0.0
    window = (slice(y1, y2), slice(x1, x2))
    bare = (white[window].min(-1) > 250) & (black[window].max(-1) < 5)
    # Masks leave gaps as well: only a cut along a straight edge takes whole rows or columns.
    rows, columns = bare.all(1).mean(), bare.all(0).mean()
    return float(1 - (1 - rows) * (1 - columns))


def _beyond(picture: Picture, shape: tuple[int, ...]) -> float:
    """Return the share of a picture's box that lies beyond the edges of the page."""
    x1, y1, x2, y2 = picture.xyxy
    inside = max(0.0, min(x2, shape[1]) - max(x1, 0.0)) * max(0.0, min(y2, shape[0]) - max(y1, 0.0))
    area = _area(picture.xyxy)
    return 1 - inside / area if area > 1 else 0.0


def _area(xyxy: Box) -> float:
    area = max(0.0, xyxy[2] - xyxy[0]) * max(0.0, xyxy[3] - xyxy[1])
    return area if np.isfinite(area) else 0.0


def _letters_in(letters: npt.NDArray[np.float64], box: Box) -> int:
    x, y = letters[:, 0], letters[:, 1]
    return int(((x >= box[0]) & (x < box[2]) & (y >= box[1]) & (y < box[3])).sum())


def _without_twins(traces: list[Trace]) -> list[Trace]:
    """Leave out what was found a second time, through a picture below the first."""
    return list({(trace.channel, trace.xyxy): trace for trace in traces}.values())
