"""Reading a page's content: what is drawn, sorted into text, straight shapes, and all the rest.

The interpreter follows ISO 32000-1, chapters 8 and 9. It supports little on purpose: whatever it
does not know by heart (patterns, shadings, soft masks, blend modes, curved paths, odd fonts) becomes
a `Patch`, a part of the page that is taken over as pixels. So nothing unknown can pass unseen.
"""

import math
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from saferedact.errors import LimitExceededError
from saferedact.media.pdf_color import Space, default_color, read_space
from saferedact.media.pdf_fonts import SourceFont, read_font
from saferedact.media.pdf_layers import Layers
from saferedact.media.pdf_model import (
    IDENTITY,
    Box,
    Color,
    Glyph,
    Matrix,
    Patch,
    Run,
    Shape,
    bounds,
    intersect,
    multiply,
    transform,
)
from saferedact.media.pdf_objects import is_array
from saferedact.media.pdf_paths import (
    SubPath,
    any_overlap,
    around,
    is_dot,
    is_rule,
    is_upright,
    mostly_inside,
)

__all__ = ["FontTable", "Found", "Interpreter", "ShowKey"]

ShowKey = tuple[Any, int]
"""A text-showing operator: its stream, and its place among the stream's operators."""

_MAX_OPERATORS = 1_000_000
"""Of one page. The busiest maps of a survey office have about 300,000."""

_MAX_DEPTH = 16
"""Forms within forms. Producers nest up to five."""

_PATCH_DPI = 300
_LEAST_DPI = 72


@dataclass(slots=True)
class _State:
    matrix: Matrix
    clip: Box
    clip_exact: bool = True
    fill: Color | None = (0.0,)
    stroke: Color | None = (0.0,)
    fill_space: Space | None = None
    stroke_space: Space | None = None
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    special: bool = False
    width: float = 1.0
    cap: int = 0
    dash: tuple[float, ...] = ()
    font: int = -1
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


class FontTable:
    """Fonts of a document, numbered by first use."""

    def __init__(self) -> None:
        self.fonts: list[SourceFont | None] = []
        self._numbers: dict[Any, int] = {}

    def number(self, stored: Any) -> int:
        """Return the number of a font dictionary."""
        key = stored.objgen if stored.objgen != (0, 0) else stored.unparse()
        if key not in self._numbers:
            self._numbers[key] = len(self.fonts)
            self.fonts.append(read_font(stored))
        return self._numbers[key]


@dataclass(slots=True)
class Found:
    """What an `Interpreter` found on one page.

    Parameters
    ----------
    runs : list of Run
        Text that can be set again.
    shapes : list of Shape
        Straight shapes.
    patches : list of Patch
        The rest, as pixels; overlapping ones are not joined yet.
    shown : dict of ShowKey to int
        Operators that showed `runs`, with their rendering modes.
    refused : set of ShowKey
        Operators whose text becomes pixels.
    """

    runs: list[Run] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    shown: dict[ShowKey, int] = field(default_factory=dict)
    refused: set[ShowKey] = field(default_factory=set)


class Interpreter:
    """Interprets one page.

    Parameters
    ----------
    fonts : FontTable
        Fonts of the document.
    layers : Layers
        What is shown.
    view : Box
        The visible page, in points.
    refused : frozenset of ShowKey
        Operators that must become pixels, as another use of their stream needs it.
    """

    def __init__(
        self,
        fonts: FontTable,
        layers: Layers,
        view: Box,
        refused: frozenset[ShowKey] = frozenset(),
    ) -> None:
        self.found = Found()
        self.fonts = fonts
        self.layers = layers
        self.view = view
        self.refused = refused
        self.operators = 0
        self.forms: list[Any] = []

    def page(self, content: Any, resources: Any, key: Any, matrix: Matrix) -> None:
        """Interpret the content of a page.

        Parameters
        ----------
        content : pikepdf.Page
            The page.
        resources : pikepdf.Dictionary or None
            Its resources.
        key : hashable
            Stands for its content in a `ShowKey`.
        matrix : Matrix
            From its user space to points of the visible page.
        """
        _Stream(self, resources, key, hidden=False).run(content, _State(matrix, self.view))

    def appearance(self, form: Any, matrix: Matrix) -> None:
        """Interpret an annotation's appearance, whose own matrix is not applied yet."""
        stream = _Stream(self, None, None, hidden=False)
        stream.form(form, _State(matrix, self.view))


