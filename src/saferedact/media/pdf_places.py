"""Where pages and the appearances of annotations stand, whatever boxes, units and turns a file gives them."""

import math
from typing import Any

from saferedact.media.pdf_model import Box, Matrix, bounds, multiply
from saferedact.media.pdf_objects import is_array, is_dictionary

__all__ = ["annotation_matrix", "appearance_of", "page_geometry"]


def appearance_of(annotation: Any) -> Any:
    """Return the normal appearance stream of an annotation; None if it has none."""
    import pikepdf

    stored = annotation.get("/AP")
    normal = stored.get("/N") if stored is not None and is_dictionary(stored) else None
    if normal is None:
        return None
    if isinstance(normal, pikepdf.Stream):
        return normal
    state = annotation.get("/AS")
    chosen = normal.get(str(state)) if state is not None else None
    return chosen if isinstance(chosen, pikepdf.Stream) else None


def annotation_matrix(annotation: Any, form: Any) -> Matrix | None:
    """Matrix that puts an appearance into its rectangle (ISO 32000-1, algorithm 8.1)."""
    box = [float(value) for value in form.get("/BBox", ())]
    rect = [float(value) for value in annotation.get("/Rect", ())]
    if len(box) != 4 or len(rect) != 4:
        return None
    own = [float(value) for value in form.get("/Matrix", (1, 0, 0, 1, 0, 0))]
    x1, y1, x2, y2 = bounds(
        (own[0], own[1], own[2], own[3], own[4], own[5]), (box[0], box[1], box[2], box[3])
    )
    left, right = sorted((rect[0], rect[2]))
    low, high = sorted((rect[1], rect[3]))
    if x2 - x1 <= 0 or y2 - y1 <= 0:
        return None
    sx, sy = (right - left) / (x2 - x1), (high - low) / (y2 - y1)
    return sx, 0.0, 0.0, sy, left - x1 * sx, low - y1 * sy


def page_geometry(page: Any) -> tuple[tuple[float, float], Matrix]:
    """Size of the visible page and the matrix from its user space, rotation and unit applied.

    Parameters
    ----------
    page : pikepdf.Page
        The page.

    Returns
    -------
    size : (float, float)
        Upright width and height in points.
    matrix : Matrix
        From user space to points of the visible page, y up.
    """
    media = _box(page.obj.get("/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _box(page.obj.get("/CropBox")) or media
    x1, y1 = max(media[0], crop[0]), max(media[1], crop[1])
    x2, y2 = min(media[2], crop[2]), min(media[3], crop[3])
    if x2 - x1 < 1 or y2 - y1 < 1:
        x1, y1, x2, y2 = media
    unit = float(page.obj.get("/UserUnit", 1))
    unit = unit if math.isfinite(unit) and unit > 0 else 1.0
    width, height = (x2 - x1) * unit, (y2 - y1) * unit
    turned: Matrix = multiply((1.0, 0.0, 0.0, 1.0, -x1, -y1), (unit, 0.0, 0.0, unit, 0.0, 0.0))
    rotation = int(page.obj.get("/Rotate", 0)) % 360
    if rotation == 90:
        turned = multiply(turned, (0.0, -1.0, 1.0, 0.0, 0.0, width))
    elif rotation == 180:
        turned = multiply(turned, (-1.0, 0.0, 0.0, -1.0, width, height))
    elif rotation == 270:
        turned = multiply(turned, (0.0, 1.0, -1.0, 0.0, height, 0.0))
    size = (height, width) if rotation in (90, 270) else (width, height)
    return size, turned


def _box(stored: Any) -> Box | None:
    if stored is None or not is_array(stored) or len(stored) != 4:
        return None
    try:
        x1, y1, x2, y2 = (float(value) for value in stored)
    except (TypeError, ValueError):
        return None
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
