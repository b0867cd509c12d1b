"""Where the words of a text file are: what is read as one text, and how each piece is written back.

CSV cells, JSON strings and numbers, lines of subtitles, HTML text and attributes. Everything else
(quotes, commas, tags, times) stays as it is, byte by byte.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from saferedact.errors import InputError

__all__ = [
    "CAPTION_SETTINGS",
    "MARKUP_FORMATS",
    "TEXT_FORMATS",
    "Segment",
    "join_segments",
    "split_text",
    "write_segments",
]


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a file that people read.

    Parameters
    ----------
    start, end : int
        Code points of the file's text, half-open.
    text : str
        What it says, escapes undone.
    before : str
        What recognisers read before it, and nobody writes: a line end, the column's heading.
    write : callable
        Writes another text in its place, with escapes.
    """

    start: int
    end: int
    text: str
    before: str = ""
    write: Callable[[str], str] = _as_it_is


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


def join_segments(segments: Sequence[Segment]) -> tuple[str, list[tuple[int, int]]]:
    """Put the pieces together to one text for recognisers.

    Returns
    -------
    text : str
        Each piece after what it says `before`.
    places : list of (int, int)
        Where each piece is in `text`.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for segment in segments:
        parts += (segment.before, segment.text)
        at += len(segment.before)
        places.append((at, at + len(segment.text)))
        at += len(segment.text)
    return "".join(parts), places


def write_segments(source: str, segments: Sequence[Segment], texts: Sequence[str]) -> str:
    """Write the file's text with other pieces; those that stay are copied as they are."""
    parts: list[str] = []
    at = 0
    for segment, text in zip(segments, texts, strict=True):
        parts.append(source[at : segment.start])
        unchanged = text == segment.text
        parts.append(source[segment.start : segment.end] if unchanged else segment.write(text))
        at = segment.end
    parts.append(source[at:])
    return "".join(parts)


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
            write = _quoted if quoted else _as_it_is
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


_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9\-]*)")
_TAG = re.compile(r"(?:[^>=]|=\s*+(?:\"[^\"]*\"|'[^']*')?)*+>")
"""The rest of a tag: a > in a quoted value does not end it."""

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_IN_ADDRESS = ":/?#[]@!$&'()*+,;=~%"
"""What stays as it is in an address (RFC 3986, reserved characters)."""

_ATTRIBUTE = re.compile(r"=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*))")
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "wbr",
    ]
)
"""Elements that do not part words: a name may be half bold."""

_ELEMENTS = _INLINE | frozenset(
    "address applet area article aside audio base basefont bgsound big blink blockquote body br button "
    "canvas caption center col colgroup data datalist dd del details dfn dialog dir div dl dt embed "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html "
    "iframe img input ins label legend li link main map marquee menu meta meter nav nobr noframes noscript "
    "object ol optgroup option output p param picture pre progress rp rt rtc ruby samp script search section "
    "select slot source strike style summary sup svg g path rect circle line text tspan use defs title "
    "table tbody td template textarea tfoot th thead time tr track ul var video".split()
)
"""Elements of HTML, living and dead, and some of SVG. What else stands where a tag may was not meant as one:
Olivia Bramhall <olivia.bramhall@example.org>."""

_CHOSEN_NAME = re.compile(
    r"\"[^\"]*\"|'[^']*'|(?<=\s)(data-[^\s=>\"']+|[A-Z][a-z][^\s=>\"']*)(?=[\s=/>])"
)
"""Attributes whose names pages choose, and such as no element has; values are passed over."""

_NAMESPACE = re.compile(
    r"(?<=\s)xmlns(?::[a-z]{1,8})?\s*=\s*([\"'])http://www\.w3\.org/"
    r"(?:1999/xhtml|2000/svg|1999/xlink|1998/Math/MathML|XML/1998/namespace)\1"
)
"""What says which language a part of a page is in: without it a drawing is not shown."""

_DOCTYPE = re.compile(
    r"<!DOCTYPE\s+html(?:\s+(?:PUBLIC|SYSTEM)?\s*\"(?:-//W3C//|about:)[^\">]*\"(?:\s*\"http://www\.w3\.org/[^\">]*\")?)?\s*>",
    re.IGNORECASE,
)
"""What says which HTML it is; all others are read."""

_LONGEST_DOCTYPE = 200  # the longest of the standards' has 121

_RAW = frozenset({"script", "style"})
_RAW_END = re.compile(r"</(?:script|style)", re.IGNORECASE)


