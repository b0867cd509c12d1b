"""``saferedact probe``."""

import pytest

from saferedact.media.hidden_data import CHANNELS
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data
from saferedact.testing.videos import CLIPS, Clip, clip_with_hidden_data, write_clip


def test_a_picture_without_anything_hidden(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    assert run("probe", source).stdout == (
        "PNG, 96 x 64 px, 8 bit, frames: 1\nno hidden data found in the container\n"
    )
    assert run("probe", source, "--json").json == {
        "kind": "image",
        "format": "PNG",
        "width": 96,
        "height": 64,
        "frames": 1,
        "bit_depth": 8,
        "channels": 3,
        "orientation": None,
        "lossy": False,
        "notes": [],
        "hidden_data": [],
        "hidden_data_unreadable": None,
    }


@pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
def test_kinds_are_shown_and_never_contents(tmp_path, run, image_format):
    path = tmp_path / "a.bin"
    markers = image_with_hidden_data(image_format, path)
    data = path.read_bytes()
    shown = run("probe", path)
    tree = run("probe", path, "--json").json
    assert tree["format"] == image_format
    assert tree["hidden_data_unreadable"] is None
    channels = {item["channel"] for item in tree["hidden_data"]}
    assert channels
    for channel in channels:
        assert f"hidden: {channel} x " in shown.stdout
        assert CHANNELS[channel] in shown.stdout
    for item in tree["hidden_data"]:
        assert 0 <= item["offset"] <= len(data)
        assert item["length"] >= 0
    for marker in markers.values():
        assert marker.decode("latin-1") not in shown.stdout
    assert path.read_bytes() == data


def test_what_reading_leaves_out_is_noted(tmp_path, run):
    image_with_hidden_data("MPO", tmp_path / "a.jpg")
    notes = run("probe", tmp_path / "a.jpg", "--json").json["notes"]
    assert notes
    assert f"note: {notes[0]}\n" in run("probe", tmp_path / "a.jpg").stdout


def test_a_container_that_the_scan_does_not_understand_is_said_to_be_so(tmp_path, picture, run):
    path = picture(tmp_path / "a.png")
    path.write_bytes(path.read_bytes()[:-6])  # decoders do not miss the end marker
    shown = run("probe", path)
    assert "hidden data cannot be listed: " in shown.stdout
    assert "no hidden data" not in shown.stdout
    assert run("probe", path, "--json").json["hidden_data_unreadable"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "damaged-input"), (b"plain text", "unsupported-format")]
)
def test_what_is_no_picture(tmp_path, run, content, code):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    tree = run("probe", path, "--json", code=2).json
    assert tree["error"]["code"] == code
    assert str(tmp_path) not in tree["error"]["message"]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_films_and_what_they_hide(tmp_path, run, suffix):
    path = tmp_path / f"a{suffix}"
    markers = clip_with_hidden_data(path, Clip(suffix=suffix))
    shown = run("probe", path)
    tree = run("probe", path, "--json").json
    assert (tree["kind"], tree["codec"], tree["width"], tree["height"]) == ("video", "h264", 96, 64)
    assert tree["duration_s"] == pytest.approx(0.4, abs=0.01)
    assert "subtitle" in tree["other_streams"]
    assert {"codec-message", "extra-track", "text"} <= {
        item["channel"] for item in tree["hidden_data"]
    }
    assert "(h264), 96 x 64 px, 8 bit, 0.4 s" in shown.stdout
    for marker in markers.values():
        assert marker.decode() not in shown.stdout


def test_a_film_whose_container_is_not_walked(tmp_path, run):
    write_clip(tmp_path / "a.avi", CLIPS["avi"])
    shown = run("probe", tmp_path / "a.avi")
    assert "AVI (mpeg4), 96 x 64 px" in shown.stdout
    assert "hidden data cannot be listed: " in shown.stdout
    assert run("probe", tmp_path / "a.avi", "--json").json["frames"] == 20
