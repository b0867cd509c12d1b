"""Pages, drawings, rich text and calendars of strangers: nothing shown is lost, nothing takes for ever."""

import pytest

from saferedact.media.calendar_file import read_calendar
from saferedact.media.markup import read_markup
from saferedact.media.markup_style import declarations
from saferedact.media.rich_text import read_rich_text
from saferedact.media.svg import read_svg

NAME = "Harriet Osgathorp"
MANY = 100_000  # what takes a second for each pair of these would never end


def shown(contents):
    return [passage.text for passage in contents.passages]


def traces(contents):
    return [(trace.channel, trace.text) for trace in contents.traces]


@pytest.mark.parametrize(
    "inside",
    [
        f'<text x="1" y="9"><![CDATA[{NAME}]]></text>',
        f'<text x="1" y="9">{NAME}',
        f'<text x="1" y="9">{NAME[:3]}<tspan>{NAME[3:8]}</tspan><tspan fill="red">{NAME[8:]}</tspan></text>',
        f'<text><a href="x">{NAME[:7]}</a> {NAME[8:]}</text>',
        f'<g aria-label="{NAME}"></g>',
        f'<g inkscape:label="{NAME}"></g>',
    ],
)
def test_words_of_a_drawing(inside):
    contents = read_svg(f"<svg>{inside}</svg>")
    assert shown(contents) == [NAME]
    assert traces(contents) == []


def test_lines_of_a_text_stay_apart():
    lines = '<tspan x="1" y="9">met</tspan><tspan x="1" y="20">Jim</tspan>'
    assert shown(read_svg(f"<svg><text>{lines}</text></svg>")) == ["met", "Jim"]


def test_a_hidden_part_of_a_text_is_hidden():
    contents = read_svg(f'<svg><text>met <tspan display="none">{NAME}</tspan></text></svg>')
    assert shown(contents) == ["met"]
    assert traces(contents) == [("hidden-text", NAME)]


def test_entities_are_read_where_they_are_declared():
    declared = f"<!DOCTYPE svg [ <!ENTITY who \"{NAME}\"> <!ENTITY where 'the gate'> ]>"
    contents = read_svg(f"{declared}<svg><text>&who;</text></svg>")
    assert shown(contents)[:2] == [NAME, "the gate"]


def test_titles_of_a_drawing_and_of_its_parts():
    contents = read_svg(f"<svg><title>{NAME}</title><g><title>a door</title></g></svg>")
    assert traces(contents) == [("title", NAME), ("alternate-text", "a door")]


def test_more_shapes_than_are_compared_are_told():
    text = '<text x="5" y="9">word</text>'
    cover = '<rect width="90" height="90"/>'
    assert traces(read_svg(f"<svg>{text}{cover}</svg>")) == [("text-under-shape", "word")]
    many = '<rect width="1" height="1"/>' * 5_000
    contents = read_svg(f"<svg>{text}{many}{cover}</svg>")
    assert contents.unread == ("what shapes of the drawing cover was not looked at in full",)


@pytest.mark.parametrize(
    ("inside", "channel"),
    [
        (f'<img alt="{NAME}">', None),
        (f'<p title="{NAME}">a</p>', None),
        (f'<input value="{NAME}">', None),
        (f'<input type="hidden" value="{NAME}">', "form-value"),
        (f"<![CDATA[{NAME}]]>", "hidden-text"),
        (f"<![{NAME}]>", "hidden-text"),
        (f"<p>{NAME}", None),
    ],
)
def test_words_of_a_page_that_are_no_text_of_an_element(inside, channel):
    page = read_markup(f"<html><body>{inside}</body></html>")
    assert (NAME in page.shown) is (channel is None)
    assert [trace.channel for trace in page.traces if NAME in trace.text] == [channel] * bool(
        channel
    )


def test_an_address_behind_a_link():
    page = read_markup('<a href="mailto:harriet%40example.org?subject=x">write</a>')
    assert "harriet@example.org" in page.shown.split()


@pytest.mark.parametrize("sign", ["<![x[", "<![ >", "<![CDATA[", "<!x", "<!--"])
@pytest.mark.parametrize("read", [read_markup, read_svg])
def test_broken_sections_raise_nothing(read, sign):
    assert read(f"<svg>{sign}<text>a</text></svg>{sign}") is not None


