"""Paths, colors and graphics state of a content stream: straight shapes are kept, the rest is pixels."""

import math
from copy import copy
from typing import Any

from saferedact.media.pdf_color import Space, default_color, read_space
from saferedact.media.pdf_model import (
    IDENTITY,
    Box,
    Color,
    Patch,
    Shape,
    intersect,
    multiply,
    transform,
)
from saferedact.media.pdf_paths import SubPath, any_overlap, around, is_dot, is_rule
from saferedact.media.pdf_state import Context, GraphicsState

__all__ = ["PATCH_DPI", "Drawing"]

PATCH_DPI = 300
"""Dots per inch of what becomes pixels: of print; letters of 6 points stay clear."""


class Drawing:
    """Operators of one stream that draw paths, and their state.

    Parameters
    ----------
    context : Context
        What all streams of the page share.
    resources : pikepdf.Dictionary or None
        Resources of the stream.
    hidden : bool
        Whether the stream is on a layer that is not shown.
    """

    def __init__(self, context: Context, resources: Any, *, hidden: bool) -> None:
        self._context = context
        self._found = context.found
        self._resources = resources
        self._hidden = hidden
        self._state = GraphicsState(IDENTITY, context.view)
        self._stack: list[GraphicsState] = []
        self._paths: list[SubPath] = []
        self._pending_clip = False

    # Graphics state

    def save(self, _: list[Any]) -> None:
        """Operator ``q``."""
        if len(self._stack) < 512:
            self._stack.append(copy(self._state))

    def restore(self, _: list[Any]) -> None:
        """Operator ``Q``."""
        if self._stack:
            self._state = self._stack.pop()

    def concat(self, operands: list[Any]) -> None:
        """Operator ``cm``."""
        a, b, c, d, e, f = map(float, operands)
        self._state.matrix = multiply((a, b, c, d, e, f), self._state.matrix)

    def set_width(self, operands: list[Any]) -> None:
        """Operator ``w``."""
        self._state.width = abs(float(operands[0]))

    def set_cap(self, operands: list[Any]) -> None:
        """Operator ``J``."""
        self._state.cap = int(operands[0]) if int(operands[0]) in (0, 1, 2) else 0

    def set_dash(self, operands: list[Any]) -> None:
        """Operator ``d``."""
        self._state.dash = tuple(abs(float(value)) for value in operands[0])[:8]

    def ext_state(self, operands: list[Any]) -> None:
        """Operator ``gs``: what cannot be written anew makes the state special."""
        state = self._state
        entry = self._named("/ExtGState", operands[0])
        if entry is None:
            return
        if "/ca" in entry:
            state.fill_alpha = float(entry["/ca"])
        if "/CA" in entry:
            state.stroke_alpha = float(entry["/CA"])
        if "/LW" in entry:
            state.width = abs(float(entry["/LW"]))
        if "/LC" in entry:
            state.cap = int(entry["/LC"])
        if "/D" in entry:
            state.dash = tuple(abs(float(value)) for value in entry["/D"][0])[:8]
        if "/Font" in entry:
            state.font = self._context.fonts.number(entry["/Font"][0])
            state.size = float(entry["/Font"][1])
        blend = entry.get("/BM", "/Normal") if "/BM" in entry else None
        mask = entry.get("/SMask") if "/SMask" in entry else None
        if (blend is not None and str(blend) not in ("/Normal", "/Compatible")) or (
            mask is not None and str(mask) != "/None"
        ):
            state.special = True
        elif blend is not None and mask is not None:
            state.special = False

    def _named(self, kind: str, name: Any) -> Any:
        holder = self._resources.get(kind) if self._resources is not None else None
        return holder.get(str(name)) if holder is not None else None

    # Color

    def fill_device(self, operands: list[Any]) -> None:
        """Operators ``g``, ``rg``, ``k``."""
        self._state.fill_space = Space(len(operands))
        self._state.fill = self._state.fill_space.color([float(value) for value in operands])

    def stroke_device(self, operands: list[Any]) -> None:
        """Operators ``G``, ``RG``, ``K``."""
        self._state.stroke_space = Space(len(operands))
        self._state.stroke = self._state.stroke_space.color([float(value) for value in operands])

    def fill_set_space(self, operands: list[Any]) -> None:
        """Operator ``cs``."""
        self._state.fill_space = read_space(operands[0], self._resources)
        self._state.fill = default_color(self._state.fill_space)

    def stroke_set_space(self, operands: list[Any]) -> None:
        """Operator ``CS``."""
        self._state.stroke_space = read_space(operands[0], self._resources)
        self._state.stroke = default_color(self._state.stroke_space)

    def fill_color(self, operands: list[Any]) -> None:
        """Operators ``sc``, ``scn``."""
        self._state.fill = _color(self._state.fill_space, operands)

    def stroke_color(self, operands: list[Any]) -> None:
        """Operators ``SC``, ``SCN``."""
        self._state.stroke = _color(self._state.stroke_space, operands)

    # Paths

    def move(self, operands: list[Any]) -> None:
        """Operator ``m``."""
        x, y = map(float, operands)
        self._paths.append(SubPath([transform(self._state.matrix, x, y)]))

    def line(self, operands: list[Any]) -> None:
        """Operator ``l``."""
        x, y = map(float, operands)
        if self._paths:
            self._paths[-1].points.append(transform(self._state.matrix, x, y))

    def curve(self, operands: list[Any]) -> None:
        """Operators ``c``, ``v``, ``y``."""
        numbers = [float(value) for value in operands]
        if self._paths:
            self._paths[-1].curved = True
            for x, y in zip(numbers[::2], numbers[1::2], strict=True):
                self._paths[-1].points.append(transform(self._state.matrix, x, y))

    def close(self, _: list[Any]) -> None:
        """Operator ``h``."""
        if self._paths:
            self._paths[-1].closed = True

    def rectangle(self, operands: list[Any]) -> None:
        """Operator ``re``."""
        x, y, width, height = map(float, operands)
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        points = [transform(self._state.matrix, *corner) for corner in corners]
        self._paths.append(SubPath(points, closed=True))

    def clip(self, _: list[Any]) -> None:
        """Operators ``W``, ``W*``: the clip follows the path that is painted next."""
        self._pending_clip = True

    def paint(self, *, fill: bool, stroke: bool, close: bool = False) -> None:
        """End a path, and keep what it draws."""
        if close:
            self.close([])
        state = self._state
        if self._paths and not self._hidden:
            if fill:
                self._fill(state)
            if stroke:
                self._stroke(state)
        self._end_path()

    def _end_path(self) -> None:
        state = self._state
        if self._pending_clip:
            if not self._paths:
                state.clip = (0.0, 0.0, 0.0, 0.0)
            else:
                box = around([point for path in self._paths for point in path.points])
                exact = len(self._paths) == 1 and self._paths[0].box() is not None
                state.clip_exact = state.clip_exact and exact
                state.clip = intersect(state.clip, box) or (0.0, 0.0, 0.0, 0.0)
        self._pending_clip = False
        self._paths = []

    def _fill(self, state: GraphicsState) -> None:
        boxes = [path.box() for path in self._paths]
        plain = (
            state.fill is not None
            and state.fill_alpha == 1.0
            and not state.special
            and state.clip_exact
            and not any(box is None or is_dot(box) for box in boxes)
            and not any_overlap([box for box in boxes if box is not None])
        )
        if not plain or state.fill is None:
            self._patch(around([point for path in self._paths for point in path.points]), 0.0)
            return
        for box in boxes:
            shown = box and intersect(box, state.clip)
            if shown:
                self._found.shapes.append(Shape("fill", shown, state.fill))

    def _stroke(self, state: GraphicsState) -> None:
        scale = math.sqrt(
            abs(state.matrix[0] * state.matrix[3] - state.matrix[1] * state.matrix[2])
        )
        width = state.width * scale
        lines = [line for path in self._paths for line in path.lines()]
        plain = (
            state.stroke is not None
            and state.stroke_alpha == 1.0
            and not state.special
            and state.clip_exact
            and not any(path.curved for path in self._paths)
            and all(is_rule(line) for line in lines)
        )
        if not plain or state.stroke is None:
            points = [point for path in self._paths for point in path.points]
            self._patch(around(points), width * 2)
            return
        for x1, y1, x2, y2 in lines:
            half = width / 2
            if (x1, y1) == (x2, y2):
                continue
            clip = state.clip
            across = abs(y1 - y2) < abs(x1 - x2)
            outside = (
                not clip[1] - half <= y1 <= clip[3] + half
                if across
                else not clip[0] - half <= x1 <= clip[2] + half
            )
            if outside:
                continue
            low, high = (clip[0], clip[2]) if across else (clip[1], clip[3])
            start, end = sorted((x1, x2) if across else (y1, y2))
            start, end = max(start, low), min(end, high)
            if start >= end:
                continue
            ends = (start, y1, end, y1) if across else (x1, start, x1, end)
            dash = tuple(value * scale for value in state.dash)
            joined = 2 if any(path.closed for path in self._paths) else state.cap
            self._found.shapes.append(Shape("line", ends, state.stroke, width, joined, dash))

    def shading(self, _: list[Any]) -> None:
        """Operator ``sh``."""
        if not self._hidden:
            self._patch(self._state.clip, 0.0)

    def _patch(
        self,
        box: Box,
        margin: float,
        dpi: int = PATCH_DPI,
        *,
        photo: bool = False,
        image: bool = False,
    ) -> None:
        grown = (box[0] - margin - 1, box[1] - margin - 1, box[2] + margin + 1, box[3] + margin + 1)
        shown = intersect(grown, self._state.clip)
        if shown and not self._hidden:
            self._found.patches.append(Patch(shown, dpi, photo, image))


def _color(space: Space | None, operands: list[Any]) -> Color | None:
    if space is None:
        return None
    return space.color([float(value) for value in operands])
