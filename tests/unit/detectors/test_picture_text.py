import re

import numpy as np
import pytest

from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.errors import InputError
from saferedact.geometry import covered_fraction
from saferedact.text.spans import TextSpan

PITCH = 10.0  # pixels of one drawn character
HEIGHT = 20.0


def line(text, x=0.0, y=0.0, *, score=0.99, degrees=0.0, height=HEIGHT, whole=False):
    """A line whose characters are PITCH wide, turned clockwise about its first corner."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    start, end = (np.array([word[i] for word in words], dtype=np.int64) for i in (0, 1))
    length = PITCH * max(len(text), 1)
    angle = np.deg2rad(degrees)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    down = np.array([-ahead[1], ahead[0]])
    corner = np.array([x, y])
    quad = np.stack(
        [corner, corner + length * ahead, corner + length * ahead + height * down,
         corner + height * down]
    )  # fmt: skip
    along = np.stack([start, end], axis=1) * PITCH / length
    if whole:
        along = np.tile([0.0, 1.0], (len(words), 1))
    return TextLine(quad.astype(np.float32), text, score, start, end, along.astype(np.float32))


def span_of(picture, wanted):
    at = picture.text.index(wanted)
    return TextSpan(at, at + len(wanted), "name", "person", 0.9, "test")


def test_nothing_is_an_empty_text():
    picture = arrange([])
    assert picture.text == ""
    assert len(picture) == 0
    assert picture.unread.shape == (0, 4)
    assert picture.boxes_of(TextSpan(0, 5, "name", "person", 0.9, "test")).shape == (0, 4)


def test_one_word_is_covered_with_a_margin_of_its_height_along_the_line():
    picture = arrange([line("call Sarah now", 100, 50)])
    (box,) = picture.boxes_of(span_of(picture, "Sarah"))
    np.testing.assert_allclose(box, [150 - 6, 50, 200 + 6, 70], atol=1e-3)


@pytest.mark.parametrize("order", ["rows", "columns"])
def test_words_are_where_the_text_says(order):
    lines = [line("second line", 0, 40), line("first", 0, 0), line("far right", 500, 1)]
    picture = arrange(lines, order=order)
    words = [
        picture.text[a:b] for a, b in zip(picture.start.tolist(), picture.end.tolist(), strict=True)
    ]
    assert sorted(words) == ["far", "first", "line", "right", "second"]
    for word, number, quad in zip(words, picture.line.tolist(), picture.quads, strict=True):
        assert word in lines[number].text
        at = lines[number].text.index(word)
        left = lines[number].quad[0, 0] + at * PITCH
        np.testing.assert_allclose(quad[0, 0], left, atol=1e-3)


def test_rows_are_read_across_and_columns_down():
    lines = [
        line("Sarah", 0, 0),
        line("Havercroft", 0, 24),
        line("Name:", 300, 0),
        line("Tom", 300, 24),
    ]
    assert arrange(lines).text == "Sarah\tName:\nHavercroft\tTom"
    assert arrange(lines, order="columns").text == "Sarah\nHavercroft\n\nName:\nTom"


def test_a_line_that_was_cut_in_two_is_one_sentence():
    assert arrange([line("croft", 75, 0), line("Haver", 0, 0)]).text == "Haver\tcroft"
    assert arrange([line("croft", 65, 0), line("Haver", 0, 0)]).text == "Haver croft"


def test_a_name_on_two_lines_has_a_box_on_each():
    picture = arrange([line("ask for Gwilym", 0, 0), line("Pritchard today", 0, 26)])
    boxes = picture.boxes_of(span_of(picture, "Gwilym\nPritchard"))
    np.testing.assert_allclose(boxes, [[74, 0, 146, 20], [-6, 26, 96, 46]], atol=1e-3)


def test_words_side_by_side_become_one_box_so_that_their_number_does_not_show():
    picture = arrange([line("Sarah Jane Havercroft")])
    assert len(picture.boxes_of(span_of(picture, "Sarah Jane Havercroft"))) == 1


def test_a_part_of_a_word_covers_all_of_it():
    picture = arrange([line("Sarah's bag")])
    np.testing.assert_array_equal(
        picture.boxes_of(span_of(picture, "arah")), picture.boxes_of(span_of(picture, "Sarah's"))
    )


@pytest.mark.parametrize("degrees", [10, -10, 30, 80, 100, 190])
def test_a_slanted_name_is_covered_without_the_lines_beside_it(degrees):
    picture = arrange([line("meet Sarah Havercroft there", 300, 300, degrees=degrees)])
    boxes = picture.boxes_of(span_of(picture, "Sarah Havercroft"))
    covered = float(((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sum())
    assert covered < 3.2 * 16 * PITCH * HEIGHT
    inside = picture.quads[1:3].reshape(-1, 2)
    points = np.concatenate([inside - 0.01, inside + 0.01], axis=1)
    assert (covered_fraction(points.astype(np.float32), boxes) > 0.2).all()


def test_a_slanted_page_keeps_its_rows():
    angle = np.deg2rad(10)
    down = np.array([-np.sin(angle), np.cos(angle)]) * 30
    lines = [line(f"line {i} of the page", *(400 + down * i), degrees=10) for i in (2, 0, 1)]
    right = np.array([np.cos(angle), np.sin(angle)]) * 400
    lines.append(line("beside", *(400 + right), degrees=10))
    assert arrange(lines).text.split("\n") == [
        "line 0 of the page\tbeside", "line 1 of the page", "line 2 of the page"
    ]  # fmt: skip


def test_a_line_whose_words_have_no_place_is_covered_whole():
    picture = arrange([line("tell Sarah nothing", whole=True)])
    (box,) = picture.boxes_of(span_of(picture, "Sarah"))
    assert box[0] <= 0
    assert box[2] >= 180


@pytest.mark.parametrize(
    ("text", "score", "unread"),
    [("scrawl", 0.3, 1), ("scrawl", 0.9, 0), ("", 0.0, 0), ("x" * 20, 0.0, 1), ("Q", 0.1, 0)],
)
def test_what_was_not_read_is_told_if_it_has_room_for_a_name(text, score, unread):
    picture = arrange([line(text, 10, 10, score=score)])
    assert len(picture.unread) == unread


def test_lines_of_another_height_do_not_join_a_column():
    lines = [line("HEADLINE", 0, 0, height=60), line("small print", 0, 70, height=12)]
    assert "\n\n" in arrange(lines, order="columns").text


def test_another_order_is_refused():
    with pytest.raises(InputError, match="rows or columns"):
        arrange([], order="spiral")
