"""HEIF and AVIF: boxes, items, properties and coded pictures, in files put together by hand."""

import io
import struct
from dataclasses import dataclass, field

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError
from saferedact.testing.image_blocks import exif_block, isobmff_box

_ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
_OBUS = b"\x12\x00" + b"\x32\x02px"  # temporal delimiter, frame
_NALS = b"\0\0\0\3\x28\x01p"  # one slice of type 20
_HVCC = bytes(21) + b"\xff\x01" + b"\x20\0\1" + b"\0\2\x40\x01"  # one parameter set
_ISPE = isobmff_box(b"ispe", struct.pack(">III", 0, 4, 2))
_AV1C = isobmff_box(b"av1C", b"\x81\0\0\0")


def _full(kind: bytes, body: bytes, version: int = 0) -> bytes:
    return isobmff_box(kind, bytes([version, 0, 0, 0]) + body)


@dataclass
class _Item:
    kind: bytes = b"av01"
    data: bytes = _OBUS
    properties: tuple[bytes, ...] = (_ISPE, _AV1C)
    references: tuple[tuple[bytes, int], ...] = ()
    name: bytes = b""
    more: bytes = b""  # behind the name


_HDLR = _full(b"hdlr", bytes(4) + b"pict" + bytes(13))


@dataclass
class _Heif:
    """A file of items; number of the first one, which is the primary one, is 1."""

    items: list[_Item] = field(default_factory=lambda: [_Item()])
    brands: bytes = b"avifmif1miaf"
    handler: bytes = _HDLR
    meta_more: bytes = b""
    mdat_more: bytes = b""
    ipco_more: bytes = b""
    end: bytes = b""
    before: bytes = b""  # between 'ftyp' and 'meta'
    primary: int = 1
    wide: bool = False
    idat: bool = False

    def _meta(self, data_at: int) -> bytes:
        version = 1 if self.wide else 0
        number = ">I" if self.wide else ">H"
        infos, ipma, refs, iloc, ipco = b"", b"", b"", b"", b""
        at, prop = data_at, 0
        for index, item in enumerate(self.items, start=1):
            info = struct.pack(number, index) + bytes(2) + item.kind + item.name + b"\0" + item.more
            infos += _full(b"infe", info, 3 if self.wide else 2)
            links = b""
            for box in item.properties:
                prop += 1
                ipco += box
                links += struct.pack(">H", 0x8000 | prop) if self.wide else bytes([0x80 | prop])
            ipma += struct.pack(number, index) + bytes([len(item.properties)]) + links
            for kind in dict.fromkeys(kind for kind, _ in item.references):
                targets = [to for name, to in item.references if name == kind]
                body = struct.pack(
                    f"{number}H{len(targets)}{number[1]}", index, len(targets), *targets
                )
                refs += isobmff_box(kind, body)
            if item.data:
                method = bytes([0, int(self.idat)]) if self.wide or self.idat else b""
                iloc += struct.pack(">I" if self.wide else ">H", index) + method
                iloc += struct.pack(">HHII", 0, 1, at, len(item.data))
            at += len(item.data)
        stored = sum(bool(item.data) for item in self.items)
        iloc_version = 2 if self.wide else int(self.idat)
        associations = bytes([version, 0, 0, int(self.wide)])
        associations += struct.pack(">I", len(self.items)) + ipma
        boxes = [
            self.handler,
            _full(b"pitm", struct.pack(number, self.primary), version),
            _full(b"iinf", struct.pack(number, len(self.items)) + infos, version),
            _full(b"iloc", b"\x44\0" + struct.pack(number, stored) + iloc, iloc_version),
            _full(b"iref", refs, version) if refs else b"",
            isobmff_box(
                b"iprp",
                isobmff_box(b"ipco", ipco + self.ipco_more) + isobmff_box(b"ipma", associations),
            ),
            self.meta_more,
        ]
        if self.idat:
            boxes.append(isobmff_box(b"idat", self._data()))
        return _full(b"meta", b"".join(boxes))

    def _data(self) -> bytes:
        return b"".join(item.data for item in self.items) + self.mdat_more

    def build(self) -> bytes:
        head = isobmff_box(b"ftyp", self.brands[:4] + bytes(4) + self.brands) + self.before
        data_at = 0 if self.idat else len(head) + len(self._meta(0)) + 8
        mdat = b"" if self.idat else isobmff_box(b"mdat", self._data())
        return head + self._meta(data_at) + mdat + self.end


