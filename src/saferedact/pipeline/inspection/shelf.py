"""Pictures inside a file, put aside in a folder for detectors to look at them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from saferedact.pipeline.inspection.findings import Inside, Medium, within

__all__ = ["Shelf"]

_MOST_PICTURES = 200
_MOST_BYTES = 512 * 1024**2
"""Pictures of one file that are looked at, and their bytes: an album of a case. Of more, this is told."""

_OVER = f"only {_MOST_PICTURES} pictures inside were looked at for faces, codes and text"


@dataclass(slots=True)
class _Stock:
    """What lies on a shelf already."""

    inside: list[Inside] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)
    bytes: int = 0
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder that pictures are put into; every one once, at the first place that it has.

    Parameters
    ----------
    folder : Path
        An empty folder. Who made it removes it.
    place : str
        Where in the file the pictures are that come next.
    """

    folder: Path
    place: str = ""
    _stock: _Stock = field(default_factory=_Stock)

    @property
    def inside(self) -> tuple[Inside, ...]:
        """What was put here so far."""
        return tuple(self._stock.inside)

    def within(self, place: str) -> "Shelf":
        """Return the same shelf for what is inside of something at a place."""
        return Shelf(self.folder, within(self.place, place), self._stock)

    def put(self, data: bytes, kind: Medium) -> str | None:
        """Put a picture here.

        Returns
        -------
        str or None
            What is to be told, once, of those that have no room.
        """
        stock = self._stock
        digest = hashlib.sha256(data).digest()
        if digest in stock.known:
            return None
        is_full = len(stock.inside) >= _MOST_PICTURES or stock.bytes + len(data) > _MOST_BYTES
        if is_full:
            told, stock.is_over = stock.is_over, True
            return None if told else _OVER
        inside = Inside(f"{len(stock.inside)}", self.place, kind)
        (self.folder / inside.name).write_bytes(data)
        stock.inside.append(inside)
        stock.known.add(digest)
        stock.bytes += len(data)
        return None
