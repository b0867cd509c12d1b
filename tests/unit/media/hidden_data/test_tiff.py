"""TIFF and BigTIFF: tags, pages, strips, and bytes that nothing refers to."""

import struct
import zlib

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits

_SHORT, _LONG, _UNDEFINED, _LONG8, _IFD = 3, 4, 7, 16, 13
_LAYOUT = {_SHORT: "H", _LONG: "I", _LONG8: "Q", _IFD: "I"}


class _Tiff:
    """Appends parts to a TIFF and remembers where they lie."""

    def __init__(self, *, big: bool = False, order: str = "<") -> None:
        self.order, self.big = order, big
        mark = b"II" if order == "<" else b"MM"
        self.offset = "Q" if big else "I"
        magic = struct.pack(f"{order}HHH", 43, 8, 0) if big else struct.pack(f"{order}H", 42)
        self.data = bytearray(mark + magic)
        self.next_at = len(self.data)
        self.data += struct.pack(order + self.offset, 0)

    def append(self, data: bytes) -> int:
        self.data += data
        return len(self.data) - len(data)

    def ifd(self, tags: dict, *, linked: bool = True, repeat=()) -> int:
        """Append a directory; tags map to (type, values or bytes)."""
        fields = [(tag, *value) for tag, value in [*tags.items(), *repeat]]
        room = 8 if self.big else 4
        entries = b""
        for tag, kind, values in sorted(fields, key=lambda field: field[0]):
            raw = values
            if not isinstance(values, bytes):
                raw = struct.pack(f"{self.order}{len(values)}{_LAYOUT[kind]}", *values)
            if len(raw) > room:
                value = struct.pack(self.order + self.offset, self.append(raw))
            else:
                value = raw.ljust(room, b"\0")
            entries += struct.pack(f"{self.order}HH{self.offset}", tag, kind, len(values)) + value
        count = struct.pack(self.order + ("Q" if self.big else "H"), len(fields))
        at = self.append(count + entries + struct.pack(self.order + self.offset, 0))
        if linked:
            self.data[self.next_at : self.next_at + room] = struct.pack(
                self.order + self.offset, at
            )
            self.next_at = len(self.data) - room
        return at

    def page(self, extra=None, *, strip: bytes = bytes(6), without=(), **ifd) -> int:
        """Append a page of 3 x 2 grey pixels."""
        at = self.append(strip)
        tags = {
            256: (_SHORT, [3]),
            257: (_SHORT, [2]),
            258: (_SHORT, [8]),
            259: (_SHORT, [1]),
            262: (_SHORT, [1]),
            273: (_LONG, [at]),
            277: (_SHORT, [1]),
            278: (_SHORT, [2]),
            279: (_LONG, [len(strip)]),
        } | (extra or {})
        for tag in without:
            del tags[tag]
        return self.ifd(tags, **ifd)


def _tiff(extra=None, *, big=False, order="<", **options) -> bytes:
    tiff = _Tiff(big=big, order=order)
    tiff.page(extra, **options)
    return bytes(tiff.data)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_minimal_page_is_clean(scan, big, order):
    assert scan(_tiff(big=big, order=order)) == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "CMYK", "I;16"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_plain_save_is_clean(scan, saved, mode, compression):
    assert scan(saved("TIFF", mode, compression=compression)) == []


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_plain_pages_are_clean(scan, saved, compression):
    assert scan(saved("TIFF", frames=3, compression=compression)) == []


@pytest.mark.parametrize("compression", ["jpeg", "group4", "tiff_deflate"])
@pytest.mark.parametrize("big", [False, True])
def test_other_codings_are_clean(scan, saved, compression, big):
    mode = "1" if compression == "group4" else "RGB"
    assert scan(saved("TIFF", mode, compression=compression, big_tiff=big)) == []


@pytest.mark.parametrize(
    ("tag", "channel"),
    [
        (269, "text"),
        (270, "text"),
        (305, "text"),
        (306, "time"),
        (700, "xmp"),
        (33723, "iptc"),
        (34377, "application-data"),
        (34675, "icc"),
        (37500, "maker-data"),
        (301, "tiff-tag"),
        (65000, "tiff-tag"),
        (347, "tiff-tag"),
    ],
)
@pytest.mark.parametrize("length", [2, 20])
def test_tag_is_reported_with_its_range(scan, tag, channel, length):
    value = b"secret value of a tag"[:length]
    data = _tiff({tag: (_UNDEFINED, value)})
    assert scan(data) == [(channel, data.index(value), length)]


def test_photoshop_resources_are_told_apart(scan):
    value = b"8BIM" + struct.pack(">HBxI", 0x0404, 0, 4) + b"iptc"
    data = _tiff({34377: (_UNDEFINED, value)})
    at = data.index(value)
    assert scan(data) == [("application-data", at, len(value)), ("iptc", at + 12, 4)]


