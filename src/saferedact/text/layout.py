"""Where the words of a text file are: what is read as one text, and how each piece is written back.

CSV cells, JSON strings and numbers, lines of subtitles, HTML text and attributes. Everything else
(quotes, commas, tags, times) stays as it is, byte by byte.
"""

import json
import re
from collections.abc import Callable, Iterator

from saferedact.errors import InputError
from saferedact.text.markup import markup_segments
from saferedact.text.segments import Segment, as_it_is

__all__ = ["CAPTION_SETTINGS", "MARKUP_FORMATS", "TEXT_FORMATS", "split_text"]


def split_text(source: str, form: str) -> list[Segment]:
    """Find the pieces of a file's text.

    Parameters
    ----------
    source : str
        The whole text.
    form : str
        One of `TEXT_FORMATS`.

    Returns
    -------
    list of Segment
        In order, not overlapping.

    Raises
    ------
    InputError
        If it is not JSON and `form` says so.
    """
    return list(_FORMS[form](source))


def _plain(source: str) -> Iterator[Segment]:
    if source:
        yield Segment(0, len(source), source)


_TIMES = re.compile(r"[\d:.,]+[ \t]*-->[ \t]*[\d:.,]+(?:[ \t]+[A-Za-z]\w*:[\w%.,+\-]+)*")
CAPTION_SETTINGS = re.compile(
    r"-->[ \t]*[\d:.,]+((?:[ \t]+(?:[XY][12]:\d+|(?:position|line|size):[\d.%,\-]+(?:start|center|end|line-left"
    r"|line-right)?|align:(?:start|center|middle|end|left|right)|vertical:(?:rl|lr)))*)[ \t]*"
)
"""Where a caption stands (WebVTT, section 6.3; SubRip's corners). A region has a name, and what else a
writer puts behind the times is read."""
_HEAD_LINE = re.compile(r"WEBVTT|NOTE|STYLE|REGION")
_COUNTER = re.compile(r"\d{1,6}")
"""A caption's number, if its times follow; a line of digits elsewhere is what somebody says."""


def _subtitles(source: str) -> Iterator[Segment]:
    at = 0
    lines = source.splitlines(keepends=True)
    for number, line in enumerate(lines):
        body = line.rstrip("\r\n")
        told = body.strip()
        next_line = lines[number + 1].strip() if number + 1 < len(lines) else ""
        known = (
            _TIMES.fullmatch(told)
            or _HEAD_LINE.fullmatch(told)
            or (_COUNTER.fullmatch(told) and _TIMES.fullmatch(next_line))
        )
        if body and not known:
            yield Segment(at, at + len(body), body, "\n")
        else:
            settings = CAPTION_SETTINGS.search(body)
            if settings and settings.end() < len(body):
                start = at + settings.end()
                yield Segment(start, at + len(body), body[settings.end() :], "\n")
        at += len(line)


_DELIMITERS = ",;\t|"
_HEADING = re.compile(r"[^\W\d_][\w .()/#'\-]{0,40}")


def _csv(source: str) -> Iterator[Segment]:
    delimiter = max(_DELIMITERS, key=source[: source.find("\n") + 1 or None].count)
    headings: list[str] | None = None
    for row in _csv_rows(source, delimiter):
        cells = [_csv_cell(source, start, end) for start, end in row]
        if headings is None:
            headings = (
                [cell[2] for cell in cells]
                if len(cells) > 1 and all(_HEADING.fullmatch(cell[2]) for cell in cells)
                else []
            )
            labels = [""] * len(cells)
        else:
            labels = [f"{heading}: " for heading in headings]
        for place, (start, end, text, quoted) in enumerate(cells):
            label = labels[place] if place < len(labels) else ""
            write = _quoted if quoted else as_it_is
            yield Segment(start, end, text, f"\n{label}" if place == 0 else f" \n{label}", write)


def _csv_rows(source: str, delimiter: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the places of the cells of each row (RFC 4180; stray quotes are characters)."""
    row: list[tuple[int, int]] = []
    at = 0
    cell = re.compile(
        rf'"(?:[^"]|"")*"(?=[{re.escape(delimiter)}\r\n]|\Z)|[^{re.escape(delimiter)}\r\n]*'
    )
    while at <= len(source):
        match = cell.match(source, at)
        end = match.end() if match else at
        row.append((at, end))
        if end < len(source) and source[end] == delimiter:
            at = end + 1
            continue
        yield row
        row = []
        at = end + (2 if source.startswith("\r\n", end) else 1)
        if at >= len(source):
            return


def _csv_cell(source: str, start: int, end: int) -> tuple[int, int, str, bool]:
    if end - start >= 2 and source[start] == '"' == source[end - 1]:
        return start + 1, end - 1, source[start + 1 : end - 1].replace('""', '"'), True
    return start, end, source[start:end], False


def _quoted(text: str) -> str:
    return text.replace('"', '""')


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+\-]*', re.DOTALL)
_JSON_KEY = re.compile(r"\s*:")


def _json(source: str) -> Iterator[Segment]:
    _check_json(source)
    key = ""
    for match in _JSON_TOKEN.finditer(source):
        token = match[0]
        text = json.loads(token, strict=False) if token[0] == '"' else token
        is_key = token[0] == '"' and _JSON_KEY.match(source, match.end()) is not None
        before = "\n" if is_key or not key else f"\n{key}: "
        yield Segment(match.start(), match.end(), text, before, json.dumps)
        if is_key:
            key = text if _HEADING.fullmatch(text) else ""


def _check_json(source: str) -> None:
    """Refuse what is neither JSON nor JSON lines."""
    try:
        try:
            json.loads(source)
        except ValueError:
            for line in source.splitlines():
                if line.strip():
                    json.loads(line)
    except (ValueError, RecursionError):
        msg = "the file is not JSON"
        raise InputError(msg) from None


_FORMS: dict[str, Callable[[str], Iterator[Segment]]] = {
    "txt": _plain,
    "md": _plain,
    "csv": _csv,
    "tsv": _csv,
    "json": _json,
    "jsonl": _json,
    "srt": _subtitles,
    "vtt": _subtitles,
    "html": markup_segments,
    "htm": markup_segments,
}

MARKUP_FORMATS = frozenset({"html", "htm"})
"""Kinds in which any character can be written as a reference."""

TEXT_FORMATS = tuple(_FORMS)
"""Kinds of files that are understood, as their suffixes name them."""
