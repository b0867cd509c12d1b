"""Drawings in markup, rich text and calendars: what is hidden, each beside what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.media.calendar_file import looks_like_calendar, read_calendar
from saferedact.media.rich_text import looks_like_rich_text, read_rich_text
from saferedact.media.svg import looks_like_svg, read_svg

SECRET = "Mhairi Oyelowo"
COVERED = "what shapes of the drawing cover was not looked at in full"
RULED = "what style sheets and programs of the drawing hide was not looked at"


def channels(contents):
    return {trace.channel for trace in contents.traces}


def drawing(body):
    return read_svg(f'<svg viewBox="0 0 400 300">{body}</svg>')


@pytest.mark.parametrize(
    ("body", "channel"),
    [
        ('<g display="none"><text>{}</text></g>', "hidden-text"),
        ('<g style="display:none"><text>{}</text></g>', "hidden-text"),
        ('<text visibility="hidden">{}</text>', "hidden-text"),
        ('<text opacity="0">{}</text>', "hidden-text"),
        ('<text font-size="0">{}</text>', "hidden-text"),
        ('<text fill="none">{}</text>', "invisible-text"),
        ('<text fill-opacity="0">{}</text>', "invisible-text"),
        ("<!-- {} -->", "picture-comment"),
        ("<!-- Generator: {} -->", "program"),
        ("<metadata><dc:creator><b>{}</b></dc:creator></metadata>", "author"),
        ("<metadata><dc:creator>Plotter v1.2</dc:creator></metadata>", "program"),
        ("<metadata><dc:title>{}</dc:title></metadata>", "title"),
        ("<metadata><a>{}</a></metadata>", "custom-data"),
        ("<desc>{}</desc>", "alternate-text"),
        ("<defs><text>{}</text></defs>", "kept-markup"),
        ('<g inkscape:export-filename="/home/{}/a.png"/>', "local-path"),
        ('<text x="900" y="20">{}</text>', "moved-text"),
        (
            '<text x="20" y="40">{}</text><rect x="15" y="25" width="200" height="20"/>',
            "text-under-shape",
        ),
        (
            '<text x="20" y="40">{}</text><image x="15" y="25" width="200" height="20"/>',
            "text-under-shape",
        ),
        ('<image clip-path="url(#c)" width="9" height="9"/>', "clipped-picture"),
    ],
)
def test_what_a_drawing_hides(body, channel):
    assert channels(drawing(body.replace("{}", SECRET))) == {channel}


@pytest.mark.parametrize(
    ("body", "unread"),
    [
        ("", ()),
        ('<rect x="15" y="25" width="200" height="20"/><text x="20" y="40">a b</text>', ()),
        ('<text x="20" y="40">a b</text><rect x="15" y="90" width="200" height="20"/>', ()),
        (
            '<text x="20" y="40">a b</text><rect fill="none" x="15" y="25" width="200" height="20"/>',
            (),
        ),
        (
            '<text x="20" y="40">a b</text><rect opacity=".1" x="15" y="25" width="200" height="20"/>',
            (),
        ),
        ('<text fill="none" stroke="red">a b</text>', ()),
        ('<text fill="white" x="20"><tspan y="9">a b</tspan></text>', ()),
        ("<metadata><dc:date>2026-09-21</dc:date><a>7</a></metadata>", ()),
        ('<g transform="scale(2)"><text x="900" y="1">a b</text></g>', (COVERED,)),
        ('<text x="20" y="40">a b</text><path d=""/>', (COVERED,)),
        ('<path d=""/>', ()),
        ("<style>a{}</style>", (RULED,)),
    ],
)
def test_what_a_drawing_does_not_hide(body, unread):
    contents = drawing(body)
    assert contents.traces == ()
    assert contents.unread == unread


def test_a_drawing_without_a_sheet_has_no_outside():
    assert read_svg('<svg><text x="900" y="20">a b</text></svg>').traces == ()
    assert read_svg('<svg width="100%" height="9"><text x="900">a b</text></svg>').traces == ()
    sheet = '<svg width="100" height="50"><text x="900" y="20">a b</text></svg>'
    assert channels(read_svg(sheet)) == {"moved-text"}


@pytest.mark.parametrize(
    ("body", "channel", "shown"),
    [
        (rb"a\par b", None, "a\nb"),
        (rb"{\v SECRET} b", "hidden-text", "b"),
        (rb"\v SECRET\v0  b", "hidden-text", "b"),
        (rb"\v SECRET\plain  b", "hidden-text", "b"),
        (rb"{\deleted SECRET} b", "deleted-text", "b"),
        (rb"{\revised SECRET} b", "inserted-text", "SECRET b"),
        (rb"{\*\annotation SECRET} b", "comment", "b"),
        (rb"{\*\atnauthor SECRET} b", "author", "b"),
        (rb"{\info{\author SECRET}{\creatim\yr2026}{\nofpages1}}b", "author", "b"),
        (rb"{\info{\title SECRET}}b", "title", "b"),
        (rb"{\info{\doccomm SECRET}}b", "author", "b"),
        (rb"{\*\userprops{\propname a}{\staticval SECRET}}b", "custom-data", "b"),
        (rb"{\object{\*\objdata 0102}{\result c}}b", "embedded-object", "cb"),
        (rb"{\fonttbl{\f0 Arial;}}b", None, "b"),
        (rb"\u8217?s \'e9 \{\}\~\emdash", None, "\u2019s \u00e9 {}\u00a0\u2014"),
        (rb"\uc2\u233ab\uc0\u-10179 c", None, "\u00e9\ufffdc"),
    ],
)
def test_rich_text(body, channel, shown):
    contents = read_rich_text(b"{\\rtf1 " + body.replace(b"SECRET", SECRET.encode()) + b"}")
    assert channels(contents) == ({channel} if channel else set())
    text = "".join(passage.text for passage in contents.passages)
    assert text.strip() == shown.replace("SECRET", SECRET).strip()


def test_what_is_not_looked_at_in_rich_text():
    assert read_rich_text(b"{\\rtf1}").passages == ()
    assert read_rich_text(rb"{\rtf1 {\cf1 a}}").unread != ()


@given(st.binary())
def test_any_bytes_are_read_as_rich_text(data):
    assert read_rich_text(data).format == "RTF"


@given(st.text(alphabet="<>/!-=\"' abp;:#0()\nsvgtextrec"))
def test_any_text_is_read(text):
    assert read_svg(text).format == "SVG"
    assert read_calendar(text).format


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        (f"ATTENDEE;CN={SECRET}:mailto:a@mail.example", "author"),
        (f"X-ALT-DESC:meet {SECRET}", "custom-data"),
        (f"COMMENT:meet\r\n  {SECRET}", "custom-data"),
        ("X-WR-CALNAME:Sessions", None),
        ("SUMMARY:Drop-in session\\, library", None),
        ("ATTENDEE:", None),
        ("nothing", None),
    ],
)
def test_calendars(line, channel):
    contents = read_calendar(f"BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR")
    assert channels(contents) == ({channel} if channel else set())
    assert line.split(":")[-1].replace("\\,", ",").replace("\r\n ", "") in contents.passages[0].text


def test_a_calendar_of_many_lines_says_so():
    contents = read_calendar("BEGIN:VCALENDAR\n" + "COMMENT:a\n" * 1001)
    assert len(contents.traces) == 1000
    assert contents.unread


def test_kinds_are_told_by_content():
    assert looks_like_svg(b'\xef\xbb\xbf<?xml version="1.0"?><!-- a --><svg>')
    assert not looks_like_svg(b"a < b <svg>")
    assert not looks_like_svg(b"<html>")
    assert looks_like_rich_text(b"\n{\\rtf1")
    assert not looks_like_rich_text(b"a {\\rtf1")
    assert looks_like_calendar(b"begin:vcalendar\r\n")
    assert looks_like_calendar(b"BEGIN:VCARD\n")
    assert not looks_like_calendar(b"BEGIN:VCARDS\n")
