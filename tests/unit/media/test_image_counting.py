"""GIFs and TIFFs with pictures without end are refused before their decoder goes through them."""

import io
import struct

import pytest
from PIL import GifImagePlugin, Image, TiffImagePlugin

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.media.hidden_data import items
from saferedact.media.image_counting import check_count
from saferedact.media.image_read import open_image
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data

GIF_HEAD = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
FRAME = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02" + b"\x02L\x01\x00"


def gif(*parts: bytes) -> bytes:
    return b"".join([GIF_HEAD, *parts, b";"])


def tiff(
    pages: int, *, order: str = "<", big: bool = False, back: bool = False, first: int = 0
) -> bytes:
    """Chain pages of one pixel, whose fields fit into the directory; the last may lead to the first."""
    mark = b"II" if order == "<" else b"MM"
    layout, size = ("HHQQ", 8) if big else ("HHII", 4)
    out = mark + (
        struct.pack(f"{order}HHHQ", 43, 8, 0, 16)
        if big
        else struct.pack(f"{order}HI", 42, first or 8)
    )
    first = first or len(out)
    out = out.ljust(first, b"\0")
    fields = ((256, 4, 1), (257, 4, 1), (259, 4, 1), (262, 4, 1), (273, 4, first), (279, 4, 1))
    packed = b"".join(struct.pack(order + layout, tag, kind, 1, 0)[:-size] + struct.pack(
        f"{order}I", value).ljust(size, b"\0") for tag, kind, value in fields)  # fmt: skip
    for page in range(pages):
        body = struct.pack(order + ("Q" if big else "H"), len(fields)) + packed
        after = len(out) + len(body) + size
        goes_on = after if page < pages - 1 else (first if back else 0)
        out += body + struct.pack(order + ("Q" if big else "I"), goes_on)
    return out


def counted(data: bytes, image_format: str, most: int) -> bool:
    """Tell whether a file is accepted with so many pictures."""
    try:
        check_count(image_format, io.BytesIO(data), Limits(max_frames=most))
    except LimitExceededError:
        return False
    return True


COMMENT = b"!\xfe\x03abc\x00"
LOOP = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
OWN_TABLE = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0x80) + bytes(6) + b"\x02\x02L\x01\x00"


@pytest.mark.parametrize(
    ("data", "frames"),
    [
        (gif(), 0),
        (gif(FRAME), 1),
        (gif(LOOP, COMMENT, FRAME, b"\0\0", FRAME, OWN_TABLE, FRAME), 4),
        (gif(FRAME) + FRAME, 1),
        (gif(FRAME, FRAME)[:-3], 2),
        (gif(FRAME) + bytes(9), 1),
        (GIF_HEAD[:9], 0),
        (gif(b"!\xfe,,,,", FRAME), 0),
    ],
)
def test_frames_of_a_gif_as_its_decoder_counts_them(data, frames):
    assert counted(data, "GIF", frames)
    assert not frames or not counted(data, "GIF", frames - 1)
    if frames:
        assert GifImagePlugin.GifImageFile(io.BytesIO(data)).n_frames == frames


@pytest.mark.parametrize(("order", "big"), [("<", False), (">", False), ("<", True)])
@pytest.mark.parametrize(("pages", "back"), [(1, False), (1, True), (3, False), (3, True)])
def test_pages_of_a_tiff_as_its_decoder_counts_them(order, big, pages, back):
    data = tiff(pages, order=order, big=big, back=back)
    assert TiffImagePlugin.TiffImageFile(io.BytesIO(data)).n_frames == pages
    assert counted(data, "TIFF", pages)
    assert not counted(data, "TIFF", pages - 1)


def test_a_chain_behind_a_header_that_the_decoder_reads_otherwise():
    """A BigTIFF in big-endian order is a classic TIFF to it, whose first page is far behind."""
    data = tiff(3, order=">", first=8 << 16)
    data = struct.pack(">2sHHH", b"MM", 43, 8, 0) + data[8:]
    assert TiffImagePlugin.TiffImageFile(io.BytesIO(data)).n_frames == 3
    assert counted(data, "TIFF", 3)
    assert not counted(data, "TIFF", 2)


@pytest.mark.parametrize("data", [b"II", b"II*\0\xff\xff\xff\x7f", tiff(2)[:30]])
def test_a_chain_that_leads_nowhere_ends_there(data):
    assert counted(data, "TIFF", 1)


def test_a_page_with_more_fields_than_can_be():
    data = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**40)
    with pytest.raises(DamagedInputError, match="more fields"):
        check_count("TIFF", io.BytesIO(data), Limits())


@pytest.mark.parametrize(
    "data",
    [
        gif(b"\x02" * 50, FRAME),
        gif(COMMENT * 50, FRAME),
        gif(b"!\xfe" + b"\x01a" * 50 + b"\0", FRAME),
        gif(b"," + bytes(9) + b"\x02" + b"\x01L" * 50 + b"\0"),
        tiff(8),
    ],
)
def test_parts_without_end(data, monkeypatch):
    """A picture of few bytes each is one thing; few pictures of a million parts are another."""
    monkeypatch.setattr(items.ItemList.__init__, "__defaults__", (40,))
    with pytest.raises(LimitExceededError, match="40 parts"):
        check_count("TIFF" if data.startswith(b"II") else "GIF", io.BytesIO(data), Limits())


@pytest.mark.parametrize(("name", "data"), [("x.gif", gif(FRAME * 20)), ("x.tif", tiff(20))])
def test_the_decoder_is_not_asked_first(tmp_path, monkeypatch, name, data):
    def count(_image):
        raise AssertionError("the decoder went through all pictures")

    for plug_in in (GifImagePlugin.GifImageFile, TiffImagePlugin.TiffImageFile):
        monkeypatch.setattr(plug_in, "n_frames", property(count))
    (tmp_path / name).write_bytes(data)
    with pytest.raises(LimitExceededError, match="more than 19 frames"):
        open_image(tmp_path / name, limits=Limits(max_frames=19))


@pytest.mark.parametrize("image_format", [f for f in HIDDEN_DATA_FORMATS if f in {"GIF", "TIFF"}])
def test_what_hides_data_is_counted_alike(tmp_path, image_format):
    path = tmp_path / "x"
    image_with_hidden_data(image_format, path, frames=3)
    with Image.open(path) as image:
        frames = image.n_frames
    assert counted(path.read_bytes(), image_format, frames)
    assert not counted(path.read_bytes(), image_format, frames - 1)
