"""Columns of tables in a text: a heading says once what every cell below it is."""

import re
from collections.abc import Iterator

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
        with another number of cells.
    """
    for line in _DELIMITED_LINE.finditer(text):
        if len(line[0]) > _LONGEST_HEADING or not _HEADING.search(line[0]):
            continue
        delimiter = max(_DELIMITERS, key=line[0].count)
        headings = [heading.strip(" \"'*") for heading in line[0].split(delimiter)]
        wanted = {
            column: row
            for column, heading in enumerate(headings)
            for row in _KINDS
            if row[0].fullmatch(heading)
        }
        if len(headings) > 1 and wanted:
            yield from _cells(text, line.end() + 1, delimiter, len(headings), wanted)


def _cells(
    text: str,
    at: int,
    delimiter: str,
    columns: int,
    wanted: dict[int, tuple[re.Pattern[str], re.Pattern[str], str, float]],
) -> Iterator[TextSpan]:
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        places = _split(text, at, end, delimiter)
        if len(places) != columns:
            return
        for column, (_, form, kind, score) in wanted.items():
            start, stop = places[column]
            if form.fullmatch(text, start, stop):
                yield TextSpan(start, stop, "identifier", kind, score, "identifiers")
        at = end + 1


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
