"""Deflate streams that hold more than the picture needs."""

import zlib
from collections.abc import Iterator, Sequence

from saferedact.errors import DamagedInputError
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.items import ItemList

__all__ = ["report_deflate_excess"]

_OUTPUT_BYTES = 1024 * 1024  # most inflated bytes held at a time


def report_deflate_excess(parts: Sequence[ByteView], needed: int, items: ItemList) -> None:
    """Report what follows the needed bytes of a deflate stream, inside it or after its end.

    Parameters
    ----------
    parts : sequence of ByteView
        The parts of the file that form the stream, in order.
    needed : int
        Inflated bytes that the pixels take.
    items : ItemList
        Receives the item.

    Raises
    ------
    DamagedInputError
        If the stream cannot be inflated, or ends too early.
    """
    inflater = zlib.decompressobj()
    for at, piece in _pieces(parts):
        needed, excess = _inflate(inflater, piece, needed)
        if excess:
            items.add("trailing-data", at + len(piece) - excess, parts[-1].stop)
            break
    if needed:
        msg = "the compressed pixels end too early"
        raise DamagedInputError(msg)


def _pieces(parts: Sequence[ByteView]) -> Iterator[tuple[int, bytes]]:
    for part in parts:
        yield from part.pieces()


def _inflate(inflater: "zlib._Decompress", piece: bytes, needed: int) -> tuple[int, int]:
    """Inflate one piece; return the bytes still needed, and how many bytes of it are excess."""
    try:
        while piece and needed and not inflater.eof:
            needed -= len(inflater.decompress(piece, min(needed, _OUTPUT_BYTES)))
            piece = inflater.unconsumed_tail
        if inflater.eof:
            return needed, len(inflater.unused_data or piece)
        # All pixels are there: the rest may only end the stream. Ask for one byte more.
        if inflater.decompress(piece, 1):
            return needed, len(piece)
    except zlib.error as error:
        msg = "the compressed pixels cannot be inflated"
        raise DamagedInputError(msg) from error
    return needed, len(inflater.unused_data)
