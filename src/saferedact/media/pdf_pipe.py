"""Messages between the program and the process that parses PDFs: a length, and a pickle.

Both ends are ours; what a document says never becomes code.
"""

import pickle
import struct
from typing import IO, Any

__all__ = ["receive", "send"]

_HEAD = struct.Struct("<Q")


def send(stream: IO[bytes], value: object) -> None:
    """Write one message."""
    data = pickle.dumps(value, protocol=5)
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; None at the end of the pipe."""
    try:
        head = _read(stream, _HEAD.size)
        return None if head is None else pickle.loads(_read(stream, _HEAD.unpack(head)[0]) or b"")  # noqa: S301  both ends are ours
    except (OSError, ValueError, EOFError, pickle.UnpicklingError):
        return None


def _read(stream: IO[bytes], count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = stream.read(min(count - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