@pytest.mark.parametrize(
    ("tag", "needed"), [(256, 1), (258, 1), (273, 1), (274, 1), (318, 2), (339, 1), (532, 6)]
)
def test_more_values_than_a_tag_needs(scan, tag, needed):
    tiff = _Tiff()
    values = [3 if tag == 256 else 8] * needed
    if tag == 273:
        values = [8]  # where `page` puts its strip
    tiff.page({tag: (_LONG, [*values, 9, 9, 9])})
    data = bytes(tiff.data)
    at = data.index(struct.pack("<3I", 9, 9, 9))
    assert scan(data) == [("tiff-tag", at, 12)]


def test_repeated_tag(scan):
    data = _tiff(repeat=[(256, (_LONG, [77]))])
    (item,) = scan(data)
    assert item == ("tiff-tag", data.index(struct.pack("<I", 77)), 4)


def test_color_map_of_the_right_length_is_needed(scan):
    palette = {258: (_SHORT, [1]), 262: (_SHORT, [3]), 320: (_SHORT, [7] * 6)}
    assert scan(_tiff(palette, strip=bytes(2))) == []
    palette[320] = (_SHORT, [7] * 6 + [8] * 2)
    data = _tiff(palette, strip=bytes(2))
    assert scan(data) == [("tiff-tag", data.index(b"\x08\0\x08\0"), 4)]


def test_exif_and_gps_directories(scan):
    tiff = _Tiff()
    gps = tiff.ifd({1: (2, b"N\0"), 27: (_UNDEFINED, b"where it was")}, linked=False)
    exif = tiff.ifd({37500: (_UNDEFINED, b"maker's"), 34853: (_LONG, [gps])}, linked=False)
    tiff.page({34665: (_LONG, [exif]), 34853: (_LONG, [gps])})
    data = bytes(tiff.data)
    found = scan(data)
    assert ("exif", exif, 2 + 2 * 12 + 4) in found
    assert ("gps", gps, 2 + 2 * 12 + 4) in found
    assert ("gps", data.index(b"where it was"), 12) in found
    assert ("maker-data", data.index(b"maker's"), 7) in found
    assert "trailing-data" not in {item[0] for item in found}


def test_directories_that_point_at_each_other_end(scan):
    tiff = _Tiff()
    at = tiff.ifd({34665: (_LONG, [0])}, linked=False)
    tiff.data[at + 10 : at + 14] = struct.pack("<I", at)
    tiff.page({34665: (_LONG, [at])})
    assert scan(bytes(tiff.data)) == [("exif", at, 18)]


def test_sub_directory_is_a_second_image(scan):
    tiff = _Tiff()
    at = tiff.page(strip=b"hidden", linked=False)
    tiff.page({330: (_IFD, [at])})
    assert scan(bytes(tiff.data)) == [
        ("second-image", 8, 6),
        ("second-image", at, 2 + 9 * 12 + 4),
    ]


def test_reduced_page_is_a_thumbnail(scan):
    tiff = _Tiff()
    tiff.page()
    strip_at = len(tiff.data)
    at = tiff.page({254: (_LONG, [1])})
    assert scan(bytes(tiff.data)) == [
        ("thumbnail", strip_at, 6),
        ("thumbnail", at, 2 + 10 * 12 + 4),
    ]


def test_full_page_type_is_clean(scan):
    assert scan(_tiff({254: (_LONG, [0])})) == []


def test_bytes_that_nothing_refers_to(scan):
    tiff = _Tiff()
    tiff.append(b"secret")
    tiff.page()
    end = len(tiff.data)
    tiff.append(b"more")
    assert scan(bytes(tiff.data)) == [("trailing-data", 8, 6), ("trailing-data", end, 4)]


@pytest.mark.parametrize(("zeros", "clean"), [(1, True), (15, True), (16, False)])
def test_alignment_is_short_and_zero(scan, zeros, clean):
    tiff = _Tiff()
    tiff.append(bytes(zeros))
    tiff.page()
    assert scan(bytes(tiff.data)) == ([] if clean else [("trailing-data", 8, zeros)])


@pytest.mark.parametrize("big", [False, True])
def test_header_in_front_of_a_page(scan, big):
    """Pillow leaves one in front of each further page; only a true one is no data."""
    tiff = _Tiff(big=big)
    tiff.page()
    header = tiff.append(bytes(tiff.data[: 16 if big else 8]))
    page = tiff.page()
    offset_at = header + (8 if big else 4)
    layout = "<Q" if big else "<I"
    tiff.data[offset_at : offset_at + (8 if big else 4)] = struct.pack(layout, page - header)
    assert scan(bytes(tiff.data)) == []
    tiff.data[offset_at] ^= 1
    assert scan(bytes(tiff.data)) == [("trailing-data", header, 16 if big else 8)]


