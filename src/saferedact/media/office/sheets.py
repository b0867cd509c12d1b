"""XLSX: cells that are seen, and sheets, rows, columns and values that are not."""

import posixpath
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from saferedact.errors import LimitExceededError
from saferedact.media.contents import Passage
from saferedact.media.office.drawing import names_within
from saferedact.media.office.package import Package, local
from saferedact.media.office.styles import CellStyles
from saferedact.traces import Trace

__all__ = ["read_sheets"]

_MAIN = "xl/workbook.xml"

_MOST_SHEETS = 2_000
"""Sheets of one workbook. People keep one for each day of some years; a hostile file names one part again
and again."""

_SHEETS = "xl/worksheets/sheet"
_FORMULAS = ("f", "formula", "formula1", "formula2")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_ASIDE = frozenset("oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter".split())
_ASIDE_TEXTS = ("prompt", "promptTitle", "error", "errorTitle", "tooltip", "display")
_MARKS = re.compile(r'&(?:"[^"]*"|[A-Z]|\d{1,3}|K[0-9A-F]{6})')
"""Headers and footers of a printed sheet, messages of its cells, and the codes in headers (ECMA-376
part 1, 18.3.1.46)."""

_LEAST_SIZE = 0.5
"""Width in characters, or height in points, below which a column or row is not seen."""

_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def read_sheets(package: Package) -> tuple[list[Passage], list[Trace]]:
    """Read the text of an XLSX.

    Returns
    -------
    list of Passage
        Cells that are seen, sheet by sheet, a row each.
    list of Trace
        Hidden sheets, rows, columns and names, cells that show nothing, comments, stored values.
    """
    passages: list[Passage] = []
    traces: list[Trace] = []
    shared = _shared_strings(package)
    styles = CellStyles(package.xml("xl/styles.xml"))
    targets = package.relations(_MAIN)
    workbook = package.xml(_MAIN)
    sheets = [element for element in workbook.iter() if local(element.tag) == "sheet"]
    if len(sheets) > _MOST_SHEETS:
        msg = f"{len(sheets)} sheets are over the limit of {_MOST_SHEETS}"
        raise LimitExceededError(msg)
    for number, sheet in enumerate(sheets, start=1):
        place = f"sheet {number}"
        key = next(
            (v for k, v in sheet.attrib.items() if k.startswith("{") and local(k) == "id"), ""
        )
        name = sheet.get("name", "")
        hidden = sheet.get("state", "visible") != "visible"
        if key not in targets or targets[key].external:
            continue
        part = targets[key].target
        if part not in package.names:
            package.unread.append(f"{place} is missing")
            continue
        reader = _SheetReader(package.xml(part), shared, styles, place)
        reader.read()
        if hidden:
            text = "\n".join([name, *(passage.text for passage in reader.passages)])
            traces.append(Trace("hidden-sheet", place, text))
        else:
            passages.append(Passage(name, f"{place}, its name"))
            passages += reader.passages
        traces += reader.traces
        traces += _comments(package, part, place)
    for number, part in enumerate(n for n in package.below(_SHEETS) if n not in package.used):
        reader = _SheetReader(package.xml(part), shared, styles, f"sheet of no list {number + 1}")
        reader.read()
        text = "\n".join(passage.text for passage in reader.passages)
        traces += [Trace("hidden-sheet", reader.place, text), *reader.traces]
    traces += _names(workbook)
    passages += names_within(workbook, "workbook")
    passages += _number_formats(package)
    passages += _literals(workbook, "a name of the workbook", ("definedName",))
    traces += _stored(package)
    return passages, traces


def _shared_strings(package: Package) -> list[str]:
    return [
        "".join(part.text or "" for part in item.iter() if local(part.tag) == "t")
        for item in package.xml("xl/sharedStrings.xml")
    ]


