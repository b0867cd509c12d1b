"""Properties of the way from a text back to pixels."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.geometry import BoxesXYXY, widen
from saferedact.text.spans import TextSpan


@st.composite
def lines(draw):
    """Lines of invented words anywhere, turned any way; words may have lost their places."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        text = draw(st.from_regex(r"[a-z]{1,6}( [a-z]{1,6}){0,4}", fullmatch=True))
        x, y = draw(st.tuples(st.floats(0, 900), st.floats(0, 900)))
        angle = np.deg2rad(draw(st.sampled_from([0, 0, 0, 3, -10, 45, 90, 180, 271])))
        height = draw(st.floats(4, 60))
        ahead = np.array([np.cos(angle), np.sin(angle)]) * height / 2 * len(text)
        down = np.array([-np.sin(angle), np.cos(angle)]) * height
        quad = np.array([x, y]) + np.stack([0 * ahead, ahead, ahead + down, down])
        spans = [match.span() for match in re.finditer(r"\S+", text)]
        along = (
            np.array(spans) / len(text)
            if draw(st.booleans())
            else np.tile([0.0, 1.0], (len(spans), 1))
        )
        start, end = np.array(spans, dtype=np.int64).T
        score = draw(st.floats(0, 1))
        found.append(
            TextLine(quad.astype(np.float32), text, score, start, end, along.astype(np.float32))
        )
    return found


def inside(points, boxes: BoxesXYXY):
    low = (points[:, None] >= boxes[None, :, :2] - 1e-2).all(axis=2)
    high = (points[:, None] <= boxes[None, :, 2:] + 1e-2).all(axis=2)
    return (low & high).any(axis=1)


def points_of(quad):
    """A grid of points of a quad, its corners among them."""
    u, v = (grid.reshape(-1, 1) for grid in np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 5)))
    top, bottom = quad[0] + u * (quad[1] - quad[0]), quad[3] + u * (quad[2] - quad[3])
    return top + v * (bottom - top)


@given(lines(), st.sampled_from(["rows", "columns"]), st.data())
def test_the_boxes_of_a_stretch_cover_every_word_it_touches(found, order, data):
    picture = arrange(found, order=order)
    start = data.draw(st.integers(0, len(picture.text) - 1))
    end = data.draw(st.integers(start + 1, len(picture.text)))
    boxes = picture.boxes_of(TextSpan(start, end, "name", "person", 0.5, "test"))
    for a, b, quad in zip(picture.start, picture.end, picture.quads, strict=True):
        if a < end and b > start:
            assert inside(points_of(quad.astype(np.float64)), boxes).all()


@given(lines(), st.sampled_from(["rows", "columns"]))
def test_every_word_is_in_the_text_once(found, order):
    picture = arrange(found, order=order)
    words = [picture.text[a:b] for a, b in zip(picture.start, picture.end, strict=True)]
    assert sorted(words) == sorted(word for line in found for word in line.text.split())
    assert sorted(picture.text.split()) == sorted(words)
    assert (picture.start[1:] >= picture.end[:-1]).all()


words = st.tuples(
    st.floats(0, 300, width=32), st.floats(0, 200, width=32), st.floats(1, 400, width=32),
    st.floats(4, 40, width=32),
)  # fmt: skip


@given(words, st.floats(0.5, 20), st.integers(400, 2000))
def test_a_widened_box_holds_the_word_and_is_a_multiple_wide(word, heights, width):
    x, y, w, h = word
    width += round(x + w)  # the word is inside the frame
    box = np.array([[x, y, x + w, y + h]], dtype=np.float32)
    (wide,) = widen(box, heights, size_wh=(width, 500))
    assert (wide[:2] <= box[0, :2]).all()
    assert (wide[2:] >= box[0, 2:]).all()
    assert wide[[1, 3]].tolist() == box[0, [1, 3]].tolist()
    step = max(float(box[0, 3] - box[0, 1]) * heights, 1.0)
    count = float(wide[2] - wide[0]) / step
    assert abs(count - round(count)) * step < 0.01


@given(words, st.floats(1, 200, width=32))
def test_the_width_of_a_widened_box_does_not_depend_on_the_length_of_the_word(word, other):
    x, y, w, h = word
    heights = 410 / h  # both are shorter than one step
    boxes = np.array([[x, y, x + w, y + h], [x, y, x + other, y + h]], dtype=np.float32)
    one, two = widen(boxes, heights, size_wh=(2000, 500))
    assert one.tolist() == two.tolist()
