"""Lines of exported chats: who sends, and what is said."""

import pytest

from saferedact.text.chat_lines import chat_lines
from saferedact.text.identifiers.contact import find_senders
from saferedact.text.message_names import find_message_names


def read(text):
    return [
        (line.sender and text[slice(*line.sender)], text[line.start : line.end])
        for line in chat_lines(text)
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n", [(None, "")]),
        ("nobody sends this", [(None, "nobody sends this")]),
        ("jay: who told spud", [("jay", "who told spud")]),
        ("jay : who told spud", [("jay", "who told spud")]),
        ("jay:who told spud", [(None, "jay:who told spud")]),
        ("<Jay> who told spud", [(None, "who told spud")]),
        ("<Jay>who", [(None, "<Jay>who")]),
        ("[14/02/2024, 18:02:11] jay: who told spud", [("jay", "who told spud")]),
        ("14/02/2024, 18:02 - jay: who told spud", [("jay", "who told spud")]),
        ("[6:02 pm] jay: who: me", [("jay", "who: me")]),
        ("[yesterday] jay: yo\nmo: yo", [("jay", "yo"), ("mo", "yo")]),
        ("at 18:02 nobody sends this", [(None, "at 18:02 nobody sends this")]),
        ("x" * 40 + ": no sender is so long", [(None, "x" * 40 + ": no sender is so long")]),
    ],
)
def test_heads_of_lines(text, lines):
    assert read(text) == lines


@pytest.mark.parametrize(
    "stamp", ["", "[14/02/2024, 18:02:11] ", "14/02/2024, 18:02 - ", "[18:02] "]
)
def test_both_rules_know_every_stamp(stamp):
    text = f"{stamp}shadowboi: ask spud hes at home\n{stamp}shadowboi: yo"
    assert [text[span.start : span.end] for span in find_senders(text)] == ["shadowboi"] * 2
    assert [text[start:end] for start, end, _ in find_message_names(text)] == ["spud"]


def test_a_long_line_costs_no_time():
    (line,) = chat_lines("[" * 1_000_000)
    assert line.sender is None
