"""Image sequences: tracks, their tables and dates, and pictures beside them."""

import struct

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.testing.image_blocks import isobmff_box

_ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
_OBUS = b"\x12\x00\x32\x02px"
_AV1C = isobmff_box(b"av1C", b"\x81\0\0\0")
_TWO_FRAMES = (len(_OBUS), len(_OBUS))


def _full(kind: bytes, body: bytes, version: int = 0) -> bytes:
    return isobmff_box(kind, bytes([version, 0, 0, 0]) + body)


def _numbers(kind: bytes, *values: int) -> bytes:
    return _full(kind, struct.pack(f">{len(values)}I", *values))


def _entry(kind: bytes = b"av01", boxes: bytes = _AV1C, name: bytes = bytes(32)) -> bytes:
    fields = bytes(24) + struct.pack(">HH", 4, 2) + bytes(14) + name + bytes(4)
    return isobmff_box(kind, fields + boxes)


def _track(
    at: int,
    sizes=_TWO_FRAMES,
    *,
    handler=b"pict",
    entry: bytes | None = None,
    tables: bytes | None = None,
    times: bytes = bytes(8),
    in_stbl=b"",
    in_minf=b"",
    in_track=b"",
) -> bytes:
    if tables is None:
        tables = (
            _numbers(b"stsz", 0, len(sizes), *sizes)
            + _numbers(b"stsc", 1, 1, len(sizes), 1)
            + _numbers(b"stco", 1, at)
            + _numbers(b"stts", 1, len(sizes), 10)
            + _numbers(b"stss", 1, 1)
        )
    stsd = _full(b"stsd", struct.pack(">I", 1) + (entry or _entry()))
    reference = _full(b"dref", struct.pack(">I", 1) + isobmff_box(b"url ", b"\0\0\0\1"))
    minf = (
        _full(b"vmhd", bytes(8))
        + isobmff_box(b"dinf", reference)
        + isobmff_box(b"stbl", stsd + tables + in_stbl)
        + in_minf
    )
    mdia = (
        _full(b"mdhd", times + bytes(12))
        + _full(b"hdlr", bytes(4) + handler + bytes(13))
        + isobmff_box(b"minf", minf)
    )
    edits = isobmff_box(b"edts", _numbers(b"elst", 1, 20, 0, 65536))
    return isobmff_box(
        b"trak", _full(b"tkhd", bytes(80)) + edits + isobmff_box(b"mdia", mdia) + in_track
    )


_HEAD = isobmff_box(b"ftyp", b"avis\0\0\0\0avismsf1")
_DATA_AT = len(_HEAD) + 8


def _file(*tracks: bytes, data: bytes = _OBUS * 2, mvhd: bytes | None = None, head=_HEAD, more=b""):
    moov = (mvhd or _full(b"mvhd", bytes(96))) + b"".join(tracks)
    return head + isobmff_box(b"mdat", data) + isobmff_box(b"moov", moov) + more


def test_minimal_sequence_is_clean(scan):
    assert scan(_file(_track(_DATA_AT))) == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_plain_save_holds_only_the_time(scan, saved, mode):
    found = scan(saved("AVIF", mode, (48, 48), frames=3, duration=[10, 20, 30]))
    assert {item[0] for item in found} == {"time"}


@pytest.mark.parametrize("version", [0, 1])
def test_dates(scan, version):
    dates = b"\0\0\0\1" if version == 0 else bytes(7) + b"\1"
    mvhd = _full(b"mvhd", dates + bytes(len(dates)) + bytes(92 if version else 88), version)
    data = _file(_track(_DATA_AT, times=bytes(4) + b"\1\0\0\0"), mvhd=mvhd)
    at = data.index(mvhd) + 12
    assert scan(data) == [
        ("time", at, len(dates)),
        ("time", data.index(b"mdhd") + 4 + 4 + 4, 4),
    ]


