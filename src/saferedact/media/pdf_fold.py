"""Letters and digits alone, out of texts and out of bytes in every coding that a PDF knows.

`squash` is the measure. What is unpacked from a page has many megabytes, which are folded by tables:
`packed_readings` tells what `readings` would, save that ligatures and letters of two are not taken
apart in UTF-16.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["as_folded", "packed_readings", "readings", "squash"]

_HEX = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")
_OCTAL = re.compile(rb"\\([0-7]{3})")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")

_LOWER = bytes(ord(chr(code).lower()) if code < 128 else code for code in range(256))
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def squash(text: str) -> str:
    """Write letters and digits alone, without case and accents."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_LETTERS).decode()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def as_folded(squashed: str) -> bytes | None:
    """Needle for `packed_readings`; None if it has letters beyond Latin-1.

    Letters that Latin-1 lacks are many in few texts: what has them is looked for in unpacked text.
    """
    try:
        return squashed.replace("\u03bc", "\xb5").encode("latin-1")
    except UnicodeEncodeError:
        return None


def readings(data: bytes) -> Iterator[str]:
    """Read bytes of text in every coding, squashed."""
    yield squash(data.decode("latin-1"))
    if b"\0" in data:
        for coding in ("utf-16-be", "utf-16-le"):
            for shift in (0, 1):
                yield squash(data[shift:].decode(coding, "ignore"))
    elif not data.isascii():
        yield squash(data.decode("utf-8", "ignore"))
    hexed = _unhexed(data)
    if hexed:
        yield squash(hexed.decode("latin-1"))
        yield squash(hexed.decode("utf-16-be", "ignore"))
    if b"\\" in data:
        plain = _OCTAL.sub(lambda match: bytes([int(match[1], 8) & 255]), data)
        yield squash(plain.decode("latin-1"))


def packed_readings(data: bytes) -> Iterator[bytes]:
    """Read bytes of anything in every coding, squashed, in Latin-1."""
    yield _latin(data)
    if b"\0" in data:
        for coding in (">u2", "<u2"):
            for shift in (0, 1):
                yield _wide(data[shift:], coding)
    if not data.isascii():
        yield _latin(_UTF8.sub(_from_utf8, data))
    hexed = _unhexed(data)
    if hexed:
        yield _latin(hexed)
        yield _wide(hexed, ">u2")
    if b"\\" in data:
        yield _latin(_OCTAL.sub(lambda match: bytes([int(match[1], 8) & 255]), data))


def _unhexed(data: bytes) -> bytes:
    return b"".join(
        bytes.fromhex(digits.decode() + "0" * (len(digits) % 2))
        for match in _HEX.finditer(data)
        if (digits := b"".join(match[1].split()))
    )


@functools.cache
def _latin_tables() -> tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]:
    """How each byte of Latin-1 folds: to one, to none, or to several."""
    one, none, several = bytearray(range(256)), bytearray(), []
    for code in range(256):
        folded = as_folded(squash(chr(code))) or b""
        if len(folded) == 1:
            one[code] = folded[0]
        elif folded:
            several.append((bytes([code]), folded))
        else:
            none.append(code)
    return bytes(one), bytes(none), tuple(several)


def _latin(data: bytes) -> bytes:
    one, none, several = _latin_tables()
    if not data.isascii():
        for code, folded in several:
            data = data.replace(code, folded)
    return data.translate(one, none)


@functools.cache
def _wide_table() -> npt.NDArray[np.uint8]:
    """How each code unit of UTF-16 folds: to a byte of Latin-1; 0 to nothing, 1 to another letter."""
    table = np.ones(65536, dtype=np.uint8)
    for code in range(65536):
        if not 0xD800 <= code < 0xE000:
            folded = squash(chr(code))
            byte = as_folded(folded)
            table[code] = 0 if not folded else byte[0] if byte and len(byte) == 1 else 1
    return table


def _wide(data: bytes, coding: str) -> bytes:
    units = np.frombuffer(data, dtype=coding, count=len(data) // 2)
    folded: npt.NDArray[np.uint8] = _wide_table()[units]
    kept: bytes = folded[folded != 0].tobytes()
    return kept


@functools.lru_cache(maxsize=65536)
def _fold_utf8(coded: bytes) -> bytes:
    text = coded.decode("utf-8", "ignore")
    folded = as_folded(squash(text))
    return b"\x01" if folded is None else folded


def _from_utf8(match: "re.Match[bytes]") -> bytes:
    return _fold_utf8(match[0])
