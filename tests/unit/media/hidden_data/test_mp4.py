"""Films in the ISO format and QuickTime, byte by byte: what is changed is found where it was."""

import struct

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.hidden_data.film_messages import MAX_MESSAGES
from saferedact.media.video_base import VideoCoding
from saferedact.media.video_read import open_video
from saferedact.media.video_write import VideoWriter
from saferedact.testing.image_blocks import isobmff_box
from saferedact.testing.videos import CLIPS, Clip, write_clip


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Bytes of a film as we write it, by kind of clip and suffix."""
    folder = tmp_path_factory.mktemp("mp4")
    made = {}

    def film(kind="long-sound", suffix=".mp4"):
        if (kind, suffix) not in made:
            source = folder / f"source{CLIPS[kind].suffix}"
            output = folder / f"film{suffix}"
            write_clip(source, CLIPS[kind])
            with (
                open_video(source) as video,
                VideoWriter(output, video.info, VideoCoding(crf=30)) as writer,
            ):
                for frame in video.frames():
                    writer.write(frame)
            made[kind, suffix] = output.read_bytes()
        return made[kind, suffix]

    return film


def patched(data, at, value):
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_what_we_write_is_clean(scan, films, suffix):
    assert scan(films(suffix=suffix)) == []


@pytest.mark.parametrize(
    ("place", "value", "item"),
    [
        ((b"mvhd", 8), b"\0\0\0\1", ("time", 4)),
        ((b"tkhd", 12), b"\0\0\0\1", ("time", 4)),
        ((b"mdhd", 24), b"\x15\xc7", ("text", 2)),  # English
        ((b"avc1", 46), b"\x04anne", ("text", 32)),
        ((b"avc1", 16), b"anne", ("text", 4)),
        ((b"mp4a", 16), b"anne", ("text", 4)),
        ((b"ftyp", 12), b"anne", ("unknown-segment", 4)),
        ((b"ftyp", 8), b"\0\0\1\7", ("display-hint", 4)),
    ],
)
def test_fields_that_can_name_somebody(scan, films, place, value, item):
    box, behind = place
    data = films()
    at = (data.rindex(box) if box == b"avc1" else data.index(box)) + behind  # it is a brand, too
    channel, length = item
    assert (channel, at, length) in scan(patched(data, at, value))


def test_names_of_handlers(scan, films):
    data = films()
    at = data.index(b"VideoHandler")
    assert scan(patched(data, at, b"AnneHandler!")) == [("text", at, 13)]


def test_boxes_that_are_not_known_in_a_description(scan, films):
    data = films("wide-pixels")
    at = data.index(b"pasp")
    assert scan(patched(data, at, b"anne")) == [("unknown-segment", at - 4, 16)]


@pytest.mark.parametrize(("entry", "kind"), [(b"avc1", b"mp4v"), (b"mp4a", b"anne")])
def test_codings_that_are_not_known(scan, films, entry, kind):
    data = films()
    at = data.rindex(entry)
    (size,) = struct.unpack_from(">I", data, at - 4)
    assert ("unknown-segment", at - 4, size) in scan(patched(data, at, kind))


def test_tracks_of_other_kinds(scan, films):
    data = films()
    at = data.index(b"soun")
    found = scan(patched(data, at, b"meta"))
    assert {"extra-track"} <= {channel for channel, *_ in found}
    track_at = data.rindex(b"trak") - 4
    (size,) = struct.unpack_from(">I", data, track_at)
    assert ("extra-track", track_at, size) in found


def test_a_second_track_of_pictures(scan, films):
    data = films()
    assert "extra-track" in {
        channel for channel, *_ in scan(patched(data, data.index(b"soun"), b"vide"))
    }


def _edit_list(data):
    """Offset of the first edit list, and of its last entry: duration, start, rate."""
    at = data.index(b"elst") - 4
    (count,) = struct.unpack_from(">I", data, at + 12)
    return at, at + 16 + 12 * (count - 1)


@pytest.mark.parametrize("kind", ["plain", "b-frames", "late-start", "variable-rate"])
def test_edit_lists_that_hide_frames(scan, films, kind):
    data = films(kind)
    at, entry = _edit_list(data)
    (size,) = struct.unpack_from(">I", data, at)
    duration, start, _ = struct.unpack_from(">IiI", data, entry)
    hidden = [("cropped-pixels", at, size)]
    assert scan(data) == []
    assert scan(patched(data, entry + 4, struct.pack(">i", start + 600))) == hidden  # the first
    assert scan(patched(data, entry, struct.pack(">I", duration // 2))) == hidden  # the last
    assert scan(patched(data, entry + 8, struct.pack(">I", 2 << 16))) == hidden  # every other
    assert scan(patched(data, entry + 4, struct.pack(">i", -1))) == hidden  # all


def test_messages_are_listed_up_to_a_number(scan, tmp_path):
    path = tmp_path / "interlaced.mp4"
    write_clip(path, Clip(pts=tuple(range(0, 130 * 512, 512)), interlaced=True, size_wh=(64, 64)))
    data = path.read_bytes().replace(b"\x06\x01\x01", b"\x06\x05\x01")
    messages = [item for item in scan(data) if item[0] == "codec-message"]
    assert len(messages) == MAX_MESSAGES


def test_messages_that_displays_need_and_others_beside_them(scan, films):
    data = films("hdr")
    assert scan(data) == []
    at = data.index(b"\x4e\x01\x89\x18")  # mastering display, 24 bytes
    found = scan(patched(data, at + 2, b"\x05"))
    assert {channel for channel, *_ in found} == {"codec-message"}


@pytest.mark.parametrize("kind", [b"moof", b"sidx", b"styp"])
def test_fragments_are_not_walked(scan, films, kind):
    with pytest.raises(UnsupportedFormatError):
        scan(films() + isobmff_box(kind, b""))


def test_bytes_of_no_sample(scan, films):
    data = films()
    at = data.index(b"mdat") - 4
    longer = patched(data, at, struct.pack(">I", len(data) - at + 6)) + b"secret"
    assert scan(longer) == [("trailing-data", len(data), 6)]


def test_padding(scan, films):
    data = films()
    assert scan(data + isobmff_box(b"free", bytes(9))) == []
    assert scan(data + isobmff_box(b"skip", b"\0\0x")) == [("padding", len(data), 11)]


@pytest.mark.parametrize(
    ("inside", "channel"),
    [(b"\xa9xyz+51.5", "gps"), (b"loci", "gps"), (b"covr", "thumbnail"), (b"<x:xmpmeta", "xmp")],
)
def test_what_is_known_inside_user_data(scan, films, inside, channel):
    data, box = films(), isobmff_box(b"udta", b"\0\0\0\0" + inside)
    assert sorted(scan(data + box)) == sorted(
        [("text", len(data), len(box)), (channel, len(data), len(box))]
    )


def test_old_quicktime_films_begin_without_brands(scan, films):
    data = films(suffix=".mov")
    (size,) = struct.unpack_from(">I", data)
    film = patched(data, 4, b"free")
    film = patched(film, 8, bytes(size - 8))
    assert scan(film) == []


@pytest.mark.parametrize("table", [b"stsz", b"stsc", b"stco"])
def test_missing_tables(scan, films, table):
    with pytest.raises(DamagedInputError):
        scan(patched(films(), films().index(table), b"free"))


@pytest.mark.parametrize(
    "data",
    [
        isobmff_box(b"ftyp", b"isom\0\0\2\0isom"),
        isobmff_box(b"ftyp", b"isom\0\0\2\0" + b"isom" * 200) + isobmff_box(b"moov", b""),
        isobmff_box(b"ftyp", b"isom\0\0\2\0isom") + isobmff_box(b"mdat", b"x"),
    ],
)
def test_no_film_in_it(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits(scan, films):
    with pytest.raises(LimitExceededError):
        scan(films(), limits=Limits(max_video_frames=5))
    with pytest.raises(LimitExceededError):
        scan(films(), limits=Limits(max_video_bytes=100))
    assert scan(films(), limits=Limits(max_file_bytes=100)) == []
