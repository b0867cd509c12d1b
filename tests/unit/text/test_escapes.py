"""Letters in another writing are read, and lead back to what stands in the text."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.text.escapes import unescaped_lines

NOTE = base64.b64encode(b"Priya Nair came").decode()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", None),
        ("nothing of the kind: 5% of A&B, x=20, C:\\names\\tom", None),
        ("%", None),
        ("Olivia%20Bramhall", "Olivia Bramhall"),
        ("Si%C3%A2n, Si%E2n", "Si\u00e2n, Si\u00e2n"),
        ("a%0Ab", "a b"),
        ("O&rsquo;Brien &#78;air &#x4e;air &nosuchthing;", "O\u2019Brien Nair Nair &nosuchthing;"),
        ("Si\\u00e2n N\\x61ir \\u{4e}air", "Si\u00e2n Nair Nair"),
        ("\\ud835\\udc0f \\ud835 \\U0010ffff", "\U0001d40f \\ud835 \U0010ffff"),
        ("met\\nOlivia C:\\names", "met\nOlivia C:\\names"),
        ("Si=C3=A2n", "Si\u00e2n"),
        ("=?UTF-8?B?UHJpeWE=?= =?utf-8?q?Si=C3=A2n_O?= =?x-none?q?a?=", "Priya Si\u00e2n O =?x-none?q?a?="),
        (f"token {NOTE} end", "token Priya Nair came end"),
        (NOTE.replace("+", "-").rstrip("="), "Priya Nair came"),
        ("data:;base64," + base64.b64encode(b"long " * 40).decode(), "data:;base64," + "long " * 40),
        (base64.b64encode(bytes(range(256))).decode(), None),
        (base64.b64encode(b"words at first, " * 6 + bytes(range(256))).decode(), None),
        ("internationalisation", None),
        ("&amp;#78;air", "Nair"),
        ("%2520", " "),
    ],
)  # fmt: skip
def test_what_is_read(text, read):
    found = unescaped_lines(text)
    assert (found and found.text) == read


def test_lines_far_from_escapes_are_left_out():
    lines = [f"line {number}" for number in range(9)]
    lines[4] = "Priya%20Nair"
    found = unescaped_lines("\n".join(lines))
    assert found is not None
    assert found.text == "line 3\nPriya Nair\nline 5\n"


@given(
    st.lists(st.sampled_from(["a", "%20", "\n", "&#78;", "\\u00e9", NOTE, "=", " "]), max_size=12)
)
def test_every_letter_leads_back_to_its_place(parts):
    text = "".join(parts)
    found = unescaped_lines(text)
    if found is None:
        return
    last = 0
    for place in range(len(found.text)):
        start, end = found.to_source(place, place + 1)
        assert last <= end <= len(text)
        assert start < end
        last = start
