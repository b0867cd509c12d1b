"""How much a stream unpacks to is known before anybody unpacks it, whatever packs it."""

import base64
import random
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from saferedact.errors import LimitExceededError
from saferedact.limits import Limits
from saferedact.media.pdf_streams import _unzipped, check_streams

MOST = 50_000
LIMITS = Limits(max_stream_bytes=MOST)


def zipped(data, *, early=1):
    """Pack by LZW as writers of PDFs do."""
    codes, width, out, held, bits = {}, 9, bytearray(), 0, 0

    def put(code):
        nonlocal held, bits
        held, bits = held << width | code, bits + width
        while bits >= 8:
            bits -= 8
            out.append(held >> bits & 255)

    put(256)
    word = b""
    for byte in data:
        longer = word + bytes([byte])
        if len(longer) == 1 or longer in codes:
            word = longer
            continue
        put(codes.get(word, word[0]))
        codes[longer] = 258 + len(codes)
        word = bytes([byte])
        if len(codes) + 258 + early > 1 << width:
            width += 1
        if width > 12:
            width = 12
            put(256)
            codes, width = {}, 9
    if word:
        put(codes.get(word, word[0]))
    if len(codes) + 259 + early > 1 << width and width < 12:
        width += 1
    put(257)
    if bits:
        out.append(held << (8 - bits) & 255)
    return bytes(out)


def runs(data):
    """Pack by run lengths; `data` is of one byte."""
    return b"".join(bytes([129]) + data[:1] for _ in range(len(data) // 128)) + b"\x80"


@pytest.fixture
def pdf():
    with pikepdf.new() as document:
        document.add_blank_page()
        yield document


def add(pdf, data, *filters, **entries):
    stream = pdf.make_stream(b"")
    stream.write(data, filter=Array([Name(f"/{name}") for name in filters]))
    for key, value in entries.items():
        stream[f"/{key}"] = value
    pdf.pages[0].obj["/X"] = stream
    return stream


@pytest.mark.parametrize("length", [0, 1, 2, 255, 3_000, 40_000])
@pytest.mark.parametrize("early", [0, 1])
@pytest.mark.parametrize("alphabet", [1, 3, 256])
def test_lzw_is_measured_without_unpacking(pdf, length, early, alphabet):
    rng = random.Random(length)
    data = bytes(rng.randrange(alphabet) for _ in range(length))
    coded = zipped(data, early=early)
    parms = Dictionary(EarlyChange=early)
    stream = add(pdf, coded, "LZWDecode", DecodeParms=parms)
    assert bytes(stream.read_bytes()) == data  # by another engine
    assert _unzipped(coded, 10**9, early=bool(early)) == length
    check_streams(pdf, LIMITS)


@pytest.mark.parametrize("packed", [zlib.compress, zipped, runs])
@pytest.mark.parametrize(
    ("coded", "names"),
    [
        (lambda data: data, ()),
        (lambda data: base64.a85encode(data) + b"~>", ("ASCII85Decode",)),
        (lambda data: data.hex().encode() + b">", ("ASCIIHexDecode",)),
        (lambda data: base64.a85encode(data).hex().encode() + b">", ("ASCIIHexDecode", "A85")),
    ],
)
def test_a_stream_that_unpacks_to_too_much(pdf, packed, coded, names):
    name = {zlib.compress: "FlateDecode", zipped: "LZWDecode", runs: "RunLengthDecode"}[packed]
    length = MOST // 128 * 128
    stream = add(pdf, coded(packed(b" " * length)), *names, name)
    if "A85" not in names:  # short names are for inline images; qpdf knows them there alone
        unpacked = stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)
        assert len(bytes(unpacked)) == length
    check_streams(pdf, LIMITS)
    add(pdf, coded(packed(b" " * (length + 256))), *names, name)
    with pytest.raises(LimitExceededError, match="unpacks"):
        check_streams(pdf, LIMITS)


def test_content_that_calls_itself_a_picture_is_measured(pdf):
    entries = {"Subtype": Name("/Image"), "Width": 1, "Height": 1}
    stream = add(pdf, zlib.compress(b" " * (2 * MOST)), "FlateDecode", **entries)
    check_streams(pdf, LIMITS)  # pictures have a limit of their own
    pdf.pages[0].obj["/Contents"] = Array([stream])
    with pytest.raises(LimitExceededError, match="unpacks"):
        check_streams(pdf, LIMITS)


@pytest.mark.parametrize(
    ("data", "filters"),
    [
        (b"zzz\xff~>", ("ASCII85Decode", "FlateDecode")),
        (b"0g>", ("ASCIIHexDecode", "FlateDecode")),
        (b"nonsense", ("FlateDecode",)),
        (b"\xff" * 99, ("LZWDecode",)),
        (b"\x7f", ("RunLengthDecode",)),
        (b"\xff\xd8", ("DCTDecode", "FlateDecode")),
        (b"plain", ()),
    ],
)
def test_what_cannot_be_unpacked_takes_no_room(pdf, data, filters):
    add(pdf, data, *filters)
    check_streams(pdf, LIMITS)
