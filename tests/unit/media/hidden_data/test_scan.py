"""The scan as a whole: which files it takes, and that every planted marker is found."""

import os
import subprocess
import sys
from typing import get_args

import cv2
import numpy as np
import pytest

from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    UnsupportedFormatError,
)
from saferedact.limits import Limits
from saferedact.media.hidden_data import CHANNELS, Channel, scan_hidden_data
from saferedact.media.hidden_data.items import HiddenItem, ItemList
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data


@pytest.mark.parametrize("file_format", HIDDEN_DATA_FORMATS)
@pytest.mark.parametrize("frames", [1, 3])
def test_every_planted_marker_lies_in_an_item(tmp_path, file_format, frames):
    path = tmp_path / "planted"
    markers = image_with_hidden_data(file_format, path, frames=frames)
    data = path.read_bytes()
    items = scan_hidden_data(path)
    # Some are compressed: their chunk is reported, see the PNG tests. libavif drops thumbnails.
    planted = {place: data.find(marker) for place, marker in markers.items()}
    assert {place for place, at in planted.items() if at < 0} <= {
        *(place for place in planted if place.endswith("-zip")),
        *(["exif-thumbnail"] if file_format == "AVIF" else []),
    }
    for place, marker in markers.items():
        at = planted[place]
        if at < 0:
            continue
        assert any(
            item.offset <= at and at + len(marker) <= item.offset + item.length for item in items
        ), place
    assert {item.channel for item in items} <= set(CHANNELS)


@pytest.mark.parametrize(
    ("place", "channel"),
    [
        ("exif", "exif"),
        ("gps", "gps"),
        ("xmp", "xmp"),
        ("iptc", "iptc"),
        ("comment", "comment"),
        ("c2pa", "jumbf"),
        ("exif-thumbnail", "thumbnail"),
        ("trailing", "trailing-data"),
        ("gain-map", "gain-map"),
        ("icc", "icc"),
    ],
)
def test_planted_marker_is_named_for_what_it_is(tmp_path, place, channel):
    path = tmp_path / "planted"
    marker = image_with_hidden_data("JPEG", path)[place]
    at = path.read_bytes().index(marker)
    holding = [
        item.channel
        for item in scan_hidden_data(path)
        if item.offset <= at and at + len(marker) <= item.offset + item.length
    ]
    assert channel in holding


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".bmp", ".webp", ".gif", ".avif"])
@pytest.mark.parametrize("shape", [(33, 47), (33, 47, 3)])
def test_plain_files_of_opencv_are_clean(tmp_path, suffix, shape):
    if suffix == ".gif" and len(shape) == 2:
        pytest.skip("OpenCV writes no grey GIF")
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    path = tmp_path / f"picture{suffix}"
    assert cv2.imwrite(str(path), pixels)
    assert scan_hidden_data(path) == ()


def test_16_bit_files_of_opencv_are_clean(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 65_536, (33, 47, 3), dtype=np.uint16)
    for suffix in (".png", ".tif"):
        path = tmp_path / f"picture{suffix}"
        assert cv2.imwrite(str(path), pixels)
        assert scan_hidden_data(path) == ()


def test_scan_needs_no_image_library():
    code = (
        "import sys; from saferedact.media.hidden_data import scan_hidden_data;"
        "sys.exit(bool({'PIL', 'cv2', 'numpy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)


def test_path_as_text(tmp_path):
    image_with_hidden_data("GIF", tmp_path / "planted")
    assert scan_hidden_data(str(tmp_path / "planted"))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"GIF8",
        b"\0",
        b"\xff\xd8",
        b"RIFF\0\0\0\0WAVE",
        b"II*",
        b"8BPS",
        b"\0\0\0\x0cjP  \r\n\x87\n",
    ],
)
def test_other_files(scan, data):
    with pytest.raises(UnsupportedFormatError):
        scan(data)


def test_empty_file(scan):
    with pytest.raises(DamagedInputError, match="empty"):
        scan(b"")


@pytest.mark.parametrize("name", ["missing", ".", "a\0b"])
def test_no_file(tmp_path, name):
    with pytest.raises(InputError) as raised:
        scan_hidden_data(tmp_path / name)
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError):
        scan_hidden_data(tmp_path / "pipe")


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "picture"
    path.write_bytes(b"x")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(InputError) as raised:
        scan_hidden_data(path)
    assert "picture" not in str(raised.value)


def test_file_over_the_limit(scan):
    with pytest.raises(LimitExceededError):
        scan(b"\xff\xd8\xff" + bytes(100), Limits(max_file_bytes=100))


def test_every_channel_has_a_meaning():
    assert list(CHANNELS) == sorted(get_args(Channel))
    assert all(meaning and not meaning.endswith(".") for meaning in CHANNELS.values())


def test_items_are_in_order_and_once():
    items = ItemList()
    items.add("gps", 5, 9)
    items.add("exif", 5, 20)
    items.add("gps", 5, 9)
    items.add("comment", 2, 2)
    items.add("comment", 1, 2)
    assert items.result() == (
        HiddenItem("comment", 1, 1),
        HiddenItem("exif", 5, 15),
        HiddenItem("gps", 5, 4),
    )


def test_parts_are_bounded():
    items = ItemList()
    items.count_parts(1_000_000)
    with pytest.raises(LimitExceededError):
        items.count_parts()