def test_alignment_at_the_end(scan):
    data = _tiff({274: (_SHORT, [1])})
    aligned = data.ljust(-(-len(data) // 16) * 16, b"\0")
    assert len(data) < len(aligned) - 1
    assert scan(aligned) == []
    assert scan(aligned[:-1]) == [("trailing-data", len(data), len(aligned) - 1 - len(data))]


def test_strip_longer_than_its_rows(scan):
    data = _tiff(strip=bytes(6) + b"secret")
    assert scan(data) == [("trailing-data", 8 + 6, 6)]


def test_deflated_strip_with_more_behind(scan):
    stream = zlib.compress(bytes(6))
    deflate = {259: (_SHORT, [8])}
    assert scan(_tiff(deflate, strip=stream)) == []
    data = _tiff(deflate, strip=stream + b"secret")
    assert scan(data) == [("trailing-data", 8 + len(stream), 6)]


def test_planes_and_tiles(scan):
    tiles = {
        322: (_SHORT, [2]),
        323: (_SHORT, [2]),
        277: (_SHORT, [2]),
        258: (_SHORT, [8, 16]),
        284: (_SHORT, [2]),
        338: (_SHORT, [0]),
    }
    tiff = _Tiff()
    starts = [tiff.append(bytes(size)) for size in (4, 4, 8, 9)]
    tiff.page(
        tiles | {324: (_LONG, starts), 325: (_LONG, [4, 4, 8, 9])},
        strip=b"", without=(273, 278, 279),
    )  # fmt: skip
    assert scan(bytes(tiff.data)) == [("trailing-data", starts[3] + 8, 1)]


def test_subsampled_pixels(scan):
    # 3 x 2 pixels are two blocks of four luma and two chroma samples.
    subsampled = {262: (_SHORT, [6]), 277: (_SHORT, [3]), 258: (_SHORT, [8, 8, 8])}
    assert scan(_tiff(subsampled, strip=bytes(12))) == []
    subsampled[530] = (_SHORT, [1, 1])
    assert scan(_tiff(subsampled, strip=bytes(18))) == []
    assert scan(_tiff(subsampled, strip=bytes(19))) == [("trailing-data", 8 + 18, 1)]
    subsampled[530] = (_SHORT, [0, 1])
    with pytest.raises(DamagedInputError):
        scan(_tiff(subsampled, strip=bytes(18)))


def test_comment_in_a_jpeg_strip(scan, saved):
    jpeg = saved("JPEG", "L")
    coding = {256: (_SHORT, [37]), 257: (_SHORT, [29]), 278: (_SHORT, [29]), 259: (_SHORT, [7])}
    assert scan(_tiff(coding, strip=jpeg)) == []
    marked = jpeg[:2] + b"\xff\xfe\0\4hi" + jpeg[2:]
    assert scan(_tiff(coding, strip=marked)) == [("comment", 10, 6)]
    assert scan(_tiff(coding, strip=jpeg + b"x")) == [("trailing-data", 8 + len(jpeg), 1)]


def test_comment_in_the_shared_jpeg_tables(scan, saved):
    jpeg = saved("JPEG", "L")
    tables = b"\xff\xd8\xff\xfe\0\4hi\xff\xd9!"
    coding = {256: (_SHORT, [37]), 257: (_SHORT, [29]), 278: (_SHORT, [29]), 259: (_SHORT, [7])}
    data = _tiff(coding | {347: (_UNDEFINED, tables)}, strip=jpeg)
    at = data.index(tables)
    assert scan(data) == [("comment", at + 2, 6), ("trailing-data", at + 10, 1)]


def test_pages_in_a_circle(scan):
    tiff = _Tiff()
    at = tiff.page()
    tiff.data[tiff.next_at : tiff.next_at + 4] = struct.pack("<I", at)
    with pytest.raises(DamagedInputError, match="circle"):
        scan(bytes(tiff.data))


def _overlap() -> bytes:
    tiff = _Tiff()
    tiff.page({278: (_SHORT, [1]), 273: (_LONG, [8, 8]), 279: (_LONG, [150, 150])}, strip=bytes(99))
    return bytes(tiff.data)


@pytest.mark.parametrize(
    "data",
    [
        b"II*\0",
        b"II*\0\0\0\0\1",
        _tiff()[:-1],
        _tiff()[:-30],
        _overlap(),
        _tiff(strip=bytes(5)),
        _tiff(without=(256,)),
        _tiff(without=(279,)),
        _tiff({256: (_SHORT, [0])}),
        _tiff({256: (_UNDEFINED, b"a")}),
        _tiff({256: (_SHORT, [])}),
        _tiff({273: (_LONG, [10**6])}),
        _tiff({278: (_SHORT, [1])}),
        _tiff({279: (_LONG, [10**6])}),
        _tiff({34665: (_LONG, [10**6])}),
        _tiff({330: (_LONG, [8])}),
        _tiff({330: (_LONG, [8] * 65)}),
        _tiff({259: (_SHORT, [8])}),
        _tiff({277: (_SHORT, [65])}),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_limits(scan):
    with pytest.raises(LimitExceededError):
        scan(_tiff({256: (_LONG, [70_000])}))
    tiles = {322: (_SHORT, [1]), 323: (_SHORT, [1]), 324: (_LONG, [8]), 325: (_LONG, [1])}
    with pytest.raises(LimitExceededError, match="parts"):
        scan(_tiff({256: (_SHORT, [2000]), 257: (_SHORT, [2000])} | tiles))
    tiff = _Tiff()
    tiff.page()
    tiff.page()
    with pytest.raises(LimitExceededError):
        scan(bytes(tiff.data), Limits(max_frames=1))
    with pytest.raises(DamagedInputError, match="fields"):
        scan(b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 65_536))
