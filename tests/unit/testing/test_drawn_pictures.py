"""The truth about drawn pictures is what measurements rest on."""

import numpy as np
import pytest

from saferedact.testing.chats import APPS, chat_screenshot
from saferedact.testing.drawing import Canvas, pieces_of, turned
from saferedact.testing.papers import form, letter, number_plate, street_sign

PICTURES = {
    **{app: lambda app=app: chat_screenshot(app, 1, size=12) for app in APPS},
    "letter": lambda: letter(1, size=10),
    "form": lambda: form(1, size=10),
    "sign": lambda: street_sign(1, size=16),
    "plate": lambda: number_plate(1, size=16, rows=2),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_seed_draws_the_same_picture_with_secrets_inside_it(name):
    picture, again = PICTURES[name](), PICTURES[name]()
    np.testing.assert_array_equal(picture.pixels, again.pixels)
    assert len(picture.words) == len(picture.quads) == len(picture.secret)
    assert all(picture.secrets())
    assert set(picture.labels) <= {"name", "identifier", "plate"}
    height, width = picture.pixels.shape[:2]
    assert (picture.quads >= 0).all()
    assert (picture.quads <= [width, height]).all()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 10, -3.5])
def test_all_ink_lies_in_the_quads_of_words_however_the_page_is_turned(degrees):
    import cv2

    canvas = Canvas((300, 120))
    canvas.write(
        (20, 20), [("Sarah (gypsy) Quill", "name"), (" and others", None)], size=18, width=150
    )
    picture = turned(canvas.finished(), degrees)
    inside = np.zeros(picture.pixels.shape[:2], np.uint8)
    for quad in picture.quads:
        cv2.fillPoly(inside, [np.rint(quad).astype(np.int32)], 1)
    ink = picture.pixels.min(axis=2) < 128
    assert ink.sum() > 500
    assert inside[ink].mean() > 0.99
    assert inside.mean() < 0.5


def test_signs_that_touch_a_value_belong_to_its_word():
    canvas = Canvas((400, 60))
    canvas.write((5, 5), pieces_of("I am {name}, hello", {"name": ("Ewa Tuck", "name")}), size=12)
    picture = canvas.finished()
    assert picture.words == ("I", "am", "Ewa", "Tuck,", "hello")
    assert picture.secret.tolist() == [-1, -1, 0, 0, -1]
    assert picture.secrets() == ["Ewa Tuck,"]
