"""Matroska and WebM, element by element."""

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits

_HEAD = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_INFO, _TRACKS, _CLUSTER = b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75"
_TAGS = b"\x12\x54\xc3\x67"
_UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def el(kind: bytes, payload: bytes) -> bytes:
    return kind + (0x4000 | len(payload)).to_bytes(2, "big") + payload


def track(number=1, kind=1, codec=b"V_VP9", more=b""):
    return el(
        b"\xae",
        el(b"\xd7", bytes([number])) + el(b"\x83", bytes([kind])) + el(b"\x86", codec) + more,
    )


def block(number=1, payload=b"frame", flags=0x80):
    return el(b"\xa3", bytes([0x80 | number]) + b"\0\0" + bytes([flags]) + payload)


def film(*, tracks=None, cluster=None, before=b"", after=b""):
    tracks = el(_TRACKS, track() if tracks is None else tracks)
    cluster = el(_CLUSTER, el(b"\xe7", b"\0") + (block() if cluster is None else cluster))
    return el(_HEAD, el(b"\x42\x82", b"webm")) + el(_SEGMENT, before + tracks + cluster + after)


def found(scan, data, part):
    """Insist that `part` alone is reported; its channel."""
    ((channel, at, length),) = scan(data)
    assert (at, length) == (data.index(part), len(part))
    return channel


def test_a_minimal_film_is_clean(scan):
    assert scan(film()) == []


@pytest.mark.parametrize(
    ("part", "channel"),
    [
        (el(b"\x44\x61", bytes(8)), "time"),
        (el(b"\x7b\xa9", b"Anne"), "text"),
        (el(b"\x4d\x80", b"Lavf62.12.102"), "text"),
        (el(b"\x57\x41", b"Anne's editor"), "text"),
        (el(b"\x73\xa4", bytes(16)), "display-hint"),
        (el(b"\x73\xa4", bytes(17)), "unknown-segment"),
        (el(b"\x2a\xd7\xb1", bytes(9)), "unknown-segment"),
    ],
)
def test_info(scan, part, channel):
    clean = (
        el(b"\x2a\xd7\xb1", b"\x0f\x42\x40") + el(b"\x4d\x80", b"Lavf") + el(b"\x57\x41", b"Lavf")
    )
    assert scan(film(before=el(_INFO, clean))) == []
    assert found(scan, film(before=el(_INFO, clean + part)), part) == channel


@pytest.mark.parametrize(
    ("part", "channel"),
    [
        (el(b"\x53\x6e", b"Anne"), "text"),
        (el(b"\x22\xb5\x9c", b"eng"), "text"),
        (el(b"\x6d\x80", b"\0"), "unknown-segment"),
        (el(b"\xbf", b"12345"), "unknown-segment"),
        (el(b"\xec", b"\0x"), "padding"),
    ],
)
def test_tracks(scan, part, channel):
    assert found(scan, film(tracks=track(more=part)), part) == channel


@pytest.mark.parametrize(
    "part", [el(b"\x22\xb5\x9c", b"und"), el(b"\xec", bytes(5)), el(b"\xbf", b"1234")]
)
def test_what_playing_needs(scan, part):
    assert scan(film(tracks=track(more=part))) == []


def test_other_tracks_and_their_blocks(scan):
    for kind in (1, 17, 33):
        extra, own = track(2, kind, b"S_TEXT/UTF8"), block(2, b"Anne")
        data = film(tracks=track() + extra, cluster=block() + own + own)
        assert scan(data) == [
            ("extra-track", data.index(extra), len(extra)),
            ("extra-track", data.index(own), 2 * len(own)),
        ]
    assert scan(film(tracks=track() + track(2, 2, b"A_OPUS"), cluster=block() + block(2))) == []


def test_blocks_of_no_track(scan):
    assert found(scan, film(cluster=block() + block(5)), block(5)) == "extra-track"


def test_what_hangs_on_a_block(scan):
    plain = block()
    group = b"\xa1" + plain[1:]
    assert scan(film(cluster=el(b"\xa0", group + el(b"\x9b", b"\1") + el(b"\xfb", b"\1")))) == []
    more = el(b"\x75\xa1", b"alpha or text")
    assert found(scan, film(cluster=el(b"\xa0", group + more)), more) == "unknown-segment"


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        (b"\x10\x43\xa7\x70", "chapter"),
        (b"\x19\x41\xa4\x69", "attachment"),
        (b"\x1b\x53\x86\x67", "unknown-segment"),
    ],
)
def test_other_parts_of_a_film(scan, kind, channel):
    part = el(kind, b"Anne")
    assert found(scan, film(after=part), part) == channel


def tag(name=b"DURATION", value=b"00:00:05.600000000\0", target=b"\x63\xc5\x81\1", more=b""):
    simple = el(b"\x67\xc8", el(b"\x45\xa3", name) + el(b"\x44\x87", value))
    return el(b"\x73\x73", el(b"\x63\xc0", target) + simple + more)


def test_the_length_of_a_track_is_the_only_tag(scan):
    assert scan(film(after=el(_TAGS, tag() + el(b"\xec", bytes(3))))) == []
    for other in (
        tag(name=b"ENCODER"),
        tag(value=b"Anne"),
        tag(target=el(b"\x63\xca", b"Anne")),
        tag(more=el(b"\x67\xc8", el(b"\x45\xa3", b"TITLE"))),
        tag(more=el(b"\x44\x7a", b"eng")),
    ):
        assert found(scan, film(after=el(_TAGS, tag() + other)), other) == "text"


