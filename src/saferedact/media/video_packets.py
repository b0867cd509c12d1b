"""Copies of packets that carry nothing beside their payload and times."""

from typing import Any

__all__ = ["copied_packet"]


def copied_packet(packet: Any, payload: bytes | None = None) -> Any:
    """Copy payload and times of a packet, and nothing else it may carry."""
    from av import Packet

    copied = Packet(bytes(packet) if payload is None else payload)
    for name in ("stream", "time_base", "pts", "dts", "duration", "is_keyframe"):
        setattr(copied, name, getattr(packet, name))
    return copied
