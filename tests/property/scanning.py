"""Scans of bytes for hidden data, and what holds for every one."""

from pathlib import Path

from saferedact.errors import InputError, LimitExceededError
from saferedact.media.hidden_data import CHANNELS, HiddenItem, scan_hidden_data

__all__ = ["scan", "scan_or_refuse"]


def scan(folder: Path, data: bytes) -> tuple[HiddenItem, ...]:
    """Items of a file of these bytes."""
    path = folder / "file"
    path.write_bytes(data)
    return scan_hidden_data(path)


def scan_or_refuse(folder: Path, data: bytes) -> tuple[HiddenItem, ...] | None:
    """Items, all within the file; None when the file is refused as ours are."""
    try:
        items = scan(folder, data)
    except (InputError, LimitExceededError):
        return None
    for item in items:
        assert 0 <= item.offset < item.offset + item.length <= len(data)
        assert item.channel in CHANNELS
    return items
