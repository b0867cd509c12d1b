"""What a page's end divides is read as one text, with and without running titles."""

import numpy as np
import pytest

from saferedact.media.pdf_views import PageView, TextLayer
from saferedact.pipeline.pdf.page_ends import PageEnds
from saferedact.policy import load_policy
from saferedact.text.spans import TextSpan

BODY = "The hall was booked for the evening and the chairs were set out by the team. "


def page(index, *blocks, hidden=False):
    text = "\n\n".join(blocks)
    places = np.arange(len(text), dtype=np.float32)
    boxes = np.stack([places, places * 0, places + 1, places * 0 + 1], axis=1)
    layer = TextLayer(text, boxes, np.zeros(len(text), dtype=np.int32), hidden)
    layers = (layer,) if text else ()
    return PageView(index, (9e3, 9.0), layers, look=False, raster="", patches=(), trusted=True)


def read(*pages):
    ends = PageEnds()
    return [[joint.text for joint in ends.joints(view)] for view in pages]


def test_nothing_is_before_the_first_page():
    assert read(page(0, "a")) == [[]]


@pytest.mark.parametrize("empty", [page(1), page(1, "unseen", hidden=True)])
def test_a_page_without_text_parts_its_neighbours(empty):
    assert read(page(0, "a"), empty, page(2, "b")) == [[], [], []]


def test_a_divided_word_is_left_to_be_joined():
    assert read(page(0, "Be-"), page(1, "atriz")) == [[], ["Be-\natriz"]]


def test_heads_and_feet_are_read_and_left_out():
    last = BODY + "call 07700"
    _, texts = read(page(0, last, "OFFICIAL", "1"), page(1, "OFFICIAL", BODY))
    assert texts == [
        f"{last}\n\nOFFICIAL\n\n1 OFFICIAL\n\n{BODY}",
        f"{last}\n\nOFFICIAL\n\n1 {BODY}",
        f"{last} OFFICIAL\n\n{BODY}",
        f"{last} {BODY}",
    ]


def test_a_long_page_is_not_read_again():
    (_, (text,)) = read(page(0, BODY * 9), page(1, BODY * 9))
    assert text == f"{(BODY * 9).rstrip()[-200:]} {(BODY * 9)[:200]}"


def test_short_pages_are_not_all_head():
    assert read(page(0, "Priya", "1"), page(1, "Nair")) == [[], ["Priya\n\n1 Nair"]]


def test_what_reaches_over_the_end_is_proposed_on_both_pages():
    ends = PageEnds()
    ends.joints(page(0, BODY + "call 07700"))
    (joint,) = ends.joints(page(1, "900345 or not"))
    at = joint.text.index("07700")
    spans = [
        TextSpan(at, at + 12, "identifier", "phone", 0.9, "test"),
        TextSpan(at, at + 5, "identifier", "phone", 0.9, "test"),
        TextSpan(at + 6, at + 12, "identifier", "phone", 0.9, "test"),
    ]
    first, second = joint.proposals(spans, load_policy("release"))
    start = len(BODY) + 5
    assert (first["page"], first["xyxy"]) == (0, (start, 0, start + 5, 1))
    assert (second["page"], second["xyxy"]) == (1, (0, 0, 6, 1))
