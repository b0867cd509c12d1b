"""Messages in coded video that we write: the settings that x264 puts before the first picture."""

import re

__all__ = ["without_settings"]

_START_CODE = re.compile(b"\0?\0\0\1")
_SEI = 6  # ITU-T H.264, table 7-1
_USER_DATA_UNREGISTERED = 5  # H.264, D.1.1


def without_settings(packet: bytes) -> bytes:
    """Remove units of unregistered user data from an H.264 packet.

    Parameters
    ----------
    packet : bytes
        Units with start codes (ITU-T H.264, annex B), as x264 hands them out.

    Returns
    -------
    bytes
        The other units, unchanged.
    """
    starts = [match.start() for match in _START_CODE.finditer(packet)]
    kept = [packet[: starts[0]]] if starts else [packet]
    for start, stop in zip(starts, [*starts[1:], len(packet)], strict=True):
        unit = packet[start:stop]
        header_at = unit.index(b"\1") + 1
        is_message = len(unit) > header_at + 1 and unit[header_at] & 31 == _SEI
        if not (is_message and unit[header_at + 1] == _USER_DATA_UNREGISTERED):
            kept.append(unit)
    return b"".join(kept)
