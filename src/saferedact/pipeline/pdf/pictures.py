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

__all__ = ["LOOK_DPI", "Shown", "is_covered", "needs_look", "show"]

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
                if not is_covered(picture, here, scale, color):
                    continue
                height, width = np.minimum(picture.shape, before.shape)[:2].tolist()
                x1, y1 = (max(int(value * scale) - _RIM, 0) for value in here[:2])
                x2, y2 = (int(value * scale) + 1 + _RIM for value in here[2:])
                inside = (slice(y1, min(y2, height)), slice(x1, min(x2, width)))
                picture[inside] = before[inside]


def needs_look(view: PageView) -> bool:
    """Tell whether a page may show more than its text layer tells."""
    return view.look or bool(view.patches)


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


def is_covered(
    pixels: npt.NDArray[np.uint8], xyxy: Box, scale: float, color: tuple[int, int, int]
) -> bool:
    """Tell whether a solid cover lies in a picture at a place in points; one outside of it does."""
    height, width = pixels.shape[:2]
    low, high = np.array(xyxy[:2]) * scale, np.array(xyxy[2:]) * scale
    x1, y1 = (max(value, 0) for value in (np.ceil(low).astype(int) + 1).tolist())
    x2, y2 = (max(value, 0) for value in (np.floor(high).astype(int) - 1).tolist())
    inside = pixels[y1 : min(y2, height), x1 : min(x2, width)]
    if not inside.size:
        return True
    wrong = np.abs(inside.astype(np.int16) - np.array(color, dtype=np.int16)).max(axis=2) > _LEVELS
    return bool(wrong.mean() < 0.6)  # a word may stand on it; other covers may overlap it
