"""Supplemental enhancement information of H.264 and HEVC: which messages a display needs."""

from saferedact.media.hidden_data.byte_view import ByteView

__all__ = ["is_display_message"]

# H.264 annex D and H.265 annex D: what decoders and displays of pictures need, and the most bytes
# it takes. Order of fields (without its clock, which takes more), recovery point, mastering
# display, light levels, alternative transfer.
_SEI_BYTES = {1: 2, 6: 8, 137: 24, 144: 4, 147: 1}
_MOST_SEI_BYTES = 256
_SEI_END = b"\x80"  # rbsp_trailing_bits


def is_display_message(unit: ByteView, header_bytes: int) -> bool:
    """Whether a unit holds messages that a display needs, and no others.

    Parameters
    ----------
    unit : ByteView
        The unit, from its header on.
    header_bytes : int
        Bytes of the header: 1 in H.264, 2 in HEVC.
    """
    if not header_bytes < unit.stop - unit.start <= _MOST_SEI_BYTES:
        return False
    data = unit.read(unit.start, unit.stop - unit.start)[header_bytes:]
    data = data.replace(b"\0\0\3", b"\0\0")  # emulation prevention
    at = 0
    while at < len(data) and data[at:] != _SEI_END:
        kind, at = _sei_number(data, at)
        size, at = _sei_number(data, at)
        if size > _SEI_BYTES.get(kind, -1):
            return False
        at += size
    return data[at:] == _SEI_END


def _sei_number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    while at < len(data):
        value += data[at]
        at += 1
        if data[at - 1] != 255:
            break
    return value, at
