"""A detector that needs no weights: it finds what a test has planted.

`plant` paints a mark of one color into a picture, and `PlantedDetector` answers with the box of
every mark. What it sees depends on the pixels alone, so it can be used wherever a detector looks
again at what was written: a mark that is hidden is not found any more. Lossy formats keep marks
that are a few pixels wide.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.geometry import BoxesXYXY

__all__ = ["MARK_RGB", "PlantedDetector", "plant"]

MARK_RGB = (255, 0, 200)
"""Color of a mark: no operator, no gray and no sample picture of `saferedact.testing` has it."""

_TOLERANCE = (
    60  # levels of 255: lossy coding at quality 75 and above stays within, other hues do not
)


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
        RGB or RGBA. Marks become opaque.
    xyxy : sequence of (int, int, int, int)
        Boxes of the marks, in pixels, half-open. Marks that touch are seen as one.
    color : (int, int, int)
        Red, green and blue, 0 to 255.
    """
    scale = int(np.iinfo(pixels.dtype).max) // 255
    sample = np.array([*color, 255][: pixels.shape[2]], dtype=pixels.dtype) * scale
    for x1, y1, x2, y2 in xyxy:
        pixels[y1:y2, x1:x2] = sample


class PlantedDetector:
    """Finds marks of one color.

    Parameters
    ----------
    label : str
        Label of every mark.
    score : float
        Score of every mark, 0 to 1.
    color : (int, int, int)
        Red, green and blue of the marks, 0 to 255.
    name : str
        Name of the detector.
    labels : tuple of str
        Labels that the detector says it looks for; `label` alone if empty.
    """

    def __init__(
        self,
        label: str = "face",
        *,
        score: float = 0.9,
        color: tuple[int, int, int] = MARK_RGB,
        name: str = "planted",
        labels: tuple[str, ...] = (),
    ) -> None:
        self._label = label
        self._score = score
        self._color = np.array(color, dtype=np.int16)
        self.info = DetectorInfo(name, "1", labels or (label,))

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Find the marks in pictures of one size.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            Pictures. Not modified.
        min_score : float
            Marks are left out if their score is below.
        orientation_known : bool
            Makes no difference.

        Returns
        -------
        list of Detections, length b
            The smallest box around each mark.
        """
        found = []
        for image in images:
            boxes = self._boxes(image)
            if self._score < min_score:
                boxes = boxes[:0]
            count = len(boxes)
            scores = np.full(count, self._score, dtype=np.float32)
            found.append(Detections(boxes, scores, np.zeros(count, np.int16), (self._label,)))
        return found

    def _boxes(self, image: npt.NDArray[np.uint8]) -> BoxesXYXY:
        import cv2

        distance = np.abs(image.astype(np.int16) - self._color).max(axis=2)
        marked = (distance <= _TOLERANCE).astype(np.uint8)
        stats = cv2.connectedComponentsWithStats(marked)[2][1:]  # the first is the ground
        boxes = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
        boxes[:, 2:] += stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
        return np.asarray(boxes, dtype=np.float32)
