"""Fields that hold nothing but the name of the program that wrote the file, and what other fields say.

FFmpeg, phones and image editors sign what they write. Such a name tells as little as a program's
name in a PDF. A field counts as one only if all of its bytes are accounted for: structure, and
values that are wholly known names of writers. One other word, and it is a text field like any other.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

__all__ = ["MOST_FIELD_BYTES", "is_code", "names_writer", "words_of"]

MOST_FIELD_BYTES: Final = 64 * 1024
"""Bytes of one field that are read; of what is longer, these."""

_CODE_BYTES = 4
"""Bytes of a field that is a code, not a text: a language of a track, a maker's four letters."""

_LIBRARY = rb"Lav[cf](?:\d{1,3}\.\d{1,3}\.\d{1,3})?"
_NUMBER = rb"v?\d{1,4}(?:\.\d{1,5}){0,4}[a-z]?\d?"
_VERSION = rb"(?: %s)?" % _NUMBER
_SIGNATURES = (
    # films
    rb"%s(?: [a-z0-9_-]{2,24})?" % _LIBRARY,  # with the encoder's name: "libx264"
    rb"FFmpeg(?: version)?(?: [nN]?-?%s)?" % _NUMBER,
    rb"HandBrake %s(?: \d{10})?" % _NUMBER,
    rb"x26[45](?: (?:- )?core \d{2,4}(?: r\d{1,5}(?: [0-9a-f]{7})?)?)?",
    rb"lib(?:ebml|webm) v?%s(?: \+ libmatroska v?%s)?" % (_NUMBER, _NUMBER),
    rb"mkvmerge %s(?: \('[A-Za-z '.,&!?-]{1,40}'\)(?: 64-bit)?)?"
    % _NUMBER,  # each has a song's name
    rb"GStreamer(?: matroskamux| Matroska muxer)?(?: version)?%s" % _VERSION,
    rb"GPAC[ -]%s(?:-rev[0-9a-g-]{1,24})?" % _NUMBER,
    rb"Iso[Mm]edia File Produced with GPAC%s(?:-rev[0-9a-g-]{1,24})?" % _VERSION,
    rb"ISO Media file produced by Google Inc\.(?: Created on: \d\d/\d\d/\d{4}\.?)?",
    rb"(?:L-SMASH|GPAC ISO|Bento4) (?:Video|Audio|Sound) (?:Media )?Handler",
    rb"(?:#?Mainconcept |Apple )(?:MP4 )?(?:Video|Sound|Alias Data|Time Code) (?:Media )?Handler",
    rb"(?:Video|Sound|Data|Subtitle|Time ?Code) ?(?:Media )?Handler",
    rb"Core Media (?:Video|Audio|Text|Time Code|Metadata|Data)",
    rb"(?:OpenShot Video Editor|DaVinci Resolve|Shotcut|Kdenlive)%s" % _VERSION,
    # pictures
    rb"(?:Adobe )?(?:Photoshop|ImageReady|Lightroom|Premiere Pro|After Effects|Media Encoder)"
    rb"(?: (?:Elements|Classic|CC|CS\d))?%s(?: \((?:Windows|Macintosh)\))?" % _VERSION,
    rb"(?:Created with |with )?(?:The )?(?:GIMP|Inkscape|paint\.net)%s" % _VERSION,
    rb"www\.inkscape\.org|GIF made on https?://ezgif\.com/[a-z-]{0,20}",
    rb"Matplotlib (?:version ?)?%s, https?://matplotlib\.org/" % _NUMBER,
    rb"tifffile\.py|(?:lib)?vips(?:[ -]%s)?" % _NUMBER,
    rb"ImageMagick %s(?:-\d{1,3})?(?: Q\d\d(?:-HDRI)?)?(?: (?:x86_64|aarch64))?(?: \d{4}-\d\d-\d\d)?"
    rb"(?: https?://(?:www\.)?imagemagick\.org/?)?" % _NUMBER,
    rb"CREATOR: gd-jpeg v\d\.\d \(using IJG JPEG v\d{2,3}\), (?:default quality|quality = \d{1,3})",
    rb"Picasa%s" % _VERSION,
    # makers of both
    rb"Google(?: Inc\.?)?|Apple(?: Inc\.?)?|Samsung|SAMSUNG|Samsung Electronics|Microsoft",
    rb"(?:Android|QuickTime|macOS|iOS|Microsoft Windows|Windows Photo Viewer)%s" % _VERSION,
)
"""Whole values that are a program's or a maker's name, with a version. Where there is room for a word of
the writer's own (an encoder, the song of mkvmerge) it is still compared with the names of the case."""