def test_alpha_track_is_needed_and_others_are_not(scan):
    alpha = _entry(boxes=_AV1C + _full(b"auxi", _ALPHA + b"\0") + _full(b"ccst", bytes(4)))
    reference = isobmff_box(b"tref", isobmff_box(b"auxl", b"\0\0\0\1"))
    color = _track(_DATA_AT, (len(_OBUS),))
    second = _track(
        _DATA_AT + len(_OBUS), (len(_OBUS),), handler=b"auxv", entry=alpha, in_track=reference
    )
    assert scan(_file(color, second)) == []
    for handler, entry in ((b"soun", None), (b"meta", _entry(b"mett", b"")), (b"auxv", None)):
        extra = _track(_DATA_AT + len(_OBUS), (len(_OBUS),), handler=handler, entry=entry)
        data = _file(color, extra)
        found = scan(data)
        assert ("extra-track", _DATA_AT + len(_OBUS), len(_OBUS)) in found
        assert ("extra-track", data.index(extra), len(extra)) in found


def test_second_picture_track(scan):
    extra = _track(_DATA_AT + len(_OBUS), (len(_OBUS),))
    data = _file(_track(_DATA_AT, (len(_OBUS),)), extra)
    assert scan(data) == [
        ("extra-track", _DATA_AT + len(_OBUS), len(_OBUS)),
        ("extra-track", data.index(extra), len(extra)),
    ]


def test_bytes_that_no_frame_uses(scan):
    found = scan(_file(_track(_DATA_AT), data=_OBUS * 2 + b"secret"))
    assert found == [("trailing-data", _DATA_AT + 2 * len(_OBUS), 6)]


def test_messages_in_frames(scan):
    message = b"\x2a\x04info"
    data = _file(_track(_DATA_AT, (len(_OBUS), len(message))), data=_OBUS + message)
    assert scan(data) == [("codec-message", _DATA_AT + len(_OBUS), len(message))]


def test_hevc(scan):
    hvcc = isobmff_box(b"hvcC", bytes(21) + b"\xff\0")
    nal, message = b"\0\0\0\3\x28\x01p", b"\0\0\0\4\x4e\x01hi"
    entry = _entry(b"hvc1", hvcc)
    data = _file(_track(_DATA_AT, (7, 8), entry=entry), data=nal + message)
    assert scan(data) == [("codec-message", _DATA_AT + 7, 8)]


@pytest.mark.parametrize(
    ("options", "channel"),
    [
        ({"in_stbl": isobmff_box(b"abcd", b"x")}, "unknown-segment"),
        ({"in_stbl": _numbers(b"stss", 1, 1)}, "unknown-segment"),
        ({"in_minf": _full(b"vmhd", bytes(8) + b"more")}, "unknown-segment"),
        ({"in_minf": _full(b"hdlr", bytes(4) + b"pict" + bytes(13))}, "unknown-segment"),
        ({"in_track": isobmff_box(b"udta", b"where it was")}, "unknown-segment"),
        ({"in_track": isobmff_box(b"tref", isobmff_box(b"cdsc", b"\0\0\0\1"))}, "unknown-segment"),
        ({"entry": _entry() + _entry()}, "unknown-segment"),
        ({"entry": _entry(boxes=_AV1C + isobmff_box(b"abcd", b""))}, "unknown-segment"),
        ({"entry": _entry(boxes=_AV1C + isobmff_box(b"colr", b"prof"))}, "icc"),
        ({"entry": _entry(name=b"\4mine".ljust(32, b"\0"))}, "text"),
        ({"in_stbl": _numbers(b"ctts", 1, 1, 1, 7)}, "unknown-segment"),
    ],
)
def test_box_of_a_track(scan, options, channel):
    assert [item[0] for item in scan(_file(_track(_DATA_AT, **options)))] == [channel]


def test_surplus_of_a_header(scan):
    mvhd = _full(b"mvhd", bytes(96) + b"more")
    data = _file(_track(_DATA_AT), mvhd=mvhd)
    assert scan(data) == [("unknown-segment", data.index(b"more"), 4)]


def test_table_with_more_entries_than_samples(scan):
    table = _numbers(b"ctts", 3, *range(6))
    data = _file(_track(_DATA_AT, in_stbl=table))
    assert scan(data) == [("unknown-segment", data.index(table), len(table))]


def test_box_beside_the_tracks(scan):
    extra = isobmff_box(b"udta", b"where it was")
    data = _file(_track(_DATA_AT), extra)
    assert scan(data) == [("unknown-segment", data.index(extra), len(extra))]


