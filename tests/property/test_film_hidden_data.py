"""Properties of the walkers over films: total on any bytes, and blind to nothing that is added."""

import functools
import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.property.scanning import scan, scan_or_refuse

from saferedact.errors import InputError
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.video_base import VideoCoding
from saferedact.media.video_read import open_video
from saferedact.media.video_write import VideoWriter
from saferedact.testing.image_blocks import isobmff_box
from saferedact.testing.videos import CLIPS, Clip, clip_with_hidden_data, write_clip

_SUFFIXES = (".mp4", ".mov", ".mkv", ".webm")
_MAGIC = (
    b"\0\0\0\x14ftypisom\0\0\2\0isom", b"\0\0\0\x08wide", b"\0\0\0\x10moov\0\0\0\x08trak",
    b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff",
)  # fmt: skip


def _kind(suffix: str) -> Clip:
    return (
        CLIPS["webm"] if suffix == ".webm" else Clip(suffix=suffix, sound="aac", pts=(0, 512, 1024))
    )


@functools.cache
def _clean(suffix: str, folder: Path) -> bytes:
    source, output = folder / f"source{suffix}", folder / f"clean{suffix}"
    write_clip(source, _kind(suffix))
    with (
        open_video(source) as video,
        VideoWriter(output, video.info, VideoCoding(crf=30)) as writer,
    ):
        for frame in video.frames():
            writer.write(frame)
    return output.read_bytes()


@functools.cache
def _planted(suffix: str, folder: Path) -> bytes:
    path = folder / f"planted{suffix}"
    clip_with_hidden_data(path, _kind(suffix))
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("films")


@given(magic=st.sampled_from(_MAGIC), data=st.binary(max_size=300))
def test_any_bytes_give_items_or_our_error(folder, magic, data):
    scan_or_refuse(folder, magic + data)


@given(data=st.data(), suffix=st.sampled_from(_SUFFIXES))
def test_changed_bytes_give_items_or_our_error(folder, data, suffix):
    changed = bytearray(_planted(suffix, folder))
    heads = [at for at in (changed.find(b"moov"), changed.find(b"\x16\x54\xae\x6b"), 0) if at >= 0]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.sampled_from(heads)) + data.draw(st.integers(0, 1500))
        value = data.draw(st.sampled_from((b"\0", b"\xff", b"\x7f", b"\0\0\0\0", b"\xff" * 8)))
        at = min(at, len(changed) - len(value))
        changed[at : at + len(value)] = value
    first = scan_or_refuse(folder, bytes(changed))
    assert scan_or_refuse(folder, bytes(changed)) == first


@given(data=st.data(), suffix=st.sampled_from(_SUFFIXES))
def test_truncated_films_are_refused(folder, data, suffix):
    whole = _clean(suffix, folder)
    with pytest.raises(InputError):
        scan(folder, whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_clean_films_are_clean(folder, suffix):
    assert scan(folder, _clean(suffix, folder)) == ()


@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_every_planted_marker_lies_in_an_item(folder, suffix):
    path = folder / f"again{suffix}"
    markers = clip_with_hidden_data(path, _kind(suffix))
    data, items = path.read_bytes(), scan_hidden_data(path)
    missed = [
        place
        for place, marker in markers.items()
        if not any(
            item.offset <= data.index(marker) < item.offset + item.length - len(marker) + 1
            for item in items
        )
    ]
    assert missed == []


@given(suffix=st.sampled_from(_SUFFIXES), more=st.binary(min_size=1, max_size=40))
@example(suffix=".mp4", more=b"\0\0\0\x0cfreeHIDE")
@example(suffix=".mp4", more=b"\0\0\0\x08mdat")
@example(suffix=".mp4", more=b"\0\0\0\0mdatHIDE")
@example(suffix=".mkv", more=b"\xec\x84HIDE")
def test_appended_bytes_are_reported(folder, suffix, more):
    whole = _clean(suffix, folder)
    items = scan_or_refuse(folder, whole + more)
    if items is None:  # the bytes happen to make the film one of another kind
        return
    assert all(item.offset >= len(whole) for item in items)
    reported = sum(item.length for item in items)
    is_padding = suffix in (".mp4", ".mov") and more[4:8] in (b"free", b"skip", b"wide")
    assert reported == len(more) or is_padding


@given(
    suffix=st.sampled_from((".mp4", ".mov")),
    kind=st.sampled_from((b"uuid", b"abcd", b"meta", b"udta", b"mpvd")),
    payload=st.binary(max_size=30),
)
def test_box_at_the_end_is_reported_exactly(folder, suffix, kind, payload):
    whole, box = _clean(suffix, folder), isobmff_box(kind, payload)
    found = {(item.offset, item.length) for item in scan(folder, whole + box)}
    assert found == {(len(whole), len(box))}


@given(
    kind=st.sampled_from((b"uuid", b"abcd", b"meta", b"iods", b"gps ")),
    place=st.sampled_from((b"moov", b"trak", b"mdia", b"minf", b"stbl")),
    payload=st.binary(max_size=30),
)
def test_box_inside_is_reported_exactly(folder, kind, place, payload):
    whole, box = bytearray(_clean(".mp4", folder)), isobmff_box(kind, payload)
    at = whole.index(place) + 4
    for parent in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        size_at = whole.index(parent) - 4
        (size,) = struct.unpack_from(">I", whole, size_at)
        struct.pack_into(">I", whole, size_at, size + len(box))
        if parent == place:
            break
    changed = _shifted(bytes(whole[:at]) + box + bytes(whole[at:]), len(box))
    found = {(item.offset, item.length) for item in scan(folder, changed)}
    assert found == {(at, len(box))}


def _shifted(data: bytes, by: int) -> bytes:
    """Move the offsets of chunks, all of which lie behind what was inserted."""
    changed = bytearray(data)
    table = changed.find(b"stco")
    while table >= 0:
        (count,) = struct.unpack_from(">I", changed, table + 8)
        for index in range(count):
            place = table + 12 + 4 * index
            (offset,) = struct.unpack_from(">I", changed, place)
            struct.pack_into(">I", changed, place, offset + by)
        table = changed.find(b"stco", table + 4)
    return bytes(changed)
