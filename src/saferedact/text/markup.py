"""Where the words of an HTML file are: between tags, in values of attributes, in comments and names."""

import html
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from saferedact.text.segments import Segment

__all__ = ["markup_segments"]

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


def markup_segments(source: str) -> Iterator[Segment]:
    """Find what can be read in HTML: text, values of attributes, comments, scripts, unknown names.

    Parameters
    ----------
    source : str
        The whole text.

    Yields
    ------
    Segment
        In order, not overlapping.
    """
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
