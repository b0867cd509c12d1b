"""Pages of HTML: what is hidden, each with a twin that is not, and what nobody can know."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.media.markup import read_markup
from saferedact.media.markup_style import color_of, declarations, same_color

SECRET = "Mhairi Oyelowo"
SHEET = "<style>p { background: #000 }</style>"


def channels(html):
    page = read_markup(f"<p>seen too</p>{html}")
    assert "seen too" in page.shown
    return {trace.channel for trace in page.traces}


@pytest.mark.parametrize(
    ("html", "channel"),
    [
        ('<p style="display:none">{}</p>', "hidden-text"),
        ('<p style="visibility:hidden">{}</p>', "hidden-text"),
        ('<p style="opacity:0">{}</p>', "hidden-text"),
        ('<span style="font-size:0">{}</span>', "hidden-text"),
        ('<span style="font-size:.5px">{}</span>', "hidden-text"),
        ("<div hidden><b>{}</b></div>", "hidden-text"),
        ("<!-- {} -->", "hidden-text"),
        ('<span style="color:#FFFFFF">{}</span>', "invisible-text"),
        ('<span style="color: rgb(100%, 100%, 100%)">{}</span>', "invisible-text"),
        ('<font color="white">{}</font>', "invisible-text"),
        ('<p style="color:transparent">{}</p>', "invisible-text"),
        ('<p style="color:rgba(0, 0, 0, 0)">{}</p>', "invisible-text"),
        ('<div style="background:#036"><p style="color:#036">{}</p></div>', "invisible-text"),
        ('<table bgcolor="#000"><td style="color:#000">{}</table>', "invisible-text"),
        ('<b style="color:#000;background-color:#000">{}</b>', "black-on-black"),
        ('<b style="color:#000;background-color:#000"><i>{}</i></b>', "black-on-black"),
        ('<p style="background:#000">{}</p>', "black-on-black"),
        ('<p style="text-indent:-9999px">{}</p>', "moved-text"),
        ('<p style="position:absolute;left:-9999px">{}</p>', "moved-text"),
        ('<p style="margin-left:-300em">{}</p>', "moved-text"),
        ('<p style="position:absolute;clip:rect(0,0,0,0)">{}</p>', "moved-text"),
        ('<p style="clip-path:inset(50%)">{}</p>', "moved-text"),
        ('<p style="height:0;overflow:hidden">{}</p>', "moved-text"),
        ("<template><p>{}</p></template>", "kept-markup"),
        ('<meta name="author" content="{}">', "author"),
        ('<meta property="article:author" content="{}">', "author"),
        ('<meta name="generator" content="{}">', "program"),
        ('<i data-witness="{}">a</i>', "custom-data"),
        ('<input type="hidden" name="caller" value="{}">', "form-value"),
        # nobody can know: a style sheet, a picture
        (SHEET + '<p style="color:#fff">{}</p>', "styled-text"),
        ('<p style="background:url(a.jpg);color:#fff">{}</p>', "styled-text"),
        ('<td background="a.jpg" style="color:#fff">{}</td>', "styled-text"),
    ],
)
def test_what_is_hidden(html, channel):
    page = read_markup("<p>seen</p>\n" + html.replace("{}", SECRET) + "\n<p>seen too</p>")
    (trace,) = page.traces
    assert (trace.channel, trace.place, trace.text) == (channel, "line 2", SECRET)
    assert (SECRET in page.shown) == (channel == "styled-text")
    assert "seen too" in page.shown


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<body style="background:#000"><p style="color:#fff">a b</p>',
        '<body bgcolor="black" text="white"><p>a b</p>',
        '<a style="background:#036;color:white" href="a">a b</a>',
        '<div style="background-color: navy"><h1 style="color: white">a b</h1></div>',
        '<p style="background-color:white">a b</p>',
        '<p style="background:white;color:#111">a b</p>',
        '<p style="background:none;color:#777">a b</p>',
        SHEET + "<p>a b</p>",
        SHEET + '<p style="background:#000">a b</p>',
        '<p style="background:url(a.jpg);color:#111">a b</p>',
        '<span style="font-size:1em">a b</span>',
        '<span style="font-size:0.8em">a b</span>',
        '<span style="font-size:10px">a b</span>',
        '<p style="opacity:.9">a b</p>',
        '<p style="text-indent:-2em">a b</p>',
        '<p style="margin-left:-9px;left:-40px">a b</p>',
        '<p style="overflow:hidden;height:10px">a b</p>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="description" content="A road is open again">',
        '<i data-id="4711" data-toggle="dropdown">a</i>',
        '<input type="hidden" name="token" value="9f3ac2">',
        '<input type="text" value="Your message">',
        "<!--[if mso]><td><![endif]-->",
        "<!-- -->",
        "<title>A title</title>",
    ],
)
def test_what_is_not_hidden(html):
    assert channels(html) == set()


def test_what_is_closed_hides_no_more():
    assert channels("<div hidden><br><p>a</div><p>b</p>") == {"hidden-text"}
    page = read_markup('<div hidden>a</div></div><p style="color:white">b</p><p>c</p>')
    assert "c" in page.shown
    assert [trace.text for trace in page.traces] == ["a", "b"]


def test_rules_that_give_text_the_color_of_its_ground():
    sheet = "<style>\n.x { color: #fff; background: white }\n.y { color: #fff; background: #036 }</style>"
    (trace,) = read_markup(sheet).traces
    assert (trace.channel, trace.place, trace.text) == ("styled-text", "line 2", ".x")


def test_ends_that_nobody_writes():
    assert "b" in read_markup("<p hidden>a<p>b").shown
    assert "b" in read_markup("<ul><li hidden>a<li>b</ul>").shown
    assert "b" not in read_markup("<p hidden>a<br>b").shown


def test_many_lines_are_told_together():
    page = read_markup("\n".join(f"<p hidden>word {n}</p>" for n in range(1, 501)))
    assert len(page.traces) == 21
    assert page.traces[19].place == "line 20"
    assert page.traces[20].place == "lines 21 to 500"
    assert "word 500" in page.traces[20].text


@given(st.text())
def test_any_text_is_read_as_html(text):
    shown = read_markup(f"<p>before</p><p>{escape(text)}</p>").shown
    assert text.replace("\r\n", "\n").replace("\r", "\n") in shown.replace("\r\n", "\n").replace(
        "\r", "\n"
    )


@given(st.text(alphabet="<>/!-=\"' abp;:#0()\nstyle"))
def test_any_markup_is_read_and_nothing_is_made_up(text):
    assert set(read_markup(text).shown) <= {*text, "\n"}


@pytest.mark.parametrize(
    ("value", "color"),
    [
        ("", None),
        ("#fff", (255, 255, 255)),
        ("#FFF0", (255, 255, 255, 0)),
        ("#12345678", (18, 52, 86)),
        ("rgb(1 2 3 / 50%)", (1, 2, 3)),
        ("rgba(1, 2, 3, 0)", (1, 2, 3, 0)),
        ("rgb(1..2, 2, 3)", (0, 2, 3)),
        ("no-repeat navy", (0, 0, 128)),
        ("url(a.png) #fff", None),
        ("linear-gradient(#fff, #000)", None),
        ("var(--ink)", None),
        ("rebeccapurple", None),
    ],
)
def test_colors(value, color):
    assert color_of(value) == color


def test_declarations_of_a_style():
    style = "COLOR: Red !important; color:/* x */blue; background:url('a;b:c') ; ; broken"
    assert declarations(style) == {"color": "blue", "background": "url('a;b:c')"}
    assert same_color((255, 255, 255), (250, 250, 250))
    assert not same_color((255, 255, 255), (240, 255, 255))
