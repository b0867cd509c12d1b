"""Pieces of text files: what is read, and that everything else stays byte by byte."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.errors import InputError
from saferedact.text.layout import TEXT_FORMATS, split_text
from saferedact.text.segments import join_segments, write_segments


def texts(source, form):
    return [segment.text for segment in split_text(source, form)]


@pytest.mark.parametrize(
    ("form", "source", "pieces"),
    [
        ("txt", "", []),
        ("txt", "a\nb", ["a\nb"]),
        ("csv", "", [""]),
        ("csv", "a", ["a"]),
        ("csv", "a,b\r\nc,d\r\n", ["a", "b", "c", "d"]),
        ("csv", 'a;"b; ""c"""\nd;', ["a", 'b; "c"', "d", ""]),
        ("csv", '"a\nb",c\n', ["a\nb", "c"]),
        ("csv", 'a"b,"c\n', ['a"b', '"c']),
        ("tsv", "a b\tc\n", ["a b", "c"]),
        ("json", '{"a": "b\\u00e9\\"", "n": 12, "l": [true, null, -1.5]}',
         ["a", 'b\u00e9"', "n", "12", "l", "-1.5"]),
        ("jsonl", '{"a": "b"}\n{"a": "c"}\n', ["a", "b", "a", "c"]),
        ("srt", "1\n00:00:01,000 --> 00:00:02,000\nAnd then\nPriya\n\n", ["And then", "Priya"]),
        ("srt", "1\n00:00:01,000 --> 00:00:02,000\n07700900345\n\n2\n00:00:03,000 --> 00:00:04,000\n12\n",
         ["07700900345", "12"]),  # said, not counted
        ("srt", "12345678\n00:00:01,000 --> 00:00:02,000 X1:10 Y1:20\nhi\n", ["12345678", "hi"]),
        ("srt", "1\n00:00:01,000 --> 00:00:02,000\nPriya --> 07700 900345\n", ["Priya --> 07700 900345"]),
        ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000 align:start position:10%,line-left\nNOTE Priya\n", ["NOTE Priya"]),
        ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Priya>Hi\n", ["<v Priya>Hi"]),
        ("html", "", []),
        ("html", "a &amp; b", ["a & b"]),
        ("html", '<p title="Zo&euml;">x<b>y</b></p>', ["Zo\u00eb", "x", "y"]),
        ("html", "<!-- c --><script>var a=1<2</script>z", [" c -->", "var a=1<2", "z"]),
        ("html", "1 < 2", ["1 ", "<", " 2"]),
        ("html", "<a href=x>y", ["x", "y"]),
        ("html", '<img alt="Jo > Priya">z', ["Jo > Priya", "z"]),
        ("html", "<img alt='Jo > Priya' id=b>z", ["Jo > Priya", "b", "z"]),
        ("html", '<img alt="Jo > z', [" z"]),  # a value that no quote ends
        ("html", "<p title=it's>y</p>", ["it's", "y"]),
        ("html", "<a href='mailto:priya%2Enair%40b.c'>y", ["mailto:priya.nair@b.c", "y"]),
        ("html", "<!doctype html><p", []),
        ("html", "Jo <jo.bramhall@example.org> z", ["Jo ", "jo.bramhall@example.org", " z"]),
        ("html", "<![CDATA[Priya]]><?php Priya ?></Priya>", ["![CDATA[Priya]]", "?php Priya ?", "/Priya"]),
        ("html", "<!DOCTYPE Priya><!DOCTYPE html SYSTEM 'Priya'>", ["!DOCTYPE Priya", "!DOCTYPE html SYSTEM 'Priya'"]),
        ("html", '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">', []),
        ("html", '<p data-priya="x" Nair title="a data-b c">', ["data-priya", "x", "Nair", "a data-b c"]),
        ("html", '<x-priya title="a">', ["x-priya", "a"]),
        ("html", "<a b=b'c d=\"it's data-y z\">", ["b'c", "it's data-y z"]),  # quotes that do not match
        ("srt", "1\n00:00:01,000 --> 00:00:02,000 X1:10 Priya:Nair\nhi\n", ["Priya:Nair", "hi"]),
        ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000 align:start region:Priya\nhi\n", ["region:Priya", "hi"]),
        ("html", "<script>x", ["x"]),
    ],
)  # fmt: skip
def test_pieces(form, source, pieces):
    assert texts(source, form) == pieces


def test_headings_of_columns_are_read_before_each_cell():
    segments = split_text("name,officer\nPriya,4418\n", "csv")
    joined, places = join_segments(segments)
    assert "officer: 4418" in joined
    assert [joined[start:end] for start, end in places] == ["name", "officer", "Priya", "4418"]


def test_keys_of_json_are_read_before_their_values():
    joined, _ = join_segments(split_text('{"dob": "14/03/1989"}', "json"))
    assert "dob: 14/03/1989" in joined


def test_a_word_that_is_half_bold_is_one_word():
    joined, _ = join_segments(split_text("<p>Pri<b>ya</b> Nair</p><p>x</p>", "html"))
    assert joined == "\nPriya Nair\nx"


@pytest.mark.parametrize(
    ("form", "source", "new", "written"),
    [
        ("csv", 'a,"b"\n', 'x"', 'x","x"""\n'),
        ("json", '{"a": 12}', 'x"', '{"x\\"": "x\\""}'),
        ("html", "<p title='y'>z<a href=w>", "<x>", "<p title='&lt;x&gt;'>&lt;x&gt;<a href=\"&lt;x&gt;\">"),
        ("html", "<a href='mailto:a%20b'>", "[X] & y", "<a href='[X]%20&amp;%20y'>"),
        ("srt", "1\n00:01 --> 00:02\nhi\n", "x", "1\n00:01 --> 00:02\nx\n"),
    ],
)  # fmt: skip
def test_new_pieces_are_escaped(form, source, new, written):
    segments = split_text(source, form)
    assert write_segments(source, segments, [new] * len(segments)) == written


@pytest.mark.parametrize("source", ["{", "{'a': 1}", "[" * 100_000, "nul"])
def test_what_is_not_json_is_refused(source):
    with pytest.raises(InputError, match="not JSON"):
        split_text(source, "json")


SOURCES = st.lists(
    st.sampled_from([*"ab\"',;<>&!-/=\n\r\t1: ", "\u00e9", "<b>", "-->", "<script>", '""'])
).map("".join)


@given(SOURCES, st.sampled_from([form for form in TEXT_FORMATS if not form.startswith("json")]))
def test_unchanged_pieces_give_the_same_file(source, form):
    segments = split_text(source, form)
    last = 0
    for segment in segments:
        assert last <= segment.start <= segment.end <= len(source)
        last = segment.end
    assert write_segments(source, segments, [segment.text for segment in segments]) == source


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(TREES, st.booleans())
def test_json_stays_json_and_every_string_is_read(tree, ascii_only):
    source = json.dumps(tree, ensure_ascii=ascii_only)
    segments = split_text(source, "json")
    pieces = [segment.text for segment in segments]
    assert write_segments(source, segments, pieces) == source
    json.loads(write_segments(source, segments, ["[NAME]"] * len(segments)))

    def strings(node):
        if isinstance(node, str):
            yield node
        elif isinstance(node, list):
            for item in node:
                yield from strings(item)
        elif isinstance(node, dict):
            for key, value in node.items():
                yield key
                yield from strings(value)

    assert set(strings(tree)) <= set(pieces)
