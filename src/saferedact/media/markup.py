"""Pages of HTML: what they show, and what they keep beside it, by markup and inline styles.

Nothing is fetched and no program is run. Style sheets are not applied: where one may decide what lies
under a text, the text is told as perhaps hidden, and never as surely so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from saferedact.media.markup_parser import MarkupParser
from saferedact.media.markup_style import PAPER, Color, color_of, declarations, same_color
from saferedact.traces import Trace

__all__ = [
    "Markup",
    "looks_like_page",
    "read_markup",
    "ruled_elsewhere",
]

_MOST_TRACES = 20
"""Traces of one channel that have a line each; the rest are told together."""

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table"})

_PEOPLE: Final = frozenset(
    "author creator dc.creator dcterms.creator dc.contributor dcterms.contributor article:author"
    " twitter:creator web_author designer owner reply-to last-modified-by lastmodifiedby".split()
)
_PROGRAMS: Final = frozenset({"generator", "progid", "originator"})
"""Names of meta elements that hold people, and programs; others are for viewers and search engines."""

_ADDRESS = re.compile(r"\S@\S")

_SAID: Final = ("alt", "title", "placeholder", "aria-label", "label", "summary")
"""Attributes whose words viewers show, or read aloud, in place of something or beside it."""

_FAR = r"-\s*(?:\d{4,}(?:\.\d*)?|[3-9]\d{2})\s*(?:px|pt)|-\s*\d{3,}\s*(?:em|rem|vw|%)"
_AWAY = {
    "text-indent": re.compile(_FAR),
    "left": re.compile(_FAR),
    "right": re.compile(_FAR),
    "top": re.compile(_FAR),
    "margin-left": re.compile(_FAR),
    "clip": re.compile(r"rect\(\s*([01])(?:px)?[\s,]+([01])(?:px)?[\s,]+\1(?:px)?[\s,]+\2(?:px)?"),
    "clip-path": re.compile(r"inset\(\s*(?:50|[6-9]\d|100)%\s*\)"),
}
"""What moves text away from where anybody looks; authors do so for readers of screens, too."""

_UNSIZED = re.compile(r"0+(?:\.0*)?\s*(?:[a-z]{2,3}|%)?|[01]?(?:\.\d+)?\s*(?:px|pt)")
_ZERO = re.compile(r"0+(?:\.0*)?%?|\.0+%?")
_NOTHING = re.compile(r"0+(?:\.0*)?\s*(?:[a-z]{2,3}|%)?")


@dataclass(frozen=True, slots=True)
class Markup:
    """A page.

    Parameters
    ----------
    shown : str
        Text that a reader sees, or may see.
    traces : tuple of Trace
        What it keeps beside that; places are lines, from 1.
    """

    shown: str
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    channel: str | None  # by which its text is hidden, if it is
    unseen: bool
    ink: Color | None  # None where nobody knows
    ground: Color | None
    ink_is_said: bool = False  # inline, by it or by an element around it
    ground_is_own: bool = False


_PAGE = _Element("", None, unseen=False, ink=(0, 0, 0), ground=PAPER)


class _Reader(MarkupParser):
    """Collects what a page shows and what it hides."""

    def __init__(self, *, styled: bool) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._styled = styled
        self._open: list[_Element] = []
        self._counts: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.shown.append("\n")
            last = self._open[-1].tag if self._open else ""
            if (last == "p" and tag != "br") or (last == tag == "li"):
                self._leave()  # nobody has to write their ends
        given = {name: value or "" for name, value in reversed(attrs)}  # the first one counts
        self._look_at_attributes(tag, given)
        if tag not in _VOID:
            self._open.append(self._opened(tag, given))
            self._counts[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if not self._counts[tag]:  # looking for it would take as long as all that is open
            return
        while self._leave() != tag:
            pass

    def _leave(self) -> str:
        tag = self._open.pop().tag
        self._counts[tag] -= 1
        return tag

    def handle_data(self, data: str) -> None:
        element = self._open[-1] if self._open else _PAGE
        if element.unseen:
            return
        channel = element.channel or self._by_color(element)
        if channel is not None:
            self._tell(channel, data)
        if channel in (None, "styled-text"):
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        if not data.lstrip().startswith("[if"):  # conditional layout, not text
            self._tell("hidden-text", data)

    def unknown_decl(self, data: str) -> None:
        if data.startswith("CDATA["):  # a comment to a viewer of HTML
            self._tell("hidden-text", data.removeprefix("CDATA["))

    def _tell(self, channel: str, text: str) -> None:
        if text.strip():
            lead = text[: len(text) - len(text.lstrip())]
            self.found[channel].append((self.getpos()[0] + lead.count("\n"), text.strip()))

    def _look_at_attributes(self, tag: str, given: dict[str, str]) -> None:
        if tag == "meta":
            name = (given.get("name") or given.get("property", "")).strip().lower()
            if name in _PEOPLE:
                self._tell("author", given.get("content", ""))
            elif name in _PROGRAMS:
                self._tell("program", given.get("content", ""))
        said = [given[name] for name in _SAID if given.get(name)]
        href = given.get("href", "")
        if href.lower().startswith(("mailto:", "tel:")):
            said.append(unquote(href.partition(":")[2].partition("?")[0]))
        if tag == "input" and given.get("type", "").lower() not in ("hidden", "password"):
            said.append(given.get("value", ""))
        if said and not (self._open and self._open[-1].unseen):
            self.shown.append("\n" + "\n".join(said) + "\n")
        value = given.get("value", "") if given.get("type", "").lower() == "hidden" else ""
        if tag == "input" and _has_words(value):
            self._tell("form-value", value)
        kept = [v for k, v in given.items() if k.startswith("data-") and _has_words(v)]
        self._tell("custom-data", "\n".join(kept))

    def _opened(self, tag: str, given: dict[str, str]) -> _Element:
        outer = self._open[-1] if self._open else _PAGE
        style = declarations(given.get("style", ""))
        channel = outer.channel or _hiding(tag, given, style)
        ink, ink_said = outer.ink, outer.ink_is_said
        if tag == "a" and "href" in given:
            ink, ink_said = None, False  # the viewer's, unless it is said
        said = style.get("color") or given.get("color" if tag == "font" else "text", "")
        if said and said not in ("inherit", "currentcolor"):
            ink, ink_said = color_of(said), True
        ground, own = outer.ground, outer.ground_is_own and not given
        laid = style.get("background-color") or style.get("background") or given.get("bgcolor", "")
        if "background" in given or "background-image" in style:
            ground, own = None, False
        elif laid and laid not in ("none", "transparent", "inherit", "initial", "unset"):
            ground, own = color_of(laid), True
        unseen = outer.unseen or tag in _UNSEEN
        return _Element(tag, channel, unseen, ink, ground, ink_said, own)

    def _by_color(self, element: _Element) -> str | None:
        """Return the channel of a text in the color of its ground, as far as that is known."""
        if element.ink is None or element.ink[3:] == (0,):
            return None if element.ink is None else "invisible-text"
        if element.ground is None:
            return "styled-text" if same_color(element.ink, PAPER) else None
        # What no inline style says, a sheet most likely does.
        unsaid = self._styled and not element.ink_is_said
        if unsaid or not same_color(element.ink, element.ground):
            return None
        if element.ground_is_own:
            return "black-on-black"
        return "styled-text" if self._styled else "invisible-text"


def _has_words(value: str) -> bool:
    """Tell whether a value holds a word before another one, or an address.

    Programs of pages keep keys and numbers in attributes, people keep notes.
    """
    before_others = value.split()[:-1]
    return any(c.isalpha() for word in before_others for c in word) or bool(_ADDRESS.search(value))


def _hiding(tag: str, given: dict[str, str], style: dict[str, str]) -> str | None:
    """Return by which channel an element hides its text, colors left aside."""
    if (
        "hidden" in given
        or style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _ZERO.fullmatch(style.get("opacity", "1"))
        or _UNSIZED.fullmatch(style.get("font-size", "large"))
    ):
        return "hidden-text"
    if tag == "template":
        return "kept-markup"
    moved = any(rule.search(style.get(name, "")) for name, rule in _AWAY.items()) or (
        style.get("overflow") == "hidden"
        and any(_NOTHING.fullmatch(style.get(n, "auto")) for n in ("height", "width", "max-height"))
    )
    return "moved-text" if moved else None


_SHEET = re.compile(r"<link\b[^<>]{0,2000}\bstylesheet\b|<style\b", re.IGNORECASE)


def read_markup(html: str) -> Markup:
    """Read a page.

    Parameters
    ----------
    html : str
        HTML, however broken.

    Returns
    -------
    Markup
        Its text and traces; of each channel the first twenty lines, the rest told together.
    """
    reader = _Reader(styled=_SHEET.search(html) is not None)
    reader.read(html)
    for line, text in _ruled(html):
        reader.found["styled-text"].append((line, text))
    traces: list[Trace] = []
    for channel, texts in reader.found.items():
        traces += [Trace(channel, f"line {line}", text) for line, text in texts[:_MOST_TRACES]]
        rest = texts[_MOST_TRACES:]
        if rest:
            place = f"lines {rest[0][0]} to {rest[-1][0]}"
            traces.append(Trace(channel, place, "\n".join(text for _, text in rest)))
    return Markup("".join(reader.shown), tuple(traces))


_STYLE = re.compile(r"<style\b[^<>]{0,500}>", re.IGNORECASE)
_STYLE_END = re.compile(r"</style", re.IGNORECASE)
_LONGEST_SELECTOR = 300


def _ruled(html: str) -> Iterator[tuple[int, str]]:
    """Yield the selectors of rules that give text the color of its own ground."""
    line, counted = 1, 0
    for start, end in _sheets(html):
        at = start
        for rule in html[start:end].split("}"):
            head, brace, body = rule.rpartition("{")
            if brace and _is_color_on_color(body):
                place = at + len(head)
                line, counted = line + html.count("\n", counted, place), place
                yield line, head.rpartition("{")[2].strip()[-_LONGEST_SELECTOR:]
            at += len(rule) + 1


def _sheets(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the style sheets of a page begin and end."""
    at = 0
    while found := _STYLE.search(html, at):
        end = _STYLE_END.search(html, found.end())
        if end is None:
            return
        yield found.end(), end.start()
        at = end.end()


def _is_color_on_color(body: str) -> bool:
    style = declarations(body)
    ink = color_of(style.get("color", ""))
    ground = color_of(style.get("background-color") or style.get("background", ""))
    return ink is not None and ground is not None and same_color(ink, ground)


_PAGE_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html\b)", re.IGNORECASE)


def looks_like_page(head: bytes) -> bool:
    """Tell whether a file begins as a page of HTML does."""
    return _PAGE_START.match(head) is not None


_RULED_ELSEWHERE = re.compile(r"<(?:script|style|link)\b", re.IGNORECASE)


def ruled_elsewhere(markup: str) -> bool:
    """Tell whether style sheets or programs may hide something of a page."""
    return _RULED_ELSEWHERE.search(markup) is not None
