"""Text of a content stream: glyphs that can be set again, and text that must become pixels."""

from typing import Any

from saferedact.media.pdf_drawing import Drawing
from saferedact.media.pdf_model import IDENTITY, Glyph, Run, multiply
from saferedact.media.pdf_paths import mostly_inside
from saferedact.media.pdf_state import Context, ShowKey

__all__ = ["Writing"]


class Writing(Drawing):
    """Operators of one stream that show text.

    Parameters
    ----------
    context, resources, hidden
        As of `Drawing`.
    key : hashable
        Stands for the stream in a `ShowKey`.
    """

    def __init__(self, context: Context, resources: Any, key: Any, *, hidden: bool) -> None:
        super().__init__(context, resources, hidden=hidden)
        self._key = key
        self._text = self._line = IDENTITY
        self._index = 0

    def begin_text(self, _: list[Any]) -> None:
        """Operator ``BT``."""
        self._text = self._line = IDENTITY

    def set_font(self, operands: list[Any]) -> None:
        """Operator ``Tf``."""
        stored = self._named("/Font", operands[0])
        self._state.font = self._context.fonts.number(stored) if stored is not None else -1
        self._state.size = float(operands[1])

    def set_number(self, name: str, operands: list[Any], scale: float = 1.0) -> None:
        """Operators ``Tc``, ``Tw``, ``Tz``, ``TL``, ``Ts``."""
        setattr(self._state, name, float(operands[0]) * scale)

    def set_mode(self, operands: list[Any]) -> None:
        """Operator ``Tr``."""
        self._state.mode = int(operands[0])

    def move_text(self, operands: list[Any]) -> None:
        """Operator ``Td``."""
        x, y = map(float, operands)
        self._line = self._text = multiply((1, 0, 0, 1, x, y), self._line)

    def move_text_leading(self, operands: list[Any]) -> None:
        """Operator ``TD``."""
        self._state.leading = -float(operands[1])
        self.move_text(operands)

    def set_text_matrix(self, operands: list[Any]) -> None:
        """Operator ``Tm``."""
        a, b, c, d, e, f = map(float, operands)
        self._line = self._text = (a, b, c, d, e, f)

    def next_line(self, _: list[Any]) -> None:
        """Operator ``T*``."""
        self.move_text([0, -self._state.leading])

    def show(self, operands: list[Any]) -> None:
        """Operator ``Tj``."""
        self._show([operands[0]])

    def show_next(self, operands: list[Any]) -> None:
        """Operator ``'``."""
        self.next_line([])
        self._show([operands[-1]])

    def show_spaced(self, operands: list[Any]) -> None:
        """Operator ``"``."""
        self._state.word_space, self._state.char_space = float(operands[0]), float(operands[1])
        self.show_next(operands)

    def show_array(self, operands: list[Any]) -> None:
        """Operator ``TJ``."""
        self._show(list(operands[0]))

    def _show(self, parts: list[Any]) -> None:
        state = self._state
        font = self._context.fonts.fonts[state.font] if state.font >= 0 else None
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
        if not plain or key in self._context.refused:
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


def _bytes(part: Any) -> bytes | None:
    """Bytes of a string; None of a number."""
    import pikepdf

    return bytes(part) if isinstance(part, pikepdf.String) else None
