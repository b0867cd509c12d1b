"""Pictures of a page for the detectors, and their answers in the pixels of one of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saferedact.geometry import covered_fraction
from saferedact.media.pdf_views import PageView
from saferedact.media.pdf_worker import PdfProxy
from saferedact.pipeline.look import Hits
from saferedact.pipeline.pdf.looking import Answer, Question

__all__ = [
    "LOOK_DPI",
    "Box",
    "Shown",
    "has_gap",
    "needs_look",
    "parts_to_look_at",
    "show",
    "wrong_pixels",
]

LOOK_DPI = 150.0
"""Dots per inch at which detectors see a page: letters of 8 points are 12 pixels high, which text
readers need; a face of half an inch has 75 pixels."""

_FINER = 1.25
"""Times as fine as `LOOK_DPI` from which an image is looked at by itself, at the fineness that is kept:
a large photograph that is printed small has small faces."""

_LONGEST_SIDE = 1920
"""Pixels of the long side of a closer look: what a face detector sees at one glance. Tiles of a scanned
page would take 20 s more, for faces lower than 3 mm."""

_LEAST_SIDE = 18.0  # points: a smaller image is an ornament

_SAME = 0.9
"""A box from a closer look is no news if this share of it was found on the whole page."""


_RIM = 4
"""Pixels around a cover that may show its color: a page is painted up to two pixels beyond a region, and
seen here at about the same fineness, blended."""

_LEVELS = 24
"""Levels of 255 by which a cover may differ from its color: JPEG adds up to 10 in flat areas."""

_AROUND = 18.0
_MOST_PARTS = 4
_MOST_AREA = 0.5
"""Points around an image that are looked at with it, for what reaches over its edge and words that are an
image each; and parts, and their share of the page, from which one look at the page as a whole is cheaper."""

_EDGE = 1.0
_LEAST_GAP = 6
"""Points at the edges of a cover that are not looked at, where JPEG and scaling blend; and connected pixels
that differ, from which there is a gap: as many as the stem of a letter of 6 points has at 144 dots per inch."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Pictures of a page.

    Parameters
    ----------
    pictures : sequence of ndarray, shape (h, w, 3), uint8
        The page, and then its finer images.
    scales : sequence of float
        Pixels per point of each.
    origins : sequence of (float, float)
        Where each begins on the page, in points, y down.
    """

    pictures: Sequence[npt.NDArray[np.uint8]]
    scales: Sequence[float]
    origins: Sequence[tuple[float, float]]

    def question(self, view: PageView, texts: Sequence[str], *, share: float = 1.0) -> Question:
        """Ask about the pictures, and about texts of the page."""
        upright = any(not layer.hidden for layer in view.layers)
        return Question(texts, self.pictures, upright, share)

    def hits(self, answer: Answer) -> list[Hits]:
        """Bring what was found together, in pixels of the whole page."""
        if not answer.hits:
            return []
        found = list(answer.hits[0])
        for place, hits in enumerate(answer.hits[1:], start=1):
            ratio = self.scales[0] / self.scales[place]
            x, y = (value * self.scales[0] for value in self.origins[place])
            for hit in hits:
                xyxy = (hit.xyxy * ratio + np.array([x, y, x, y])).astype(np.float32)
                known = [item.xyxy for item in found if item.label == hit.label]
                new = np.ones(len(xyxy), dtype=bool)
                if known:
                    new = covered_fraction(xyxy, np.concatenate(known)) < _SAME
                if new.any():
                    found.append(hit.at(xyxy, new))
        return found

    def put_back(
        self, original: "Shown", covers: Iterable[tuple[Box, tuple[int, int, int]]]
    ) -> None:
        """Show what solid covers hide, in place, for detectors to judge what is beside them.

        Readers join the words on both sides of a cover, and faces are seen in black boxes. A cover
        that is not there in its color stays as it is: what shows through it is then seen.

        Parameters
        ----------
        original : Shown
            The same pictures of the source.
        covers : iterable of (Box, (int, int, int))
            Where covers lie, in points, y down, and their colors.
        """
        for box, color in covers:
            for place, (picture, before) in enumerate(
                zip(self.pictures, original.pictures, strict=True)
            ):
                scale, (x, y) = self.scales[place], self.origins[place]
                here = (box[0] - x, box[1] - y, box[2] - x, box[3] - y)
                if not _is_covered(picture, here, scale, color):
                    continue
                height, width = np.minimum(picture.shape, before.shape)[:2].tolist()
                x1, y1 = (max(int(value * scale) - _RIM, 0) for value in here[:2])
                x2, y2 = (int(value * scale) + 1 + _RIM for value in here[2:])
                inside = (slice(y1, min(y2, height)), slice(x1, min(x2, width)))
                picture[inside] = before[inside]


def needs_look(view: PageView) -> bool:
    """Tell whether a page may show more than its text layer tells."""
    return view.look or bool(view.patches)


def parts_to_look_at(view: PageView) -> list[Box]:
    """Say where a page may show more than its text layer tells, in points, y down.

    It is the whole page where the text layer cannot be believed; else its images and drawings with what
    is around them, those that are near to each other as one.
    """
    if not needs_look(view):
        return []
    whole = (0.0, 0.0, *view.size)
    if view.raster or not view.trusted:
        return [whole]
    parts: list[Box] = []
    for x1, y1, x2, y2 in view.patches:
        part = (x1 - _AROUND, y1 - _AROUND, x2 + _AROUND, y2 + _AROUND)
        while near := [one for one in parts if _overlap(one, part)]:
            parts = [one for one in parts if one not in near]
            part = _hull([part, *near])
        parts.append(part)
    parts = [
        (max(x1, 0.0), max(y1, 0.0), min(x2, whole[2]), min(y2, whole[3]))
        for x1, y1, x2, y2 in parts
    ]
    area = sum((x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in parts)
    small = len(parts) <= _MOST_PARTS and area <= _MOST_AREA * whole[2] * whole[3]
    return parts if small else [whole]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _hull(boxes: Sequence[Box]) -> Box:
    x1, y1, x2, y2 = zip(*boxes, strict=True)
    return min(x1), min(y1), max(x2), max(y2)


def show(document: PdfProxy, view: PageView) -> Shown:
    """Show a page as detectors see it.

    Parameters
    ----------
    document : PdfProxy
        The source, or what was made of it.
    view : PageView
        The source's page; says where its images are.
    """
    pictures = [document.picture(view.index, LOOK_DPI)]
    scales = [pictures[0].shape[1] / view.size[0]]
    origins = [(0.0, 0.0)]
    for box, dpi in _finer(view):
        part = document.picture(view.index, dpi, box)
        pictures.append(part)
        scales.append(part.shape[1] / (box[2] - box[0]))
        origins.append((box[0], box[1]))
    return Shown(pictures, scales, origins)


def _finer(view: PageView) -> Iterator[tuple[Box, float]]:
    for box, kept in view.images:
        width, height = box[2] - box[0], box[3] - box[1]
        dpi = min(float(kept), _LONGEST_SIDE / max(width, height, 1.0) * 72)
        if dpi >= _FINER * LOOK_DPI and min(width, height) >= _LEAST_SIDE:
            yield box, dpi


def wrong_pixels(
    pixels: npt.NDArray[np.uint8],
    planned: npt.NDArray[np.uint8],
    others: Iterable[Box],
    scale: float,
) -> npt.NDArray[np.bool_]:
    """Mark the pixels of a page that are not as the covers alone look.

    Parameters
    ----------
    pixels, planned : ndarray, shape (h, w, 3), uint8
        The page, and its covers with their words on white.
    others : iterable of Box
        What may lie over the covers, in points, y down.
    scale : float
        Pixels per point.

    Returns
    -------
    ndarray, shape (h, w), bool
        New array; False where others lie.
    """
    import cv2

    height, width = np.minimum(pixels.shape, planned.shape)[:2].tolist()
    shown, wanted = pixels[:height, :width], np.ascontiguousarray(planned[:height, :width])
    # An edge may be a pixel off: what lies between the levels around it is right.
    near = np.ones((3, 3), np.uint8)
    low = np.asarray(cv2.erode(wanted, near)).astype(np.int16) - _LEVELS
    high = np.asarray(cv2.dilate(wanted, near)).astype(np.int16) + _LEVELS
    wrong = np.asarray(((shown < low) | (shown > high)).any(axis=2), dtype=np.bool_)
    for x1, y1, x2, y2 in others:
        left, top = (max(int(value * scale) - _RIM, 0) for value in (x1, y1))
        right, bottom = (max(int(value * scale) + 1 + _RIM, 0) for value in (x2, y2))
        wrong[top:bottom, left:right] = False
    return wrong


def has_gap(wrong: npt.NDArray[np.bool_], xyxy: Box, scale: float) -> bool:
    """Tell whether something can be read through a cover.

    Parameters
    ----------
    wrong : ndarray, shape (h, w), bool
        From `wrong_pixels`.
    xyxy : Box
        The cover, in points, y down.
    scale : float
        Pixels per point.
    """
    import cv2

    low, high = np.array(xyxy[:2]) + _EDGE, np.array(xyxy[2:]) - _EDGE
    x1, y1 = (max(value, 0) for value in np.ceil(low * scale).astype(int).tolist())
    x2, y2 = (max(value, 0) for value in np.floor(high * scale).astype(int).tolist())
    inside = wrong[y1:y2, x1:x2]
    if not inside.any():
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    return bool((stats[1:, cv2.CC_STAT_AREA] >= _LEAST_GAP).any())


def _is_covered(
    pixels: npt.NDArray[np.uint8], xyxy: Box, scale: float, color: tuple[int, int, int]
) -> bool:
    """Tell whether most of a solid cover lies in a picture at a place in points; one outside of it does."""
    height, width = pixels.shape[:2]
    low, high = np.array(xyxy[:2]) * scale, np.array(xyxy[2:]) * scale
    x1, y1 = (max(value, 0) for value in (np.ceil(low).astype(int) + 1).tolist())
    x2, y2 = (max(value, 0) for value in (np.floor(high).astype(int) - 1).tolist())
    inside = pixels[y1 : min(y2, height), x1 : min(x2, width)]
    if not inside.size:
        return True
    wrong = np.abs(inside.astype(np.int16) - np.array(color, dtype=np.int16)).max(axis=2) > _LEVELS
    return bool(wrong.mean() < 0.6)  # a word may stand on it; other covers may overlap it