def test_messages_in_h264(scan):
    config = el(b"\x63\xa2", b"\1\x42\0\x0a\xff\xe1\0\1\x67\1\0\1\x68")
    clean = b"\0\0\0\2\x65\x88"
    tracks = track(codec=b"V_MPEG4/ISO/AVC", more=config)
    assert scan(film(tracks=tracks, cluster=block(payload=clean))) == []
    message = b"\0\0\0\6\x06\x05\2Hi\x80"
    assert (
        found(scan, film(tracks=tracks, cluster=block(payload=message + clean)), message)
        == "codec-message"
    )
    with pytest.raises(DamagedInputError):
        scan(film(tracks=tracks, cluster=block(payload=b"\0\0\1\0\x65")))
    with pytest.raises(DamagedInputError, match="laced"):
        scan(film(tracks=tracks, cluster=block(payload=clean, flags=0x86)))


def test_private_data_of_h264(scan):
    beside = b"\1\x42\0\x0a\xff\xe1\0\1\x67\1\0\1\x68" + b"Anne"
    tracks = track(codec=b"V_MPEG4/ISO/AVC", more=el(b"\x63\xa2", beside))
    assert (
        found(scan, film(tracks=tracks, cluster=block(payload=b"")), b"Anne") == "unknown-segment"
    )


def test_clusters_and_films_of_unknown_length(scan):
    cluster = _CLUSTER + _UNKNOWN + el(b"\xe7", b"\0") + block()
    data = el(_HEAD, b"") + _SEGMENT + _UNKNOWN + el(_TRACKS, track()) + cluster * 2
    assert scan(data) == []
    title = el(b"\x7b\xa9", b"Anne")
    assert found(scan, data + el(_INFO, title), title) == "text"


@pytest.mark.parametrize(
    "data",
    [
        _HEAD,
        el(_HEAD, b""),
        el(_HEAD, b"") + el(_TRACKS, b""),
        el(_HEAD, b"") + el(_SEGMENT, el(_TRACKS, track())),
        el(_HEAD, b"") + el(_SEGMENT, _TRACKS + _UNKNOWN),
        el(_HEAD, b"") + el(_SEGMENT, b"\0\0\0"),
        film(tracks=el(b"\xae", el(b"\xd7", bytes(9)))),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits(scan):
    with pytest.raises(LimitExceededError):
        scan(film(cluster=block() * 4), limits=Limits(max_video_frames=3))


def test_a_known_name_with_a_long_tail_is_not_known(scan):
    name = el(b"\x4d\x80", b"Lavf" + bytes(100) + b"Anne Osgathorp")
    assert found(scan, film(before=el(_INFO, name)), name) == "text"
    codec = el(b"\x86", b"V_VP9" + bytes(100) + b"Anne Osgathorp")
    tracks = el(b"\xae", el(b"\xd7", b"\x01") + el(b"\x83", b"\x01") + codec)
    assert ("unknown-segment", film(tracks=tracks).index(codec), len(codec)) in scan(
        film(tracks=tracks)
    )


def comments(*texts, vendor=b"Lavf"):
    parts = [len(vendor).to_bytes(4, "little"), vendor, len(texts).to_bytes(4, "little")]
    for text in texts:
        parts += [len(text).to_bytes(4, "little"), text]
    return b"".join(parts)


def flac_block(kind, payload):
    return bytes([kind]) + len(payload).to_bytes(3, "big") + payload


_ANNE = b"ARTIST=Anne Osgathorp"
_FLAC = b"fLaC" + flac_block(0, bytes(34))


@pytest.mark.parametrize(
    ("codec", "setup", "holds_more"),
    [
        (b"A_VORBIS", b"\x02\x01\x01\x03vorbis" + comments() + b"\x01", False),
        (b"A_VORBIS", b"\x02\x01\x01\x03vorbis" + comments(_ANNE) + b"\x01", True),
        (b"A_VORBIS", b"\x02\x01\x01\x03vorbis" + comments(vendor=_ANNE * 4) + b"\x01", True),
        (b"A_VORBIS", b"\x02\x01\x01", True),
        (b"A_FLAC", _FLAC, False),
        (b"A_FLAC", _FLAC + flac_block(4, comments()) + flac_block(129, bytes(9)), False),
        (b"A_FLAC", _FLAC + flac_block(4, comments(_ANNE)), True),
        (b"A_FLAC", _FLAC + flac_block(1, _ANNE), True),
        (b"A_FLAC", _FLAC + flac_block(6, _ANNE), True),
        (b"A_FLAC", _FLAC + b"Anne", True),
        (b"A_OPUS", b"OpusHead" + bytes(11), False),
        (b"A_OPUS", b"OpusHead" + bytes(11) + _ANNE * 20, True),
    ],
)
def test_the_setup_of_sound_may_hold_no_comments(scan, codec, setup, holds_more):
    private = el(b"\x63\xa2", setup)
    data = film(tracks=track() + track(2, 2, codec, private))
    items = scan(data)
    assert items == ([("text", data.index(setup), len(setup))] if holds_more else [])