@pytest.mark.parametrize(
    "page",
    [
        "<a " * MANY,
        "<!--" * MANY,
        "<!-- >" * MANY,
        "<b>" * (MANY // 8) + "</i>" * MANY,
        "<style>" * MANY,
        "<style>" + "a{color:red;background:red}\n" * (MANY // 20) + "</style>",
        f'<p data-x="{"a" * MANY}">a</p>',
        f'<p style="{"a" * MANY}">a</p>',
        f'<p style="*/{"/*" * MANY}">a</p>',
        f'<p style="){"a:(" * MANY}">a</p>',
        f'<p style="color:{" " * MANY}x">a</p>',
        "<link " * MANY,
    ],
    ids=lambda page: page[:12],
)
def test_a_long_page_is_read_in_the_time_it_takes_and_nothing_before_it_is_lost(page):
    assert NAME in read_markup(f"<p>{NAME}</p>{page}").shown
    assert NAME in shown(read_svg(f"<svg><text>{NAME}</text>{page}</svg>"))


def test_a_rule_in_the_color_of_its_ground_has_its_line():
    sheet = "<html>\n<style>\n@media print { .a { color: #fff; background: #fffffe } }\n.b{color:red}\n</style>"
    ((trace),) = read_markup(sheet + "<p>a</p>").traces
    assert (trace.channel, trace.place, trace.text) == ("styled-text", "line 3", ".a")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("", {}),
        ("color: RED", {"color": "red"}),
        ("color:red !important ; top:1px;", {"color": "red", "top": "1px"}),
        ("color:red;color:blue", {"color": "blue"}),
        ("background:url(a;b:c);color:red", {"background": "url(a;b:c)", "color": "red"}),
        ("content:'a;b';color:red", {"content": "'a;b'", "color": "red"}),
        ("/* color:blue */color:red/* and more", {"color": "red"}),
        ("*zoom:1; :2; 3:4; font family:x", {"zoom": "1", "family": "x"}),
        ("content:'a;color:red", {"content": "'a", "color": "red"}),
    ],
)
def test_declarations(style, expected):
    assert declarations(style) == expected


def test_what_an_object_of_rich_text_shows():
    result = rf"{{\result{{\rtlch {NAME}}}}}"
    rtf = r"{\rtf1 a{\object{\*\objdata 00}" + result + r"}{\object{\*\objclass x}}}"
    contents = read_rich_text(rtf.encode())
    assert NAME in "".join(shown(contents))
    assert "00" not in "".join(shown(contents))


def test_the_address_behind_a_link_of_rich_text():
    field = rb'{\field{\*\fldinst HYPERLINK "mailto:harriet@example.org"}{\fldrslt write}}'
    assert "harriet@example.org" in shown(read_rich_text(rb"{\rtf1" + field + b"}"))[0]


@pytest.mark.parametrize(
    ("page", "text"), [(b"1252", "\xc8\xe2"), (b"1251", "\u0418\u0432"), (b"932", "\xc8\xe2")]
)
def test_rich_text_in_the_code_page_it_names(page, text):
    assert shown(read_rich_text(rb"{\rtf1\ansicpg%s \'c8\'e2}" % page)) == [text]


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        (f'ATTENDEE;CN="{NAME}: chair":mailto:x@example.org', "author"),
        (f"ATTENDEE;CN={NAME};ROLE=CHAIR:mailto:x@example.org", "author"),
        (f"COMMENT:{NAME}", "custom-data"),
        (f"SUMMARY;LANGUAGE=en:{NAME}", None),
        (f"COMMENT {NAME}:x", None),
    ],
)
def test_lines_of_a_calendar(line, channel):
    contents = read_calendar(f"BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n")
    assert NAME in shown(contents)[0]
    assert [trace.channel for trace in contents.traces] == [channel] * bool(channel)


@pytest.mark.parametrize("line", ["A" + ";" * MANY, 'A;"' * MANY, "A;B=" * MANY])
def test_a_long_line_of_a_calendar_is_read_in_the_time_it_takes(line):
    assert read_calendar(f"BEGIN:VCALENDAR\n{line}\n").traces == ()
