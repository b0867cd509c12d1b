"""The family of a file is told by its content, whatever its name."""

import pytest

from saferedact.errors import DamagedInputError, InputError, UnsupportedFormatError
from saferedact.media.kinds import kind_of
from saferedact.pipeline.medium import medium_for

TS = (b"\x47" + bytes(187)) * 3
M2TS = (bytes(4) + b"\x47" + bytes(187)) * 3

HEADS = [
    (b"\xff\xd8\xff\xe0", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\0\0\0\x18ftypheic", "image"),
    (b"\0\0\0\x18ftypavis", "image"),
    (b"%PDF-1.7\n", "pdf"),
    (b"junk before the header %PDF-1.4", "pdf"),
    (b"\0\0\0\x18ftypisom", "video"),
    (b"\0\0\0\x14ftypqt  ", "video"),
    (b"\0\0\0\x08wide\0\0\0\0mdat", "video"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"RIFF\0\0\0\0AVI LIST", "video"),
    (b"FLV\x01\x05", "video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"),
    (b"\0\0\1\xba", "video"),
    (TS, "video"),
    (M2TS, "video"),
]


@pytest.mark.parametrize(("head", "kind"), HEADS)
def test_by_content(tmp_path, head, kind):
    path = tmp_path / "name.txt"
    path.write_bytes(head + bytes(64))
    assert kind_of(path) == kind


def test_a_file_that_is_nothing_of_ours(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"some text")
    with pytest.raises(UnsupportedFormatError):
        kind_of(path)


def test_one_packet_is_no_transport_stream(tmp_path):
    path = tmp_path / "a.ts"
    path.write_bytes(b"\x47" + bytes(900))
    with pytest.raises(UnsupportedFormatError):
        kind_of(path)


def test_an_empty_file(tmp_path):
    path = tmp_path / "a.mp4"
    path.touch()
    with pytest.raises(DamagedInputError, match="empty"):
        kind_of(path)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        kind_of(tmp_path / "none.pdf")
    with pytest.raises(InputError, match="regular"):
        kind_of(tmp_path)


def test_every_medium_offers_what_the_pipeline_needs():
    medium = medium_for("image")
    for step in ("describe", "detect", "carry_out", "prove", "look_again", "tiles"):
        assert callable(getattr(medium, step))
