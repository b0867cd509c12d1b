"""What text the codes of a font stand for: its ToUnicode map (ISO 32000-1, 9.10.3)."""

import re
from typing import Any

from saferedact.media.pdf_objects import is_stream

__all__ = ["to_unicode"]

_MAX_UNICODE_BYTES = 4 * 1024**2
"""A ToUnicode stream that maps all 65,536 codes has about 1.5 MB."""

_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9a-fA-F\s]*)>|(\[)|(\])")


def to_unicode(stream: Any) -> dict[int, str]:
    """Read a ToUnicode CMap; what cannot be read is left out."""
    if stream is None or not is_stream(stream):
        return {}
    data = bytes(stream.read_bytes())[:_MAX_UNICODE_BYTES]
    found: dict[int, str] = {}
    for block in _BLOCK.finditer(data):
        tokens = [
            match[2] or match[3] or bytes.fromhex(_even(match[1]))
            for match in _TOKEN.finditer(block[2])
        ]
        if block[1] == b"bfchar":
            for code, text in zip(tokens[::2], tokens[1::2], strict=False):
                found[int.from_bytes(code, "big")] = _utf16(text)
        else:
            _ranges(tokens, found)
    return found


def _even(digits: bytes) -> str:
    text = "".join(digits.decode("ascii").split())
    return text + "0" * (len(text) % 2)


def _ranges(tokens: list[bytes], found: dict[int, str]) -> None:
    place = 0
    while place + 2 < len(tokens):
        first = int.from_bytes(tokens[place], "big")
        last = min(int.from_bytes(tokens[place + 1], "big"), first + 65_535)
        if tokens[place + 2] == b"[":
            place += 3
            while place < len(tokens) and tokens[place] != b"]":
                found[first] = _utf16(tokens[place])
                first += 1
                place += 1
            place += 1
            continue
        start = _utf16(tokens[place + 2])
        for step in range(last - first + 1):
            if start:
                code = min(ord(start[-1]) + step, 0x10FFFF)
                found[first + step] = start[:-1] + chr(code)
        place += 3


def _utf16(data: bytes) -> str:
    return data.decode("utf-16-be", "ignore") if len(data) > 1 else data.decode("latin-1")
