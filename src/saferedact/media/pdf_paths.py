"""Paths of a page: which of them are upright boxes and rules, and which have to become pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.media.pdf_model import Box, Matrix, intersect

__all__ = [
    "SubPath",
    "any_overlap",
    "around",
    "is_dot",
    "is_rule",
    "is_upright",
    "mostly_inside",
]

_TINY = 5.0
"""Rectangles below this on both sides, and lines shorter than it, in points, may be the dots of a
picture of text; rules, cells and underlines are longer."""


@dataclass(slots=True)
class SubPath:
    """One part of a path, in points of the page.

    Parameters
    ----------
    points : list of (float, float)
        Its corners, or the control points of its curves.
    closed : bool
        Whether its end is joined to its beginning.
    curved : bool
        Whether any of it is a curve.
    """

    points: list[tuple[float, float]]
    closed: bool = False
    curved: bool = False

    def box(self) -> Box | None:
        """Return the upright rectangle that this is; None if it is something else."""
        points = self.points
        if len(points) == 5 and points[4] == points[0]:
            points = points[:4]
        if self.curved or len(points) != 4:
            return None
        box = around(points)
        corners = {(box[i], box[j]) for i in (0, 2) for j in (1, 3)}
        near = all(min(abs(x - u) + abs(y - v) for u, v in corners) < 1e-3 for x, y in points)
        steps = zip(points, [*points[1:], points[0]], strict=True)
        straight = all(abs(x - u) < 1e-3 or abs(y - v) < 1e-3 for (x, y), (u, v) in steps)
        return box if near and straight else None

    def lines(self) -> Iterator[Box]:
        """Yield the sides."""
        ends = [*self.points[1:], self.points[0]] if self.closed else self.points[1:]
        for (x, y), (u, v) in zip(self.points, ends, strict=False):
            yield x, y, u, v


def around(points: list[tuple[float, float]]) -> Box:
    """Box around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def is_dot(box: Box) -> bool:
    """Tell whether a box is so small that it may be a dot of a picture of text."""
    width, height = box[2] - box[0], box[3] - box[1]
    return max(width, height) < _TINY


def is_rule(line: Box) -> bool:
    """Tell whether a line is upright and long enough for a rule, or no line at all."""
    x1, y1, x2, y2 = line
    upright = abs(x1 - x2) < 1e-2 or abs(y1 - y2) < 1e-2
    return (upright and max(abs(x1 - x2), abs(y1 - y2)) >= _TINY) or (x1, y1) == (x2, y2)


def any_overlap(boxes: list[Box]) -> bool:
    """Tell whether boxes overlap, or are too many to tell."""
    if len(boxes) > 64:
        return True
    return any(intersect(one, other) for i, one in enumerate(boxes) for other in boxes[i + 1 :])


def is_upright(matrix: Matrix) -> bool:
    """Tell whether a matrix keeps upright boxes upright."""
    return max(abs(matrix[1]), abs(matrix[2])) < 1e-6 or max(abs(matrix[0]), abs(matrix[3])) < 1e-6


def mostly_inside(box: Box, clip: Box) -> bool:
    """Tell whether at least half of a box is inside another one."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    shown = intersect(box, clip)
    return shown is not None and (shown[2] - shown[0]) * (shown[3] - shown[1]) >= area / 2