def test_name_of_libavif_is_no_text(scan):
    entry = _entry(name=b"\x0aAOM Coding".ljust(32, b"\0"))
    assert scan(_file(_track(_DATA_AT, entry=entry))) == []


def test_samples_of_one_size_in_several_chunks(scan):
    tables = (
        _numbers(b"stsz", len(_OBUS), 3)
        + _numbers(b"stsc", 2, 1, 1, 1, 2, 2, 1)
        + _full(b"co64", struct.pack(">IQQ", 2, _DATA_AT, _DATA_AT + len(_OBUS) + 3))
    )
    data = _file(_track(_DATA_AT, tables=tables), data=_OBUS + b"gap" + _OBUS * 2)
    assert scan(data) == [("trailing-data", _DATA_AT + len(_OBUS), 3)]


def _picture(at: int) -> bytes:
    """A 'meta' box with one item whose data lie at an offset."""
    properties = isobmff_box(
        b"iprp",
        isobmff_box(b"ipco", _full(b"ispe", struct.pack(">II", 4, 2)) + _AV1C)
        + _full(b"ipma", struct.pack(">IHB2B", 1, 1, 2, 1, 2)),
    )
    location = struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, at, len(_OBUS))
    return _full(
        b"meta",
        _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
        + _full(b"pitm", b"\0\1")
        + _full(b"iinf", b"\0\1" + _full(b"infe", b"\0\1\0\0av01\0", 2))
        + _full(b"iloc", location)
        + properties,
    )


def test_picture_beside_a_sequence(scan):
    assert scan(_file(_track(_DATA_AT), more=_picture(_DATA_AT))) == []
    data = _file(_track(_DATA_AT), data=_OBUS * 3, more=_picture(_DATA_AT + 2 * len(_OBUS)))
    assert scan(data) == [("second-image", _DATA_AT + 2 * len(_OBUS), len(_OBUS))]


def test_sequence_beside_a_picture(scan):
    head = isobmff_box(b"ftyp", b"avif\0\0\0\0avismsf1")
    track = _track(_DATA_AT + len(_OBUS), (len(_OBUS),))
    data = _file(track, head=head, more=_picture(_DATA_AT))
    found = scan(data)
    assert ("second-image", _DATA_AT + len(_OBUS), len(_OBUS)) in found
    assert ("second-image", data.index(b"moov") - 4, len(data) - len(_picture(0)) - data.index(b"moov") + 4) in found  # fmt: skip


_NO_STSC = _numbers(b"stsz", 0, 1, 6) + _numbers(b"stco", 1, _DATA_AT)


@pytest.mark.parametrize(
    "data",
    [
        _file(_track(_DATA_AT))[:-1],
        _HEAD,
        _file(_track(_DATA_AT + 1000)),
        _file(_track(_DATA_AT, tables=b"")),
        _file(_track(_DATA_AT, tables=_NO_STSC)),
        _file(_track(_DATA_AT, tables=_NO_STSC + _numbers(b"stsc", 0))),
        _file(_track(_DATA_AT, tables=_NO_STSC + _numbers(b"stsc", 1, 2, 1, 1)[:-4])),
        _file(_track(_DATA_AT, tables=_NO_STSC + _numbers(b"stsc", 1, 1, 0, 1))),
        _file(_track(_DATA_AT, in_stbl=_numbers(b"ctts", 9))),
        _file(_track(_DATA_AT, entry=_entry(b"mp4v"))),
        _file(_track(_DATA_AT, entry=_entry(b"hvc1"))),
        _file(_track(_DATA_AT, entry=isobmff_box(b"av01", bytes(77)))),
        _file(_track(_DATA_AT, tables=_numbers(b"stsz", 0, 0) + _numbers(b"stco", 1 << 31))),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits(scan):
    with pytest.raises(LimitExceededError):
        scan(_file(_track(_DATA_AT)), Limits(max_frames=1))
    with pytest.raises(LimitExceededError):
        scan(_file(_track(_DATA_AT, tables=_numbers(b"stsz", 1, 5001))))
