"""Bounded reads and the ranges that nothing accounts for."""

import io
import re

import pytest

from saferedact.errors import DamagedInputError, InputError
from saferedact.media.hidden_data.byte_view import PIECE_BYTES, ByteView, Spans


def _view(data: bytes, start: int = 0, stop: int | None = None) -> ByteView:
    return ByteView(io.BytesIO(data), start, len(data) if stop is None else stop)


def test_offsets_are_those_of_the_file():
    part = _view(b"0123456789").part(2, 8).part(4, 6)
    assert (part.start, part.stop) == (4, 6)
    assert part.read(4, 2) == b"45"
    assert part.unpack(">H", 4) == (0x3435,)
    assert part.starts_with(b"45")
    assert not part.starts_with(b"456")
    assert part.starts_with(b"5", 5)


@pytest.mark.parametrize(("at", "length"), [(1, 1), (2, 7), (8, 1), (9, 0), (-1, 1), (4, -1)])
def test_nothing_outside_is_read(at, length):
    with pytest.raises(DamagedInputError):
        _view(b"0123456789", 2, 8).read(at, length)


@pytest.mark.parametrize(("start", "stop"), [(1, 4), (3, 9), (5, 4), (9, 9)])
def test_no_part_reaches_outside(start, stop):
    with pytest.raises(DamagedInputError):
        _view(b"0123456789", 2, 8).part(start, stop)


def test_file_that_became_shorter():
    with pytest.raises(DamagedInputError, match="shorter"):
        _view(b"01", 0, 5).read(0, 5)


def test_medium_that_fails():
    class Broken(io.BytesIO):
        def read(self, *_args):
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError):
        ByteView(Broken(b"0123"), 0, 4).read(0, 4)


@pytest.mark.parametrize(
    "at", [0, 1, 1022, 1023, 1024, 3071, 3072, PIECE_BYTES - 1, PIECE_BYTES, 3 * PIECE_BYTES]
)
def test_search_misses_nothing_between_pieces(at):
    data = bytes(at) + b"ab" + bytes(PIECE_BYTES)
    view = _view(data)
    assert view.search(re.compile(b"ab"), 0, longest=2) == at
    assert view.search(re.compile(b"ab"), at, longest=2) == at
    assert view.search(re.compile(b"ab"), at + 1, longest=2) is None
    assert view.search(re.compile(b"ab"), len(data), longest=2) is None


def test_pieces_are_bounded_and_whole():
    data = bytes(range(256)) * (PIECE_BYTES // 256) + b"end"
    pieces = list(_view(data).pieces(1))
    assert [at for at, _ in pieces] == [1, 1 + PIECE_BYTES]
    assert b"".join(piece for _, piece in pieces) == data[1:]


def test_gaps():
    spans = Spans()
    assert spans.gaps(0, 5) == [(0, 5)]
    spans.add(8, 12)
    spans.add(2, 4)
    spans.add(3, 3)
    spans.add(3, 6)
    assert spans.gaps(0, 20) == [(0, 2), (6, 8), (12, 20)]
    assert spans.gaps(2, 12) == [(6, 8)]
    assert spans.gaps(3, 7) == [(6, 7)]
    assert spans.gaps(9, 9) == []
