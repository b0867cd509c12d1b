"""Reading a page's content: what is drawn, sorted into text, straight shapes, and all the rest.

The interpreter follows ISO 32000-1, chapters 8 and 9. It supports little on purpose: whatever it
does not know by heart (patterns, shadings, soft masks, blend modes, curved paths, odd fonts) becomes
a `Patch`, a part of the page that is taken over as pixels. So nothing unknown can pass unseen.
"""

import math
from copy import copy
from typing import Any

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.media.pdf_drawing import PATCH_DPI
from saferedact.media.pdf_model import IDENTITY, Matrix, bounds, intersect, multiply
from saferedact.media.pdf_objects import is_array
from saferedact.media.pdf_paths import is_upright
from saferedact.media.pdf_state import Context, GraphicsState
from saferedact.media.pdf_writing import Writing

__all__ = ["Interpreter"]

_MAX_OPERATORS = 1_000_000
"""Of one page. The busiest maps of a survey office have about 300,000."""

_MAX_DEPTH = 16
"""Forms within forms. Producers nest up to five."""

_LEAST_DPI = 72


class Interpreter:
    """Interprets one page.

    Parameters
    ----------
    context : Context
        What is known of the document and the page; what is found goes there.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

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
        stream = _Stream(self._context, resources, key, hidden=False)
        stream.run(content, GraphicsState(matrix, self._context.view))

    def appearance(self, form: Any, matrix: Matrix) -> None:
        """Interpret an annotation's appearance, whose own matrix is not applied yet."""
        stream = _Stream(self._context, None, None, hidden=False)
        stream.form(form, GraphicsState(matrix, self._context.view))


def _instructions(content: Any) -> Any:
    import pikepdf

    try:
        return pikepdf.parse_content_stream(content)
    except pikepdf.PdfError:
        msg = "the document is damaged: what draws a page cannot be read"
        raise DamagedInputError(msg) from None


def _name_of(operator: Any) -> str:
    try:
        return str(operator)
    except UnicodeDecodeError:  # bytes that name no operator: readers skip them, and so do we
        return ""


class _Stream(Writing):
    """One content stream and its state."""

    def __init__(self, context: Context, resources: Any, key: Any, *, hidden: bool) -> None:
        super().__init__(context, resources, key, hidden=hidden)
        self._marks: list[bool] = []

    def run(self, content: Any, state: GraphicsState) -> None:
        self._state = state
        for self._index, item in enumerate(_instructions(content)):
            context = self._context
            context.operators += 1
            if context.operators > _MAX_OPERATORS:
                msg = f"a page has more than {_MAX_OPERATORS} drawing operators"
                raise LimitExceededError(msg)
            name = _name_of(item.operator)
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

    # Objects

    def inline_image(self, operands: list[Any]) -> None:
        image = operands[0]
        self._image({"/Width": image.width, "/Height": image.height})

    def do(self, operands: list[Any]) -> None:
        entry = self._named("/XObject", operands[0])
        if entry is None:
            return
        hidden = self._hidden or self._context.layers.hidden(entry.get("/OC"))
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
        dpi = min(max(dpi, _LEAST_DPI), PATCH_DPI)
        coded = entry.get("/Filter", entry.get("/F", ""))
        names = [str(n) for n in coded] if is_array(coded) else [str(coded)]
        photo = any(name in ("/DCTDecode", "/JPXDecode", "/DCT") for name in names)
        box = bounds(self._state.matrix, (0.0, 0.0, 1.0, 1.0))
        self._patch(box, 0.0, math.ceil(dpi), photo=photo, image=True)

    def form(self, entry: Any, state: GraphicsState, *, hidden: bool = False) -> None:
        context = self._context
        key = entry.objgen
        if key in context.forms or len(context.forms) >= _MAX_DEPTH:
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
        context.forms.append(key)
        try:
            _Stream(context, resources, key, hidden=hidden or self._hidden).run(entry, state)
        finally:
            context.forms.pop()

    # Marked content: only layers matter

    def begin_mark(self, operands: list[Any]) -> None:
        hidden = False
        if len(operands) == 2 and str(operands[0]) == "/OC":
            hidden = self._context.layers.hidden(self._named("/Properties", operands[1]))
        self._marks.append(self._hidden)
        self._hidden = self._hidden or hidden

    def end_mark(self, _: list[Any]) -> None:
        if self._marks:
            self._hidden = self._marks.pop()


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
