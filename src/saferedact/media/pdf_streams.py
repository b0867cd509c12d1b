"""What streams of a PDF unpack to, measured a piece at a time before anybody unpacks them whole."""

import base64
import binascii
import zlib
from typing import Any

from saferedact.errors import LimitExceededError
from saferedact.limits import Limits
from saferedact.media.pdf_objects import is_array, is_dictionary, is_stream

__all__ = ["check_streams"]

_PIECE = 1024**2  # bytes unpacked at a time

_TEXT_CODINGS = frozenset({"/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"})
"""Codings that make a stream longer, and may stand before one that packs it."""

_FLATE = frozenset({"/FlateDecode", "/Fl"})
_LZW = frozenset({"/LZWDecode", "/LZW"})
_RUNS = frozenset({"/RunLengthDecode", "/RL"})

_CLEAR, _END, _FIRST = 256, 257, 258  # codes of LZW (ISO 32000-1, 7.4.4.2)
_MOST_CODES = 4096


def check_streams(pdf: Any, limits: Limits) -> None:
    """Refuse streams that unpack to more than the limits, and pictures that are too large.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        The document.
    limits : Limits
        `max_stream_bytes`, `max_side` and `max_pixels` are checked.

    Raises
    ------
    LimitExceededError
        If there is such a stream, or one that is packed several times.
    """
    contents = _contents(pdf)
    for item in pdf.objects:
        if not is_stream(item):
            continue
        if str(item.get("/Subtype", "")) == "/Image" and item.objgen not in contents:
            width, height = int(item.get("/Width", 0)), int(item.get("/Height", 0))
            limits.check_size_wh(max(width, 0), max(height, 0))
            continue
        stored = item.get("/Filter", "")
        names = [str(name) for name in stored] if is_array(stored) else [str(stored)]
        packings = [name for name in names if name in _FLATE | _LZW | _RUNS]
        if len(packings) > 1:
            msg = "a stream is packed several times"
            raise LimitExceededError(msg)
        if packings:
            _check(item, names, packings[0], limits.max_stream_bytes)


def _contents(pdf: Any) -> set[tuple[int, int]]:
    """Streams that draw pages: to call one a picture changes nothing about how it is read."""
    found = set()
    for page in pdf.pages:
        content = page.obj.get("/Contents")
        for stream in content if is_array(content) else [content]:
            if is_stream(stream):
                found.add(stream.objgen)
    return found


def _check(stream: Any, names: list[str], packing: str, most: int) -> None:
    data = bytes(stream.read_raw_bytes())
    for name in names[: names.index(packing)]:
        if name not in _TEXT_CODINGS:
            return  # what is unpacked from a picture's coding is no text of a page
        data = _without_text_coding(data, name)
    if packing in _FLATE:
        size = _inflated(data, most)
    elif packing in _RUNS:
        size = _run_lengths(data, most)
    else:
        size = _unzipped(data, most, early=_changes_early(stream))
    if size > most:
        msg = f"a stream unpacks to more than the limit of {most} bytes"
        raise LimitExceededError(msg)


def _without_text_coding(data: bytes, name: str) -> bytes:
    try:
        if name in ("/ASCII85Decode", "/A85"):
            return base64.a85decode(data.partition(b"~")[0].translate(None, b"\0\f"))
        digits = data.partition(b">")[0].translate(None, b" \t\r\n\0\f")
        return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
    except (ValueError, binascii.Error):
        return b""  # what cannot be unpacked takes no room


def _inflated(data: bytes, most: int) -> int:
    unpack = zlib.decompressobj()
    size, rest = 0, data
    while rest and not unpack.eof and size <= most:
        try:
            size += len(unpack.decompress(rest, _PIECE))
        except zlib.error:
            break
        rest = unpack.unconsumed_tail
    return size


def _run_lengths(data: bytes, most: int) -> int:
    size = at = 0
    while at < len(data) and data[at] != 128 and size <= most:
        count = data[at] + 1 if data[at] < 128 else 257 - data[at]
        at += 1 + (count if data[at] < 128 else 1)
        size += count
    return size


def _changes_early(stream: Any) -> bool:
    given = stream.get("/DecodeParms")
    entries = list(given) if is_array(given) else [given]
    return not any(is_dictionary(e) and int(e.get("/EarlyChange", 1)) == 0 for e in entries)


def _unzipped(data: bytes, most: int, *, early: bool) -> int:
    """Follow the codes of LZW and add up how long their strings are, which are not made."""
    lengths = [1] * _FIRST
    size = bits = held = before = 0
    width = 9
    for byte in data:
        held, bits = (held << 8 | byte) & 0xFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == _END or size > most:
            break
        if code == _CLEAR:
            del lengths[_FIRST:]
            width, before = 9, 0
            continue
        length = lengths[code] if code < len(lengths) else before + 1
        if before and len(lengths) < _MOST_CODES:
            lengths.append(before + 1)
        size += length
        before = length
        width = min(max((len(lengths) + early).bit_length(), 9), 12)
    return size
