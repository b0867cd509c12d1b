"""Access to objects of a PDF that need not be of the kind they should be."""

from typing import Any

__all__ = ["at", "contents_of", "data_of", "items_at", "raw_of"]

_MAX_STREAM_BYTES = 64 * 1024**2
"""Bytes of one stream, decoded: what is beyond is not looked at, and attachments that large are told."""


def contents_of(page: Any) -> list[Any]:
    """Return the streams of a page's content."""
    import pikepdf

    content = page.get("/Contents")
    return list(content) if isinstance(content, pikepdf.Array) else [content]


def at(node: Any, *keys: str) -> Any:
    """Return what lies at a path of keys; None where there is no such path."""
    import pikepdf

    for key in keys:
        if not isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            return None
        node = node.get(key)
    return node


def items_at(node: Any, *keys: str) -> list[Any]:
    """Return the items of an array at a path of keys; none where there is no array."""
    import pikepdf

    found = at(node, *keys)
    return list(found) if isinstance(found, pikepdf.Array) else []


def data_of(stream: Any) -> bytes:
    """Return a stream's bytes, decoded as far as they can be; none if it is no stream, or too large."""
    import pikepdf

    if not isinstance(stream, pikepdf.Stream):
        return b""
    try:
        data = bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return raw_of(stream)
    return data[:_MAX_STREAM_BYTES]


def raw_of(stream: Any) -> bytes:
    """Return a stream's bytes as they are in the file."""
    import pikepdf

    try:
        return bytes(stream.read_raw_bytes())
    except pikepdf.PdfError:
        return b""
