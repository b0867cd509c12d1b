"""Detectors that need no weights, and the files they look at.

`plant` paints marks of one color into a picture, and `PlantedDetector` answers with the box of
every mark. What it sees depends on the pixels alone, so it can look again at what was written: a
mark that is hidden is not found any more. `FixedDetector` answers the same whatever it is shown.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.geometry import BoxesXYXY
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_write import write_image
from saferedact.testing.images import sample_pixels

__all__ = [
    "MARK_RGB",
    "FixedDetector",
    "PlantedDetector",
    "plant",
    "walking_marks",
    "write_pictures",
]

MARK_RGB = (255, 0, 200)
"""Color of a mark: no operator, no gray and no picture of `saferedact.testing.images` has it."""

_SPOT_RGB = (255, 40, 240)  # as near to `MARK_RGB` as counts for a part of the mark

_TOLERANCE = 60
"""Levels of 255: lossy coding from quality 75 on stays within, other hues do not."""


def plant(
    pixels: npt.NDArray[Any],
    xyxy: Sequence[tuple[int, int, int, int]],
    *,
    color: tuple[int, int, int] = MARK_RGB,
) -> None:
    """Paint marks into a picture, in place.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 3) or (h, w, 4), uint8 or uint16
        RGB or RGBA. Marks are opaque.
    xyxy : sequence of (int, int, int, int)
        Boxes of the marks, in pixels, half-open. Marks that touch are seen as one.
    color : (int, int, int)
        Red, green and blue, 0 to 255.
    """
    scale = int(np.iinfo(pixels.dtype).max) // 255
    sample = np.array([*color, 255][: pixels.shape[2]], dtype=pixels.dtype) * scale
    for x1, y1, x2, y2 in xyxy:
        pixels[y1:y2, x1:x2] = sample


def walking_marks(
    places: Sequence[Sequence[tuple[int, int]]], side: int = 24
) -> Callable[[tuple[int, int], int], npt.NDArray[np.uint8]]:
    """Make what draws the frames of a clip: marks that move over a ground that stands still.

    Parameters
    ----------
    places : sequence of sequence of (int, int)
        For each frame, the corners of the marks in it, in pixels. Frames beyond show none.
    side : int
        Side of a mark, in pixels.

    Returns
    -------
    callable
        ``draw`` of `saferedact.testing.videos.Clip`. A mark has a spot on it, by which it can be
        followed.
    """

    def draw(size_wh: tuple[int, int], index: int) -> npt.NDArray[np.uint8]:
        pixels = sample_pixels(size_wh, seed=1)
        for x, y in places[index] if index < len(places) else ():
            plant(pixels, [(x, y, x + side, y + side)])
            spot = side // 6
            plant(pixels, [(x + spot, y + spot, x + 2 * spot, y + 2 * spot)], color=_SPOT_RGB)
        return pixels

    return draw


def write_pictures(path: Path, *pictures: npt.NDArray[Any], format: str = "PNG") -> None:  # noqa: A002
    """Write pictures as the frames or pages of one file, without loss where the format can.

    Parameters
    ----------
    path : Path
        The file to write.
    *pictures : ndarray, shape (h, w) or (h, w, 3) or (h, w, 4), uint8 or uint16
        All of one kind, and of one size unless `format` is "TIFF".
    format : str
        As of `saferedact.media.image_write.write_image`.
    """
    first = pictures[0]
    info = MediaInfo(
        kind="image",
        format=format,
        size_wh=(first.shape[1], first.shape[0]),
        frames=len(pictures),
        bit_depth=first.dtype.itemsize * 8,
        channels=1 if first.ndim == 2 else first.shape[2],
    )
    write_image(path, [ImageFrame(pixels, i, 40.0) for i, pixels in enumerate(pictures)], info=info)


class FixedDetector:
    """Answers the same for every picture.

    Parameters
    ----------
    xyxy : array_like, shape (n, 4)
        Its answer, in pixels, half-open.
    label : str
        Label of every box.
    score : float
        Score of every box, 0 to 1.
    name : str
        Name of the detector.
    labels : tuple of str
        Labels that the detector says it looks for; `label` alone if empty.
    """

    def __init__(
        self,
        xyxy: npt.ArrayLike = (),
        *,
        label: str = "face",
        score: float = 0.9,
        name: str = "fixed",
        labels: tuple[str, ...] = (),
    ) -> None:
        self._boxes = np.asarray(xyxy, dtype=np.float32).reshape(-1, 4)
        self._label = label
        self._score = score
        self.info = DetectorInfo(name, "1", labels or (label,))

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Answer with the boxes, or with none if their score is below `min_score`.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            Pictures. Not modified.
        min_score : float
            Least score of an answer.
        orientation_known : bool
            Makes no difference.

        Returns
        -------
        list of Detections, length b
            One for each picture.
        """
        return [self._answer(self.boxes_in(image), min_score) for image in images]

    def boxes_in(self, image: npt.NDArray[np.uint8]) -> BoxesXYXY:
        """Choose the boxes for one picture, shape (h, w, 3), uint8."""
        return self._boxes

    def _answer(self, boxes: BoxesXYXY, min_score: float) -> Detections:
        if self._score < min_score:
            boxes = boxes[:0]
        count = len(boxes)
        scores = np.full(count, self._score, dtype=np.float32)
        return Detections(boxes, scores, np.zeros(count, dtype=np.int16), (self._label,))


class PlantedDetector(FixedDetector):
    """Finds the marks that `plant` has painted.

    Parameters
    ----------
    color : (int, int, int)
        Red, green and blue of the marks, 0 to 255.
    label, score, name, labels
        As of `FixedDetector`.
    """

    def __init__(
        self,
        *,
        color: tuple[int, int, int] = MARK_RGB,
        label: str = "face",
        score: float = 0.9,
        name: str = "planted",
        labels: tuple[str, ...] = (),
    ) -> None:
        super().__init__(label=label, score=score, name=name, labels=labels)
        self._color = np.array(color, dtype=np.int16)

    def boxes_in(self, image: npt.NDArray[np.uint8]) -> BoxesXYXY:
        """Find the smallest box around each mark, from left to right."""
        import cv2

        distance = np.abs(image.astype(np.int16) - self._color).max(axis=2)
        marked = (distance <= _TOLERANCE).astype(np.uint8)
        stats = np.asarray(cv2.connectedComponentsWithStats(marked)[2])[1:]  # 0 is the ground
        x, y, width, height = stats[:, : cv2.CC_STAT_AREA].T
        boxes = np.stack([x, y, x + width, y + height], axis=1).astype(np.float32)
        return np.asarray(boxes[np.argsort(x, kind="stable")])
