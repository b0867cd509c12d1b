"""Drawings in markup: what could not be put together is told. Channels: tests/unit/hidden."""

import pytest

from saferedact.media.svg import read_svg


@pytest.mark.parametrize(("value", "told"), [("a word", False), ("&one;&one;", True)])
def test_entities_that_stand_for_others_are_told(value, told):
    text = f'<!DOCTYPE svg [<!ENTITY one "b"><!ENTITY two "{value}">]><svg><text>&two;</text></svg>'
    assert bool(read_svg(text).unread) == told


def shown(declared, text):
    contents = read_svg(f"<!DOCTYPE svg [{declared}]><svg><text>{text}</text></svg>")
    return [passage.text for passage in contents.passages], contents.unread


@pytest.mark.parametrize(
    ("declared", "text", "read"),
    [
        ('<!ENTITY a "H&#97;rriet Osg&#x61;thorp">', "&a;", "Harriet Osgathorp"),
        ('<!ENTITY a "07700 900345">', "Call &a;", "Call 07700 900345"),
        ('<!ENTITY a "Harr"><!ENTITY b "iet">', "&a;&b; Osga&c;", "Harriet Osga&c;"),
        ('<!ENTITY a "Harriet"><!ENTITY a "nobody">', "&a;", "Harriet"),
    ],
)
def test_a_text_says_what_its_entities_stand_for(declared, text, read):
    passages, unread = shown(declared, text)
    assert passages[-1] == read
    assert unread == ()


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY {"n" * 101} "Harriet">',
        '<!ENTITY a "&#60;text>Harriet">',
        "<!ENTITY % a 'Harriet'>",
        '<!ENTITY a SYSTEM "a.txt">',
        '<!ENTITY b "c"><!ENTITY a SYSTEM "a.txt">',
    ],
)
def test_entities_that_are_not_read_are_told(declared):
    assert shown(declared, "&a;")[1] == ("entities of the drawing were not all read",)


def test_entities_fill_no_memory():
    passages, unread = shown(f'<!ENTITY a "{"b" * 1000}">', "&a;" * 2000)
    assert sum(map(len, passages)) < 200_000
    assert unread
