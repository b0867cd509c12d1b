"""Colors as samples."""

import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.frames.color import as_color, legal_span, sample_values
from saferedact.frames.formats import FORMATS
from saferedact.testing.frames import empty_frame

BLACK, WHITE, RED, GRAY = (0, 0, 0), (255, 255, 255), (255, 0, 0), (128, 128, 128)


# Values of BT.709: code values of black, white and 100 % red, as in its color bars.
@pytest.mark.parametrize(
    ("name", "color_range", "color", "expected"),
    [
        ("gray", "full", BLACK, {"y": 0}),
        ("gray", "full", WHITE, {"y": 255}),
        ("gray", "full", RED, {"y": 54}),
        ("gray", "limited", WHITE, {"y": 235}),
        ("gray10le", "full", WHITE, {"y": 1023}),
        ("yuv420p", "limited", BLACK, {"y": 16, "u": 128, "v": 128}),
        ("yuv420p", "limited", WHITE, {"y": 235, "u": 128, "v": 128}),
        ("yuv420p", "limited", GRAY, {"y": 126, "u": 128, "v": 128}),
        ("yuv420p", "limited", RED, {"y": 63, "u": 102, "v": 240}),
        ("yuv420p", "full", RED, {"y": 54, "u": 99, "v": 255}),
        ("yuv420p", "full", (0, 0, 255), {"y": 18, "u": 255, "v": 116}),
        ("yuv420p", "full", (0, 255, 255), {"y": 201, "u": 157, "v": 1}),
        ("yuv420p10le", "limited", BLACK, {"y": 64, "u": 512, "v": 512}),
        ("yuv420p10le", "limited", WHITE, {"y": 940, "u": 512, "v": 512}),
        ("yuv444p16le", "full", WHITE, {"y": 65535, "u": 32768, "v": 32768}),
        ("rgb24", "full", (1, 2, 3), {"r": 1, "g": 2, "b": 3}),
        ("bgr24", "full", (1, 2, 3), {"r": 1, "g": 2, "b": 3}),
        ("rgba", "full", BLACK, {"r": 0, "g": 0, "b": 0, "a": 255}),
        ("0bgr", "full", BLACK, {"r": 0, "g": 0, "b": 0, "x": 255}),
        ("rgb48le", "full", (1, 2, 255), {"r": 257, "g": 514, "b": 65535}),
        ("yuva420p", "limited", BLACK, {"y": 16, "u": 128, "v": 128, "a": 255}),
    ],
)
def test_conversion(name, color_range, color, expected):
    frame = empty_frame(FORMATS[name], (4, 4), color_range=color_range)
    assert sample_values(frame, color) == expected


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("color_range", ["full", "limited"])
def test_every_color_is_legal(name, color_range):
    frame = empty_frame(FORMATS[name], (2, 2), color_range=color_range)
    corners = np.array(np.meshgrid(*[[0, 127, 255]] * 3)).reshape(3, -1).T.tolist()
    for color in corners:
        for letter, value in sample_values(frame, tuple(color)).items():
            low, high = legal_span(frame, letter)
            assert low <= value <= high < 1 << frame.bit_depth


@pytest.mark.parametrize(
    "color",
    [
        (),
        (1, 2),
        (1, 2, 3, 4),
        (0, 0, 256),
        (-1, 0, 0),
        "abc",
        None,
        5,
        (None, 0, 0),
        (float("nan"), 0, 0),
        (float("inf"), 0, 0),
    ],
)
def test_what_is_not_a_color(color):
    with pytest.raises(InputError):
        as_color(color)


def test_numpy_integers_are_colors():
    assert as_color(np.array([1, 2, 3], dtype=np.uint8)) == (1, 2, 3)
