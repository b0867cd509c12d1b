"""Files inside files: what cannot be looked into is told, and does not keep the others from being read."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from saferedact.errors import LimitExceededError
from saferedact.pipeline.inspection import look_into as module
from saferedact.testing.leaks import LEAKS
from saferedact.testing.leaks.benign_pictures import encoded
from saferedact.testing.leaks.scenes import photograph, portrait
from saferedact.testing.parcels import zipped

PAGE = b"<!doctype html><html><body><p>A statement.</p>%s</body></html>"


def placed(found):
    return {(trace.channel, trace.place) for trace in found.traces}


def test_a_picture_in_the_address_of_a_page(look):
    coded = base64.b64encode(LEAKS["gps.jpg"]())
    found = look(PAGE % (b'\n<img src="data:image/jpeg;base64,' + coded + b'">'), "a.html")
    assert ("gps", "line 2, file inside") in placed(found)


def test_an_address_that_is_no_file_is_a_gap(look):
    found = look(PAGE % b'<img src="data:image/png;base64,AAAAA">', "a.html")
    assert found.unread == ("line 1, file inside: it cannot be looked into",)
    assert [passage.text.strip() for passage in found.passages] == ["A statement."]


def test_a_page_over_the_limit_of_texts(look, monkeypatch):
    monkeypatch.setattr(module, "_MOST_TEXT_BYTES", 100)
    assert look(b"<!doctype html>".ljust(100), "a.html").inspected
    with pytest.raises(LimitExceededError, match="100 bytes"):
        look(b"<!doctype html>".ljust(101), "a.html")


def test_files_over_the_most_are_told_once(look, monkeypatch):
    monkeypatch.setattr(module, "_MOST_FILES_INSIDE", 2)
    found = look(zipped({f"{n}.txt": b"words %d" % n for n in range(5)}), "a.zip")
    assert found.unread == ("more than 2 files inside",)
    assert sum(passage.text.startswith("words") for passage in found.passages) == 2


def test_a_damaged_file_keeps_no_other_from_being_read(look):
    found = look(zipped({"a.pdf": b"%PDF-1.7\n%%EOF", "b.jpg": LEAKS["gps.jpg"]()}), "a.zip")
    (told,) = found.unread
    assert told.startswith("entry 1: ")
    assert ("gps", "entry 2") in placed(found)


def test_a_long_text_inside_is_read_from_its_beginning(look, monkeypatch):
    monkeypatch.setattr(module, "_MOST_TEXT_BYTES", 20)
    found = look(zipped({"a.txt": b"the witness " * 9}), "a.zip")
    assert found.unread == ("entry 1: only the beginning of a long text was read",)
    assert "the witness the witn" in {passage.text for passage in found.passages}


def test_pictures_of_many_frames_are_sampled_and_that_is_told(look):
    frames = [Image.fromarray(np.full((64, 64, 3), 2 * n, np.uint8)) for n in range(61)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    assert "pixels of one frame in 2 were looked at" in look(buffer.getvalue()).unread


def test_a_mark_in_a_late_frame_is_told_of_that_frame(look):
    clear = photograph((256, 192), seed=12)
    part = clear[40:140, 60:180].astype(np.float32)
    cells = part.reshape(10, 10, 12, 10, 3).mean((1, 3))
    marked = clear.copy()
    marked[40:140, 60:180] = np.repeat(np.repeat(cells, 10, 0), 10, 1)
    buffer = io.BytesIO()
    pictures = [Image.fromarray(picture) for picture in (clear, clear, marked)]
    pictures[0].save(buffer, "TIFF", save_all=True, append_images=pictures[1:])
    frames = {t.page for t in look(buffer.getvalue()).traces if t.channel == "mosaic"}
    assert frames == {2}


def test_pixels_that_cannot_be_decoded_are_a_gap(look):
    """The container is whole, so what it holds besides is told all the same."""
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "WEBP", lossless=True)
    data = bytearray(buffer.getvalue()) + b"words behind the end"
    data[30:200] = b"\xff" * 170
    found = look(bytes(data))
    assert any(text.startswith("its pixels: ") for text in found.unread)
    assert "trailing-data" in {trace.channel for trace in found.traces}


def test_a_rest_that_is_too_long_to_read_is_told_as_a_rest(look, monkeypatch):
    data = encoded(portrait()[:100, :100]) + encoded(portrait())
    channels = {trace.channel for trace in look(data).traces}
    assert {"trailing-data", "cropped-kept"} <= channels
    monkeypatch.setattr("saferedact.pipeline.inspection.pictures._MOST_PREVIEW_BYTES", 1_000)
    assert {trace.channel for trace in look(data).traces} == channels - {"cropped-kept"}
