"""Cell styles of a workbook: which of them show nothing of what a cell holds."""

from xml.etree import ElementTree as ET

from saferedact.media.office.package import local

__all__ = ["CellStyles"]

_PAPER = "FFFFFF"
_FIRST_OWN_FORMAT = 164
"""Ids of number formats from here on are the file's own (ECMA-376 part 1, 18.8.30)."""

_INK = "000000"
_INDEXED = {"8": _INK, "9": _PAPER, "0": _INK, "1": _PAPER, "64": _INK, "65": _PAPER}
_THEME = {"0": _PAPER, "1": _INK}
"""The colors of the old palette and of the default theme that matter here: ink and paper."""


class CellStyles:
    """Answers how cells look, by the number of their style.

    Parameters
    ----------
    root : Element
        ``xl/styles.xml``; an element without children where there is none.
    """

    def __init__(self, root: ET.Element) -> None:
        formats = {
            element.get("numFmtId"): element.get("formatCode", "")
            for element in root.iter()
            if local(element.tag) == "numFmt"
        }
        fonts = [_color(font.find("./{*}color")) for font in _children(root, "fonts")]
        fills = [_fill(fill) for fill in _children(root, "fills")]
        self._looks: list[tuple[bool, str | None, str | None]] = []
        for style in _children(root, "cellXfs"):
            code = formats.get(style.get("numFmtId", "0"), "")
            # Three empty sections show nothing for numbers, zero and negative ones; a fourth, text.
            blank = bool(code) and not code.replace(";", "").strip() and code.count(";") >= 2
            ink = _at(fonts, style.get("fontId"))
            ground = _at(fills, style.get("fillId"))
            self._looks.append((blank, ink, ground))

    def shows_nothing(self, style: int | None) -> bool:
        """Tell whether the number format prints nothing, as ``;;;`` does."""
        return self._look(style)[0]

    def same_color(self, style: int | None) -> bool:
        """Tell whether the ink has the color of the cell's fill, which is not that of paper."""
        _, ink, ground = self._look(style)
        dark_ink = ink or _INK  # no color means automatic, which prints black
        return ground not in (None, _PAPER) and ground == dark_ink

    def like_paper(self, style: int | None) -> bool:
        """Tell whether the ink is white on an unfilled or white cell."""
        _, ink, ground = self._look(style)
        return ink == _PAPER and ground in (None, _PAPER)

    def _look(self, style: int | None) -> tuple[bool, str | None, str | None]:
        if style is None or style >= len(self._looks):
            return False, None, None
        return self._looks[style]


def _children(root: ET.Element, name: str) -> list[ET.Element]:
    group = root.find(f"./{{*}}{name}")
    return [] if group is None else list(group)


def _fill(fill: ET.Element) -> str | None:
    pattern = fill.find("./{*}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return None
    color = pattern.find("./{*}fgColor")
    return _INK if color is None else _color(color)  # the default of a solid fill is ink


def _color(element: ET.Element | None) -> str | None:
    """Return a color as six hex digits; None for automatic, or one that only the theme knows."""
    if element is None:
        return None
    value = element.get("rgb")
    if value is not None:
        return value[-6:].upper()
    if element.get("tint") not in (None, "0"):
        return None
    if element.get("indexed") is not None:
        return _INDEXED.get(element.get("indexed", ""))
    return _THEME.get(element.get("theme", ""))


def _at(values: list[str | None], index: str | None) -> str | None:
    number = int(index) if index and index.isascii() and index.isdigit() and len(index) < 8 else -1
    return values[number] if 0 <= number < len(values) else None