def _html(source: str) -> Iterator[Segment]:
    at = 0
    before = "\n"
    while at < len(source):
        opening = source.find("<", at)
        if opening < 0:
            opening = len(source)
        if opening > at:
            yield _html_text(source, at, opening, before)
            before = ""
        if opening == len(source):
            return
        end, parts_words, inner = _html_tag(source, opening)
        yield from inner
        if parts_words or inner:
            before = "\n"
        at = end


def _html_text(source: str, start: int, end: int, before: str) -> Segment:
    return Segment(start, end, html.unescape(source[start:end]), before, _escaped_text)


def _escaped_text(text: str) -> str:
    return html.escape(text, quote=False)


def _quoted_value(text: str) -> str:
    return f'"{html.escape(text)}"'


def _address(text: str) -> str:
    return html.escape(quote(text, safe=_IN_ADDRESS))


def _value(match: re.Match[str], group: int) -> Segment:
    """Return what a value of an attribute says, escapes of markup and of addresses undone."""
    text = html.unescape(match[group])
    if group == 3:
        return Segment(*match.span(group), text, "\n", _quoted_value)
    if _ESCAPED.search(text):
        return Segment(*match.span(group), unquote(text), "\n", _address)
    return Segment(*match.span(group), text, "\n", html.escape)


def _html_tag(source: str, opening: int) -> tuple[int, bool, list[Segment]]:
    """Return where a tag ends, whether it parts words, and what can be read in it."""
    if source.startswith("<!--", opening):
        end = _after(source, "-->", opening + 4)
        return end, True, [Segment(opening + 4, end, source[opening + 4 : end], "\n")]
    name = _TAG_NAME.match(source, opening)
    if name is None and source[opening + 1 : opening + 2] not in {"!", "?"}:
        return opening + 1, False, [Segment(opening, opening + 1, "<")]
    whole = _TAG.match(source, opening) if name else None
    end = whole.end() if whole else _after(source, ">", opening)
    tag = name[1].lower() if name else ""
    if tag not in _ELEMENTS and "=" not in source[opening:end]:
        if end - opening < _LONGEST_DOCTYPE and _DOCTYPE.fullmatch(source, opening, end):
            return end, True, []
        stop = end - source.endswith(">", opening, end)
        return end, True, [Segment(opening + 1, stop, source[opening + 1 : stop], "\n")]
    inner = _in_tag(source, opening, end, is_known=tag in _ELEMENTS)
    if tag in _RAW and source[opening + 1] != "/":
        closing = _RAW_END.search(source, end)
        stop = closing.start() if closing else len(source)
        if stop > end:
            inner.append(Segment(end, stop, source[end:stop], "\n"))
        end = stop
    return end, tag not in _INLINE, inner


def _in_tag(source: str, opening: int, end: int, *, is_known: bool) -> list[Segment]:
    """Return values of attributes, and names that are not the language's."""
    languages = {match.end() for match in _NAMESPACE.finditer(source, opening, end)}
    found = [
        _value(match, group)
        for match in _ATTRIBUTE.finditer(source, opening, end)
        for group in (1, 2, 3)
        if match[group] and match.end() not in languages
    ]
    names = [m.span(1) for m in _CHOSEN_NAME.finditer(source, opening, end) if m[1]]
    if not is_known and (name := _TAG_NAME.match(source, opening)):
        names.append(name.span(1))
    found += [Segment(*place, source[slice(*place)], "\n") for place in names]
    found.sort(key=lambda segment: segment.start)
    inner: list[Segment] = []
    for segment in found:  # where quotes do not match, a name may seem to lie within a value
        if not inner or segment.start >= inner[-1].end:
            inner.append(segment)
    return inner


def _after(source: str, mark: str, start: int) -> int:
    """Return the position after a mark, or the end if there is none."""
    at = source.find(mark, start)
    return at + len(mark) if at >= 0 else len(source)


_FORMS: dict[str, Callable[[str], Iterator[Segment]]] = {
    "txt": _plain,
    "md": _plain,
    "csv": _csv,
    "tsv": _csv,
    "json": _json,
    "jsonl": _json,
    "srt": _subtitles,
    "vtt": _subtitles,
    "html": _html,
    "htm": _html,
}

MARKUP_FORMATS = frozenset({"html", "htm"})
"""Kinds in which any character can be written as a reference."""

TEXT_FORMATS = tuple(_FORMS)
"""Kinds of files that are understood, as their suffixes name them."""
