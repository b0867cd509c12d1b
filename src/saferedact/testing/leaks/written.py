"""Pages, drawings in markup, rich text and calendars: those that hide something, and their honest twins."""

from collections.abc import Callable

from saferedact.testing.leaks.pdf_page import FILLER, SECRET
from saferedact.testing.parcels import zipped

__all__ = ["BENIGN_WRITTEN", "WRITTEN_LEAKS"]


def _page(body: str) -> Callable[[], bytes]:
    lines = "".join(f"<p>{line}</p>" for line in FILLER)
    return lambda: f"<!doctype html><html><body>{lines}{body}</body></html>".encode()


def _drawing(body: str) -> Callable[[], bytes]:
    return lambda: f'<svg xmlns="x" viewBox="0 0 400 300">{body}</svg>'.encode()


def _rich(body: str) -> Callable[[], bytes]:
    return lambda: ("{\\rtf1\\ansi " + FILLER[0] + "\\par " + body + "}").encode("ascii")


def _calendar(line: str) -> Callable[[], bytes]:
    entry = f"BEGIN:VEVENT\nSUMMARY:Drop-in session\n{line}\nEND:VEVENT"
    return lambda: f"BEGIN:VCALENDAR\nVERSION:2.0\n{entry}\nEND:VCALENDAR\n".encode()


_UNDER = f'<text x="20" y="40">{SECRET}</text><rect x="15" y="25" width="200" height="20"/>'
_OVER = '<rect x="15" y="25" width="200" height="20"/><text x="20" y="40" fill="#fff">A map</text>'

WRITTEN_LEAKS: dict[str, Callable[[], bytes]] = {
    "hidden.html": _page(f'<p style="display:none">{SECRET}</p>'),
    "comment.html": _page(f"<!-- {SECRET} -->"),
    "white.html": _page(f'<p style="color:#fff">{SECRET}</p>'),
    "black_on_black.html": _page(f'<b style="color:#000;background:#000">{SECRET}</b>'),
    "moved.html": _page(f'<p style="position:absolute;left:-9999px">{SECRET}</p>'),
    "template.html": _page(f"<template>{SECRET}</template>"),
    "author.html": _page(f'<meta name="author" content="{SECRET}">'),
    "data.html": _page(f'<i data-witness="{SECRET}">a</i>'),
    "input.html": _page(f'<input type="hidden" value="{SECRET}">'),
    "inside.zip": lambda: zipped({"a.html": _page(f"<p hidden>{SECRET}</p>")()}),
    "hidden.svg": _drawing(f'<g display="none"><text>{SECRET}</text></g>'),
    "covered.svg": _drawing(_UNDER),
    "metadata.svg": _drawing(f"<metadata><dc:creator>{SECRET}</dc:creator></metadata>"),
    "hidden.rtf": _rich(f"{{\\v {SECRET}}}"),
    "author.rtf": _rich(f"{{\\info{{\\author {SECRET}}}}}"),
    "guest.ics": _calendar(f"ATTENDEE;CN={SECRET}:mailto:a@mail.example"),
}

BENIGN_WRITTEN: dict[str, Callable[[], bytes]] = {
    "dark.html": _page('<div style="background:#036"><h1 style="color:#fff">A road</h1></div>'),
    "form.html": _page('<input type="hidden" value="9f3ac2"><i data-id="7">a</i>'),
    "drawing.svg": _drawing(_OVER),
    "letter.rtf": _rich("{\\b The road has reopened.}"),
    "session.ics": _calendar("LOCATION:Library"),
}
