"""What a provenance manifest (C2PA) holds: thumbnails of ingredients, assertions.

An editor that signs its work keeps a thumbnail of what it began with: the picture before the redaction.
Only the frame of boxes is read (JUMBF, ISO/IEC 19566-5), no signature and no CBOR.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Content", "manifest_contents"]

_JPEG_SEGMENT = b"\xff\xeb"
_JPEG_HEAD, _FIRST, _LATER = 4, 8, 16
"""In JPEG a manifest is cut into segments (C2PA 2.1, section A.3.1): marker and length, then "JP", instance
and number of the packet; from the second on the head of the box is repeated."""

_MOST_DEPTH = 10
_MOST_BOXES = 20_000
"""Nesting and number of boxes: manifests nest four deep, one for each edit has some thirty boxes."""

_DESCRIPTION = b"jumd"
_LABEL_AT = 17  # after the type's UUID and the toggles


@dataclass(frozen=True, slots=True)
class Content:
    """One content box of a manifest.

    Parameters
    ----------
    label : str
        Label of the assertion that it belongs to, as ``c2pa.thumbnail.ingredient.jpeg``. From the
        file, in memory only.
    kind : bytes
        Type of the box, as ``b"bidb"`` for bytes of a file, ``b"json"`` or ``b"cbor"``.
    data : bytes
        Its payload.
    """

    label: str
    kind: bytes
    data: bytes


def manifest_contents(pieces: Iterable[bytes]) -> list[Content]:
    """Read the content boxes of the manifests in a picture.

    Parameters
    ----------
    pieces : iterable of bytes
        What the container holds of them, in its order: segments, chunks or boxes, with their heads.

    Returns
    -------
    list of Content
        Of a damaged manifest what comes before the damage.
    """
    found: list[Content] = []
    for data in _joined(pieces):
        at = data.find(b"jumb") - 4
        if at >= 0 and data[at + 12 : at + 16] == _DESCRIPTION:
            for content in _below(data[at:], "", 0):
                found.append(content)
                if len(found) >= _MOST_BOXES:
                    return found
    return found


def _joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield whole manifests: segments of a JPEG put together, other pieces as they are."""
    packets: dict[bytes, list[tuple[int, bytes]]] = {}
    for piece in pieces:
        body = piece[_JPEG_HEAD:]
        if not (piece.startswith(_JPEG_SEGMENT) and body.startswith(b"JP")):
            yield piece
            continue
        number = int.from_bytes(body[4:8], "big")
        start = _FIRST if number <= 1 else _LATER
        packets.setdefault(body[2:4], []).append((number, body[start:]))
    for parts in packets.values():
        yield b"".join(data for _, data in sorted(parts, key=lambda part: part[0]))


def _below(data: bytes, label: str, depth: int) -> Iterator[Content]:
    at = 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            return
        payload = data[at + head : at + size]
        if kind == _DESCRIPTION:
            text = payload[_LABEL_AT:].partition(b"\0")[0]
            label = text.decode("utf-8", "replace")
        elif kind == b"jumb":
            if depth < _MOST_DEPTH:
                yield from _below(payload, label, depth + 1)
        else:
            yield Content(label, kind, payload)
        at += size