_BRANDS = (
    rb"(?:isom|iso[2-9]|avc1|hvc1|mp4[12]|qt  |M4V |dash|3gp[4-6]|av01|XAVC|mmp4|\d{1,4}){1,12}"
)
_PLAIN = rb"\d{1,4}(?:\.\d{1,6})?"
_TIME = rb"\d\d:\d\d:\d\d\.\d{9}"
_WRITER = re.compile(rb"(?:" + rb"|".join(rb"(?:%s)" % one for one in _SIGNATURES) + rb")")
_KEYS: Final[dict[bytes, re.Pattern[bytes]]] = {
    b"encoder": _WRITER,
    b"software": _WRITER,
    b"vendor_id": re.compile(rb"\[0\]\[0\]\[0\]\[0\]|FFMP|appl"),
    b"handler_name": _WRITER,
    b"major_brand": re.compile(_BRANDS),
    b"minor_version": re.compile(_PLAIN),
    b"compatible_brands": re.compile(_BRANDS),
    b"duration": re.compile(_TIME),
    b"com.android.version": re.compile(_PLAIN),
    b"com.android.capture.fps": re.compile(rb"[\0-\xff]{4}"),
    b"com.apple.quicktime.software": re.compile(_PLAIN),
}
"""Names of values in films that hold a program's name or a number of its own, with what they may be."""

_SIGNED = frozenset({b"\xa9too", b"\xa9enc", b"\xa9swr"})
_MOST_DEPTH = 6
_UTF8 = 1


def is_code(length: int) -> bool:
    """Tell whether a field is too short for a text: it is a language's or a maker's code."""
    return length <= _CODE_BYTES


def names_writer(field: bytes) -> bool:
    """Tell whether a text field or comment holds the name of a known program and nothing else.

    Parameters
    ----------
    field : bytes
        All bytes of a field, as a scan of a container found it, its frame included.

    Returns
    -------
    bool
        False also for what is not understood, or longer than a field of this kind is.
    """
    if not 1 < len(field) <= MOST_FIELD_BYTES:
        return False
    try:
        return any(_all_known(values(field)) for values in _FRAMES)
    except (struct.error, IndexError):
        return False


def words_of(field: bytes) -> str:
    """Return what can be read in a field, one stretch of letters a line: for the text engine alone."""
    text = field[:MOST_FIELD_BYTES].decode("utf-8", errors="replace")
    return "\n".join(
        piece.strip() for piece in re.findall(r"[^\W\d_][^\x00-\x1f\x7f-\x9f\ufffd]{2,}", text)
    )


_Values = Iterator[tuple[bytes, bytes] | None]


def _all_known(values: _Values) -> bool:
    """Tell whether there are values, and each is what its key may hold; None is something unknown."""
    count = 0
    for pair in values:
        if pair is None:
            return False
        key, value = pair
        pattern = _KEYS.get(key.lower())
        if pattern is None or not pattern.fullmatch(value.rstrip(b"\0")):
            return False
        count += 1
    return count > 0


def _bare(field: bytes) -> _Values:
    """A value alone: with zeros after it, or its length before."""
    counted = field[0] == len(field.rstrip(b"\0")) - 1
    yield b"encoder", field[1:] if counted else field


def _png(field: bytes) -> _Values:
    """A chunk ``tEXt``: length, kind, key, zero, value, checksum."""
    (length,) = struct.unpack_from(">I", field)
    key, zero, value = field[8:-4].partition(b"\0")
    whole = field[4:8] == b"tEXt" and length == len(field) - 12 and zero
    yield (key, value) if whole else None


def _gif(field: bytes) -> _Values:
    """A comment of a GIF in one piece: introducer, label, length, value, zero."""
    whole = field[:2] == b"\x21\xfe" and field[2] == len(field) - 4 and field[-1:] == b"\0"
    yield (b"encoder", field[3:-1]) if whole else None


