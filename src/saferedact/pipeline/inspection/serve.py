"""The process that looks into files: asked for paths on its input, answers on its output.

A message is its length in bytes, 8 bytes big-endian, and the bytes. Run by `Inspector`.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO

from saferedact.errors import SaferedactError
from saferedact.limits import Limits
from saferedact.pipeline.inspection.findings import Inspection

__all__ = ["answer", "receive", "send", "serve"]

_MOST_BYTES = 512 * 1024**2
"""Of one message. The text of the longest files is a tenth of it."""


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write a message."""
    pipe.write(len(message).to_bytes(8, "big") + message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Read a message; None at the end, or for one that breaks off or is too long."""
    head = pipe.read(8)
    length = int.from_bytes(head, "big")
    if len(head) < 8 or length > _MOST_BYTES:
        return None
    message = pipe.read(length)
    return message if len(message) == length else None


def answer(path: Path, limits: Limits, folder: Path | None = None) -> Inspection:
    """Look into a file, and word what goes wrong; never an error. Pictures inside go to the folder."""
    from saferedact.pipeline.inspection.look_into import look_into
    from saferedact.pipeline.inspection.shelf import Shelf

    shelf = None if folder is None else Shelf(folder)
    try:
        found = look_into(path, limits, shelf)
        return found if shelf is None else replace(found, inside=shelf.inside)
    except SaferedactError as error:
        return Inspection.failed(error.message)
    except MemoryError:
        return Inspection.failed("looking into it takes more memory than it may have")
    except RecursionError:
        return Inspection.failed("it is nested too deeply")


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks: a path, and the folder for the pictures in it, or nothing.

    The first two messages are the limits, and the bound of memory.
    """
    limits, memory = receive(requests), receive(requests)
    if limits is None or memory is None:
        return
    bounds = Limits(*(int(number) for number in limits.split()))
    _bound_memory(int(memory))
    while (path := receive(requests)) is not None and (folder := receive(requests)) is not None:
        shelf = Path(os.fsdecode(folder)) if folder else None
        send(answers, answer(Path(os.fsdecode(path)), bounds, shelf).to_json())


def _bound_memory(most_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        bound = most_bytes if most == resource.RLIM_INFINITY else min(most_bytes, most)
        resource.setrlimit(resource.RLIMIT_AS, (bound, most))
    except (OSError, ValueError):  # some systems know the name alone
        return


if __name__ == "__main__":
    # Libraries print warnings of their own: nothing but answers may reach the pipe.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, channel)
