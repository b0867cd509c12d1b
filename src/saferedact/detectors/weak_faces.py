"""A closer look at what hardly resembles a face, in frames of a video.

Hands, cloth and shapes in a textured ground score like faces in the dark. What is large enough to show
its features and yet scores low is shown to the network once more, by itself, at the size that it knows
best, and in a mirror: a face is one there too.
"""

import numpy as np
import numpy.typing as npt

from saferedact.detectors.centerface import CenterFace
from saferedact.geometry import iou_matrix

__all__ = ["is_doubtful"]

_WEAK = 0.25
_LARGE = 24.0
"""Score below which, and shorter side in pixels of the picture from which a find is looked at again. A find
that scores more, or is smaller, is believed as it is: most of those are faces, or cost little."""

_LEAST = 0.15
"""Mean score of the two closer views below which a find is in doubt. Measured over the looks at a track, best
of them: shapes in a ground of galaxies .05 to .12, hands and cloth .06 to .09 (one hand .26), faces in a dark
audience .20 to .52, in crowds .29 to .80."""

_FACE = 48
_SHOWN = 160
"""Longer side of the find and side of the picture around it, in pixels, in the closer look. With less around
it (128 px) half of the galaxies score .15 and more."""

_SAME = 0.2
"""IoU from which an answer of the closer look is about the find."""

_ASKED = 0.01  # least score of an answer of the closer look; what has none counts as 0


def is_doubtful(
    network: CenterFace, image: npt.NDArray[np.uint8], box: npt.NDArray[np.float32], score: float
) -> bool:
    """Tell whether a find is weak, large, and no face when looked at closer.

    Parameters
    ----------
    network : CenterFace
        What found it.
    image : ndarray, shape (h, w, 3), uint8
        RGB picture. Not modified.
    box : ndarray, shape (4,), float32
        Where it is, in pixels of the picture.
    score : float
        Its score.
    """
    if score >= _WEAK or float((box[2:] - box[:2]).min()) < _LARGE:
        return False
    shown, there = _by_itself(image, box)
    first = _score_at(network, shown, there)
    if first >= 2 * _LEAST:  # whatever the mirror shows
        return False
    there = np.array([_SHOWN - there[2], there[1], _SHOWN - there[0], there[3]], np.float32)
    return first + _score_at(network, shown[:, ::-1], there) < 2 * _LEAST


def _score_at(
    network: CenterFace, shown: npt.NDArray[np.uint8], there: npt.NDArray[np.float32]
) -> float:
    """Best score of an answer about a place; 0 if there is none."""
    ((boxes, score),) = network.detect(shown[None], _ASKED)
    return float(score[iou_matrix(there[None], boxes)[0] > _SAME].max(initial=0.0))


def _by_itself(
    image: npt.NDArray[np.uint8], box: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Cut a square around a box and scale it; beyond the picture, its edge goes on."""
    import cv2

    side = max(1, round(float((box[2:] - box[:2]).max()) * _SHOWN / _FACE))
    low = np.floor((box[:2] + box[2:]) / 2 - side / 2).astype(int)
    size_wh = np.array([image.shape[1], image.shape[0]])
    start = np.clip(low, 0, size_wh - 1)
    stop = np.clip(low + side, start + 1, size_wh)
    # Scaled before the edge goes on: a picture is never larger than it was.
    scale = _SHOWN / side
    first = np.clip(np.rint((start - low) * scale).astype(int), 0, _SHOWN - 1)
    last = np.clip(np.rint((stop - low) * scale).astype(int), first + 1, _SHOWN)
    (x1, y1), (x2, y2) = start.tolist(), stop.tolist()
    (left, above), (right, below) = first.tolist(), (_SHOWN - last).tolist()
    how = cv2.INTER_AREA if side > _SHOWN else cv2.INTER_LINEAR
    inside = cv2.resize(image[y1:y2, x1:x2], (last - first).tolist(), interpolation=how)
    shown = cv2.copyMakeBorder(inside, above, below, left, right, cv2.BORDER_REPLICATE)
    there = (box - np.tile(low, 2)) * scale
    return np.asarray(shown, np.uint8), there.astype(np.float32)