def _jpeg(field: bytes) -> _Values:
    """A comment of a JPEG: marker, length, value."""
    whole = field[:2] == b"\xff\xfe" and struct.unpack_from(">H", field, 2)[0] == len(field) - 2
    yield (b"encoder", field[4:].rstrip(b"\n")) if whole else None


def _iso(field: bytes, depth: int = 0, keys: tuple[bytes, ...] = ()) -> _Values:
    """Boxes of MP4 and QuickTime: lists of values, each with its name."""
    at = 0
    while at < len(field):
        if not any(field[at:]) and len(field) - at <= _CODE_BYTES:
            return  # QuickTime ends a list with a zero
        size, kind = struct.unpack_from(">I4s", field, at)
        body = field[at + 8 : at + size]
        if size < 8 or at + size > len(field) or depth > _MOST_DEPTH:
            yield None
            return
        if kind == b"keys":
            keys = tuple(_named_keys(body))
        else:
            yield from _iso_box(kind, body, depth, keys)
        at += size


def _iso_box(kind: bytes, body: bytes, depth: int, keys: tuple[bytes, ...]) -> _Values:
    number = int.from_bytes(kind, "big")
    if kind in {b"udta", b"ilst"}:
        yield from _iso(body, depth + 1, keys)
    elif kind == b"meta":
        yield from _iso(body[4:] if body[:4] == bytes(4) else body, depth + 1, keys)
    elif kind == b"hdlr":
        if not re.fullmatch(rb"\0{8}(?:mdirappl|mdta)\0+", body):
            yield None
    elif kind in {b"free", b"skip"}:
        if any(body):
            yield None
    elif kind in _SIGNED or 0 < number <= len(keys):
        key = b"encoder" if kind in _SIGNED else keys[number - 1]
        yield from _iso_value(key, body)
    else:
        yield None


def _iso_value(key: bytes, body: bytes) -> _Values:
    """A value: in a box of its own, or in QuickTime after its length and language."""
    if body[4:8] == b"data":
        whole = struct.unpack_from(">I", body)[0] == len(body)
        yield (key, body[16:]) if whole else None
    else:
        whole = struct.unpack_from(">H", body)[0] == len(body) - 4
        yield (key, body[4:]) if whole else None


def _named_keys(body: bytes) -> Iterator[bytes]:
    (count,) = struct.unpack_from(">I", body, 4)
    at = 8
    for _ in range(min(count, 64)):
        (size,) = struct.unpack_from(">I", body, at)
        yield body[at + 8 : at + max(size, 8)]
        at += max(size, 8)


_TAG, _TARGETS, _SIMPLE, _KEY, _VALUE = 0x7373, 0x63C0, 0x67C8, 0x45A3, 0x4487
_TAG_LANGUAGE, _TAG_DEFAULT = 0x447A, 0x4484
_TAG_NUMBERS = frozenset({0x63C5, 0x68CA, 0x63CA})
_SIGNED_LEAVES = frozenset({0x4D80, 0x5741})


def _ebml(field: bytes) -> _Values:
    """Elements of Matroska: the program's two names, or a tag with names and values."""
    elements = list(_elements(field))
    if len(elements) != 1:
        yield None
        return
    kind, body = elements[0]
    if kind in _SIGNED_LEAVES:
        yield b"encoder", body
    elif kind == _TAG:
        for inner, content in _elements(body):
            if inner == _SIMPLE:
                yield _pair(content)
            elif inner != _TARGETS or any(k not in _TAG_NUMBERS for k, _ in _elements(content)):
                yield None
    else:
        yield None


def _pair(content: bytes) -> tuple[bytes, bytes] | None:
    parts = dict(_elements(content))
    language = parts.pop(_TAG_LANGUAGE, b"und")
    known = {_KEY, _VALUE} <= parts.keys() <= {_KEY, _VALUE, _TAG_DEFAULT}
    return (parts[_KEY], parts[_VALUE]) if known and len(language) <= _CODE_BYTES else None


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        width = 9 - data[at].bit_length()
        kind = int.from_bytes(data[at : at + width], "big")
        at += width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
        at += width
        if at + size > len(data):
            msg = "an element is longer than its parent"
            raise IndexError(msg)
        yield kind, data[at : at + size]
        at += size


_FRAMES = (_bare, _png, _jpeg, _gif, _iso, _ebml)
