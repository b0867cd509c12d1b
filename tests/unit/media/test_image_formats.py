from pathlib import Path

import pytest

from saferedact.errors import UnsupportedFormatError
from saferedact.media.image_formats import (
    SNIFF_BYTES,
    format_for_suffix,
    sniff_format,
    traits,
)
from saferedact.testing.image_blocks import isobmff_box
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data


@pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
def test_real_files_are_recognized(tmp_path, image_format):
    path = tmp_path / "x"
    image_with_hidden_data(image_format, path)
    expected = "JPEG" if image_format == "MPO" else image_format
    assert sniff_format(path.read_bytes()[:SNIFF_BYTES]) == expected


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff",
        b"\xff\xd8",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"8BPS\0\x01",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF",
        isobmff_box(b"ftyp", b"isom\0\0\0\0isommp42"),
        isobmff_box(b"ftyp", b""),
        b"<svg xmlns=",
    ],
)
def test_other_content_is_not_ours(head):
    assert sniff_format(head) is None


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"avif\0\0\0\0mif1miaf", "AVIF"),
        (b"avis\0\0\0\0msf1", "AVIF"),
        (b"mif1\0\0\0\0avifmiaf", "AVIF"),
        (b"mif1\0\0\0\0heicmiaf", "HEIF"),
        (b"heic\0\0\0\0mif1heic", "HEIF"),
        (b"heix\0\0\0\0", "HEIF"),
        (b"MiHB\0\0\0\0mif1heic", "HEIF"),
    ],
)
def test_iso_media_brands(brands, expected):
    assert sniff_format(isobmff_box(b"ftyp", brands)) == expected


def test_brands_behind_the_file_type_box_do_not_count():
    head = isobmff_box(b"ftyp", b"isom\0\0\0\0") + b"avifheicmif1"
    assert sniff_format(head) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.JPG", "JPEG"),
        ("a.b.png", "PNG"),
        ("a.tif", "TIFF"),
        ("a.HEIC", "HEIF"),
        ("a.mpo", "JPEG"),
    ],
)
def test_suffix(name, expected):
    assert format_for_suffix(Path(name)) == expected


@pytest.mark.parametrize("name", ["a", "a.eps", "png", "a.png.exe"])
def test_unknown_suffix(name):
    with pytest.raises(UnsupportedFormatError, match="suffix"):
        format_for_suffix(Path(name))


def test_every_suffix_leads_to_a_format_that_is_written():
    suffixes = (".jpg", ".png", ".webp", ".tiff", ".bmp", ".gif", ".heic", ".avif")
    formats = [format_for_suffix(Path("x" + suffix)) for suffix in suffixes]
    assert len(set(formats)) == len(suffixes)
    assert [f for f in formats if not traits(f).alpha] == ["JPEG", "BMP"]


def test_unknown_format_has_no_traits():
    with pytest.raises(UnsupportedFormatError, match="not written"):
        traits("PSD")
