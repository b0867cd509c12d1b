"""Drawings in markup: what could not be put together is told. Channels: tests/unit/hidden."""

import pytest

from saferedact.media.svg import read_svg


@pytest.mark.parametrize(("value", "told"), [("a word", False), ("&one;&one;", True)])
def test_entities_that_stand_for_others_are_told(value, told):
    text = f'<!DOCTYPE svg [<!ENTITY one "b"><!ENTITY two "{value}">]><svg><text>&two;</text></svg>'
    assert bool(read_svg(text).unread) == told