def _hevc(data: bytes = _NALS, hvcc: bytes = _HVCC) -> _Item:
    return _Item(b"hvc1", data, (_ISPE, isobmff_box(b"hvcC", hvcc)))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("idat", [False, True])
def test_minimal_file_is_clean(scan, wide, idat):
    assert scan(_Heif(wide=wide, idat=idat).build()) == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
@pytest.mark.parametrize("size_wh", [(64, 64), (37, 29)])
def test_plain_save_is_clean(scan, saved, mode, size_wh):
    import pillow_heif

    assert scan(saved("AVIF", mode, size_wh)) == []
    source = saved("PNG", mode, size_wh)
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(source)) as image:
        pillow_heif.from_pillow(image).save(buffer, quality=90)
    assert scan(buffer.getvalue()) == []


@pytest.mark.parametrize(
    ("item", "channel"),
    [
        (_Item(b"Exif", b"\0\0\0\0" + exif_block(), ()), "exif"),
        (_Item(b"Exif", b"\0", ()), "exif"),
        (_Item(b"mime", b"<x/>", (), more=b"application/rdf+xml\0"), "xmp"),
        (_Item(b"mime", b"<x/>", (), more=b"text/plain\0"), "application-data"),
        (_Item(b"uri ", b"data", ()), "application-data"),
        (_Item(b"jumb", b"data", ()), "jumbf"),
        (_Item(b"abcd", b"data", ()), "extra-item"),
        (_Item(references=((b"thmb", 1),)), "thumbnail"),
        (_Item(b"jpeg", b"data", references=((b"thmb", 1),)), "thumbnail"),
        (_Item(), "second-image"),
        (_Item(properties=(_full(b"auxC", b"urn:com:apple:photo:2020:aux:hdrgainmap\0"),)), "gain-map"),
        (_Item(properties=(_full(b"auxC", b"urn:mpeg:hevc:2015:auxid:2\0"),)), "depth-map"),
        (_Item(properties=(_full(b"auxC", b"urn:other\0"),), references=((b"auxl", 1),)), "second-image"),
        (_Item(properties=(_full(b"auxC", _ALPHA + b"\0"),)), "second-image"),  # alpha of nothing
    ],
)  # fmt: skip
def test_item_is_reported_with_its_range(scan, item, channel):
    heif = _Heif([_Item(), item])
    data = heif.build()
    at = len(data) - len(item.data)
    assert (channel, at, len(item.data)) in scan(data)


def test_item_without_data_is_reported_where_it_is_listed(scan):
    data = _Heif([_Item(), _Item(b"abcd", b"", ())]).build()
    at = data.index(b"\0\2\0\0abcd") - 12
    assert scan(data) == [("extra-item", at, 21)]


def test_exif_parts_lie_inside(scan):
    item = _Item(b"Exif", b"\0\0\0\6Exif\0\0" + exif_block(gps=b"here"), ())
    assert {found[0] for found in scan(_Heif([_Item(), item]).build())} == {"exif", "gps"}


def test_alpha_and_tiles_are_needed(scan):
    alpha = _Item(
        properties=(_ISPE, _AV1C, _full(b"auxC", _ALPHA + b"\0")), references=((b"auxl", 1),)
    )
    assert scan(_Heif([_Item(), alpha]).build()) == []
    grid = _Item(b"grid", b"\0\0\0\1\0\4\0\2", (_ISPE,), ((b"dimg", 2), (b"dimg", 3), (b"dimg", 9)))
    assert scan(_Heif([grid, _Item(), _Item()]).build()) == []
    overlay = _Item(b"iovl", bytes(2 + 8 + 4 + 4), (_ISPE,), ((b"dimg", 2),))
    assert scan(_Heif([overlay, _Item()]).build()) == []
    identity = _Item(b"iden", b"", (_ISPE,), ((b"dimg", 2),))
    assert scan(_Heif([identity, _Item()]).build()) == []