class _SheetReader:
    """Reads one sheet into `passages` and `traces`."""

    def __init__(self, root: ET.Element, shared: list[str], styles: CellStyles, place: str) -> None:
        self.passages: list[Passage] = []
        self.traces: list[Trace] = []
        self._root = root
        self._shared = shared
        self._styles = styles
        self.place = place
        self._hidden_columns = list(self._find_hidden_columns())

    def read(self) -> None:
        number = 0
        for row in self._root.iter():
            if local(row.tag) == "row":
                number = _whole(row.get("r")) or number + 1
                self._read_row(row, number)
        self.passages += _literals(self._root, f"{self.place}, formulas", _FORMULAS)
        self.passages += _beside_cells(self._root, self.place)

    def _read_row(self, row: ET.Element, number: int) -> None:
        hidden_row = row.get("hidden") in ("1", "true") or _size(row.get("ht")) < _LEAST_SIZE
        seen: list[str] = []
        unseen: list[str] = []
        column = 0
        for cell in row:
            column = _column(cell.get("r")) or column + 1
            text = self._text(cell)
            if not text:
                continue
            style = _whole(cell.get("s"))
            if hidden_row or any(first <= column <= last for first, last in self._hidden_columns):
                unseen.append(text)
            elif self._styles.shows_nothing(style):
                self.traces.append(Trace("hidden-cells", f"{self.place}, row {number}", text))
            elif self._styles.same_color(style):
                self.traces.append(Trace("black-on-black", f"{self.place}, row {number}", text))
            elif self._styles.like_paper(style):
                self.traces.append(Trace("invisible-text", f"{self.place}, row {number}", text))
            else:
                seen.append(text)
        place = f"{self.place}, row {number}"
        if seen:
            self.passages.append(Passage("\t".join(seen), place))
        if unseen:
            self.traces.append(Trace("hidden-cells", place, "\t".join(unseen)))

    def _text(self, cell: ET.Element) -> str:
        kind = cell.get("t", "n")
        value = next((part.text or "" for part in cell if local(part.tag) == "v"), "")
        if kind == "s":
            index = _whole(value)
            return self._shared[index] if index is not None and index < len(self._shared) else ""
        if kind == "inlineStr":
            return "".join(part.text or "" for part in cell.iter() if local(part.tag) == "t")
        return value

    def _find_hidden_columns(self) -> Iterator[tuple[int, int]]:
        for element in self._root.iter():
            if local(element.tag) == "col" and (
                element.get("hidden") in ("1", "true") or _size(element.get("width")) < _LEAST_SIZE
            ):
                first, last = _whole(element.get("min")), _whole(element.get("max"))
                if first is not None and last is not None:
                    yield first, last


def _literals(root: ET.Element, place: str, names: tuple[str, ...]) -> Iterator[Passage]:
    """Yield the words that formulas, lists of choices and names hold in quotes."""
    words = [
        literal.replace('""', '"')
        for element in root.iter()
        if local(element.tag) in names and element.text
        for literal in _LITERAL.findall(element.text)
        if any(sign.isalnum() for sign in literal)
    ]
    if words:
        yield Passage("\n".join(dict.fromkeys(words)), place)


def _number_formats(package: Package) -> Iterator[Passage]:
    """Yield the words that formats of numbers write beside a cell's value."""
    words = [
        literal
        for element in package.xml("xl/styles.xml").iter()
        if local(element.tag) == "numFmt"
        for literal in _LITERAL.findall(element.get("formatCode", ""))
        if any(sign.isalpha() for sign in literal)
    ]
    if words:
        yield Passage("\n".join(dict.fromkeys(words)), "formats of numbers")


def _beside_cells(root: ET.Element, place: str) -> Iterator[Passage]:
    """Yield headers and footers, and what is told of a cell when somebody points at it."""
    words: list[str] = []
    for element in root.iter():
        if local(element.tag) in _ASIDE:
            words.append(_MARKS.sub(" ", element.text or ""))
        words += [element.get(key, "") for key in _ASIDE_TEXTS if element.get(key)]
    text = "\n".join(dict.fromkeys(word.strip() for word in words if word.strip()))
    if text:
        yield Passage(text, f"{place}, headers and messages")


def _comments(package: Package, part: str, place: str) -> Iterator[Trace]:
    for relation in package.relations(part).values():
        if relation.kind in ("comments", "threadedComment") and not relation.external:
            for element in package.xml(relation.target).iter():
                if local(element.tag) in ("comment", "threadedComment"):
                    text = " ".join(t.strip() for t in element.itertext() if t.strip())
                    yield Trace("comment", place, text)


def _names(workbook: ET.Element) -> Iterator[Trace]:
    for element in workbook.iter():
        # Excel itself hides the range of a filter; the cells are what they are.
        if element.get("name", "").startswith("_xlnm."):
            continue
        if local(element.tag) == "definedName" and element.get("hidden") in ("1", "true"):
            yield Trace("stored-values", "hidden name", f"{element.get('name', '')} {element.text}")


def _stored(package: Package) -> Iterator[Trace]:
    """Yield values of elsewhere: pivot caches, caches of linked workbooks, people of threads."""
    for name in package.below(
        "xl/pivotCache/", "xl/externalLinks/", "xl/persons/", "xl/connections"
    ):
        if posixpath.splitext(name)[1] != ".xml":
            continue
        values = [
            value
            for element in package.xml(name).iter()
            for value in (element.text, *element.attrib.values())
            if value and value.strip()
        ]
        yield Trace("stored-values", "cache of values", " ".join(values))


def _column(reference: str | None) -> int | None:
    match = _REFERENCE.match(reference or "")
    if match is None:
        return None
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return number


def _whole(value: str | None) -> int | None:
    # As long as the largest sheet's numbers of rows; a hostile one could be of any length.
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None


def _size(value: str | None) -> float:
    try:
        return float(value) if value is not None else _LEAST_SIZE
    except ValueError:
        return _LEAST_SIZE
