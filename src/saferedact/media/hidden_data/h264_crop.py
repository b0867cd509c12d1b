"""How much of the coded pictures of H.264 a header cuts away: they are whole in the file all the same.

Encoders code whole blocks and cut a few rows and columns again. Programs that crop without coding anew
write a larger cut into the same header.

References
----------
.. [1] ITU-T H.264, sections 7.3.2.1.1 (sequence parameter set), 7.4.2.1.1 (cropping), 9.1 (ue).
"""

from typing import Final

from saferedact.media.hidden_data.byte_view import ByteView

__all__ = ["MOST_CUT", "h264_cut"]

MOST_CUT: Final = 31
"""Rows or columns that an encoder may have to cut: blocks are 16 samples high, and pairs of them 32 where
frames are coded as fields."""

_MOST_BYTES = 4096  # of a parameter set; real ones have under 100
_CHROMA_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_MOST_ZEROS = 32  # before a number: longer ones do not exist


class _Bits:
    """Bits of a unit without the bytes that keep its start code apart."""

    def __init__(self, data: bytes) -> None:
        plain = data.replace(b"\0\0\3", b"\0\0")
        self._value = int.from_bytes(plain, "big")
        self._left = 8 * len(plain)

    def take(self, count: int) -> int:
        if count > self._left:
            msg = "the parameter set breaks off"
            raise EOFError(msg)
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def number(self) -> int:
        """Read an Exp-Golomb number; of a signed one, what it is coded as."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _MOST_ZEROS:
                msg = "a number in a parameter set is too long"
                raise EOFError(msg)
        return (1 << zeros) - 1 + self.take(zeros)


def h264_cut(unit: ByteView) -> int:
    """Return the most rows or columns that a sequence parameter set cuts from one side.

    Parameters
    ----------
    unit : ByteView
        The parameter set with its header byte.

    Returns
    -------
    int
        Luma samples; 0 also for a set that breaks off, with which no picture can be shown.
    """
    data = unit.read(unit.start, min(unit.stop - unit.start, _MOST_BYTES))
    try:
        return _cut(_Bits(data[1:]))
    except EOFError:
        return 0


def _cut(bits: _Bits) -> int:
    profile = bits.take(8)
    bits.take(16)  # constraints, level
    bits.number()  # its own number
    chroma = _chroma(bits) if profile in _CHROMA_PROFILES else 1
    bits.number()  # length of frame numbers
    order = bits.number()
    if order == 0:
        bits.number()
    elif order == 1:
        bits.take(1)
        bits.number()
        bits.number()
        for _ in range(min(bits.number(), 255)):
            bits.number()
    bits.number()  # reference frames
    bits.take(1)
    bits.number()  # width
    bits.number()  # height
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    if not bits.take(1):
        return 0
    left, right, top, bottom = (bits.number() for _ in range(4))
    across = 2 if chroma in {1, 2} else 1
    down = (2 if chroma == 1 else 1) * (2 - frames_only)
    return max(max(left, right) * across, max(top, bottom) * down)


def _chroma(bits: _Bits) -> int:
    """Read the fields of the high profiles; return how chroma is subsampled."""
    chroma = bits.number()
    if chroma == 3:
        bits.take(1)
    bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for position in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _pass_scaling_list(bits, 16 if position < 6 else 64)
    return chroma


def _pass_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            coded = bits.number()
            change = (coded + 1) // 2 if coded % 2 else -(coded // 2)
            following = (last + change) % 256
        last = following or last
