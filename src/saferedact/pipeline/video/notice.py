"""What shows between looks, noticed without a look: on the small planes that every frame has.

Both functions only say where another look is worth its time. What they do not notice is looked at
as often as before.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY

__all__ = ["flash_in", "has_new_lines"]

_FLASH = 24.0
_FLASH_CELLS = 2
"""By how many levels of 255 the mean of a cell leaves what both ends of a stretch show there and in the
cells around, and in how many cells. Measured on four clips, a portrait shown for two frames: of 60 px in
1,280 it is noticed in 108 of 143 stretches, of 100 px in 134, of 160 px in 142. Without one, none of 41
stretches is noticed with a hand held camera, 12 of 133 in a corridor, 6 of 29 with moving children, and 25
of 34 on a stage with moving lights."""

_SAME_LINE = 0.6
"""Least correlation at which a line of text is one that stood in the picture before, as `tracking.CARRIED`."""

_LINE_REACH = (48, 24)
"""How far a line may have moved since, in pixels of the plane on each axis; 48 of 480 are a tenth of the
width. What moved farther is taken for new, and read again."""

_LEAST_LINE = 3  # pixels of the plane on each axis: less resembles everything


def flash_in(cells: Sequence[npt.NDArray[np.float32]]) -> int | None:
    """Find a frame within a stretch that shows what neither end of it does.

    Parameters
    ----------
    cells : sequence of ndarray, shape (h, w), float32
        Means of the cells of consecutive frames, from one look to the next.

    Returns
    -------
    int or None
        Position of the frame that shows most of it; None if there is none.
    """
    import cv2

    if len(cells) < 3:
        return None
    # What moves by a cell is no news.
    around = np.ones((3, 3), np.uint8)
    low = cv2.erode(np.minimum(cells[0], cells[-1]), around)
    high = cv2.dilate(np.maximum(cells[0], cells[-1]), around)
    counts = [
        int(np.count_nonzero(np.maximum(middle - high, low - middle) > _FLASH))
        for middle in cells[1:-1]
    ]
    most = int(np.argmax(counts))
    return 1 + most if counts[most] >= _FLASH_CELLS else None


def has_new_lines(
    xyxy: BoxesXYXY, plane: npt.NDArray[np.uint8], before: npt.NDArray[np.uint8]
) -> bool:
    """Tell whether a line of text is one that an earlier picture does not show near its place.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes around lines, in pixels of the planes. Not modified.
    plane, before : ndarray, shape (h, w), uint8
        Luma of the picture that shows them, and of the earlier one. Not modified.
    """
    return any(_is_new(box, plane, before) for box in xyxy)


def _is_new(
    box: npt.NDArray[np.float32], plane: npt.NDArray[np.uint8], before: npt.NDArray[np.uint8]
) -> bool:
    import cv2

    height, width = plane.shape
    x1, y1 = np.floor(box[:2]).astype(int).clip(0).tolist()
    x2, y2 = np.ceil(box[2:]).astype(int).clip(0, (width, height)).tolist()
    if x2 - x1 < _LEAST_LINE or y2 - y1 < _LEAST_LINE:
        return False
    across, down = _LINE_REACH
    place = before[
        max(0, y1 - down) : min(height, y2 + down), max(0, x1 - across) : min(width, x2 + across)
    ]
    line = np.ascontiguousarray(plane[y1:y2, x1:x2])
    place = np.ascontiguousarray(place)
    answer = cv2.matchTemplate(place, line, cv2.TM_CCOEFF_NORMED)
    return not float(np.nan_to_num(answer, posinf=0.0).max()) >= _SAME_LINE