def test_bytes_behind_the_numbers_of_a_grid(scan):
    grid = _Item(b"grid", b"\0\1\0\0" + bytes(8) + b"more", (_ISPE,), ((b"dimg", 2),))
    data = _Heif([grid, _Item()]).build()
    assert scan(data) == [("unknown-segment", data.index(b"more"), 4)]


def test_parts_of_a_gain_map_are_gain_map(scan):
    tone_map = _Item(b"tmap", b"numbers", (), ((b"dimg", 1), (b"dimg", 3)))
    found = scan(_Heif([_Item(), tone_map, _Item()]).build())
    assert [item[0] for item in found] == ["gain-map", "gain-map"]


def test_references_in_a_circle_end(scan):
    grid = b"\0\0\0\0\0\4\0\2"
    items = [_Item(b"grid", grid, (_ISPE,), ((b"dimg", 2),)),
             _Item(b"grid", grid, (_ISPE,), ((b"dimg", 1),))]  # fmt: skip
    assert scan(_Heif(items).build()) == []


@pytest.mark.parametrize(
    ("box", "channel"),
    [
        (isobmff_box(b"free", b""), "unknown-segment"),
        (isobmff_box(b"abcd", b"x"), "unknown-segment"),
        (isobmff_box(b"uuid", b"short"), "unknown-segment"),
        (isobmff_box(b"uuid", bytes(16)), "unknown-segment"),
        (isobmff_box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481")), "jumbf"),
        (isobmff_box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac")), "xmp"),
        (isobmff_box(b"jumb", b"x"), "jumbf"),
        (isobmff_box(b"mpvd", b"film"), "second-image"),
        (struct.pack(">I4sQ", 1, b"abcd", 18) + b"xy", "unknown-segment"),
    ],
)
def test_box_is_reported_with_its_range(scan, box, channel):
    for place in ("before", "end", "meta_more", "ipco_more"):
        data = _Heif(**{place: box}).build()
        assert scan(data) == [(channel, data.index(box, 28), len(box))], place


@pytest.mark.parametrize("place", ["before", "end"])
@pytest.mark.parametrize("data", [b"", b"secret"])
def test_media_data_that_nothing_uses(scan, place, data):
    box = isobmff_box(b"mdat", data)
    file = _Heif(**{place: box}).build()
    assert scan(file) == [("trailing-data", file.index(box), len(box))]


def test_second_meta_box(scan):
    second = _full(b"meta", _HDLR)
    data = _Heif(end=second).build()
    assert scan(data) == [("unknown-segment", len(data) - len(second), len(second))]


@pytest.mark.parametrize("idat", [False, True])
def test_bytes_that_no_item_uses(scan, idat):
    data = _Heif(mdat_more=b"secret", idat=idat).build()
    assert scan(data) == [("trailing-data", data.index(b"secret"), 6)]


@pytest.mark.parametrize("more", [b"x", b"\0\0\0\1", b"\0\0\0\7abcd", b"\xff\0\0\0abcd", bytes(7)])
def test_trailing_data(scan, more):
    data = _Heif().build()
    assert scan(data + more) == [("trailing-data", len(data), len(more))]


def test_texts(scan):
    handler = _full(b"hdlr", bytes(4) + b"pict" + bytes(12) + b"name\0more")
    data = _Heif([_Item(name=b"nick")], handler=handler).build()
    assert scan(data) == [
        ("text", data.index(b"name"), 4),
        ("unknown-segment", data.index(b"more"), 4),
        ("text", data.index(b"nick"), 4),
    ]


def test_names_of_libavif_are_no_text(scan):
    assert scan(_Heif([_Item(name=b"Color")]).build()) == []


def test_brands(scan):
    data = _Heif(brands=b"avifmif1secr").build()
    assert scan(data) == [("unknown-segment", 24, 4)]
    odd = isobmff_box(b"ftyp", b"avif\0\0\0\0" + b"mif1xy")
    data = _Heif(idat=True).build()
    assert scan(odd + data[28:]) == [("unknown-segment", 20, 2)]


def test_data_information_may_only_name_this_file(scan):
    this_file = _full(b"url ", b"")
    reference = _full(b"dref", struct.pack(">I", 1) + this_file)
    assert scan(_Heif(meta_more=isobmff_box(b"dinf", reference)).build()) == []
    named = _full(b"dref", struct.pack(">I", 2) + _full(b"url ", b"C:\\me\0") + _full(b"urn ", b""))
    data = _Heif(meta_more=isobmff_box(b"dinf", named + isobmff_box(b"abcd", b""))).build()
    assert [item[0] for item in scan(data)] == ["text", "unknown-segment", "unknown-segment"]


@pytest.mark.parametrize(
    ("properties", "channels"),
    [
        ((isobmff_box(b"irot", b"\1"), isobmff_box(b"imir", b"\1"), isobmff_box(b"pasp", bytes(8))), []),
        ((_full(b"pixi", b"\3\x08\x08\x08"),), []),
        ((_full(b"pixi", b"\3\x08\x08\x08more"),), ["unknown-segment"]),
        ((isobmff_box(b"colr", b"nclx" + bytes(7)),), []),
        ((isobmff_box(b"colr", b"nclx" + bytes(8)),), ["unknown-segment"]),
        ((isobmff_box(b"colr", b"prof" + bytes(7)),), ["icc"]),
        ((isobmff_box(b"colr", b"rICC"),), ["icc"]),
        ((isobmff_box(b"a1lx", bytes(7)),), []),
        ((isobmff_box(b"a1lx", b"\1" + bytes(12)),), []),
        ((isobmff_box(b"irot", b"\1"), isobmff_box(b"irot", b"\1")), ["unknown-segment"]),
        ((isobmff_box(b"colr", b"nclx" + bytes(7)), isobmff_box(b"colr", b"prof")), ["icc"]),
        ((_full(b"auxC", _ALPHA + b"\0more"),), ["unknown-segment"]),
        ((_full(b"pixi", b"\x08\1\2\3\4text"),), ["unknown-segment"]),
        ((isobmff_box(b"a1lx", bytes(8)),), ["unknown-segment"]),
        ((isobmff_box(b"irot", b"\1x"),), ["unknown-segment"]),
        ((_full(b"auxC", b"urn:x\0more"),), ["unknown-segment"]),
        ((_full(b"udes", b"text"),), ["text"]),
    ],
)  # fmt: skip
def test_properties(scan, properties, channels):
    data = _Heif([_Item(properties=(_ISPE, _AV1C, *properties))]).build()
    assert [item[0] for item in scan(data)] == channels


@pytest.mark.parametrize(
    ("coded_wh", "shown", "clean"),
    [
        ((94, 68), (93, 1, 67, 1), True),
        ((94, 68), (186, 2, 134, 2), True),
        ((94, 68), (92, 1, 67, 1), False),
        ((94, 68), (93, 1, 66, 1), False),
        ((64, 64), (1, 1, 1, 1), True),
    ],
)
def test_crop(scan, coded_wh, shown, clean):
    crop = isobmff_box(b"clap", struct.pack(">8I", *shown, 0, 1, 0, 1))
    size = _full(b"ispe", struct.pack(">II", *coded_wh))
    data = _Heif([_Item(properties=(size, _AV1C, crop))]).build()
    at = data.index(crop)
    assert scan(data) == ([] if clean else [("cropped-pixels", at, len(crop))])


def test_property_of_no_item(scan):
    assert scan(_Heif(ipco_more=_AV1C).build())[0][0] == "unknown-segment"


def test_messages_in_av1(scan):
    metadata = b"\x2a\x04info"
    padding = b"\x78"  # no size: to the end
    extended = b"\x26\x00\x00"
    item = _Item(data=_OBUS + extended + metadata + padding + b"filler")
    data = _Heif([item]).build()
    at = data.index(metadata)
    assert scan(data) == [("codec-message", at, 6), ("codec-message", at + 6, 7)]
    config = isobmff_box(b"av1C", b"\x81\0\0\0" + metadata)
    data = _Heif([_Item(properties=(_ISPE, config))]).build()
    assert scan(data) == [("codec-message", data.index(metadata), 6)]


def test_messages_in_hevc(scan):
    assert scan(_Heif([_hevc()]).build()) == []
    message = b"\0\0\0\6\x4e\x01info"
    data = _Heif([_hevc(_NALS + message)]).build()
    assert scan(data) == [("codec-message", data.index(message), 10)]
    config = _HVCC[:22] + b"\x02" + _HVCC[23:] + b"\x27\0\1\0\4\x4e\x01hi" + b"more"
    data = _Heif([_hevc(hvcc=config)]).build()
    assert scan(data) == [
        ("codec-message", data.index(b"\0\4\x4e\x01hi"), 6),
        ("unknown-segment", data.index(b"more"), 4),
    ]


def test_second_picture_in_the_coded_data(scan):
    second = b"\x32\x02no"
    data = _Heif([_Item(data=_OBUS + second)]).build()
    assert scan(data) == [("second-image", data.index(second), 4)]
    layered = (_ISPE, _AV1C, isobmff_box(b"a1lx", bytes(7)))
    assert scan(_Heif([_Item(data=_OBUS + second, properties=layered)]).build()) == []
    first, more, other = b"\0\0\0\3\x28\x01\x80", b"\0\0\0\3\x28\x01\x7f", b"\0\0\0\3\x28\x01\x81"
    data = _Heif([_hevc(first + more + other)]).build()
    assert scan(data) == [("second-image", data.index(other), 7)]


def test_units_that_come_once(scan):
    header = b"\x0a\x01h"
    data = _Heif([_Item(data=b"\x12\x00" + header + header + b"\x32\x02px")]).build()
    assert scan(data) == [("codec-message", data.index(header) + 3, 3)]
    data = _Heif([_Item(data=b"\x12\x02hi\x32\x02px")]).build()
    assert scan(data) == [("codec-message", data.index(b"\x12\x02hi"), 4)]
    config = _HVCC[:23] + b"\x20\0\2\0\2\x40\x01\0\4\x40\x01hi"
    data = _Heif([_hevc(hvcc=config)]).build()
    assert scan(data) == [("codec-message", data.index(b"\0\4\x40\x01hi"), 6)]


def test_references_that_no_picture_needs(scan):
    def reference(kind: bytes, source: int, *targets: int) -> bytes:
        numbers = struct.pack(f">HH{len(targets)}H", source, len(targets), *targets)
        return isobmff_box(kind, numbers)

    for box in (reference(b"cdsc", 1, 1, 2, 3), reference(b"auxl", 9, 1)):
        data = _Heif(meta_more=_full(b"iref", box)).build()
        assert scan(data) == [("unknown-segment", data.index(box), len(box))]
    box = reference(b"auxl", 1, 7)
    data = _Heif(meta_more=_full(b"iref", box + box)).build()
    assert scan(data) == [("unknown-segment", data.index(box) + len(box), len(box))]
    surplus = reference(b"auxl", 1, 7)[:4] + b"auxl" + struct.pack(">HHH", 1, 0, 7)
    data = _Heif(meta_more=_full(b"iref", surplus)).build()
    assert scan(data) == [("unknown-segment", data.index(surplus) + 12, 2)]


@pytest.mark.parametrize("link", [(9, 1), (1, 99)])
def test_links_to_what_does_not_exist(scan, link):
    number, prop = link
    box = _full(b"ipma", struct.pack(">IHBB", 1, number, 1, prop))
    data = _Heif(meta_more=isobmff_box(b"iprp", box)).build()
    assert [item[0] for item in scan(data)] == ["unknown-segment"]
    only = _Heif().build()
    at = only.index(b"ipma") + 4 + 4 + 4
    changed = only[:at] + struct.pack(">H", 9) + only[at + 2 :]
    assert ("unknown-segment", only.index(b"ipma") - 4, 21) in scan(changed)
    changed = only[: at + 3] + b"\x7f" + only[at + 4 :]
    assert ("unknown-segment", only.index(b"ipma") - 4, 21) in scan(changed)


def _with_bytes(old: bytes, new: bytes, heif: _Heif | None = None) -> bytes:
    data = (heif or _Heif()).build()
    assert data.count(old) == 1
    return data.replace(old, new)


@pytest.mark.parametrize(
    "data",
    [
        _Heif().build()[:20],
        _Heif().build()[:100],
        _Heif().build()[:-1],
        _Heif(primary=7).build(),
        _Heif([_Item(data=b"")]).build(),
        _Heif([_Item(data=b"\x12")]).build(),
        _Heif([_Item(data=b"\x12" + b"\xff" * 9)]).build(),
        _Heif([_Item(properties=(isobmff_box(b"ispe", b""),))]).build(),
        _Heif([_Item(properties=(_ISPE, isobmff_box(b"clap", bytes(32))))]).build(),
        _Heif([_Item(b"hvc1", _NALS, (_ISPE,))]).build(),
        _Heif([_hevc(b"\0\0\0\x09ab")]).build(),
        _Heif([_hevc(b"\0\0\0\0")]).build(),
        _Heif([_Item(b"grid", b"\0\0\0", (_ISPE,))]).build(),
        _Heif(brands=b"avif" * 100).build(),
        _with_bytes(b"infe\x02", b"infe\x01"),
        _with_bytes(b"infe\0\0\0\0", b"", _Heif(meta_more=_full(b"infe", b""))),
        isobmff_box(b"ftyp", b"avif\0\0\0\0mif1"),
        isobmff_box(b"ftyp", b"avif"),
    ],
)
def test_damaged(scan, data):
    with pytest.raises(DamagedInputError):
        scan(data)


def test_two_items_of_one_number(scan):
    heif = _Heif([_Item(), _Item(b"abcd", b"data", ())])
    with pytest.raises(DamagedInputError, match="same number"):
        scan(_with_bytes(b"\0\2\0\0abcd", b"\0\1\0\0abcd", heif))


@pytest.mark.parametrize(
    "data",
    [
        _Heif([_Item(b"vvc1")]).build(),
        _with_bytes(b"\0\1\0\0\0\1\0\0", b"\0\1\0\7\0\1\0\0"),
    ],
)
def test_unsupported(scan, data):
    with pytest.raises(UnsupportedFormatError):
        scan(data)


def test_data_built_from_another_item(scan):
    data = _Heif(wide=True).build()
    at = data.index(b"iloc") + 4 + 4 + 2 + 4 + 4
    with pytest.raises(UnsupportedFormatError):
        scan(data[:at] + b"\0\2" + data[at + 2 :])


def test_limits(scan, monkeypatch):
    huge = isobmff_box(b"ispe", struct.pack(">III", 0, 60_000, 60_000))
    with pytest.raises(LimitExceededError):
        scan(_Heif([_Item(properties=(huge, _AV1C))]).build())
    monkeypatch.setattr("saferedact.media.hidden_data.heif_meta._MAX_LINKS", 100)
    monkeypatch.setattr("saferedact.media.hidden_data.heif_meta._MAX_ITEMS", 3)
    with pytest.raises(LimitExceededError, match="links"):
        scan(_Heif(ipco_more=_AV1C * 100).build())
    with pytest.raises(LimitExceededError, match="items"):
        scan(_Heif([_Item()] * 4).build())
