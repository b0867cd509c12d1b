"""Pictures: previews that show something else, and the rests of others behind their end."""

import io

import numpy as np
import pytest
from PIL import Image

from saferedact.pipeline.inspection.previews import differs
from saferedact.testing.leaks.benign_pictures import encoded
from saferedact.testing.leaks.scenes import face_place, portrait


def small(picture, size_wh=(128, 128)):
    buffer = io.BytesIO()
    Image.fromarray(picture).resize(size_wh).save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def covered():
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    picture[y1:y2, x1:x2] = 0
    return picture


def test_the_same_picture_made_smaller():
    assert not differs(small(portrait()), portrait())


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_preview_may_be_turned(turns):
    assert not differs(small(np.ascontiguousarray(np.rot90(portrait(), turns))), portrait())


def test_a_preview_may_have_bars():
    wide = portrait()[100:400]
    barred = np.zeros((512, 512, 3), np.uint8)
    barred[106:406] = wide
    assert not differs(small(barred), wide)


@pytest.mark.parametrize("wide", [True, False])
def test_a_preview_of_another_shape_is_compared_with_its_middle(wide):
    """Cameras cut a preview of three to two from sides, or add bars, for one of four to three."""
    whole = portrait()
    cut = whole[:, 64:448] if wide else whole[64:448]
    assert not differs(encoded(whole, quality=90), cut)
    assert differs(
        encoded(whole, quality=90), (covered()[:, 64:448] if wide else covered()[64:448])
    )


def test_a_preview_of_a_few_pixels_is_compared_no_further():
    assert differs(small(portrait(), (128, 3)), portrait())


def test_a_preview_over_the_limit_is_not_decoded(monkeypatch):
    monkeypatch.setattr("saferedact.pipeline.inspection.previews._MOST_PIXELS", 128 * 128 - 1)
    assert not differs(small(portrait()), covered())


def test_a_face_that_is_covered_in_the_picture_alone():
    assert differs(small(portrait()), covered())
    assert differs(small(portrait()), covered().mean(-1).astype(np.uint8))
    assert not differs(small(covered()), covered())


def test_what_cannot_be_decoded_is_not_called_different():
    assert not differs(b"no picture", portrait())
    assert not differs(small(portrait())[:100], portrait())


@pytest.mark.parametrize(
    ("tail", "channels"),
    [
        (b"\0" * 200, {"trailing-data"}),
        (b"text" * 30, {"trailing-data"}),
        (b"rest of a scan" * 9 + b"\xff\xd9", {"trailing-data", "cropped-kept"}),
        (b"xx" * 40 + b"IDATshort", {"trailing-data"}),
    ],
)
def test_what_follows_a_picture(look, tail, channels):
    found = look(encoded(portrait()[:100, :100]) + tail)
    assert {trace.channel for trace in found.traces} == channels


def test_a_whole_chunk_of_rows_behind_the_end(look):
    data = encoded(portrait())
    at = data.index(b"IDAT") - 4
    length = int.from_bytes(data[at : at + 4], "big")
    chunk = data[at : at + 12 + length]
    found = look(encoded(portrait()[:100, :100]) + b"\1" * 70 + chunk + b"\1" * 9)
    assert "cropped-kept" in {trace.channel for trace in found.traces}


def test_frames_of_animations_are_looked_at(look):
    frames = [Image.fromarray(portrait()) for _ in range(2)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert look(buffer.getvalue()).kind == "image"


def test_a_text_is_no_file_to_look_into(look):
    assert not look(b"plain words").inspected
