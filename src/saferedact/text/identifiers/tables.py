"""Columns of tables in a text: a heading says once what every cell below it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.text.identifiers.dates import DATE
from saferedact.text.identifiers.justice import COLLAR_CUE
from saferedact.text.spans import TextSpan

__all__ = ["find_in_columns"]

_DELIMITERS = ",\t|;"

# heading, form of a cell, kind, score
_COLUMNS = (
    (r"d\.?o\.?b\.?|date of birth|birth ?date|born", DATE, "dob", 0.8),
    (rf"(?:{COLLAR_CUE})(?: ?(?:no\.?|number|id))?", r"[A-Z]{0,2}\d{2,6}[A-Z]{0,2}", "collar", 0.7),
    (r"age", r"\d{1,3}", "age", 0.7),
    (r"(?:crime|log|incident|occurrence|custody) ?(?:no\.?|number|ref\w*)", r"[A-Z\d/\-]{3,20}", "crime-ref", 0.7),
    (r"(?:user ?name|handle|screen ?name|account|user)(?: ?(?:name|id))?", r"[\w.\-@]{2,32}", "username", 0.6),
    (r"(?:employer|workplace|place of work)", r"[^\n]{2,80}", "workplace", 0.6),
    (r"(?:school|college)", r"[^\n]{2,80}", "school", 0.6),
    (r"(?:home |street )?address(?: line)? ?\d?", r"[^\n]{2,120}", "address", 0.6),
)  # fmt: skip
_KINDS = tuple(
    (re.compile(heading, re.IGNORECASE), re.compile(cell, re.IGNORECASE), kind, score)
    for heading, cell, kind, score in _COLUMNS
)
_DELIMITED_LINE = re.compile(rf"^[^{_DELIMITERS}\n]*[{_DELIMITERS}][^\n]*$", re.MULTILINE)
_HEADING = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(heading for heading, *_ in _COLUMNS)})(?![^\W_])", re.IGNORECASE
)
_LONGEST_HEADING = 500  # code points of a line of headings; a longer line is prose


_Row = tuple[re.Pattern[str], re.Pattern[str], str, float]
_Wanted = dict[int, list[_Row]]


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    end: int
    columns: int
    wanted: _Wanted


def find_in_columns(text: str) -> Iterator[TextSpan]:
    """Find dates of birth, ages, collar numbers and references by the headings of their columns.

    Parameters
    ----------
    text : str
        Normalised text that may hold tables with commas, semicolons, tabs or strokes.

    Yields
    ------
    TextSpan
        One for each cell that has the form its heading announces. A table ends at the first line
        with another number of cells. A second heading within it adds to the first: a row that only
        looks like one must not hide what is below it.
    """
    by_delimiter: dict[str, list[_Heading]] = {}
    for line in _DELIMITED_LINE.finditer(text):
        if len(line[0]) <= _LONGEST_HEADING and _HEADING.search(line[0]):
            delimiter = max(_DELIMITERS, key=line[0].count)
            heading = _heading(line, delimiter)
            if heading.wanted:
                by_delimiter.setdefault(delimiter, []).append(heading)
    for delimiter, headings in by_delimiter.items():
        yield from _tables(text, delimiter, headings)


def _heading(line: re.Match[str], delimiter: str) -> _Heading:
    cells = [cell.strip(" \"'*") for cell in line[0].split(delimiter)]
    wanted: _Wanted = {}
    for column, cell in enumerate(cells):
        rows = [row for row in _KINDS if row[0].fullmatch(cell)]
        if rows:
            wanted[column] = rows[-1:]
    return _Heading(line.start(), line.end(), len(cells), wanted)


def _tables(text: str, delimiter: str, headings: list[_Heading]) -> Iterator[TextSpan]:
    """Read each table once, whatever number of headings it has."""
    number = 0
    while number < len(headings):
        heading = headings[number]
        number += 1
        wanted = {column: list(rows) for column, rows in heading.wanted.items()}
        at = heading.end + 1
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            places = _split(text, at, end, delimiter)
            if len(places) != heading.columns:
                break
            if number < len(headings) and headings[number].start == at:
                for column, rows in headings[number].wanted.items():
                    known = wanted.setdefault(column, [])
                    known += [row for row in rows if row not in known]
                number += 1
            yield from _cells(text, places, wanted)
            at = end + 1


def _cells(text: str, places: list[tuple[int, int]], wanted: _Wanted) -> Iterator[TextSpan]:
    for column, rows in wanted.items():
        if column >= len(places):
            continue
        start, stop = places[column]
        for _, form, kind, score in rows:
            if form.fullmatch(text, start, stop):
                yield TextSpan(start, stop, "identifier", kind, score, "identifiers")


def _split(text: str, start: int, end: int, delimiter: str) -> list[tuple[int, int]]:
    """Return the places of a row's cells, without blanks and quotes around them."""
    places: list[tuple[int, int]] = []
    cell = re.compile(rf'"[^"\n]*"|[^{re.escape(delimiter)}\n]*')
    at = start
    while at <= end:
        match = cell.match(text, at, end)
        stop = match.end() if match else at
        first, last = at, stop
        while first < last and text[first] in " \"'":
            first += 1
        while last > first and text[last - 1] in " \"'":
            last -= 1
        places.append((first, last))
        at = stop + 1
    return places