class _Stream:
    """One content stream and its state."""

    def __init__(self, owner: Interpreter, resources: Any, key: Any, *, hidden: bool) -> None:
        self._owner = owner
        self._found = owner.found
        self._resources = resources
        self._key = key
        self._hidden = hidden
        self._marks: list[bool] = []
        self._state = _State(IDENTITY, owner.view)
        self._stack: list[_State] = []
        self._text = self._line = IDENTITY
        self._paths: list[SubPath] = []
        self._pending_clip = False
        self._index = 0

    def run(self, content: Any, state: _State) -> None:
        import pikepdf

        self._state = state
        for self._index, item in enumerate(pikepdf.parse_content_stream(content)):
            owner = self._owner
            owner.operators += 1
            if owner.operators > _MAX_OPERATORS:
                msg = f"a page has more than {_MAX_OPERATORS} drawing operators"
                raise LimitExceededError(msg)
            name = str(item.operator)
            handler = _HANDLERS.get(name)
            if handler is not None:
                try:
                    handler(self, list(item.operands))
                except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError):
                    # A wrong operator is skipped, as readers do; what it may have drawn is pixels.
                    if name in _PAINTING:
                        self._patch(self._state.clip, 0.0)
                        self._end_path()
                        self._found.refused.add((self._key, self._index))

    # Graphics state

    def save(self, _: list[Any]) -> None:
        if len(self._stack) < 512:
            self._stack.append(copy(self._state))

    def restore(self, _: list[Any]) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def concat(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = map(float, operands)
        self._state.matrix = multiply((a, b, c, d, e, f), self._state.matrix)

    def set_width(self, operands: list[Any]) -> None:
        self._state.width = abs(float(operands[0]))

    def set_cap(self, operands: list[Any]) -> None:
        self._state.cap = int(operands[0]) if int(operands[0]) in (0, 1, 2) else 0

    def set_dash(self, operands: list[Any]) -> None:
        self._state.dash = tuple(abs(float(value)) for value in operands[0])[:8]

    def ext_state(self, operands: list[Any]) -> None:
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
            state.font = self._owner.fonts.number(entry["/Font"][0])
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
        self._state.fill_space = Space(len(operands))
        self._state.fill = self._state.fill_space.color([float(value) for value in operands])

    def stroke_device(self, operands: list[Any]) -> None:
        self._state.stroke_space = Space(len(operands))
        self._state.stroke = self._state.stroke_space.color([float(value) for value in operands])

    def fill_set_space(self, operands: list[Any]) -> None:
        self._state.fill_space = read_space(operands[0], self._resources)
        self._state.fill = default_color(self._state.fill_space)

    def stroke_set_space(self, operands: list[Any]) -> None:
        self._state.stroke_space = read_space(operands[0], self._resources)
        self._state.stroke = default_color(self._state.stroke_space)

    def fill_color(self, operands: list[Any]) -> None:
        self._state.fill = _color(self._state.fill_space, operands)

    def stroke_color(self, operands: list[Any]) -> None:
        self._state.stroke = _color(self._state.stroke_space, operands)

    # Paths

    def move(self, operands: list[Any]) -> None:
        x, y = map(float, operands)
        self._paths.append(SubPath([transform(self._state.matrix, x, y)]))

    def line(self, operands: list[Any]) -> None:
        x, y = map(float, operands)
        if self._paths:
            self._paths[-1].points.append(transform(self._state.matrix, x, y))

    def curve(self, operands: list[Any]) -> None:
        numbers = [float(value) for value in operands]
        if self._paths:
            self._paths[-1].curved = True
            for x, y in zip(numbers[::2], numbers[1::2], strict=True):
                self._paths[-1].points.append(transform(self._state.matrix, x, y))

    def close(self, _: list[Any]) -> None:
        if self._paths:
            self._paths[-1].closed = True

    def rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = map(float, operands)
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        points = [transform(self._state.matrix, *corner) for corner in corners]
        self._paths.append(SubPath(points, closed=True))

    def clip(self, _: list[Any]) -> None:
        self._pending_clip = True

    def paint(self, *, fill: bool, stroke: bool, close: bool = False) -> None:
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

    def _fill(self, state: _State) -> None:
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

    def _stroke(self, state: _State) -> None:
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
        if not self._hidden:
            self._patch(self._state.clip, 0.0)

    def _patch(
        self, box: Box, margin: float, dpi: int = _PATCH_DPI, *, photo: bool = False
    ) -> None:
        grown = (box[0] - margin - 1, box[1] - margin - 1, box[2] + margin + 1, box[3] + margin + 1)
        shown = intersect(grown, self._state.clip)
        if shown and not self._hidden:
            self._found.patches.append(Patch(shown, dpi, photo))

    # Objects

    def inline_image(self, operands: list[Any]) -> None:
        image = operands[0]
        self._image({"/Width": image.width, "/Height": image.height})

    def do(self, operands: list[Any]) -> None:
        entry = self._named("/XObject", operands[0])
        if entry is None:
            return
        hidden = self._hidden or self._owner.layers.hidden(entry.get("/OC"))
        kind = str(entry.get("/Subtype", ""))
        if kind == "/Image":
            if not hidden:
                self._image(entry)
        elif kind == "/Form":
            self.form(entry, copy(self._state), hidden=hidden)

    def _image(self, entry: Any) -> None:
        a, b, c, d, _, _ = self._state.matrix
        across = max(math.hypot(a, b), 0.1) / 72
        down = max(math.hypot(c, d), 0.1) / 72
        width = float(entry.get("/Width", entry.get("/W", 0)) or 0)
        height = float(entry.get("/Height", entry.get("/H", 0)) or 0)
        dpi = max(width / across, height / down)
        dpi = min(max(dpi, _LEAST_DPI), _PATCH_DPI)
        coded = entry.get("/Filter", entry.get("/F", ""))
        names = [str(n) for n in coded] if is_array(coded) else [str(coded)]
        photo = any(name in ("/DCTDecode", "/JPXDecode", "/DCT") for name in names)
        box = bounds(self._state.matrix, (0.0, 0.0, 1.0, 1.0))
        self._patch(box, 0.0, math.ceil(dpi), photo=photo)

    def form(self, entry: Any, state: _State, *, hidden: bool = False) -> None:
        owner = self._owner
        key = entry.objgen
        if key in owner.forms or len(owner.forms) >= _MAX_DEPTH:
            return
        own = [float(value) for value in entry.get("/Matrix", IDENTITY)]
        state.matrix = multiply((own[0], own[1], own[2], own[3], own[4], own[5]), state.matrix)
        box = [float(value) for value in entry.get("/BBox", ())]
        if len(box) == 4:
            state.clip_exact = state.clip_exact and is_upright(state.matrix)
            placed = bounds(state.matrix, (box[0], box[1], box[2], box[3]))
            state.clip = intersect(state.clip, placed) or (0.0, 0.0, 0.0, 0.0)
        group = entry.get("/Group")
        if group is not None and min(state.fill_alpha, state.stroke_alpha) < 1.0:
            state.special = True
        resources = entry.get("/Resources", self._resources)
        owner.forms.append(key)
        try:
            _Stream(owner, resources, key, hidden=hidden or self._hidden).run(entry, state)
        finally:
            owner.forms.pop()

    # Marked content: only layers matter

    def begin_mark(self, operands: list[Any]) -> None:
        hidden = False
        if len(operands) == 2 and str(operands[0]) == "/OC":
            hidden = self._owner.layers.hidden(self._named("/Properties", operands[1]))
        self._marks.append(self._hidden)
        self._hidden = self._hidden or hidden

    def end_mark(self, _: list[Any]) -> None:
        if self._marks:
            self._hidden = self._marks.pop()

    # Text

    def begin_text(self, _: list[Any]) -> None:
        self._text = self._line = IDENTITY

    def set_font(self, operands: list[Any]) -> None:
        stored = self._named("/Font", operands[0])
        self._state.font = self._owner.fonts.number(stored) if stored is not None else -1
        self._state.size = float(operands[1])

    def set_number(self, name: str, operands: list[Any], scale: float = 1.0) -> None:
        setattr(self._state, name, float(operands[0]) * scale)

    def set_mode(self, operands: list[Any]) -> None:
        self._state.mode = int(operands[0])

    def move_text(self, operands: list[Any]) -> None:
        x, y = map(float, operands)
        self._line = self._text = multiply((1, 0, 0, 1, x, y), self._line)

    def move_text_leading(self, operands: list[Any]) -> None:
        self._state.leading = -float(operands[1])
        self.move_text(operands)

    def set_text_matrix(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = map(float, operands)
        self._line = self._text = (a, b, c, d, e, f)

    def next_line(self, _: list[Any]) -> None:
        self.move_text([0, -self._state.leading])

    def show(self, operands: list[Any]) -> None:
        self._show([operands[0]])

    def show_next(self, operands: list[Any]) -> None:
        self.next_line([])
        self._show([operands[-1]])

    def show_spaced(self, operands: list[Any]) -> None:
        self._state.word_space, self._state.char_space = float(operands[0]), float(operands[1])
        self.show_next(operands)

    def show_array(self, operands: list[Any]) -> None:
        self._show(list(operands[0]))

    def _show(self, parts: list[Any]) -> None:
        state = self._state
        font = self._owner.fonts.fonts[state.font] if state.font >= 0 else None
        if font is None:
            # Nobody knows where it goes: it stays with the pixels, as does everything that follows.
            self._refuse(None)
            return
        glyphs: list[Glyph] = []
        size, stretch = state.size, state.stretch
        to_page = multiply((size * stretch, 0, 0, size, 0, state.rise), IDENTITY)
        readable = True
        for part in parts:
            data = _bytes(part)
            if data is None:
                shift = -float(part) / 1000 * size * stretch
                self._text = multiply((1, 0, 0, 1, shift, 0), self._text)
                continue
            for code in font.codes(data):
                place = multiply(multiply(to_page, self._text), state.matrix)
                advance = font.advance(code)
                glyphs.append(Glyph(code, font.text(code), place[4], place[5], advance))
                readable = readable and font.outline(code) is not None
                spaced = state.word_space if code == 32 and not font.composite else 0.0
                shift = (advance * size + state.char_space + spaced) * stretch
                self._text = multiply((1, 0, 0, 1, shift, 0), self._text)
        if not glyphs:
            return
        a, b, c, d, _, _ = multiply(multiply(to_page, self._text), state.matrix)
        run = Run(state.font, (a, b, c, d), state.fill or (0.0,), state.fill_alpha, glyphs)
        key = (self._key, self._index)
        plain = (
            readable
            and state.mode in (0, 3)
            and state.clip_exact
            and not (state.special or state.fill is None)
        )
        flat = abs(a * d - b * c) < 1e-9
        if not plain or key in self._owner.refused:
            if state.mode != 3 and not flat:
                self._refuse(run)
            else:  # it shows nothing; the text engine reads it all the same
                self._keep(run, key, hidden=True)
            return
        self._keep(run, key, hidden=self._hidden or state.mode == 3 or flat)

    def _keep(self, run: Run, key: ShowKey, *, hidden: bool) -> None:
        clip = self._state.clip
        run.glyphs = [
            glyph._replace(hidden=hidden or not mostly_inside(run.box(glyph), clip))
            for glyph in run.glyphs
        ]
        self._found.shown[key] = self._state.mode
        self._found.runs.append(run)

    def _refuse(self, run: Run | None) -> None:
        self._found.refused.add((self._key, self._index))
        if self._hidden:
            return
        if run is None:
            self._patch(self._state.clip, 0.0)
            return
        for glyph in run.glyphs:
            box = run.box(glyph)
            self._patch(box, 0.5 * run.size)


def _color(space: Space | None, operands: list[Any]) -> Color | None:
    if space is None:
        return None
    return space.color([float(value) for value in operands])


def _bytes(part: Any) -> bytes | None:
    """Bytes of a string; None of a number."""
    import pikepdf

    return bytes(part) if isinstance(part, pikepdf.String) else None


_PAINTING = frozenset(
    (
        "S",
        "s",
        "f",
        "F",
        "f*",
        "B",
        "B*",
        "b",
        "b*",
        "sh",
        "INLINE IMAGE",
        "Do",
        "Tj",
        "TJ",
        "'",
        '"',
    )
)

_HANDLERS: dict[str, Any] = {
    "q": _Stream.save,
    "Q": _Stream.restore,
    "cm": _Stream.concat,
    "w": _Stream.set_width,
    "J": _Stream.set_cap,
    "d": _Stream.set_dash,
    "gs": _Stream.ext_state,
    **dict.fromkeys(("g", "rg", "k"), _Stream.fill_device),
    **dict.fromkeys(("G", "RG", "K"), _Stream.stroke_device),
    "cs": _Stream.fill_set_space,
    "CS": _Stream.stroke_set_space,
    **dict.fromkeys(("sc", "scn"), _Stream.fill_color),
    **dict.fromkeys(("SC", "SCN"), _Stream.stroke_color),
    "m": _Stream.move,
    "l": _Stream.line,
    **dict.fromkeys(("c", "v", "y"), _Stream.curve),
    "h": _Stream.close,
    "re": _Stream.rectangle,
    **dict.fromkeys(("W", "W*"), _Stream.clip),
    "n": lambda s, _: s.paint(fill=False, stroke=False),
    "S": lambda s, _: s.paint(fill=False, stroke=True),
    "s": lambda s, _: s.paint(fill=False, stroke=True, close=True),
    **dict.fromkeys(("f", "F", "f*"), lambda s, _: s.paint(fill=True, stroke=False)),
    **dict.fromkeys(("B", "B*"), lambda s, _: s.paint(fill=True, stroke=True)),
    **dict.fromkeys(("b", "b*"), lambda s, _: s.paint(fill=True, stroke=True, close=True)),
    "sh": _Stream.shading,
    "INLINE IMAGE": _Stream.inline_image,
    "Do": _Stream.do,
    **dict.fromkeys(("BDC", "BMC"), _Stream.begin_mark),
    "EMC": _Stream.end_mark,
    "BT": _Stream.begin_text,
    "Tf": _Stream.set_font,
    "Tc": lambda s, o: s.set_number("char_space", o),
    "Tw": lambda s, o: s.set_number("word_space", o),
    "Tz": lambda s, o: s.set_number("stretch", o, 0.01),
    "TL": lambda s, o: s.set_number("leading", o),
    "Ts": lambda s, o: s.set_number("rise", o),
    "Tr": _Stream.set_mode,
    "Td": _Stream.move_text,
    "TD": _Stream.move_text_leading,
    "Tm": _Stream.set_text_matrix,
    "T*": _Stream.next_line,
    "Tj": _Stream.show,
    "'": _Stream.show_next,
    '"': _Stream.show_spaced,
    "TJ": _Stream.show_array,
}
